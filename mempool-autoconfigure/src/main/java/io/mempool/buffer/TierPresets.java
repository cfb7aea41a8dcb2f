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
import java.util.List;

/**
 * Lists of tier sizes, and the default sizes.
 *
 * @since 0.1.0
 */
public final class TierPresets {

	/**
	 * How many tiers {@link #multiplesOf} makes at most. Each has a free list of its own.
	 */
	public static final int MAXIMUM_MULTIPLES = 256;

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	// One tier keeps at most a 128th of the heap idle by default
	private static final int HEAP_SHARE_OF_TIER = 128;

	private static final int MINIMUM_DEFAULT_IDLE = 4;

	private static final int MAXIMUM_DEFAULT_IDLE = 1024;

	private TierPresets() {
	}

	/**
	 * Powers of two from a minimum up to a maximum, which is the last tier even if it is
	 * no power of two.
	 * @param minimum the smallest size that must fit the first tier, in bytes
	 * @param maximum the size of the last tier in bytes
	 * @return ascending sizes in bytes
	 * @throws IllegalArgumentException if the minimum is not positive or exceeds the
	 * maximum
	 */
	public static List<Integer> powersOfTwo(int minimum, int maximum) {
		if (minimum <= 0 || minimum > maximum) {
			throw new IllegalArgumentException("The minimum must be from 1 to the maximum, but the minimum is "
					+ minimum + " and the maximum " + maximum + " bytes");
		}
		List<Integer> sizes = new ArrayList<>();
		for (long size = ceilingPowerOfTwo(minimum); size < maximum; size *= 2) {
			sizes.add((int) size);
		}
		sizes.add(maximum);
		return List.copyOf(sizes);
	}

	/**
	 * Multiples of a base from the base up to a maximum, which is the last tier even if
	 * it is no multiple: a buffer wastes less than the base.
	 * @param base the size of the first tier in bytes, and of each step
	 * @param maximum the size of the last tier in bytes
	 * @return ascending sizes in bytes
	 * @throws IllegalArgumentException if the base is not positive or exceeds the
	 * maximum, or there were more than {@value #MAXIMUM_MULTIPLES} tiers
	 */
	public static List<Integer> multiplesOf(int base, int maximum) {
		if (base <= 0 || base > maximum) {
			throw new IllegalArgumentException("The base must be from 1 to the maximum, but the base is " + base
					+ " and the maximum " + maximum + " bytes");
		}
		int count = (maximum - 1) / base + 1;
		if (count > MAXIMUM_MULTIPLES) {
			throw new IllegalArgumentException(
					"Multiples of " + base + " bytes up to " + maximum + " bytes are " + count + " tiers, but at most "
							+ MAXIMUM_MULTIPLES + " are possible. Choose a larger base or a smaller maximum");
		}
		List<Integer> sizes = new ArrayList<>();
		for (int i = 1; i < count; i++) {
			sizes.add(i * base);
		}
		sizes.add(maximum);
		return List.copyOf(sizes);
	}

	/**
	 * Sizes for streaming: 1, 4, 16, 32, 64 and 128 KiB.
	 * @return ascending sizes in bytes
	 */
	public static List<Integer> stream() {
		return List.of(KIB, 4 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB);
	}

	/**
	 * The default sizes of a pool: powers of two from 4 KiB up to a 64th of the maximum
	 * heap, and 16 MiB at most. Below 4 KiB the JVM's own allocation is as good.
	 * @return ascending sizes in bytes
	 */
	public static List<Integer> fromHeap() {
		long share = Long.highestOneBit(Runtime.getRuntime().maxMemory() / 64);
		return powersOfTwo(4 * KIB, (int) Math.max(64 * KIB, Math.min(16 * MIB, share)));
	}

	/**
	 * How many idle blocks a tier keeps by default: what fits a 128th of the maximum
	 * heap, but 4 at least and 1024 at most.
	 * @param size the capacity of the tier in bytes
	 * @return the number of blocks
	 */
	public static int defaultMaxIdle(int size) {
		long fitting = Runtime.getRuntime().maxMemory() / HEAP_SHARE_OF_TIER / size;
		return (int) Math.max(MINIMUM_DEFAULT_IDLE, Math.min(MAXIMUM_DEFAULT_IDLE, fitting));
	}

	private static long ceilingPowerOfTwo(int value) {
		int highest = Integer.highestOneBit(value);
		return (highest == value) ? value : 2L * highest;
	}

}
