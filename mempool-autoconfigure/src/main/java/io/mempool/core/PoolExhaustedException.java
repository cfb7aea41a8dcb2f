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

package io.mempool.core;

import org.jspecify.annotations.Nullable;

/**
 * An acquire failed because a cap, a limit or the budget was reached. The pool is sound;
 * the same acquire may succeed once something has been released.
 *
 * @since 0.1.0
 */
public class PoolExhaustedException extends RuntimeException {

	private final String pool;

	private final @Nullable Integer tier;

	private final int leased;

	/**
	 * Create the exception.
	 * @param message which pool and tier, what was reached, how much is leased
	 * @param pool the name of the pool
	 * @param tier the capacity of the tier in bytes, {@code null} for a request beyond
	 * the largest tier, or for an object
	 * @param leased how many leases of the tier were open
	 */
	public PoolExhaustedException(String message, String pool, @Nullable Integer tier, int leased) {
		super(message);
		this.pool = pool;
		this.tier = tier;
		this.leased = leased;
	}

	/**
	 * Return the name of the pool.
	 * @return the name of the pool
	 */
	public String getPool() {
		return this.pool;
	}

	/**
	 * Return the capacity of the tier.
	 * @return bytes, or {@code null} for a request beyond the largest tier, or for an
	 * object
	 */
	public @Nullable Integer getTier() {
		return this.tier;
	}

	/**
	 * Return how many leases of the tier were open.
	 * @return the number of leases
	 */
	public int getLeased() {
		return this.leased;
	}

}
