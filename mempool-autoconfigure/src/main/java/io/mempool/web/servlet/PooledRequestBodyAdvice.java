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
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.mempool.buffer.PooledBuffer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdvice;

/**
 * Resolves an empty body to a buffer of size 0, refuses a body that was read elsewhere,
 * and passes on the length of a part. As an interceptor it notes which bodies were read
 * before Spring opened them.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class PooledRequestBodyAdvice implements RequestBodyAdvice, HandlerInterceptor {

	private static final String DRAINED = PooledRequestBodyAdvice.class.getName() + ".drained";

	private final RequestScopes scopes;

	private final Map<Method, Boolean> handlers = new ConcurrentHashMap<>();

	/**
	 * Create the advice.
	 * @param scopes the scopes of the application's requests
	 */
	public PooledRequestBodyAdvice(RequestScopes scopes) {
		this.scopes = scopes;
	}

	/*
	 * Why it is correct. Spring reads the first byte of a body before it asks any advice.
	 * From then on, a body in chunks that was read elsewhere looks like an empty one, and
	 * a body that is too large has begun to arrive. So the interceptor looks first, if a
	 * handler takes such a body.
	 *
	 * This advice is the first. Advice that comes later and changes the content passes
	 * another message on. Then the converter reads that, and checks no length.
	 */

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		// The body was read before the request became asynchronous
		boolean first = request.getDispatcherType() != DispatcherType.ASYNC;
		if (first && handler instanceof HandlerMethod method && takesBody(method)
				&& !(KeptBodyRequest.find(request) instanceof PooledReplayRequest)) {
			long length = request.getContentLengthLong();
			if (length > 0) {
				this.scopes.open(request).checkLength(length);
			}
			else if (BodySource.isDrained(request)) {
				request.setAttribute(DRAINED, true);
			}
		}
		return true;
	}

	private boolean takesBody(HandlerMethod method) {
		Boolean known = this.handlers.get(method.getMethod());
		return (known != null) ? known : this.handlers.computeIfAbsent(method.getMethod(),
				(key) -> Stream.of(method.getMethodParameters()).anyMatch(PooledRequestBodyAdvice::isBody));
	}

	private static boolean isBody(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter.nestedIfOptional());
		return (type.resolve() == PooledBuffer.class)
				? parameter.hasParameterAnnotation(org.springframework.web.bind.annotation.RequestBody.class)
				: type.as(HttpEntity.class).resolveGeneric() == PooledBuffer.class;
	}

	@Override
	public boolean supports(MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) {
		return targetType == PooledBuffer.class;
	}

	@Override
	public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) throws IOException {
		ServletRequest request = CurrentRequestBuffers.request();
		RequestPart part = parameter.getParameterAnnotation(RequestPart.class);
		return (part != null) ? new ContentMessage(message, part(request, message, part, parameter), false)
				: new ContentMessage(message, body(request, message.getBody()), true);
	}

	@Override
	public Object afterBodyRead(Object body, HttpInputMessage message, MethodParameter parameter, Type targetType,
			Class<? extends HttpMessageConverter<?>> converterType) {
		return body;
	}

	@Override
	public @Nullable Object handleEmptyBody(@Nullable Object body, HttpInputMessage message, MethodParameter parameter,
			Type targetType, Class<? extends HttpMessageConverter<?>> converterType) {
		if (body != null) {
			return body;
		}
		ServletRequest request = CurrentRequestBuffers.request();
		RequestMemory memory = this.scopes.open(request);
		if (parameter.hasParameterAnnotation(RequestPart.class)) {
			return memory.scope().acquire(0);
		}
		try {
			// Spring has no parameters of a form if the container does not read forms
			return memory.readBody(request, () -> body(request, request.getInputStream()));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read the empty body of the request", ex);
		}
	}

	private static ContentSource body(ServletRequest request, InputStream stream) throws IOException {
		return BodySource.of(request, stream, request.getAttribute(DRAINED) != null);
	}

	private static ContentSource part(ServletRequest request, HttpInputMessage message, RequestPart part,
			MethodParameter parameter) throws IOException {
		String name = part.name().isEmpty() ? parameter.getParameterName() : part.name();
		return new PartSource(message.getBody(), length(request, name));
	}

	// The headers of a part do not have it
	private static long length(ServletRequest request, @Nullable String name) throws IOException {
		try {
			Part part = (name != null && request instanceof HttpServletRequest http) ? http.getPart(name) : null;
			return (part != null) ? part.getSize() : -1;
		}
		catch (ServletException | IllegalStateException ex) {
			// Another resolver took the request apart
			return -1;
		}
	}

}
