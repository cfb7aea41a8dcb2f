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

package io.mempool.actuate;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.Budget;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows what the pools do. A member that is absent means unlimited.
 *
 * @since 0.1.0
 */
@Endpoint(id = "mempool", defaultAccess = Access.READ_ONLY)
public class MempoolEndpoint {

	private final Supplier<Map<String, BufferPool>> pools;

	private final Supplier<Map<String, ObjectPool<?>>> objects;

	private final Map<MemoryKind, Budget> budgets;

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools of buffers by name
	 * @param objects supplies the pools of objects by name
	 * @param budgets the budgets that pools share, by kind of memory
	 */
	public MempoolEndpoint(Supplier<Map<String, BufferPool>> pools, Supplier<Map<String, ObjectPool<?>>> objects,
			Map<MemoryKind, Budget> budgets) {
		this.pools = pools;
		this.objects = objects;
		this.budgets = Map.copyOf(budgets);
	}

	/**
	 * Describe all pools and the budgets.
	 * @return the pools by name
	 */
	@ReadOperation
	public MempoolDescriptor mempool() {
		Map<String, PoolDescriptor> descriptors = new LinkedHashMap<>();
		Map<MemoryKind, Long> used = new EnumMap<>(MemoryKind.class);
		this.pools.get().forEach((name, pool) -> {
			PoolStatistics statistics = pool.statistics();
			descriptors.put(name, PoolDescriptor.of(statistics, null));
			used.merge(statistics.memory(), statistics.usedBytes(), Long::sum);
		});
		return new MempoolDescriptor(descriptors, objects(),
				new MempoolDescriptor.Budgets(describe(MemoryKind.HEAP, used), describe(MemoryKind.OFF_HEAP, used)));
	}

	private @Nullable Map<String, ObjectPoolDescriptor> objects() {
		Map<String, ObjectPoolDescriptor> descriptors = new LinkedHashMap<>();
		this.objects.get().forEach((name, pool) -> descriptors.put(name, ObjectPoolDescriptor.of(pool.statistics())));
		return descriptors.isEmpty() ? null : descriptors;
	}

	private MempoolDescriptor.@Nullable Budget describe(MemoryKind kind, Map<MemoryKind, Long> used) {
		Budget budget = this.budgets.get(kind);
		if (budget != null) {
			return new MempoolDescriptor.Budget(budget.getUsed(), Values.unlessUnlimited(budget.getLimit()));
		}
		Long bytes = used.get(kind);
		return (bytes != null) ? new MempoolDescriptor.Budget(bytes, null) : null;
	}

	/**
	 * Describe one pool.
	 * @param pool its name
	 * @return a {@link PoolDescriptor} with the sizes requested last, or an
	 * {@link ObjectPoolDescriptor}, or {@code null} if there is no pool of that name
	 */
	@ReadOperation
	public @Nullable OperationResponseBody pool(@Selector String pool) {
		BufferPool buffers = this.pools.get().get(pool);
		if (buffers != null) {
			return PoolDescriptor.of(buffers.statistics(), buffers.recentSizes());
		}
		ObjectPool<?> objects = this.objects.get().get(pool);
		return (objects != null) ? ObjectPoolDescriptor.of(objects.statistics()) : null;
	}

}
