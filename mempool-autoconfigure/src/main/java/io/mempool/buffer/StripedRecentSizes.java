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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Stripes;
import org.jspecify.annotations.Nullable;

/**
 * The sizes that were requested last, without a lock: exact and in order with one thread,
 * best effort with several.
 */
final class StripedRecentSizes implements RecentSizes {

	/*
	 * Every stripe of threads writes its own ring with plain stores: no atomic, no shared
	 * line, and a lost entry where two threads share a stripe is within what is promised.
	 * Entries carry an epoch that a stripe advances once in 64 entries, by which the
	 * rings are merged.
	 */

	private static final int EPOCH_LENGTH = 64;

	// Cursor first, a cache line pair away from whatever lies before and from the entries
	private static final int CURSOR = 16;

	private static final int ENTRIES = 32;

	private final long[] @Nullable [] rings = new long[Stripes.COUNT][];

	private final AtomicInteger epoch = new AtomicInteger();

	private final int capacity;

	// The next power of two
	private final int length;

	StripedRecentSizes(int capacity) {
		this.capacity = capacity;
		this.length = Integer.highestOneBit(Math.max(1, capacity * 2 - 1));
	}

	@Override
	public void record(int size) {
		int stripe = Stripes.current();
		long[] ring = this.rings[stripe];
		if (ring == null) {
			ring = new long[ENTRIES + this.length];
			this.rings[stripe] = ring;
		}
		long count = ring[CURSOR];
		ring[ENTRIES + (int) (count & (this.length - 1))] = ((long) this.epoch.getPlain() << Integer.SIZE) | size;
		ring[CURSOR] = count + 1;
		if ((count & (EPOCH_LENGTH - 1)) == EPOCH_LENGTH - 1) {
			this.epoch.getAndIncrement();
		}
	}

	@Override
	public List<Integer> snapshot() {
		int now = this.epoch.get();
		List<Long> entries = new ArrayList<>();
		for (long[] ring : this.rings) {
			if (ring != null) {
				long count = ring[CURSOR];
				for (long i = Math.max(0, count - this.capacity); i < count; i++) {
					entries.add(ring[ENTRIES + (int) (i & (this.length - 1))]);
				}
			}
		}
		// By age, so that an epoch that overflows does no harm; the sort is stable
		entries.sort(Comparator.comparingInt((Long entry) -> now - (int) (entry >>> Integer.SIZE)).reversed());
		return entries.subList(Math.max(0, entries.size() - this.capacity), entries.size())
			.stream()
			.map((entry) -> (int) (long) entry)
			.toList();
	}

}
