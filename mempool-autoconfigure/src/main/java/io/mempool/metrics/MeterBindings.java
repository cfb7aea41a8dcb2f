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
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * The registries that a binder has registered its meters with.
 */
final class MeterBindings {

	private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

	/**
	 * Begin to register meters with a registry.
	 */
	BoundMeters add(MeterRegistry registry) {
		BoundMeters meters = new BoundMeters(registry);
		this.bound.add(meters);
		return meters;
	}

	/**
	 * Remove meters from one registry.
	 */
	void close(BoundMeters meters) {
		this.bound.remove(meters);
		meters.close();
	}

	/**
	 * Remove all meters from all registries.
	 */
	void close() {
		this.bound.forEach(this::close);
	}

}
