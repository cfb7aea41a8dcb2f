/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.mempool.autoconfigure;

import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferClientConverter;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link PooledBuffer} as the body
 * that blocking HTTP clients read and write. Its converter is no bean: a bean would serve
 * the server too, whose buffers belong to requests.
 * <p>
 * Needs the customizer of Spring Boot: a client with customizers has no other converters
 * than those they add. So ours alone would take the converters of text and JSON away.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class,
		afterName = "org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration")
@ConditionalOnClass({ AbstractHttpMessageConverter.class, ClientHttpMessageConvertersCustomizer.class })
@ConditionalOnBean(name = "clientConvertersCustomizer")
public final class MempoolClientsAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(BufferPoolFactory.class)
	@Conditional(OnClientsEnabledCondition.class)
	static class PooledClients {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolClientConverters")
		ClientHttpMessageConvertersCustomizer mempoolClientConverters(MempoolProperties properties,
				BeanFactory beanFactory, BufferPoolFactory pools) {
			ClientDefinition client = new ClientDefinition(properties.getClients(), beanFactory, pools);
			return (builder) -> builder
				.addCustomConverter(new PooledBufferClientConverter(client.pool(), client.maxBodySize()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnClientsDisabledCondition.class)
	static class DisabledClients {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolClientConverters")
		ClientHttpMessageConvertersCustomizer mempoolClientConverters(Environment environment) {
			SwitchedOff off = SwitchedOff.clients(environment);
			return (builder) -> builder.addCustomConverter(new DisabledClientConverter(off));
		}

	}

}
