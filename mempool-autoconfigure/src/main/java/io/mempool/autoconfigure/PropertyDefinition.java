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

import io.mempool.core.Caps;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The rules that several properties share.
 */
final class PropertyDefinition {

	private PropertyDefinition() {
	}

	static void checkTime(String property, @Nullable Duration time, String action) {
		if (time != null && (time.isZero() || time.isNegative())) {
			throw new InvalidMempoolPropertyException(property, "the time must be positive", action);
		}
	}

	static void checkLimit(String property, @Nullable DataSize limit) {
		if (limit != null && limit.toBytes() <= 0) {
			throw new InvalidMempoolPropertyException(property, "the limit must be positive",
					"Set a size such as 64MB, or remove the property for no limit.");
		}
	}

	static void checkMaxWait(String property, @Nullable Duration maxWait) {
		checkTime(property, maxWait, "Set a time such as 500ms, or choose the policy 'fail' not to wait.");
	}

	static void checkMaxIdle(String property, @Nullable Integer maxIdle) {
		checkUpToMaximum(property, maxIdle, "Set 0 to keep nothing, or a larger number.");
	}

	static void checkUpToMaximum(String property, @Nullable Integer number, String action) {
		if (number != null && (number < 0 || number > Caps.MAXIMUM_IDLE)) {
			throw new InvalidMempoolPropertyException(property, "the number must be from 0 to " + Caps.MAXIMUM_IDLE,
					action);
		}
	}

	static void checkMaxTotal(String property, @Nullable Integer maxTotal) {
		if (maxTotal != null && maxTotal < 1) {
			throw new InvalidMempoolPropertyException(property, "the number must be positive",
					"Set at least 1, or remove the property for no limit.");
		}
	}

}
