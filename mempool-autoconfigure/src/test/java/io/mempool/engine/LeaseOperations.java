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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What two threads do to one tier at its caps, without waiting. Each has leases of its
 * own; one more lease, open from the beginning, may be released by both.
 *
 * @see CountedLeases
 */
public abstract class LeaseOperations {

	static final int MAX_TOTAL = 2;

	private static final int CAPACITY = 10;

	private final SharedBudget budget = SharedBudget.unlimited();

	private final Tier<TestBlock> tier;

	private final List<Deque<TestBlock.Handle>> open = List.of(new ArrayDeque<>(), new ArrayDeque<>());

	private final List<Deque<TestBlock.Handle>> ended = List.of(new ArrayDeque<>(), new ArrayDeque<>());

	private final TestBlock.Handle shared;

	private final AtomicInteger endsOfShared = new AtomicInteger();

	private TestBlock.@Nullable Handle kept;

	LeaseOperations(int maxIdle, boolean resets) {
		Account account = new Account("parts", this.budget, Long.MAX_VALUE);
		this.tier = new Tier<>(account, CAPACITY, new Caps(maxIdle, MAX_TOTAL, 1), new TestBlock.Source(resets, false),
				null);
		this.tier.reserve();
		this.tier.preallocate();
		this.shared = new TestBlock.Handle(this.tier.claim());
	}

	/**
	 * Begin a lease.
	 */
	public String acquire(int thread) throws InterruptedException {
		TestBlock block = this.tier.claim();
		if (block == null) {
			block = this.tier.acquire(new Request<>(CAPACITY, false, 0));
		}
		if (block == null) {
			return "exhausted";
		}
		block.own();
		this.open.get(thread).push(new TestBlock.Handle(block));
		if (leased() > MAX_TOTAL) {
			throw new IllegalStateException("More blocks are leased than may exist");
		}
		return "acquired";
	}

	/**
	 * End the youngest lease of this thread.
	 */
	public String release(int thread) {
		TestBlock.Handle handle = this.open.get(thread).poll();
		if (handle == null) {
			return "nothing";
		}
		handle.use().disown();
		this.ended.get(thread).push(handle);
		return ended(handle.end());
	}

	/**
	 * End a lease that this thread has ended before.
	 */
	public String releaseAgain(int thread) {
		TestBlock.Handle handle = this.ended.get(thread).peek();
		if (handle != null && (handle.isAlive() || handle.end())) {
			throw new IllegalStateException("A lease that had ended is alive");
		}
		return "refused";
	}

	/**
	 * Let another handle take the place of the youngest one.
	 */
	public String retain(int thread) {
		TestBlock.Handle handle = this.open.get(thread).poll();
		if (handle == null) {
			return "nothing";
		}
		this.open.get(thread).push(handle.retain());
		this.ended.get(thread).push(handle);
		return ended(handle.end());
	}

	/**
	 * Keep the block of the lease that both threads know, whichever ends that.
	 */
	public void keepShared() {
		this.kept = this.shared.retain();
	}

	/**
	 * End the lease that both threads know.
	 */
	public String releaseShared() {
		boolean ended = this.shared.end();
		if (ended && this.endsOfShared.incrementAndGet() > 1) {
			throw new IllegalStateException("A lease ended twice");
		}
		return ended(ended);
	}

	/**
	 * Discard what is idle.
	 */
	public void trim() {
		this.tier.discardIdle(DiscardReason.TRIMMED);
	}

	/**
	 * Look at the figures.
	 */
	public void statistics() {
		TierStatistics now = this.tier.statistics();
		if (now.idle() > now.caps().maxIdle() || now.idle() + now.leased() > now.caps().maxTotal()) {
			throw new IllegalStateException("A cap does not hold: " + now);
		}
	}

	/**
	 * Check the counters at rest.
	 */
	public void balance() {
		if (this.kept != null && !this.kept.isAlive()) {
			throw new IllegalStateException("A lease ended that no thread ended");
		}
		int leased = leased();
		TierStatistics now = this.tier.statistics();
		if (now.leased() != leased || now.idle() != now.returned() - now.discarded() - now.hits() + now.preallocated()
				|| this.budget.used() != (now.idle() + now.leased()) * (long) CAPACITY) {
			throw new IllegalStateException("The counters do not balance, with " + leased + " leased: " + now);
		}
	}

	// Never more than there are: a lease is added when it has begun, removed before it
	// ends
	private int leased() {
		boolean shared = this.kept != null || this.shared.isAlive();
		return this.open.get(0).size() + this.open.get(1).size() + (shared ? 1 : 0);
	}

	private static String ended(boolean ended) {
		return ended ? "released" : "refused";
	}

	/**
	 * Every block has a place and returns with one compare-and-set.
	 */
	public static final class OfPlacedBlocks extends LeaseOperations {

		public OfPlacedBlocks() {
			super(MAX_TOTAL, false);
		}

	}

	/**
	 * Two blocks that are reset between owners compete for one place.
	 */
	public static final class OfDisplacedBlocks extends LeaseOperations {

		public OfDisplacedBlocks() {
			super(1, true);
		}

	}

}
