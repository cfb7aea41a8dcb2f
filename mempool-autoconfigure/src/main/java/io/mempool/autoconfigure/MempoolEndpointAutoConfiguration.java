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

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolEndpointWebExtension;
import io.mempool.actuate.endpoint.PoolAudit;
import io.mempool.actuate.endpoint.PoolOperationAdvisor;
import io.mempool.leaks.LeakReports;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link MempoolEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(MempoolEndpoint.class)
@ConditionalOnBean(BufferPoolFactory.class)
@Import({ ApplicationPools.class, MempoolPageConfigurations.Servlet.class, MempoolPageConfigurations.Reactive.class })
@EnableConfigurationProperties(MempoolEndpointProperties.class)
public final class MempoolEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolAudit mempoolAudit(ApplicationEventPublisher publisher) {
		return new PoolAudit(publisher);
	}

	@Bean
	@ConditionalOnMissingBean
	MempoolEndpoint mempoolEndpoint(ApplicationPools pools, LeakReports leaks, MempoolEndpointProperties properties,
			PoolAudit audit, ObjectProvider<RequestQuota> quota) {
		return new MempoolEndpoint(pools::buffers, pools::objects, pools.budgets(), leaks, properties.showDetails(),
				audit, () -> {
					RequestQuota present = quota.getIfAvailable();
					return (present != null) ? present.get() : null;
				});
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	MempoolEndpointWebExtension mempoolEndpointWebExtension(MempoolEndpoint endpoint,
			MempoolEndpointProperties properties) {
		return new MempoolEndpointWebExtension(endpoint, properties.showDetails(), properties.roles());
	}

	@Bean
	@ConditionalOnMissingBean
	PagePath mempoolPagePath(ObjectProvider<PathMappedEndpoints> endpoints) {
		return () -> {
			PathMappedEndpoints mapped = endpoints.getIfAvailable();
			return (mapped != null) ? mapped.getPath(EndpointId.of("mempool")) : null;
		};
	}

	@Bean
	@ConditionalOnMissingBean
	PoolOperationAdvisor mempoolOperationAdvisor(PoolAudit audit) {
		return new PoolOperationAdvisor(audit);
	}

}
