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

import io.mempool.pressure.HeapPressure;

/**
 * When the heap is nearly full.
 */
final class PressureDefinition {

	private static final int MOST = 99;

	private final int heapAbove;

	/**
	 * Check the threshold.
	 */
	PressureDefinition(MempoolProperties.Pressure properties) {
		this.heapAbove = properties.getHeapAbove();
		if (this.heapAbove < 1 || this.heapAbove > MOST) {
			throw new InvalidMempoolPropertyException(MempoolProperties.PREFIX + ".pressure.heap-above",
					"the share of the heap must be from 1 to " + MOST + " percent",
					"Set a share such as 90, or 'mempool.pressure.enabled' to false.");
		}
	}

	HeapPressure create() {
		return HeapPressure.above(this.heapAbove);
	}

}
