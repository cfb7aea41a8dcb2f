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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers sizes exactly.
 */
final class LockedRecentSizes implements RecentSizes {

	private final ReentrantLock lock = new ReentrantLock();

	private final int[] ring;

	private final SizeHistogramBuilder histogram = SizeHistogram.builder();

	private long count;

	LockedRecentSizes(int capacity) {
		this.ring = new int[capacity];
	}

	@Override
	public void record(int size) {
		this.lock.lock();
		try {
			this.ring[(int) (this.count++ % this.ring.length)] = size;
			this.histogram.count(size, 1);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Integer> snapshot() {
		List<Integer> sizes = new ArrayList<>();
		this.lock.lock();
		try {
			for (long i = Math.max(0, this.count - this.ring.length); i < this.count; i++) {
				sizes.add(this.ring[(int) (i % this.ring.length)]);
			}
		}
		finally {
			this.lock.unlock();
		}
		return List.copyOf(sizes);
	}

	@Override
	public SizeHistogram histogram() {
		this.lock.lock();
		try {
			return this.histogram.build();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String toString() {
		return "RecentSizes[exact, capacity=" + this.ring.length + "]";
	}

}
