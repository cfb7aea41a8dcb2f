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
 * Why a block was not put back, or was taken out of a pool.
 *
 * @since 0.1.0
 */
public enum DiscardReason {

	/**
	 * The tier already held {@code max-idle} idle blocks, or more blocks exist than a
	 * lowered cap or limit allows.
	 */
	FULL,

	/**
	 * The block was transient: {@code max-total} was reached when it was acquired.
	 */
	TRANSIENT,

	/**
	 * The pool does not pool: it is an unpooled twin.
	 */
	UNPOOLED,

	/**
	 * Memory was freed on request, or because caps, limit, tiers or clearing changed.
	 */
	TRIMMED,

	/**
	 * No acquire needed the idle memory for the pool's {@code idle-timeout}.
	 */
	EXPIRED,

	/**
	 * Idle memory was evicted because another tier or pool reached a limit or the budget.
	 */
	RECLAIMED,

	/**
	 * The heap stayed above a threshold after a collection, and idle memory was given
	 * back.
	 */
	PRESSURE,

	/**
	 * Code without a lease may still use the block.
	 */
	IN_DOUBT,

	/**
	 * The block was idle and found unfit when it was acquired.
	 */
	INVALID,

	/**
	 * Code wrote to the block after its release, which quarantine found.
	 */
	OVERWRITTEN,

	/**
	 * The pool was closed.
	 */
	CLOSED,

	/**
	 * The block could not be created, or could not be reset for its next owner.
	 */
	FAILED,

	/**
	 * The JVM had no memory to create the block, or to keep it.
	 */
	NO_MEMORY

}
