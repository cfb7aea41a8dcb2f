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

package io.mempool.autoconfigure;

import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.web.reactive.RequestBuffers;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;

/**
 * Says why a handler of WebFlux gets no memory of the request, where Spring would say
 * that a type is not supported.
 */
final class DisabledReactiveMemory implements WebFluxConfigurer, Ordered {

	private final SwitchedOff off;

	DisabledReactiveMemory(SwitchedOff off) {
		this.off = off;
	}

	@Override
	public int getOrder() {
		return -100;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(new Resolver(this.off));
	}

	@Override
	public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
		configurer.customCodecs().register(new DisabledBodyReader(this.off));
		configurer.customCodecs().register(new DisabledBodyWriter(this.off, true));
	}

	/**
	 * Takes the place of the resolver of arguments.
	 */
	private record Resolver(SwitchedOff off) implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			Class<?> type = parameter.getParameterType();
			return type == RequestBuffers.class || type == BufferScope.class || type == PooledBuffer.class
					|| (type == Mono.class
							&& ResolvableType.forMethodParameter(parameter).resolveGeneric() == PooledBuffer.class);
		}

		@Override
		public Mono<Object> resolveArgument(MethodParameter parameter, BindingContext context,
				ServerWebExchange exchange) {
			return Mono.error(this.off.error("resolve " + parameter));
		}

	}

}
