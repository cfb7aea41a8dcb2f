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
import io.mempool.core.LeakDetection;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * What the account of a pool sees of a tier.
 */
final class TierView implements PoolTier {

	private final SizeClass<?> sizeClass;

	private final FreeList<?> freeList;

	private final Inventory<?> inventory;

	// Requests that wait for a block of the tier
	private final WaitQueue queue;

	TierView(SizeClass<?> sizeClass, FreeList<?> freeList, Inventory<?> inventory, WaitQueue queue) {
		this.sizeClass = sizeClass;
		this.freeList = freeList;
		this.inventory = inventory;
		this.queue = queue;
	}

	@Override
	public int capacity() {
		return this.sizeClass.capacity();
	}

	@Override
	@LockHeld
	public void signal(int signal, boolean on) {
		this.freeList.signal(signal, on);
	}

	@Override
	@LockHeld
	public void signal(LeakDetection detection) {
		this.freeList.signal(detection);
	}

	@Override
	@LockHeld
	public void signalAwaited() {
		this.freeList.signal(TierSignals.AWAITED, !this.queue.isEmpty() || this.sizeClass.account().isAwaited());
	}

	@Override
	@LockHeld
	public void wakeAll() {
		this.queue.wakeAll();
	}

	@Override
	@LockHeld
	public boolean isKeptFrom(@Nullable Waiter request) {
		return request != null && this.queue.isAheadOf(request);
	}

	@Override
	@LockHeld
	public void guardLeases() {
		this.inventory.guardLeases();
	}

	@Override
	@LockHeld
	public long claims() {
		return this.freeList.hits();
	}

	@Override
	@LockHeld
	public boolean isCarved() {
		return this.sizeClass.isCarved();
	}

	@Override
	@LockHeld
	public boolean hasIdle() {
		return this.freeList.idle() > 0;
	}

	@Override
	@LockHeld
	public boolean isAwaited() {
		return !this.queue.isEmpty();
	}

	@Override
	@LockHeld
	public void look() {
		this.inventory.look();
	}

	@Override
	@LockHeld
	public long idleBytes(boolean untouched) {
		return this.inventory.idleBytes(untouched);
	}

	@Override
	@LockHeld
	public long discardIdle(DiscardReason reason, long bytes, boolean untouched) {
		return this.inventory.discardIdle(reason, bytes, untouched);
	}

	@Override
	@LockHeld
	public long discardIdleBeside(Space space, DiscardReason reason, boolean untouched) {
		return this.inventory.discardIdleBeside(space, reason, untouched);
	}

	@Override
	@LockHeld
	public @Nullable Space spaceOfIdleSlab(boolean untouched) {
		return this.inventory.spaceOfIdleSlab(untouched);
	}

	@Override
	@LockHeld
	public void shrinkToLimit() {
		this.inventory.shrinkToLimit();
	}

}
