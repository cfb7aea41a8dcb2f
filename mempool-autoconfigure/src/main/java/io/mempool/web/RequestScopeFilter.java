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
 * Ends the scope of every request. Must be mapped to the dispatcher types REQUEST, ASYNC
 * and ERROR.
 * <p>
 * A request that ends with its first dispatch gives its memory back there, also if it
 * failed or the client has gone: nobody else works for it. One that became asynchronous
 * gives it back when the container reports its completion. If it timed out or failed, who
 * works for it may not have noticed, and the memory is not used again. The dispatch to an
 * error page has a scope of its own.
 * <p>
 * Tomcat (seen with 11.0.24) does not report the completion if another thread's write
 * fails at the very moment in which the container's own thread lets go of a request that
 * it has just made asynchronous. Such a request is found by the collector: its memory
 * counts as leaked, and is not used again.
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
		DispatcherType type = request.getDispatcherType();
		if (type == DispatcherType.ASYNC) {
			// The listener that the first dispatch added sees the end
			chain.doFilter(request, response);
			return;
		}
		if (type == DispatcherType.ERROR) {
			// What the failed request may still hold is its listener's to give back
			this.scopes.forget(request);
		}
		try {
			chain.doFilter(request, response);
		}
		finally {
			if (request.isAsyncStarted()) {
				endLater(request);
			}
			else {
				endNow(request);
			}
		}
	}

	private void endNow(ServletRequest request) {
		RequestScope scope = this.scopes.find(request);
		if (scope != null) {
			this.scopes.forget(request);
			end(scope);
		}
	}

	// Also without a scope so far: who works on may be the first to need one
	private void endLater(ServletRequest request) {
		RequestScope scope = this.scopes.open(request);
		try {
			AsyncContext context = request.getAsyncContext();
			context.addListener(new RequestScopeListener(scope));
		}
		catch (IllegalStateException ex) {
			// Completed meanwhile, and nobody will tell us how
			this.scopes.forget(request);
			scope.doubt();
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
