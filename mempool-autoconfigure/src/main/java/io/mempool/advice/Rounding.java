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

package io.mempool.advice;

import java.util.ArrayList;
import java.util.List;

/**
 * Rounds the sizes of tiers up to what is easy to read, where that costs almost nothing.
 */
final class Rounding {

	/*
	 * Between two powers of two there are 8, 16 ... 256 sizes to round to, the coarser
	 * the easier to read. The first three of these are ends of a histogram's buckets, so
	 * that a request a little larger than any before still fits. A tier that is asked for
	 * its very size again and again is left alone.
	 */

	private static final int COARSEST = 3;

	private static final int FINEST = 8;

	private static final double TOLERATED = 1.01;

	private Rounding() {
	}

	/**
	 * Round sizes up.
	 * @param sizes ascending
	 * @param demand what the tiers serve
	 * @param ceiling what no size may exceed
	 * @return as many sizes, ascending, none smaller than it was
	 */
	static List<Integer> roundUp(List<Integer> sizes, Demand demand, int ceiling) {
		List<Integer> rounded = new ArrayList<>(sizes);
		for (int i = 0; i < sizes.size(); i++) {
			Demand served = demand.within((i > 0) ? sizes.get(i - 1) : -1, sizes.get(i));
			int maximum = (i < sizes.size() - 1) ? sizes.get(i + 1) - 1 : ceiling;
			rounded.set(i, roundUp(sizes.get(i), served, maximum));
		}
		return rounded;
	}

	private static int roundUp(int size, Demand demand, int maximum) {
		long lent = demand.lentBytes(List.of(size));
		if (lent == demand.bytes() && demand.count() > 1) {
			return size;
		}
		for (int steps = COARSEST; steps <= FINEST; steps++) {
			long rounded = roundUp(size, steps);
			if (rounded <= maximum && demand.lentBytes(List.of((int) rounded)) <= lent * TOLERATED) {
				return (int) rounded;
			}
		}
		return size;
	}

	private static long roundUp(int size, int steps) {
		long unit = Math.max(1, Integer.highestOneBit(size - 1) >> steps);
		return (size + unit - 1) / unit * unit;
	}

}
