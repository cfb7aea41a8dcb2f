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

import io.mempool.core.DiscardReason;

/**
 * Leases of blocks that no pool owns: the reference count and its rules, and nothing
 * else. A block is leased once, and left to its user at the last release.
 * <p>
 * It is a free list without places. Since blocks are said to be reset, a release never
 * writes IDLE by itself. What then returns stays in the state returning, with the version
 * of its only lease, so that no handle of it comes alive again.
 *
 * @param <B> the kind of block
 */
public final class UnownedBlocks<B extends Block> extends FreeList<B> {

	private static final Unreleased.Listener NO_LISTENER = (leases, size, work) -> {
	};

	/**
	 * Create an empty set of blocks.
	 */
	public UnownedBlocks() {
		super(0, true);
	}

	/**
	 * Begin the lease of a new block.
	 * @param block the block, which the calling thread owns and leases never again
	 * @return the same block
	 */
	public B lease(B block) {
		block.slot = new Slot<>(this, Slot.VERSION_ONE | 1, 0, DiscardReason.TRANSIENT, false);
		return block;
	}

	@Override
	int capacity() {
		return 0;
	}

	@Override
	void began(Slot<B> slot, long version, int size) {
		// Notes no lease
	}

	@Override
	void returned() {
		// No thread waits for it
	}

	@Override
	void returnBlock(Slot<B> slot, B block, int extent) {
		// The user has its memory
	}

	@Override
	void countDoubleRelease() {
		// No pool reports it
	}

	@Override
	@LockHeld
	void replaced(B block, Slot<B> slot) {
		throw new IllegalStateException("No slot of a block without a pool is replaced");
	}

	@Override
	Unreleased.Listener unreleasedListener() {
		return NO_LISTENER;
	}

}
