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

package io.mempool.buffer;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.engine.PoolName;
import io.mempool.engine.SettingValues;

/**
 * Builds a {@link BufferPool}. Without further settings the pool has the tiers of
 * {@link TierPresets#fromHeap()}, the idle caps of {@link TierPresets#defaultMaxIdle}, no
 * limit, the policy {@link ExhaustionPolicy#ALLOCATE}, and clears on release. The order
 * of calls that set different things does not matter.
 * <p>
 * Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class BufferPoolBuilder extends BufferPoolOptions<BufferPoolBuilder> {

	private SettingValues values = SettingValues.NONE;

	BufferPoolBuilder(String name) {
		super(PoolName.check(name));
	}

	@Override
	SettingValues values() {
		return this.values;
	}

	@Override
	BufferPoolBuilder with(SettingValues values) {
		this.values = values;
		return this;
	}

	/**
	 * Return the settings of the pool that is built.
	 * @return the settings as set so far
	 * @throws IllegalArgumentException if settings do not go together: a cap is set for a
	 * size that no tier has, or more would be preallocated than a tier may hold
	 */
	public BufferPoolSettings settings() {
		return new BufferPoolSettings(name(), this.values).resolved();
	}

	/**
	 * Build the pool and preallocate what its caps ask for.
	 * @return a new pool; close it when it is no longer needed
	 * @throws IllegalArgumentException if settings do not go together, or limit or budget
	 * do not allow the preallocated blocks; nothing stays allocated then
	 */
	public BufferPool build() {
		return new TieredBufferPool(settings());
	}

	@Override
	public String toString() {
		return "BufferPoolBuilder[name=" + name() + ", " + this.values + "]";
	}

}
