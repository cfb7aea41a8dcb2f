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

import io.mempool.core.Caps;

/**
 * A size class of a pool.
 *
 * @param size the capacity of every buffer of the tier in bytes
 * @param caps how many blocks the tier may hold
 * @since 0.1.0
 */
public record BufferTier(int size, Caps caps) {

	/**
	 * The largest size: the longest array that every JVM allows.
	 */
	public static final int MAXIMUM_SIZE = Integer.MAX_VALUE - 8;

	/**
	 * Check the tier.
	 * @throws IllegalArgumentException if the size is not positive, or exceeds
	 * {@link #MAXIMUM_SIZE}
	 */
	public BufferTier {
		checkSize(size);
	}

	/**
	 * A tier with the default number of idle blocks.
	 * @param size the capacity in bytes
	 * @return the tier
	 * @see TierPresets#defaultMaxIdle(int)
	 */
	public static BufferTier of(int size) {
		checkSize(size);
		return new BufferTier(size, Caps.ofIdle(TierPresets.defaultMaxIdle(size)));
	}

	static void checkSize(int size) {
		if (size <= 0) {
			throw new IllegalArgumentException("'size' must be positive but is " + size);
		}
		if (size > MAXIMUM_SIZE) {
			throw new IllegalArgumentException("'size' must be at most " + MAXIMUM_SIZE + " but is " + size);
		}
	}

}
