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
 * An upper limit in bytes for the pools that share it, idle and leased memory together.
 * Create one with {@code BufferPool.budget(name, limit)}. A pool without a budget has an
 * unlimited one of its own.
 * <p>
 * Safe for use by several threads. The limit is hard: at no instant do idle and leased
 * memory exceed it. Figures of two calls may not match while pools are in use.
 *
 * @since 0.1.0
 */
public interface Budget {

	/**
	 * Return the name of the budget in messages.
	 * @return the name, for example {@code mempool.budget.heap}
	 */
	String name();

	/**
	 * Return the limit.
	 * @return bytes, {@link Long#MAX_VALUE} for none
	 */
	long limit();

	/**
	 * Return how much memory is idle, leased, or discarded but not yet freed.
	 * @return bytes
	 */
	long used();

	/**
	 * Return how much of {@link #used()} was discarded and is not yet freed, for example
	 * because it is still in use.
	 * @return bytes
	 */
	long pending();

}
