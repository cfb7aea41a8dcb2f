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
 * What every kind of pool shares: the life of a lease, the free list, caps, policies,
 * waiting and counters. Depends on the JDK only.
 * <p>
 * The public types users meet are {@link io.mempool.core.ExhaustionPolicy},
 * {@link io.mempool.core.Budget}, {@link io.mempool.core.Caps},
 * {@link io.mempool.core.LeakDetection}, {@link io.mempool.core.LeakListener} with what
 * it is told, and the exceptions; the rest is public only because the pools live in other
 * packages, and may change.
 * <h2>The way of a request</h2> A pool asks its {@link io.mempool.core.Tier} for a block.
 * The tier, which is a {@link io.mempool.core.FreeList}, tries the
 * {@link io.mempool.core.Slot} the calling thread gave back last and then its neighbours.
 * Only when none is idle does a {@link io.mempool.core.Request} take the lock of the
 * {@link io.mempool.core.Budget}: {@link io.mempool.core.Granting} lets a block be
 * created and makes room for it, or the caller waits in the
 * {@link io.mempool.core.WaitQueue}, or the acquire fails. What becomes of blocks that do
 * not simply go back to their place is settled by {@link io.mempool.core.Stock}, which is
 * also where caps are lowered and idle blocks expire, and counted in
 * {@link io.mempool.core.TierBooks}.
 * <h2>Happens-before</h2>
 * <ul>
 * <li>Everything done through a lease before its release happens-before everything done
 * with the same block after its next acquire.</li>
 * <li>The creation of a block happens-before its first acquire, and its last release
 * before its destruction.</li>
 * <li>A release happens-before the return of a waiting acquire that it lets through.</li>
 * <li>{@code retain} happens-before every use of the handle it returns.</li>
 * <li>A change of a pool's settings happens-before every acquire that begins after it
 * returned.</li>
 * </ul>
 */
@NullMarked
package io.mempool.core;

import org.jspecify.annotations.NullMarked;
