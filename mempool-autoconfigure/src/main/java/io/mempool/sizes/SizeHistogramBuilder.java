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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Counts sizes for a {@link SizeHistogram}. Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class SizeHistogramBuilder {

	/**
	 * How many bytes all counted sizes may have together, and how many sizes are counted
	 * at most.
	 */
	public static final long MAXIMUM_BYTES = 1L << 62;

	/*
	 * Sizes up to 64 have a cell each. Beyond, every range from one power of two,
	 * exclusive, to the next, inclusive, is an octave of 32 cells of the same width: so a
	 * power of two, the size that is asked for most, is the largest of its bucket, and a
	 * cell is less than a 32nd of its sizes wide. Octaves are created when they are
	 * needed: a pool sees few of them.
	 */

	private static final int SINGLE_SIZES = 64;

	private static final int CELLS = 32;

	// From 65..128 to 2^30 + 1..2^31
	private static final int OCTAVES = 25;

	// Of a cell: how many, how many bytes, the largest
	private static final int COUNT = 0;

	private static final int BYTES = 1;

	private static final int LARGEST = 2;

	private static final int FIGURES = 3;

	// Behind the cells, since those of another thread's builder may follow: 128 bytes, as
	// processors fetch cache lines in pairs
	private static final int ROOM = 16;

	private final long[] @Nullable [] octaves = new long[1 + OCTAVES][];

	// Only what add() has counted
	private long bytes;

	private long requests;

	SizeHistogramBuilder() {
	}

	/**
	 * Count a size.
	 * @param size bytes, {@code 0} or more
	 * @return this builder
	 * @throws IllegalArgumentException if the size is negative, or all sizes add up to
	 * more than {@link #MAXIMUM_BYTES}, or are more
	 */
	public SizeHistogramBuilder add(int size) {
		return add(size, 1);
	}

	/**
	 * Count a size several times.
	 * @param size bytes, {@code 0} or more
	 * @param count how often it was requested, {@code 0} or more times
	 * @return this builder
	 * @throws IllegalArgumentException if the size or the count is negative, or all sizes
	 * add up to more than {@link #MAXIMUM_BYTES}, or are more
	 */
	public SizeHistogramBuilder add(int size, long count) {
		if (size < 0) {
			throw new IllegalArgumentException("'size' must not be negative but is " + size);
		}
		if (count < 0) {
			throw new IllegalArgumentException("'count' must not be negative but is " + count);
		}
		if (size > 0 && count > (MAXIMUM_BYTES - this.bytes) / size) {
			throw new IllegalArgumentException("The sizes must not add up to more than " + MAXIMUM_BYTES
					+ " bytes: divide all counts by the same number");
		}
		if (count > MAXIMUM_BYTES - this.requests) {
			throw new IllegalArgumentException(
					"At most " + MAXIMUM_BYTES + " sizes can be counted: divide all counts by the same number");
		}
		this.bytes += size * count;
		this.requests += count;
		if (count > 0) {
			count(size, count);
		}
		return this;
	}

	/**
	 * Count a size that cannot be negative, and that it would take years to count too
	 * often.
	 */
	void count(int size, long count) {
		int octave = octave(size);
		count(octave, cell(octave, size), count, count * size, size);
	}

	/**
	 * Count a part of an array of such sizes.
	 */
	void countAll(int[] sizes, int from, int to) {
		if (from == to) {
			return;
		}
		// All the same, as most pools are asked: found out in a few vector instructions
		if (Arrays.mismatch(sizes, from, to - 1, sizes, from + 1, to) < 0) {
			count(sizes[from], to - from);
			return;
		}
		for (int i = from; i < to; i++) {
			count(sizes[i], 1);
		}
	}

	/**
	 * Count what another builder has counted.
	 */
	void countAll(SizeHistogramBuilder other) {
		for (int octave = 0; octave < this.octaves.length; octave++) {
			long[] figures = other.octaves[octave];
			for (int at = 0; figures != null && at < length(octave); at += FIGURES) {
				if (figures[at + COUNT] > 0) {
					count(octave, at / FIGURES, figures[at + COUNT], figures[at + BYTES], figures[at + LARGEST]);
				}
			}
		}
	}

	private void count(int octave, int cell, long count, long bytes, long largest) {
		long[] figures = this.octaves[octave];
		if (figures == null) {
			figures = new long[length(octave) + ROOM];
			this.octaves[octave] = figures;
		}
		int at = cell * FIGURES;
		figures[at + COUNT] += count;
		figures[at + BYTES] += bytes;
		figures[at + LARGEST] = Math.max(figures[at + LARGEST], largest);
	}

	private static int length(int octave) {
		return ((octave == 0) ? SINGLE_SIZES + 1 : CELLS) * FIGURES;
	}

	private static int octave(int size) {
		return (size <= SINGLE_SIZES) ? 0 : 26 - Integer.numberOfLeadingZeros(size - 1);
	}

	private static int cell(int octave, int size) {
		return (octave == 0) ? size : ((size - 1) >>> octave) - CELLS;
	}

	/**
	 * Return what was counted so far.
	 * @return a snapshot
	 */
	public SizeHistogram build() {
		List<SizeHistogram.Bucket> buckets = new ArrayList<>();
		for (int octave = 0; octave < this.octaves.length; octave++) {
			long[] figures = this.octaves[octave];
			for (int at = 0; figures != null && at < length(octave); at += FIGURES) {
				if (figures[at + COUNT] > 0) {
					buckets.add(bucket(octave, at / FIGURES, Arrays.copyOfRange(figures, at, at + FIGURES)));
				}
			}
		}
		return new SizeHistogram(buckets);
	}

	private static SizeHistogram.Bucket bucket(int octave, int cell, long[] figures) {
		int from = (octave == 0) ? cell : ((CELLS + cell) << octave) + 1;
		long to = (octave == 0) ? cell : (long) (CELLS + cell + 1) << octave;
		return new SizeHistogram.Bucket(from, (int) Math.min(to, Integer.MAX_VALUE), (int) figures[LARGEST],
				figures[COUNT], figures[BYTES]);
	}

	@Override
	public String toString() {
		return "SizeHistogramBuilder[" + build() + "]";
	}

}
