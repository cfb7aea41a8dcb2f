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

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

import org.jspecify.annotations.Nullable;

/**
 * Notices that a block became unreachable, which means that its lease was lost: one
 * reference per block, not per lease, and none of its own to the block.
 */
final class BlockReference extends PhantomReference<Block> {

	private final Slot<?> slot;

	private final Block.@Nullable Remains remains;

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

	Block.@Nullable Remains remains() {
		return this.remains;
	}

	void takeBack() {
		takeBack(this.slot);
	}

	private static <B extends Block> void takeBack(Slot<B> slot) {
		slot.tier.takeBack(slot);
	}

}
