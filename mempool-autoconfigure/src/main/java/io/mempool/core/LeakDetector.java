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

package io.mempool.core;

import java.util.Objects;

/**
 * Looks for the leaks of one pool.
 */
public final class LeakDetector {

	/**
	 * Of how many acquires one is noted, unless all are.
	 */
	static final int SAMPLING = 128;

	private volatile LeakSettings settings = LeakSettings.NONE;

	LeakDetector() {
	}

	/**
	 * Return how the pool looks for leaks.
	 * @return the settings
	 */
	public LeakSettings settings() {
		return this.settings;
	}

	/**
	 * Change how the pool looks for leaks, from the next acquire on.
	 * @param settings the settings
	 */
	public void settings(LeakSettings settings) {
		this.settings = Objects.requireNonNull(settings, "'settings' must not be null");
	}

	/**
	 * Change what is written down about leases, from the next acquire on.
	 * @param detection the level
	 */
	public void detection(LeakDetection detection) {
		settings(this.settings.withDetection(detection));
	}

}
