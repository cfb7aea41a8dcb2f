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

package io.mempool.benchmark;

import java.util.Comparator;
import java.util.List;

/**
 * What one fork measured, or the median of several.
 *
 * @param nanos nanoseconds per pair of acquire and release
 * @param bytes bytes allocated per pair
 * @param hitRate percent of the acquires that found pooled memory, {@code NaN} if unknown
 */
record Measurement(double nanos, double bytes, double hitRate) {

	static Measurement median(List<Measurement> measurements) {
		List<Measurement> sorted = measurements.stream()
			.sorted(Comparator.comparingDouble(Measurement::nanos))
			.toList();
		return sorted.get(sorted.size() / 2);
	}

}
