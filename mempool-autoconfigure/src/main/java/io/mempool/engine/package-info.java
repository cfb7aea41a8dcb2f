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
 * then finds room for a new block. Otherwise the caller waits in the
 * {@link io.mempool.engine.WaitQueue}, or the acquire fails. The
 * {@link io.mempool.engine.Inventory} knows all blocks of a tier: it discards them,
 * lowers caps and lets idle blocks expire. {@link io.mempool.engine.TierCounters} count.
 */
@NullMarked
package io.mempool.engine;

import org.jspecify.annotations.NullMarked;
