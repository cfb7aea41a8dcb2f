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

import java.lang.invoke.VarHandle;
import java.util.function.IntFunction;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * One size class of a pool: finds, creates and takes back the blocks of one capacity.
 *
 * @param <B> the kind of block
 */
public final class Tier<B extends Block> extends FreeList<B> {

	/*
	 * Layout. A hit and the fast return use only this class, its superclasses and a slot.
	 * They take no lock. All other work takes the lock of the budget. Inventory has the
	 * blocks. Admission and WaitQueue decide which request is admitted, and in which
	 * order. TierCounters counts.
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

	private final int capacity;

	private final BlockSource<B> source;

	private final boolean resets;

	private final boolean carved;

	// Why no block of this tier is kept; null in a tier that pools
	private final @Nullable DiscardReason reasonNotKept;

	// Written with the lock held from here on
	private volatile Caps caps;

	// Why no block is kept any more; null while the tier is in use
	private volatile @Nullable DiscardReason end;

	// Guarded by the lock of the budget from here on
	private final TierCounters counters;

	private final Inventory<B> inventory;

	private final Admission<B> admission;

	// Maps a size to the tier that replaces this one; null until the tier is retired
	private @Nullable IntFunction<Tier<B>> successors;

	// Bytes of blocks that are not yet created
	private long reserved;

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
		super(places(caps, reasonNotKept));
		this.account = account;
		this.budget = account.budget();
		this.capacity = capacity;
		this.caps = caps;
		this.source = source;
		this.resets = source.resets();
		this.reasonNotKept = reasonNotKept;
		this.carved = reasonNotKept == null && account.slabs() != null && account.slabs().carves(capacity);
		this.budget.lockWhenCold();
		try {
			this.counters = account.counters(capacity);
			this.inventory = new Inventory<>(this, account, this.counters, source);
			this.admission = new Admission<>(this, this.inventory, this.counters, reasonNotKept);
			account.register(this);
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return the capacity of the blocks.
	 * @return the capacity
	 */
	public int capacity() {
		return this.capacity;
	}

	/**
	 * Return how many blocks the tier may hold.
	 * @return the caps
	 */
	public Caps caps() {
		return this.caps;
	}

	private static int places(Caps caps, @Nullable DiscardReason reasonNotKept) {
		return (reasonNotKept != null) ? 0 : Math.min(caps.maxIdle(), caps.maxTotal());
	}

