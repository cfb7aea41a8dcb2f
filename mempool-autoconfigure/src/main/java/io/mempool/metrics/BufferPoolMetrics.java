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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.ExhaustionPolicy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of a pool of buffers, with the tags {@code pool}, {@code memory} and, where they
 * are of one tier, {@code tier}: its size in bytes, or {@code oversized}. Nothing is
 * counted for them; a scrape looks at what the pool knows, at most once in 100 ms.
 *
 * @since 0.1.0
 */
public final class BufferPoolMetrics implements MeterBinder {

	private static final String PREFIX = "mempool.";

	private final BufferPool pool;

	private final Tags tags;

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
		Snapshot<PoolStatistics> figures = new Snapshot<>(this.pool::statistics);
		PoolStatistics now = figures.get();
		boolean waits = now.policy() == ExhaustionPolicy.WAIT;
		Tags tags = this.tags.and("pool", now.name(), "memory", TierMeters.name(now.memory()));
		for (int i = 0; i < now.tiers().size(); i++) {
			int index = i;
			Tags ofTier = tags.and("tier", String.valueOf(now.tiers().get(i).size()));
			TierMeters meters = new TierMeters(registry, PREFIX, ofTier, () -> figures.get().tiers().get(index));
			meters.levels(PREFIX + "buffers", BaseUnits.BUFFERS);
			bind(meters, "miss", waits);
		}
		TierMeters oversized = new TierMeters(registry, PREFIX, tags.and("tier", "oversized"),
				() -> figures.get().beyondTiers());
		oversized.leased(PREFIX + "buffers", BaseUnits.BUFFERS);
		bind(oversized, "oversized", waits);
		Gauge.builder(PREFIX + "memory.used", () -> figures.get().usedBytes())
			.description("Kept and lent")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)
			.register(registry);
		if (now.limitBytes() != Long.MAX_VALUE) {
			Gauge.builder(PREFIX + "memory.limit", () -> figures.get().limitBytes())
				.description("What may be kept and lent")
				.baseUnit(BaseUnits.BYTES)
				.tags(tags)
				.register(registry);
		}
	}

	private static void bind(TierMeters meters, String missResult, boolean waits) {
		meters.leases(missResult);
		if (waits) {
			meters.waiting();
		}
	}

}
