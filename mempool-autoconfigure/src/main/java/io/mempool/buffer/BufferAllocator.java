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

import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

/**
 * Holds one buffer of a pool at a time. To allocate while it holds one is an error. To
 * read or release while it holds none is an error too. After a release it can allocate
 * again.
 * <p>
 * For use by one thread at a time. The rules are those of gomempool's allocator.
 *
 * @since 0.1.0
 */
public final class BufferAllocator implements AutoCloseable {

	private final BufferPool pool;

	private @Nullable PooledBuffer buffer;

	BufferAllocator(BufferPool pool) {
		this.pool = pool;
	}

	/**
	 * Acquire a buffer and hold it.
	 * @param size bytes, {@code 0} or more
	 * @return the buffer, which the allocator owns
	 * @throws LeaseException if a buffer is held already
	 */
	public PooledBuffer allocate(int size) {
		if (this.buffer != null) {
			throw new LeaseException("Cannot allocate " + size + " bytes from pool '" + this.pool.name()
					+ "': the allocator holds a buffer of " + this.buffer.size() + " bytes. Release it first");
		}
		PooledBuffer buffer = this.pool.acquire(size);
		this.buffer = buffer;
		return buffer;
	}

	/**
	 * Return the held buffer.
	 * @return the buffer, which the allocator owns
	 * @throws LeaseException if none is held
	 */
	public PooledBuffer buffer() {
		return held("read");
	}

	/**
	 * Release the held buffer.
	 * @throws LeaseException if none is held
	 */
	public void release() {
		PooledBuffer buffer = held("release");
		this.buffer = null;
		buffer.release();
	}

	/**
	 * Release the held buffer, if any.
	 */
	@Override
	public void close() {
		PooledBuffer buffer = this.buffer;
		this.buffer = null;
		if (buffer != null) {
			buffer.close();
		}
	}

	private PooledBuffer held(String action) {
		if (this.buffer == null) {
			throw new LeaseException("Cannot " + action + " the buffer of an allocator of pool '" + this.pool.name()
					+ "': it holds none. Allocate one first");
		}
		return this.buffer;
	}

	@Override
	public String toString() {
		return "BufferAllocator[pool=" + this.pool.name() + ", "
				+ ((this.buffer != null) ? "size=" + this.buffer.size() : "empty") + "]";
	}

}
