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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The meters that a pool has in a registry at present. What a pool shows depends on its
 * settings, and these may change while it runs.
 */
final class BoundMeters {

	private final MeterRegistry registry;

	private Map<Key, Meter> meters = Map.of();

	BoundMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Register what is wanted now, and remove what is not wanted any more. What is there
	 * already stays as it is.
	 * @param wanted names all meters that are wanted
	 */
	synchronized void replace(Consumer<Registration> wanted) {
		Map<Key, Meter> former = this.meters;
		Map<Key, Meter> present = new LinkedHashMap<>();
		wanted.accept((name, tags, register) -> {
			Key key = new Key(name, tags);
			Meter meter = former.get(key);
			present.put(key, (meter != null) ? meter : register.apply(this.registry));
		});
		this.meters = present;
		former.forEach((key, meter) -> {
			if (!present.containsKey(key)) {
				this.registry.remove(meter);
			}
		});
	}

	private record Key(String name, Tags tags) {

	}

	/**
	 * Takes meters that are wanted.
	 */
	interface Registration {

		/**
		 * Register a meter unless it is there.
		 * @param name its name
		 * @param tags its tags
		 * @param register registers it
		 */
		void add(String name, Tags tags, Function<MeterRegistry, Meter> register);

	}

}
