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

import java.util.stream.Stream;

import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferEncoder;
import io.mempool.spring.PooledBufferHttpMessageReader;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ClientCodecConfigurer;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link PooledBuffer} as the body
 * that a {@code WebClient} reads and writes, in an application of any kind. The codecs of
 * a server are left alone: its buffers belong to requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class,
		beforeName = "org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration")
@ConditionalOnClass({ ClientCodecConfigurer.class, CodecCustomizer.class, Mono.class })
public final class MempoolCodecsAutoConfiguration {

	private static CodecCustomizer customizer(Object... codecs) {
		return (configurer) -> {
			if (configurer instanceof ClientCodecConfigurer) {
				Stream.of(codecs).forEach(configurer.customCodecs()::register);
			}
		};
	}

	/**
	 * Bodies in pooled memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(BufferPoolFactory.class)
	@Conditional(OnClientsEnabledCondition.class)
	static class PooledCodecs {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolClientCodecs")
		CodecCustomizer mempoolClientCodecs(MempoolProperties properties, BeanFactory beanFactory,
				BufferPoolFactory pools) {
			ClientDefinition client = new ClientDefinition(properties.getClients(), beanFactory, pools);
			return customizer(new PooledBufferHttpMessageReader(client.pool(), client.maxBodySize()),
					PooledBufferEncoder.borrowing());
		}

	}

	/**
	 * Errors that say why there is no pooled memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnClientsDisabledCondition.class)
	static class DisabledCodecs {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolClientCodecs")
		CodecCustomizer mempoolClientCodecs(Environment environment) {
			SwitchedOff off = SwitchedOff.clients(environment);
			return customizer(new DisabledBodyReader(off), new DisabledBodyWriter(off, false));
		}

	}

}
