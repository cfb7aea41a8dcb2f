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

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.mempool.advice.ObjectWorth;
import io.mempool.advice.TierWorth;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolSettings;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.Budget;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.Protection;
import io.mempool.leaks.LeakReport;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolSettings;
import io.mempool.object.ObjectPoolStatistics;
import io.mempool.scope.ScopeQuota;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows what the pools do, and changes them. A member that is absent means unlimited, or
 * nothing to show.
 *
 * @since 0.1.0
 */
@Endpoint(id = "mempool", defaultAccess = Access.READ_ONLY)
public class MempoolEndpoint {

	static final EndpointId ID = EndpointId.of("mempool");

	// How many pools a message lists
	private static final int LISTED = 20;

	private final Supplier<Map<String, BufferPool>> pools;

	private final Supplier<Map<String, ObjectPool<?>>> objects;

	private final Map<MemoryKind, Budget> budgets;

	private final LeakReports leaks;

	private final Show showDetails;

	private final @Nullable PoolAudit audit;

	private final Supplier<@Nullable ScopeQuota> quota;

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools of buffers by name
	 * @param objects supplies the pools of objects by name
	 * @param budgets the budgets that pools share, by kind of memory
	 * @param leaks knows the leaks of the pools
	 * @param showDetails when to show stacks of leaks
	 */
	public MempoolEndpoint(Supplier<Map<String, BufferPool>> pools, Supplier<Map<String, ObjectPool<?>>> objects,
			Map<MemoryKind, Budget> budgets, LeakReports leaks, Show showDetails) {
		this(pools, objects, budgets, leaks, showDetails, null);
	}

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools of buffers by name
	 * @param objects supplies the pools of objects by name
	 * @param budgets the budgets that pools share, by kind of memory
	 * @param leaks knows the leaks of the pools
	 * @param showDetails when to show stacks of leaks, and which user changed a pool
	 * @param audit knows the last changes of the pools, {@code null} to show none
	 */
	public MempoolEndpoint(Supplier<Map<String, BufferPool>> pools, Supplier<Map<String, ObjectPool<?>>> objects,
			Map<MemoryKind, Budget> budgets, LeakReports leaks, Show showDetails, @Nullable PoolAudit audit) {
		this(pools, objects, budgets, leaks, showDetails, audit, () -> null);
	}

	/**
	 * Create the endpoint.
	 * @param pools supplies the pools of buffers by name
	 * @param objects supplies the pools of objects by name
	 * @param budgets the budgets that pools share, by kind of memory
	 * @param leaks knows the leaks of the pools
	 * @param showDetails when to show stacks of leaks, which user changed a pool, and
	 * keys of the quota
	 * @param audit knows the last changes of the pools, {@code null} to show none
	 * @param quota supplies the quota of requests, {@code null} if there is none
	 */
	public MempoolEndpoint(Supplier<Map<String, BufferPool>> pools, Supplier<Map<String, ObjectPool<?>>> objects,
			Map<MemoryKind, Budget> budgets, LeakReports leaks, Show showDetails, @Nullable PoolAudit audit,
			Supplier<@Nullable ScopeQuota> quota) {
		this.pools = pools;
		this.objects = objects;
		this.budgets = Map.copyOf(budgets);
		this.leaks = leaks;
		this.showDetails = showDetails;
		this.audit = audit;
		this.quota = quota;
	}

	/**
	 * Describe all pools and the budgets.
	 * @return the pools by name, with all of their tiers
	 */
	public MempoolDescriptor mempool() {
		return mempool(null);
	}

	/**
	 * Describe all pools and the budgets.
	 * @param tiers which tiers of each pool to describe: {@code active} for those that
	 * were requested or have idle blocks, {@code all} or {@code null} for all
	 * @return the pools by name
	 */
	@ReadOperation
	public MempoolDescriptor mempool(@Nullable String tiers) {
		return describe(tiers, this.showDetails.isShown(true));
	}

