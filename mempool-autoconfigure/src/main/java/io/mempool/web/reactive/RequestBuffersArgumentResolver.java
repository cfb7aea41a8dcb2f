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

package io.mempool.web.reactive;

import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/**
 * Resolves {@link RequestBuffers} and {@link BufferScope} arguments of controller methods
 * to those of the request, and {@link PooledBuffer} arguments to its body.
 */
final class RequestBuffersArgumentResolver implements HandlerMethodArgumentResolver {

	private final RequestScopes scopes;

	RequestBuffersArgumentResolver(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return type == RequestBuffers.class || type == BufferScope.class || type == PooledBuffer.class
				|| isLaterBody(parameter);
	}

	private static boolean isLaterBody(MethodParameter parameter) {
		return parameter.getParameterType() == Mono.class
				&& ResolvableType.forMethodParameter(parameter).resolveGeneric() == PooledBuffer.class;
	}

	@Override
	public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
		return Mono.defer(() -> {
			RequestBuffers buffers = this.scopes.of(exchange);
			Class<?> type = parameter.getParameterType();
			if (type == PooledBuffer.class) {
				return buffers.readBody().cast(Object.class);
			}
			if (type == Mono.class) {
				return Mono.just(buffers.readBody());
			}
			return Mono.just((type == BufferScope.class) ? buffers.scope() : buffers);
		});
	}

}
