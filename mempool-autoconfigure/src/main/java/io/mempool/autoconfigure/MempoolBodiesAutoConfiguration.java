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

import java.util.List;

import io.mempool.buffer.PooledBuffer;
import io.mempool.web.servlet.PooledBufferMessageConverter;
import io.mempool.web.servlet.PooledRequestBodyAdvice;
import io.mempool.web.servlet.PooledResponseBodyAdvice;
import io.mempool.web.servlet.RequestScopes;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link PooledBuffer} as the body
 * of requests and responses of Spring MVC. Its converter is no bean: a bean would serve
 * clients too, whose buffers no request owns.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolWebAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ WebMvcConfigurer.class, ServerHttpMessageConvertersCustomizer.class })
public final class MempoolBodiesAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean({ BufferPoolFactory.class, RequestScopes.class })
	static class PooledBodies {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolServerConverters")
		ServerHttpMessageConvertersCustomizer mempoolServerConverters(RequestScopes scopes) {
			return (builder) -> builder.addCustomConverter(new PooledBufferMessageConverter(scopes));
		}

		@Bean
		@ConditionalOnMissingBean
		PooledRequestBodyAdvice mempoolRequestBodyAdvice(RequestScopes scopes) {
			return new PooledRequestBodyAdvice(scopes);
		}

		@Bean
		@ConditionalOnMissingBean
		PooledResponseBodyAdvice mempoolResponseBodyAdvice(RequestScopes scopes, MempoolProperties properties) {
			return new PooledResponseBodyAdvice(scopes, properties.getRequest().isEtag());
		}

		@Bean
		@ConditionalOnMissingBean(name = "mempoolBodyConfigurer")
		WebMvcConfigurer mempoolBodyConfigurer(PooledRequestBodyAdvice advice) {
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addInterceptor(advice);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnRequestDisabledCondition.class)
	@ConditionalOnMissingBean(RequestScopes.class)
	static class DisabledBodies {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolServerConverters")
		ServerHttpMessageConvertersCustomizer mempoolServerConverters(Environment environment) {
			SwitchedOff off = SwitchedOff.requests(environment);
			return (builder) -> builder.addCustomConverter(new DisabledRequestMemory.Converter(off));
		}

		@Bean
		@ConditionalOnMissingBean(name = "mempoolRequestBodyAdvice")
		DisabledRequestMemory mempoolRequestBodyAdvice(Environment environment) {
			return new DisabledRequestMemory(SwitchedOff.requests(environment));
		}

		@Bean
		@ConditionalOnMissingBean(name = "mempoolWebMvcConfigurer")
		WebMvcConfigurer mempoolWebMvcConfigurer(DisabledRequestMemory disabled) {
			return new WebMvcConfigurer() {

				@Override
				public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
					resolvers.add(disabled);
				}

			};
		}

	}

}
