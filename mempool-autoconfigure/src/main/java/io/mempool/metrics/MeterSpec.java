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

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * One figure of one owner, and the meter that shows it.
 *
 * @param owner what has the figure, such as a pool
 * @param kind the kind of meter
 * @param name the name of the meter
 * @param tags the tags of the meter
 * @param description what the meter shows
 * @param unit the base unit, {@code null} for none
 * @param value reads a level, a total, or the total time in nanoseconds
 * @param count reads how many times were measured; {@code 0} if the meter is no timer
 */
record MeterSpec(Object owner, Kind kind, String name, Tags tags, String description, @Nullable String unit,
		DoubleSupplier value, LongSupplier count) {

	static MeterSpec gauge(Object owner, String name, Tags tags, String description, @Nullable String unit,
			DoubleSupplier value) {
		return new MeterSpec(owner, Kind.GAUGE, name, tags, description, unit, value, () -> 0);
	}

	static MeterSpec counter(Object owner, String name, Tags tags, String description, DoubleSupplier value) {
		return new MeterSpec(owner, Kind.COUNTER, name, tags, description, null, value, () -> 0);
	}

	static MeterSpec timer(Object owner, String name, Tags tags, String description, LongSupplier count,
			DoubleSupplier nanos) {
		return new MeterSpec(owner, Kind.TIMER, name, tags, description, null, nanos, count);
	}

	/**
	 * Return whether another spec is of the same figure, so that only one of them may be
	 * added to a sum.
	 */
	@SuppressWarnings("ReferenceEquality")
	boolean isSameFigure(MeterSpec other) {
		return this.owner == other.owner && this.name.equals(other.name) && this.tags.equals(other.tags);
	}

	/**
	 * Register a meter, unless the registry has one of this id after its filters.
	 * @param registry the registry, which holds the functions strongly
	 * @param id name, tags, description and unit of the meter
	 * @param figures what the meter reads
	 * @return the meter that the registry has
	 */
	Meter register(MeterRegistry registry, Meter.@Nullable Id id, MergedMeter figures) {
		String name = (id != null) ? id.getName() : this.name;
		Tags tags = (id != null) ? Tags.of(id.getTagsAsIterable()) : this.tags;
		String description = (id != null) ? id.getDescription() : this.description;
		String unit = (id != null) ? id.getBaseUnit() : this.unit;
		return switch (this.kind) {
			case GAUGE -> Gauge.builder(name, figures::value)
				.tags(tags)
				.description(description)
				.baseUnit(unit)
				.register(registry);
			case COUNTER -> FunctionCounter.builder(name, figures, (source) -> figures.value())
				.tags(tags)
				.description(description)
				.baseUnit(unit)
				.register(registry);
			case TIMER -> FunctionTimer
				.builder(name, figures, (source) -> figures.count(), (source) -> figures.value(), TimeUnit.NANOSECONDS)
				.tags(tags)
				.description(description)
				.register(registry);
		};
	}

	/**
	 * The kinds of meters.
	 */
	enum Kind {

		GAUGE, COUNTER, TIMER

	}

}
