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
 * What an acquire does when a tier's {@code max-total} is reached. At a byte limit or at
 * the budget {@link #WAIT} waits too, while the other two fail.
 *
 * @since 0.1.0
 */
public enum ExhaustionPolicy {

	/**
	 * Create a transient block that is dropped on release.
	 */
	ALLOCATE,

	/**
	 * Wait, first come first served, at most for the pool's maximum wait.
	 */
	WAIT,

	/**
	 * Fail with a {@link PoolExhaustedException}.
	 */
	FAIL

}
