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

import io.mempool.core.Caps;
import org.jspecify.annotations.Nullable;

/**
 * What two threads do to a free list of two blocks, of which the first is leased at the
 * beginning.
 */
public final class FreeListOperations {

	private final SharedBudget budget = SharedBudget.unlimited();

	private final FreeList<TestBlock> list = new LoneFreeList<>(2);

	private final List<Slot<TestBlock>> slots = new ArrayList<>();

	private final TestBlock.Handle first;

	public FreeListOperations() {
		Account account = new Account("parts", this.budget, Long.MAX_VALUE);
		Tier<TestBlock> tier = new Tier<>(account, 10, Caps.ofIdle(0), new TestBlock.Source(false), null);
		for (int i = 0; i < 2; i++) {
			Slot<TestBlock> slot = new Slot<>(tier, Slot.IDLE, 10, null, true);
			slot.block = new TestBlock(10);
			slot.block.slot = slot;
			this.list.makeRoom();
			this.list.place(slot);
			this.slots.add(slot);
		}
		this.first = new TestBlock.Handle(this.list.claimIdle());
	}

	/**
	 * Release the first block.
	 */
	public void releaseFirst() {
		this.first.release();
	}

	/**
	 * Claim a block, looking at the second one first.
	 */
	public boolean claimSecond() {
		this.list.hint(this.slots.get(1));
		return own(this.list.claimIdle());
	}

	/**
	 * Claim a block, or prove that all are leased.
	 */
	public boolean claimOrProve() {
		this.budget.lock();
		try {
			return own(this.list.claimAgain(true));
		}
		finally {
			this.budget.unlock();
		}
	}

	private static boolean own(@Nullable TestBlock block) {
		if (block == null) {
			return false;
		}
		block.own();
		return true;
	}

	/**
	 * A number of blocks. Where nothing else moves blocks, no search overlooks one.
	 */
	public static final class Specification {

		private int idle = 1;

		/**
		 * Release a block.
		 */
		public void releaseFirst() {
			this.idle++;
		}

		/**
		 * Claim a block.
		 */
		public boolean claimSecond() {
			return claimOrProve();
		}

		/**
		 * Claim a block if there is one.
		 */
		public boolean claimOrProve() {
			if (this.idle == 0) {
				return false;
			}
			this.idle--;
			return true;
		}

	}

}
