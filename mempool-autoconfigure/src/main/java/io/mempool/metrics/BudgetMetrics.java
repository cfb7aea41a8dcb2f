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

import io.mempool.buffer.MemoryKind;
import io.mempool.core.Budget;
import io.mempool.engine.KebabCase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of a budget that pools share, with the tag {@code memory}. They stay until they
 * are {@linkplain #close removed}; budgets of the same tag are shown as their sum.
 *
 * @since 0.1.0
 */
public final class BudgetMetrics implements MeterBinder, AutoCloseable {

	private final MemoryKind memory;

	private final Budget budget;

	private final MeterBindings bindings = new MeterBindings();

	/**
	 * Create the meters of a budget.
	 * @param memory the kind of memory that it limits
	 * @param budget the budget
	 */
	public BudgetMetrics(MemoryKind memory, Budget budget) {
		this.memory = memory;
		this.budget = budget;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Tags tags = Tags.of("memory", KebabCase.of(this.memory));
		this.bindings.add(registry).replace((registration) -> {
			registration.add(MeterSpec.gauge(this.budget, "mempool.budget.used", tags,
					"Kept and lent by all pools of the budget", BaseUnits.BYTES, this.budget::used));
			registration.add(MeterSpec.gauge(this.budget, "mempool.budget.limit", tags,
					"What all pools of the budget may keep and lend", BaseUnits.BYTES, this.budget::limit));
		});
	}

	/**
	 * Remove the meters from all registries.
	 */
	@Override
	public void close() {
		this.bindings.close();
	}

}
