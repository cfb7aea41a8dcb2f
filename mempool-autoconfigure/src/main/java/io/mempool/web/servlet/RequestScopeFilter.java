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

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/**
 * Ends the scope of every request. It must be mapped to all dispatcher types: a request
 * has no scope while the filter is not on the stack.
 * <p>
 * <strong>Nested dispatches.</strong> The outermost call of the filter watches a request,
 * whatever its dispatcher type. Calls for nested dispatches do nothing.
 * <p>
 * <strong>The end.</strong> A call that ends gives the memory back, also if the request
 * failed or the client has gone, as no other thread works for it. A later dispatch from
 * the container, or from a filter outside of this one, has a scope of its own: for
 * example one to an error page.
 * <p>
 * <strong>Asynchronous requests</strong> give their memory back after their last
 * dispatch, or when the container reports the completion. If a request timed out or
 * failed, threads may still work for it. Then the memory is not used again.
 * <p>
 * <strong>Lost completions.</strong> Containers do not report every completion. Tomcat
 * (seen with 11.0.24) does not in one case: another thread's write fails at the moment in
 * which the container's thread leaves a request that it has just made asynchronous. Jetty
 * (seen with 12.1.12) does not in two cases. The client of a request without a time-out
 * has gone; or a time-out of a few milliseconds is over before the thread that sets it
 * goes on. The collector finds such a request. Its memory counts as leaked, and is not
 * used again.
 *
 * @since 0.1.0
 */
public final class RequestScopeFilter implements Filter {

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
				// The listener gives back what the failed request may still hold
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
	 * Leave the end to a listener, also without a scope so far: a thread of the
	 * asynchronous work may be the first that needs one.
	 */
	private boolean handOver(ServletRequest request) {
		RequestMemory memory = this.scopes.open(request);
		if (memory.isHandedOver()) {
			return true;
		}
		memory.handOver();
		try {
			AsyncContext context = request.getAsyncContext();
			// Tomcat (seen with 11.0.24) ends an error page that became asynchronous at
			// once, with the error of the request
			boolean errorPage = request.getDispatcherType() == DispatcherType.ERROR;
			context.addListener(new RequestScopeListener(memory, errorPage));
		}
		catch (IllegalStateException ex) {
			// Completed meanwhile, with an unknown outcome
			memory.doubt();
			memory.end();
		}
		return true;
	}

	/**
	 * Return whether a listener still has to end the scope. It has not after the last
	 * dispatch of an asynchronous request: if that dispatch fails, Jetty (seen with
	 * 12.1.12) does not report the completion.
	 */
	private boolean isHandedOver(ServletRequest request, boolean failed) {
		RequestMemory memory = this.scopes.find(request);
		if (memory == null || !memory.isHandedOver() || memory.isEnded()) {
			return false;
		}
		if (request.getDispatcherType() != DispatcherType.ASYNC) {
			return true;
		}
		if (failed) {
			memory.doubt();
		}
		return false;
	}

	// An ended scope stays: a late caller gets an error that says why
	private void endNow(ServletRequest request) {
		RequestMemory memory = this.scopes.find(request);
		if (memory != null) {
			memory.end();
		}
	}

}
