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

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;

/**
 * What memory costs on this machine.
 */
interface MemoryCosts {

	/**
	 * Return how long an acquire and a release take.
	 * @param size bytes
	 * @return nanoseconds
	 */
	double leaseNanos(int size);

	/**
	 * Return how long an allocation without a pool takes.
	 * @param size bytes
	 * @return nanoseconds
	 */
	double allocationNanos(int size);

	/**
	 * Return what was measured when this was called first.
	 * @param memory where memory lies
	 * @param clearing when leases clear it
	 * @return the costs, the same ones for as long as the JVM runs
	 */
	static MemoryCosts of(MemoryKind memory, Clearing clearing) {
		return Calibrations.of(memory, clearing);
	}

}
