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

package io.mempool.core;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * One size class of a pool: finds, creates, takes back and counts the blocks of one
 * capacity.
 *
 * @param <B> the kind of block
 */
public final class Tier<B extends Block> {

	// Threads stand in line here: nobody claims past them
	private static final int QUEUED = 1;

	// When last looked, every place held a leased block, and none has come back since
	private static final int DRY = 1 << 1;

	// Threads wait somewhere in the budget, for whom any return may be of use
	private static final int AWAITED = 1 << 2;

	private final Account account;

	private final Budget budget;

	private final int capacity;

	private final Caps caps;

	private final BlockSource<B> source;

	private final boolean resets;

	// Why no block of this tier is ever kept, null in a tier that pools
	private final @Nullable DiscardReason fate;

	private final FreeList<B> freeList;

	// Written with the lock held
	private volatile boolean closed;

	// What those who claim and return without the lock must know; written with it held
	private volatile int signals;

	private final LongAdder doubleReleases = new LongAdder();

	// Guarded by the lock of the budget from here on
	private final ArrayDeque<Request<B>> line = new ArrayDeque<>();

	private final Map<DiscardReason, Long> discards = new EnumMap<>(DiscardReason.class);

	private int existing;

	private int detachedLeases;

	private long misses;

	private long leaked;

	private long preallocated;

	private int peak;

	private long exhausted;

	private long waits;

	private long waitedNanos;

	// Idle ones that have never been leased
	private final List<Slot<B>> unused = new ArrayList<>();

	private int missesUnguarded;

	// Blocks that are paid for and not yet created
	private int reserved;

