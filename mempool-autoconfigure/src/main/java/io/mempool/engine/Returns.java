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
 * The part of a return that needs the lock of the budget. The caller does not hold it.
 *
 * @param <B> the kind of block
 */
final class Returns<B extends Block> {

	private final SizeClass<B> sizeClass;

	private final SharedBudget budget;

	private final TierSignals signals;

	private final Inventory<B> inventory;

	private final Exhaustion exhaustion;

	Returns(SizeClass<B> sizeClass, TierSignals signals, Inventory<B> inventory, Exhaustion exhaustion) {
		this.sizeClass = sizeClass;
		this.budget = sizeClass.budget();
		this.signals = signals;
		this.inventory = inventory;
		this.exhaustion = exhaustion;
	}

	/**
	 * Announce that a block went from leased to idle in its place.
	 */
	void announce() {
		this.budget.lock();
		try {
			this.exhaustion.end();
			this.signals.signal(TierSignals.DRY, false);
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	/**
	 * Decide whether a returning block stays.
	 * @param failure why it cannot stay, {@code null} unless the return failed
	 */
	void settle(Slot<B> slot, B block, @Nullable DiscardReason failure) {
		this.budget.lock();
		try {
			this.inventory.settle(slot, block, (failure != null) ? failure : reasonToDiscard(slot));
			this.budget.wake();
		}
		finally {
			this.budget.unlock();
		}
	}

	private @Nullable DiscardReason reasonToDiscard(Slot<B> slot) {
		if ((slot.state & Slot.DOUBT) != 0) {
			return DiscardReason.IN_DOUBT;
		}
		return (slot.reasonNotKept != null) ? slot.reasonNotKept : this.sizeClass.end();
	}

}
