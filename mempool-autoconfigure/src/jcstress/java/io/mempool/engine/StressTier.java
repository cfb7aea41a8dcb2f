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

import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A tier of blocks that weigh one, used as a pool uses it: bytes count blocks.
 */
final class StressTier {

	private static final AdmissionPolicy TERMS = new AdmissionPolicy(ExhaustionPolicy.FAIL,
			AdmissionPolicy.DEFAULT_MAX_WAIT);

	final Account account;

	final Tier<StressBlock> tier;

	final AtomicInteger created = new AtomicInteger();

	/**
	 * Create a tier with a budget of its own.
	 * @param maxIdle how many idle blocks it keeps
	 * @param maxTotal how many blocks may exist
	 */
	StressTier(int maxIdle, int maxTotal) {
		this(SharedBudget.unlimited(), maxIdle, maxTotal, false);
	}

	/**
	 * Create a tier that clears blocks on their way home, with a budget of its own.
	 * @param maxIdle how many idle blocks it keeps
	 * @param maxTotal how many blocks may exist
	 */
	static StressTier clearing(int maxIdle, int maxTotal) {
		return new StressTier(SharedBudget.unlimited(), maxIdle, maxTotal, true);
	}

	/**
	 * Create a tier of a pool of its own that shares a budget.
	 * @param budget the budget
	 */
	StressTier(SharedBudget budget) {
		this(budget, 2, Caps.UNLIMITED, false);
	}

	/**
	 * Create a tier of a pool that may have more of them.
	 * @param account the account of the pool
	 */
	StressTier(Account account) {
		this(account, 2, Caps.UNLIMITED, false);
	}

	/**
	 * Create a tier that shares a budget and discards whatever returns.
	 * @param budget the budget
	 */
	static StressTier keepingNone(SharedBudget budget) {
		return new StressTier(budget, 0, Caps.UNLIMITED, false);
	}

	private StressTier(SharedBudget budget, int maxIdle, int maxTotal, boolean clears) {
		this(new Account("stress", budget, Long.MAX_VALUE), maxIdle, maxTotal, clears);
	}

	private StressTier(Account account, int maxIdle, int maxTotal, boolean clears) {
		this.account = account;
		this.tier = new Tier<>(account, 1, new Caps(maxIdle, maxTotal, 0), new Source(clears), null);
	}

	/**
	 * Acquire a block that was there before: without a trace of the miss that created it,
	 * which would have its first return announced in any case.
	 */
	StressLease acquireAgain() {
		acquire().end();
		return acquire();
	}

	/**
	 * Acquire a block or fail.
	 */
	StressLease acquire() {
		StressLease lease = tryAcquire();
		if (lease == null) {
			throw new AssertionError("Nothing to acquire");
		}
		return lease;
	}

	/**
	 * Acquire a block as a pool does.
	 * @return a lease, {@code null} if it was refused
	 */
	@Nullable StressLease tryAcquire() {
		StressBlock block = this.tier.claim();
		if (block == null) {
			block = TERMS.tryAcquire(this.tier, 1);
		}
		return (block != null) ? new StressLease(block) : null;
	}

	/**
	 * Acquire a block as a pool does.
	 * @return what came of it
	 */
	String take() {
		return (tryAcquire() != null) ? "taken" : "refused";
	}

	/**
	 * Change the caps.
	 */
	void retune(int maxIdle, int maxTotal) {
		this.tier.retune(new Caps(maxIdle, maxTotal, 0));
	}

	/**
	 * Let another tier of the pool take over.
	 */
	void retire(StressTier successor) {
		this.tier.retire((size) -> successor.tier);
	}

	/**
	 * Have one more idle block.
	 */
	StressBlock idleBlock() {
		StressLease lease = acquire();
		lease.end();
		return lease.block();
	}

	/**
	 * Acquire one block and no other.
	 * @return a lease, {@code null} if the block was not idle
	 */
	@SuppressWarnings("unchecked")
	static @Nullable StressLease claim(StressBlock block) {
		Slot<StressBlock> slot = (Slot<StressBlock>) block.slot;
		return (slot.tryClaim() != null) ? new StressLease(block) : null;
	}

	/**
	 * Have the tier let go of the blocks of all leases, so that they return the slow way.
	 */
	void guardLeases() {
		this.account.exclusively(() -> {
			this.tier.view().guardLeases();
			this.tier.view().guardLeases();
			return null;
		});
	}

	/**
	 * Add an idle block to a list that is not the tier's own.
	 */
	StressBlock addIdle(FreeList<StressBlock> list) {
		Slot<StressBlock> slot = new Slot<>(this.tier, Slot.IDLE, 1, null, true);
		StressBlock block = new StressBlock();
		slot.block = block;
		block.slot = slot;
		list.makeRoom();
		list.place(slot);
		return block;
	}

	/**
	 * Return whether requests wait for what this tier may release. Lock held.
	 */
	boolean isAwaited() {
		return !this.tier.admission().queue().isEmpty() || this.account.isAwaited();
	}

	/**
	 * Return how many blocks are idle.
	 */
	long idle() {
		return this.account.exclusively(() -> this.tier.view().idleBytes(false));
	}

	/**
	 * Return how many blocks are idle or leased.
	 */
	long existing() {
		return this.account.used();
	}

	private final class Source implements BlockSource<StressBlock> {

		private final boolean clears;

		Source(boolean clears) {
			this.clears = clears;
		}

		@Override
		public StressBlock create(int size) {
			StressTier.this.created.incrementAndGet();
			return new StressBlock();
		}

		@Override
		public boolean resets() {
			return this.clears;
		}

		@Override
		public boolean reset(StressBlock block, int extent) {
			block.content = StressBlock.CLEARED;
			return true;
		}

	}

}
