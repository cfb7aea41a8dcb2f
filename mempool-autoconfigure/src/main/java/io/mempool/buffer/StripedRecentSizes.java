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
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.mempool.core.Stripes;
import org.jspecify.annotations.Nullable;

/**
 * Remembers sizes without a lock: exactly and in order with one thread, best effort with
 * several.
 */
final class StripedRecentSizes implements RecentSizes {

	/*
	 * Every stripe of threads writes its own ring with plain stores: no atomic, no shared
	 * line, and a lost entry where two threads share a stripe is within what is promised.
	 * A stripe numbers every 256 entries of its own with a common epoch, by which the
	 * rings are merged. The number of the epoch is the only thing that processors write
	 * in turn: shorter epochs are felt as soon as two threads acquire.
	 *
	 * When an epoch begins, the entries of the one before are counted into a histogram of
	 * the stripe's own: the cost of counting is that of a loop over 256 numbers once in
	 * 256 requests. Those not counted yet lie in the ring, where a snapshot finds them.
	 * Two threads that share a stripe may lose entries to each other, or begin an epoch
	 * twice; a snapshot may come between an epoch and its counting. Each time that is an
	 * error of 256 requests at most.
	 */

	private static final int EPOCH_LENGTH = 256;

	// 128 bytes: processors fetch cache lines in pairs
	private static final int PADDING = 32;

	// The cursor first, apart from whatever lies before, from the entries and from what
	// lies behind them
	private static final int CURSOR = PADDING;

	private static final int ENTRIES = CURSOR + PADDING;

	// Where a cursor starts again, as if it had gone round once
	private static final int LAST_CURSOR = 1 << 30;

	private final int[] @Nullable [] rings = new int[Stripes.COUNT][];

	private final @Nullable SizeHistogramBuilder[] histograms = new SizeHistogramBuilder[Stripes.COUNT];

	// One number, apart from what threads only read
	private final AtomicIntegerArray epoch = new AtomicIntegerArray(2 * PADDING);

	private final int capacity;

	// A power of two, and so many that those remembered have not lost their epochs
	private final int length;

	StripedRecentSizes(int capacity) {
		this.capacity = capacity;
		this.length = Integer.highestOneBit(capacity + EPOCH_LENGTH - 1) * 2;
	}

	@Override
	public void record(int size) {
		int stripe = Stripes.current();
		int[] ring = this.rings[stripe];
		if (ring == null) {
			ring = new int[ENTRIES + this.length + this.length / EPOCH_LENGTH + PADDING];
			this.rings[stripe] = ring;
		}
		int count = ring[CURSOR];
		ring[indexOf(count)] = size;
		ring[CURSOR] = count + 1;
		if ((count & (EPOCH_LENGTH - 1)) == 0) {
			beginEpoch(stripe, ring, count);
		}
	}

	private void beginEpoch(int stripe, int[] ring, int count) {
		ring[epochOf(count)] = this.epoch.getAndIncrement(PADDING);
		if (count > 0) {
			countEpoch(stripe, ring, count - EPOCH_LENGTH);
		}
		if (count == LAST_CURSOR) {
			ring[CURSOR] = this.length + 1;
		}
	}

	private void countEpoch(int stripe, int[] ring, int begin) {
		SizeHistogramBuilder histogram = this.histograms[stripe];
		if (histogram == null) {
			histogram = SizeHistogram.builder();
			this.histograms[stripe] = histogram;
		}
		int from = indexOf(begin);
		histogram.countAll(ring, from, from + EPOCH_LENGTH);
	}

	private int indexOf(int count) {
		return ENTRIES + (count & (this.length - 1));
	}

	private int epochOf(int count) {
		return ENTRIES + this.length + (count & (this.length - 1)) / EPOCH_LENGTH;
	}

	@Override
	public List<Integer> snapshot() {
		int now = this.epoch.get(PADDING);
		List<Entry> entries = new ArrayList<>();
		for (int[] ring : this.rings) {
			if (ring != null) {
				int count = ring[CURSOR];
				for (int i = Math.max(0, count - this.capacity); i < count; i++) {
					// By age, so that an epoch that overflows does no harm
					entries.add(new Entry(now - ring[epochOf(i)], ring[indexOf(i)]));
				}
			}
		}
		// Stable: the entries of one ring stay in order
		entries.sort(Comparator.comparingInt(Entry::age).reversed());
		return entries.subList(Math.max(0, entries.size() - this.capacity), entries.size())
			.stream()
			.map(Entry::size)
			.toList();
	}

	@Override
	public SizeHistogram histogram() {
		SizeHistogramBuilder sum = SizeHistogram.builder();
		for (int stripe = 0; stripe < this.rings.length; stripe++) {
			SizeHistogramBuilder histogram = this.histograms[stripe];
			if (histogram != null) {
				sum.countAll(histogram);
			}
			int[] ring = this.rings[stripe];
			int count = (ring != null) ? ring[CURSOR] : 0;
			if (ring != null && count > 0) {
				// The current epoch, which is full until the next one begins
				sum.countAll(ring, indexOf((count - 1) & -EPOCH_LENGTH), indexOf(count - 1) + 1);
			}
		}
		return sum.build();
	}

	private record Entry(int age, int size) {

	}

}
