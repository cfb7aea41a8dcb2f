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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.mempool.engine.Stripes;
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
	 * Each time the array gets a number, common to all stripes, by which they are merged.
	 * That is the only thing that processors write in turn: shorter arrays are felt as
	 * soon as two threads acquire. For the same reason what a stripe writes over and over
	 * has room around it: it must not lie beside what belongs to another one.
	 *
	 * A thread that is still about to write when another one of its stripe starts again
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

	// Beside the cursor what else is written with each start, as a field would lie beside
	// those of other stripes
	private static final int NUMBER = CURSOR - 1;

	private static final int NEXT_COPY = NUMBER - 1;

	private static final int SIZES = PADDING;

	// What every stripe begins with, so that a missing array is no case of its own
	private static final int[] FULL = new int[PADDING];
	static {
		FULL[CURSOR] = LENGTH;
	}

	// What the stripes write: one load nearer than through them
	private final int[][] current = new int[Stripes.COUNT][];

	private final @Nullable Stripe[] stripes = new Stripe[Stripes.COUNT];

	// One number, apart from what threads only read
	private final AtomicIntegerArray lastNumber = new AtomicIntegerArray(2 * PADDING);

	private final int capacity;

	StripedRecentSizes(int capacity) {
		this.capacity = capacity;
		Arrays.fill(this.current, FULL);
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

	private void recordFirst(int number, int size) {
		Stripe stripe = this.stripes[number];
		if (stripe == null) {
			stripe = addStripe(number);
		}
		synchronized (stripe.sizes) {
			// Another thread of the stripe may have been faster
			if (!add(stripe.sizes, size)) {
				stripe.startAgain(this.lastNumber.incrementAndGet(PADDING));
				add(stripe.sizes, size);
			}
		}
	}

	private Stripe addStripe(int number) {
		synchronized (this.stripes) {
			Stripe stripe = this.stripes[number];
			if (stripe == null) {
				stripe = new Stripe(this.lastNumber.incrementAndGet(PADDING), this.capacity);
				this.stripes[number] = stripe;
				this.current[number] = stripe.sizes;
			}
			return stripe;
		}
	}

	@Override
	public List<Integer> snapshot() {
		List<int[]> arrays = new ArrayList<>();
		int last = this.lastNumber.get(PADDING);
		for (Stripe stripe : this.stripes) {
			if (stripe != null) {
				stripe.copyTo(arrays);
			}
		}
		// By age, so that a number that overflows does no harm
		arrays.sort(Comparator.comparingInt((int[] array) -> last - array[NUMBER]).reversed());
		int[] sizes = arrays.stream()
			.flatMapToInt((array) -> Arrays.stream(array, SIZES, SIZES + array[CURSOR]))
			.toArray();
		return Arrays.stream(sizes, Math.max(0, sizes.length - this.capacity), sizes.length).boxed().toList();
	}

	@Override
	public SizeHistogram histogram() {
		SizeHistogramBuilder sum = SizeHistogram.builder();
		for (Stripe stripe : this.stripes) {
			if (stripe != null) {
				stripe.countInto(sum);
			}
		}
		return sum.build();
	}

	@Override
	public String toString() {
		return "RecentSizes[lock-free, capacity=" + this.capacity + "]";
	}

	/**
	 * What a stripe wrote. All of it is guarded by the lock of the array that it writes,
	 * but for that array itself.
	 */
	private static final class Stripe {

		final int[] sizes = new int[PADDING + LENGTH + PADDING];

		// What was full
		private final int[] @Nullable [] copies;

		private final SizeHistogramBuilder counted = SizeHistogram.builder();

		Stripe(int number, int capacity) {
			this.sizes[NUMBER] = number;
			this.copies = new int[(capacity + LENGTH - 1) / LENGTH][];
		}

		void startAgain(int number) {
			int next = this.sizes[NEXT_COPY];
			int[] copy = this.copies[next];
			if (copy == null) {
				copy = new int[this.sizes.length];
				this.copies[next] = copy;
			}
			System.arraycopy(this.sizes, 0, copy, 0, copy.length);
			this.sizes[NEXT_COPY] = (next + 1) % this.copies.length;
			this.sizes[NUMBER] = number;
			this.sizes[CURSOR] = 0;
			this.counted.countAll(copy, SIZES, SIZES + LENGTH);
		}

		// Copies, so that a recording thread waits for no more than that
		void copyTo(List<int[]> arrays) {
			synchronized (this.sizes) {
				for (int[] copy : this.copies) {
					if (copy != null) {
						arrays.add(copy.clone());
					}
				}
				arrays.add(this.sizes.clone());
			}
		}

		void countInto(SizeHistogramBuilder sum) {
			synchronized (this.sizes) {
				sum.countAll(this.counted);
				sum.countAll(this.sizes, SIZES, SIZES + this.sizes[CURSOR]);
			}
		}

	}

}
