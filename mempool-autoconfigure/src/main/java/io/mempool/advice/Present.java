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

import io.mempool.buffer.BufferPoolSettings;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * A pool as it is.
 *
 * @param name its name
 * @param memory where its memory lies
 * @param pooling whether it pools
 * @param limit the lower of its limit and that of its budget, in bytes
 * @param room the limit without what other pools use of the budget, in bytes
 * @param payingFrom from which size on a lease is cheaper than new memory
 * @param policy what it does when a cap is reached
 * @param tiers its tiers, ascending
 * @param peaks how many leases each tier had at once, and last those beyond the tiers;
 * empty if not known
 */
record Present(String name, MemoryKind memory, boolean pooling, long limit, long room, int payingFrom,
		ExhaustionPolicy policy, List<BufferTier> tiers, List<Integer> peaks) {

	/**
	 * What is documented of the heap, for machines that were not measured.
	 */
	static final int HEAP_PAYS_FROM = 1024;

	/**
	 * Describe a pool.
	 * @param statistics what it has done
	 * @param costs what memory costs, if that is known
	 */
	static Present of(PoolStatistics statistics, @Nullable MeasuredCosts costs) {
		List<BufferTier> tiers = new ArrayList<>();
		List<Integer> peaks = new ArrayList<>();
		for (TierStatistics tier : statistics.tiers()) {
			tiers.add(new BufferTier(tier.size(), tier.caps()));
			peaks.add(tier.peakLeased());
		}
		peaks.add(statistics.beyondTiers().peakLeased());
		Integer measured = (costs != null) ? costs.payingFrom(statistics.settings().clearing()) : null;
		int payingFrom = (measured != null) ? measured : payingFrom(statistics.memory());
		BufferPoolSettings settings = statistics.settings();
		long budget = statistics.budgetBytes();
		long usedByOthers = statistics.budgetUsedBytes() - statistics.usedBytes();
		long limit = Math.min(settings.limit(), budget);
		long room = (budget != Long.MAX_VALUE) ? Math.min(limit, Math.max(0, budget - usedByOthers)) : limit;
		return new Present(settings.name(), settings.memory(), settings.pooling(), limit, room, payingFrom,
				settings.policy(), tiers, peaks);
	}

	static Present of(String name, List<BufferTier> tiers) {
		return new Present(name, MemoryKind.HEAP, true, Long.MAX_VALUE, Long.MAX_VALUE, HEAP_PAYS_FROM,
				ExhaustionPolicy.ALLOCATE, tiers, List.of());
	}

	private static int payingFrom(MemoryKind memory) {
		return (memory == MemoryKind.HEAP) ? HEAP_PAYS_FROM : 0;
	}

	/**
	 * Return the largest size of which the limit allows a buffer, with all that it takes.
	 * @param maximum what the size may be at most
	 * @return bytes, {@code 0} if there is none
	 */
	int largestWithinLimit(int maximum) {
		int fits = 0;
		int least = 1;
		int most = (int) Math.min(maximum, this.limit);
		while (least <= most) {
			int middle = (least + most) >>> 1;
			if (this.memory.footprint(middle) <= this.limit) {
				fits = middle;
				least = middle + 1;
			}
			else {
				most = middle - 1;
			}
		}
		return fits;
	}

	/**
	 * Return how many bytes of the tiers were leased at once, at most.
	 */
	long peakBytes() {
		long bytes = 0;
		for (int i = 0; i < this.tiers.size() && i < this.peaks.size(); i++) {
			bytes += (long) this.peaks.get(i) * this.tiers.get(i).size();
		}
		return bytes;
	}

	List<Integer> sizes() {
		return this.tiers.stream().map(BufferTier::size).toList();
	}

	int maximumSize() {
		return this.tiers.get(this.tiers.size() - 1).size();
	}

}
