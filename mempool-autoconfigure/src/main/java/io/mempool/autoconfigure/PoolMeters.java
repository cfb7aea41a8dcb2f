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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.mempool.metrics.BudgetMetrics;
import io.mempool.metrics.BufferPoolMetrics;
import io.mempool.metrics.ObjectPoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.DisposableBean;

/**
 * The meters of the pools and budgets of an application. They end with the context,
 * although the registry may be used by others.
 */
final class PoolMeters implements MeterBinder, DisposableBean {

	private final ApplicationPools pools;

	private final Set<Runnable> endings = ConcurrentHashMap.newKeySet();

	private volatile boolean ended;

	PoolMeters(ApplicationPools pools) {
		this.pools = pools;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.pools.forEach((pool) -> {
			BufferPoolMetrics meters = new BufferPoolMetrics(pool);
			bind(meters, meters::close, pool::onClose, registry);
		}, (pool) -> {
			ObjectPoolMetrics meters = new ObjectPoolMetrics(pool);
			bind(meters, meters::close, pool::onClose, registry);
		});
		this.pools.budgets().forEach((memory, budget) -> {
			BudgetMetrics meters = new BudgetMetrics(memory, budget);
			bind(meters, meters::close, (ending) -> {
			}, registry);
		});
	}

	private void bind(MeterBinder meters, Runnable ending, Consumer<Runnable> onClose, MeterRegistry registry) {
		// Not this object, which a pool that outlives the context would hold with the
		// context
		Set<Runnable> endings = this.endings;
		endings.add(ending);
		meters.bindTo(registry);
		onClose.accept(() -> endings.remove(ending));
		if (this.ended) {
			ending.run();
		}
	}

	@Override
	public void destroy() {
		this.ended = true;
		this.endings.forEach(Runnable::run);
		this.endings.clear();
	}

}
