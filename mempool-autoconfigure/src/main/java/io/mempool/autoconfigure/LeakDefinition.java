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

package io.mempool.autoconfigure;

import java.time.Duration;

import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.object.ObjectPoolBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How all pools look for leaks, checked.
 */
final class LeakDefinition {

	private final LeakDetection detection;

	private final @Nullable Duration maxAge;

	private final LeakListener listener;

	LeakDefinition(MempoolProperties properties, LeakListener listener) {
		this.detection = properties.getLeakDetection();
		this.maxAge = properties.getLeaks().getMaxAge();
		this.listener = listener;
		PropertyDefinition.checkTime("mempool.leaks.max-age", this.maxAge,
				"Set a time such as 5m, or remove the property to let leases be open for any time.");
	}

	void applyTo(BufferPoolBuilder builder) {
		builder.leakDetection(this.detection).leakListener(this.listener);
		if (this.maxAge != null) {
			builder.leakMaxAge(this.maxAge);
		}
	}

	void applyTo(ObjectPoolBuilder<?> builder) {
		builder.leakDetection(this.detection).leakListener(this.listener);
		if (this.maxAge != null) {
			builder.leakMaxAge(this.maxAge);
		}
	}

}
