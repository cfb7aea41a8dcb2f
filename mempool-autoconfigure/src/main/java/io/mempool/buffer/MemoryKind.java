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

/**
 * The kind of memory of a pool.
 *
 * @since 0.1.0
 */
public enum MemoryKind {

	/**
	 * Arrays on the Java heap.
	 */
	HEAP {

		@Override
		public long footprint(int capacity) {
			return HeapLayout.current().footprint(HeapBlock.arrayLength(capacity, HeapBlock.PADDING));
		}

	},

	/**
	 * Native memory, which the collector neither moves nor scans.
	 */
	OFF_HEAP {

		@Override
		public long footprint(int capacity) {
			return capacity;
		}

	};

	/**
	 * Return how much of this memory a pool with one buffer takes. On the heap this
	 * includes the header of the array, the padding, and the unusable rest of the
	 * collector's regions. Several buffers may share that rest.
	 * @param capacity the capacity of the buffer in bytes
	 * @return bytes, at least the capacity
	 */
	public abstract long footprint(int capacity);

	/**
	 * Return how much of this memory a pool with several buffers takes. Buffers that
	 * would waste much alone share regions.
	 * @param capacity the capacity of each buffer in bytes
	 * @param count how many there are
	 * @return bytes, at least all capacities together
	 */
	public final long footprint(int capacity, int count) {
		long alone = footprint(capacity);
		boolean shared = count > 0 && alone - capacity > capacity / 16;
		return shared ? alone + (count - 1L) * capacity : alone * count;
	}

}
