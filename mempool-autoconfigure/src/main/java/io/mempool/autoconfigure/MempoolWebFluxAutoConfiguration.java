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

import io.mempool.web.MemoryExceptionHandler;
import io.mempool.web.reactive.MemoryWebExceptionHandler;
import io.mempool.web.reactive.RequestBuffers;
import io.mempool.web.reactive.RequestMemoryConfigurer;
import io.mempool.web.reactive.RequestQuotaKey;
import io.mempool.web.reactive.RequestScopeWebFilter;
import io.mempool.web.reactive.RequestScopes;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link RequestBuffers} on
 * WebFlux, and of pooled buffers as bodies of its requests and responses.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ WebFluxConfigurer.class, Mono.class })
public final class MempoolWebFluxAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(BufferPoolFactory.class)
	@Conditional(OnRequestEnabledCondition.class)
	static class RequestMemory {

		@Bean
		@ConditionalOnMissingBean
		RequestQuotaKey mempoolRequestQuotaKey() {
			return RequestQuotaKey.remoteAddress();
		}

		@Bean
		@ConditionalOnMissingBean
		RequestScopes mempoolRequestScopes(MempoolProperties properties, BeanFactory beanFactory,
				BufferPoolFactory pools, RequestQuotaKey quotaKey) {
			return new RequestScopes(RequestDefinition.settings(properties.getRequest(), beanFactory, pools), quotaKey);
		}

		@Bean
		@ConditionalOnMissingBean
		RequestQuota mempoolRequestQuota(ObjectProvider<RequestScopes> scopes) {
			return () -> scopes.getObject().settings().quota();
		}

		@Bean
		@ConditionalOnMissingBean
		RequestScopeWebFilter mempoolRequestScopeWebFilter(RequestScopes scopes, MempoolProperties properties) {
			return new RequestScopeWebFilter(scopes, properties.getRequest().getFilterOrder());
		}

		@Bean
		@ConditionalOnMissingBean
		RequestMemoryConfigurer mempoolWebFluxConfigurer(RequestScopes scopes) {
			return new RequestMemoryConfigurer(scopes);
		}

		@Bean
		@ConditionalOnMissingBean
		MemoryExceptionHandler mempoolExceptionHandler(RequestScopes scopes) {
			return new MemoryExceptionHandler(scopes.settings());
		}

		@Bean
		@ConditionalOnMissingBean
		MemoryWebExceptionHandler mempoolWebExceptionHandler(MemoryExceptionHandler handler,
				ObjectProvider<ServerCodecConfigurer> codecs) {
			return new MemoryWebExceptionHandler(handler, codecs.getIfAvailable(ServerCodecConfigurer::create));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnRequestDisabledCondition.class)
	@ConditionalOnMissingBean(RequestScopes.class)
	static class DisabledRequests {

		@Bean
		@ConditionalOnMissingBean(RequestMemoryConfigurer.class)
		DisabledReactiveMemory mempoolWebFluxConfigurer(Environment environment) {
			return new DisabledReactiveMemory(SwitchedOff.requests(environment));
		}

	}

}
