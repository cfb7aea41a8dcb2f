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

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.WeakHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.noop.NoopMeter;
import org.jspecify.annotations.Nullable;

/**
 * The meters that mempool has in a registry, from all binders.
 */
// Meters are known by identity: they are equal by their ids
@SuppressWarnings("ReferenceEquality")
final class RegistryMeters {

	/*
	 * A registry that has a meter of an id returns that meter, and drops the function of
	 * the next one. So a meter reads a list of figures. Whether the registry has just
	 * created a meter shows in the meter's identity. A meter is removed with its last
	 * figure.
	 *
	 * A composite gives each of its children a meter of its own. A child whose filters
	 * make ids equal would show the first figure only, and lose its meter when the first
	 * figure ends. Such a meter is replaced by one that reads a list, and put back if the
	 * composite removes it. All other meters of children are left to the composite.
	 *
	 * The map is weak for the sake of registries that are not used any more; open pools
	 * still hold theirs. Registering calls filters and listeners of the registry with
	 * this lock held. A pool calls this package without a lock of its own.
	 */

	static final Object LOCK = new Object();

	@GuardedBy("LOCK")
	private static final Map<MeterRegistry, RegistryMeters> ALL = new WeakHashMap<>();

	@GuardedBy("LOCK")
	private final IdentityHashMap<Meter, MergedMeter> meters = new IdentityHashMap<>();

	@GuardedBy("LOCK")
	private boolean watched;

	// By a composite, since a figure began to be shown there
	@GuardedBy("LOCK")
	private @Nullable Meter lastAdded;

	@GuardedBy("LOCK")
	private static RegistryMeters of(MeterRegistry registry) {
		return ALL.computeIfAbsent(registry, (key) -> new RegistryMeters());
	}

	/**
	 * Show a figure.
	 * @param registry where to show it
	 * @param spec the figure and its meter
	 * @return the figure as it is shown, {@code null} if a filter denies the meter
	 */
	@GuardedBy("LOCK")
	static @Nullable ShownFigure show(MeterRegistry registry, MeterSpec spec) {
		MergedMeter candidate = new MergedMeter(registry, spec, null);
		return of(registry).show(spec, candidate, candidate.register());
	}

	/**
	 * Note what a composite adds to one of its children, before a figure is shown in the
	 * composite.
	 */
	@GuardedBy("LOCK")
	static void watch(MeterRegistry child) {
		RegistryMeters present = of(child);
		if (!present.watched) {
			present.watched = true;
			child.config().onMeterAdded(present::added);
		}
		present.lastAdded = null;
	}

	private void added(Meter meter) {
		// Only what this thread adds while it shows a figure
		if (Thread.holdsLock(LOCK)) {
			synchronized (LOCK) {
				this.lastAdded = meter;
			}
		}
	}

	/**
	 * Show a figure that a composite shows in one of its children.
	 * @param child the registry to which the composite has added a meter
	 * @param spec the figure
	 * @param id the id of the composite's meter
	 * @return the figure as it is shown, {@code null} if a filter denies the meter
	 */
	@GuardedBy("LOCK")
	static @Nullable ShownFigure showInChild(MeterRegistry child, MeterSpec spec, Meter.Id id) {
		RegistryMeters present = of(child);
		MergedMeter candidate = new MergedMeter(child, spec, id);
		Meter meter = present.lastAdded;
		if (meter != null) {
			candidate.leaveToComposite(true);
		}
		else {
			meter = present.replace(candidate, candidate.register());
		}
		return present.show(spec, candidate, meter);
	}

	/**
	 * Replace a meter of a composite.
	 * @return the meter that the registry has now
	 */
	@GuardedBy("LOCK")
	private Meter replace(MergedMeter candidate, Meter meter) {
		MergedMeter known = this.meters.get(meter);
		if (meter instanceof NoopMeter || (known != null && !known.isLeftToComposite())) {
			return meter;
		}
		MergedMeter merged = (known != null) ? known : candidate;
		candidate.registry().remove(meter);
		this.meters.remove(meter);
		merged.leaveToComposite(false);
		Meter next = merged.register();
		if (known != null && !(next instanceof NoopMeter)) {
			put(known, next);
		}
		return next;
	}

	@GuardedBy("LOCK")
	private @Nullable ShownFigure show(MeterSpec spec, MergedMeter candidate, Meter meter) {
		if (meter instanceof NoopMeter) {
			return null;
		}
		MergedMeter merged = this.meters.get(meter);
		if (merged == null) {
			merged = candidate;
			put(merged, meter);
		}
		merged.add(spec);
		return new ShownFigure(merged, spec, meter.getId());
	}

	@GuardedBy("LOCK")
	private void put(MergedMeter merged, Meter meter) {
		merged.setMeter(meter);
		this.meters.put(meter, merged);
	}

	@GuardedBy("LOCK")
	private void remove(MergedMeter ended) {
		Meter meter = ended.meter();
		if (meter == null) {
			return;
		}
		this.meters.remove(meter);
		// A registry removes by id, which may be that of another meter by now
		Meter removed = ended.registry().remove(meter);
		MergedMeter other = (removed != null && removed != meter) ? this.meters.remove(removed) : null;
		if (other != null) {
			putBack(other);
		}
	}

	@GuardedBy("LOCK")
	private void putBack(MergedMeter merged) {
		Meter meter = merged.register();
		if (meter != merged.meter() && !(meter instanceof NoopMeter)) {
			this.meters.remove(merged.meter());
			put(merged, meter);
		}
	}

	/**
	 * A figure that a meter shows.
	 *
	 * @param merged the meter with all of its figures
	 * @param spec the figure
	 * @param id the id of the meter in its registry
	 */
	record ShownFigure(MergedMeter merged, MeterSpec spec, Meter.Id id) {

		MeterRegistry registry() {
			return this.merged.registry();
		}

		/**
		 * Show the figure no longer, and remove its meter unless that shows others.
		 * @return whether the meter was removed
		 */
		@GuardedBy("LOCK")
		boolean end() {
			this.merged.remove(this.spec);
			if (this.merged.isEmpty()) {
				of(registry()).remove(this.merged);
				return true;
			}
			return false;
		}

		/**
		 * Show the figure no longer in the child of a composite.
		 * @param removed whether the composite has removed its meter
		 */
		@GuardedBy("LOCK")
		void endInChild(boolean removed) {
			if (!end() && removed) {
				of(registry()).putBack(this.merged);
			}
		}

	}

}
