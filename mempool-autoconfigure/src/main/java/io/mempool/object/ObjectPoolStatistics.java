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

package io.mempool.object;

import java.time.Duration;
import java.util.Map;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;

/**
 * What a pool of objects has done and holds, read at once. At rest
 * {@code idle = returned - discarded - hits + preallocated} and
 * {@code leased = hits + misses - returned - leaked}.
 * <p>
 * An idle object that is found invalid counts as a hit that was returned and discarded;
 * the object that its acquirer gets instead counts by itself.
 *
 * @param settings the settings of the pool at that instant
 * @param tier the figures, and how many objects the pool may hold
 * @since 0.1.0
 */
public record ObjectPoolStatistics(ObjectPoolSettings settings, TierStatistics tier) {

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String name() {
		return this.settings.name();
	}

	/**
	 * Return how many objects the pool may hold.
	 * @return the caps
	 */
	public Caps caps() {
		return this.tier.caps();
	}

	/**
	 * Return how many acquires there were, with all results: hits, misses and exhausted.
	 * @return the number of acquires
	 */
	public long acquisitions() {
		return this.tier.acquisitions();
	}

	/**
	 * Return the share of acquires that idle objects served.
	 * @return a ratio from 0 to 1, {@link Double#NaN} if nothing was acquired yet
	 */
	public double hitRate() {
		return this.tier.hitRate();
	}

	/**
	 * Return how many acquires were served from idle objects.
	 * @return the number of acquires
	 */
	public long hits() {
		return this.tier.hits();
	}

	/**
	 * Return how many acquires created an object.
	 * @return the number of acquires
	 */
	public long misses() {
		return this.tier.misses();
	}

	/**
	 * Return how many leases ended, whatever became of the object.
	 * @return the number of leases
	 */
	public long returned() {
		return this.tier.returned();
	}

	/**
	 * Return how many objects were not put back or taken out.
	 * @return the sum over all reasons
	 */
	public long discarded() {
		return this.tier.discarded();
	}

	/**
	 * Return how many objects were not put back or taken out, by reason.
	 * @return the numbers; reasons that never occurred are absent
	 */
	public Map<DiscardReason, Long> discardedBy() {
		return this.tier.discardedBy();
	}

	/**
	 * Return how many leases were lost without a release.
	 * @return the number of leases
	 */
	public long leaked() {
		return this.tier.leaked();
	}

	/**
	 * Return how often a handle was released that had been released before.
	 * @return the number of refused releases
	 */
	public long doubleReleases() {
		return this.tier.doubleReleases();
	}

	/**
	 * Return how many objects were created with the pool.
	 * @return the number of objects
	 */
	public long preallocated() {
		return this.tier.preallocated();
	}

	/**
	 * Return how many leases are open.
	 * @return the number of leases
	 */
	public int leased() {
		return this.tier.leased();
	}

	/**
	 * Return how many objects are idle.
	 * @return the number of objects
	 */
	public int idle() {
		return this.tier.idle();
	}

	/**
	 * Return an upper bound of how many leases were ever open at once.
	 * @return the peak
	 */
	public int peakLeased() {
		return this.tier.peakLeased();
	}

	/**
	 * Return how many acquires got nothing, because {@code max-total} was reached.
	 * @return the number of acquires
	 */
	public long exhausted() {
		return this.tier.exhausted();
	}

	/**
	 * Return for how long acquires have got nothing.
	 * @return a time, zero if the pool is not exhausted
	 * @see TierStatistics#exhaustedFor()
	 */
	public Duration exhaustedFor() {
		return this.tier.exhaustedFor();
	}

	/**
	 * Return how many threads wait for an object now.
	 * @return the number of threads
	 */
	public int waiting() {
		return this.tier.waiting();
	}

}
