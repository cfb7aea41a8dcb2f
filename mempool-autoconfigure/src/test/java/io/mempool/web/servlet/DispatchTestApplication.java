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
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.error.ErrorPage;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.support.ErrorPageFilter;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * An application that dispatches its requests in every way. A request acquires a buffer
 * where its parameters say: in which type of dispatch, and in which place of it. Below
 * {@code /war} errors are handled as in a WAR.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(DispatchTestApplication.ErrorPageController.class)
class DispatchTestApplication {

	static final int SIZE = 3000;

	static final String CONTENT = "content of the buffer";

	/** The result of an acquire, by the number of its request. */
	static final Map<String, String> acquires = new ConcurrentHashMap<>();

	/** Why a request did not become asynchronous, by its number. */
	static final Map<String, String> refusedAsync = new ConcurrentHashMap<>();

	// Longer than a thread of a busy machine waits for a processor: Jetty (seen with
	// 12.1.12) loses a time-out that fires while it is still being set
	private static final long TIME_OUT = 2000;

	enum Place {

		BEFORE, WITHIN, AFTER

	}

	enum Outcome {

		SUCCESS, EXCEPTION, TIME_OUT, HANG_UP

	}

	@Bean
	ServletRegistrationBean<HttpServlet> target(RequestScopes scopes) {
		return new ServletRegistrationBean<>(new TargetServlet(scopes), "/plain/*", "/war/*");
	}

	@Bean
	FilterRegistrationBean<Filter> outerFilter(RequestScopes scopes) {
		Filter outer = (request, response, chain) -> {
			acquireIf(Place.BEFORE, request, scopes);
			try {
				String early = request.getParameter("early");
				if (early == null || request.getDispatcherType() != DispatcherType.REQUEST) {
					chain.doFilter(request, response);
				}
				else if (early.equals("forward")) {
					request.getRequestDispatcher("/plain/target").forward(request, response);
				}
				else {
					request.getRequestDispatcher("/plain/target").include(request, response);
				}
			}
			finally {
				acquireIf(Place.AFTER, request, scopes);
			}
		};
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(outer);
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
		registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
		return registration;
	}

	// As in ErrorPageFilterConfiguration
	@Bean
	FilterRegistrationBean<ErrorPageFilter> errorPageFilter() {
		ErrorPageFilter filter = new ErrorPageFilter();
		filter.addErrorPages(new ErrorPage("/error"));
		FilterRegistrationBean<ErrorPageFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setOrder(filter.getOrder());
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC);
		registration.addUrlPatterns("/war/*");
		return registration;
	}

	static void acquireIf(Place place, ServletRequest request, RequestScopes scopes) {
		if (place.name().equals(request.getParameter("place"))
				&& request.getDispatcherType().name().equals(request.getParameter("at"))
				&& !acquires.containsKey(request.getParameter("number"))) {
			acquire(request, scopes);
		}
	}

	private static void acquire(ServletRequest request, RequestScopes scopes) {
		String number = request.getParameter("number");
		try {
			PooledBuffer buffer = scopes.of(request).acquire(SIZE);
			byte[] content = CONTENT.getBytes(StandardCharsets.US_ASCII);
			if (!Arrays.equals(new byte[SIZE], buffer.toByteArray())) {
				acquires.put(number, "shared");
			}
			buffer.copyIn(0, content, 0, content.length);
			request.setAttribute("buffer", buffer);
			acquires.put(number, "acquired");
		}
		catch (IllegalStateException ex) {
			acquires.put(number, "refused: " + ex.getMessage());
		}
	}

	static void serve(HttpServletRequest request, HttpServletResponse response, RequestScopes scopes)
			throws IOException {
		acquireIf(Place.WITHIN, request, scopes);
		boolean here = request.getDispatcherType().name().equals(request.getParameter("at"));
		Outcome outcome = here ? Outcome.valueOf(request.getParameter("outcome")) : Outcome.SUCCESS;
		if (outcome == Outcome.EXCEPTION) {
			throw new UnsupportedOperationException("as asked");
		}
		if (outcome == Outcome.TIME_OUT && !isTimedOut(request)) {
			timeOut(request);
			return;
		}
		OutputStream out = response.getOutputStream();
		PooledBuffer buffer = (PooledBuffer) request.getAttribute("buffer");
		if (buffer != null && buffer.isAlive()) {
			buffer.writeTo(out, 0, CONTENT.length());
		}
		out.write("served".getBytes(StandardCharsets.US_ASCII));
		// Until writing fails
		for (int i = 0; outcome == Outcome.HANG_UP && i < 100_000; i++) {
			out.write(new byte[8192]);
			out.flush();
		}
	}

	// Once: the error page of a time-out may be served by the same code
	private static boolean isTimedOut(HttpServletRequest request) {
		return request.getAttribute("timed-out") != null;
	}

	private static void timeOut(HttpServletRequest request) {
		request.setAttribute("timed-out", true);
		try {
			async(request, TIME_OUT);
		}
		catch (IllegalStateException ex) {
			refusedAsync.put(request.getParameter("number"), String.valueOf(ex.getMessage()));
		}
	}

	private static AsyncContext async(HttpServletRequest request, long timeout) {
		AsyncContext context = request.startAsync();
		context.setTimeout(timeout);
		return context;
	}

	/**
	 * What all dispatches lead to.
	 */
	static class TargetServlet extends HttpServlet {

		private final transient RequestScopes scopes;

		TargetServlet(RequestScopes scopes) {
			this.scopes = scopes;
		}

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			if (request.getDispatcherType() == DispatcherType.INCLUDE) {
				// Its path is that of the including request
				serve(request, response, this.scopes);
				return;
			}
			switch (request.getPathInfo()) {
				case "/forward" -> dispatcher(request).forward(request, response);
				case "/include" -> dispatcher(request).include(request, response);
				case "/async" -> async(request, 20_000).dispatch("/plain/target");
				case "/time-out" -> async(request, TIME_OUT);
				case "/throw" -> throw new UnsupportedOperationException("as asked");
				case "/send-error" -> response.sendError(418);
				default -> serve(request, response, this.scopes);
			}
		}

		private static RequestDispatcher dispatcher(HttpServletRequest request) {
			return request.getRequestDispatcher("/plain/target");
		}

	}

	/**
	 * The error page.
	 */
	@Controller
	static class ErrorPageController implements ErrorController {

		private final RequestScopes scopes;

		ErrorPageController(RequestScopes scopes) {
			this.scopes = scopes;
		}

		@RequestMapping("/error")
		void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
			serve(request, response, this.scopes);
		}

	}

}
