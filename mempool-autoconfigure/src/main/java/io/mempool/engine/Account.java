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

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.mempool.core.DiscardReason;
import io.mempool.core.LeakDetection;
import io.mempool.core.TierStatistics;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * Counts the idle and leased blocks of one pool, in bytes or objects, against the limit
 * of the pool and the budget.
 */
public final class Account implements BudgetMember, LeakDetector.Pool, Memory.Holder {

	// How often to count while other threads claim, before the count stops their claims
	private static final int FREE_ROUNDS = 3;

	private final String pool;

	private final SharedBudget budget;

	private final Unit unit;

	private final Memory memory;

	private final Reference<? extends Memory.Holder> registration;

	private final @Nullable SlabAllocator slabs;

	private final LeakDetector leaks = new LeakDetector(this);

	private final PoolListeners listeners;

	private final WaitQueue queue = new WaitQueue(Shortage.LIMIT);

	// Written with the lock of the budget held from here on
	private volatile long limit;

	private volatile boolean closed;

	// Guarded by the lock of the budget from here on
	@LockHeld
	private final List<PoolTier> tiers = new ArrayList<>();

	@LockHeld
	private final Map<Integer, TierCounters> counters = new TreeMap<>();

	@LockHeld
	private long used;

	@LockHeld
	private long pending;

	@LockHeld
	private long capacity;

	/**
	 * Open an account of a pool of memory on the heap.
	 * @param pool the name of the pool
	 * @param budget the budget it shares
	 * @param limit the pool's own limit in bytes, {@link Long#MAX_VALUE} for none
	 */
	public Account(String pool, SharedBudget budget, long limit) {
		this(pool, budget, limit, Memory.HEAP);
	}

	/**
	 * Open an account of a pool of memory.
	 * @param pool the name of the pool
	 * @param budget the budget it shares
	 * @param limit the pool's own limit in bytes, {@link Long#MAX_VALUE} for none
	 * @param memory what its blocks are made of
	 */
	public Account(String pool, SharedBudget budget, long limit, Memory memory) {
		this(pool, budget, limit, memory, null);
	}

	/**
	 * Open an account of a pool of memory that is carved from slabs.
	 * @param pool the name of the pool
	 * @param budget the budget it shares
	 * @param limit the pool's own limit in bytes, {@link Long#MAX_VALUE} for none
	 * @param memory what its blocks are made of
	 * @param slabs what carves large blocks, {@code null} if none are
	 */
	public Account(String pool, SharedBudget budget, long limit, Memory memory, @Nullable SlabAllocator slabs) {
		this(pool, budget, limit, memory, slabs, Unit.BYTES);
	}

	private Account(String pool, SharedBudget budget, long limit, Memory memory, @Nullable SlabAllocator slabs,
			Unit unit) {
		this.pool = pool;
		this.budget = budget;
		this.limit = limit;
		this.memory = memory;
		this.slabs = slabs;
		this.unit = unit;
		this.listeners = new PoolListeners(pool, unit);
		budget.lockWhenCold();
		try {
			budget.register(this);
		}
		finally {
			budget.unlock();
		}
		this.registration = memory.register(this);
	}

	/**
	 * Open an account of a pool of objects, which has neither budget nor limit but caps.
	 * @param pool the name of the pool
	 * @return an account that counts objects
	 */
	public static Account ofObjects(String pool) {
		return new Account(pool, SharedBudget.unlimited(), Long.MAX_VALUE, Memory.HEAP, null, Unit.OBJECTS);
	}

	/**
	 * Return the name of the pool.
	 * @return the name of the pool
	 */
	@Override
	public String pool() {
		return this.pool;
	}

	/**
	 * Return the budget.
	 * @return the budget
	 */
	public SharedBudget budget() {
		return this.budget;
	}

	/**
	 * Return the pool's own limit.
	 * @return bytes, {@link Long#MAX_VALUE} for none
	 */
	public long limit() {
		return this.limit;
	}

