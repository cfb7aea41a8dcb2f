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

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What pooling a tier saves, and whether it is worth it.
 *
 * @param tier the size of the tier in bytes
 * @param bytesSaved how many bytes need not have been allocated, an estimate: the mean
 * size that was requested of the tier, for each of its hits
 * @param leaseNanos how long an acquire and a release of its size take on this machine,
 * in nanoseconds, with the clearing of the pool
 * @param clearedLeaseNanos how long they take with clearing on release
 * @param unclearedLeaseNanos how long they take without clearing
 * @param allocationNanos how long the JVM takes to allocate its size instead, in
 * nanoseconds, without what the collector has to do later
 * @param steady whether these times are steady. If not, the machine was busy or the code
 * not compiled yet: they prove nothing, and are measured again at one of the next calls
 * @param warning why the tier is not worth it, or {@code null} if it is, or if that is
 * not certain
 * @since 0.1.0
 */
public record TierWorth(int tier, long bytesSaved, long leaseNanos, long clearedLeaseNanos, long unclearedLeaseNanos,
		long allocationNanos, boolean steady, @Nullable String warning) {

	/**
	 * Judge the tiers of a pool. The first call for a kind of memory measures what leases
	 * and allocations cost: that takes from a quarter of a second to a second of one
	 * processor, until the figures are steady or the time is over, and leaves up to 100
	 * MiB of garbage, or 12 MiB off the heap. Calls at the same time wait for it, later
	 * ones know. As long as the figures are not steady, a call 10 seconds later measures
	 * again, then one after twice that time, and so on. Safe for use by any number of
	 * threads.
	 * @param statistics what the pool has done
	 * @param requested what was requested of it
	 * @param clearing when the pool clears memory
	 * @return one result per tier, ascending; none if the pool does not pool, or there is
	 * no memory to measure anything
	 */
	public static List<TierWorth> of(PoolStatistics statistics, SizeHistogram requested, Clearing clearing) {
		MemoryCosts costs = statistics.settings().pooling() ? Calibrations.OF_JVM.of(statistics.memory()) : null;
		return (costs != null) ? of(statistics, requested, clearing, costs) : List.of();
	}

	/**
	 * Measure again what leases and allocations cost, as on a machine that has become
	 * quiet. Does nothing if they were measured within the last 10 seconds, so that many
	 * callers cost no more than a tenth of a processor.
	 * @param memory the kind of memory
	 */
	public static void measureAgain(MemoryKind memory) {
		Calibrations.OF_JVM.again(memory);
	}

	static List<TierWorth> of(PoolStatistics statistics, SizeHistogram requested, Clearing clearing,
			MemoryCosts costs) {
		Demand demand = Demand.of(requested);
		for (TierStatistics tier : statistics.tiers()) {
			demand = demand.splitAt(tier.size());
		}
		List<TierWorth> worth = new ArrayList<>();
		int smaller = -1;
		for (TierStatistics tier : statistics.tiers()) {
			Demand served = demand.within(smaller, tier.size());
			worth.add(of(statistics.memory(), tier.size(), saved(tier, served), clearing, costs));
			smaller = tier.size();
		}
		return List.copyOf(worth);
	}

	private static TierWorth of(MemoryKind memory, int size, long saved, Clearing clearing, MemoryCosts costs) {
		long cleared = Math.round(costs.leaseNanos(size, Clearing.ON_RELEASE));
		long uncleared = Math.round(costs.leaseNanos(size, Clearing.NEVER));
		long lease = (clearing == Clearing.NEVER) ? uncleared : cleared;
		long allocation = Math.round(costs.allocationNanos(size));
		String warning = costs.isAllocationQuicker(size, clearing)
				? warning(memory, size, allocation, cleared, uncleared) : null;
		return new TierWorth(size, saved, lease, cleared, uncleared, allocation, costs.isSteady(size), warning);
	}

	private static long saved(TierStatistics tier, Demand served) {
		double mean = served.groups().isEmpty() ? tier.size() : (double) served.bytes() / served.count();
		return Math.round(tier.hits() * mean);
	}

	private static String warning(MemoryKind memory, int size, long allocation, long cleared, long uncleared) {
		String instead = (memory == MemoryKind.HEAP) ? "new byte[" + size + "]"
				: "ByteBuffer.allocateDirect(" + size + ")";
		return instead + " takes " + allocation + " ns on this machine, a lease of this tier " + cleared
				+ " ns with clearing and " + uncleared + " ns without: do not pool requests of " + size + " bytes";
	}

}
