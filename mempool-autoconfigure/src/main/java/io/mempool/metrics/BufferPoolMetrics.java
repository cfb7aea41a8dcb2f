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
import java.util.function.ToDoubleFunction;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.TierStatistics;
import io.mempool.engine.KebabCase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of a pool of buffers, with the tags {@code pool}, {@code memory} and, where they
 * are of one tier, {@code tier}: its size in bytes, or {@code oversized}. Nothing is
 * counted for them; a scrape looks at what the pool knows, at most once in 100 ms.
 * <p>
 * The meters are removed when the pool is closed, or before by {@link #close}. A meter
 * that stands for several tiers or pools, because a filter drops a tag or because pools
 * have one name, shows their sum. A limit is then the sum of those that have one.
 *
 * @since 0.1.0
 */
public final class BufferPoolMetrics implements MeterBinder, AutoCloseable {

	private static final String PREFIX = "mempool.";

	private final BufferPool pool;

	private final Tags tags;

	private final MeterBindings bindings = new MeterBindings();

	/**
	 * Create the meters of a pool.
	 * @param pool the pool
	 */
	public BufferPoolMetrics(BufferPool pool) {
		this(pool, List.of());
	}

	/**
	 * Create the meters of a pool.
	 * @param pool the pool
	 * @param tags further tags, the same for all pools of a registry
	 */
	public BufferPoolMetrics(BufferPool pool, Iterable<Tag> tags) {
		this.pool = pool;
		this.tags = Tags.of(tags);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (!Snapshot.isKnown(this.pool.statistics())) {
			return;
		}
		Snapshot<PoolStatistics> figures = new Snapshot<>(this.pool::statistics);
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

	private void register(BoundMeters.Registration registration, Snapshot<PoolStatistics> figures) {
		PoolStatistics now = figures.refresh();
		boolean waits = now.settings().policy() == ExhaustionPolicy.WAIT;
		Tags tags = this.tags.and("pool", now.name(), "memory", KebabCase.of(now.memory()));
		for (TierStatistics tier : now.tiers()) {
			TierMeters meters = tier(registration, tags, figures, tier);
			meters.levels(PREFIX + "buffers", BaseUnits.BUFFERS);
			meters.leases("miss");
			if (waits) {
				meters.waiting();
			}
		}
		// Tiers that are no more keep their totals, which must not go down, and what is
		// leased of them
		for (TierStatistics tier : now.formerTiers()) {
			TierMeters meters = tier(registration, tags, figures, tier);
			meters.leased(PREFIX + "buffers", BaseUnits.BUFFERS);
			meters.leases("miss");
		}
		TierMeters oversized = new TierMeters(this.pool, registration, PREFIX, tags.and("tier", "oversized"),
				() -> figures.get().beyondTiers());
		oversized.leased(PREFIX + "buffers", BaseUnits.BUFFERS);
		oversized.leases("oversized");
		if (waits) {
			oversized.waiting();
		}
		memory(registration, ".used", "Kept, lent, and not yet freed", tags, figures, PoolStatistics::usedBytes);
		memory(registration, ".pending", "Discarded and not yet freed", tags, figures, PoolStatistics::pendingBytes);
		if (now.settings().limit() != Long.MAX_VALUE) {
			memory(registration, ".limit", "What may be kept and lent", tags, figures,
					(statistics) -> statistics.settings().limit());
		}
	}

	private TierMeters tier(BoundMeters.Registration registration, Tags tags, Snapshot<PoolStatistics> figures,
			TierStatistics tier) {
		return new TierMeters(this.pool, registration, PREFIX, tags.and("tier", String.valueOf(tier.size())),
				new TierFigures(figures, tier));
	}

	private void memory(BoundMeters.Registration registration, String suffix, String description, Tags tags,
			Snapshot<PoolStatistics> figures, ToDoubleFunction<PoolStatistics> value) {
		registration.add(MeterSpec.gauge(this.pool, PREFIX + "memory" + suffix, tags, description, BaseUnits.BYTES,
				() -> value.applyAsDouble(figures.get())));
	}

}
