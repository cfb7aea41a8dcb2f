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

package io.mempool.jetty;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.PoolClosedException;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives Jetty the buffers of two pools, one on the heap and one outside of it.
 * <p>
 * <strong>Ownership.</strong> Every acquire makes a fresh object with a reference count
 * of its own. The memory returns to its pool with the last release. A release beyond that
 * is an {@code IllegalStateException}, also if the memory has a new owner.
 * <p>
 * <strong>No failure, no wait.</strong> Jetty acquires in threads that serve many
 * connections. What the pool refuses comes from memory that is not pooled: because a cap,
 * its limit or the budget is reached, the size is not served, or the pool is closed. The
 * pool counts refused acquires as {@code exhausted}.
 * <p>
 * <strong>Threads.</strong> Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class PooledByteBufferPool implements ByteBufferPool {

	private final BufferPool heap;

	private final BufferPool direct;

	/**
	 * Create a pool for connectors.
	 * @param heap the pool of buffers on the heap
	 * @param direct the pool of buffers that Jetty wants outside of the heap
	 */
	public PooledByteBufferPool(BufferPool heap, BufferPool direct) {
		this.heap = heap;
		this.direct = direct;
	}

	/**
	 * Acquire a buffer.
	 * @param size bytes, {@code 0} or more
	 * @param direct whether it should lie outside of the heap
	 * @return a buffer of that capacity, with position and limit 0, which the caller
	 * releases
	 */
	@Override
	public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
		PooledBuffer lease = tryAcquire(direct ? this.direct : this.heap, size);
		return (lease != null) ? new LeasedByteBuffer(this, lease) : NON_POOLING.acquire(size, direct);
	}

	private static @Nullable PooledBuffer tryAcquire(BufferPool pool, int size) {
		try {
			return pool.tryAcquire(size);
		}
		catch (PoolClosedException | SizeLimitExceededException ex) {
			return null;
		}
	}

	/**
	 * Discard all idle memory of both pools.
	 */
	@Override
	public void clear() {
		this.heap.trim();
		this.direct.trim();
	}

	@Override
	public String toString() {
		return "PooledByteBufferPool[heap=" + this.heap.name() + ", direct=" + this.direct.name() + "]";
	}

}
