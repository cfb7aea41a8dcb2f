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

/**
 * How many blocks a tier may hold.
 *
 * @param maxIdle how many idle blocks are kept at most; {@code 0} keeps none
 * @param maxTotal how many pooled blocks, idle and leased, exist at most;
 * {@link #UNLIMITED} for no limit
 * @param preallocate how many idle blocks are created with the pool
 * @since 0.1.0
 */
public record Caps(int maxIdle, int maxTotal, int preallocate) {

	/**
	 * The {@code maxTotal} of a tier without a limit.
	 */
	public static final int UNLIMITED = Integer.MAX_VALUE;

	/**
	 * The highest {@code maxIdle}: each idle block costs a slot to search.
	 */
	public static final int MAXIMUM_IDLE = 1 << 20;

	/**
	 * Check the caps.
	 * @throws IllegalArgumentException if a cap is negative, {@code maxTotal} is zero,
	 * {@code maxIdle} exceeds {@link #MAXIMUM_IDLE}, or more would be preallocated than
	 * may be idle or exist
	 */
	public Caps {
		if (maxIdle < 0 || maxIdle > MAXIMUM_IDLE) {
			throw new IllegalArgumentException("'maxIdle' must be from 0 to " + MAXIMUM_IDLE + " but is " + maxIdle);
		}
		if (maxTotal < 1) {
			throw new IllegalArgumentException("'maxTotal' must be at least 1 but is " + maxTotal);
		}
		if (preallocate < 0) {
			throw new IllegalArgumentException("'preallocate' must not be negative but is " + preallocate);
		}
		if (preallocate > Math.min(maxIdle, maxTotal)) {
			throw new IllegalArgumentException("'preallocate' must not exceed maxIdle (" + maxIdle + ") or maxTotal ("
					+ ((maxTotal != UNLIMITED) ? maxTotal : "unlimited") + ") but is " + preallocate);
		}
	}

	/**
	 * Caps that bound idle blocks only and preallocate none.
	 * @param maxIdle how many idle blocks are kept at most
	 * @return the caps
	 */
	public static Caps ofIdle(int maxIdle) {
		return new Caps(maxIdle, UNLIMITED, 0);
	}

	/**
	 * Return caps with other limits. {@code preallocate} is lowered to them if it exceeds
	 * them.
	 * @param maxIdle how many idle blocks are kept at most
	 * @param maxTotal how many pooled blocks exist at most
	 * @return the caps
	 */
	public Caps with(int maxIdle, int maxTotal) {
		return new Caps(maxIdle, maxTotal, Math.min(this.preallocate, Math.min(maxIdle, maxTotal)));
	}

}
