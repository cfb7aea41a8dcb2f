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

package io.mempool.web;

import java.io.IOException;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.UnitOfWork;
import io.mempool.scope.BufferScope;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one request. Lives in an attribute of the request and is ended by the
 * filter, or by its listener if the request became asynchronous.
 */
final class RequestScope implements RequestBuffers, Supplier<@Nullable UnitOfWork> {

	private final BufferScope scope;

	private final BufferPool pool;

	private final int maxBodySize;

	private final ScopeCounters counters;

	// Containers reuse their request objects, so this one is let go of at the end
	private volatile @Nullable ServletRequest request;

	private volatile boolean bodyRead;

	private volatile boolean inDoubt;

	RequestScope(ServletRequest request, BufferPool pool, long limit, int maxBodySize, boolean reportsUnreleased,
			ScopeCounters counters) {
		this.request = request;
		this.pool = pool;
		this.scope = new BufferScope(pool, limit, this, reportsUnreleased);
		this.maxBodySize = maxBodySize;
		this.counters = counters;
		counters.open();
	}

	@Override
	public BufferScope scope() {
		return this.scope;
	}

	@Override
	public PooledBuffer readBody() throws IOException {
		return readBody(this.pool);
	}

	@Override
	public PooledBuffer readBody(BufferPool pool) throws IOException {
		ServletRequest request = this.request;
		if (request == null || this.bodyRead) {
			throw new IllegalStateException("Cannot read the body of the request: " + ((request != null)
					? "it was read before. Keep the buffer of the first call" : "the request has ended"));
		}
		this.bodyRead = true;
		int maximum = (int) Math.min(this.maxBodySize, this.scope.remaining());
		long length = request.getContentLengthLong();
		if (length > maximum) {
			throw new RequestBodyTooLargeException(maximum);
		}
		PooledOutputStream body = this.scope.outputStream(pool, (int) Math.max(0, length), maximum);
		try {
			body.transferFrom(request.getInputStream());
			checkNotConsumed(request, length, body.size());
			return body.toBuffer();
		}
		catch (SizeLimitExceededException ex) {
			RequestBodyTooLargeException tooLarge = new RequestBodyTooLargeException(maximum);
			tooLarge.initCause(ex);
			throw tooLarge;
		}
		finally {
			body.release();
		}
	}

	// Whoever asks for a parameter of a form has the container read all of the body
	private static void checkNotConsumed(ServletRequest request, long length, int read) {
		String type = request.getContentType();
		if (read == 0 && length > 0 && type != null && type.startsWith("application/x-www-form-urlencoded")) {
			throw new IllegalStateException("Cannot read the body of the request: its " + length
					+ " bytes were read as a form before. Send another content type than '" + type
					+ "', or read the body before any parameter");
		}
	}

	/**
	 * Remember that what the request holds may still be in use when it ends.
	 */
	void doubt() {
		this.inDoubt = true;
	}

	/**
	 * Give everything back. Ending again has no effect.
	 */
	void end() {
		boolean inDoubt = this.inDoubt;
		try {
			if (inDoubt) {
				this.scope.abandon();
			}
			else {
				this.scope.close();
			}
		}
		finally {
			if (letGoOfRequest()) {
				this.counters.end(inDoubt);
			}
		}
	}

	private synchronized boolean letGoOfRequest() {
		boolean first = this.request != null;
		this.request = null;
		return first;
	}

	/**
	 * Name the request, as long as it lasts.
	 */
	@Override
	public @Nullable UnitOfWork get() {
		ServletRequest request = this.request;
		return (request != null) ? RequestWork.of(request) : null;
	}

}
