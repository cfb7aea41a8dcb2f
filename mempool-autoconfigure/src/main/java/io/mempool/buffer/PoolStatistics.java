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

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;

/**
 * The statistics of a pool, read at one instant. The totals are sums over the tiers,
 * former ones included. Requests beyond the largest tier have figures of their own. At
 * rest {@code idle = returned - discarded - hits + preallocated} and
 * {@code leased = hits + misses - returned - leaked}, to which {@link #leased} adds what
 * is leased oversized.
 *
 * @param settings the settings of the pool at that instant
 * @param budgetBytes the limit of the budget that it draws from, in bytes,
 * {@link Long#MAX_VALUE} for none
 * @param budgetUsedBytes how much of the runtime's memory all pools of that budget take,
 * this one included, in bytes
 * @param usedBytes how much of the runtime's memory it takes, in bytes: idle, leased, and
 * discarded but not yet freed, headers and alignment included
 * @param pendingBytes how much of that was discarded and is not yet freed, for example
 * because it may still be in use
 * @param capacityBytes the capacity of its idle and leased buffers in bytes
 * @param beyondTiers requests beyond the largest tier; each of them is a miss there
 * @param tiers the tiers, ascending
 * @param formerTiers the statistics of sizes that the pool no longer has, ascending;
 * their buffers may still be leased
 * @since 0.1.0
 */
public record PoolStatistics(BufferPoolSettings settings, long budgetBytes, long budgetUsedBytes, long usedBytes,
		long pendingBytes, long capacityBytes, TierStatistics beyondTiers, List<TierStatistics> tiers,
		List<TierStatistics> formerTiers) {

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String name() {
		return this.settings.name();
	}

	/**
	 * Return the kind of memory.
	 * @return the kind of memory
	 */
	public MemoryKind memory() {
		return this.settings.memory();
	}

	/**
	 * Return the figures of the tier that serves a size.
	 * @param size how many bytes are requested, {@code 0} or more
	 * @return the smallest tier that fits, or {@link #beyondTiers} if none does
	 * @throws IllegalArgumentException if the size is negative
	 */
	public TierStatistics tier(int size) {
		if (size < 0) {
			throw new IllegalArgumentException(
					"Cannot find the tier of " + size + " bytes in pool '" + name() + "': 'size' must not be negative");
		}
		for (TierStatistics tier : this.tiers) {
			if (tier.size() >= size) {
				return tier;
			}
		}
		return this.beyondTiers;
	}

	/**
	 * Return the tiers that have something to see.
	 * @return the tiers that were requested or have idle blocks, ascending
	 * @see TierStatistics#isActive()
	 */
	public List<TierStatistics> activeTiers() {
		return this.tiers.stream().filter(TierStatistics::isActive).toList();
	}

	/**
	 * Return how many acquires there were, with all results: hits, misses, oversized and
	 * exhausted.
	 * @return the number of acquires
	 */
	public long acquisitions() {
		return sum(TierStatistics::acquisitions) + this.beyondTiers.acquisitions();
	}

	/**
	 * Return the share of acquires that idle blocks served.
	 * @return a ratio from 0 to 1, {@link Double#NaN} if nothing was acquired yet
	 */
	public double hitRate() {
		return (double) hits() / acquisitions();
	}

	/**
	 * Return how many acquires were served from idle blocks.
	 * @return the sum over the tiers
	 */
	public long hits() {
		return sum(TierStatistics::hits);
	}

	/**
	 * Return how many acquires created a block.
	 * @return the sum over the tiers
	 */
	public long misses() {
		return sum(TierStatistics::misses);
	}

	/**
	 * Return how many acquires exceeded the largest tier.
	 * @return the number of acquires
	 */
	public long oversized() {
		return this.beyondTiers.misses();
	}

	/**
	 * Return how many leases ended.
	 * @return the sum over the tiers
	 */
	public long returned() {
		return sum(TierStatistics::returned);
	}

	/**
	 * Return how many blocks were not put back or taken out.
	 * @return the sum over the tiers
	 */
	public long discarded() {
		return sum(TierStatistics::discarded);
	}

	/**
	 * Return how many blocks were not put back or taken out, by reason.
	 * @return the sums over the tiers; reasons that never occurred are absent
	 */
	public Map<DiscardReason, Long> discardedBy() {
		Map<DiscardReason, Long> sums = new EnumMap<>(DiscardReason.class);
		allTiers()
			.forEach((tier) -> tier.discardedBy().forEach((reason, count) -> sums.merge(reason, count, Long::sum)));
		return sums;
	}

	/**
	 * Return how many leases were lost without a release.
	 * @return the sum over the tiers
	 */
	public long leaked() {
		return sum(TierStatistics::leaked);
	}

	/**
	 * Return how often a handle was released that had been released before.
	 * @return the number of refused releases, oversized ones included
	 */
	public long doubleReleases() {
		return sum(TierStatistics::doubleReleases) + this.beyondTiers.doubleReleases();
	}

	/**
	 * Return how many blocks were created with the pool.
	 * @return the sum over the tiers
	 */
	public long preallocated() {
		return sum(TierStatistics::preallocated);
	}

	/**
	 * Return how many leases are open.
	 * @return the sum over the tiers and oversized leases
	 */
	public long leased() {
		return sum(TierStatistics::leased) + this.beyondTiers.leased();
	}

	/**
	 * Return how many blocks are idle.
	 * @return the sum over the tiers
	 */
	public long idle() {
		return sum(TierStatistics::idle);
	}

	/**
	 * Return an upper bound of how many leases were ever open at once.
	 * @return the sum of the tiers' peaks, and that of oversized leases
	 */
	public long peakLeased() {
		return sum(TierStatistics::peakLeased) + this.beyondTiers.peakLeased();
	}

	/**
	 * Return how many acquires failed because a cap, a limit or a budget was reached.
	 * @return the sum over the tiers, oversized ones included
	 */
	public long exhausted() {
		return sum(TierStatistics::exhausted) + this.beyondTiers.exhausted();
	}

	/**
	 * Return how many threads wait for memory now.
	 * @return the sum over the tiers, oversized ones included
	 */
	public int waiting() {
		return (int) sum(TierStatistics::waiting) + this.beyondTiers.waiting();
	}

	/**
	 * Return how much memory is idle.
	 * @return bytes
	 */
	public long idleBytes() {
		return sum((tier) -> (long) tier.idle() * tier.size());
	}

	/**
	 * Return how much memory is leased: capacities, not requested sizes.
	 * @return bytes
	 */
	public long leasedBytes() {
		return this.capacityBytes - idleBytes();
	}

	/**
	 * Return how long a tier has been exhausted.
	 * @return the longest time of all tiers, zero if none is exhausted
	 * @see TierStatistics#exhaustedFor()
	 */
	public Duration exhaustedFor() {
		return Stream.concat(this.tiers.stream(), Stream.of(this.beyondTiers))
			.map(TierStatistics::exhaustedFor)
			.max(Comparator.naturalOrder())
			.orElse(Duration.ZERO);
	}

	private Stream<TierStatistics> allTiers() {
		return Stream.concat(this.tiers.stream(), this.formerTiers.stream());
	}

	private long sum(ToLongFunction<TierStatistics> figure) {
		return allTiers().mapToLong(figure).sum();
	}

}
