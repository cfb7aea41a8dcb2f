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

package io.mempool.engine;

import org.jspecify.annotations.Nullable;

/**
 * A pool as its budget sees it: it gives up idle memory, and its requests are woken. All
 * methods are called with the lock of the budget held.
 */
interface BudgetMember {

	/**
	 * Tell all tiers whether requests wait for what they may release.
	 */
	@LockHeld
	void signalAwaited();

	/**
	 * Prepare to notice lost leases.
	 */
	@LockHeld
	void guardLeases();

	/**
	 * Return how many leases began with a claim.
	 */
	@LockHeld
	long claims();

	/**
	 * Stop all claims of idle blocks, or allow them again.
	 */
	@LockHeld
	void count(boolean begin);

	/**
	 * Return how many idle bytes can be given up for a request.
	 * @param request the request, {@code null} for none. What is reserved for an earlier
	 * request does not count
	 */
	@LockHeld
	long idleBytes(@Nullable Waiter request);

	/**
	 * Give up idle memory for a request, largest blocks first.
	 * @param bytes how much is enough
	 * @return how many bytes were given up
	 */
	@LockHeld
	long reclaim(long bytes, @Nullable Waiter request);

}
