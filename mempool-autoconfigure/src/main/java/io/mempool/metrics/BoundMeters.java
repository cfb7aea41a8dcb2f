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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.metrics.RegistryMeters.ShownFigure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The meters that a binder has in a registry at present. What a pool shows depends on its
 * settings, and these may change while it runs. Safe for use by several threads.
 */
final class BoundMeters {

	// null after close
	@GuardedBy("RegistryMeters.LOCK")
	private @Nullable MeterRegistry registry;

	@GuardedBy("RegistryMeters.LOCK")
	private Map<Key, Shown> meters = Map.of();

	BoundMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Register what is wanted now, and remove what is not wanted any more. What is there
	 * already stays as it is.
	 * @param wanted names all meters that are wanted
	 */
	void replace(Consumer<Registration> wanted) {
		Map<Key, MeterSpec> specs = new LinkedHashMap<>();
		wanted.accept((spec) -> specs.putIfAbsent(new Key(spec.name(), spec.tags()), spec));
		synchronized (RegistryMeters.LOCK) {
			MeterRegistry registry = this.registry;
			if (registry != null) {
				replace(registry, specs);
			}
		}
	}

	@GuardedBy("RegistryMeters.LOCK")
	private void replace(MeterRegistry registry, Map<Key, MeterSpec> specs) {
		Set<MeterRegistry> children = (registry instanceof CompositeMeterRegistry composite)
				? children(composite, new LinkedHashSet<>()) : Set.of();
		Map<Key, Shown> former = this.meters;
		Map<Key, Shown> present = new LinkedHashMap<>();
		for (Map.Entry<Key, MeterSpec> entry : specs.entrySet()) {
			for (MeterRegistry child : children) {
				RegistryMeters.watch(child);
			}
			Shown shown = former.get(entry.getKey());
			if (shown == null) {
				shown = new Shown(RegistryMeters.show(registry, entry.getValue()), new ArrayList<>());
			}
			shown.showIn(children);
			present.put(entry.getKey(), shown);
		}
		this.meters = present;
		for (Map.Entry<Key, Shown> entry : former.entrySet()) {
			if (!present.containsKey(entry.getKey())) {
				entry.getValue().end();
			}
		}
	}

	// A composite registers its meters with all that is below it and is no composite
	private static Set<MeterRegistry> children(CompositeMeterRegistry composite, Set<MeterRegistry> children) {
		for (MeterRegistry child : composite.getRegistries()) {
			if (child instanceof CompositeMeterRegistry inner) {
				children(inner, children);
			}
			else {
				children.add(child);
			}
		}
		return children;
	}

	/**
	 * Remove all meters. Nothing is registered any more.
	 */
	void close() {
		synchronized (RegistryMeters.LOCK) {
			for (Shown shown : this.meters.values()) {
				shown.end();
			}
			this.meters = Map.of();
			this.registry = null;
		}
	}

	private record Key(String name, Tags tags) {

	}

	/**
	 * A figure as it is shown, in a composite and in its children.
	 */
	private record Shown(@Nullable ShownFigure figure, List<ShownFigure> inChildren) {

		@GuardedBy("RegistryMeters.LOCK")
		void showIn(Set<MeterRegistry> children) {
			if (this.figure == null) {
				return;
			}
			for (MeterRegistry child : children) {
				if (this.inChildren.stream().noneMatch((shown) -> shown.registry().equals(child))) {
					ShownFigure shown = RegistryMeters.showInChild(child, this.figure.spec(), this.figure.id());
					if (shown != null) {
						this.inChildren.add(shown);
					}
				}
			}
		}

		@GuardedBy("RegistryMeters.LOCK")
		void end() {
			boolean removed = this.figure != null && this.figure.end();
			for (ShownFigure shown : this.inChildren) {
				shown.endInChild(removed);
			}
		}

	}

	/**
	 * Takes meters that are wanted.
	 */
	@FunctionalInterface
	interface Registration {

		/**
		 * Register a meter unless it is there.
		 * @param spec the meter
		 */
		void add(MeterSpec spec);

	}

}
