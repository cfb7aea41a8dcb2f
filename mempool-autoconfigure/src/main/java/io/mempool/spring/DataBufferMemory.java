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

import io.mempool.buffer.PooledBuffer;

/**
 * Where the memory of data buffers comes from.
 */
interface DataBufferMemory {

	/**
	 * The heap, without a pool.
	 */
	DataBufferMemory HEAP = new DataBufferMemory() {

		@Override
		public PooledBuffer acquire(int size) {
			return PooledBuffer.wrap(new byte[size]);
		}

		@Override
		public PooledBuffer acquireToGrow(int needed) {
			return acquire(doubled(needed));
		}

		@Override
		public boolean isDirect() {
			return false;
		}

	};

	/**
	 * Acquire memory.
	 * @param size bytes
	 * @return a buffer that the caller owns
	 */
	PooledBuffer acquire(int size);

	/**
	 * Acquire memory for a buffer that grows, with room for more if there is any.
	 * @param needed the minimum in bytes
	 * @return a buffer that the caller owns
	 */
	PooledBuffer acquireToGrow(int needed);

	/**
	 * Return whether the memory is off the heap.
	 */
	boolean isDirect();

	/**
	 * Return twice a size, so that copying stays linear, or as much as an array can have.
	 */
	static int doubled(int needed) {
		return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * needed));
	}

}
