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

import java.util.function.IntFunction;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * One size class of a pool: finds, creates and takes back the blocks of one capacity.
 *
 * @param <B> the kind of block
 */
public final class Tier<B extends Block> extends FreeList<B> {

	/*
	 * Layout. A hit and the fast return use only this class, its superclasses and a slot.
	 * They take no lock. All other work takes the lock of the budget, in one of the parts
	 * that this class puts together. SizeClass says what the tier is. Inventory has the
	 * blocks, TierCounters counts them. Creation and Preallocation create blocks, Returns
	 * takes them back. Admission and WaitQueue decide which request is admitted, and in
	 * which order. No part knows the tier: a slot knows the free list, and the account
	 * knows a PoolTier.
	 *
	 * Why it is correct. A retired or closed tier lends nothing. A claim needs a slot
	 * whose word says IDLE. Once no slot has a place (see Inventory.clear), no word says
	 * IDLE again. A compare-and-set retires each idle block. The words of all other
	 * blocks have DETACHED. With DETACHED the fast return fails, and the slow return sees
	 * the end of the tier under the lock. A claim before that is a lease like any other.
	 * A request looks for the successors of a tier with the lock held. The retiring
	 * thread holds the lock until the successors are known and the waiting requests are
	 * moved.
	 */

	private final Account account;

	private final SharedBudget budget;

	private final BlockSource<B> source;

	private final SizeClass<B> sizeClass;

	private final TierCounters counters;

	private final Inventory<B> inventory;

	private final Exhaustion exhaustion;

	private final Returns<B> returns;

	private final Creation<B> creation;

	private final Preallocation<B> preallocation;

	private final Admission<B> admission;

	private final PoolTier view;

