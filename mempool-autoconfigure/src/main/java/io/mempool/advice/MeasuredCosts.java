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

package io.mempool.advice;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.mempool.buffer.Clearing;
import org.jspecify.annotations.Nullable;

/**
 * What was measured at some sizes, and straight lines through it.
 *
 * @param samples ascending by size; at least two if there is to be something between them
 */
record MeasuredCosts(List<Sample> samples) implements MemoryCosts {

	@Override
	public double leaseNanos(int size, Clearing clearing) {
		return interpolate(size, leaseNanos(clearing));
	}

	@Override
	public double allocationNanos(int size) {
		return interpolate(size, Sample::allocationNanos);
	}

	@Override
	public boolean isSteady(int size) {
		int i = indexOfLarger(size);
		return this.samples.get(i - 1).steady() && this.samples.get(i).steady();
	}

	@Override
	public boolean isAllocationQuicker(int size, Clearing clearing) {
		return size <= this.samples.get(this.samples.size() - 1).size() && isSteady(size)
				&& Calibration.tolerated(allocationNanos(size)) < leaseNanos(size, clearing);
	}

	/**
	 * Return whether all figures are steady.
	 */
	boolean steady() {
		return this.samples.stream().allMatch(Sample::steady);
	}

	/**
	 * Return the smallest size from which on a lease never takes longer than an
	 * allocation, as far as the figures are steady.
	 * @return bytes, {@code null} if not even the smallest figures are steady, or
	 * allocations are quicker at the largest size that is
	 */
	@Nullable Integer payingFrom(Clearing clearing) {
		int last = -1;
		while (last + 1 < this.samples.size() && this.samples.get(last + 1).steady()) {
			last++;
		}
		if (last < 0 || gain(last, clearing) < 0) {
			return null;
		}
		int i = last;
		while (i > 0 && gain(i - 1, clearing) >= 0) {
			i--;
		}
		if (i == 0) {
			return 0;
		}
		Sample smaller = this.samples.get(i - 1);
		double loss = -gain(i - 1, clearing);
		double part = loss / (loss + gain(i, clearing));
		return (int) Math.ceil(smaller.size() + part * (this.samples.get(i).size() - smaller.size()));
	}

	private double gain(int index, Clearing clearing) {
		Sample sample = this.samples.get(index);
		return sample.allocationNanos() - leaseNanos(clearing).applyAsDouble(sample);
	}

	private static ToDoubleFunction<Sample> leaseNanos(Clearing clearing) {
		return (clearing == Clearing.NEVER) ? Sample::unclearedNanos : Sample::clearedNanos;
	}

	private double interpolate(int size, ToDoubleFunction<Sample> figure) {
		int i = indexOfLarger(size);
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
	 * The index of the larger of the two samples that figures of a size are made of.
	 */
	private int indexOfLarger(int size) {
		int i = 1;
		while (i < this.samples.size() - 1 && this.samples.get(i).size() < size) {
			i++;
		}
		return i;
	}

	/**
	 * What was measured at one size.
	 *
	 * @param size bytes
	 * @param clearedNanos how long an acquire and a release took with clearing
	 * @param unclearedNanos how long they took without clearing
	 * @param allocationNanos how long an allocation took
	 * @param steady whether these figures are steady
	 */
	record Sample(int size, double clearedNanos, double unclearedNanos, double allocationNanos, boolean steady) {

	}

}
