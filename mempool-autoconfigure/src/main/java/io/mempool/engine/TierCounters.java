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

package io.mempool.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;

/**
 * The counters of the blocks of one capacity in a pool. They outlive the tier: its
 * successor of the same capacity continues them. So no total falls, and leased blocks of
 * the old tier count against the caps of the new one. Guarded by the lock of the budget,
 * except for double releases.
 */
final class TierCounters {

	final int capacity;

	// All pooled blocks, including those that are not destroyed yet
	@LockHeld
	int existing;

	// Pooled blocks that were discarded and are not destroyed yet
	@LockHeld
	int pending;

	// Leases of blocks that have no place in the free list
	@LockHeld
	int detachedLeases;

	@LockHeld
	long misses;

	@LockHeld
	long leaked;

	@LockHeld
	long preallocated;

	@LockHeld
	int peak;

	@LockHeld
	long exhausted;

	@LockHeld
	long waits;

	@LockHeld
	long waitedNanos;

	// Hits in the free lists of former tiers
	@LockHeld
	private long formerHits;

	// A cell for each reason, so that a count allocates nothing
	private final Map<DiscardReason, long[]> discards = new EnumMap<>(DiscardReason.class);

	private final LongAdder doubleReleases = new LongAdder();

	TierCounters(int capacity) {
		this.capacity = capacity;
		for (DiscardReason reason : DiscardReason.values()) {
			this.discards.put(reason, new long[1]);
		}
	}

	/**
	 * Count the pooled blocks that were not discarded.
	 */
	@LockHeld
	int kept() {
		return this.existing - this.pending;
	}

	// There is a cell for each
	@SuppressWarnings("NullAway")
	@LockHeld
	void discarded(DiscardReason reason) {
		this.discards.get(reason)[0]++;
	}

	void doubleRelease() {
		this.doubleReleases.increment();
	}

	/**
	 * Detach the counters from a tier, none of whose blocks has a place.
	 */
	@LockHeld
	void close(FreeList.Census last) {
		this.formerHits += last.hits();
	}

	/**
	 * Read the counters.
	 * @param caps the caps of the tier
	 * @param census the contents of its free list
	 * @param waiting how many threads wait
	 * @param exhaustedFor how long the tier has been exhausted
	 */
	@LockHeld
	TierStatistics read(Caps caps, FreeList.Census census, int waiting, Duration exhaustedFor) {
		long hits = this.formerHits + census.hits();
		int leased = census.leased() + this.detachedLeases;
		long returned = hits + this.misses - this.leaked - leased;
		return new TierStatistics(this.capacity, caps, hits, this.misses, returned, discards(), this.leaked,
				this.doubleReleases.sum(), this.preallocated, leased, census.idle(), this.peak, this.exhausted, waiting,
				this.waits, this.waitedNanos, exhaustedFor);
	}

	@LockHeld
	private Map<DiscardReason, Long> discards() {
		Map<DiscardReason, Long> discards = new EnumMap<>(DiscardReason.class);
		this.discards.forEach((reason, count) -> {
			if (count[0] > 0) {
				discards.put(reason, count[0]);
			}
		});
		return Map.copyOf(discards);
	}

	/**
	 * Read the counters when no tier has this capacity.
	 */
	@LockHeld
	TierStatistics readAlone() {
		return read(Caps.ofIdle(0), FreeList.Census.EMPTY, 0, Duration.ZERO);
	}

}
