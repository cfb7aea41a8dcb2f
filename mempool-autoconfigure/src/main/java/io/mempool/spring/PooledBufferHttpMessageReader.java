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

package io.mempool.spring;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.HttpMessageReader;

/**
 * Reads a whole message into one pooled buffer, which the subscriber owns and releases:
 * no scope ends it. For the responses that a {@code WebClient} receives.
 * <p>
 * A message without content emits nothing. One that is larger than the maximum fails with
 * a {@link ResponseBodyTooLargeException}, before any of it is copied if its length says
 * so.
 *
 * @since 0.1.0
 * @see PooledBodies
 */
public final class PooledBufferHttpMessageReader implements HttpMessageReader<PooledBuffer> {

	private static final List<MediaType> MEDIA_TYPES = List.of(MediaType.APPLICATION_OCTET_STREAM, MediaType.ALL);

	private final Supplier<BufferPool> pool;

	private final int maximum;

	/**
	 * Create the reader.
	 * @param pool returns the source of memory, when the first message is read
	 * @param maximum how many bytes of a message may be read
	 */
	public PooledBufferHttpMessageReader(Supplier<BufferPool> pool, int maximum) {
		this.pool = pool;
		this.maximum = maximum;
	}

	@Override
	public List<MediaType> getReadableMediaTypes() {
		return MEDIA_TYPES;
	}

	@Override
	public boolean canRead(ResolvableType elementType, @Nullable MediaType mediaType) {
		return elementType.resolve() == PooledBuffer.class;
	}

	/**
	 * Read the message as one element.
	 */
	@Override
	public Flux<PooledBuffer> read(ResolvableType elementType, ReactiveHttpInputMessage message,
			Map<String, Object> hints) {
		return readMono(elementType, message, hints).flux();
	}

	@Override
	public Mono<PooledBuffer> readMono(ResolvableType elementType, ReactiveHttpInputMessage message,
			Map<String, Object> hints) {
		ResponseLimit limit = new ResponseLimit(this.pool.get(), message.getHeaders().getContentLength(), this.maximum);
		return PooledBodies.readResponse(message.getBody(), limit.length(), limit.pool(), limit.maximum())
			.onErrorMap(RuntimeException.class, limit::explain);
	}

	@Override
	public String toString() {
		return "PooledBufferHttpMessageReader[maximum=" + this.maximum + "]";
	}

}
