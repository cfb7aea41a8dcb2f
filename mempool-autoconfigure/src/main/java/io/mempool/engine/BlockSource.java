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

import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * Creates, resets and destroys the blocks of a tier. Called without a lock held, unless a
 * method says otherwise.
 *
 * @param <B> the kind of block
 */
public interface BlockSource<B extends Block> {

	/**
	 * Create a block.
	 * @param size the requested size; unit and meaning are the pool's
	 * @return a new block to which nothing else refers
	 */
	B create(int size);

	/**
	 * Create a transient block. The default creates one like others.
	 * @param size the requested size
	 * @return a new block to which nothing else refers
	 */
	default B createTransient(int size) {
		return create(size);
	}

	/**
	 * Create a block in space of a slab.
	 * @param size the size
	 * @param space where its memory is
	 * @return a new block to which nothing else refers
	 */
	default B create(int size, Space space) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return whether blocks must be {@link #reset} before they are given to the next
	 * owner.
	 * @return {@code false} to return blocks as they are
	 */
	boolean resets();

	/**
	 * Make a block fit for its next owner, or for {@linkplain #quarantine quarantine}.
	 * @param block the block, which the caller owns alone
	 * @param extent how much of it the last owner could have touched through its lease
	 * @return {@code false} if code without a lease still uses the block, so that it must
	 * not be used again
	 */
	boolean reset(B block, int extent);

	/**
	 * Return what keeps released blocks out of use for a while.
	 * @return the quarantine, {@code null} for none
	 */
	default @Nullable Quarantine<B> quarantine() {
		return null;
	}

	/**
	 * Return whether a block that is not kept for a next owner, because it is of a kind
	 * that no pool keeps, must be reset as well. Blocks in doubt never are. The default
	 * leaves such blocks as they are.
	 * @return whether what a block held must not outlive its lease
	 */
	default boolean resetsTransient() {
		return false;
	}

	/**
	 * Return whether a block that was idle can still be used. An unfit block is destroyed
	 * and replaced. The default accepts all blocks.
	 * @param block the block, which the caller owns alone
	 * @return whether to give it to its next owner
	 */
	default boolean isFit(B block) {
		return true;
	}

	/**
	 * Return how much of the runtime's memory a block takes, which is what limit and
	 * budget count. Called with the lock of the budget held: allocates nothing.
	 * @param size the size it is created with
	 * @return the weight in the unit of the pool
	 */
	default long weigh(int size) {
		return size;
	}

	/**
	 * Return how much memory a transient block takes.
	 * @param size the size it is created with
	 * @return the weight in the unit of the pool
	 * @see #weigh(int)
	 */
	default long weighTransient(int size) {
		return weigh(size);
	}

	/**
	 * Return whether blocks hold something that must be {@linkplain #destroy destroyed}.
	 * @return {@code false} to leave them to the collector
	 */
	default boolean destroys() {
		return false;
	}

	/**
	 * Destroy a block. Called only if the source {@linkplain #destroys() destroys}
	 * blocks. A failure is logged; the block counts as destroyed.
	 * @param block a block that can no longer be acquired
	 * @param inDoubt whether code without a lease may still use it
	 * @param gone run once, by any thread, after the block is destroyed. Until then
	 * limit, budget and {@code max-total} count it
	 */
	default void destroy(B block, boolean inDoubt, Runnable gone) {
		gone.run();
	}

}
