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

package io.mempool.buffer;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.function.UnaryOperator;

/**
 * Reads bodies of responses into pooled memory with the {@link HttpClient} of the JDK.
 *
 * @since 0.1.0
 */
public final class PooledBodyHandlers {

	private PooledBodyHandlers() {
	}

	/**
	 * Return a handler that reads each body into one buffer, which the caller owns:
	 *
	 * <pre class="code">
	 * try (PooledBuffer body = client.send(request, PooledBodyHandlers.ofPooledBuffer(pool, maximum)).body()) {
	 *     ...
	 * }
	 * </pre>
	 *
	 * An empty body is a buffer of size 0. A failed exchange leaves nothing leased.
	 * <p>
	 * <strong>Cancellation.</strong> A buffer that is complete before a future is
	 * cancelled never reaches the caller: it is a lost lease, and reported as such. Code
	 * that cancels futures passes an owner, see
	 * {@link #ofPooledBuffer(BufferPool, int, UnaryOperator)}.
	 * @param pool the pool that bodies are read into
	 * @param maximum how many bytes a body may have. A larger one fails with an
	 * {@code IOException} whose cause is a {@link SizeLimitExceededException}, before it
	 * is read if its length was announced
	 * @return a handler for any number of requests
	 */
	public static BodyHandler<PooledBuffer> ofPooledBuffer(BufferPool pool, int maximum) {
		return ofPooledBuffer(pool, maximum, UnaryOperator.identity());
	}

	/**
	 * Return a handler that reads each body into one buffer, for an owner that exists
	 * before the request, such as {@code scope::adopt} of a {@code BufferScope}. So the
	 * end of the scope also releases what arrives for a future that was cancelled.
	 * @param pool the pool that bodies are read into
	 * @param maximum how many bytes a body may have
	 * @param owner takes ownership of a complete buffer and returns it. If this fails,
	 * the buffer is closed, and the request fails for that reason
	 * @return a handler for any number of requests
	 */
	public static BodyHandler<PooledBuffer> ofPooledBuffer(BufferPool pool, int maximum,
			UnaryOperator<PooledBuffer> owner) {
		if (maximum < 0) {
			throw new IllegalArgumentException("'maximum' must not be negative but is " + maximum);
		}
		return (response) -> subscriber(pool, response.headers().firstValueAsLong("Content-Length").orElse(-1), maximum,
				owner);
	}

	private static BodySubscriber<PooledBuffer> subscriber(BufferPool pool, long length, int maximum,
			UnaryOperator<PooledBuffer> owner) {
		return new PooledBodySubscriber(pool, length, maximum, owner);
	}

}
