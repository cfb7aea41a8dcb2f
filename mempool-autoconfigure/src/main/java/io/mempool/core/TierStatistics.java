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

package io.mempool.core;

import java.time.Duration;
import java.util.Map;

/**
 * The statistics of a tier, read at one instant. At rest
 * {@code idle = returned - discarded - hits + preallocated} and
 * {@code leased = hits + misses - returned - leaked}.
 *
 * @param size capacity of the tier's blocks in bytes
 * @param caps how many blocks the tier may hold
 * @param hits acquires served from idle blocks
 * @param misses acquires that created a block
 * @param returned leases that ended, whether or not the block was discarded
 * @param discardedBy blocks not put back or taken out, by reason
 * @param leaked leases that were lost without a release
 * @param doubleReleases releases of leases that had ended already
 * @param preallocated blocks created with the pool
 * @param leased leases open now
 * @param idle blocks idle now
 * @param peakLeased upper bound of how many leases were ever open at once
 * @param exhausted acquires that failed
 * @param waiting threads that wait now
 * @param waits how often a thread waited, with or without success
 * @param waitedNanos the sum of finished waits in nanoseconds
 * @param exhaustedFor how long the tier has been exhausted: since the first failed
 * acquire, if no acquire succeeded and no block returned since, and none would succeed
 * now; zero otherwise
 * @since 0.1.0
 */
public record TierStatistics(int size, Caps caps, long hits, long misses, long returned,
		Map<DiscardReason, Long> discardedBy, long leaked, long doubleReleases, long preallocated, int leased, int idle,
		int peakLeased, long exhausted, int waiting, long waits, long waitedNanos, Duration exhaustedFor) {

	/**
	 * Return how many acquires there were, with all results: hits, misses and exhausted.
	 * @return the number of acquires
	 */
	public long acquisitions() {
		return this.hits + this.misses + this.exhausted;
	}

	/**
	 * Return the share of acquires that idle blocks served.
	 * @return a ratio from 0 to 1, {@link Double#NaN} if nothing was acquired yet
	 */
	public double hitRate() {
		return (double) this.hits / acquisitions();
	}

	/**
	 * Return how many blocks were not put back or taken out.
	 * @return the sum over all reasons
	 */
	public long discarded() {
		return this.discardedBy.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return whether there is something to see: a request, with whatever result, or a
	 * block.
	 * @return {@code false} if nothing was ever requested and nothing is idle
	 */
	public boolean isActive() {
		return acquisitions() > 0 || this.idle > 0 || this.waiting > 0;
	}

}
