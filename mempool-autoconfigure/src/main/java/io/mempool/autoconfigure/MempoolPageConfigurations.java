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

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolEndpointWebExtension;
import io.mempool.actuate.page.MempoolPageWebExtension;
import io.mempool.actuate.page.PageAcceptWebFilter;
import io.mempool.actuate.page.PageFile;
import io.mempool.actuate.page.PageResponseEntity;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * The page of the endpoint, for each web framework that reads from the request whether it
 * or JSON is wanted. Jersey is none of these.
 */
abstract class MempoolPageConfigurations {

	private static MempoolPageWebExtension page(MempoolEndpoint endpoint, MempoolEndpointProperties properties,
			ObjectProvider<PathMappedEndpoints> endpoints, Function<PageFile, ?> response,
			Supplier<List<String>> accept) {
		// These know all endpoints, and so want this one first
		return new MempoolPageWebExtension(endpoint, properties.showDetails(), properties.roles(),
				() -> endpoints.getObject().getPath(EndpointId.of("mempool")), response, accept);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(DispatcherServlet.class)
	static class Servlet {

		@Bean
		@ConditionalOnMissingBean(MempoolEndpointWebExtension.class)
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		MempoolPageWebExtension mempoolPage(MempoolEndpoint endpoint, MempoolEndpointProperties properties,
				ObjectProvider<PathMappedEndpoints> endpoints) {
			return page(endpoint, properties, endpoints, PageResponseEntity::of, Servlet::accept);
		}

		private static List<String> accept() {
			return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current)
					? Collections.list(current.getRequest().getHeaders(HttpHeaders.ACCEPT)) : List.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnClass(Mono.class)
	static class Reactive {

		@Bean
		@ConditionalOnMissingBean(MempoolEndpointWebExtension.class)
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		MempoolPageWebExtension mempoolPage(MempoolEndpoint endpoint, MempoolEndpointProperties properties,
				ObjectProvider<PathMappedEndpoints> endpoints) {
			return page(endpoint, properties, endpoints, PageFile::toResponse, List::of);
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(MempoolPageWebExtension.class)
		PageAcceptWebFilter mempoolPageAcceptFilter(ObjectProvider<PathMappedEndpoints> endpoints) {
			return new PageAcceptWebFilter(() -> endpoints.getObject().getPath(EndpointId.of("mempool")));
		}

	}

}
