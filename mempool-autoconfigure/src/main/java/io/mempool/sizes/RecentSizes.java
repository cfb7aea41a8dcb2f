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

package io.mempool.sizes;

import java.util.List;

/**
 * Remembers which sizes were requested: the last ones one by one, in a ring of fixed
 * capacity whose oldest is overwritten, and all of them by how often. Implementations are
 * safe for use by several threads, and fast: they are called for every acquire.
 *
 * @since 0.1.0
 */
public interface RecentSizes {

	/**
	 * How many sizes a pool remembers unless another number is set.
	 */
	int DEFAULT_CAPACITY = 256;

	/**
	 * The highest capacity.
	 */
	int MAXIMUM_CAPACITY = 1 << 16;

	/**
	 * Remember a size.
	 * @param size bytes
	 */
	void record(int size);

	/**
	 * Return what is remembered one by one.
	 * @return sizes in bytes, oldest first
	 */
	List<Integer> snapshot();

	/**
	 * Return how often which sizes were requested since the pool was built. Unless an
	 * implementation counts them, they are those in the ring.
	 * @return a snapshot
	 */
	default SizeHistogram histogram() {
		SizeHistogramBuilder histogram = SizeHistogram.builder();
		snapshot().forEach(histogram::add);
		return histogram.build();
	}

	/**
	 * Create a ring that is written without a lock but for one call in 256: exact and in
	 * order with one thread, best effort with several.
	 * @param capacity how many sizes to remember, from 1 to {@link #MAXIMUM_CAPACITY}
	 * @return a ring
	 */
	static RecentSizes lockFree(int capacity) {
		return new StripedRecentSizes(checkCapacity(capacity));
	}

	/**
	 * Create a ring with a lock: exact and in order with any number of threads, which
	 * wait for each other.
	 * @param capacity how many sizes to remember, from 1 to {@link #MAXIMUM_CAPACITY}
	 * @return a ring
	 */
	static RecentSizes exact(int capacity) {
		return new LockedRecentSizes(checkCapacity(capacity));
	}

	private static int checkCapacity(int capacity) {
		if (capacity < 1 || capacity > MAXIMUM_CAPACITY) {
			throw new IllegalArgumentException(
					"'capacity' must be from 1 to " + MAXIMUM_CAPACITY + " but is " + capacity);
		}
		return capacity;
	}

}
