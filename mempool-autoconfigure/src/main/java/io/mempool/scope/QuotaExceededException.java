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

package io.mempool.scope;

import io.mempool.core.Obstacle;
import io.mempool.core.PoolExhaustedException;

/**
 * An acquire failed because the scopes of one key hold as much as their
 * {@linkplain ScopeQuota quota} allows. The same acquire may succeed once one of them has
 * released something. The message names the key, and is meant for the log.
 *
 * @since 0.1.0
 */
public class QuotaExceededException extends PoolExhaustedException {

	private final long held;

	/**
	 * Create the exception.
	 * @param message the quota, its key, and what the scopes of that key hold
	 * @param pool the name of the pool that was asked
	 * @param property the property that sets the quota
	 * @param limit the quota in bytes
	 * @param held how many bytes the scopes of the key held
	 */
	public QuotaExceededException(String message, String pool, String property, long limit, long held) {
		super(message, pool, null, 0, new Obstacle(property, limit, false));
		this.held = held;
	}

	/**
	 * Return how much the scopes of the key held.
	 * @return bytes
	 */
	public long getHeld() {
		return this.held;
	}

}
