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

import io.mempool.buffer.Clearing;

/**
 * What memory costs on this machine.
 */
interface MemoryCosts {

	/**
	 * Return how long an acquire and a release take.
	 * @param size bytes
	 * @param clearing when the memory is cleared
	 * @return nanoseconds
	 */
	double leaseNanos(int size, Clearing clearing);

	/**
	 * Return how long an allocation without a pool takes.
	 * @param size bytes
	 * @return nanoseconds
	 */
	double allocationNanos(int size);

	/**
	 * Return whether the figures of a size are steady: a measurement a moment later would
	 * have given the same ones.
	 * @param size bytes
	 */
	boolean isSteady(int size);

	/**
	 * Return whether an allocation is quicker than a lease beyond doubt: the figures of
	 * the size are steady, were measured and not just extrapolated, and differ by more
	 * than steady figures may.
	 * @param size bytes
	 * @param clearing when the memory is cleared
	 */
	boolean isAllocationQuicker(int size, Clearing clearing);

}
