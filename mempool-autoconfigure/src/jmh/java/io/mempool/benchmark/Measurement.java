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

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What one fork measured, or the median of several.
 *
 * @param nanos nanoseconds per pair of acquire and release
 * @param bytes bytes allocated per pair
 * @param hitRate percent of the acquires that found pooled memory, {@code NaN} if unknown
 * @param ours nanoseconds per pair that our pool took in turns with what was measured,
 * {@code NaN} if it did not
 */
record Measurement(double nanos, double bytes, double hitRate, double ours) {

	static Measurement median(List<Measurement> measurements) {
		return new Measurement(median(measurements.stream().mapToDouble(Measurement::nanos)),
				median(measurements.stream().mapToDouble(Measurement::bytes)),
				median(measurements.stream().mapToDouble(Measurement::hitRate)),
				median(measurements.stream().mapToDouble(Measurement::ours)));
	}

	/**
	 * Return the number in the middle, or what is in the middle of the two that are.
	 */
	static double median(DoubleStream numbers) {
		double[] sorted = numbers.sorted().toArray();
		return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
	}

}
