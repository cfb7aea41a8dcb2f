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

package io.mempool.engine;

import java.time.Duration;

import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import org.jspecify.annotations.Nullable;

/**
 * How a pool looks for leaks.
 *
 * @param detection how much is noted about leases
 * @param listener receives the leaks, {@code null} for the log only
 * @param maxAge how long a noted lease may be open before it is reported, {@code null}
 * for any time
 * @since 0.1.0
 */
public record LeakSettings(LeakDetection detection, @Nullable LeakListener listener, @Nullable Duration maxAge) {

	/**
	 * No detection: lost leases are only counted.
	 */
	public static final LeakSettings NONE = new LeakSettings(LeakDetection.DISABLED, null, null);

	/**
	 * Check the settings.
	 * @throws IllegalArgumentException if {@code maxAge} is not positive
	 */
	public LeakSettings {
		if (maxAge != null && (maxAge.isNegative() || maxAge.isZero())) {
			throw new IllegalArgumentException("'maxAge' must be positive but is " + maxAge);
		}
	}

	/**
	 * Return the same settings with another level.
	 * @param detection the level
	 * @return settings
	 */
	public LeakSettings withDetection(LeakDetection detection) {
		return new LeakSettings(detection, this.listener, this.maxAge);
	}

}
