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
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.mempool.core.Budget;
import org.jspecify.annotations.Nullable;

/**
 * An upper limit in bytes for the pools that share it, idle and leased memory together. A
 * pool without a budget has an unlimited one of its own.
 * <p>
 * Safe for use by several threads. The limit is hard: at no instant do idle and leased
 * memory exceed it.
 */
public final class SharedBudget implements Budget {

	/*
	 * The lock. The pools of one budget also share its lock. The lock guards everything
	 * except claims and returns of blocks that have a place: creation, discard, caps,
	 * bytes, waiting. With one lock, each refusal is one decision over all of them. There
	 * is no reservation that is rolled back and meanwhile causes another refusal. To take
	 * idle memory from another pool needs no second lock, so there is no lock order.
	 * Threads create blocks, destroy blocks and wait without the lock.
	 *
	 * Errors. An Error may occur at any call and any allocation. So code that holds the
	 * lock follows these rules:
	 *
	 * 1. A thread takes the lock only with enough stack left to finish (lock,
	 * lockWhenCold). A thread that held it in the same frame before may take it without
	 * the check (lockAgain): handlers of errors must not fail.
	 *
	 * 2. Between the first and the last of changes that belong together, code allocates
	 * nothing and makes no other call. It allocates what they need before.
	 *
	 * 3. A counter changes after what it counts.
	 *
	 * 4. The unlock is the first statement in its finally. It allocates nothing and
	 * throws nothing.
	 *
	 * 5. One try covers all code from a reservation until the pool would notice the loss
	 * of the block. The handler undoes what is half done, or the search for lost leases
	 * finds it: a lease without a handle, or an unfinished return.
	 *
	 * Wake-ups. No wake-up is lost. A thread that waits first raises a signal in every
	 * tier that could help, and then looks for idle blocks. A thread that returns a block
	 * first sets its word, and then reads the signals of its tier. Both are volatile
	 * accesses, so at least one thread sees the other.
	 *
	 * Parts. WatchedBlocks notices lost blocks and lists those to destroy.
	 * WaitingRequests has the turns of waiting requests. Neither knows a pool or a tier.
	 *
	 * Disposal. A discarded block leaves its tier at once. The discarding thread destroys
	 * it after the unlock. Until then its bytes count, and the block counts against
	 * max-total. The budget also watches for lost leases. So a request that is short of
	 * bytes gets back what was lost in any tier or pool, even a closed and forgotten one.
	 */

	private final String name;

	private final long limit;

	private final ReentrantLock lock = new ReentrantLock();

	private final WatchedBlocks blocks = new WatchedBlocks();

	// Guarded by the lock from here on
	@LockHeld
	private long used;

	@LockHeld
	private long pending;

	@LockHeld
	private final List<BudgetMember> pools = new ArrayList<>();

	private final WaitingRequests waiting = new WaitingRequests(this.pools);

	// Whether a thread will report lost leases. Also written without the lock
	private volatile boolean reporting;

	/**
	 * Create a budget.
	 * @param name its name in messages, for example {@code mempool.budget.heap}
	 * @param limit the limit in bytes, {@link Long#MAX_VALUE} for none
	 */
	public SharedBudget(String name, long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.name = name;
		this.limit = limit;
	}

	/**
	 * Return a budget as an instance of this class.
	 * @param budget a budget
	 * @return the same budget
	 * @throws IllegalArgumentException if it is not one of this library
	 */
	public static SharedBudget of(Budget budget) {
		if (budget instanceof SharedBudget shared) {
			return shared;
		}
		throw new IllegalArgumentException(
				"'budget' must be created with BufferPool.budget(..) but is a " + budget.getClass().getName());
	}