	/**
	 * Create a tier.
	 * @param account the account of its pool
	 * @param capacity the capacity of its blocks, in the unit of the account
	 * @param caps how many blocks it may hold
	 * @param source what makes its blocks
	 * @param fate why its blocks are never kept, {@code null} to pool them.
	 * {@link DiscardReason#TRANSIENT} leaves them out of {@code max-total} too
	 */
	public Tier(Account account, int capacity, Caps caps, BlockSource<B> source, @Nullable DiscardReason fate) {
		this.account = account;
		this.budget = account.budget();
		this.capacity = capacity;
		this.caps = caps;
		this.source = source;
		this.resets = source.resets();
		this.fate = fate;
		this.freeList = new FreeList<>((fate != null) ? 0 : caps.places());
		this.budget.lock();
		try {
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

	/**
	 * Begin a lease of an idle block: the hit path.
	 * @return the block, or {@code null} if none was found or others wait in line; ask
	 * with a {@link Request} then
	 */
	public @Nullable B claim() {
		return ((this.signals & (QUEUED | DRY)) == 0) ? this.freeList.claim() : null;
	}

	/**
	 * Begin a lease under the terms of a request.
	 * @param request the request
	 * @return the block, or {@code null} if it was refused, see {@link #refusal}
	 * @throws InterruptedException if interrupted while waiting
	 */
	public @Nullable B acquire(Request<B> request) throws InterruptedException {
		if (!grant(request)) {
			return null;
		}
		if (request.slot != null) {
			return create(request.slot, request.size);
		}
		return (request.block != null) ? fit(request.block) : null;
	}

	/**
	 * Hand out a block that was just claimed only if its source finds it fit: else
	 * another idle one, or a new one. Whoever holds an unfit block has a place already,
	 * so that this neither waits nor is refused.
	 * @param block a block without a handle yet
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
	 * Create another block in the place of one whose lease has no handle yet. It is a
	 * miss, and ends the hit that found the unfit one.
	 */
	private B replace(B block) {
		Slot<B> slot = slotOf(block);
		this.budget.lock();
		try {
			dispose(slot, block, DiscardReason.INVALID);
			this.misses++;
		}
		finally {
			this.budget.unlock();
		}
		return create(slot, this.capacity);
	}

	@SuppressWarnings({ "unchecked", "NullAway" })
	private Slot<B> slotOf(B block) {
		return (Slot<B>) block.slot;
	}

	private boolean grant(Request<B> request) throws InterruptedException {
		boolean enrolled = false;
		boolean granted = false;
		this.budget.lock();
		try {
			// More than the limit or the budget ever allows: no use waiting
			Shortage obstacle = this.account.obstacle((this.fate != null) ? request.size : this.capacity);
			for (;;) {
				if (!enrolled ? this.line.isEmpty() : this.line.peekFirst() == request) {
					granted = tryGrant(request);
				}
				else {
					request.shortage = (obstacle != null) ? obstacle : this.line.element().shortage;
				}
				if (granted) {
					return true;
				}
				if (obstacle != null || request.isOverdue()) {
					this.exhausted++;
					return false;
				}
				if (!enrolled) {
					// Look again after enrolling: only now does a return wake us
					enrol(request);
					enrolled = true;
				}
				else {
					this.budget.unlock();
					try {
						request.park();
					}
					finally {
						this.budget.lock();
					}
				}
			}
		}
		finally {
			if (enrolled) {
				leaveLine(request);
			}
			this.budget.unlock();
		}
	}

	private void enrol(Request<B> request) {
		this.line.addLast(request);
		signal(QUEUED, true);
		this.budget.enrol(this);
	}

	private void leaveLine(Request<B> request) {
		this.line.remove(request);
		this.waits++;
		this.waitedNanos += request.age();
		signal(QUEUED, isAwaited());
		this.budget.leave(this);
		// The wake-up that this one may have consumed, or what it did not need
		this.budget.wake();
	}

	boolean isAwaited() {
		return !this.line.isEmpty();
	}

	void signalAwaited(boolean awaited) {
		signal(AWAITED, awaited);
	}

	private void signal(int signal, boolean on) {
		int signals = on ? (this.signals | signal) : (this.signals & ~signal);
		if (this.signals != signals) {
			this.signals = signals;
		}
	}

	void wakeFirst() {
		Request<B> first = this.line.peekFirst();
		if (first != null) {
			first.wake();
		}
	}

	private boolean tryGrant(Request<B> request) {
		if (this.closed) {
			throw closed(request.size);
		}
		this.budget.takeBackLost();
		request.block = claimUnlessDry();
		if (request.block != null) {
			return true;
		}
		boolean capReached = this.fate != DiscardReason.TRANSIENT && this.existing >= this.caps.maxTotal();
		DiscardReason fate = (capReached && this.fate == null) ? DiscardReason.TRANSIENT : this.fate;
		Shortage shortage = Shortage.CAP;
		if (!capReached || request.transientAtCap) {
			long weight = (fate != null) ? request.size : this.capacity;
			shortage = this.account.reserve(weight);
			if (shortage == null) {
				request.slot = newSlot(weight, capReached ? DiscardReason.TRANSIENT : fate, !capReached);
				return true;
			}
		}
		request.shortage = shortage;
		if (shortage == Shortage.CAP) {
			guardLeases();
		}
		else {
			this.budget.guardLeases();
		}
		request.block = this.freeList.claimAgain(true);
		return request.block != null;
	}

	/**
	 * Look for an idle block, but not again if none has come back since the last look
	 * that was in vain: many misses in a row need one look together.
	 */
	private @Nullable B claimUnlessDry() {
		if ((this.signals & DRY) != 0) {
			return null;
		}
		B block = this.freeList.claimAgain(false);
		if (block == null) {
			// Look again after raising the signal: only now does a return take it down
			signal(DRY, true);
			block = this.freeList.claimAgain(false);
			if (block != null) {
				signal(DRY, false);
			}
		}
		return block;
	}

	private Slot<B> newSlot(long weight, @Nullable DiscardReason fate, boolean counted) {
		boolean placed = fate == null && this.freeList.hasUnusedPlace();
		long state = Slot.VERSION_ONE | 1 | (placed ? 0 : Slot.DETACHED);
		boolean countsAgainstCap = counted && fate != DiscardReason.TRANSIENT;
		Slot<B> slot = new Slot<>(this, state, weight, fate, countsAgainstCap);
		if (placed) {
			this.freeList.place(slot);
		}
		else {
			this.detachedLeases++;
		}
		if (countsAgainstCap) {
			this.existing++;
		}
		this.misses++;
		if (!placed && ++this.missesUnguarded > this.freeList.size()) {
			guardLeases();
		}
		return slot;
	}

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

	private B create(Slot<B> slot, int size) {
		B block;
		try {
			block = this.source.create((slot.fate != null) ? size : this.capacity);
		}
		catch (Throwable ex) {
			forget(slot);
			throw ex;
		}
		block.slot = slot;
		watch(block, slot);
		Runnable remains = block.remains();
		if (this.closed && remains != null) {
			// Either the close saw what is watched, or we see the close
			remains.run();
		}
		if (!Slot.isDetached(slot.state)) {
			slot.block = block;
			// Either whoever detaches or guards clears the block after this, or we see it
			VarHandle.fullFence();
			if ((slot.state & (Slot.DETACHED | Slot.GUARDED)) != 0) {
				slot.block = null;
			}
		}
		return block;
	}

	void watch(B block, Slot<B> slot) {
		this.budget.unwatch(block);
		this.budget.watch(block, slot);
	}

	/**
	 * Reserve memory for the idle blocks that the caps ask for. All tiers of a pool
	 * reserve before the first of them creates any, as idle blocks would be given up for
	 * the reservation of the next tier.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	public void reserve() {
		int count = this.caps.preallocate();
		this.budget.lock();
		try {
			Shortage shortage = this.account.reserve((long) count * this.capacity);
			if (shortage != null) {
				throw new IllegalArgumentException("Cannot preallocate " + count + " blocks of " + this.capacity
						+ " bytes for pool '" + this.account.pool() + "': " + Refusal.limits(this.account, shortage));
			}
			this.reserved = count;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Create the idle blocks that were {@linkplain #reserve reserved}. Whoever sees this
	 * fail closes the tier, which gives everything back.
	 */
	public void preallocate() {
		for (int i = this.caps.preallocate(); i > 0; i--) {
			addIdle(this.source.create(this.capacity));
		}
	}

	private void addIdle(B block) {
		this.budget.lock();
		try {
			Slot<B> slot = new Slot<>(this, 0, this.capacity, null, true);
			slot.block = block;
			block.slot = slot;
			watch(block, slot);
			this.existing++;
			this.reserved--;
			this.preallocated++;
			this.freeList.place(slot);
			this.unused.add(slot);
			idle(slot, Slot.IDLE);
		}
		finally {
			this.budget.unlock();
		}
	}

	// The way home

	/**
	 * Return whether blocks are reset between two owners.
	 */
	boolean resets() {
		return this.resets;
	}

	/**
	 * A block went from leased to idle in its place: the short way home.
	 */
	void returned() {
		if ((this.signals & (DRY | AWAITED)) != 0) {
			announceReturn();
		}
	}

	private void announceReturn() {
		this.budget.lock();
		try {
			signal(DRY, false);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Let the calling thread find this slot first once it is idle.
	 */
	void hint(Slot<B> slot) {
		this.freeList.hint(slot);
	}

	/**
	 * Bring home a block whose last reference has just been taken away by the caller.
	 */
	void bringHome(Slot<B> slot, B block, int extent) {
		long state = slot.state;
		boolean reusable = slot.fate == null && (state & Slot.DOUBT) == 0;
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
			recordPeak();
			boolean placed = !Slot.isDetached(slot.state);
			DiscardReason reason = (failure != null) ? failure : reasonToDiscard(slot);
			if (!placed) {
				this.detachedLeases--;
			}
			if (reason == null && !placed) {
				Slot<B> displaced = this.freeList.place(slot);
				if (displaced == null) {
					reason = DiscardReason.FULL;
					sawIdle();
				}
				else if (displaced != slot) {
					this.detachedLeases++;
				}
			}
			if (reason == null) {
				slot.block = block;
				hint(slot);
				idle(slot, (slot.state & Slot.VERSION) | Slot.IDLE);
			}
			else {
				if (placed) {
					this.freeList.remove(slot);
				}
				discard(slot, block, reason);
			}
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
		if (slot.fate != null) {
			return slot.fate;
		}
		return this.closed ? DiscardReason.CLOSED : null;
	}

	private void forget(Slot<B> slot) {
		this.budget.lock();
		try {
			if (Slot.isDetached(slot.state)) {
				this.detachedLeases--;
			}
			else {
				this.freeList.remove(slot);
			}
			slot.state = 0;
			release(slot);
			this.discards.merge(DiscardReason.FAILED, 1L, Long::sum);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	// From here on to the public methods: lock held

	private void idle(Slot<B> slot, long state) {
		slot.state = state;
		sawIdle();
	}

	// Whoever returned it may not have come to take the signal down; but from what was
	// seen now, nobody shall conclude one thing and from the signal another
	private void sawIdle() {
		signal(DRY, false);
	}

	private FreeList.Census census() {
		FreeList.Census census = this.freeList.census();
		if (census.idle() > 0) {
			sawIdle();
		}
		return census;
	}

	private void discard(Slot<B> slot, B block, DiscardReason reason) {
		dispose(slot, block, reason);
		release(slot);
	}

	private void dispose(Slot<B> slot, B block, DiscardReason reason) {
		slot.block = null;
		this.budget.unwatch(block);
		this.discards.merge(reason, 1L, Long::sum);
		this.budget.afterwards(() -> this.source.destroy(block));
	}

	private void release(Slot<B> slot) {
		if (slot.counted) {
			this.existing--;
		}
		this.account.giveBack(slot.weight);
	}

	/**
	 * Take back what a lost lease held, except for the block, which is gone.
	 */
	void takeBack(Slot<B> slot) {
		recordPeak();
		if (Slot.isDetached(slot.state)) {
			this.detachedLeases--;
		}
		else {
			this.freeList.remove(slot);
		}
		release(slot);
		this.leaked++;
	}

	// An upper bound: every block that exists and was ever leased might have been at
	// once.
	// Enough to look before there may be fewer
	private void recordPeak() {
		this.unused.removeIf((slot) -> slot.state != Slot.IDLE);
		int used = this.freeList.size() - this.unused.size() + this.detachedLeases;
		this.peak = Math.max(this.peak, used);
	}

	long claims() {
		return this.freeList.census().hits();
	}

	long idleBytes() {
		return (long) census().idle() * this.capacity;
	}

	long discardIdle(DiscardReason reason, long bytes) {
		recordPeak();
		long given = 0;
		for (int i = this.freeList.size() - 1; i >= 0 && given < bytes; i--) {
			Slot<B> slot = this.freeList.at(i);
			B block = slot.tryRetire();
			if (block != null) {
				this.freeList.remove(slot);
				discard(slot, block, reason);
				given += slot.weight;
			}
		}
		return given;
	}

	/**
	 * Discard idle blocks.
	 * @param reason why
	 * @return how much memory was given back
	 */
	public long discardIdle(DiscardReason reason) {
		this.budget.lock();
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
	 * Refuse further acquires and discard idle blocks. The blocks of open leases are
	 * discarded when they are released, but what they hold beyond the heap is given up
	 * now.
	 */
	public void close() {
		this.budget.lock();
		try {
			this.closed = true;
			this.account.giveBack((long) this.reserved * this.capacity);
			this.reserved = 0;
			discardIdle(DiscardReason.CLOSED, Long.MAX_VALUE);
			while (this.freeList.size() > 0) {
				Slot<B> slot = this.freeList.at(this.freeList.size() - 1);
				if (slot.tryDetach(true)) {
					this.freeList.remove(slot);
					this.detachedLeases++;
				}
				else {
					discardIdle(DiscardReason.CLOSED, Long.MAX_VALUE);
				}
			}
			this.budget.giveUp(this);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	void countDoubleRelease() {
		this.doubleReleases.increment();
	}

	/**
	 * Count what the tier has done and holds. Exact at rest; totals never decrease.
	 * @return the figures, read at once
	 */
	public TierStatistics statistics() {
		this.budget.lock();
		try {
			this.budget.takeBackLost();
			guardLeases();
			FreeList.Census census = census();
			// After the count, which so is never above it: blocks are claimed meanwhile
			recordPeak();
			int leased = census.leased() + this.detachedLeases;
			long returned = census.hits() + this.misses - this.leaked - leased;
			return new TierStatistics(this.capacity, this.caps, census.hits(), this.misses, returned,
					Map.copyOf(this.discards), this.leaked, this.doubleReleases.sum(), this.preallocated, leased,
					census.idle(), this.peak, this.exhausted, this.line.size(), this.waits, this.waitedNanos,
					Duration.ZERO);
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
		boolean oversized = this.fate == DiscardReason.TRANSIENT;
		return new Refusal(this.account, statistics(), oversized).of(request);
	}

	private PoolClosedException closed(int size) {
		return new PoolClosedException("Cannot acquire " + describe(size) + ": the pool is closed");
	}

	/**
	 * Describe what was requested of which pool.
	 */
	String describe(int size) {
		return this.account.unit().amount(size) + " from pool '" + this.account.pool() + "'";
	}

}
