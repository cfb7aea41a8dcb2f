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

import java.util.ArrayList;
import java.util.function.BooleanSupplier;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a tier: which exist, which have a place, and what becomes of the others.
 * Guarded by the lock of the budget, which each caller holds unless a method says
 * otherwise.
 *
 * @param <B> the kind of block
 */
final class Inventory<B extends Block> implements BlockReference.Owner<B> {

	/*
	 * How a cap or a limit is lowered, while threads claim and return blocks without the
	 * lock.
	 *
	 * Max-idle. Blocks lose places until the number of places equals max-idle. Leased
	 * blocks lose theirs first, which costs only the fast return. Idle blocks lose theirs
	 * next, and are discarded. Each block loses its place by a compare-and-set that
	 * expects one of the two states. If the block is claimed or returned meanwhile, the
	 * compare-and-set fails and the loop looks again. After the last one, the free list
	 * enforces the cap by construction (see FreeList).
	 *
	 * Max-total and limit. Idle blocks are discarded until few enough blocks exist. If
	 * that is not enough, too many are leased. Then each return decides whether its block
	 * may stay. For that, every leased block loses its place, and a block without a place
	 * returns with the lock held. Until few enough blocks exist, no block is created and
	 * each returning block is discarded. So no block takes a place. While more blocks
	 * exist than allowed, none of them is idle.
	 */

	private final SizeClass<B> sizeClass;

	private final Account account;

	private final BlockSource<B> source;

	private final FreeList<B> freeList;

	private final TierCounters counters;

	private final Exhaustion exhaustion;

	private final IdleGrowth growth = new IdleGrowth();

	// Slots of idle blocks that have never been leased
	private final ArrayList<Slot<B>> unused = new ArrayList<>();

	@LockHeld
	private int missesUnguarded;

	Inventory(SizeClass<B> sizeClass, FreeList<B> freeList, TierCounters counters, Exhaustion exhaustion) {
		this.sizeClass = sizeClass;
		this.account = sizeClass.account();
		this.source = sizeClass.source();
		this.freeList = freeList;
		this.counters = counters;
		this.exhaustion = exhaustion;
	}

	// Creation

	/**
	 * Prepare a slot for a block to be created for a lease, and allocate all that it
	 * needs. Changes no counter.
	 * @param size how many bytes the block can hold
	 * @param weight how much it counts against limit and budget
	 * @param reasonNotKept why the block is not kept, {@code null} if it may be
	 */
	@LockHeld
	Slot<B> prepare(int size, long weight, @Nullable DiscardReason reasonNotKept) {
		boolean placed = reasonNotKept == null && this.freeList.hasUnusedPlace();
		long state = Slot.VERSION_ONE | 1 | (placed ? 0 : Slot.DETACHED);
		if (placed) {
			this.freeList.makeRoom();
		}
		Slot<B> slot = new Slot<>(this.freeList, state, weight, reasonNotKept,
				reasonNotKept != DiscardReason.TRANSIENT);
		slot.size = size;
		return slot;
	}

	/**
	 * Open a prepared slot, after its weight was reserved. The caller has held the lock
	 * since it prepared the slot.
	 */
	@LockHeld
	void open(Slot<B> slot) {
		boolean placed = !Slot.isDetached(slot.state);
		if (placed) {
			this.freeList.place(slot);
		}
		else {
			this.counters.detachedLeases++;
		}
		if (slot.counted) {
			this.counters.existing++;
		}
		this.account.addCapacity(slot.size);
		this.counters.misses++;
		if (!placed && slot.reasonNotKept == null) {
			this.growth.missed();
		}
		if (!placed && ++this.missesUnguarded > this.freeList.size()) {
			guardLeases();
		}
	}

	/**
	 * Allocate room for idle blocks that are created in advance.
	 */
	@LockHeld
	void expect(int blocks) {
		this.unused.ensureCapacity(blocks);
	}