	/**
	 * Create a tier.
	 * @param account the account of its pool
	 * @param capacity the capacity of its blocks, in the unit of the account
	 * @param caps how many blocks it may hold
	 * @param source what makes its blocks
	 * @param reasonNotKept why its blocks are never kept, {@code null} to pool them.
	 * {@link DiscardReason#TRANSIENT} leaves them out of {@code max-total} too
	 */
	public Tier(Account account, int capacity, Caps caps, BlockSource<B> source,
			@Nullable DiscardReason reasonNotKept) {
		super(SizeClass.places(caps, reasonNotKept), source.resets());
		this.account = account;
		this.budget = account.budget();
		this.source = source;
		this.sizeClass = new SizeClass<>(account, capacity, caps, source, reasonNotKept);
		this.exhaustion = new Exhaustion(this);
		this.budget.lockWhenCold();
		try {
			this.counters = account.counters(capacity);
			this.inventory = new Inventory<>(this.sizeClass, this, this.counters, this.exhaustion);
			this.returns = new Returns<>(this.sizeClass, this, this.inventory, this.exhaustion);
			this.creation = new Creation<>(this.sizeClass, this, this.counters, this.inventory, this.returns);
			this.preallocation = new Preallocation<>(this.sizeClass, this.inventory);
			this.admission = new Admission<>(this.sizeClass, this, this.counters, this.exhaustion, this.inventory,
					this.creation);
			this.view = new TierView(this.sizeClass, this, this.inventory, this.admission.queue());
			account.register(this.view);
			signal(QUARANTINED, this.sizeClass.quarantine() != null);
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return the capacity of the blocks.
	 * @return the capacity
	 */
	@Override
	public int capacity() {
		return this.sizeClass.capacity();
	}

	/**
	 * Return how many blocks the tier may hold.
	 * @return the caps
	 */
	public Caps caps() {
		return this.sizeClass.caps();
	}

	// Acquire

	/**
	 * Begin a lease of an idle block: the hit path.
	 * @return the block, or {@code null} if the search found none or other requests wait.
	 * Use a {@link Request} then
	 */
	public @Nullable B claim() {
		return isClaimable() ? claimIdle() : null;
	}

	/**
	 * Begin a lease for a request. When the JVM has no memory for a block, all pools give
	 * up their idle memory and the tier tries once more. If that fails too, the pool is
	 * exhausted.
	 * @param request the request
	 * @return the block, {@code null} if refused: {@link #refusal} explains what counts
	 * @throws InterruptedException if interrupted while waiting
	 */
	public @Nullable B acquire(Request<B> request) throws InterruptedException {
		B block = request.acquire(this.admission);
		if (block == null && !request.tentative) {
			this.account.listeners().refused(request.size);
		}
		return block;
	}

	/**
	 * Return a block that its source finds fit: the given block, another idle block, or a
	 * new one. The thread that holds an unfit block already has a place. So this call
	 * neither waits nor fails for want of a place.
	 * @param block a claimed block without a handle
	 * @return the block, or one instead of it
	 */
	public B fit(B block) {
		return this.creation.fit(block);
	}

	/**
	 * Explain why a request was refused.
	 * @param request the request
	 * @return an exception for the caller to throw
	 */
	public PoolExhaustedException refusal(Request<B> request) {
		Refusal refusal = request.refusal;
		if (refusal == null) {
			throw new IllegalStateException("The request for " + describe(request.size) + " was not refused");
		}
		return refusal.of(request);
	}

	/**
	 * Describe what was requested of which pool.
	 */
	String describe(int size) {
		return this.sizeClass.describe(size);
	}

	/**
	 * Return what decides about requests to the tier.
	 */
	Admission<B> admission() {
		return this.admission;
	}

	/**
	 * Return what the account sees of the tier.
	 */
	PoolTier view() {
		return this.view;
	}

	// For slots and leases

	@Override
	void began(Slot<B> slot, long version, int size) {
		this.account.leaks().began(slot, version, size);
	}

	@Override
	void returned() {
		if (isReturnAnnounced()) {
			this.returns.announce();
		}
	}

	@Override
	void returnBlock(Slot<B> slot, B block, int extent) {
		long state = slot.state;
		boolean reusable = slot.reasonNotKept == null && (state & Slot.DOUBT) == 0;
		if (resets() && (reusable || ((state & Slot.DOUBT) == 0 && this.source.resetsTransient()))) {
			boolean unused;
			try {
				unused = this.source.reset(block, extent);
			}
			catch (Throwable ex) {
				this.returns.settle(slot, block, DiscardReason.FAILED);
				throw ex;
			}
			if (!unused) {
				this.returns.settle(slot, block, DiscardReason.IN_DOUBT);
				return;
			}
		}
		long plain = state & Slot.VERSION;
		if (reusable && (state & ~Slot.SHARED) == plain) {
			hint(slot);
			if (slot.compareAndSet(state, plain | Slot.IDLE)) {
				returned();
				return;
			}
		}
		this.returns.settle(slot, block, null);
	}

	@Override
	void countDoubleRelease() {
		this.counters.doubleRelease();
	}

	@Override
	@LockHeld
	void replaced(B block, Slot<B> slot) {
		this.inventory.watchAgain(block, slot);
	}

	@Override
	Unreleased.Listener unreleasedListener() {
		return this.account.leaks();
	}

	// Called by the pool

	/**
	 * Reserve memory for the idle blocks that the caps ask for. All tiers of a pool
	 * reserve before the first creates a block. Otherwise the reservation of the next
	 * tier would evict those idle blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	public void reserve() {
		this.preallocation.reserve();
	}

	/**
	 * Create the idle blocks that were {@linkplain #reserve reserved}. If this fails, the
	 * caller closes the tier. That releases all blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	public void preallocate() {
		this.preallocation.create();
	}

	// Make a change, and wake the requests that it may help
	private void change(Runnable change) {
		this.budget.lockWhenCold();
		try {
			change.run();
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Discard idle blocks.
	 * @param reason why
	 * @return how much memory was given back
	 */
	public long discardIdle(DiscardReason reason) {
		this.budget.lockWhenCold();
		try {
			long given = this.inventory.discardIdle(reason, Long.MAX_VALUE);
			this.budget.wake();
			return given;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Discard the blocks that have been idle since the last call, down to
	 * {@code preallocate}.
	 */
	public void expire() {
		change(this.inventory::expire);
	}

	/**
	 * Stop expiry: no further {@link #expire} follows.
	 */
	public void keep() {
		change(this::spread);
	}

	/**
	 * Change how many blocks the tier may hold. The tier discards excess idle blocks now
	 * and excess leased blocks when they return.
	 * @param caps the new caps
	 */
	public void retune(Caps caps) {
		change(() -> {
			this.sizeClass.changeCaps(caps);
			this.inventory.shrinkToTotal();
			this.inventory.resize(this.sizeClass.places());
			this.exhaustion.end();
		});
	}

	/**
	 * Let {@code max-idle} grow: each time a block is created that was discarded because
	 * the tier was full, the tier may keep one block more.
	 * @param limit how many blocks it may keep at most, {@code 0} if {@code max-idle}
	 * stays as it is
	 */
	public void growTo(int limit) {
		change(() -> this.inventory.growTo(limit));
	}

	/**
	 * Replace this tier with others. The tier discards idle blocks now and leased blocks
	 * on release. Waiting requests move to the successors.
	 * @param successors maps a size to the tier that serves it from now on; not this one
	 */
	public void retire(IntFunction<Tier<B>> successors) {
		change(() -> {
			this.admission.retire((size) -> successors.apply(size).admission());
			this.sizeClass.end(DiscardReason.TRIMMED);
			this.inventory.clear(DiscardReason.TRIMMED);
			this.counters.close(census());
			this.account.unregister(this.view);
			this.admission.queue().moveFrom(this.admission);
			this.account.queue().moveFrom(this.admission);
			this.budget.queue().moveFrom(this.admission);
		});
	}

	/**
	 * Refuse further acquires and discard idle blocks. A leased block is discarded on
	 * release.
	 */
	public void close() {
		change(() -> {
			this.sizeClass.end(DiscardReason.CLOSED);
			this.preallocation.giveBack();
			this.inventory.clear(DiscardReason.CLOSED);
		});
	}

	/**
	 * Return the statistics of the tier. They are exact at rest; totals never decrease.
	 * @return the statistics, read at one instant
	 */
	public TierStatistics statistics() {
		this.budget.lockWhenCold();
		try {
			this.budget.takeBackLost();
			this.inventory.guardLeases();
			FreeList.Census census = this.inventory.census();
			// After the census, so that the peak is never below it: claims go on
			// meanwhile
			this.inventory.recordPeak();
			return this.counters.read(caps(), census, this.admission.waiting, this.admission.exhaustedFor());
		}
		finally {
			this.budget.unlock();
		}
	}

}
