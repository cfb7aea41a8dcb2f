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
 * The fields of a slot that many threads read and few write, most with the lock of the
 * budget held.
 *
 * @param <B> the kind of block
 */
abstract class SlotFields<B extends Block> {

	static final int NOWHERE = -1;

	final Tier<B> tier;

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

	SlotFields(Tier<B> tier, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
		this.tier = tier;
		this.weight = weight;
		this.reasonNotKept = reasonNotKept;
		this.counted = counted;
	}

}
