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
 * Hears what happens to a pool, soon after it happened. The housekeeping thread calls it,
 * without a lock held: no acquire, release or trim waits for it. What happens more often
 * than once a second is summed up in one call a second. A failure is logged and has no
 * other effect. A call that blocks delays the housekeeping of all pools.
 *
 * @since 0.1.0
 */
public interface PoolListener {

	/**
	 * Acquires were refused, since a cap, a limit or a budget was reached.
	 * @param pool the name of the pool
	 * @param refusals how many since the last call
	 * @param size the largest requested size of them, in bytes; {@code 0} for objects
	 */
	default void exhausted(String pool, long refusals, long size) {
	}

	/**
	 * A leak was found, and is reported.
	 * @param leak the leak
	 */
	default void leaked(Leak leak) {
	}

	/**
	 * Idle blocks were discarded to give memory back.
	 * @param pool the name of the pool
	 * @param reason why
	 * @param bytes how much memory was given back since the last call; the number of
	 * objects of a pool of objects
	 */
	default void trimmed(String pool, DiscardReason reason, long bytes) {
	}

}
