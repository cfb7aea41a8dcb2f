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
 * A tier as the account of its pool sees it. All methods except {@link #capacity} are
 * called with the lock of the budget held.
 */
interface PoolTier {

	/**
	 * Return the capacity of its blocks.
	 */
	int capacity();

	/**
	 * Raise a signal to threads without the lock, or lower it.
	 * @param signal one of those of {@link TierSignals}
	 */
	@LockHeld
	void signal(int signal, boolean on);

	/**
	 * Signal what is noted of leases.
	 */
	@LockHeld
	void signal(LeakDetection detection);

	/**
	 * Signal whether requests wait for what the tier may release.
	 */
	@LockHeld
	void signalAwaited();

	/**
	 * Wake all requests that wait for a block of the tier.
	 */
	@LockHeld
	void wakeAll();

	/**
	 * Return whether idle blocks are reserved for an earlier request that waits for one.
	 * Then the tier does not give up their memory for this request.
	 */
	@LockHeld
	boolean isKeptFrom(@Nullable Waiter request);

	/**
	 * Prepare to notice lost leases.
	 */
	@LockHeld
	void guardLeases();

	/**
	 * Return how many leases began with a claim.
	 */
	@LockHeld
	long claims();

	/**
	 * Return whether blocks are carved from slabs.
	 */
	@LockHeld
	boolean isCarved();

	/**
	 * Return whether a block is idle.
	 */
	@LockHeld
	boolean hasIdle();

	/**
	 * Return whether requests wait for a block of the tier, so that what is idle is about
	 * to be leased.
	 */
	@LockHeld
	boolean isAwaited();

	/**
	 * Look at all blocks, so that later calls know which were idle since.
	 */
	@LockHeld
	void look();

	/**
	 * Return how many bytes the eviction of idle blocks frees.
	 * @param untouched whether only of those that have been idle since the last look
	 */
	@LockHeld
	long idleBytes(boolean untouched);

	/**
	 * Discard idle blocks.
	 * @param bytes how much memory is enough
	 * @param untouched whether only those that have been idle since the last look
	 * @return how much memory was freed
	 */
	@LockHeld
	long discardIdle(DiscardReason reason, long bytes, boolean untouched);

	/**
	 * Discard the idle blocks of a slab.
	 * @param space space in the slab
	 * @param untouched whether only those that have been idle since the last look
	 * @return how much memory was freed
	 */
	@LockHeld
	long discardIdleBeside(Space space, DiscardReason reason, boolean untouched);

	/**
	 * Return space in a slab all of whose blocks were idle when they were counted.
	 * @param untouched whether they must have been idle since the last look
	 * @return the space of an idle block, {@code null} if there is none
	 */
	@LockHeld
	@Nullable Space spaceOfIdleSlab(boolean untouched);

	/**
	 * Discard idle blocks until the pool is within its limit.
	 */
	@LockHeld
	void shrinkToLimit();

}
