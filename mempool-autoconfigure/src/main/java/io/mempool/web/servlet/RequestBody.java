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
import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.web.BodyLimit;
import io.mempool.web.RequestEndedException;
import io.mempool.web.RequestSettings;

/**
 * Reads the body of one request, at most once, and its parts, by any thread.
 */
final class RequestBody {

	private final BufferScope scope;

	private final RequestSettings settings;

	@GuardedBy("this")
	private boolean read;

	@GuardedBy("this")
	private boolean ended;

	// Several threads may read parts
	@GuardedBy("this")
	private final List<ContentReader> readers = new ArrayList<>(1);

	RequestBody(BufferScope scope, RequestSettings settings) {
		this.scope = scope;
		this.settings = settings;
	}

	/**
	 * Read the body.
	 * @param body opens the body
	 * @param pool where the memory comes from
	 * @return a buffer of exactly the body, which the scope owns
	 */
	PooledBuffer read(ContentSource.Opening body, BufferPool pool) throws IOException {
		checkReadable();
		return read(body, pool, true);
	}

	/**
	 * Read a part of the body, or what other code made of it.
	 * @param part the content
	 * @param pool where the memory comes from
	 * @return a buffer of exactly the content, which the scope owns
	 */
	PooledBuffer readPart(ContentSource part, BufferPool pool) throws IOException {
		return read(() -> part, pool, false);
	}

	/**
	 * Fail if a body that was announced may not be read, before it arrives.
	 * @param length the announced length in bytes, negative if unknown
	 * @param pool where the memory comes from
	 */
	void checkLength(long length, BufferPool pool) {
		this.settings.bodyLimit(this.scope, pool).check(length);
	}

	private PooledBuffer read(ContentSource.Opening content, BufferPool pool, boolean once) throws IOException {
		BodyLimit limit = this.settings.bodyLimit(this.scope, pool);
		try {
			ContentSource source = content.open();
			limit.check(source.length());
			return read(source, BufferScopes.reader(this.scope, pool, source.length(), (int) limit.bytes()), once);
		}
		catch (SizeLimitExceededException | PoolExhaustedException ex) {
			throw limit.explain(ex);
		}
		catch (RuntimeException ex) {
			// A container may have recycled the request meanwhile, and fails in its own
			// way
			throw this.scope.isClosed() ? new RequestEndedException(ex) : ex;
		}
	}

	private PooledBuffer read(ContentSource source, ContentReader reader, boolean once) throws IOException {
		begin(reader, once);
		try (reader) {
			PooledBuffer body = reader.read(source.stream());
			boolean whole = false;
			try {
				source.checkWhole(body.size());
				whole = true;
				return body;
			}
			finally {
				if (!whole) {
					body.close();
				}
			}
		}
		catch (LeaseException ex) {
			throw new RequestEndedException(ex);
		}
		finally {
			synchronized (this) {
				this.readers.remove(reader);
			}
		}
	}

	private synchronized void checkReadable() {
		if (this.ended) {
			throw new RequestEndedException(null);
		}
		if (this.read) {
			throw new IllegalStateException(
					"Cannot read the body of the request: it was read before. Keep the buffer of the first call");
		}
	}

	private synchronized void begin(ContentReader reader, boolean once) {
		if (once) {
			checkReadable();
			this.read = true;
		}
		else if (this.ended) {
			throw new RequestEndedException(null);
		}
		this.readers.add(reader);
	}

	/**
	 * Give back what threads that still read have read so far.
	 */
	synchronized void end(boolean inDoubt) {
		this.ended = true;
		for (ContentReader reader : this.readers) {
			if (inDoubt) {
				reader.abandon();
			}
			else {
				reader.close();
			}
		}
	}

}
