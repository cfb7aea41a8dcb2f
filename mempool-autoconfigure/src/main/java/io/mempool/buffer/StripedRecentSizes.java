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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.mempool.core.Stripes;
import org.jspecify.annotations.Nullable;

/**
 * Remembers sizes with plain stores, but for one in 256: exactly and in order with one
 * thread, best effort with several.
 */
final class StripedRecentSizes implements RecentSizes {

	/*
	 * Every stripe of threads writes its sizes with plain stores into an array of its own
	 * until that is full: no atomic, no shared line, and a lost entry where two threads
	 * share a stripe is within what is promised. Only when it is full, once in 256
	 * requests, a lock is taken: its sizes are counted into a histogram of the stripe's
	 * own, which costs a loop over 256 numbers, and copied to where a snapshot finds
	 * them. Then it is written from the start.
	 *
	 * Each time it gets a number, common to all stripes, by which they are merged. That
	 * is the only thing that processors write in turn: shorter arrays are felt as soon as
	 * two threads acquire.
	 *
	 * A thread that is still about to write when another one of its stripe starts again,
	 * may have the array counted twice, or in part not at all: an error of 256 requests
	 * at most.
	 */

	// How many sizes an array has
	private static final int LENGTH = 256;

	// 128 bytes: processors fetch cache lines in pairs
	private static final int PADDING = 32;

	// How many sizes were written comes before them, apart from whatever lies before. An
	// array of zeros is empty, even to a thread that sees it too early
	private static final int CURSOR = PADDING - 1;

	private static final int NUMBER = CURSOR - 1;

	private static final int SIZES = PADDING;

	// What every stripe begins with, so that a missing array is no case of its own
	private static final int[] FULL = new int[PADDING];
	static {
		FULL[CURSOR] = LENGTH;
	}

	private final int[][] current = new int[Stripes.COUNT][];

	private final History[] histories = new History[Stripes.COUNT];

	// One number, apart from what threads only read
	private final AtomicIntegerArray lastNumber = new AtomicIntegerArray(2 * PADDING);

	private final int capacity;

	StripedRecentSizes(int capacity) {
		this.capacity = capacity;
		Arrays.fill(this.current, FULL);
		Arrays.setAll(this.histories, (stripe) -> new History());
	}

	@Override
	public void record(int size) {
		int stripe = Stripes.current();
		if (!add(this.current[stripe], size)) {
			recordFirst(stripe, size);
		}
	}

	private static boolean add(int[] sizes, int size) {
		int count = sizes[CURSOR];
		if (count >= LENGTH) {
			return false;
		}
		sizes[SIZES + count] = size;
		sizes[CURSOR] = count + 1;
		return true;
	}

	private void recordFirst(int stripe, int size) {
		History history = this.histories[stripe];
		synchronized (history) {
			// Another thread of the stripe may have been faster
			if (!add(this.current[stripe], size)) {
				boolean first = history.isEmpty();
				int[] sizes = history.start(this.lastNumber.incrementAndGet(PADDING), this.capacity);
				add(sizes, size);
				// Not again, since other stripes read what lies beside it
				if (first) {
					this.current[stripe] = sizes;
				}
			}
		}
	}

	@Override
	public List<Integer> snapshot() {
		List<Entry> entries = new ArrayList<>();
		int last = this.lastNumber.get(PADDING);
		for (History history : this.histories) {
			history.addTo(entries, last);
		}
		// Stable: those of one array stay in order
		entries.sort(Comparator.comparingInt(Entry::age).reversed());
		return entries.subList(Math.max(0, entries.size() - this.capacity), entries.size())
			.stream()
			.map(Entry::size)
			.toList();
	}

	@Override
	public SizeHistogram histogram() {
		SizeHistogramBuilder sum = SizeHistogram.builder();
		for (History history : this.histories) {
			history.countInto(sum);
		}
		return sum.build();
	}

	/**
	 * What a stripe wrote.
	 */
	private static final class History {

		// Full ones, oldest first
		private final List<int[]> copies = new ArrayList<>(0);

		private int @Nullable [] current;

		// What was full
		private @Nullable SizeHistogramBuilder counted;

		synchronized boolean isEmpty() {
			return this.current == null;
		}

		synchronized int[] start(int number, int capacity) {
			int[] sizes = this.current;
			if (sizes == null) {
				sizes = new int[PADDING + LENGTH + PADDING];
				this.current = sizes;
			}
			else {
				count(sizes);
				copy(sizes, (capacity + LENGTH - 1) / LENGTH);
			}
			sizes[NUMBER] = number;
			sizes[CURSOR] = 0;
			return sizes;
		}

		private void count(int[] sizes) {
			if (this.counted == null) {
				this.counted = SizeHistogram.builder();
			}
			this.counted.countAll(sizes, SIZES, SIZES + LENGTH);
		}

		private void copy(int[] sizes, int kept) {
			int[] copy = (this.copies.size() < kept) ? new int[sizes.length] : this.copies.remove(0);
			System.arraycopy(sizes, 0, copy, 0, sizes.length);
			this.copies.add(copy);
		}

		synchronized void addTo(List<Entry> entries, int lastNumber) {
			for (int[] copy : this.copies) {
				addTo(entries, lastNumber, copy);
			}
			if (this.current != null) {
				addTo(entries, lastNumber, this.current);
			}
		}

		private static void addTo(List<Entry> entries, int lastNumber, int[] sizes) {
			// By age, so that a number that overflows does no harm
			int age = lastNumber - sizes[NUMBER];
			int end = SIZES + sizes[CURSOR];
			for (int i = SIZES; i < end; i++) {
				entries.add(new Entry(age, sizes[i]));
			}
		}

		synchronized void countInto(SizeHistogramBuilder sum) {
			if (this.counted != null) {
				sum.countAll(this.counted);
			}
			if (this.current != null) {
				sum.countAll(this.current, SIZES, SIZES + this.current[CURSOR]);
			}
		}

	}

	private record Entry(int age, int size) {

	}

}
