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

package io.mempool.web.servlet;

import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.BufferScope;
import io.mempool.scope.ScopeStatistics;
import io.mempool.web.RequestEndedException;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Finds or opens the scope of a request.
 *
 * @since 0.1.0
 */
public final class RequestScopes {

	private static final String ATTRIBUTE = RequestMemory.class.getName();

	private final RequestSettings settings;

	private final RequestQuotaKey quotaKey;

	private final ScopeCounters counters = new ScopeCounters();

	private final WatchedRequests watched = new WatchedRequests();

	/**
	 * Create the scopes of an application.
	 * @param pool supplies the pool that requests use, when the first of them needs it
	 * @param limit how many bytes a request may hold, {@link Long#MAX_VALUE} for no limit
	 * @param maxBodySize how many bytes of a body may be read into a buffer
	 */
	public RequestScopes(Supplier<BufferPool> pool, long limit, int maxBodySize) {
		this(new RequestSettings(pool, limit, maxBodySize));
	}

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
	 * Return the buffers of a request. Their first use opens its scope. The body is read
	 * through the given request object.
	 * @param request a request, as the caller sees it. {@link RequestScopeFilter} must be
	 * on the stack of the thread that serves it, or its asynchronous work must not have
	 * ended
	 * @return its buffers, usable from any thread until it ends
	 * @throws IllegalStateException if the request has ended, or if no filter watches its
	 * end
	 */
	public RequestBuffers of(ServletRequest request) {
		return new RequestView(open(request), request, this);
	}

	/**
	 * Return the scope of the request that the calling thread serves, and open it if need
	 * be.
	 * @return the scope, {@code null} if the thread serves no request or nothing watches
	 * the end of its request
	 */
	public @Nullable BufferScope current() {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
			return null;
		}
		try {
			return open(attributes.getRequest()).scope();
		}
		catch (IllegalStateException ex) {
			return null;
		}
	}

	/**
	 * Count the scopes of requests. A request has a scope from its first use of
	 * {@link RequestBuffers} on, or from when it becomes asynchronous. It has another one
	 * if it is dispatched to an error page that uses them.
	 * @return how many ended, and how many are open
	 */
	public ScopeStatistics statistics() {
		return this.counters.statistics();
	}

	/**
	 * Return the memory of a request. Open a scope if there is none.
	 * @throws IllegalStateException if nothing would end it
	 */
	RequestMemory open(ServletRequest request) {
		RequestMemory present = findOrFail(request);
		if (present != null && !present.isEnded()) {
			return present;
		}
		if (!isWatched(request)) {
			throw (present != null) ? new RequestEndedException(null) : RequestErrors.unwatched(request);
		}
		RequestMemory memory = findOrOpen(request, this.settings.pool().get());
		if (!isWatched(request) && !memory.isHandedOver()) {
			// The watch has just ended and may have overlooked the scope
			memory.end();
			throw new RequestEndedException(null);
		}
		return memory;
	}

	private RequestMemory findOrOpen(ServletRequest request, BufferPool pool) {
		// A request may be used by several threads. Its wrappers differ, it does not
		synchronized (WatchedRequests.innermost(request)) {
			RequestMemory memory = find(request);
			if (memory == null || memory.isEnded()) {
				memory = new RequestMemory(request, pool, this.settings, this.quotaKey, this.counters);
				request.setAttribute(ATTRIBUTE, memory);
			}
			return memory;
		}
	}

	// A container fails in its own way if it has recycled the request object
	private @Nullable RequestMemory findOrFail(ServletRequest request) {
		try {
			return find(request);
		}
		catch (RuntimeException ex) {
			throw new RequestEndedException(ex);
		}
	}

	private boolean isWatched(ServletRequest request) {
		try {
			return this.watched.contains(request);
		}
		catch (RuntimeException ex) {
			throw new RequestEndedException(ex);
		}
	}

	@Nullable RequestMemory find(ServletRequest request) {
		return (RequestMemory) request.getAttribute(ATTRIBUTE);
	}

	/**
	 * Give the request a new scope from its next use on.
	 */
	void forget(ServletRequest request) {
		request.removeAttribute(ATTRIBUTE);
	}

	/**
	 * Return what requests may hold, and the pool that they use.
	 * @return the settings
	 */
	public RequestSettings settings() {
		return this.settings;
	}

	WatchedRequests watched() {
		return this.watched;
	}

}
