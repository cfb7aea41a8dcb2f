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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;
import io.mempool.core.Budget;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The upper limits over all pools, checked. Each kind of memory has one: the pools of an
 * application must leave it room on the heap, and outside of the heap newer JVMs have no
 * limit of their own.
 */
final class Budgets {

	private static final String PREFIX = MempoolProperties.PREFIX + ".budget.";

	// Of the maximum heap, unless a budget is set
	private static final int HEAP_SHARE = 2;

	private final Map<MemoryKind, Budget> budgets = new EnumMap<>(MemoryKind.class);

	private final MempoolProperties.Budget properties;

	private final boolean pooling;

	/**
	 * Check the limits.
	 * @param properties the limits that are set
	 * @param pools all pools that there may be
	 * @param pooling whether memory is pooled
	 */
	Budgets(MempoolProperties.Budget properties, Collection<PoolDefinition> pools, boolean pooling) {
		this.properties = properties;
		this.pooling = pooling;
		add(MemoryKind.HEAP, MemoryRoom.of(MemoryKind.HEAP) / HEAP_SHARE);
		if (properties.getOffHeap() != null
				|| pools.stream().anyMatch((pool) -> pool.memory() == MemoryKind.OFF_HEAP)) {
			add(MemoryKind.OFF_HEAP, OffHeapMemory.maximum());
		}
	}

	private void add(MemoryKind kind, long limitIfNotSet) {
		DataSize limit = set(kind);
		if (limit != null) {
			check(kind, limit.toBytes());
		}
		this.budgets.put(kind, new Budget(property(kind), (limit != null) ? limit.toBytes() : limitIfNotSet));
	}

	private static void check(MemoryKind kind, long limit) {
		if (limit <= 0) {
			throw new InvalidMempoolPropertyException(property(kind), "the budget must be positive",
					"Set a size such as 256MB, or remove the property.");
		}
		if (limit > MemoryRoom.of(kind)) {
			throw new InvalidMempoolPropertyException(property(kind),
					"the budget exceeds " + MemoryRoom.name(kind) + ", " + MemoryRoom.of(kind) + " bytes",
					"Set a smaller budget, or start the JVM with a larger " + MemoryRoom.option(kind) + ".");
		}
	}

	private @Nullable DataSize set(MemoryKind kind) {
		return (kind == MemoryKind.HEAP) ? this.properties.getHeap() : this.properties.getOffHeap();
	}

	private static String property(MemoryKind kind) {
		return PREFIX + ((kind == MemoryKind.HEAP) ? "heap" : "off-heap");
	}

	/**
	 * Check that pools fit the budgets: each with its smallest buffer, and all of them
	 * with what they hold from the start.
	 * @param pools the pools that are built
	 */
	void check(List<PoolDefinition> pools) {
		this.budgets.forEach((kind, budget) -> {
			List<PoolDefinition> ofKind = pools.stream().filter((pool) -> memory(pool) == kind).toList();
			ofKind.forEach((pool) -> checkSmallest(pool, kind, budget.getLimit()));
			if (this.pooling) {
				checkPreallocated(ofKind, kind, budget.getLimit());
			}
		});
	}

	private MemoryKind memory(PoolDefinition pool) {
		return this.pooling ? pool.memory() : MemoryKind.HEAP;
	}

	private void checkSmallest(PoolDefinition pool, MemoryKind kind, long limit) {
		long needed = pool.needed(1);
		if (needed > limit) {
			throw new InvalidMempoolPropertyException((set(kind) != null) ? property(kind) : pool.tiersProperty(),
					"the pool '" + pool.name() + "' could not lend a single buffer: one of its smallest tier takes "
							+ needed + " bytes, and " + describe(kind, limit),
					"Raise '" + property(kind) + "', or set smaller tiers.");
		}
	}

	private void checkPreallocated(List<PoolDefinition> pools, MemoryKind kind, long limit) {
		long bytes = pools.stream().mapToLong(PoolDefinition::preallocatedBytes).sum();
		if (bytes <= limit) {
			return;
		}
		PoolDefinition largest = pools.stream()
			.max(Comparator.comparingLong(PoolDefinition::preallocatedBytes))
			.orElseThrow();
		String shares = pools.stream()
			.filter((pool) -> pool.preallocatedBytes() > 0)
			.map((pool) -> "'" + pool.name() + "' " + pool.preallocatedBytes())
			.collect(Collectors.joining(", "));
		throw new InvalidMempoolPropertyException((set(kind) != null) ? property(kind) : largest.preallocateProperty(),
				"the pools preallocate " + bytes + " bytes together (" + shares + "), and " + describe(kind, limit),
				"Lower 'preallocate' of the pools, or raise '" + property(kind) + "'.");
	}

	private String describe(MemoryKind kind, long limit) {
		if (set(kind) != null) {
			return "the budget of all pools is " + limit + " bytes";
		}
		return "the budget of all pools is " + ((kind == MemoryKind.HEAP) ? "half of " : "") + MemoryRoom.name(kind)
				+ ", " + limit + " bytes, because '" + property(kind) + "' is not set";
	}

	/**
	 * Return the budget of a kind of memory, {@code null} if there is none because no
	 * pool uses that kind.
	 */
	@Nullable Budget of(MemoryKind kind) {
		return this.budgets.get(kind);
	}

	Map<MemoryKind, Budget> asMap() {
		return this.budgets;
	}

}