	/**
	 * Add an idle block that was created in advance, with its weight reserved.
	 */
	@LockHeld
	void addIdle(B block, @Nullable Space space, long weight) {
		Slot<B> slot = new Slot<>(this.freeList, 0, weight, null, true);
		slot.size = this.sizeClass.capacity();
		slot.space = space;
		slot.block = block;
		block.slot = slot;
		this.freeList.makeRoom();
		watch(block, slot);
		this.counters.existing++;
		this.account.addCapacity(slot.size);
		this.counters.preallocated++;
		this.freeList.place(slot);
		this.unused.add(slot);
		idle(slot, Slot.IDLE);
	}

	@LockHeld
	private void idle(Slot<B> slot, long state) {
		slot.state = state;
		sawIdle();
	}

	// The returning thread may not have cleared the signal yet. Block and signal must not
	// give two answers to one reader
	@LockHeld
	private void sawIdle() {
		this.freeList.signal(TierSignals.DRY, false);
	}

	// Return

	/**
	 * Decide whether a returning block stays.
	 * @param reason why it cannot stay, {@code null} if it may
	 */
	@LockHeld
	void settle(Slot<B> slot, B block, @Nullable DiscardReason reason) {
		recordPeak();
		DiscardReason reasonNotKept = (reason == null && isOverfull(slot)) ? DiscardReason.FULL : reason;
		boolean placed = !Slot.isDetached(slot.state);
		if (reasonNotKept == null && !placed && !makeRoom()) {
			reasonNotKept = DiscardReason.NO_MEMORY;
		}
		if (!placed) {
			this.counters.detachedLeases--;
		}
		if (reasonNotKept == null && !placed) {
			Slot<B> displaced = this.freeList.place(slot);
			if (displaced == null && grow()) {
				displaced = this.freeList.place(slot);
			}
			if (displaced == null) {
				reasonNotKept = DiscardReason.FULL;
				sawIdle();
			}
			else if (displaced != slot) {
				this.counters.detachedLeases++;
			}
		}
		if (reasonNotKept == null) {
			slot.block = block;
			this.freeList.hint(slot);
			idle(slot, (slot.state & Slot.VERSION) | Slot.IDLE);
		}
		else {
			if (placed) {
				this.freeList.remove(slot);
			}
			discard(slot, block, reasonNotKept, false);
		}
		this.exhaustion.end();
	}

	/**
	 * Raise max-idle by one, if it may grow.
	 * @return whether there is an unused place now
	 */
	@LockHeld
	private boolean grow() {
		Caps caps = this.sizeClass.caps();
		if (this.freeList.size() >= caps.maxTotal() || !this.growth.grows(caps.maxIdle())) {
			return false;
		}
		try {
			this.sizeClass.changeCaps(caps.with(caps.maxIdle() + 1, caps.maxTotal()));
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
		this.freeList.resize(this.sizeClass.places());
		return makeRoom();
	}

	/**
	 * Let max-idle grow.
	 * @param limit up to which number, {@code 0} if it is fixed
	 */
	@LockHeld
	void growTo(int limit) {
		this.growth.limit(limit);
	}

	@LockHeld
	private boolean makeRoom() {
		try {
			if (this.freeList.hasUnusedPlace()) {
				this.freeList.makeRoom();
			}
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

	/**
	 * Return whether more blocks exist than a lowered cap or limit allows.
	 */
	@LockHeld
	private boolean isOverfull(Slot<B> slot) {
		return slot.counted && (exceedsTotal() || this.account.isExceeded());
	}

	@LockHeld
	private boolean exceedsTotal() {
		return this.counters.kept() > this.sizeClass.caps().maxTotal();
	}

	/**
	 * Forget a slot whose block could not be created.
	 */
	@LockHeld
	void forget(Slot<B> slot, DiscardReason reason) {
		leave(slot);
		slot.state = 0;
		this.counters.discarded(reason);
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, false);
		release(slot);
	}

	@Override
	@LockHeld
	public void takeBack(Slot<B> slot, boolean counts) {
		recordPeak();
		leave(slot);
		this.counters.leaked++;
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, true);
		release(slot, counts);
		this.exhaustion.end();
	}

	@LockHeld
	private void leave(Slot<B> slot) {
		if (Slot.isDetached(slot.state)) {
			this.counters.detachedLeases--;
		}
		else {
			this.freeList.remove(slot);
		}
	}

	// Removal

	@LockHeld
	private void discard(Slot<B> slot, B block, DiscardReason reason, boolean idle) {
		boolean counts = this.source.destroys();
		slot.block = null;
		this.counters.discarded(reason);
		this.account.budget().blocks().dispose(block, reason, idle, counts);
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, BlockReference.isInDoubt(reason));
		release(slot, counts);
	}

