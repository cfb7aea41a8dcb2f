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
 * Creates the idle blocks that the caps of a tier ask for: first it reserves their
 * memory, then it creates them.
 *
 * @param <B> the kind of block
 */
final class Preallocation<B extends Block> {

	private final SizeClass<B> sizeClass;

	private final Account account;

	private final SharedBudget budget;

	private final Inventory<B> inventory;

	// Bytes of blocks that are not yet created. Guarded by the lock of the budget
	@LockHeld
	private long reserved;

	// Carved for a block that is not yet created. Guarded by the lock of the budget
	@LockHeld
	private @Nullable Space carved;

	Preallocation(SizeClass<B> sizeClass, Inventory<B> inventory) {
		this.sizeClass = sizeClass;
		this.account = sizeClass.account();
		this.budget = sizeClass.budget();
		this.inventory = inventory;
	}

	/**
	 * Reserve memory for the blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	void reserve() {
		int count = this.sizeClass.caps().preallocate();
		Shortage shortage;
		do {
			this.budget.lockWhenCold();
			try {
				this.inventory.expect(count);
				// Slabs are reserved when they are created
				long bytes = this.sizeClass.isCarved() ? 0 : count * this.sizeClass.weight();
				shortage = this.account.reserve(bytes, null);
				this.reserved = (shortage != null) ? 0 : bytes;
			}
			finally {
				// Frees pending memory
				this.budget.unlock();
			}
		}
		while (shortage == Shortage.PENDING);
		if (shortage != null) {
			throw notReserved(shortage);
		}
	}

	private IllegalArgumentException notReserved(Shortage shortage) {
		return new IllegalArgumentException("Cannot preallocate " + this.sizeClass.caps().preallocate() + " blocks of "
				+ this.sizeClass.capacity() + " bytes for pool '" + this.account.pool() + "': "
				+ Refusal.limits(this.account, this.account.limit(), shortage));
	}

	/**
	 * Create the blocks.
	 * @throws IllegalArgumentException if limit or budget do not allow it
	 */
	void create() {
		BlockSource<B> source = this.sizeClass.source();
		int capacity = this.sizeClass.capacity();
		for (int i = this.sizeClass.caps().preallocate(); i > 0; i--) {
			if (this.sizeClass.isCarved()) {
				Space space = carve();
				addIdle(source.create(capacity, space), space, 0);
			}
			else {
				addIdle(source.create(capacity), null, this.sizeClass.weight());
			}
		}
	}

	private void addIdle(B block, @Nullable Space space, long weight) {
		this.budget.lockWhenCold();
		try {
			this.inventory.addIdle(block, space, weight);
			this.reserved -= weight;
			this.carved = null;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Carve space for an idle block, from a new slab if no slab has room.
	 */
	private Space carve() {
		SlabAllocator slabs = this.sizeClass.slabs();
		int capacity = this.sizeClass.capacity();
		int plan;
		this.budget.lockWhenCold();
		try {
			Space space = slabs.claim(capacity);
			if (space != null) {
				this.carved = space;
				return space;
			}
			plan = slabs.plan(capacity, Math.max(slabs.least(capacity), this.account.available()));
			Shortage shortage = this.account.lackNow(slabs.footprint(plan));
			if (shortage != null) {
				throw notReserved(shortage);
			}
			this.account.reserve(slabs.footprint(plan), null);
			this.reserved += slabs.footprint(plan);
		}
		finally {
			this.budget.unlock();
		}
		Object slab = slabs.create(plan);
		this.budget.lockWhenCold();
		try {
			Space space = slabs.add(slab, capacity);
			this.reserved -= slabs.footprint(plan);
			this.carved = space;
			return space;
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Give back what is reserved and carved for blocks that were not created. Lock of the
	 * budget held.
	 */
	@LockHeld
	void giveBack() {
		this.account.giveBack(this.reserved);
		this.reserved = 0;
		Space space = this.carved;
		if (space != null) {
			this.carved = null;
			this.account.giveBack(this.sizeClass.slabs().release(space, false));
		}
	}

}