	MempoolDescriptor describe(@Nullable String tiers, boolean showDetails) {
		TierSelection selection = TierSelection.read(tiers);
		Map<String, PoolDescriptor> descriptors = new LinkedHashMap<>();
		Map<MemoryKind, MempoolDescriptor.Budget> sums = new EnumMap<>(MemoryKind.class);
		this.pools.get().forEach((name, pool) -> {
			PoolStatistics statistics = pool.statistics();
			if (!Values.isKnown(statistics)) {
				return;
			}
			descriptors.put(name,
					PoolDescriptor.of(statistics, selection, PoolDetails.ofEach(this.leaks.of(pool.name()))));
			sums.merge(statistics.memory(), MempoolDescriptor.Budget.of(statistics), MempoolDescriptor.Budget::plus);
		});
		return new MempoolDescriptor(descriptors, objects(),
				new MempoolDescriptor.Budgets(describe(MemoryKind.HEAP, sums), describe(MemoryKind.OFF_HEAP, sums)),
				quota(showDetails));
	}

	private @Nullable QuotaDescriptor quota(boolean showKeys) {
		ScopeQuota quota = this.quota.get();
		return (quota != null) ? QuotaDescriptor.of(quota, showKeys) : null;
	}

	private @Nullable Map<String, ObjectPoolDescriptor> objects() {
		Map<String, ObjectPoolDescriptor> descriptors = new LinkedHashMap<>();
		this.objects.get().forEach((name, pool) -> {
			ObjectPoolStatistics statistics = pool.statistics();
			if (Values.isKnown(statistics)) {
				descriptors.put(name,
						ObjectPoolDescriptor.of(statistics, LeakDescriptor.last(this.leaks.of(pool.name()))));
			}
		});
		return descriptors.isEmpty() ? null : descriptors;
	}

	private MempoolDescriptor.@Nullable Budget describe(MemoryKind kind,
			Map<MemoryKind, MempoolDescriptor.Budget> sums) {
		Budget budget = this.budgets.get(kind);
		return (budget != null) ? MempoolDescriptor.Budget.of(budget) : sums.get(kind);
	}

	/**
	 * Describe one pool, with figures that the description of all pools leaves out.
	 * @param pool its name
	 * @return a {@link PoolDescriptor} or an {@link ObjectPoolDescriptor}, or
	 * {@code null} if there is no pool of that name
	 */
	public @Nullable OperationResponseBody pool(String pool) {
		return pool(pool, null, null);
	}

	/**
	 * Describe one pool, with figures that the description of all pools leaves out.
	 * @param pool its name
	 * @param measure whether to measure again what leases and allocations cost, which is
	 * done once in 10 seconds at most
	 * @param tiers which of its tiers to describe: {@code active} for those that were
	 * requested or have idle blocks, {@code all} or {@code null} for all
	 * @return a {@link PoolDescriptor} or an {@link ObjectPoolDescriptor}, or
	 * {@code null} if there is no pool of that name
	 */
	@ReadOperation
	public @Nullable OperationResponseBody pool(@Selector String pool, @Nullable Boolean measure,
			@Nullable String tiers) {
		return describe(pool, measure, tiers, this.showDetails.isShown(true));
	}

	@Nullable OperationResponseBody describe(String name, @Nullable Boolean measure, @Nullable String tiers,
			boolean showDetails) {
		TierSelection selection = TierSelection.read(tiers);
		BufferPool buffers = this.pools.get().get(name);
		if (buffers != null) {
			if (Boolean.TRUE.equals(measure) && buffers.settings().pooling()) {
				TierWorth.measureAgain(buffers.memory());
			}
			PoolStatistics statistics = buffers.statistics();
			return Values.isKnown(statistics) ? PoolDescriptor.of(statistics, selection, PoolDetails.of(buffers,
					statistics, this.leaks.of(buffers.name()), changes(name, showDetails), showDetails)) : null;
		}
		ObjectPool<?> objects = this.objects.get().get(name);
		ObjectPoolStatistics statistics = (objects != null) ? objects.statistics() : null;
		if (objects == null || statistics == null) {
			return null;
		}
		if (Boolean.TRUE.equals(measure)) {
			ObjectWorth.measureAgain(objects);
		}
		List<LeakReport> reports = this.leaks.of(objects.name());
		return ObjectPoolDescriptor.of(statistics, ObjectWorth.of(objects), LeakDescriptor.last(reports),
				LeakDescriptor.of(reports, showDetails), changes(name, showDetails));
	}

	private @Nullable List<ChangeDescriptor> changes(String pool, boolean showPrincipals) {
		return (this.audit != null) ? this.audit.changes(pool, showPrincipals) : null;
	}

