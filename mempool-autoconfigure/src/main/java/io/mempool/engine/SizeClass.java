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

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * What a tier is: the capacity and the source of its blocks, its caps, and whether it is
 * still in use. All parts of the tier read it.
 *
 * @param <B> the kind of block
 */
final class SizeClass<B extends Block> {

	private final Account account;

	private final int capacity;

	private final BlockSource<B> source;

	private final @Nullable Quarantine<B> quarantine;

	private final boolean carved;

	// Why no block of this tier is kept; null in a tier that pools
	private final @Nullable DiscardReason reasonNotKept;

	// Written with the lock of the budget held from here on
	private volatile Caps caps;

	// Why no block is kept any more; null while the tier is in use
	private volatile @Nullable DiscardReason end;

	SizeClass(Account account, int capacity, Caps caps, BlockSource<B> source, @Nullable DiscardReason reasonNotKept) {
		this.account = account;
		this.capacity = capacity;
		this.caps = caps;
		this.source = source;
		this.quarantine = source.quarantine();
		this.reasonNotKept = reasonNotKept;
		SlabAllocator slabs = account.slabs();
		this.carved = reasonNotKept == null && slabs != null && slabs.carves(capacity);
	}

	Account account() {
		return this.account;
	}

	SharedBudget budget() {
		return this.account.budget();
	}

	int capacity() {
		return this.capacity;
	}

	BlockSource<B> source() {
		return this.source;
	}

	/**
	 * Return what keeps released blocks out of use for a while, {@code null} for none.
	 */
	@Nullable Quarantine<B> quarantine() {
		return this.quarantine;
	}

	@Nullable DiscardReason reasonNotKept() {
		return this.reasonNotKept;
	}

	/**
	 * Return whether the tier is the one beyond the largest, whose blocks are outside of
	 * {@code max-total}.
	 */
	boolean isTransient() {
		return this.reasonNotKept == DiscardReason.TRANSIENT;
	}

	Caps caps() {
		return this.caps;
	}

	@LockHeld
	void changeCaps(Caps caps) {
		this.caps = caps;
	}

	/**
	 * Return the number of places in the free list.
	 */
	int places() {
		return places(this.caps, this.reasonNotKept);
	}

	static int places(Caps caps, @Nullable DiscardReason reasonNotKept) {
		return (reasonNotKept != null) ? 0 : Math.min(caps.maxIdle(), caps.maxTotal());
	}

	/**
	 * Return why no block is kept any more, {@code null} while the tier is in use.
	 */
	@Nullable DiscardReason end() {
		return this.end;
	}

	@LockHeld
	void end(DiscardReason end) {
		this.end = end;
	}

	/**
	 * Return whether the pooled blocks of the tier are carved from slabs. {@code false}
	 * if limit or budget leave no room for a slab.
	 */
	boolean isCarved() {
		return this.carved && this.account.obstacle(leastSlab()) == null;
	}

	/**
	 * Return the allocator of the slabs, if blocks {@linkplain #isCarved() are carved}.
	 */
	@SuppressWarnings("NullAway")
	SlabAllocator slabs() {
		return this.account.slabs();
	}

	/**
	 * Return the footprint of the smallest slab with space for one block.
	 */
	long leastSlab() {
		return slabs().least(this.capacity);
	}

	/**
	 * Return how much a block counts against limit and budget.
	 */
	long weight() {
		return this.source.weigh(this.capacity);
	}

	/**
	 * Return how much a transient block counts against limit and budget.
	 */
	long weightOfTransient(int size) {
		return this.source.weighTransient(size);
	}

	/**
	 * Describe what was requested of which pool.
	 */
	String describe(int size) {
		return this.account.unit().amount(size) + " from pool '" + this.account.pool() + "'";
	}

}
