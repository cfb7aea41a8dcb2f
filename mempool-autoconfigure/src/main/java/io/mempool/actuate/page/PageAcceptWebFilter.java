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

package io.mempool.actuate.page;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Leaves a request for the endpoint that refuses types with the one type that it gets. An
 * operation of WebFlux cannot read the request, and the mapping of WebFlux takes a
 * quality of 0 for a low one.
 *
 * @since 0.1.0
 */
public final class PageAcceptWebFilter implements WebFilter {

	private final Supplier<@Nullable String> path;

	/**
	 * Create the filter.
	 * @param path supplies the path of the endpoint, {@code null} if it has none
	 */
	public PageAcceptWebFilter(Supplier<@Nullable String> path) {
		this.path = path;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		AcceptedType accepted = isForEndpoint(request)
				? AcceptedType.of(request.getHeaders().getOrEmpty(HttpHeaders.ACCEPT)) : null;
		if (accepted == null) {
			return chain.filter(exchange);
		}
		MediaType type = accepted.type();
		if (type == null) {
			exchange.getResponse().setStatusCode(HttpStatus.NOT_ACCEPTABLE);
			return exchange.getResponse().setComplete();
		}
		ServerHttpRequest narrowed = request.mutate().headers((headers) -> headers.setAccept(List.of(type))).build();
		return chain.filter(exchange.mutate().request(narrowed).build());
	}

	private boolean isForEndpoint(ServerHttpRequest request) {
		return (HttpMethod.GET.equals(request.getMethod()) || HttpMethod.HEAD.equals(request.getMethod()))
				&& request.getPath().pathWithinApplication().value().equals(this.path.get());
	}

}
