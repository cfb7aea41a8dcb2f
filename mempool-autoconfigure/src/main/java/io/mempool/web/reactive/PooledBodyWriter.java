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

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferEncoder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.AbstractListenerServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * Writes buffers as bodies of responses, and closes them.
 */
final class PooledBodyWriter extends EncoderHttpMessageWriter<PooledBuffer> {

	/*
	 * Why it is correct. Netty keeps data buffers after the response is complete, and
	 * releases each of them. So they have references of their own. Spring's adapter of
	 * servlet containers (seen with 7.0.9) does neither: it has copied all of a body when
	 * the response is complete, and releases no data buffer that is empty or comes after
	 * the client has gone. So a data buffer is lent to it, for as long as it writes: it
	 * asks for the next one when it has written the one before.
	 */

	private final HttpMessageWriter<PooledBuffer> lending = new EncoderHttpMessageWriter<>(
			PooledBufferEncoder.borrowing());

	PooledBodyWriter() {
		super(PooledBufferEncoder.closing());
	}

	@Override
	public Mono<Void> write(Publisher<? extends PooledBuffer> buffers, ResolvableType elementType,
			@Nullable MediaType mediaType, ReactiveHttpOutputMessage message, Map<String, Object> hints) {
		if (!copies(message)) {
			return super.write(buffers, elementType, mediaType, message, hints);
		}
		return Mono.defer(() -> {
			AtomicReference<@Nullable PooledBuffer> lent = new AtomicReference<>();
			Publisher<? extends PooledBuffer> lending = (buffers instanceof Mono<?>)
					? Mono.from(buffers).doOnNext(lent::set)
					: Flux.from(buffers).doOnNext((buffer) -> close(lent.getAndSet(buffer)));
			return this.lending.write(lending, elementType, mediaType, message, hints)
				.doFinally((signal) -> close(lent.getAndSet(null)));
		});
	}

	private static boolean copies(ReactiveHttpOutputMessage message) {
		ReactiveHttpOutputMessage innermost = message;
		while (innermost instanceof ServerHttpResponseDecorator decorator) {
			innermost = decorator.getDelegate();
		}
		return innermost instanceof AbstractListenerServerHttpResponse;
	}

	private static void close(@Nullable PooledBuffer buffer) {
		if (buffer != null) {
			buffer.close();
		}
	}

}
