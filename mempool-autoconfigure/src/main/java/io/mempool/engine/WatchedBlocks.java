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
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that a budget watches: it notices when one is lost, and lists those to
 * destroy once its lock is released.
 */
final class WatchedBlocks {

	private final ReferenceQueue<Block> lost = new ReferenceQueue<>();

	// Keeps each watched reference, and with it the tier, until its block is lost or
	// discarded
	private final Set<BlockReference<?>> references = ConcurrentHashMap.newKeySet();

	// Guarded by the lock of the budget from here on

	// What the next unlock destroys, newest first
	@LockHeld
	private @Nullable BlockReference<?> disposed;

	// Lost leases that are not reported yet, newest first
	@LockHeld
	private @Nullable BlockReference<?> unreported;

	/**
	 * Watch a block, with or without the lock.
	 */
	<B extends Block> void watch(B block, Slot<B> slot, BlockReference.Owner<B> owner) {
		BlockReference<B> reference = new BlockReference<>(block, slot, owner, this.lost);
		block.reference = reference;
		this.references.add(reference);
	}

	private void unwatch(BlockReference<?> reference) {
		reference.clear();
		this.references.remove(reference);
	}

	/**
	 * Stop watching a block that its slot no longer holds.
	 */
	<B extends Block> void unwatch(B block) {
		BlockReference<B> reference = referenceTo(block);
		if (reference != null) {
			unwatch(reference);
		}
	}

	// Only the method above sets it
	@SuppressWarnings("unchecked")
	private static <B extends Block> @Nullable BlockReference<B> referenceTo(B block) {
		return (BlockReference<B>) block.reference;
	}

	/**
	 * Visit the slots of all blocks of a pool, idle and leased, with or without the lock.
	 */
	void forEachSlot(BudgetMember pool, Consumer<Slot<?>> action) {
		for (BlockReference<?> reference : this.references) {
			if (reference.owner().isOf(pool)) {
				action.accept(reference.slot());
			}
		}
	}

	/**
	 * Free the off-heap memory of all blocks of a pool, leased ones too. No lock held.
	 */
	void revoke(BudgetMember pool) {
		for (BlockReference<?> reference : this.references) {
			if (reference.owner().isOf(pool)) {
				reference.revoke();
			}
		}
	}

	/**
	 * Free the off-heap memory of a leased block, since its pool was closed. No lock
	 * held.
	 */
	static void revoke(Block block) {
		BlockReference<?> reference = referenceTo(block);
		if (reference != null) {
			reference.revoke();
		}
	}

	/**
	 * Report leases that were lost. No lock held.
	 * @param newest what {@link #takeUnreported} returned
	 */
	static void report(@Nullable BlockReference<?> newest) {
		BlockReference<?> next = newest;
		while (next != null) {
			BlockReference<?> reference = next;
			next = reference.nextUnreported;
			reference.nextUnreported = null;
			reference.reportLost();
		}
	}

	// From here on: lock held

	/**
	 * Let the next unlock destroy a block.
	 * @param idle whether it was idle
	 * @param counts whether its bytes count until it is gone
	 */
	@LockHeld
	<B extends Block> void dispose(B block, DiscardReason reason, boolean idle, boolean counts) {
		BlockReference<B> reference = referenceTo(block);
		if (reference != null) {
			unwatch(reference);
			reference.dispose(block, reason, idle, counts);
			disposeAtUnlock(reference);
		}
	}

	@LockHeld
	private void disposeAtUnlock(BlockReference<?> reference) {
		reference.next = this.disposed;
		this.disposed = reference;
	}

	/**
	 * Return the blocks to destroy, the newest linked to those before it, and forget
	 * them.
	 */
	@LockHeld
	@Nullable BlockReference<?> takeDisposed() {
		BlockReference<?> newest = this.disposed;
		this.disposed = null;
		return newest;
	}

	@LockHeld
	boolean hasUnreported() {
		return this.unreported != null;
	}

	/**
	 * Return the leases to report, the newest linked to those before it, and forget them.
	 */
	@LockHeld
	@Nullable BlockReference<?> takeUnreported() {
		BlockReference<?> newest = this.unreported;
		this.unreported = null;
		return newest;
	}

	/**
	 * Release what lost leases held.
	 * @return whether any was lost
	 */
	@LockHeld
	boolean takeBackLost() {
		boolean any = false;
		for (Reference<?> lost = this.lost.poll(); lost != null; lost = this.lost.poll()) {
			BlockReference<?> reference = (BlockReference<?>) lost;
			if (this.references.remove(reference)) {
				takeBack(reference);
				any = true;
			}
		}
		return any;
	}

	@LockHeld
	private void takeBack(BlockReference<?> reference) {
		boolean counts = reference.hasRemains();
		reference.takeBack(counts);
		if (counts) {
			disposeAtUnlock(reference);
		}
		reference.nextUnreported = this.unreported;
		this.unreported = reference;
	}

}
