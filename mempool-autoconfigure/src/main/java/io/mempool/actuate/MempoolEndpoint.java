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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;
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
				new BudgetsDescriptor(describe(MemoryKind.HEAP, used), describe(MemoryKind.OFF_HEAP, used)));
	}

	private @Nullable Map<String, ObjectPoolDescriptor> objects() {
		Map<String, ObjectPoolDescriptor> descriptors = new LinkedHashMap<>();
		this.objects.get().forEach((name, pool) -> descriptors.put(name, ObjectPoolDescriptor.of(pool.statistics())));
		return descriptors.isEmpty() ? null : descriptors;
	}

	private @Nullable BudgetDescriptor describe(MemoryKind kind, Map<MemoryKind, Long> used) {
		Budget budget = this.budgets.get(kind);
		if (budget != null) {
			return new BudgetDescriptor(budget.getUsed(), unlessUnlimited(budget.getLimit()));
		}
		Long bytes = used.get(kind);
		return (bytes != null) ? new BudgetDescriptor(bytes, null) : null;
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

	private static @Nullable Long unlessUnlimited(long limit) {
		return (limit != Long.MAX_VALUE) ? limit : null;
	}

	private static @Nullable Integer unlessUnlimited(Caps caps) {
		return (caps.maxTotal() != Caps.UNLIMITED) ? caps.maxTotal() : null;
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Map<String, Long> byName(Map<DiscardReason, Long> byReason) {
		Map<String, Long> byName = new TreeMap<>();
		byReason.forEach((reason, count) -> byName.put(lowerCase(reason), count));
		return byName;
	}

	/**
	 * Description of all pools.
	 *
	 * @param pools the pools of buffers by name
	 * @param objects the pools of objects by name, {@code null} if there are none
	 * @param budget the budgets
	 */
	public record MempoolDescriptor(Map<String, PoolDescriptor> pools,
			@Nullable Map<String, ObjectPoolDescriptor> objects,
			BudgetsDescriptor budget) implements OperationResponseBody {

	}

	/**
	 * Description of the budgets.
	 *
	 * @param heap the budget of heap pools, {@code null} if there is none of these
	 * @param offHeap the budget of off-heap pools, {@code null} if there is none of these
	 */
	public record BudgetsDescriptor(@Nullable BudgetDescriptor heap, @Nullable BudgetDescriptor offHeap) {

	}

	/**
	 * Description of a budget.
	 *
	 * @param usedBytes what its pools keep and have lent
	 * @param limitBytes its limit, {@code null} for none
	 */
	public record BudgetDescriptor(long usedBytes, @Nullable Long limitBytes) {

	}

	/**
	 * Description of a pool. Figures are sums over the tiers unless they say oversized.
	 *
	 * @param memory where its memory lies
	 * @param pooling whether it pools
	 * @param policy what an acquire does when a cap is reached
	 * @param hits acquires served from idle memory
	 * @param misses acquires that created a block
	 * @param oversized acquires beyond the largest tier
	 * @param returned leases that ended
	 * @param discarded blocks not put back or taken out
	 * @param discardedBy the same by reason
	 * @param leaked leases lost without a release
	 * @param oversizedLeaked oversized leases lost without a release
	 * @param doubleReleases releases of leases that had ended
	 * @param preallocated blocks created with the pool
	 * @param leased open leases, oversized ones included
	 * @param oversizedLeased open oversized leases
	 * @param idle idle blocks
	 * @param peakLeased upper bound of leases open at once
	 * @param exhausted acquires that got nothing
	 * @param waiting threads that wait now
	 * @param leasedBytes memory lent
	 * @param idleBytes memory kept
	 * @param limitBytes the pool's limit, {@code null} for none
	 * @param tiers the tiers, ascending
	 * @param recentSizes sizes requested last, oldest first
	 */
	public record PoolDescriptor(String memory, boolean pooling, String policy, long hits, long misses, long oversized,
			long returned, long discarded, Map<String, Long> discardedBy, long leaked, long oversizedLeaked,
			long doubleReleases, long preallocated, long leased, long oversizedLeased, long idle, long peakLeased,
			long exhausted, int waiting, long leasedBytes, long idleBytes, @Nullable Long limitBytes,
			List<TierDescriptor> tiers, @Nullable List<Integer> recentSizes) implements OperationResponseBody {

		static PoolDescriptor of(PoolStatistics statistics, @Nullable List<Integer> recentSizes) {
			TierStatistics oversized = statistics.beyondTiers();
			return new PoolDescriptor(lowerCase(statistics.memory()), statistics.pooling(),
					lowerCase(statistics.policy()), statistics.hits(), statistics.misses(), statistics.oversized(),
					statistics.returned(), statistics.discarded(), byName(statistics.discardedBy()),
					statistics.leaked(), oversized.leaked(), statistics.doubleReleases(), statistics.preallocated(),
					statistics.leased(), oversized.leased(), statistics.idle(), statistics.peakLeased(),
					statistics.exhausted(), statistics.waiting(), statistics.leasedBytes(), statistics.idleBytes(),
					unlessUnlimited(statistics.limitBytes()), map(statistics.tiers(), TierDescriptor::of), recentSizes);
		}

		private static <T, R> List<R> map(List<T> list, Function<T, R> mapping) {
			return list.stream().map(mapping).toList();
		}

	}

	/**
	 * Description of a tier.
	 *
	 * @param size capacity of its blocks in bytes
	 * @param hits acquires served from idle blocks
	 * @param misses acquires that created a block
	 * @param returned leases that ended
	 * @param discarded blocks not put back or taken out
	 * @param leased open leases
	 * @param leaked leases lost without a release
	 * @param preallocated blocks created with the pool
	 * @param idle idle blocks
	 * @param peakLeased upper bound of leases open at once
	 * @param exhausted acquires that got nothing
	 * @param waiting threads that wait now
	 * @param maxIdle how many idle blocks are kept
	 * @param maxTotal how many blocks may exist, {@code null} for no limit
	 */
	public record TierDescriptor(int size, long hits, long misses, long returned, long discarded, int leased,
			long leaked, long preallocated, int idle, int peakLeased, long exhausted, int waiting, int maxIdle,
			@Nullable Integer maxTotal) {

		static TierDescriptor of(TierStatistics statistics) {
			Caps caps = statistics.caps();
			return new TierDescriptor(statistics.size(), statistics.hits(), statistics.misses(), statistics.returned(),
					statistics.discarded(), statistics.leased(), statistics.leaked(), statistics.preallocated(),
					statistics.idle(), statistics.peakLeased(), statistics.exhausted(), statistics.waiting(),
					caps.maxIdle(), unlessUnlimited(caps));
		}

	}

	/**
	 * Description of a pool of objects.
	 *
	 * @param pooling whether it pools
	 * @param policy what an acquire does when a cap is reached
	 * @param hits acquires served from idle objects
	 * @param misses acquires that created an object
	 * @param returned leases that ended
	 * @param discarded objects not put back or taken out
	 * @param discardedBy the same by reason
	 * @param leaked leases lost without a release
	 * @param doubleReleases releases of leases that had ended
	 * @param prefilled objects created with the pool
	 * @param leased open leases
	 * @param idle idle objects
	 * @param peakLeased upper bound of leases open at once
	 * @param exhausted acquires that got nothing
	 * @param waiting threads that wait now
	 * @param maxIdle how many idle objects are kept
	 * @param maxTotal how many objects may exist, {@code null} for no limit
	 */
	public record ObjectPoolDescriptor(boolean pooling, String policy, long hits, long misses, long returned,
			long discarded, Map<String, Long> discardedBy, long leaked, long doubleReleases, long prefilled, int leased,
			int idle, int peakLeased, long exhausted, int waiting, int maxIdle,
			@Nullable Integer maxTotal) implements OperationResponseBody {

		static ObjectPoolDescriptor of(ObjectPoolStatistics statistics) {
			return new ObjectPoolDescriptor(statistics.pooling(), lowerCase(statistics.policy()), statistics.hits(),
					statistics.misses(), statistics.returned(), statistics.discarded(),
					byName(statistics.discardedBy()), statistics.leaked(), statistics.doubleReleases(),
					statistics.prefilled(), statistics.leased(), statistics.idle(), statistics.peakLeased(),
					statistics.exhausted(), statistics.waiting(), statistics.caps().maxIdle(),
					unlessUnlimited(statistics.caps()));
		}

	}

}