	/**
	 * Change settings of a pool, all of them at once or none, without disturbing a lease.
	 * Texts are read as in {@code application.yml}; {@code unlimited} removes a cap, a
	 * limit or a time-out.
	 * @param pool its name
	 * @param tier the size of the one tier that {@code maxIdle} and {@code maxTotal} are
	 * for
	 * @param maxIdle how many idle blocks or objects are kept
	 * @param maxTotal how many blocks or objects may exist
	 * @param limit how much memory the pool keeps and has lent
	 * @param policy what an acquire does when a cap is reached
	 * @param maxWait how long an acquire waits with the policy 'wait'
	 * @param clear when memory is cleared
	 * @param protection how memory is protected after its release
	 * @param idleTimeout after which time idle memory, or idle objects, that no acquire
	 * needed are discarded
	 * @param leakDetection what is written down about leases
	 * @param tiers the sizes of all tiers, separated by commas
	 * @return what changed
	 */
	@WriteOperation
	public PoolChangesDescriptor update(@Selector String pool, @Nullable String tier, @Nullable String maxIdle,
			@Nullable String maxTotal, @Nullable String limit, @Nullable String policy, @Nullable String maxWait,
			@Nullable String clear, @Nullable String protection, @Nullable String idleTimeout,
			@Nullable String leakDetection, @Nullable String tiers) {
		ChangeRequest request = new ChangeRequest(tier)
			.addCap("maxIdle", maxIdle, SettingForm.NUMBER, BufferPoolSettings::maxIdle, BufferPoolSettings::maxIdle,
					ObjectPoolSettings::maxIdle)
			.addCap("maxTotal", maxTotal, SettingForm.CAP, BufferPoolSettings::maxTotal, BufferPoolSettings::maxTotal,
					ObjectPoolSettings::maxTotal)
			.add("limit", limit, SettingForm.LIMIT, BufferPoolSettings::limit, null)
			.add("policy", policy, SettingForm.oneOf(ExhaustionPolicy.class), BufferPoolSettings::policy,
					ObjectPoolSettings::policy)
			.add("maxWait", maxWait, SettingForm.TIME, BufferPoolSettings::maxWait, ObjectPoolSettings::maxWait)
			.add("clear", clear, SettingForm.oneOf(Clearing.class), BufferPoolSettings::clearing, null)
			.add("protection", protection, SettingForm.oneOf(Protection.class), BufferPoolSettings::protection, null)
			.add("idleTimeout", idleTimeout, SettingForm.TIMEOUT,
					(settings, time) -> settings.idleTimeout(time.orElse(null)),
					(settings, time) -> settings.idleTimeout(time.orElse(null)))
			.add("leakDetection", leakDetection, SettingForm.oneOf(LeakDetection.class),
					BufferPoolSettings::leakDetection, ObjectPoolSettings::leakDetection)
			.add("tiers", tiers, SettingForm.TIERS, BufferPoolSettings::tiers, null);
		return new PoolChangesDescriptor(pool, onPool(pool, request::applyTo, request::applyTo));
	}

	/**
	 * Discard all idle memory, or all idle objects, of a pool now.
	 * @param pool its name
	 * @return what was discarded
	 */
	@DeleteOperation
	public TrimDescriptor trim(@Selector String pool) {
		return onPool(pool, (buffers) -> new TrimDescriptor(pool, buffers.trim(), null),
				(objects) -> new TrimDescriptor(pool, null, objects.trim()));
	}

	private <R> R onPool(String name, Function<BufferPool, R> buffers, Function<ObjectPool<?>, R> objects) {
		Map<String, BufferPool> bufferPools = this.pools.get();
		if (bufferPools.containsKey(name)) {
			return buffers.apply(bufferPools.get(name));
		}
		Map<String, ObjectPool<?>> objectPools = this.objects.get();
		if (objectPools.containsKey(name)) {
			return objects.apply(objectPools.get(name));
		}
		Set<String> names = new TreeSet<>(bufferPools.keySet());
		names.addAll(objectPools.keySet());
		String more = (names.size() > LISTED) ? " and " + (names.size() - LISTED) + " more" : "";
		throw PoolRequestException.notFound("There is no pool '" + name + "'. Pools are "
				+ names.stream().limit(LISTED).collect(Collectors.joining(", ")) + more);
	}

}
