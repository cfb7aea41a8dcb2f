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

/**
 * The engine that pools of bytes and of objects share. Nothing in this package is API: it
 * is public only because the pools live in other packages, and may change with any
 * version.
 * <h2>The way of a request</h2> A pool asks its {@link io.mempool.engine.Tier} for a
 * block. The tier, which is a {@link io.mempool.engine.FreeList}, tries the
 * {@link io.mempool.engine.Slot} that the calling thread returned last, and then its
 * neighbours. Only when none is idle does a {@link io.mempool.engine.Request} take the
 * lock of the {@link io.mempool.engine.SharedBudget}. {@link io.mempool.engine.Admission}
 * then finds room for a new block, and {@link io.mempool.engine.Creation} creates it.
 * Otherwise the caller waits in a {@link io.mempool.engine.WaitQueue}, or the acquire
 * fails.
 * <h2>Layers</h2> Each layer knows those before it only. What it needs of a later one is
 * an interface of its own.
 * <ol>
 * <li>A {@link io.mempool.engine.Block} has a {@link io.mempool.engine.Slot} in a
 * {@link io.mempool.engine.FreeList}. A {@link io.mempool.engine.BlockLease} is a handle
 * of it. They see the tier as the free list with a few abstract methods.</li>
 * <li>{@link io.mempool.engine.WaitQueue} and {@link io.mempool.engine.WaitingRequests}
 * have the turns of waiting threads. {@link io.mempool.engine.WatchedBlocks} notices lost
 * blocks; it sees the tier as the {@link io.mempool.engine.BlockReference.Owner} of a
 * block.</li>
 * <li>The {@link io.mempool.engine.SharedBudget} is a limit and the lock. It sees each
 * pool as a {@link io.mempool.engine.BudgetMember}.</li>
 * <li>The {@link io.mempool.engine.Account} is such a member. It sees each tier as a
 * {@link io.mempool.engine.PoolTier}, and has the
 * {@link io.mempool.engine.LeakDetector}.</li>
 * <li>The parts of a tier: its {@link io.mempool.engine.SizeClass}, the
 * {@link io.mempool.engine.Inventory} of its blocks, which discards them, lowers caps and
 * lets idle blocks expire, {@link io.mempool.engine.TierCounters},
 * {@link io.mempool.engine.Creation}, {@link io.mempool.engine.Preallocation} and
 * {@link io.mempool.engine.Returns}. {@link io.mempool.engine.Admission} decides about
 * requests.</li>
 * <li>The {@link io.mempool.engine.Tier} puts its parts together.</li>
 * </ol>
 */
@NullMarked
package io.mempool.engine;

import org.jspecify.annotations.NullMarked;
