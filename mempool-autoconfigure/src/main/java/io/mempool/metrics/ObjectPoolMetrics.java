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

package io.mempool.metrics;

import java.util.List;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of a pool of objects, with the tag {@code pool}. Nothing is counted for them; a
 * scrape looks at what the pool knows, at most once in 100 ms.
 * <p>
 * The meters are removed when the pool is closed, or before by {@link #close}. Pools of
 * one name are shown as their sum.
 *
 * @since 0.1.0
 */
public final class ObjectPoolMetrics implements MeterBinder, AutoCloseable {

	private static final String NAME = "mempool.objects";

	private final ObjectPool<?> pool;

	private final Tags tags;

	private final MeterBindings bindings = new MeterBindings();

	/**
	 * Create the meters of a pool.
	 * @param pool the pool
	 */
	public ObjectPoolMetrics(ObjectPool<?> pool) {
		this(pool, List.of());
	}

	/**
	 * Create the meters of a pool.
	 * @param pool the pool
	 * @param tags further tags, the same for all pools of a registry
	 */
	public ObjectPoolMetrics(ObjectPool<?> pool, Iterable<Tag> tags) {
		this.pool = pool;
		this.tags = Tags.of(tags);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (!Snapshot.isKnown(this.pool.statistics())) {
			return;
		}
		Snapshot<ObjectPoolStatistics> figures = new Snapshot<>(this.pool::statistics);
		BoundMeters meters = this.bindings.add(registry);
		Runnable bind = () -> meters.replace((registration) -> register(registration, figures));
		bind.run();
		this.pool.onUpdate((changes) -> bind.run());
		this.pool.onClose(() -> this.bindings.close(meters));
	}

	/**
	 * Remove the meters from all registries. The pool stays open.
	 */
	@Override
	public void close() {
		this.bindings.close();
	}

	private void register(BoundMeters.Registration registration, Snapshot<ObjectPoolStatistics> figures) {
		ObjectPoolStatistics now = figures.refresh();
		TierMeters meters = new TierMeters(this.pool, registration, NAME + ".", this.tags.and("pool", now.name()),
				() -> figures.get().tier());
		meters.levels(NAME, BaseUnits.OBJECTS);
		meters.leases("miss");
		if (now.settings().policy() == ExhaustionPolicy.WAIT) {
			meters.waiting();
		}
	}

}
