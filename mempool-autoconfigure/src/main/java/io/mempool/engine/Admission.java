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
import java.util.function.IntFunction;

import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a tier serves a request: with an idle block, permission to create one, or a
 * place in a wait queue. Guarded by the lock of the budget.
 *
 * @param <B> the kind of block
 */
final class Admission<B extends Block> {

	/*
	 * States. A request that cannot be admitted waits for one of three things: a block of
	 * its tier (max-total), bytes of its pool (limit), or bytes of its budget. Each has a
	 * wait queue, in the order in which its requests first had to wait.
	 *
	 * Order. First come, first served: the tier admits no request to what the first of an
	 * earlier queue could use. At the budget, a request can use any memory of any pool.
	 * At the limit of its pool, it can use any memory of the pool. At the cap of its
	 * tier, it can use a block. So released memory is kept for the first request until it
	 * suffices. Neither a later nor a smaller request passes it. A transient block does
	 * not compete at the cap. An idle block that an earlier request waits for is not
	 * evicted for bytes (see TierView.isKeptFrom). One return may wake requests in
	 * several queues. The thread that runs first looks on behalf of those that came
	 * earlier (see WaitingRequests.serveBefore), and only then for itself.
	 *
	 * Why every request advances. A request that an earlier one blocks waits in the queue
	 * of the earlier one. When the obstacle changes, its thread wakes, or a later one
	 * looks for it. The request moves to another queue and keeps its turn. Until then, it
	 * blocks others in its old queue. Turns are unique, so there is always one request
	 * that no other blocks.
	 *
	 * Why no request waits in vain. A return wakes the first of each queue, and a request
	 * that leaves wakes the next. A close, or a lower limit, ends waits out of turn. So
	 * it wakes every request that it may end, wherever that waits.
	 */

	private final SizeClass<B> sizeClass;

	private final Account account;

	private final SharedBudget budget;

	private final Inventory<B> inventory;

	private final TierCounters counters;

	private final FreeList<B> freeList;

	// Requests that wait for a block of this tier
	private final WaitQueue queue = new WaitQueue(Shortage.CAP);

	private final Exhaustion exhaustion;

	private final Creation<B> creation;

	// Maps a size to the admission of the tier that replaces this one; null until the
	// tier is retired
	@LockHeld
	private @Nullable IntFunction<Admission<B>> successors;

	// Requests to this tier that wait in any queue
	@LockHeld
	int waiting;

	Admission(SizeClass<B> sizeClass, FreeList<B> freeList, TierCounters counters, Exhaustion exhaustion,
			Inventory<B> inventory, Creation<B> creation) {
		this.sizeClass = sizeClass;
		this.account = sizeClass.account();
		this.budget = sizeClass.budget();
		this.freeList = freeList;
		this.counters = counters;
		this.exhaustion = exhaustion;
		this.inventory = inventory;
		this.creation = creation;
	}

	/**
	 * Return what creates the blocks of admitted requests.
	 */
	Creation<B> creation() {
		return this.creation;
	}

	SizeClass<B> sizeClass() {
		return this.sizeClass;
	}

	/**
	 * Pass later requests on.
	 * @param successors maps a size to the admission that decides about it from now on
	 */
	@LockHeld
	void retire(IntFunction<Admission<B>> successors) {
		this.successors = successors;
	}

	/**
	 * Return what decides about a size: this object, or a successor once its tier is
	 * retired.
	 */
	@LockHeld
	Admission<B> successor(int size) {
		return (this.successors != null) ? this.successors.apply(size) : this;
	}

	@LockHeld
	WaitQueue queue() {
		return this.queue;
	}

	/**
	 * Return the obstacle to a request if no other block were leased.
	 */
	@LockHeld
	@Nullable Shortage obstacle(Request<B> request) {
		return this.account.obstacle(weight(request.size, false));
	}

	@LockHeld
	private long weight(int size, boolean capReached) {
		return (this.sizeClass.reasonNotKept() != null || capReached) ? this.sizeClass.weightOfTransient(size)
				: this.sizeClass.weight();
	}

