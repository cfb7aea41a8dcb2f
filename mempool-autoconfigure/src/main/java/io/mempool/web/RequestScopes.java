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

package io.mempool.web;

import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.ScopeStatistics;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Finds or opens the scope of a request.
 *
 * @since 0.1.0
 */
public final class RequestScopes {

	private static final String ATTRIBUTE = RequestScope.class.getName();

	private final Supplier<BufferPool> pool;

	private final long limit;

	private final int maxBodySize;

	private final boolean reportsUnreleased;

	private final ScopeCounters counters = new ScopeCounters();

	/**
	 * Create the scopes of an application.
	 * @param pool supplies the pool that requests use, when the first of them needs it
	 * @param limit how many bytes a request may hold, {@link Long#MAX_VALUE} for no limit
	 * @param maxBodySize how many bytes of a body may be read into a buffer
	 */
	public RequestScopes(Supplier<BufferPool> pool, long limit, int maxBodySize) {
		this(pool, limit, maxBodySize, false);
	}

	/**
	 * Create the scopes of an application.
	 * @param pool supplies the pool that requests use, when the first of them needs it
	 * @param limit how many bytes a request may hold, {@link Long#MAX_VALUE} for no limit
	 * @param maxBodySize how many bytes of a body may be read into a buffer
	 * @param reportsUnreleased whether the listeners of the pools are told what requests
	 * leave to be released at their end
	 */
	public RequestScopes(Supplier<BufferPool> pool, long limit, int maxBodySize, boolean reportsUnreleased) {
		this.pool = pool;
		this.limit = limit;
		this.maxBodySize = maxBodySize;
		this.reportsUnreleased = reportsUnreleased;
	}

	/**
	 * Return the buffers of a request, opening its scope if this is their first use.
	 * @param request a request that has not ended
	 * @return its buffers, usable from any thread until it ends
	 */
	public RequestBuffers of(ServletRequest request) {
		return open(request);
	}

	/**
	 * Return what became of the scopes of requests. A request has one from its first use
	 * of {@link RequestBuffers}, or when it becomes asynchronous; another one if it is
	 * dispatched to an error page that uses them.
	 * @return how many ended, and how many are open
	 */
	public ScopeStatistics statistics() {
		return this.counters.statistics();
	}

	RequestScope open(ServletRequest request) {
		RequestScope scope = find(request);
		if (scope != null) {
			return scope;
		}
		// A request may be used by several threads. Its wrappers differ, it does not
		synchronized (unwrap(request)) {
			scope = find(request);
			if (scope == null) {
				scope = new RequestScope(request, this.pool.get(), this.limit, this.maxBodySize, this.reportsUnreleased,
						this.counters);
				request.setAttribute(ATTRIBUTE, scope);
			}
			return scope;
		}
	}

	@Nullable RequestScope find(ServletRequest request) {
		return (RequestScope) request.getAttribute(ATTRIBUTE);
	}

	/**
	 * Let the request have a new scope from here on.
	 */
	void forget(ServletRequest request) {
		request.removeAttribute(ATTRIBUTE);
	}

	private static ServletRequest unwrap(ServletRequest request) {
		ServletRequest current = request;
		while (current instanceof ServletRequestWrapper wrapper) {
			current = wrapper.getRequest();
		}
		return current;
	}

}
