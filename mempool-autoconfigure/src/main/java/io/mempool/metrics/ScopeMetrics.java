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
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.mempool.scope.ScopeStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the scopes of requests, or of other units of work: how many are open, and how
 * the others ended, with the tag {@code outcome}.
 *
 * @since 0.1.0
 */
public final class ScopeMetrics implements MeterBinder {

	private static final String NAME = "mempool.scopes";

	private final Supplier<ScopeStatistics> statistics;

	private final Tags tags;

	/**
	 * Create the meters of scopes.
	 * @param statistics supplies what became of them so far; totals must not go down
	 */
	public ScopeMetrics(Supplier<ScopeStatistics> statistics) {
		this(statistics, List.of());
	}

	/**
	 * Create the meters of scopes.
	 * @param statistics supplies what became of them so far; totals must not go down
	 * @param tags further tags
	 */
	public ScopeMetrics(Supplier<ScopeStatistics> statistics, Iterable<Tag> tags) {
		this.statistics = statistics;
		this.tags = Tags.of(tags);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Snapshot<ScopeStatistics> figures = new Snapshot<>(this.statistics);
		Gauge.builder(NAME + ".open", () -> figures.get().open())
			.description("Scopes that have not ended")
			.tags(this.tags)
			.register(registry);
		ended(registry, figures, "released", ScopeStatistics::released);
		ended(registry, figures, "in-doubt", ScopeStatistics::inDoubt);
	}

	private void ended(MeterRegistry registry, Snapshot<ScopeStatistics> figures, String outcome,
			ToDoubleFunction<ScopeStatistics> value) {
		FunctionCounter.builder(NAME + ".ended", figures, (source) -> value.applyAsDouble(figures.get()))
			.description("Scopes that gave back what they held, or ended in doubt")
			.tags(this.tags.and("outcome", outcome))
			.register(registry);
	}

}