	@LockHeld
	private boolean isCapReached() {
		return !this.sizeClass.isTransient() && this.counters.existing >= this.sizeClass.caps().maxTotal();
	}

	/**
	 * Return whether the pool is closed, so that every request fails.
	 */
	@LockHeld
	boolean isClosed() {
		return this.sizeClass.end() != null;
	}

	/**
	 * Admit a request if that is possible now. Otherwise its shortage says why not.
	 * @throws PoolClosedException if the pool is closed
	 */
	@LockHeld
	boolean tryAdmit(Request<B> request) {
		if (isClosed()) {
			throw new PoolClosedException(
					"Cannot acquire " + this.sizeClass.describe(request.size) + ": the pool is closed");
		}
		WaitQueue before = queueBefore(request);
		if (before != null) {
			request.shortage = before.shortage();
			return false;
		}
		boolean blockIsFree = !this.queue.isAheadOf(request);
		if (blockIsFree && admitIdle(request, claimIdle())) {
			return true;
		}
		Shortage shortage = tryOpen(request, blockIsFree);
		if (shortage == null) {
			return admitted();
		}
		request.shortage = shortage;
		if (shortage == Shortage.CAP) {
			this.inventory.guardLeases();
		}
		else {
			this.budget.guardLeases();
		}
		return blockIsFree && admitIdle(request, claimOrProve());
	}

	/**
	 * Claim any idle block, or prove that none was idle at some instant. In quarantine,
	 * no thread claims meanwhile, so that one look is a proof.
	 */
	@LockHeld
	private @Nullable B claimOrProve() {
		Quarantine<B> quarantine = this.sizeClass.quarantine();
		return (quarantine != null) ? this.freeList.claimOldest(quarantine, 0) : this.freeList.claimAgain(true);
	}

	@LockHeld
	private @Nullable B claimIdle() {
		Quarantine<B> quarantine = this.sizeClass.quarantine();
		return (quarantine != null) ? claimQuarantined(quarantine) : claimUnlessDry();
	}

	/**
	 * Claim the block that was released first, if it was out of use for long enough or
	 * the tier may have no further block.
	 */
	@LockHeld
	private @Nullable B claimQuarantined(Quarantine<B> quarantine) {
		boolean full = isCapReached() || !this.freeList.hasUnusedPlace();
		return this.freeList.claimOldest(quarantine, full ? 0 : Quarantine.RELEASES);
	}

	/**
	 * Return the queue whose first request could use what this one asks for.
	 */
	@LockHeld
	private @Nullable WaitQueue queueBefore(Request<B> request) {
		if (this.account.queue().isAheadOf(request)) {
			return this.account.queue();
		}
		if (this.budget.queue().isAheadOf(request)) {
			return this.budget.queue();
		}
		return (!request.transientAtCap && this.queue.isAheadOf(request)) ? this.queue : null;
	}

	/**
	 * Return the queue for a request that was not admitted.
	 */
	@LockHeld
	WaitQueue queue(Request<B> request) {
		WaitQueue before = queueBefore(request);
		if (before != null) {
			return before;
		}
		if (request.shortage == Shortage.LIMIT) {
			return this.account.queue();
		}
		return (request.shortage == Shortage.BUDGET || request.shortage == Shortage.PENDING) ? this.budget.queue()
				: this.queue;
	}

	@LockHeld
	private boolean admitIdle(Request<B> request, @Nullable B block) {
		request.block = block;
		return block != null && admitted();
	}

	/**
	 * Open a slot for a block to be created.
	 * @return {@code null} if opened, else the obstacle
	 */
	@LockHeld
	private @Nullable Shortage tryOpen(Request<B> request, boolean blockIsFree) {
		boolean capReached = !blockIsFree || isCapReached();
		if (capReached && !request.transientAtCap) {
			return Shortage.CAP;
		}
		if (request.memoryShort) {
			return Shortage.MEMORY;
		}
		if (!capReached && this.sizeClass.isCarved()) {
			return tryCarve(request);
		}
		long weight = weight(request.size, capReached);
		boolean exact = capReached || this.sizeClass.reasonNotKept() != null;
		Slot<B> slot = this.inventory.prepare(exact ? request.size : this.sizeClass.capacity(), weight,
				capReached ? DiscardReason.TRANSIENT : this.sizeClass.reasonNotKept());
		Shortage shortage = this.account.reserve(weight, request);
		if (shortage == null) {
			this.inventory.open(slot);
			request.slot = slot;
		}
		return shortage;
	}

