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

import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a block became unreachable, which means that its lease was lost. There is
 * one reference per block, not per lease.
 * <p>
 * It is also the entry of the block in the list of discarded blocks, so that a discard
 * allocates nothing.
 */
final class BlockReference extends PhantomReference<Block> implements Runnable {

	private final Slot<?> slot;

	private final Block.@Nullable Remains remains;

	// Guarded by the lock of the budget from here on

	// The next in the list of blocks to destroy
	@Nullable BlockReference next;

	// The next in the list of lost leases to report
	@Nullable BlockReference nextUnreported;

	// The block to destroy; null if it was lost
	private @Nullable Block disposed;

	private @Nullable DiscardReason reason;

	private boolean idle;

	// Whether the bytes of the block count until it is destroyed
	private boolean pending;

	BlockReference(Block block, Slot<?> slot, ReferenceQueue<Block> queue) {
		super(block, queue);
		this.slot = slot;
		this.remains = block.remains();
	}

	boolean isOf(Account account) {
		return this.slot.tier.account() == account;
	}

	Slot<?> slot() {
		return this.slot;
	}

	boolean hasRemains() {
		return this.remains != null;
	}

	/**
	 * Return why the block was discarded, {@code null} if it was lost.
	 */
	@Nullable DiscardReason reason() {
		return this.reason;
	}

	/**
	 * Return whether the block was idle when it was discarded.
	 */
	boolean wasIdle() {
		return this.idle;
	}

	/**
	 * Prepare to destroy a block once the lock is released.
	 * @param idle whether it was idle
	 * @param counts whether its bytes count until it is destroyed
	 */
	void dispose(Block block, DiscardReason reason, boolean idle, boolean counts) {
		this.disposed = block;
		this.reason = reason;
		this.idle = idle;
		this.pending = counts;
	}

	/**
	 * Release what the lost lease held. Lock held.
	 * @param counts whether its bytes count until its off-heap memory is free
	 */
	void takeBack(boolean counts) {
		this.pending = counts;
		takeBack(this.slot, counts);
	}

	private static <B extends Block> void takeBack(Slot<B> slot, boolean counts) {
		slot.tier.takeBack(slot, counts);
	}

	/**
	 * Destroy the block. No lock held. Throws nothing.
	 */
	void destroy() {
		try {
			Block block = this.disposed;
			this.disposed = null;
			if (block != null) {
				destroy(this.slot, block, this.reason == DiscardReason.IN_DOUBT, this);
			}
			else if (this.remains != null) {
				// A view of the memory may have outlived the lease
				this.remains.free(true, this);
			}
		}
		catch (Throwable ex) {
			run();
			warn("A block of pool '" + this.slot.tier.account().pool() + "' could not be destroyed", ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static <B extends Block> void destroy(Slot<B> slot, Block block, boolean inDoubt, Runnable gone) {
		BlockSource<B> source = slot.tier.source();
		if (source.destroys()) {
			source.destroy((B) block, inDoubt, gone);
		}
	}

	/**
	 * Free the off-heap memory while the lease is open, since the pool was closed. No
	 * lock held. Throws nothing.
	 */
	void revoke() {
		Block.Remains remains = this.remains;
		try {
			if (remains != null) {
				remains.free(false, BlockReference::ignore);
			}
		}
		catch (Throwable ex) {
			warn("Memory of pool '" + this.slot.tier.account().pool() + "' could not be freed", ex);
		}
	}

	// A leased block counts until its release
	private static void ignore() {
	}

	private static void warn(String message, Throwable ex) {
		QuietLog.log(SharedBudget.class, Level.WARNING, message, ex);
	}

	/**
	 * Stop counting the block after it was destroyed. No lock held. Acts once.
	 */
	@Override
	public void run() {
		SharedBudget budget = this.slot.tier.account().budget();
		budget.lockAgain();
		try {
			if (this.pending) {
				this.pending = false;
				gone(this.slot);
				budget.wake();
			}
		}
		finally {
			budget.unlock();
		}
	}

	private static <B extends Block> void gone(Slot<B> slot) {
		slot.tier.gone(slot);
	}

}
