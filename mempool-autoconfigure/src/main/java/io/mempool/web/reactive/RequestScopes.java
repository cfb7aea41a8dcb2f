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

import java.util.Map;

import io.mempool.scope.ScopeStatistics;
import io.mempool.web.RequestEndedException;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Finds the memory of a request to WebFlux, whose scope its first use opens.
 *
 * @since 0.1.0
 */
public final class RequestScopes {

	private static final String ATTRIBUTE = ExchangeMemory.class.getName();

	private final RequestSettings settings;

	private final RequestQuotaKey quotaKey;

	private final ScopeCounters counters = new ScopeCounters();

	/**
	 * Create the scopes of an application.
	 * @param settings what requests may hold, and the pool that they use
	 */
	public RequestScopes(RequestSettings settings) {
		this(settings, RequestQuotaKey.remoteAddress());
	}

	/**
	 * Create the scopes of an application.
	 * @param settings what requests may hold, and the pool that they use
	 * @param quotaKey which requests share a quota, if the settings have one
	 */
	public RequestScopes(RequestSettings settings, RequestQuotaKey quotaKey) {
		this.settings = settings;
		this.quotaKey = quotaKey;
	}

	/**
	 * Return the buffers of an exchange. The body is read through the given exchange.
	 * @param exchange an exchange, as the caller sees it
	 * @return its buffers, usable from any thread until it ends
	 * @throws IllegalStateException if the request has ended, or if no
	 * {@link RequestScopeWebFilter} watches its end
	 */
	public RequestBuffers of(ServerWebExchange exchange) {
		return new RequestView(find(exchange.getAttributes()), exchange.getRequest());
	}

	/**
	 * Return the buffers of a request to a functional endpoint.
	 * @param request the request
	 * @return its buffers, usable from any thread until it ends
	 * @throws IllegalStateException if the request has ended, or if no
	 * {@link RequestScopeWebFilter} watches its end
	 */
	public RequestBuffers of(ServerRequest request) {
		return of(request.exchange());
	}

	/**
	 * Count the scopes of requests. A request has a scope from its first use of memory
	 * on.
	 * @return how many ended, and how many are open
	 */
	public ScopeStatistics statistics() {
		return this.counters.statistics();
	}

	/**
	 * Return what requests may hold, and the pool that they use.
	 * @return the settings
	 */
	public RequestSettings settings() {
		return this.settings;
	}

	/**
	 * Watch an exchange from now on: the caller ends its memory.
	 * @return its memory, {@code null} if an outer filter watches it already
	 */
	@Nullable ExchangeMemory watch(ServerWebExchange exchange) {
		if (exchange.getAttribute(ATTRIBUTE) instanceof ExchangeMemory present && !present.isEnded()) {
			return null;
		}
		ExchangeMemory memory = new ExchangeMemory(exchange, this.settings, this.quotaKey, this.counters);
		exchange.getAttributes().put(ATTRIBUTE, memory);
		return memory;
	}

	/**
	 * Return the memory of a request.
	 * @param attributes those of its exchange, which the request has as well
	 * @throws IllegalStateException if nothing would end it
	 */
	ExchangeMemory find(Map<String, Object> attributes) {
		if (!(attributes.get(ATTRIBUTE) instanceof ExchangeMemory memory)) {
			throw new IllegalStateException("Cannot use the buffers of the request here: no RequestScopeWebFilter "
					+ "watches it, so that its memory would not be given back. RequestBuffers may be used within that "
					+ "filter: in filters of a higher order than 'mempool.request.filter-order', in controllers and in "
					+ "functional endpoints. Lower that property, or use "
					+ "try (BufferScope scope = new BufferScope(pool)) here");
		}
		if (memory.isEnded()) {
			throw new RequestEndedException(null);
		}
		return memory;
	}

}