	/**
	 * Open a slot for a block that is carved from an existing slab, or else from a new
	 * one.
	 */
	@LockHeld
	private @Nullable Shortage tryCarve(Request<B> request) {
		SlabAllocator slabs = this.sizeClass.slabs();
		int capacity = this.sizeClass.capacity();
		Slot<B> slot = this.inventory.prepare(capacity, 0, this.sizeClass.reasonNotKept());
		slot.space = slabs.claim(capacity);
		if (slot.space == null) {
			long least = slabs.least(capacity);
			long most = Math.min(this.account.available(), request.largestSlab);
			int plan = slabs.plan(capacity, Math.max(least, most));
			long footprint = slabs.footprint(plan);
			Shortage shortage = this.account.reserve(footprint, request);
			if (shortage == null) {
				slot.plan = plan;
				slot.weight = footprint;
			}
			else if (shortage == Shortage.PENDING || !this.inventory.carveFromIdle(slot, request)) {
				return shortage;
			}
		}
		this.inventory.open(slot);
		request.slot = slot;
		return null;
	}

	/**
	 * Look for an idle block, but only if one has returned since the last search failed.
	 * So many misses in a row need one search.
	 */
	@LockHeld
	private @Nullable B claimUnlessDry() {
		if (this.freeList.isDry()) {
			return null;
		}
		B block = this.freeList.claimAgain(false);
		if (block == null) {
			// Look again after raising the signal: only now does a return clear it
			this.freeList.signal(TierSignals.DRY, true);
			block = this.freeList.claimAgain(false);
			if (block != null) {
				this.freeList.signal(TierSignals.DRY, false);
			}
		}
		return block;
	}

	@LockHeld
	private boolean admitted() {
		this.exhaustion.end();
		return true;
	}

	/**
	 * Refuse a request.
	 * @param obstacle what will always prevent it, {@code null} if it may succeed later
	 */
	@LockHeld
	void refuse(Request<B> request, @Nullable Shortage obstacle) {
		if (obstacle != null) {
			request.shortage = obstacle;
		}
		if (request.tentative) {
			return;
		}
		request.refusal = refusal(obstacle, obstacle == null && queueBefore(request) != null);
		this.counters.exhausted++;
		if (obstacle == null) {
			this.exhaustion.refused(request.size, request.transientAtCap);
		}
	}

	// One hold of the lock covers the figures and the decision. If no earlier request
	// waits, the refusal follows the proof that no block was idle at an instant. The
	// figures are those of that instant, even if blocks have returned since
	@LockHeld
	private Refusal refusal(@Nullable Shortage impossible, boolean kept) {
		int idle = kept ? this.inventory.census().idle() : 0;
		int leased = this.freeList.size() - idle + this.counters.detachedLeases;
		return new Refusal(this.account, this.account.limit(), this.account.pending(), this.sizeClass.capacity(),
				this.sizeClass.caps(), leased, idle, this.sizeClass.isTransient(), impossible, kept);
	}

	/**
	 * Count a request that has left the queues.
	 */
	@LockHeld
	void waited(long nanos) {
		this.counters.waits++;
		this.counters.waitedNanos += nanos;
	}

	/**
	 * Return how long the tier has been exhausted.
	 */
	@LockHeld
	Duration exhaustedFor() {
		return this.exhaustion.lasting(this::couldAdmit);
	}

	// Another tier may have released what this one lacks. As far as one look can tell
	@LockHeld
	private boolean couldAdmit(int size, boolean transientAtCap) {
		boolean capReached = isCapReached();
		return this.inventory.census().idle() > 0
				|| ((!capReached || transientAtCap) && this.account.lack(weight(size, capReached)) == null);
	}

}
