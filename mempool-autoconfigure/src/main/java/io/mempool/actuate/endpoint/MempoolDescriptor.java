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

package io.mempool.actuate.endpoint;

import java.util.Map;

import io.mempool.buffer.PoolStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of all pools.
 *
 * @param pools the pools of buffers by name
 * @param objects the pools of objects by name, {@code null} if there are none
 * @param budget the budgets
 * @param quota the quota of requests, {@code null} if there is none
 * @since 0.1.0
 */
public record MempoolDescriptor(Map<String, PoolDescriptor> pools, @Nullable Map<String, ObjectPoolDescriptor> objects,
		Budgets budget, @Nullable QuotaDescriptor quota) implements OperationResponseBody {

	/**
	 * Description of the budgets.
	 *
	 * @param heap the budget of heap pools, {@code null} if there is none of these
	 * @param offHeap the budget of off-heap pools, {@code null} if there is none of these
	 */
	public record Budgets(@Nullable Budget heap, @Nullable Budget offHeap) {

	}

	/**
	 * Description of a budget.
	 *
	 * @param usedBytes what its pools really take of the runtime's memory
	 * @param pendingBytes how much of that was discarded and is not yet freed
	 * @param limitBytes its limit, {@code null} for none
	 */
	public record Budget(long usedBytes, long pendingBytes, @Nullable Long limitBytes) {

		static Budget of(io.mempool.core.Budget budget) {
			return new Budget(budget.used(), budget.pending(), Values.unlessUnlimited(budget.limit()));
		}

		static Budget of(PoolStatistics statistics) {
			return new Budget(statistics.usedBytes(), statistics.pendingBytes(), null);
		}

		Budget plus(Budget other) {
			return new Budget(this.usedBytes + other.usedBytes, this.pendingBytes + other.pendingBytes, null);
		}

	}

}
