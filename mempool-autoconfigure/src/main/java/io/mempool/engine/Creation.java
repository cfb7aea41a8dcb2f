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

import io.mempool.core.DiscardReason;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * Creates the blocks of a tier, and checks idle ones. Takes the lock of the budget, and
 * calls the source without it.
 *
 * @param <B> the kind of block
 */
final class Creation<B extends Block> {

	// Made before memory is short
	private static final Runnable IGNORE = Creation::ignore;

	private final SizeClass<B> sizeClass;

	private final Account account;

	private final SharedBudget budget;

	private final BlockSource<B> source;

	private final FreeList<B> freeList;

	private final TierCounters counters;

	private final Inventory<B> inventory;

	private final Returns<B> returns;

	Creation(SizeClass<B> sizeClass, FreeList<B> freeList, TierCounters counters, Inventory<B> inventory,
			Returns<B> returns) {
		this.sizeClass = sizeClass;
		this.account = sizeClass.account();
		this.budget = sizeClass.budget();
		this.source = sizeClass.source();
		this.freeList = freeList;
		this.counters = counters;
		this.inventory = inventory;
		this.returns = returns;
	}

	/**
	 * Return a block that its source finds fit: the given block, another idle block, or a
	 * new one. The thread that holds an unfit block already has a place. So this call
	 * neither waits nor fails for want of a place.
	 * @param block a claimed block without a handle
	 * @return the block, or one instead of it
	 */
	B fit(B block) {
		B candidate = block;
		while (!isFit(candidate)) {
			B other = this.freeList.isClaimable() ? this.freeList.claimIdle() : null;
			if (other == null) {
				return replace(candidate);
			}
			reject(candidate, DiscardReason.INVALID);
			candidate = other;
		}
		return candidate;
	}

	private boolean isFit(B block) {
		try {
			return this.source.isFit(block);
		}
		catch (Throwable ex) {
			reject(block, DiscardReason.INVALID);
			throw ex;
		}
	}

	/**
	 * End the quarantine of a claimed block without a handle. A block that was written to
	 * is reported, and its lease ends.
	 * @return whether the block can be used; {@code false} if it was dropped
	 */
	boolean endQuarantine(B block) {
		Quarantine<B> quarantine = this.sizeClass.quarantine();
		if (quarantine == null) {
			return true;
		}
		boolean intact;
		try {
			intact = quarantine.isIntact(block);
			if (intact) {
				quarantine.end(block);
			}
		}
		catch (Throwable ex) {
			reject(block, DiscardReason.FAILED);
			throw ex;
		}
		if (!intact) {
			Slot<B> slot = slotOf(block);
			// The claim began the next version
			this.account.leaks().overwritten(slot, (slot.state & Slot.VERSION) - Slot.VERSION_ONE);
			reject(block, DiscardReason.OVERWRITTEN);
		}
		return intact;
	}

	/**
	 * End a lease that has no handle yet, and discard its block.
	 */
	private void reject(B block, DiscardReason fault) {
		Slot<B> slot = slotOf(block);
		long state = slot.state;
		while (!slot.compareAndSet(state, state - 1)) {
			state = slot.state;
		}
		this.returns.settle(slot, block, fault);
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
			return create(slot, this.sizeClass.capacity());
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
	B create(Slot<B> slot, int size) {
		Object miss = beginMiss();
		if (slot.plan != 0) {
			createSlab(slot);
		}
		B block = createIn(slot, size);
		try {
			block.slot = slot;
			this.inventory.watch(block, slot);
			if (miss != null) {
				endMiss(miss, slot, size);
			}
		}
		catch (Throwable ex) {
			this.budget.blocks().unwatch(block);
			this.source.destroy(block, false, IGNORE);
			throw ex;
		}
		if (this.account.isClosed()) {
			// Either the close finds the reference, or this thread sees the close
			WatchedBlocks.revoke(block);
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

	private B createIn(Slot<B> slot, int size) {
		Space space = slot.space;
		if (space != null) {
			return this.source.create(this.sizeClass.capacity(), space);
		}
		return (slot.reasonNotKept != null) ? this.source.createTransient(size)
				: this.source.create(this.sizeClass.capacity());
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
			PoolEvents.current()
				.endMiss(miss, this.account.pool(), this.sizeClass.capacity(), size, slot.reasonNotKept == null);
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
		SlabAllocator slabs = this.sizeClass.slabs();
		Object slab = slabs.create(slot.plan);
		this.budget.lock();
		try {
			slot.space = slabs.add(slab, this.sizeClass.capacity());
			slot.plan = 0;
			slot.weight = 0;
			// The rest of the slab may serve waiting requests
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Forget a slot whose block could not be created. Allocates nothing.
	 */
	void forget(Slot<B> slot, DiscardReason reason) {
		this.budget.lockAgain();
		try {
			this.inventory.forget(slot, reason);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

}
