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
import java.util.List;
import java.util.Map;

import io.mempool.buffer.MemoryKind;
import io.mempool.core.Budget;
import org.jspecify.annotations.Nullable;

/**
 * The upper limits over all pools. Each kind of memory that is used has one: the pools of
 * an application must leave it room on the heap, and outside of the heap newer JVMs have
 * no limit of their own.
 */
final class Budgets {

	private final Map<MemoryKind, BudgetDefinition> definitions = new EnumMap<>(MemoryKind.class);

	private final Map<MemoryKind, Budget> budgets = new EnumMap<>(MemoryKind.class);

	private final boolean pooling;

	/**
	 * Create the limits.
	 * @param properties the limits that are set
	 * @param pools all pools that there may be
	 * @param pooling whether memory is pooled
	 */
	Budgets(MempoolProperties.Budget properties, Collection<PoolDefinition> pools, boolean pooling) {
		this.pooling = pooling;
		add(MemoryKind.HEAP, new BudgetDefinition(MemoryKind.HEAP, properties.getHeap()));
		if (properties.getOffHeap() != null
				|| pools.stream().anyMatch((pool) -> pool.memory() == MemoryKind.OFF_HEAP)) {
			add(MemoryKind.OFF_HEAP, new BudgetDefinition(MemoryKind.OFF_HEAP, properties.getOffHeap()));
		}
	}

	private void add(MemoryKind kind, BudgetDefinition definition) {
		this.definitions.put(kind, definition);
		this.budgets.put(kind, definition.create());
	}

	/**
	 * Check that pools fit the budgets: each with its smallest buffer, and all of them
	 * with what they hold from the start.
	 * @param pools the pools that are built
	 */
	void check(List<PoolDefinition> pools) {
		this.definitions.forEach((kind, definition) -> {
			List<PoolDefinition> ofKind = pools.stream().filter((pool) -> memory(pool) == kind).toList();
			definition.checkSmallest(ofKind);
			if (this.pooling) {
				definition.checkPreallocated(ofKind);
			}
		});
	}

	/**
	 * Return where the memory of a pool lies. Without pooling it is the heap.
	 */
	MemoryKind memory(PoolDefinition pool) {
		return this.pooling ? pool.memory() : MemoryKind.HEAP;
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
