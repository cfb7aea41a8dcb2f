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
import org.jspecify.annotations.Nullable;

/**
 * Finds or opens the scope of a request.
 *
 * @since 0.1.0
 */
public final class RequestScopes {

	static final String LIMIT_PROPERTY = "mempool.request.limit";

	private static final String ATTRIBUTE = RequestScope.class.getName();

	private final Supplier<BufferPool> pool;

	private final long limit;

	private final int maxBodySize;

	private final boolean reportsUnreleased;

	private final ScopeCounters counters = new ScopeCounters();

	private final WatchedRequests watched = new WatchedRequests();

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
	 * Return the buffers of a request, opening its scope if this is their first use. The
	 * body is read through the given request object.
	 * @param request a request, as the caller sees it; {@link RequestScopeFilter} is on
	 * the stack of the thread that serves it, or its asynchronous work has not ended
	 * @return its buffers, usable from any thread until it ends
	 * @throws IllegalStateException if the request has ended, or is not one whose end a
	 * filter watches
	 */
	public RequestBuffers of(ServletRequest request) {
		return new RequestView(open(request), request);
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

	/**
	 * Return the scope of a request, opening it if there is none.
	 * @throws IllegalStateException if nothing would end it
	 */
	RequestScope open(ServletRequest request) {
		RequestScope present = findOrFail(request);
		if (present != null && !present.isEnded()) {
			return present;
		}
		if (!isWatched(request)) {
			throw (present != null) ? ended(null) : unwatched(request);
		}
		RequestScope scope = findOrOpen(request, this.pool.get());
		if (!isWatched(request) && !scope.isHandedOver()) {
			// The watch has just ended and may have overlooked the scope
			RequestScopeFilter.end(scope);
			throw ended(null);
		}
		return scope;
	}

	private RequestScope findOrOpen(ServletRequest request, BufferPool pool) {
		// A request may be used by several threads. Its wrappers differ, it does not
		synchronized (WatchedRequests.innermost(request)) {
			RequestScope scope = find(request);
			if (scope == null || scope.isEnded()) {
				scope = new RequestScope(request, pool, this.limit, this.maxBodySize, this.reportsUnreleased,
						this.counters);
				request.setAttribute(ATTRIBUTE, scope);
			}
			return scope;
		}
	}

	// A container that has recycled a request object fails in a way of its own
	private @Nullable RequestScope findOrFail(ServletRequest request) {
		try {
			return find(request);
		}
		catch (RuntimeException ex) {
			throw ended(ex);
		}
	}

	private boolean isWatched(ServletRequest request) {
		try {
			return this.watched.contains(request);
		}
		catch (RuntimeException ex) {
			throw ended(ex);
		}
	}

	static IllegalStateException ended(@Nullable Throwable cause) {
		return new IllegalStateException("Cannot use the buffers of the request: the request has ended. "
				+ "Detach or retain before its end what must live longer", cause);
	}

	private static IllegalStateException unwatched(ServletRequest request) {
		return new IllegalStateException("Cannot open the buffers of the request in this place of its "
				+ request.getDispatcherType() + " dispatch: no RequestScopeFilter has it, which would give its memory "
				+ "back. RequestBuffers may be used within that filter: in filters of a higher order than "
				+ "'mempool.request.filter-order', in servlets and controllers, and in their asynchronous work. "
				+ "Lower that property, or use try (BufferScope scope = new BufferScope(pool)) here");
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

	long limit() {
		return this.limit;
	}

	BufferPool pool() {
		return this.pool.get();
	}

	WatchedRequests watched() {
		return this.watched;
	}

}
