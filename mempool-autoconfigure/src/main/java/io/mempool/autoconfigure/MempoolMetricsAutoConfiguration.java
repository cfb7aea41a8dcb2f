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

import io.mempool.metrics.QuotaMetrics;
import io.mempool.metrics.ScopeMetrics;
import io.mempool.scope.ScopeQuota;
import io.mempool.web.servlet.RequestScopes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.ServletRequest;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.server.WebFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters of all pools, budgets
 * and requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class,
				MempoolWebFluxAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, BufferPoolFactory.class })
@Import(ApplicationPools.class)
public final class MempoolMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "mempoolMetrics")
	MeterBinder mempoolMetrics(ApplicationPools pools) {
		return new PoolMeters(pools);
	}

	@Bean
	@ConditionalOnBean(RequestQuota.class)
	@ConditionalOnMissingBean(name = "mempoolQuotaMetrics")
	MeterBinder mempoolQuotaMetrics(RequestQuota quota) {
		return (registry) -> {
			ScopeQuota present = quota.get();
			if (present != null) {
				new QuotaMetrics(present).bindTo(registry);
			}
		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ServletRequest.class)
	@ConditionalOnBean(RequestScopes.class)
	static class RequestScopeConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolScopeMetrics")
		MeterBinder mempoolScopeMetrics(RequestScopes scopes) {
			return new ScopeMetrics(scopes::statistics);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebFilter.class, Mono.class })
	@ConditionalOnBean(io.mempool.web.reactive.RequestScopes.class)
	static class ReactiveScopeConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "mempoolScopeMetrics")
		MeterBinder mempoolScopeMetrics(io.mempool.web.reactive.RequestScopes scopes) {
			return new ScopeMetrics(scopes::statistics);
		}

	}

}
