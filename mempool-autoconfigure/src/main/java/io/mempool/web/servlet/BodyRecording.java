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

import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.web.RequestEndedException;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a body so far, up to a limit. Its own memory grows with what arrives.
 * A body that is read as a whole into pooled memory is shared instead. Safe for use by
 * several threads.
 */
final class BodyRecording {

	private static final byte[] NOTHING = {};

	private final RequestMemory memory;

	private final BufferPool pool;

	private final int limit;

	// No monitor: what is written may wait for memory
	private final ReentrantLock lock = new ReentrantLock();

	@GuardedBy("lock")
	private @Nullable PooledOutputStream out;

	// Instead of what was written, if a reader has all of it in one buffer
	@GuardedBy("lock")
	private @Nullable PooledBuffer shared;

	@GuardedBy("lock")
	private long passed;

	@GuardedBy("lock")
	private boolean truncated;

	@GuardedBy("lock")
	private boolean paused;

	BodyRecording(RequestMemory memory, BufferPool pool, int limit) {
		this.memory = memory;
		this.pool = pool;
		this.limit = limit;
	}

	void add(byte[] bytes, int offset, int length) {
		this.lock.lock();
		try {
			this.passed += length;
			if (this.paused || this.truncated || length == 0) {
				return;
			}
			if (this.shared != null) {
				this.truncated = true;
				return;
			}
			int kept = (int) Math.min(length, this.limit - (this.passed - length));
			this.truncated = kept < length;
			if (kept > 0) {
				write(bytes, offset, kept);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@GuardedBy("lock")
	private void write(byte[] bytes, int offset, int length) {
		try {
			if (this.out == null) {
				this.out = this.memory.scope().outputStream(this.pool, 0, this.limit);
			}
			this.out.write(bytes, offset, length);
		}
		catch (SizeLimitExceededException | PoolExhaustedException | LeaseException | PoolClosedException ex) {
			this.truncated = true;
		}
	}

	/**
	 * Keep nothing while the whole body is read into one buffer.
	 * @return whether that buffer may become what is kept. It may if at most the byte was
	 * read that Spring looks at
	 */
	boolean pause() {
		this.lock.lock();
		try {
			this.paused = this.passed <= 1;
			return this.paused;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Share a body instead of what was kept, or keep no more if there is none.
	 * @param body the body, {@code null} if reading it failed
	 */
	void resume(@Nullable PooledBuffer body) {
		this.lock.lock();
		try {
			this.paused = false;
			if (body == null || body.size() != this.passed) {
				this.truncated |= body == null || body.size() > 0;
				return;
			}
			int kept = Math.min(body.size(), this.limit);
			try {
				this.shared = this.memory.share(body, kept);
				this.truncated = kept < body.size();
			}
			catch (SizeLimitExceededException ex) {
				this.truncated = true;
				return;
			}
			if (this.out != null) {
				this.out.release();
				this.out = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	PooledBuffer content() {
		this.lock.lock();
		try {
			if (this.memory.scope().isClosed()) {
				throw new RequestEndedException(null);
			}
			PooledBuffer body = this.shared;
			if (body != null) {
				return this.memory.share(body, body.size());
			}
			PooledOutputStream written = this.out;
			PooledBuffer[] content = new PooledBuffer[1];
			if (written != null) {
				written.ifHeld((held) -> content[0] = this.memory.share(held, written.size()));
			}
			return (content[0] != null) ? content[0] : this.memory.scope().adopt(PooledBuffer.wrap(NOTHING));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keep no more.
	 */
	void cut() {
		this.lock.lock();
		try {
			this.truncated = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether some of the body was read.
	 */
	boolean isBegun() {
		this.lock.lock();
		try {
			return this.passed > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isTruncated() {
		this.lock.lock();
		try {
			return this.truncated;
		}
		finally {
			this.lock.unlock();
		}
	}

}
