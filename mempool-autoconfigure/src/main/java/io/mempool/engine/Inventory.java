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

import io.mempool.core.DiscardReason;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a tier: which exist, which have a place, and what became of the others.
 * Guarded by the lock of the budget, which everybody holds who calls this.
 *
 * @param <B> the kind of block
 */
final class Inventory<B extends Block> {

	/*
	 * How a cap or a limit is lowered, while blocks are claimed and returned without the
	 * lock.
	 *
	 * Max-idle: blocks lose places until there are as many places as may be idle. First
	 * leased ones, which costs nothing but the short way home; then idle ones, which are
	 * discarded. Each loses its place by a compare-and-set that says in which of the two
	 * states it was, so that one that is claimed or returned meanwhile is looked at
	 * again. When the last is out, the cap holds by construction as before: see FreeList.
	 *
	 * Max-total and limit: idle blocks are discarded until few enough exist. If that is
	 * not enough, more are leased than may exist, and from here on it is settled at each
	 * return whether that one may stay. For that, every leased block loses its place: one
	 * that comes home without a place does so with the lock held. Nothing can take a
	 * place then before few enough exist, as nothing is created, and what comes home is
	 * discarded. So whenever more exist than may, none of them is idle.
	 */

	private final Tier<B> tier;

	private final Account account;

	private final TierCounters counters;

	private final BlockSource<B> source;

	private final FreeList<B> freeList;

	// Idle ones that have never been leased
	private final ArrayList<Slot<B>> unused = new ArrayList<>();

	private int missesUnguarded;

	Inventory(Tier<B> tier, Account account, TierCounters counters, BlockSource<B> source) {
		this.tier = tier;
		this.account = account;
		this.counters = counters;
		this.source = source;
		this.freeList = tier;
	}

	// Coming

	/**
	 * Make a slot for a block that is about to be created for a lease, and all the room
	 * that it takes. Changes nothing that counts.
	 * @param size how many bytes it can hold
	 * @param weight what it counts against limit and budget
	 * @param reasonNotKept why it will not be kept, {@code null} if it may be
	 */
	Slot<B> prepare(int size, long weight, @Nullable DiscardReason reasonNotKept) {
		boolean placed = reasonNotKept == null && this.freeList.hasUnusedPlace();
		long state = Slot.VERSION_ONE | 1 | (placed ? 0 : Slot.DETACHED);
		if (placed) {
			this.freeList.makeRoom();
		}
		Slot<B> slot = new Slot<>(this.tier, state, weight, reasonNotKept, reasonNotKept != DiscardReason.TRANSIENT);
		slot.size = size;
		return slot;
	}