	// If the slab is gone too, its weight moves to the slot
	@LockHeld
	private void giveSpaceBack(Slot<B> slot, boolean inDoubt) {
		Space space = slot.space;
		SlabAllocator slabs = this.account.slabs();
		if (space != null && slabs != null) {
			slot.space = null;
			slot.weight += slabs.release(space, inDoubt);
		}
	}

	/**
	 * Discard a block and keep its slot for the block that replaces it.
	 */
	@LockHeld
	void replace(Slot<B> slot, B block) {
		slot.block = null;
		this.counters.discarded(DiscardReason.INVALID);
		this.account.budget().blocks().dispose(block, DiscardReason.INVALID, false, false);
	}

	@LockHeld
	private void release(Slot<B> slot, boolean counts) {
		if (counts) {
			addPending(slot, 1);
		}
		else {
			release(slot);
		}
	}

	@LockHeld
	private void addPending(Slot<B> slot, int sign) {
		if (slot.counted) {
			this.counters.pending += sign;
		}
		this.account.addPending(sign * slot.weight);
	}

	@Override
	public void gone(BlockReference<B> reference) {
		SharedBudget budget = this.account.budget();
		budget.lockAgain();
		try {
			if (reference.endPending()) {
				Slot<B> slot = reference.slot();
				addPending(slot, -1);
				release(slot);
				budget.wake();
			}
		}
		finally {
			budget.unlock();
		}
	}

	@LockHeld
	private void release(Slot<B> slot) {
		if (slot.counted) {
			this.counters.existing--;
		}
		this.account.giveBack(slot.weight);
	}

	/**
	 * Discard idle blocks.
	 * @param bytes how much memory is enough
	 * @return how much memory was freed
	 */
	@LockHeld
	long discardIdle(DiscardReason reason, long bytes) {
		return discardIdle(reason, bytes, false);
	}

	/**
	 * Discard idle blocks.
	 * @param bytes how much memory is enough
	 * @param untouched whether only those that have been idle since the last look
	 * @return how much memory was freed
	 */
	@LockHeld
	long discardIdle(DiscardReason reason, long bytes, boolean untouched) {
		recordPeak();
		long given = 0;
		for (int i = this.freeList.size() - 1; i >= 0 && given < bytes; i--) {
			Slot<B> slot = this.freeList.at(i);
			Space space = slot.space;
			// One of several blocks of a slab frees no memory, so a request for bytes
			// leaves it
			boolean useful = bytes == Long.MAX_VALUE || space == null || space.isSlabIdle();
			if (useful && discardIdle(slot, reason, untouched)) {
				given += slot.weight;
			}
		}
		return given;
	}

	/**
	 * Discard the idle blocks of a slab.
	 * @param space space in the slab
	 * @param untouched whether only those that have been idle since the last look
	 * @return how much memory was freed
	 */
	@LockHeld
	long discardIdleBeside(Space space, DiscardReason reason, boolean untouched) {
		recordPeak();
		long given = 0;
		for (int i = this.freeList.size() - 1; i >= 0; i--) {
			Slot<B> slot = this.freeList.at(i);
			if (slot.space != null && slot.space.isBeside(space) && discardIdle(slot, reason, untouched)) {
				given += slot.weight;
			}
		}
		return given;
	}

