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

package io.mempool.autoconfigure;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;
import io.mempool.core.Budget;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The upper limits over all pools, checked. Memory outside of the heap always has one,
 * because on newer JVMs nothing else limits it.
 */
final class Budgets {

	private static final String PREFIX = MempoolProperties.PREFIX + ".budget.";

	private final Map<MemoryKind, Budget> budgets = new EnumMap<>(MemoryKind.class);

	Budgets(MempoolProperties.Budget properties, Collection<PoolDefinition> pools, boolean pooling) {
		long preallocatedHeap = preallocated(pools, MemoryKind.HEAP, pooling);
		DataSize heap = properties.getHeap();
		if (heap != null) {
			long maximum = Runtime.getRuntime().maxMemory();
			checkMaximum("heap", heap, maximum, "the budget exceeds the maximum heap of " + maximum + " bytes",
					"Set a smaller budget, or start the JVM with a larger -Xmx.");
			add(MemoryKind.HEAP, "heap", heap.toBytes(), preallocatedHeap);
		}
		DataSize offHeap = properties.getOffHeap();
		long preallocatedOffHeap = preallocated(pools, MemoryKind.OFF_HEAP, pooling);
		if (offHeap != null) {
			long maximum = OffHeapMemory.isLimitedByJvm() ? OffHeapMemory.maximum() : Long.MAX_VALUE;
			checkMaximum("off-heap", offHeap, maximum,
					"the budget exceeds the " + maximum + " bytes that the JVM allows for direct buffers",
					"Set a smaller budget, or start the JVM with a larger -XX:MaxDirectMemorySize.");
			add(MemoryKind.OFF_HEAP, "off-heap", offHeap.toBytes(), preallocatedOffHeap);
		}
		else if (hasAny(pools, MemoryKind.OFF_HEAP)) {
			add(MemoryKind.OFF_HEAP, "off-heap", OffHeapMemory.maximum(), preallocatedOffHeap);
		}
	}

	private static long preallocated(Collection<PoolDefinition> pools, MemoryKind kind, boolean pooling) {
		long bytes = 0;
		for (PoolDefinition pool : pools) {
			if (pooling && pool.memory() == kind) {
				bytes += pool.preallocatedBytes();
			}
		}
		return bytes;
	}

	private static boolean hasAny(Collection<PoolDefinition> pools, MemoryKind kind) {
		for (PoolDefinition pool : pools) {
			if (pool.memory() == kind) {
				return true;
			}
		}
		return false;
	}

	private static void checkMaximum(String key, DataSize limit, long maximum, String reason, String action) {
		if (limit.toBytes() <= 0) {
			throw new InvalidMempoolPropertyException(PREFIX + key, "the budget must be positive",
					"Set a size such as 256MB, or remove the property.");
		}
		if (limit.toBytes() > maximum) {
			throw new InvalidMempoolPropertyException(PREFIX + key, reason, action);
		}
	}

	private void add(MemoryKind kind, String key, long limit, long preallocated) {
		if (limit < preallocated) {
			throw new InvalidMempoolPropertyException(PREFIX + key,
					"of the budget of " + limit + " bytes the pools preallocate " + preallocated
							+ " bytes together, which is more",
					"Set a larger budget, or lower 'preallocate' of the pools.");
		}
		this.budgets.put(kind, new Budget(PREFIX + key, limit));
	}

	/**
	 * Return the budget of a kind of memory, {@code null} if it is not limited.
	 */
	@Nullable Budget of(MemoryKind kind) {
		return this.budgets.get(kind);
	}

	Map<MemoryKind, Budget> asMap() {
		return this.budgets;
	}

}
