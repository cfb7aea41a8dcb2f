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

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends the scope of every request. Must be mapped to all dispatcher types: what the
 * filter does not have on the stack gets no scope.
 * <p>
 * The outermost call of the filter watches a request, whatever its dispatcher type: calls
 * for dispatches within do nothing. A call that ends gives the memory back, also if the
 * request failed or the client has gone: no other thread works for it. So each dispatch
 * after the first one that comes from the container, or from a filter outside of this
 * one, has a scope of its own, for example one to an error page.
 * <p>
 * A request that became asynchronous gives its memory back after the dispatch that ends
 * this, or when the container reports its completion. If it timed out or failed, the
 * threads that work for it may not have noticed, and the memory is not used again.
 * <p>
 * Containers do not report every completion. Tomcat (seen with 11.0.24) does not if
 * another thread's write fails at the very moment in which the container's own thread
 * lets go of a request that it has just made asynchronous. Jetty (seen with 12.1.12) does
 * not if the client of a request without a time-out has gone; and it loses a time-out
 * that is over before the thread that sets it goes on, which takes a few milliseconds and
 * a busy machine. Such a request is found by the collector: its memory counts as leaked,
 * and is not used again.
 *
 * @since 0.1.0
 */
public final class RequestScopeFilter implements Filter {

	private static final Log logger = LogFactory.getLog(RequestScopeFilter.class);

	private final RequestScopes scopes;

	/**
	 * Create the filter.
	 * @param scopes the scopes of the application's requests
	 */
	public RequestScopeFilter(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		int place = this.scopes.watched().add(request);
		if (place == WatchedRequests.NESTED) {
			chain.doFilter(request, response);
			return;
		}
		boolean failed = true;
		try {
			if (request.getDispatcherType() == DispatcherType.ERROR) {
				// What the failed request may still hold is its listener's to give back
				this.scopes.forget(request);
			}
			chain.doFilter(request, response);
			failed = false;
		}
		finally {
			leave(request, place, failed);
		}
	}

	private void leave(ServletRequest request, int place, boolean failed) {
		boolean handedOver = false;
		try {
			handedOver = request.isAsyncStarted() ? handOver(request) : isHandedOver(request, failed);
		}
		finally {
			this.scopes.watched().remove(request, place);
			if (!handedOver) {
				endNow(request);
			}
		}
	}

	/**
	 * Leave the end to a listener. Also without a scope so far: the thread that works on
	 * may be the first to need one.
	 */
	private boolean handOver(ServletRequest request) {
		RequestScope scope = this.scopes.open(request);
		if (scope.isHandedOver()) {
			return true;
		}
		scope.handOver();
		try {
			AsyncContext context = request.getAsyncContext();
			context.addListener(new RequestScopeListener(scope));
		}
		catch (IllegalStateException ex) {
			// Completed meanwhile, and nothing tells how
			scope.doubt();
			end(scope);
		}
		return true;
	}

	/**
	 * Return whether the end is left to a listener still. It is not after the last
	 * dispatch of an asynchronous request: if that fails, Jetty (seen with 12.1.12) does
	 * not report the completion.
	 */
	private boolean isHandedOver(ServletRequest request, boolean failed) {
		RequestScope scope = this.scopes.find(request);
		if (scope == null || !scope.isHandedOver() || scope.isEnded()) {
			return false;
		}
		if (request.getDispatcherType() != DispatcherType.ASYNC) {
			return true;
		}
		if (failed) {
			scope.doubt();
		}
		return false;
	}

	// An ended scope stays: it tells who comes too late why there is none
	private void endNow(ServletRequest request) {
		RequestScope scope = this.scopes.find(request);
		if (scope != null) {
			end(scope);
		}
	}

	static void end(RequestScope scope) {
		try {
			scope.end();
		}
		catch (RuntimeException ex) {
			logger.error("Failed to give back all memory of a request", ex);
		}
	}

}