	/**
	 * Return space in a slab all of whose blocks were idle when they were counted.
	 * @param untouched whether they must have been idle since the last look
	 * @return the space of an idle block, {@code null} if there is none
	 */
	@LockHeld
	@Nullable Space spaceOfIdleSlab(boolean untouched) {
		for (int i = this.freeList.size() - 1; i >= 0; i--) {
			Slot<B> slot = this.freeList.at(i);
			boolean matches = untouched ? slot.isUntouched() : Slot.isIdle(slot.state);
			if (matches && slot.space != null && slot.space.isSlabIdle()) {
				return slot.space;
			}
		}
		return null;
	}

	/**
	 * Return how many bytes the eviction of idle blocks frees.
	 * @param untouched whether only of those that have been idle since the last look
	 */
	@LockHeld
	long idleBytes(boolean untouched) {
		long bytes = 0;
		for (int i = 0; i < this.freeList.size(); i++) {
			Slot<B> slot = this.freeList.at(i);
			if (untouched ? slot.isUntouched() : Slot.isIdle(slot.state)) {
				bytes += (slot.space != null) ? slot.space.tally() : slot.weight;
			}
		}
		return bytes;
	}

	/**
	 * Look at all blocks, so that later calls know which were idle since.
	 */
	@LockHeld
	void look() {
		for (int i = 0; i < this.freeList.size(); i++) {
			this.freeList.at(i).look();
		}
	}

	/**
	 * Carve space from the idle blocks of a slab that stays. Only if their eviction
	 * leaves a hole that is large enough.
	 * @return whether the slot has space now
	 */
	@LockHeld
	boolean carveFromIdle(Slot<B> slot, Waiter request) {
		SlabAllocator slabs = this.account.slabs();
		if (slabs != null && this.account.giveUpCarved(request)) {
			slot.space = slabs.claim(this.sizeClass.capacity());
		}
		return slot.space != null;
	}

	@LockHeld
	private boolean discardIdle(Slot<B> slot, DiscardReason reason, boolean untouched) {
		B block = untouched ? slot.tryRetireUntouched() : slot.tryRetire();
		if (block == null) {
			return false;
		}
		this.freeList.remove(slot);
		discard(slot, block, reason, true);
		return true;
	}

	@LockHeld
	private boolean detach(Slot<B> slot) {
		if (!slot.tryDetach(true)) {
			return false;
		}
		this.freeList.remove(slot);
		this.counters.detachedLeases++;
		return true;
	}

	/**
	 * Take every block out of its place. Idle blocks are discarded; leased ones return
	 * with the lock held.
	 */
	@LockHeld
	void clear(DiscardReason reason) {
		clearWhile(() -> true, reason);
	}

	@LockHeld
	private void clearWhile(BooleanSupplier condition, DiscardReason reason) {
		recordPeak();
		while (this.freeList.size() > 0 && condition.getAsBoolean()) {
			Slot<B> last = this.freeList.at(this.freeList.size() - 1);
			if (!discardIdle(last, reason, false)) {
				detach(last);
			}
		}
	}

	/**
	 * Set the number of places to {@code places}.
	 */
	@LockHeld
	void resize(int places) {
		recordPeak();
		while (this.freeList.size() > places) {
			for (int i = this.freeList.size() - 1; i >= 0 && this.freeList.size() > places; i--) {
				detach(this.freeList.at(i));
			}
			for (int i = this.freeList.size() - 1; i >= 0 && this.freeList.size() > places; i--) {
				discardIdle(this.freeList.at(i), DiscardReason.TRIMMED, false);
			}
		}
		this.freeList.resize(places);
	}

	/**
	 * Discard idle blocks until max-total holds.
	 */
	@LockHeld
	void shrinkToTotal() {
		recordPeak();
		for (int i = this.freeList.size() - 1; i >= 0 && exceedsTotal(); i--) {
			discardIdle(this.freeList.at(i), DiscardReason.TRIMMED, false);
		}
		clearWhile(this::exceedsTotal, DiscardReason.TRIMMED);
	}

