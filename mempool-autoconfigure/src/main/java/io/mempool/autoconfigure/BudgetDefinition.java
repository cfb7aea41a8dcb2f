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

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;
import io.mempool.core.Budget;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The upper limit over all pools of one kind of memory, checked.
 */
final class BudgetDefinition {

	// Of the maximum heap, unless a budget is set
	private static final int HEAP_SHARE = 2;

	private final MemoryKind kind;

	private final boolean set;

	private final long limit;

	/**
	 * Check the limit.
	 * @param kind where the memory lies
	 * @param limit the limit that is set, {@code null} for the default
	 */
	BudgetDefinition(MemoryKind kind, @Nullable DataSize limit) {
		this.kind = kind;
		this.set = limit != null;
		this.limit = (limit != null) ? limit.toBytes() : defaultLimit(kind);
		if (this.limit <= 0) {
			throw new InvalidMempoolPropertyException(property(), "the budget must be positive",
					"Set a size such as 256MB, or remove the property.");
		}
		if (this.set && this.limit > MemoryRoom.of(kind)) {
			throw new InvalidMempoolPropertyException(property(),
					"the budget exceeds " + MemoryRoom.name(kind) + ", " + MemoryRoom.of(kind) + " bytes",
					"Set a smaller budget, or start the JVM with a larger " + MemoryRoom.option(kind) + ".");
		}
	}

	private static long defaultLimit(MemoryKind kind) {
		return (kind == MemoryKind.HEAP) ? MemoryRoom.of(kind) / HEAP_SHARE : OffHeapMemory.maximum();
	}

	private String property() {
		return MempoolProperties.PREFIX + ".budget." + ((this.kind == MemoryKind.HEAP) ? "heap" : "off-heap");
	}

	Budget create() {
		return BufferPool.budget(property(), this.limit);
	}

	/**
	 * Check that each pool has room for its smallest buffer.
	 * @param pools the pools of this kind of memory that are built
	 */
	void checkSmallest(List<PoolDefinition> pools) {
		for (PoolDefinition pool : pools) {
			long needed = pool.needed(1);
			if (needed > this.limit) {
				throw new InvalidMempoolPropertyException(this.set ? property() : pool.tiersProperty(),
						"the pool '" + pool.name() + "' could not lend a single buffer: one of its smallest tier takes "
								+ needed + " bytes, and " + describe(),
						"Raise '" + property() + "', or set smaller tiers.");
			}
		}
	}

	/**
	 * Check that there is room for what the pools hold from the start.
	 * @param pools the pools of this kind of memory that are built
	 */
	void checkPreallocated(List<PoolDefinition> pools) {
		long bytes = pools.stream().mapToLong(PoolDefinition::preallocatedBytes).sum();
		if (bytes <= this.limit) {
			return;
		}
		PoolDefinition largest = pools.stream()
			.max(Comparator.comparingLong(PoolDefinition::preallocatedBytes))
			.orElseThrow();
		String shares = pools.stream()
			.filter((pool) -> pool.preallocatedBytes() > 0)
			.map((pool) -> "'" + pool.name() + "' " + pool.preallocatedBytes())
			.collect(Collectors.joining(", "));
		throw new InvalidMempoolPropertyException(this.set ? property() : largest.preallocateProperty(),
				"the pools preallocate " + bytes + " bytes together (" + shares + "), and " + describe(),
				"Lower 'preallocate' of the pools, or raise '" + property() + "'.");
	}

	private String describe() {
		if (this.set) {
			return "the budget of all pools is " + this.limit + " bytes";
		}
		return "the budget of all pools is " + ((this.kind == MemoryKind.HEAP) ? "half of " : "")
				+ MemoryRoom.name(this.kind) + ", " + this.limit + " bytes, because '" + property() + "' is not set";
	}

}
