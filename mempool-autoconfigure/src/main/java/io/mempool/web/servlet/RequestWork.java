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

import io.mempool.core.UnitOfWork;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Names requests as units of work: by their method and route, and by the identifier that
 * the container gives them. It keeps no request.
 *
 * @since 0.1.0
 */
public final class RequestWork {

	// HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, of Spring MVC that need not be
	// there
	static final String ROUTE_ATTRIBUTE = "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

	private RequestWork() {
	}

	/**
	 * Name the request that the calling thread is bound to.
	 * @return the request as a unit of work, {@code null} if the thread is bound to none
	 */
	public static @Nullable UnitOfWork current() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? of(attributes.getRequest()) : null;
	}

	static UnitOfWork of(ServletRequest request) {
		String route = route(request);
		String name = (request instanceof HttpServletRequest http) ? http.getMethod() + " " + route : route;
		return new UnitOfWork(name, request.getRequestId());
	}

	// Never the path itself, of which there may be any number
	private static String route(ServletRequest request) {
		Object route = request.getAttribute(ROUTE_ATTRIBUTE);
		if (route == null && request instanceof HttpServletRequest http) {
			// Before the dispatch to a handler, or without Spring MVC
			route = http.getHttpServletMapping().getPattern();
		}
		return String.valueOf(route);
	}

}