	/**
	 * Create a budget without a limit.
	 * @return a new budget
	 */
	public static SharedBudget unlimited() {
		return new SharedBudget("unlimited", Long.MAX_VALUE);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public long limit() {
		return this.limit;
	}

	@Override
	public long used() {
		lockWhenCold();
		try {
			return this.used;
		}
		finally {
			unlock();
		}
	}

	@Override
	public long pending() {
		lockWhenCold();
		try {
			return this.pending;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Return the watched blocks.
	 */
	WatchedBlocks blocks() {
		return this.blocks;
	}

	/**
	 * Take the lock for a frequent operation.
	 * @throws StackOverflowError if the thread might have too little stack to finish
	 */
	void lock() {
		StackReserve.require();
		this.lock.lock();
	}

	/**
	 * Take the lock for an operation that may run for the first time.
	 * @throws StackOverflowError if the thread might have too little stack to finish
	 */
	void lockWhenCold() {
		StackReserve.requireWhenCold();
		this.lock.lock();
	}

	/**
	 * Take the lock in a frame that held it before, or to finish an operation that began.
	 */
	void lockAgain() {
		this.lock.lock();
	}

	/**
	 * Release the lock, then destroy the discarded blocks. Throws nothing.
	 */
	@LockHeld
	void unlock() {
		BlockReference<?> disposed = null;
		boolean unreported = false;
		if (this.lock.getHoldCount() == 1) {
			disposed = this.blocks.takeDisposed();
			unreported = this.blocks.hasUnreported() && !this.reporting;
		}
		this.lock.unlock();
		if (disposed != null) {
			Disposal.of(disposed);
		}
		if (unreported) {
			reportSoon();
		}
	}

	// On another thread: listeners may acquire and take time. This thread may wait in a
	// queue, or hold what they wait for
	private void reportSoon() {
		this.reporting = true;
		try {
			Housekeeping.once(this, SharedBudget::reportLost);
		}
		catch (Throwable ex) {
			// The next unlock tries again
			this.reporting = false;
		}
	}

	/**
	 * Report the leases that were lost. No lock held.
	 */
	void reportLost() {
		BlockReference<?> unreported;
		lockWhenCold();
		try {
			unreported = this.blocks.takeUnreported();
			this.reporting = false;
		}
		finally {
			unlock();
		}
		WatchedBlocks.report(unreported);
	}

	// From here on: lock held

	@LockHeld
	void register(BudgetMember pool) {
		this.pools.add(pool);
	}

	@LockHeld
	void unregister(BudgetMember pool) {
		this.pools.remove(pool);
	}

	/**
	 * Return the requests that wait in all queues of the budget and its pools.
	 */
	WaitingRequests waiting() {
		return this.waiting;
	}

	/**
	 * Return the queue of the requests that wait for bytes of the budget.
	 */
	WaitQueue queue() {
		return this.waiting.queue();
	}

	/**
	 * Wake the requests that a returned block may help.
	 */
	@LockHeld
	void wake() {
		this.waiting.wake();
	}

	/**
	 * Release what lost leases held.
	 */
	@LockHeld
	void takeBackLost() {
		if (this.blocks.takeBackLost()) {
			wake();
		}
	}

	/**
	 * Prepare to notice lost leases in every pool.
	 */
	@LockHeld
	void guardLeases() {
		for (int i = 0; i < this.pools.size(); i++) {
			this.pools.get(i).guardLeases();
		}
	}

	@LockHeld
	long shortage(long bytes) {
		return bytes - (this.limit - this.used);
	}

	@LockHeld
	void add(long bytes) {
		this.used += bytes;
	}

	@LockHeld
	void addPending(long bytes) {
		this.pending += bytes;
	}

	@LockHeld
	long pendingBytes() {
		return this.pending;
	}

	/**
	 * Return the total of all claims in all pools.
	 */
	@LockHeld
	long claims() {
		long claims = 0;
		for (int i = 0; i < this.pools.size(); i++) {
			claims += this.pools.get(i).claims();
		}
		return claims;
	}

	/**
	 * Stop all claims of idle blocks in all pools, or allow them again.
	 */
	@LockHeld
	void count(boolean begin) {
		for (int i = 0; i < this.pools.size(); i++) {
			this.pools.get(i).count(begin);
		}
	}

	/**
	 * Return how many idle bytes can be given up for a request.
	 */
	@LockHeld
	long idleBytes(@Nullable Waiter request) {
		long bytes = 0;
		for (int i = 0; i < this.pools.size(); i++) {
			bytes += this.pools.get(i).idleBytes(request);
		}
		return bytes;
	}

	/**
	 * Let the other pools give up idle memory for a request.
	 */
	@LockHeld
	@SuppressWarnings("ReferenceEquality")
	void reclaimExcept(BudgetMember except, long bytes, @Nullable Waiter request) {
		long open = bytes;
		for (int i = 0; i < this.pools.size() && open > 0; i++) {
			BudgetMember pool = this.pools.get(i);
			if (pool != except) {
				open -= pool.reclaim(open, request);
			}
		}
	}

	@Override
	public String toString() {
		return "Budget[name=" + name() + ", limit=" + limit() + "]";
	}

}
