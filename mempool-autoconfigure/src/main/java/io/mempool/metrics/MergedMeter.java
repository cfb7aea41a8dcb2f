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

import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * A meter of a registry, and the figures that it shows as their sum. There are several if
 * a filter of the registry makes their ids equal, or if several owners have one name.
 */
final class MergedMeter {

	private final MeterRegistry registry;

	private final MeterSpec spec;

	private final Meter.@Nullable Id id;

	@GuardedBy("RegistryMeters.LOCK")
	private @Nullable Meter meter;

	@GuardedBy("RegistryMeters.LOCK")
	private boolean leftToComposite;

	@GuardedBy("RegistryMeters.LOCK")
	private final List<MeterSpec> specs = new ArrayList<>();

	// Each figure once; what is read without a lock
	private volatile Figures figures = new Figures(List.of(), 0, 0);

	MergedMeter(MeterRegistry registry, MeterSpec spec, Meter.@Nullable Id id) {
		this.registry = registry;
		this.spec = spec;
		this.id = id;
	}

	MeterRegistry registry() {
		return this.registry;
	}

	/**
	 * Register the meter.
	 * @return the meter that the registry has, which may be of other figures
	 */
	Meter register() {
		return this.spec.register(this.registry, this.id, this);
	}

	double value() {
		Figures figures = this.figures;
		double sum = figures.endedValue();
		for (MeterSpec spec : figures.specs()) {
			sum += spec.value().getAsDouble();
		}
		return sum;
	}

	long count() {
		Figures figures = this.figures;
		long sum = figures.endedCount();
		for (MeterSpec spec : figures.specs()) {
			sum += spec.count().getAsLong();
		}
		return sum;
	}

	@GuardedBy("RegistryMeters.LOCK")
	@Nullable Meter meter() {
		return this.meter;
	}

	@GuardedBy("RegistryMeters.LOCK")
	void setMeter(Meter meter) {
		this.meter = meter;
	}

	/**
	 * Return whether a composite made the meter, and feeds it.
	 */
	@GuardedBy("RegistryMeters.LOCK")
	boolean isLeftToComposite() {
		return this.leftToComposite;
	}

	@GuardedBy("RegistryMeters.LOCK")
	void leaveToComposite(boolean left) {
		this.leftToComposite = left;
	}

	@GuardedBy("RegistryMeters.LOCK")
	boolean isEmpty() {
		return this.specs.isEmpty();
	}

	@GuardedBy("RegistryMeters.LOCK")
	void add(MeterSpec spec) {
		this.specs.add(spec);
		Figures figures = this.figures;
		if (figures.specs().stream().noneMatch(spec::isSameFigure)) {
			this.figures = figures.with(spec);
		}
	}

	/**
	 * Remove a figure. A total that the meter goes on showing does not go down.
	 */
	@GuardedBy("RegistryMeters.LOCK")
	void remove(MeterSpec spec) {
		removeFrom(this.specs, spec);
		Figures figures = this.figures;
		List<MeterSpec> present = new ArrayList<>(figures.specs());
		if (!removeFrom(present, spec)) {
			return;
		}
		MeterSpec same = this.specs.stream().filter(spec::isSameFigure).findFirst().orElse(null);
		if (same != null) {
			present.add(same);
		}
		boolean ended = same == null && !isEmpty() && spec.kind() != MeterSpec.Kind.GAUGE;
		double value = ended ? spec.value().getAsDouble() : 0;
		long count = ended ? spec.count().getAsLong() : 0;
		this.figures = new Figures(List.copyOf(present), figures.endedValue() + value, figures.endedCount() + count);
	}

	// By identity: several binders may show one figure
	@SuppressWarnings("ReferenceEquality")
	private static boolean removeFrom(List<MeterSpec> specs, MeterSpec spec) {
		for (int i = 0; i < specs.size(); i++) {
			if (specs.get(i) == spec) {
				specs.remove(i);
				return true;
			}
		}
		return false;
	}

	private record Figures(List<MeterSpec> specs, double endedValue, long endedCount) {

		Figures with(MeterSpec spec) {
			List<MeterSpec> specs = new ArrayList<>(this.specs);
			specs.add(spec);
			return new Figures(List.copyOf(specs), this.endedValue, this.endedCount);
		}

	}

}
