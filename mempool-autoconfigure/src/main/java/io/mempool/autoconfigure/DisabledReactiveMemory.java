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

import java.util.List;
import java.util.Map;

import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.web.reactive.RequestBuffers;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
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

	@Override
	public int getOrder() {
		return -100;
	}

	@Override
	public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
		configurer.addCustomResolver(new Resolver());
	}

	@Override
	public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
		configurer.customCodecs().register(new Reader());
		configurer.customCodecs().register(new Writer());
	}

	/**
	 * Takes the place of the resolver of arguments.
	 */
	private static final class Resolver implements HandlerMethodArgumentResolver {

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
			return Mono.error(DisabledMemory.error("resolve " + parameter));
		}

	}

	/**
	 * Takes the place of the reader.
	 */
	private static final class Reader implements HttpMessageReader<PooledBuffer> {

		@Override
		public List<MediaType> getReadableMediaTypes() {
			return List.of(MediaType.ALL);
		}

		@Override
		public boolean canRead(ResolvableType elementType, @Nullable MediaType mediaType) {
			return elementType.resolve() == PooledBuffer.class;
		}

		@Override
		public Flux<PooledBuffer> read(ResolvableType elementType, ReactiveHttpInputMessage message,
				Map<String, Object> hints) {
			return readMono(elementType, message, hints).flux();
		}

		@Override
		public Mono<PooledBuffer> readMono(ResolvableType elementType, ReactiveHttpInputMessage message,
				Map<String, Object> hints) {
			return Mono.error(DisabledMemory.error("read a body into a PooledBuffer"));
		}

	}

	/**
	 * Takes the place of the writer.
	 */
	private static final class Writer implements HttpMessageWriter<PooledBuffer> {

		@Override
		public List<MediaType> getWritableMediaTypes() {
			return List.of(MediaType.ALL);
		}

		@Override
		public boolean canWrite(ResolvableType elementType, @Nullable MediaType mediaType) {
			return PooledBuffer.class.isAssignableFrom(elementType.toClass());
		}

		@Override
		public Mono<Void> write(Publisher<? extends PooledBuffer> buffers, ResolvableType elementType,
				@Nullable MediaType mediaType, ReactiveHttpOutputMessage message, Map<String, Object> hints) {
			return Flux.from(buffers)
				.doOnNext(PooledBuffer::close)
				.then(Mono.error(DisabledMemory.error("write a PooledBuffer as a body")));
		}

	}

}
