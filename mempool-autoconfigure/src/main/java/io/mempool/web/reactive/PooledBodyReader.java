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

import java.util.List;
import java.util.Map;

import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Reads the body of a request, or a part of it, into a buffer that the request owns.
 */
final class PooledBodyReader implements HttpMessageReader<PooledBuffer> {

	private final RequestScopes scopes;

	PooledBodyReader(RequestScopes scopes) {
		this.scopes = scopes;
	}

	@Override
	public List<MediaType> getReadableMediaTypes() {
		return List.of(MediaType.APPLICATION_OCTET_STREAM, MediaType.ALL);
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
		return Mono.defer(() -> {
			if (!(message instanceof ServerHttpRequest request)) {
				return Mono.error(new IllegalStateException("Cannot read a PooledBuffer from a "
						+ message.getClass().getName() + ": no request owns it. Read it with PooledBodies.read(..)"));
			}
			ExchangeMemory memory = this.scopes.find(request.getAttributes());
			return isPart(message) ? ExchangeBody.readPart(memory, message)
					: ExchangeBody.read(memory, request, memory.settings().pool().get());
		});
	}

	// Spring passes a part as a request with the headers of the part
	private static boolean isPart(ReactiveHttpInputMessage message) {
		return message.getHeaders().getContentDisposition().isFormData();
	}

}
