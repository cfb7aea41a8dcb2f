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

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;
import io.mempool.engine.KebabCase;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one tier.
 */
final class TierMeters {

	private final Object owner;

	private final BoundMeters.Registration registration;

	private final String prefix;

	private final Tags tags;

	private final Supplier<TierStatistics> figures;

	/**
	 * Create the meters of a tier.
	 * @param owner the pool
	 * @param registration where they are registered
	 * @param prefix what the names begin with
	 * @param tags what distinguishes them from those of other tiers
	 * @param figures the figures of the tier
	 */
	TierMeters(Object owner, BoundMeters.Registration registration, String prefix, Tags tags,
			Supplier<TierStatistics> figures) {
		this.owner = owner;
		this.registration = registration;
		this.prefix = prefix;
		this.tags = tags;
		this.figures = figures;
	}

	/**
	 * Register how many blocks there are, and how many there may be.
	 */
	void levels(String name, String unit) {
		level(name, "leased", unit, TierStatistics::leased);
		level(name, "idle", unit, TierStatistics::idle);
		Caps caps = this.figures.get().caps();
		gauge(name + ".idle.limit", "How many are kept for reuse", null, this.tags, (tier) -> tier.caps().maxIdle());
		// Absent where there is none, as an unlimited cap is no number
		if (caps.maxTotal() != Caps.UNLIMITED) {
			gauge(name + ".total.limit", "How many may exist", null, this.tags, (tier) -> tier.caps().maxTotal());
		}
	}

	private void level(String name, String state, String unit, ToDoubleFunction<TierStatistics> value) {
		gauge(name, "Leased or kept for reuse", unit, this.tags.and("state", state), value);
	}

	/**
	 * Register how many leased blocks there are of a tier that keeps none.
	 */
	void leased(String name, String unit) {
		level(name, "leased", unit, TierStatistics::leased);
	}

	/**
	 * Register how leases began and ended.
	 * @param missResult what an acquire amounts to that created a block
	 */
	void leases(String missResult) {
		acquisitions("hit", TierStatistics::hits);
		acquisitions(missResult, TierStatistics::misses);
		acquisitions("exhausted", TierStatistics::exhausted);
		count("releases", "Leases that ended", this.tags, TierStatistics::returned);
		for (DiscardReason reason : DiscardReason.values()) {
			count("discards", "Not put back or taken out", this.tags.and("reason", KebabCase.of(reason)),
					(tier) -> tier.discardedBy().getOrDefault(reason, 0L));
		}
		count("leaks", "Leases lost without a release", this.tags, TierStatistics::leaked);
		count("double.releases", "Refused releases of leases that had ended", this.tags,
				TierStatistics::doubleReleases);
	}

	private void acquisitions(String result, ToDoubleFunction<TierStatistics> value) {
		count("acquisitions", "What acquires came to", this.tags.and("result", result), value);
	}

	/**
	 * Register how many threads wait, and for how long.
	 */
	void waiting() {
		gauge(this.prefix + "waiting", "Threads that wait now", "threads", this.tags, TierStatistics::waiting);
		this.registration
			.add(MeterSpec.timer(this.owner, this.prefix + "wait", this.tags, "How often and how long threads waited",
					() -> this.figures.get().waits(), () -> this.figures.get().waitedNanos()));
	}

	private void gauge(String name, String description, @Nullable String unit, Tags tags,
			ToDoubleFunction<TierStatistics> value) {
		this.registration.add(MeterSpec.gauge(this.owner, name, tags, description, unit,
				() -> value.applyAsDouble(this.figures.get())));
	}

	private void count(String suffix, String description, Tags tags, ToDoubleFunction<TierStatistics> value) {
		this.registration.add(MeterSpec.counter(this.owner, this.prefix + suffix, tags, description,
				() -> value.applyAsDouble(this.figures.get())));
	}

}