	/**
	 * Discard idle blocks until the pool is within its limit.
	 */
	@LockHeld
	void shrinkToLimit() {
		clearWhile(this.account::isExceeded, DiscardReason.TRIMMED);
	}

	/**
	 * Discard the blocks that have been idle since the last call, down to
	 * {@code preallocate}. Let each search begin at the front, so that few threads need
	 * few blocks until the next call.
	 */
	@LockHeld
	void expire() {
		recordPeak();
		int spare = this.counters.kept() - this.sizeClass.caps().preallocate();
		for (int i = this.freeList.size() - 1; i >= 0; i--) {
			Slot<B> slot = this.freeList.at(i);
			B block = slot.tryExpire(spare > 0);
			if (block != null) {
				this.freeList.remove(slot);
				discard(slot, block, DiscardReason.EXPIRED, true);
				spare--;
			}
		}
		this.freeList.gather();
	}

	// Inspection

	/**
	 * Guard the leases that a previous call saw. Two calls must see a lease before it is
	 * guarded, since a guarded block returns slowly.
	 */
	@LockHeld
	void guardLeases() {
		this.missesUnguarded = 0;
		for (int i = 0; i < this.freeList.size(); i++) {
			this.freeList.at(i).guard();
		}
	}

	@LockHeld
	FreeList.Census census() {
		FreeList.Census census = this.freeList.census();
		if (census.idle() > 0) {
			sawIdle();
		}
		return census;
	}

	/**
	 * Record an upper bound of the blocks leased at once: every block that exists and was
	 * ever leased. Runs before the number of blocks may fall.
	 */
	@LockHeld
	void recordPeak() {
		forgetUsed();
		int used = this.freeList.size() - this.unused.size() + this.counters.detachedLeases;
		this.counters.peak = Math.max(this.counters.peak, used);
	}

	// Allocates nothing: a thread without memory may release lost leases
	@LockHeld
	private void forgetUsed() {
		int kept = 0;
		for (int i = 0; i < this.unused.size(); i++) {
			Slot<B> slot = this.unused.get(i);
			if (slot.state == Slot.IDLE) {
				this.unused.set(kept++, slot);
			}
		}
		for (int i = this.unused.size() - 1; i >= kept; i--) {
			this.unused.remove(i);
		}
	}

	// Watching

	/**
	 * Watch a block, with or without the lock.
	 */
	void watch(B block, Slot<B> slot) {
		this.account.budget().blocks().watch(block, slot, this);
	}

	/**
	 * Watch a block that has another slot.
	 */
	@LockHeld
	void watchAgain(B block, Slot<B> slot) {
		this.account.budget().blocks().unwatch(block);
		watch(block, slot);
	}

	@Override
	public String pool() {
		return this.account.pool();
	}

	@Override
	public int capacity() {
		return this.sizeClass.capacity();
	}

	@Override
	public PoolListeners listeners() {
		return this.account.listeners();
	}

	@Override
	@SuppressWarnings("ReferenceEquality")
	public boolean isOf(BudgetMember pool) {
		return this.account == pool;
	}

	@Override
	public void reportLost(Slot<B> slot) {
		this.account.leaks().reportLost(slot);
	}

	@Override
	public void destroy(B block, DiscardReason reason, Runnable gone) {
		boolean inDoubt = BlockReference.isInDoubt(reason);
		if (!inDoubt) {
			lookForWrites(block);
		}
		if (this.source.destroys()) {
			this.source.destroy(block, inDoubt, gone);
		}
	}

	// The last chance to find a write to a block that was still in quarantine
	private void lookForWrites(B block) {
		Quarantine<B> quarantine = this.sizeClass.quarantine();
		Slot<?> slot = block.slot;
		if (quarantine != null && slot != null && !quarantine.isIntact(block)) {
			this.account.leaks().overwritten(slot, slot.state & Slot.VERSION);
		}
	}

}
