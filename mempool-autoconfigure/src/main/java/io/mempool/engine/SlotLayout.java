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
import org.jspecify.annotations.Nullable;

/**
 * The fields of a slot. Each class adds fields behind those of its superclass, since the
 * JVM keeps the fields of one class together: what is read, a padding, what is written.
 */
final class SlotLayout {

	private SlotLayout() {
	}

	/**
	 * The fields that many threads read and few write, most with the lock of the budget
	 * held.
	 *
	 * @param <B> the kind of block
	 */
	abstract static class Fields<B extends Block> {

		static final int NOWHERE = -1;

		final FreeList<B> list;

		// Null while the block is reachable through its lease only
		@Nullable B block;

		// Where in the free list the slot is
		int position = NOWHERE;

		// Version at which the slot joined the free list
		long base;

		// Version at the last call of guard
		long seen;

		// State at the last call of tryExpire
		long aged;

		// State at the last call of look
		long looked;

		// Read and written through NOTE of Slot
		@Nullable LeaseNote note;

		// How many bytes the block can hold
		long size;

		// How many bytes are reserved for the block alone
		long weight;

		// The plan of a slab with space for the block, 0 if none is needed
		int plan;

		// The space of the block in a slab
		SlabAllocator.@Nullable Space space;

		final @Nullable DiscardReason reasonNotKept;

		final boolean counted;

		Fields(FreeList<B> list, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
			this.list = list;
			this.weight = weight;
			this.reasonNotKept = reasonNotKept;
			this.counted = counted;
		}

	}

	/**
	 * The padding before the word of a slot. A thread that takes the cache line of the
	 * word takes no other data that another processor reads.
	 *
	 * @param <B> the kind of block
	 */
	@SuppressWarnings("unused")
	abstract static class Padding<B extends Block> extends Fields<B> {

		long before0;

		long before1;

		long before2;

		long before3;

		long before4;

		long before5;

		long before6;

		long before7;

		Padding(FreeList<B> list, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
			super(list, weight, reasonNotKept, counted);
		}

	}

	/**
	 * The fields that each claim and return writes. {@link Slot} adds the padding behind
	 * them.
	 *
	 * @param <B> the kind of block
	 */
	abstract static class Word<B extends Block> extends Padding<B> {

		volatile long state;

		// The hint below, on the stack of the thread that returned the block last: see
		// FreeList. The JVM would lay an int into a gap before the padding
		long below;

		Word(FreeList<B> list, long state, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
			super(list, weight, reasonNotKept, counted);
			this.state = state;
		}

	}

}