	/**
	 * Take a prepared slot into use, after its weight was reserved. The lock was held
	 * since it was prepared.
	 */
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
		if (!placed && ++this.missesUnguarded > this.freeList.size()) {
			guardLeases();
		}
	}

	/**
	 * Make room for idle blocks that are created in advance.
	 */
	void expect(int blocks) {
		this.unused.ensureCapacity(blocks);
	}

	/**
	 * Add an idle block that was created in advance, and is paid for.
	 */
	void addIdle(B block, @Nullable Space space, long weight) {
		Slot<B> slot = new Slot<>(this.tier, 0, weight, null, true);
		slot.size = this.tier.capacity();
		slot.space = space;
		slot.block = block;
		block.slot = slot;
		this.freeList.makeRoom();
		this.account.budget().watch(block, slot);
		this.counters.existing++;
		this.account.addCapacity(slot.size);
		this.counters.preallocated++;
		this.freeList.place(slot);
		this.unused.add(slot);
		idle(slot, Slot.IDLE);
	}

	private void idle(Slot<B> slot, long state) {
		slot.state = state;
		sawIdle();
	}

	// Whoever returned it may not have come to take the signal down; but from what was
	// seen now, nobody shall conclude one thing and from the signal another
	private void sawIdle() {
		this.tier.signal(TierSignals.DRY, false);
	}

	// Coming back

	/**
	 * Settle what becomes of a block that is on its way home.
	 * @param reason why it cannot stay, {@code null} if it may
	 */
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
	}

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
	 * Return whether more exists than may, since a cap or the limit was lowered.
	 */
	private boolean isOverfull(Slot<B> slot) {
		return slot.counted && (exceedsTotal() || this.account.isExceeded());
	}

	private boolean exceedsTotal() {
		return this.counters.kept() > this.tier.caps().maxTotal();
	}

	/**
	 * Forget a slot whose block could not be created.
	 */
	void forget(Slot<B> slot, DiscardReason reason) {
		leave(slot);
		slot.state = 0;
		this.counters.discarded(reason);
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, false);
		release(slot);
	}

	/**
	 * Take back what a lost lease held, except for the block, which is gone.
	 * @param counts whether its bytes count until its remains are gone
	 */
	void takeBack(Slot<B> slot, boolean counts) {
		recordPeak();
		leave(slot);
		this.counters.leaked++;
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, true);
		release(slot, counts);
	}

	private void leave(Slot<B> slot) {
		if (Slot.isDetached(slot.state)) {
			this.counters.detachedLeases--;
		}
		else {
			this.freeList.remove(slot);
		}
	}

	// Going

	private void discard(Slot<B> slot, B block, DiscardReason reason, boolean idle) {
		boolean counts = this.source.destroys();
		slot.block = null;
		this.counters.discarded(reason);
		this.account.budget().dispose(block, reason, idle, counts);
		this.account.addCapacity(-slot.size);
		giveSpaceBack(slot, reason == DiscardReason.IN_DOUBT);
		release(slot, counts);
	}

	// Its slab is known by the weight of the slot from now on, if the slab is gone too
	private void giveSpaceBack(Slot<B> slot, boolean inDoubt) {
		Space space = slot.space;
		SlabAllocator slabs = this.account.slabs();
		if (space != null && slabs != null) {
			slot.space = null;
			slot.weight += slabs.release(space, inDoubt);
		}
	}

	/**
	 * Let go of a block, but not of its slot, which another block is created for.
	 */
	void replace(Slot<B> slot, B block) {
		slot.block = null;
		this.counters.discarded(DiscardReason.INVALID);
		this.account.budget().dispose(block, DiscardReason.INVALID, false, false);
	}

	private void release(Slot<B> slot, boolean counts) {
		if (counts) {
			addPending(slot, 1);
		}
		else {
			release(slot);
		}
	}

	private void addPending(Slot<B> slot, int sign) {
		if (slot.counted) {
			this.counters.pending += sign;
		}
		this.account.addPending(sign * slot.weight);
	}

	/**
	 * A block that was discarded, or what a lost one had beyond the heap, is destroyed.
	 */
	void gone(Slot<B> slot) {
		addPending(slot, -1);
		release(slot);
	}

	private void release(Slot<B> slot) {
		if (slot.counted) {
			this.counters.existing--;
		}
		this.account.giveBack(slot.weight);
	}

	/**
	 * Discard idle blocks.
	 * @param bytes how much memory is enough
	 * @return how much was given back
	 */
	long discardIdle(DiscardReason reason, long bytes) {
		recordPeak();
		long given = 0;
		for (int i = this.freeList.size() - 1; i >= 0 && given < bytes; i--) {
			Slot<B> slot = this.freeList.at(i);
			Space space = slot.space;
			// For some bytes it is of no use to discard one of several blocks of a slab
			boolean useful = bytes == Long.MAX_VALUE || space == null || space.isSlabIdle();
			if (useful && discardIdle(slot, reason)) {
				given += slot.weight;
			}
		}
		return given;
	}

	/**
	 * Return how many bytes it gives back to discard all that is idle.
	 */
	long idleBytes() {
		long bytes = 0;
		for (int i = 0; i < this.freeList.size(); i++) {
			Slot<B> slot = this.freeList.at(i);
			if (Slot.isIdle(slot.state)) {
				bytes += (slot.space != null) ? slot.space.tally() : slot.weight;
			}
		}
		return bytes;
	}

	/**
	 * Carve space where blocks of the pool are idle, if giving them up leaves a hole that
	 * is large enough, although their slabs stay.
	 * @return whether the slot has space now
	 */
	boolean carveFromIdle(Slot<B> slot, Request<B> request) {
		SlabAllocator slabs = this.account.slabs();
		if (slabs != null && this.account.giveUpCarved(request)) {
			slot.space = slabs.claim(this.tier.capacity());
		}
		return slot.space != null;
	}

	private boolean discardIdle(Slot<B> slot, DiscardReason reason) {
		B block = slot.tryRetire();
		if (block == null) {
			return false;
		}
		this.freeList.remove(slot);
		discard(slot, block, reason, true);
		return true;
	}

	private boolean detach(Slot<B> slot) {
		if (!slot.tryDetach(true)) {
			return false;
		}
		this.freeList.remove(slot);
		this.counters.detachedLeases++;
		return true;
	}

	/**
	 * Take every block out of its place: idle ones are discarded, leased ones come home
	 * with the lock held.
	 */
	void clear(DiscardReason reason) {
		clearWhile(() -> true, reason);
	}

	private void clearWhile(BooleanSupplier condition, DiscardReason reason) {
		recordPeak();
		while (this.freeList.size() > 0 && condition.getAsBoolean()) {
			Slot<B> last = this.freeList.at(this.freeList.size() - 1);
			if (!discardIdle(last, reason)) {
				detach(last);
			}
		}
	}

	/**
	 * Have as many places as blocks may be idle.
	 */
	void resize(int places) {
		recordPeak();
		while (this.freeList.size() > places) {
			for (int i = this.freeList.size() - 1; i >= 0 && this.freeList.size() > places; i--) {
				detach(this.freeList.at(i));
			}
			for (int i = this.freeList.size() - 1; i >= 0 && this.freeList.size() > places; i--) {
				discardIdle(this.freeList.at(i), DiscardReason.TRIMMED);
			}
		}
		this.freeList.resize(places);
	}

	/**
	 * Discard idle blocks until no more exist than may.
	 */
	void shrinkToTotal() {
		recordPeak();
		for (int i = this.freeList.size() - 1; i >= 0 && exceedsTotal(); i--) {
			discardIdle(this.freeList.at(i), DiscardReason.TRIMMED);
		}
		clearWhile(this::exceedsTotal, DiscardReason.TRIMMED);
	}

	/**
	 * Discard idle blocks until the pool is within its limit.
	 */
	void shrinkToLimit() {
		clearWhile(this.account::isExceeded, DiscardReason.TRIMMED);
	}

	/**
	 * Discard what has been idle since the last call, down to what is preallocated, and
	 * let threads begin their search at the front, so that few threads need few blocks
	 * until the next call.
	 */
	void expire() {
		recordPeak();
		int spare = this.counters.kept() - this.tier.caps().preallocate();
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

	// Looking

	/**
	 * Prepare to notice leases that were lost. A lease must be seen twice before it is
	 * guarded, since a guarded one comes home the slow way.
	 */
	void guardLeases() {
		this.missesUnguarded = 0;
		for (int i = 0; i < this.freeList.size(); i++) {
			this.freeList.at(i).guard();
		}
	}

	FreeList.Census census() {
		FreeList.Census census = this.freeList.census();
		if (census.idle() > 0) {
			sawIdle();
		}
		return census;
	}

	/**
	 * Keep an upper bound of what was leased at once: every block that exists and was
	 * ever leased might have been. Enough to look before there may be fewer.
	 */
	void recordPeak() {
		forgetUsed();
		int used = this.freeList.size() - this.unused.size() + this.counters.detachedLeases;
		this.counters.peak = Math.max(this.counters.peak, used);
	}

	// Allocates nothing: lost leases are taken back by a thread that may have no memory
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

}
