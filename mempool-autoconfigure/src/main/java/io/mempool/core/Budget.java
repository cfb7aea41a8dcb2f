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

import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * An upper limit in bytes over the pools that share it, idle and leased together. A pool
 * that is given none has an unlimited one to itself.
 * <p>
 * Safe for use by several threads. The limit is hard: at no instant do the pools keep and
 * lend more.
 *
 * @since 0.1.0
 */
public final class Budget {

	/*
	 * The pools of one budget also share its lock, which guards everything except claims
	 * and returns of blocks that have a place: creation, discard, caps, bytes, waiting.
	 * One lock makes every refusal one decision over all of them (no reservation that is
	 * rolled back and was meanwhile the reason to refuse somebody else), and taking idle
	 * memory from another pool needs no second lock, so there is no order to keep.
	 *
	 * Blocks are created and destroyed, and threads wait, outside of it.
	 *
	 * No wake-up is lost: whoever waits first raises a signal in every tier and then
	 * looks for idle blocks; whoever returns one first sets its word and then reads the
	 * signals of its tier. Both are volatile accesses, so at least one of the two sees
	 * the other.
	 *
	 * Lost leases are looked for here too, so that whoever is short of bytes gets back
	 * what was lost in another tier or pool, also in one that is closed and forgotten.
	 */

	private final String name;

	private final long limit;

	private final ReentrantLock lock = new ReentrantLock();

	private final ReferenceQueue<Block> lost = new ReferenceQueue<>();

	// Keeps what is watched, and with it its tier, until it is lost or discarded
	private final Set<BlockReference> references = ConcurrentHashMap.newKeySet();

	// Guarded by the lock from here on
	private long used;

	private final List<Account> accounts = new ArrayList<>();

	private final Set<Tier<?>> awaited = new LinkedHashSet<>();

	private final ArrayDeque<Runnable> afterwards = new ArrayDeque<>();

	/**
	 * Create a budget.
	 * @param name how messages call it, for example {@code mempool.budget.heap}
	 * @param limit the limit in bytes, {@link Long#MAX_VALUE} for none
	 */
	public Budget(String name, long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.name = name;
		this.limit = limit;
	}

	/**
	 * Create a budget without a limit.
	 * @return a new budget
	 */
	public static Budget unlimited() {
		return new Budget("unlimited", Long.MAX_VALUE);
	}

	/**
	 * Return how messages call the budget.
	 * @return the name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the limit.
	 * @return bytes, {@link Long#MAX_VALUE} for none
	 */
	public long getLimit() {
		return this.limit;
	}

	/**
	 * Return how much the pools keep and have lent.
	 * @return bytes
	 */
	public long getUsed() {
		lock();
		try {
			return this.used;
		}
		finally {
			unlock();
		}
	}

	void watch(Block block, Slot<?> slot) {
		BlockReference reference = new BlockReference(block, slot, this.lost);
		block.reference = reference;
		this.references.add(reference);
	}

	void unwatch(Block block) {
		BlockReference reference = block.reference;
		if (reference != null) {
			reference.clear();
			this.references.remove(reference);
		}
	}

	/**
	 * Look at the slots of all blocks of a pool, idle and leased, with or without the
	 * lock.
	 */
	void forEachSlot(Account account, Consumer<Slot<?>> action) {
		for (BlockReference reference : this.references) {
			if (reference.isOf(account)) {
				action.accept(reference.slot());
			}
		}
	}

	void lock() {
		this.lock.lock();
	}

	/**
	 * Release the lock, then do what was left for {@link #afterwards}.
	 */
	void unlock() {
		Runnable[] tasks = {};
		if (!this.afterwards.isEmpty() && this.lock.getHoldCount() == 1) {
			tasks = this.afterwards.toArray(tasks);
			this.afterwards.clear();
		}
		this.lock.unlock();
		for (Runnable task : tasks) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				// Who is here is seldom the one concerned, and may just have been granted
				// a
				// block that would be lost
				System.getLogger(Budget.class.getName())
					.log(Level.WARNING, "A block of the budget '" + this.name + "' could not be destroyed", ex);
			}
		}
	}

	// From here on: lock held

	void afterwards(Runnable task) {
		this.afterwards.add(task);
	}

	void register(Account account) {
		this.accounts.add(account);
	}

	/**
	 * Let a new tier know whether anybody waits.
	 */
	void register(Tier<?> tier) {
		tier.signal(TierSignals.AWAITED, !this.awaited.isEmpty());
	}

	void unregister(Account account) {
		this.accounts.remove(account);
	}

	void enrol(Tier<?> tier) {
		this.awaited.add(tier);
		signalAwaited(true);
	}

	void leave(Tier<?> tier) {
		this.awaited.remove(tier);
		signalAwaited(!this.awaited.isEmpty());
	}

	private void signalAwaited(boolean awaited) {
		this.accounts.forEach((account) -> account.signalAwaited(awaited));
	}

	/**
	 * Wake who is first in each line. What came back may be of use to any: a block to the
	 * line of its tier, its memory to a line at a limit.
	 */
	void wake() {
		for (Tier<?> tier : this.awaited) {
			tier.line().wakeFirst();
		}
	}

	/**
	 * Take back what lost leases held.
	 */
	void takeBackLost() {
		boolean any = false;
		for (Reference<?> lost = this.lost.poll(); lost != null; lost = this.lost.poll()) {
			BlockReference reference = (BlockReference) lost;
			if (this.references.remove(reference)) {
				reference.takeBack();
				giveUp(reference, true);
				any = true;
			}
		}
		if (any) {
			wake();
		}
	}

	/**
	 * Give up the memory beyond the heap of all blocks of a pool, leased ones too.
	 */
	void giveUp(Account account) {
		for (BlockReference reference : this.references) {
			if (reference.isOf(account)) {
				giveUp(reference, false);
			}
		}
	}

	private void giveUp(BlockReference reference, boolean inDoubt) {
		Block.Remains remains = reference.remains();
		if (remains != null) {
			afterwards(() -> remains.free(inDoubt, () -> {
			}));
		}
	}

	/**
	 * Prepare to notice lost leases in every pool.
	 */
	void guardLeases() {
		this.accounts.forEach(Account::guardLeases);
	}

	long shortage(long bytes) {
		return bytes - (this.limit - this.used);
	}

	void add(long bytes) {
		this.used += bytes;
	}

	/**
	 * Count the claims of blocks of all pools, ever.
	 */
	long claims() {
		long claims = 0;
		for (Account account : this.accounts) {
			claims += account.claims();
		}
		return claims;
	}

	long idleBytes() {
		long bytes = 0;
		for (Account account : this.accounts) {
			bytes += account.idleBytes();
		}
		return bytes;
	}

	/**
	 * Let the other pools give up idle memory.
	 */
	void reclaimExcept(Account except, long bytes) {
		long open = bytes;
		for (int i = 0; i < this.accounts.size() && open > 0; i++) {
			Account account = this.accounts.get(i);
			if (account != except) {
				open -= account.reclaim(open);
			}
		}
	}

}
