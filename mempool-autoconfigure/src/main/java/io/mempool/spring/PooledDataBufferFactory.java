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

import java.nio.ByteBuffer;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.util.Assert;

/**
 * Makes data buffers of the memory of a pool.
 * <p>
 * <strong>Ownership</strong> is that of every {@link PooledDataBuffer}: the code that
 * consumes a data buffer releases it. References are counted on the data buffer and its
 * slices; behind them is a lease. A data buffer that is used after its last release
 * throws an {@link IllegalStateException}, also when its memory has a new owner.
 * <p>
 * Buffers grow through the tiers of the pool. To join buffers copies each byte once. What
 * is wrapped is neither copied nor pooled.
 * <p>
 * <strong>Threads.</strong> The factory is safe for use by any thread. A data buffer is
 * for use by one thread at a time, except that any thread may retain and release it.
 *
 * @since 0.1.0
 */
public final class PooledDataBufferFactory implements DataBufferFactory {

	private static final int DEFAULT_CAPACITY = 256;

	private final BufferPool pool;

	private final DataBufferMemory memory;

	/**
	 * Create the factory.
	 * @param pool the source of memory
	 */
	public PooledDataBufferFactory(BufferPool pool) {
		this.pool = pool;
		this.memory = new PoolMemory(pool);
	}

	@Override
	@Deprecated
	public PooledDataBuffer allocateBuffer() {
		return allocateBuffer(DEFAULT_CAPACITY);
	}

	@Override
	public PooledDataBuffer allocateBuffer(int initialCapacity) {
		return LeaseDataBuffer.empty(this, this.memory, this.memory.acquire(initialCapacity));
	}

	@Override
	public PooledDataBuffer wrap(ByteBuffer byteBuffer) {
		return LeaseDataBuffer.full(this, this.memory, PooledBuffer.wrap(byteBuffer));
	}

	@Override
	public PooledDataBuffer wrap(byte[] bytes) {
		return LeaseDataBuffer.full(this, this.memory, PooledBuffer.wrap(bytes));
	}

	/**
	 * Wrap a pooled buffer without a copy, of any pool.
	 * @param buffer a buffer that the caller still owns
	 * @return a data buffer with a reference of its own
	 */
	public PooledDataBuffer wrap(PooledBuffer buffer) {
		return LeaseDataBuffer.full(this, this.memory, buffer.retain());
	}

	/**
	 * Copy several buffers into one, and release them, whether that succeeds or not.
	 */
	@Override
	public DataBuffer join(List<? extends DataBuffer> dataBuffers) {
		Assert.notEmpty(dataBuffers, "'dataBuffers' must not be empty");
		if (dataBuffers.size() == 1) {
			return dataBuffers.get(0);
		}
		try {
			long size = dataBuffers.stream().mapToLong(DataBuffer::readableByteCount).sum();
			return write(dataBuffers, allocateBuffer(Math.toIntExact(size)));
		}
		finally {
			dataBuffers.forEach(DataBufferUtils::release);
		}
	}

	private static PooledDataBuffer write(List<? extends DataBuffer> parts, PooledDataBuffer whole) {
		boolean written = false;
		try {
			whole.write(parts.toArray(new DataBuffer[0]));
			written = true;
			return whole;
		}
		finally {
			if (!written) {
				whole.release();
			}
		}
	}

	@Override
	public boolean isDirect() {
		return this.memory.isDirect();
	}

	@Override
	public String toString() {
		return "PooledDataBufferFactory[pool=" + this.pool.name() + "]";
	}

	/**
	 * The memory of a pool.
	 *
	 * @param pool the pool
	 */
	private record PoolMemory(BufferPool pool) implements DataBufferMemory {

		@Override
		public PooledBuffer acquire(int size) {
			return (size != 0) ? this.pool.acquire(size) : PooledBuffer.wrap(new byte[0]);
		}

		@Override
		public PooledBuffer acquireToGrow(int needed) {
			boolean beyondTiers = needed > this.pool.maximumSize();
			return this.pool.acquireAtLeast(needed, beyondTiers ? DataBufferMemory.doubled(needed) : needed);
		}

		@Override
		public boolean isDirect() {
			return this.pool.memory() == MemoryKind.OFF_HEAP;
		}

	}

}