	Account account() {
		return this.account;
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
	 * @return the block, or {@code null} if the request was refused, see {@link #refusal}
	 * @throws InterruptedException if interrupted while waiting
	 */
	public @Nullable B acquire(Request<B> request) throws InterruptedException {
		for (;;) {
			try {
				Tier<B> tier = request.await(this);
				if (tier == null) {
					return null;
				}
				B idle = request.block;
				if (idle != null) {
					return tier.fit(idle);
				}
				Slot<B> slot = request.slot;
				if (slot != null) {
					B block = tier.create(slot, request.size);
					request.slot = null;
					return block;
				}
			}
			catch (OutOfMemoryError ex) {
				if (undoSlab(request)) {
					continue;
				}
				undo(request, DiscardReason.NO_MEMORY);
				request.memoryShort = request.error != null;
				if (request.error == null) {
					this.account.memory().giveUpIdle();
				}
				request.error = ex;
			}
			catch (Throwable ex) {
				undo(request, DiscardReason.FAILED);
				throw ex;
			}
		}
	}

	/**
	 * Undo the plan of a slab that the JVM could not allocate, if a smaller slab is large
	 * enough.
	 */
	private boolean undoSlab(Request<B> request) {
		Slot<B> slot = request.slot;
		if (slot == null || slot.plan == 0) {
			return false;
		}
		long footprint = slot.weight;
		boolean another = footprint > slot.tier.slabs().least(slot.tier.capacity());
		if (another) {
			request.largestSlab = footprint / 2;
			request.slot = null;
			slot.tier.forget(slot, DiscardReason.NO_MEMORY);
		}
		return another;
	}

	/**
	 * Undo the admission of a failed request whose block does not exist yet. Allocates
	 * nothing.
	 */
	private void undo(Request<B> request, DiscardReason reason) {
		Slot<B> slot = request.slot;
		request.slot = null;
		// The block was rejected as unfit, or is found as a lost lease
		request.block = null;
		if (slot != null) {
			slot.tier.forget(slot, reason);
		}
	}

	/**
	 * Return a block that its source finds fit: the given block, another idle block, or a
	 * new one. The thread that holds an unfit block already has a place. So this call
	 * neither waits nor fails for want of a place.
	 * @param block a claimed block without a handle
	 * @return the block, or one instead of it
	 */
	public B fit(B block) {
		B candidate = block;
		while (!isFit(candidate)) {
			B other = claim();
			if (other == null) {
				return replace(candidate);
			}
			reject(candidate);
			candidate = other;
		}
		return candidate;
	}

	private boolean isFit(B block) {
		try {
			return this.source.isFit(block);
		}
		catch (Throwable ex) {
			reject(block);
			throw ex;
		}
	}

	/**
	 * End a lease that has no handle yet, and discard its block.
	 */
	private void reject(B block) {
		Slot<B> slot = slotOf(block);
		long state = slot.state;
		while (!slot.compareAndSet(state, state - 1)) {
			state = slot.state;
		}
		settle(slot, block, DiscardReason.INVALID);
	}

	/**
	 * Destroy a block whose lease has no handle yet, and create another in its place.
	 * Counts as a miss; the lease of the unfit block ends.
	 */
	private B replace(B block) {
		Slot<B> slot = slotOf(block);
		this.budget.lock();
		try {
			this.inventory.replace(slot, block);
			this.counters.misses++;
		}
		finally {
			this.budget.unlock();
		}
		try {
			return create(slot, this.capacity);
		}
		catch (Throwable ex) {
			forget(slot, DiscardReason.FAILED);
			throw ex;
		}
	}

	@SuppressWarnings({ "unchecked", "NullAway" })
	private Slot<B> slotOf(B block) {
		return (Slot<B>) block.slot;
	}

	/**
	 * Create a block for a slot. If this fails, nothing of the block remains.
	 */
	private B create(Slot<B> slot, int size) {
		Object miss = beginMiss();
		if (slot.plan != 0) {
			createSlab(slot);
		}
		Space space = slot.space;
		B block = (space != null) ? this.source.create(this.capacity, space)
				: (slot.reasonNotKept != null) ? this.source.createTransient(size) : this.source.create(this.capacity);
		try {
			block.slot = slot;
			this.budget.watch(block, slot);
			if (miss != null) {
				endMiss(miss, slot, size);
			}
		}
		catch (Throwable ex) {
			this.budget.unwatch(block);
			this.source.destroy(block, false, Tier::ignore);
			throw ex;
		}
		BlockReference reference = block.reference;
		if (this.account.isClosed() && reference != null) {
			// Either the close finds the reference, or this thread sees the close
			reference.revoke();
		}
		if (!Slot.isDetached(slot.state)) {
			slot.block = block;
			// Either the thread that detaches or guards the slot clears the block after
			// this, or this thread sees its flag
			VarHandle.fullFence();
			if ((slot.state & (Slot.DETACHED | Slot.GUARDED)) != 0) {
				slot.block = null;
			}
		}
		return block;
	}

	// If the first use of a recorder class fails, each later use fails too. That must not
	// cost a block
	private static @Nullable Object beginMiss() {
		try {
			return PoolEvents.current().beginMiss();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private void endMiss(Object miss, Slot<B> slot, int size) {
		try {
			PoolEvents.current().endMiss(miss, this.account.pool(), this.capacity, size, slot.reasonNotKept == null);
		}
		catch (Throwable ex) {
			// Not recorded
		}
	}

	private static void ignore() {
	}

	/**
	 * Create the slab that was planned for the block of a slot. The weight of the slot
	 * then moves to the slab.
	 */
	private void createSlab(Slot<B> slot) {
		SlabAllocator slabs = slabs();
		Object slab = slabs.create(slot.plan);
		this.budget.lock();
		try {
			slot.space = slabs.add(slab, this.capacity);
			slot.plan = 0;
			slot.weight = 0;
			// The rest of the slab may serve waiting requests
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	private void forget(Slot<B> slot, DiscardReason reason) {
		this.budget.lockAgain();
		try {
			this.inventory.forget(slot, reason);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	void watch(B block, Slot<B> slot) {
		this.budget.unwatch(block);
		this.budget.watch(block, slot);
	}

	// Return

	/**
	 * Return whether blocks are reset between two owners.
	 */
	boolean resets() {
		return this.resets;
	}

	/**
	 * Announce a fast return: the block went from leased to idle in its place.
	 */
	void returned() {
		if (isReturnAnnounced()) {
			announceReturn();
		}
	}

	private void announceReturn() {
		this.budget.lock();
		try {
			this.admission.endExhaustion();
			signal(DRY, false);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return a block after the caller removed its last reference.
	 */
	void returnBlock(Slot<B> slot, B block, int extent) {
		long state = slot.state;
		boolean reusable = slot.reasonNotKept == null && (state & Slot.DOUBT) == 0;
		if (reusable && this.resets) {
			try {
				this.source.reset(block, extent);
			}
			catch (Throwable ex) {
				settle(slot, block, DiscardReason.FAILED);
				throw ex;
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
		settle(slot, block, null);
	}

	private void settle(Slot<B> slot, B block, @Nullable DiscardReason failure) {
		this.budget.lock();
		try {
			this.inventory.settle(slot, block, (failure != null) ? failure : reasonToDiscard(slot));
			this.admission.endExhaustion();
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	private @Nullable DiscardReason reasonToDiscard(Slot<B> slot) {
		if ((slot.state & Slot.DOUBT) != 0) {
			return DiscardReason.IN_DOUBT;
		}
		return (slot.reasonNotKept != null) ? slot.reasonNotKept : this.end;
	}

	void countDoubleRelease() {
		this.counters.doubleRelease();
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

	BlockSource<B> source() {
		return this.source;
	}

	/**
	 * Return whether the pooled blocks of the tier are carved from slabs. {@code false}
	 * if limit or budget leave no room for a slab.
	 */
	boolean isCarved() {
		return this.carved && this.account.obstacle(slabs().least(this.capacity)) == null;
	}

	/**
	 * Return the allocator of the slabs, if blocks {@linkplain #isCarved() are carved}.
	 */
	@SuppressWarnings("NullAway")
	SlabAllocator slabs() {
		return this.account.slabs();
	}

	/**
	 * Return how much a block counts against limit and budget.
	 */
	long weight() {
		return this.source.weigh(this.capacity);
	}

	/**
	 * Return how much a transient block counts against limit and budget.
	 */
	long weightOfTransient(int size) {
		return this.source.weighTransient(size);
	}

	/**
	 * Stop counting a block that was discarded or lost, after its memory is free. Lock
	 * held.
	 */
	void gone(Slot<B> slot) {
		this.inventory.gone(slot);
	}

	// From here on to the public methods: lock held

	/**
	 * Return why no block is kept any more, {@code null} while the tier is in use.
	 */
	@Nullable DiscardReason end() {
		return this.end;
	}

	Admission<B> admission() {
		return this.admission;
	}

	/**
	 * Return whether requests wait for blocks or bytes that the tier may release.
	 */
	boolean isAwaited() {
		return !this.admission.queue().isEmpty() || this.account.isAwaited();
	}

	/**
	 * Return whether idle blocks are reserved for an earlier request that waits for one.
	 * Then the tier does not give up their memory for this request.
	 */
	boolean isKeptFrom(@Nullable Request<?> request) {
		return request != null && this.admission.queue().isAheadOf(request);
	}

	void signalAwaited() {
		signal(AWAITED, isAwaited());
	}

	void wakeFirst() {
		this.admission.queue().wakeFirst();
	}

	void wakeAll() {
		this.admission.queue().wakeAll();
	}

	/**
	 * Return the tier that serves a size: this tier, or its successor once it is retired.
	 */
	Tier<B> successor(int size) {
		return (this.successors != null) ? this.successors.apply(size) : this;
	}

	LeakDetector leaks() {
		return this.account.leaks();
	}

	void guardLeases() {
		this.inventory.guardLeases();
	}

	/**
	 * Take back what a lost lease held.
	 * @param counts whether its bytes count until its remains are gone
	 */
	void takeBack(Slot<B> slot, boolean counts) {
		this.inventory.takeBack(slot, counts);
		this.admission.endExhaustion();
	}

	long claims() {
		return hits();
	}

	long idleBytes() {
		return this.inventory.idleBytes();
	}

	long discardIdle(DiscardReason reason, long bytes) {
		return this.inventory.discardIdle(reason, bytes);
	}

	void shrinkToLimit() {
		this.inventory.shrinkToLimit();
	}

	// Called by the pool

	/**
	 * Reserve memory for the idle blocks that the caps ask for. All tiers of a pool
	 * reserve before the first creates a block. Otherwise the reservation of the next
	 * tier would evict those idle blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	public void reserve() {
		int count = this.caps.preallocate();
		Shortage shortage;
		do {
			this.budget.lockWhenCold();
			try {
				this.inventory.expect(count);
				// Slabs are reserved when they are created
				long bytes = isCarved() ? 0 : count * weight();
				shortage = this.account.reserve(bytes, null);
				this.reserved = (shortage != null) ? 0 : bytes;
			}
			finally {
				// Frees pending memory
				this.budget.unlock();
			}
		}
		while (shortage == Shortage.PENDING);
		if (shortage != null) {
			throw notReserved(shortage);
		}
	}

	private IllegalArgumentException notReserved(Shortage shortage) {
		return new IllegalArgumentException(
				"Cannot preallocate " + this.caps.preallocate() + " blocks of " + this.capacity + " bytes for pool '"
						+ this.account.pool() + "': " + Refusal.limits(this.account, this.account.limit(), shortage));
	}

	/**
	 * Create the idle blocks that were {@linkplain #reserve reserved}. If this fails, the
	 * caller closes the tier. That releases all blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	public void preallocate() {
		for (int i = this.caps.preallocate(); i > 0; i--) {
			if (this.carved && isCarved()) {
				Space space = carve();
				addIdle(this.source.create(this.capacity, space), space, 0);
			}
			else {
				addIdle(this.source.create(this.capacity), null, weight());
			}
		}
	}

	private void addIdle(B block, @Nullable Space space, long weight) {
		this.budget.lockWhenCold();
		try {
			this.inventory.addIdle(block, space, weight);
			this.reserved -= weight;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Carve space for an idle block, from a new slab if no slab has room.
	 */
	private Space carve() {
		SlabAllocator slabs = slabs();
		int plan;
		this.budget.lockWhenCold();
		try {
			Space space = slabs.claim(this.capacity);
			if (space != null) {
				return space;
			}
			long least = slabs.least(this.capacity);
			plan = slabs.plan(this.capacity, Math.max(least, this.account.available()));
			Shortage shortage = this.account.lackNow(slabs.footprint(plan));
			if (shortage != null) {
				throw notReserved(shortage);
			}
			this.account.reserve(slabs.footprint(plan), null);
			this.reserved += slabs.footprint(plan);
		}
		finally {
			this.budget.unlock();
		}
		Object slab = slabs.create(plan);
		this.budget.lockWhenCold();
		try {
			Space space = slabs.add(slab, this.capacity);
			this.reserved -= slabs.footprint(plan);
			return space;
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
			long given = discardIdle(reason, Long.MAX_VALUE);
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
			this.caps = caps;
			this.inventory.shrinkToTotal();
			this.inventory.resize(places(caps, this.reasonNotKept));
			this.admission.endExhaustion();
		});
	}

	/**
	 * Replace this tier with others. The tier discards idle blocks now and leased blocks
	 * on release. Waiting requests move to the successors.
	 * @param successors maps a size to the tier that serves it from now on; not this one
	 */
	public void retire(IntFunction<Tier<B>> successors) {
		change(() -> {
			this.successors = successors;
			this.end = DiscardReason.TRIMMED;
			this.inventory.clear(DiscardReason.TRIMMED);
			this.counters.close(census());
			this.account.unregister(this);
			moveRequests();
		});
	}

	private void moveRequests() {
		moveRequests(this.admission.queue());
		moveRequests(this.account.queue());
		moveRequests(this.budget.queue());
	}

	private void moveRequests(WaitQueue queue) {
		for (Request<?> request = queue.first(); request != null;) {
			Request<?> next = request.next;
			request.moveFrom(this, this.budget);
			request = next;
		}
	}

	/**
	 * Refuse further acquires and discard idle blocks. A leased block is discarded on
	 * release.
	 */
	public void close() {
		change(() -> {
			this.end = DiscardReason.CLOSED;
			this.account.giveBack(this.reserved);
			this.reserved = 0;
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
			return this.counters.read(this.caps, census, this.admission.waiting, this.admission.exhaustedFor());
		}
		finally {
			this.budget.unlock();
		}
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
		return this.account.unit().amount(size) + " from pool '" + this.account.pool() + "'";
	}

}
