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
 *
 * @param <B> the kind of block
 */
final class BlockReference<B extends Block> extends PhantomReference<B> implements Runnable {

	private final Slot<B> slot;

	private final Owner<B> owner;

	private final Block.@Nullable Remains remains;

	// Guarded by the lock of the budget from here on

	// The next in the list of blocks to destroy
	@Nullable BlockReference<?> next;

	// The next in the list of lost leases to report
	@Nullable BlockReference<?> nextUnreported;

	// The block to destroy; null if it was lost
	private @Nullable B disposed;

	private @Nullable DiscardReason reason;

	private boolean idle;

	// Whether the bytes of the block count until it is destroyed
	@LockHeld
	private boolean pending;

	BlockReference(B block, Slot<B> slot, Owner<B> owner, ReferenceQueue<Block> queue) {
		super(block, queue);
		this.slot = slot;
		this.owner = owner;
		this.remains = block.remains();
	}

	Slot<B> slot() {
		return this.slot;
	}

	Owner<B> owner() {
		return this.owner;
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
	 * Return whether code without a lease may still use a discarded block.
	 */
	static boolean isInDoubt(DiscardReason reason) {
		return reason == DiscardReason.IN_DOUBT || reason == DiscardReason.OVERWRITTEN;
	}

	/**
	 * Prepare to destroy a block once the lock is released.
	 * @param idle whether it was idle
	 * @param counts whether its bytes count until it is destroyed
	 */
	@LockHeld
	void dispose(B block, DiscardReason reason, boolean idle, boolean counts) {
		this.disposed = block;
		this.reason = reason;
		this.idle = idle;
		this.pending = counts;
	}

	/**
	 * Release what the lost lease held. Lock held.
	 * @param counts whether its bytes count until its off-heap memory is free
	 */
	@LockHeld
	void takeBack(boolean counts) {
		this.pending = counts;
		this.owner.takeBack(this.slot, counts);
	}

	/**
	 * Report the lost lease. No lock held.
	 */
	void reportLost() {
		this.owner.reportLost(this.slot);
	}

	/**
	 * Destroy the block. No lock held. Throws nothing.
	 */
	void destroy() {
		try {
			B block = this.disposed;
			this.disposed = null;
			if (block != null && this.reason != null) {
				this.owner.destroy(block, this.reason, this);
			}
			else if (this.remains != null) {
				// A view of the memory may have outlived the lease
				this.remains.free(true, this);
			}
		}
		catch (Throwable ex) {
			run();
			warn("A block of pool '" + this.owner.pool() + "' could not be destroyed", ex);
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
				// It counts until its release
				remains.revoke();
			}
		}
		catch (Throwable ex) {
			warn("Memory of pool '" + this.owner.pool() + "' could not be freed", ex);
		}
	}

	private static void warn(String message, Throwable ex) {
		QuietLog.log(Block.class, Level.WARNING, message, ex);
	}

	/**
	 * Stop counting the block after it was destroyed. No lock held. Acts once.
	 */
	@Override
	public void run() {
		this.owner.gone(this);
	}

	/**
	 * Return whether the bytes of the block still count, and let them count no longer.
	 * Lock held.
	 */
	@LockHeld
	boolean endPending() {
		boolean pending = this.pending;
		this.pending = false;
		return pending;
	}

	/**
	 * What owns a block: it stops counting the block, and destroys it.
	 *
	 * @param <B> the kind of block
	 */
	interface Owner<B extends Block> {

		/**
		 * Return the name of the pool.
		 */
		String pool();

		/**
		 * Return the capacity of the blocks.
		 */
		int capacity();

		/**
		 * Return the listeners, which hear of discarded idle blocks.
		 */
		PoolListeners listeners();

		/**
		 * Return whether the block counts against the limit of a pool.
		 */
		boolean isOf(BudgetMember pool);

		/**
		 * Release what a lost lease held. Lock held.
		 * @param counts whether its bytes count until its off-heap memory is free
		 */
		@LockHeld
		void takeBack(Slot<B> slot, boolean counts);

		/**
		 * Report a lost lease. No lock held.
		 */
		void reportLost(Slot<B> slot);

		/**
		 * Destroy a discarded block. No lock held.
		 * @param reason why it was discarded
		 * @param gone run once after the block is destroyed
		 */
		void destroy(B block, DiscardReason reason, Runnable gone);

		/**
		 * Stop counting a block that was destroyed. No lock held.
		 */
		void gone(BlockReference<B> reference);

	}

}