	/**
	 * Return what looks for the pool's leaks.
	 * @return the detector
	 */
	public LeakDetector leaks() {
		return this.leaks;
	}

	/**
	 * Return the listeners, which hear of refused requests, leaks and trims.
	 * @return the listeners of the pool
	 */
	@Override
	public PoolListeners listeners() {
		return this.listeners;
	}

	@Override
	public Unit unit() {
		return this.unit;
	}

	Memory memory() {
		return this.memory;
	}

	/**
	 * Return whether the blocks are on the heap.
	 * @return {@code false} if they are outside of it
	 */
	public boolean isOnHeap() {
		return this.memory == Memory.HEAP;
	}

	/**
	 * Return what the account counts.
	 * @return {@code true} if bytes, {@code false} if objects
	 */
	public boolean countsBytes() {
		return this.unit == Unit.BYTES;
	}

	@Nullable SlabAllocator slabs() {
		return this.slabs;
	}

	/**
	 * Run an action with the lock of the budget held. Meanwhile no block is created or
	 * discarded.
	 * @param <T> the type of the result
	 * @param action the action
	 * @return the result of the action
	 */
	@Override
	public <T> T exclusively(Supplier<T> action) {
		this.budget.lockWhenCold();
		try {
			return action.get();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return how much is idle and leased. The value matches other figures only within
	 * {@link #exclusively}.
	 * @return bytes
	 */
	public long used() {
		return exclusively(() -> this.used);
	}

	/**
	 * Return how much of the used memory was discarded and is not yet freed. The value
	 * matches other figures only within {@link #exclusively}.
	 * @return bytes
	 */
	public long pending() {
		// Not by a lambda, whose class would be made when a refusal asks first
		this.budget.lockWhenCold();
		try {
			return this.pending;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return the capacity of the idle and leased blocks. The value matches other figures
	 * only within {@link #exclusively}.
	 * @return bytes
	 */
	public long capacity() {
		return exclusively(() -> this.capacity);
	}

	/**
	 * Change the limit of the pool. If the pool exceeds it, idle memory is discarded,
	 * largest blocks first. Leased blocks return later.
	 * @param limit bytes, {@link Long#MAX_VALUE} for none
	 */
	public void changeLimit(long limit) {
		exclusively(() -> {
			this.limit = limit;
			if (this.slabs != null) {
				this.slabs.changeLimit(Math.min(limit, this.budget.limit()));
			}
			idleBytes(null);
			discardIdle(DiscardReason.TRIMMED, this.used - this.pending - limit, null);
			for (int i = 0; i < this.tiers.size(); i++) {
				this.tiers.get(i).shrinkToLimit();
			}
			wakeAll();
			this.budget.wake();
			return null;
		});
	}

	/**
	 * Return the statistics of capacities that no current tier has.
	 * @return the statistics, smallest capacity first
	 */
	public List<TierStatistics> formerTiers() {
		return exclusively(() -> {
			Map<Integer, TierCounters> former = new TreeMap<>(this.counters);
			this.tiers.forEach((tier) -> former.remove(tier.capacity()));
			return former.values().stream().map(TierCounters::readAlone).toList();
		});
	}

	/**
	 * Close the account: the budget no longer takes idle memory from it. Leased blocks
	 * return later. The caller calls {@link #revoke()} next, with no lock held.
	 */
	public void close() {
		exclusively(() -> {
			this.closed = true;
			this.leaks.stop();
			wakeAll();
			this.budget.unregister(this);
			return null;
		});
	}

	/**
	 * Wake all requests of the pool, since none of them may be served any more. One that
	 * waits behind another is woken by no other thread. Lock of the budget held.
	 */
	@LockHeld
	private void wakeAll() {
		this.queue.wakeAll();
		this.budget.queue().wakeAll();
		for (int i = 0; i < this.tiers.size(); i++) {
			this.tiers.get(i).wakeAll();
		}
	}

	/**
	 * Free the off-heap memory of blocks that are still leased, after {@link #close()}.
	 */
	public void revoke() {
		this.memory.unregister(this.registration);
		this.budget.blocks().revoke(this);
	}

	@Override
	public void findLost() {
		this.budget.lockWhenCold();
		try {
			this.budget.takeBackLost();
			guardLeases();
		}
		finally {
			this.budget.unlock();
		}
	}

	@Override
	public void forEachSlot(Consumer<Slot<?>> action) {
		this.budget.blocks().forEachSlot(this, action);
	}

	@Override
	public void giveUpIdle() {
		this.budget.lockWhenCold();
		try {
			if (this.unit == Unit.BYTES) {
				discardIdle(DiscardReason.RECLAIMED, Long.MAX_VALUE, null);
				this.budget.wake();
			}
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Return the capacities of all tiers.
	 */
	List<Integer> capacities() {
		return exclusively(() -> this.tiers.stream().map(PoolTier::capacity).toList());
	}

	/**
	 * Look at all blocks, so that {@link #relieve} knows which were idle since.
	 */
	void look() {
		exclusively(() -> {
			for (int i = 0; i < this.tiers.size(); i++) {
				this.tiers.get(i).look();
			}
			return null;
		});
	}

	/**
	 * Give up idle memory of a tier, since the heap is nearly full. A block that a
	 * waiting request is about to get stays. Requests that wait for bytes get what is
	 * given up.
	 * @param capacity the capacity of the tier
	 * @param bytes how much is enough
	 * @param untouched whether only what has been idle since the last look
	 * @return how much was given up
	 */
	// Why it is correct. The lock is held, so that no request is admitted between the
	// count and the last discard. Other threads claim and return blocks meanwhile. A
	// claim that comes first makes the compare-and-set of the discard fail, and the block
	// stays. If a block of a slab is claimed after the slab was counted as idle, the slab
	// stays, and the sum has only what was given. A request that waits for bytes of limit
	// or budget is woken: it finds what was idle before as bytes that are free.
	long relieve(int capacity, long bytes, boolean untouched) {
		return exclusively(() -> {
			countIdle(untouched);
			long given = 0;
			for (int i = 0; i < this.tiers.size(); i++) {
				PoolTier tier = this.tiers.get(i);
				if (tier.capacity() == capacity && !tier.isAwaited()) {
					given += tier.isCarved() ? relieveSlabs(tier, bytes, untouched)
							: tier.discardIdle(DiscardReason.PRESSURE, bytes, untouched);
				}
			}
			this.budget.wake();
			return given;
		});
	}

	// Slab by slab, with its blocks of other tiers: half of a slab frees nothing
	@LockHeld
	private long relieveSlabs(PoolTier tier, long bytes, boolean untouched) {
		long given = 0;
		while (given < bytes) {
			Space space = tier.spaceOfIdleSlab(untouched);
			if (space == null) {
				return given;
			}
			for (int i = 0; i < this.tiers.size(); i++) {
				PoolTier other = this.tiers.get(i);
				if (other.isCarved() && !other.isAwaited()) {
					given += other.discardIdleBeside(space, DiscardReason.PRESSURE, untouched);
				}
			}
		}
		return given;
	}

	// A slab counts as idle if this counts all of its blocks
	@LockHeld
	private void countIdle(boolean untouched) {
		if (this.slabs != null) {
			this.slabs.beginTally();
		}
		for (int i = 0; i < this.tiers.size(); i++) {
			PoolTier tier = this.tiers.get(i);
			if (!tier.isAwaited()) {
				tier.idleBytes(untouched);
			}
		}
	}

	/**
	 * Return whether the account is closed.
	 * @return whether the pool creates no more blocks
	 */
	@Override
	public boolean isClosed() {
		return this.closed;
	}

	// From here on: lock of the budget held

	@LockHeld
	WaitQueue queue() {
		return this.queue;
	}

	@LockHeld
	TierCounters counters(int capacity) {
		return this.counters.computeIfAbsent(capacity, TierCounters::new);
	}

	@LockHeld
	void register(PoolTier tier) {
		int position = 0;
		while (position < this.tiers.size() && this.tiers.get(position).capacity() <= tier.capacity()) {
			position++;
		}
		this.tiers.add(position, tier);
		tier.signal(TierSignals.AWAITED, isAwaited());
		tier.signal(this.leaks.settings().detection());
	}

	@Override
	@LockHeld
	public void signal(LeakDetection detection) {
		for (int i = 0; i < this.tiers.size(); i++) {
			this.tiers.get(i).signal(detection);
		}
	}

	@LockHeld
	void unregister(PoolTier tier) {
		this.tiers.remove(tier);
	}

	/**
	 * Return whether requests wait for bytes that any tier could release.
	 */
	@LockHeld
	boolean isAwaited() {
		return !this.queue.isEmpty() || !this.budget.queue().isEmpty();
	}

	@Override
	@LockHeld
	public void signalAwaited() {
		for (int i = 0; i < this.tiers.size(); i++) {
			this.tiers.get(i).signalAwaited();
		}
	}

	@Override
	@LockHeld
	public void count(boolean begin) {
		for (int i = 0; i < this.tiers.size(); i++) {
			this.tiers.get(i).signal(TierSignals.COUNTED, begin);
		}
	}

	/**
	 * Reserve memory. If needed, and only if it suffices, give up idle memory of this
	 * pool and then of others. Off-heap memory may take time to free. Then the answer is
	 * {@link Shortage#PENDING}.
	 * @param bytes how much
	 * @param request the request that needs it, {@code null} for none. An idle block that
	 * is reserved for an earlier request is not given up for this one
	 * @return {@code null} if reserved, else the obstacle at some instant during the call
	 */
	@LockHeld
	@Nullable Shortage reserve(long bytes, @Nullable Waiter request) {
		Shortage shortage = null;
		if (isShort(bytes)) {
			shortage = makeRoomOrProve(bytes, request);
		}
		if (shortage == null) {
			this.used += bytes;
			this.budget.add(bytes);
		}
		return shortage;
	}

	@LockHeld
	private boolean isShort(long bytes) {
		return shortage(bytes) > 0 || this.budget.shortage(bytes) > 0;
	}

	// Why it is correct. Threads claim and return blocks during the count. So the count
	// may overlook a block that is idle now and another that is idle later. While no
	// thread claims, idle memory only grows. Between two equal counts of claims, the
	// count therefore finds no less than was idle at the first. If other threads claim
	// all the time, a signal stops new claims after a few rounds. Then only the threads
	// past the signal claim, each once.
	@LockHeld
	private @Nullable Shortage makeRoomOrProve(long bytes, @Nullable Waiter request) {
		boolean counting = false;
		try {
			for (int round = 1; isShort(bytes); round++) {
				long claims = this.budget.claims();
				Shortage shortage = makeRoom(bytes, request);
				if (shortage == Shortage.PENDING) {
					// The memory given up is no longer idle: a further count would
					// overlook it
					return shortage;
				}
				if (shortage != null && this.budget.claims() == claims) {
					return shortage;
				}
				if (!counting && round == FREE_ROUNDS) {
					counting = true;
					this.budget.count(true);
				}
			}
			return null;
		}
		finally {
			if (counting) {
				this.budget.count(false);
			}
		}
	}

	@LockHeld
	private @Nullable Shortage makeRoom(long bytes, @Nullable Waiter request) {
		long idle = idleBytes(request);
		Shortage lack = lack(bytes, idle, request);
		if (lack == null) {
			long before = this.budget.pendingBytes();
			long shared = this.budget.shortage(bytes);
			shared -= reclaim(Math.max(shortage(bytes), Math.min(shared, idle)), request);
			if (shared > 0) {
				this.budget.reclaimExcept(this, shared, request);
			}
			if (isShort(bytes) && this.budget.pendingBytes() > before) {
				return Shortage.PENDING;
			}
		}
		return lack;
	}

	/**
	 * Return the obstacle to a reservation, as far as one count can tell.
	 */
	@LockHeld
	@Nullable Shortage lack(long bytes) {
		return lack(bytes, idleBytes(null), null);
	}

	@LockHeld
	private @Nullable Shortage lack(long bytes, long idle, @Nullable Waiter request) {
		if (shortage(bytes) > idle) {
			return Shortage.LIMIT;
		}
		long shared = this.budget.shortage(bytes);
		return (shared > idle && shared > this.budget.idleBytes(request)) ? Shortage.BUDGET : null;
	}

	/**
	 * Return the obstacle to a reservation that evicts no idle memory.
	 */
	@LockHeld
	@Nullable Shortage lackNow(long bytes) {
		if (shortage(bytes) > 0) {
			return Shortage.LIMIT;
		}
		return (this.budget.shortage(bytes) > 0) ? Shortage.BUDGET : null;
	}

	/**
	 * Return the obstacle to a reservation if no other bytes were reserved.
	 */
	@Nullable Shortage obstacle(long bytes) {
		if (bytes > this.limit) {
			return Shortage.LIMIT;
		}
		return (bytes > this.budget.limit()) ? Shortage.BUDGET : null;
	}

	/**
	 * Return how many bytes can be reserved without giving up idle memory.
	 */
	@LockHeld
	long available() {
		return Math.max(0, -Math.max(shortage(0), this.budget.shortage(0)));
	}

	@LockHeld
	void giveBack(long bytes) {
		this.used -= bytes;
		this.budget.add(-bytes);
	}

	@LockHeld
	void addCapacity(long bytes) {
		this.capacity += bytes;
	}

	@LockHeld
	void addPending(long bytes) {
		this.pending += bytes;
		this.budget.addPending(bytes);
	}

	@Override
	@LockHeld
	public void guardLeases() {
		for (int i = 0; i < this.tiers.size(); i++) {
			this.tiers.get(i).guardLeases();
		}
	}

	@Override
	@LockHeld
	public long claims() {
		long claims = 0;
		for (int i = 0; i < this.tiers.size(); i++) {
			claims += this.tiers.get(i).claims();
		}
		return claims;
	}

	@Override
	@LockHeld
	public long idleBytes(@Nullable Waiter request) {
		if (this.slabs != null) {
			this.slabs.beginTally();
		}
		long bytes = 0;
		for (int i = 0; i < this.tiers.size(); i++) {
			PoolTier tier = this.tiers.get(i);
			if (!tier.isKeptFrom(request)) {
				bytes += tier.idleBytes(false);
			}
		}
		return bytes;
	}

	@Override
	@LockHeld
	public long reclaim(long bytes, @Nullable Waiter request) {
		return discardIdle(DiscardReason.RECLAIMED, bytes, request);
	}

	/**
	 * Give up idle blocks in slabs that other blocks keep.
	 * @return whether there were any
	 */
	@LockHeld
	boolean giveUpCarved(@Nullable Waiter request) {
		boolean any = false;
		for (int i = 0; i < this.tiers.size(); i++) {
			PoolTier tier = this.tiers.get(i);
			if (tier.isCarved() && tier.hasIdle() && !tier.isKeptFrom(request)) {
				tier.discardIdle(DiscardReason.RECLAIMED, Long.MAX_VALUE, false);
				any = true;
			}
		}
		return any;
	}

	@LockHeld
	private long discardIdle(DiscardReason reason, long bytes, @Nullable Waiter request) {
		long given = 0;
		for (int i = this.tiers.size() - 1; i >= 0 && given < bytes; i--) {
			PoolTier tier = this.tiers.get(i);
			if (!tier.isKeptFrom(request)) {
				given += tier.discardIdle(reason, bytes - given, false);
			}
		}
		return given;
	}

	/**
	 * Return whether leases exceed a limit that was lowered.
	 */
	@LockHeld
	boolean isExceeded() {
		return this.used - this.pending > this.limit;
	}

	@LockHeld
	private long shortage(long bytes) {
		return bytes - (this.limit - this.used);
	}

}
