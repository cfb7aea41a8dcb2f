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
 * the same acquire may succeed once something has been released, unless the exception is
 * {@linkplain #isPermanent() permanent}.
 *
 * @since 0.1.0
 */
public class PoolExhaustedException extends RuntimeException {

	private final String pool;

	private final @Nullable Integer tier;

	private final int leased;

	private final @Nullable Obstacle obstacle;

	/**
	 * Create the exception.
	 * @param message which pool and tier, what was reached, how much is leased
	 * @param pool the name of the pool
	 * @param tier the capacity of the tier in bytes, {@code null} for a request beyond
	 * the largest tier, or for an object
	 * @param leased how many leases of the tier were open
	 */
	public PoolExhaustedException(String message, String pool, @Nullable Integer tier, int leased) {
		this(message, pool, tier, leased, null);
	}

	/**
	 * Create the exception.
	 * @param message which pool and tier, what was reached, how much is leased
	 * @param pool the name of the pool
	 * @param tier the capacity of the tier in bytes, {@code null} for a request beyond
	 * the largest tier, or for an object
	 * @param leased how many leases of the tier were open
	 * @param obstacle what was reached, {@code null} if that is not known
	 */
	public PoolExhaustedException(String message, String pool, @Nullable Integer tier, int leased,
			@Nullable Obstacle obstacle) {
		super(message);
		this.pool = pool;
		this.tier = tier;
		this.leased = leased;
		this.obstacle = obstacle;
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

	/**
	 * Return what was reached.
	 * @return the cap, limit or budget, or {@code null} if it is not known
	 */
	public @Nullable Obstacle getObstacle() {
		return this.obstacle;
	}

	/**
	 * Return whether the same acquire can never succeed with the present settings: it
	 * asked for more than the pool's limit or the budget.
	 * @return whether trying again is of no use
	 */
	public boolean isPermanent() {
		return this.obstacle != null && this.obstacle.permanent();
	}

}
