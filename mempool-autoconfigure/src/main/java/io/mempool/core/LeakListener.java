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
 * Receives the leaks of one or more pools, and names the current work when a lease
 * begins. Safe for use by several threads. A failure is logged and has no other effect.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LeakListener {

	/**
	 * Receive a leak. The housekeeping thread calls it, without a lock held: no acquire,
	 * release or end of a scope waits for it. A call that blocks delays the housekeeping
	 * of all pools.
	 * @param leak the leak
	 */
	void leaked(Leak leak);

	/**
	 * Name the unit of work of the calling thread, which acquires. Called for acquires
	 * that are noted. Must not block.
	 * @return the unit of work, or {@code null} if it has no name
	 */
	default @Nullable UnitOfWork currentWork() {
		return null;
	}

}
