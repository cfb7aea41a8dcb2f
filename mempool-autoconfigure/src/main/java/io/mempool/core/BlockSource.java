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

/**
 * Makes, resets and destroys the blocks of a tier. Never called with a lock held, except
 * as stated.
 *
 * @param <B> the kind of block
 */
public interface BlockSource<B extends Block> {

	/**
	 * Create a block.
	 * @param size the requested size; unit and meaning are the pool's
	 * @return a new block nobody else refers to
	 */
	B create(int size);

	/**
	 * Return whether blocks must be {@link #reset} before they are given to the next
	 * owner.
	 * @return {@code false} to bring blocks home as they are
	 */
	boolean resets();

	/**
	 * Make a block fit for its next owner.
	 * @param block the block, which the caller owns alone
	 * @param extent how much of it the last owner could have touched through its lease
	 */
	void reset(B block, int extent);

	/**
	 * Return whether a block that was idle can still be used. What cannot is destroyed,
	 * and another block takes its place. The default says that all can.
	 * @param block the block, which the caller owns alone
	 * @return whether to give it to its next owner
	 */
	default boolean isFit(B block) {
		return true;
	}

	/**
	 * Give up what the block holds. The default has nothing to give up.
	 * @param block a block that no thread can acquire any more
	 * @param inDoubt whether the memory may still be in use by code without a lease
	 * @param gone run exactly once, by any thread, when nothing of the block is held any
	 * more: its native memory is freed, its object destroyed, or the attempt to do so has
	 * failed. Until then limit, budget and {@code max-total} count the block
	 */
	default void destroy(B block, boolean inDoubt, Runnable gone) {
		gone.run();
	}

}
