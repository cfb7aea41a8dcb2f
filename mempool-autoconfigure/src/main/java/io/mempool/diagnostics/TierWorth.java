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

package io.mempool.diagnostics;

import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.SizeHistogram;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What pooling a tier saves, and whether it is worth it.
 *
 * @param tier the size of the tier in bytes
 * @param bytesSaved how many bytes need not have been allocated, an estimate: the mean
 * size that was requested of the tier, for each of its hits
 * @param leaseNanos how long an acquire and a release of its size take on this machine,
 * in nanoseconds
 * @param allocationNanos how long the JVM takes to allocate its size instead, in
 * nanoseconds, without what the collector has to do later
 * @param warning why the tier is not worth it, or {@code null} if it is
 * @since 0.1.0
 */
public record TierWorth(int tier, long bytesSaved, long leaseNanos, long allocationNanos, @Nullable String warning) {

	/**
	 * Judge the tiers of a pool. The first call for a kind of memory and a clearing
	 * measures what leases and allocations cost: that takes some tens of milliseconds of
	 * one processor and leaves up to 40 MiB of garbage, or 2 MiB off the heap. Calls at
	 * the same time wait for it, later ones know. Safe for use by any number of threads.
	 * @param statistics what the pool has done
	 * @param requested what was requested of it
	 * @param clearing when the pool clears memory
	 * @return one result per tier, ascending; none if the pool does not pool
	 */
	public static List<TierWorth> of(PoolStatistics statistics, SizeHistogram requested, Clearing clearing) {
		return statistics.pooling() ? of(statistics, requested, MemoryCosts.of(statistics.memory(), clearing))
				: List.of();
	}

	static List<TierWorth> of(PoolStatistics statistics, SizeHistogram requested, MemoryCosts costs) {
		Demand demand = Demand.of(requested);
		for (TierStatistics tier : statistics.tiers()) {
			demand = demand.splitAt(tier.size());
		}
		List<TierWorth> worth = new ArrayList<>();
		int smaller = -1;
		for (TierStatistics tier : statistics.tiers()) {
			Demand served = demand.within(smaller, tier.size());
			long lease = Math.round(costs.leaseNanos(tier.size()));
			long allocation = Math.round(costs.allocationNanos(tier.size()));
			String warning = (allocation < lease) ? warning(statistics.memory(), tier.size(), lease, allocation) : null;
			worth.add(new TierWorth(tier.size(), saved(tier, served), lease, allocation, warning));
			smaller = tier.size();
		}
		return List.copyOf(worth);
	}

	private static long saved(TierStatistics tier, Demand served) {
		double mean = served.groups().isEmpty() ? tier.size() : (double) served.bytes() / served.count();
		return Math.round(tier.hits() * mean);
	}

	private static String warning(MemoryKind memory, int size, long lease, long allocation) {
		String instead = (memory == MemoryKind.HEAP) ? "new byte[" + size + "]"
				: "ByteBuffer.allocateDirect(" + size + ")";
		return instead + " takes " + allocation + " ns on this machine, a lease of this tier " + lease
				+ " ns: do not pool requests of up to " + size + " bytes";
	}

}
