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

package io.mempool.diagnostics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured at some sizes, and straight lines through it.
 *
 * @param samples ascending by size, at least two
 */
record MeasuredCosts(List<Sample> samples) implements MemoryCosts {

	@Override
	public double leaseNanos(int size) {
		return interpolate(size, Sample::leaseNanos);
	}

	@Override
	public double allocationNanos(int size) {
		return interpolate(size, Sample::allocationNanos);
	}

	private double interpolate(int size, ToDoubleFunction<Sample> figure) {
		int i = 1;
		while (i < this.samples.size() - 1 && this.samples.get(i).size() < size) {
			i++;
		}
		Sample smaller = this.samples.get(i - 1);
		Sample larger = this.samples.get(i);
		double perByte = (figure.applyAsDouble(larger) - figure.applyAsDouble(smaller))
				/ (larger.size() - smaller.size());
		if (size > larger.size()) {
			// Whatever the noise says, more bytes do not cost less
			return figure.applyAsDouble(larger) + Math.max(0, perByte) * (size - larger.size());
		}
		return Math.max(0, figure.applyAsDouble(smaller) + perByte * (size - smaller.size()));
	}

	/**
	 * What was measured at one size.
	 *
	 * @param size bytes
	 * @param leaseNanos how long an acquire and a release took
	 * @param allocationNanos how long an allocation took
	 */
	record Sample(int size, double leaseNanos, double allocationNanos) {

	}

}
