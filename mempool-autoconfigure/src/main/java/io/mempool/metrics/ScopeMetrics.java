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
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the scopes of requests, or of other units of work: how many are open, and how
 * the others ended, with the tag {@code outcome}. They stay until they are
 * {@linkplain #close removed}.
 *
 * @since 0.1.0
 */
public final class ScopeMetrics implements MeterBinder, AutoCloseable {

	private static final String NAME = "mempool.scopes";

	private final Supplier<ScopeStatistics> statistics;

	private final Tags tags;

	private final MeterBindings bindings = new MeterBindings();

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
		this.bindings.add(registry).replace((registration) -> {
			registration.add(MeterSpec.gauge(this.statistics, NAME + ".open", this.tags, "Scopes that have not ended",
					null, () -> figures.get().open()));
			ended(registration, figures, "released", ScopeStatistics::released);
			ended(registration, figures, "in-doubt", ScopeStatistics::inDoubt);
		});
	}

	private void ended(BoundMeters.Registration registration, Snapshot<ScopeStatistics> figures, String outcome,
			ToDoubleFunction<ScopeStatistics> value) {
		registration.add(MeterSpec.counter(this.statistics, NAME + ".ended", this.tags.and("outcome", outcome),
				"Scopes that gave back what they held, or ended in doubt", () -> value.applyAsDouble(figures.get())));
	}

	/**
	 * Remove the meters from all registries.
	 */
	@Override
	public void close() {
		this.bindings.close();
	}

}
