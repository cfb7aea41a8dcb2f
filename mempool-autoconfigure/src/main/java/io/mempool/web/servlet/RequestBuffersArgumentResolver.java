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

import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Resolves {@link RequestBuffers} and {@link BufferScope} arguments of controller methods
 * to those of the request, and a {@link PooledBuffer} argument to its body. The body is
 * read through the request that the controller has, also from other threads.
 *
 * @since 0.1.0
 */
public final class RequestBuffersArgumentResolver implements HandlerMethodArgumentResolver {

	private final RequestScopes scopes;

	/**
	 * Create the resolver.
	 * @param scopes the scopes of the application's requests
	 */
	public RequestBuffersArgumentResolver(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type == RequestBuffers.class || type == BufferScope.class || type == PooledBuffer.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) throws IOException {
		ServletRequest servletRequest = request.getNativeRequest(ServletRequest.class);
		if (servletRequest == null) {
			throw new IllegalStateException("Cannot resolve " + parameter + " outside of a servlet request");
		}
		RequestMemory memory = this.scopes.open(servletRequest);
		Class<?> type = parameter.getParameterType();
		if (type == PooledBuffer.class) {
			return memory.readBody(servletRequest);
		}
		return (type == BufferScope.class) ? memory.scope() : new RequestView(memory, servletRequest, this.scopes);
	}

}
