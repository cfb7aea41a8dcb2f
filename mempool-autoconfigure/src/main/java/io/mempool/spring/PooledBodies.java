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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Reads bodies that arrive as data buffers into pooled memory. Each byte is copied once
 * from its data buffer, which is then released: also after a failure, a cancel, or beyond
 * the limit. The memory held meanwhile is in proportion to what has arrived, as that of a
 * {@link ContentReader}.
 * <p>
 * <strong>Threads.</strong> No signal waits for memory. If the pool does not lend some at
 * once, the rest is copied under the pool's policy by a thread of
 * {@code Schedulers.boundedElastic()}, which may wait.
 * <p>
 * <strong>Ownership.</strong> The subscriber owns the emitted buffer, and releases it.
 * Operators between may drop a value, for example after a time-out:
 * {@code doOnDiscard(PooledBuffer.class, PooledBuffer::close)} behind them releases it.
 *
 * @since 0.1.0
 */
public final class PooledBodies {

	private PooledBodies() {
	}

	/**
	 * Read a body into one buffer of exactly its size.
	 * @param body the body
	 * @param announcedLength how many bytes were announced, negative if unknown. There
	 * may be more or fewer
	 * @param pool the source of memory
	 * @param maximum how many bytes may be read
	 * @return emits a buffer that the subscriber owns, of no bytes if the body is empty.
	 * Fails with {@link SizeLimitExceededException} if there is more than may be read, of
	 * which nothing is requested if that is announced; with
	 * {@link PoolExhaustedException} if the pool is exhausted
	 */
	public static Mono<PooledBuffer> read(Publisher<? extends DataBuffer> body, long announcedLength, BufferPool pool,
			int maximum) {
		return Mono.defer(() -> new PooledBodyMono(body, new ContentReader(pool, announcedLength, maximum),
				tooLarge(announcedLength, pool, maximum), false));
	}

	/**
	 * Read a body through a reader, which its owner may end at any time: what was read so
	 * far is then given back, and the next data buffer fails with a
	 * {@link LeaseException}.
	 * @param body the body
	 * @param reader a reader that was not used. The length that it expects is checked
	 * against the limits of its pool, but not against the maximum
	 * @return emits a buffer that the subscriber owns, as
	 * {@link #read(Publisher, long, BufferPool, int)} does, to one subscriber
	 */
	public static Mono<PooledBuffer> read(Publisher<? extends DataBuffer> body, ContentReader reader) {
		return new PooledBodyMono(body, reader, null, false);
	}

	/**
	 * Read the body of a response. One to a HEAD request announces what it does not have:
	 * an announced length beyond the maximum fails with the first byte.
	 * @return emits nothing if the body is empty
	 */
	static Mono<PooledBuffer> readResponse(Publisher<? extends DataBuffer> body, long announcedLength, BufferPool pool,
			int maximum) {
		return Mono
			.<PooledBuffer>defer(() -> new PooledBodyMono(body, new ContentReader(pool, announcedLength, maximum),
					tooLarge(announcedLength, pool, maximum), true))
			.handle((buffer, sink) -> {
				if (buffer.size() == 0) {
					buffer.close();
				}
				else {
					sink.next(buffer);
				}
			});
	}

	private static @Nullable SizeLimitExceededException tooLarge(long length, BufferPool pool, int maximum) {
		return (length > maximum)
				? new SizeLimitExceededException("Cannot read a body of " + length + " bytes into a buffer of pool '"
						+ pool.name() + "': at most " + maximum + " bytes may be read", maximum)
				: null;
	}

}
