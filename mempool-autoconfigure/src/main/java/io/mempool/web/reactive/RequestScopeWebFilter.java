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

package io.mempool.web.reactive;

import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Ends the memory of every request to WebFlux. It is a part of the context of the
 * request's pipeline too: as {@link RequestBuffers}, and as a
 * {@link io.mempool.scope.BufferScope} that is opened when it is taken from there.
 * <p>
 * <strong>The end.</strong> A request that completes gives its memory back, also if the
 * client has gone while the response was sent: the server has a reference of its own to
 * what it still sends. If a request fails or is cancelled, threads may still work for it.
 * Then its memory is not used again.
 * <p>
 * <strong>Error pages.</strong> Handlers of exceptions are outside of all filters. They
 * have no memory of the request, which has ended before.
 *
 * @since 0.1.0
 */
public final class RequestScopeWebFilter implements WebFilter, Ordered {

	private final RequestScopes scopes;

	private final int order;

	/**
	 * Create the filter.
	 * @param scopes the scopes of the application's requests
	 * @param order the order of the filter
	 */
	public RequestScopeWebFilter(RequestScopes scopes, int order) {
		this.scopes = scopes;
		this.order = order;
	}

	@Override
	public int getOrder() {
		return this.order;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ExchangeMemory memory = this.scopes.watch(exchange);
		if (memory == null) {
			return chain.filter(exchange);
		}
		// An error reaches the handlers of exceptions after the end
		return chain.filter(exchange)
			.contextWrite((context) -> new MemoryContext(context, memory, exchange.getRequest()))
			.doOnError((failure) -> memory.end(true))
			.doFinally((signal) -> memory.end(signal != SignalType.ON_COMPLETE));
	}

}
