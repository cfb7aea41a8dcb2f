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

package io.mempool.buffer;

import java.util.List;
import java.util.function.Function;

import io.mempool.core.Tier;

/**
 * Finds the tier of a size.
 */
final class TierTable {

	private final List<Tier<MemoryBlock>> tiers;

	private final Tier<MemoryBlock> oversized;

	private final int maximum;

	// Tiers whose capacity begins where the number of significant bits of size - 1 says;
	// one step at a time from there
	private final int[] capacities;

	private final Tier<MemoryBlock>[] ascending;

	private final int[] firstByBits = new int[Integer.SIZE + 1];

	@SuppressWarnings({ "unchecked", "rawtypes" })
	TierTable(List<BufferTier> tiers, Function<BufferTier, Tier<MemoryBlock>> factory, Tier<MemoryBlock> oversized) {
		this.tiers = tiers.stream().map(factory).toList();
		this.oversized = oversized;
		this.ascending = this.tiers.toArray(new Tier[0]);
		this.capacities = tiers.stream().mapToInt(BufferTier::size).toArray();
		this.maximum = this.capacities[this.capacities.length - 1];
		for (int bits = 0; bits <= Integer.SIZE; bits++) {
			long smallest = (bits == 0) ? 0 : (1L << (bits - 1)) + 1;
			int index = 0;
			while (index < this.capacities.length - 1 && this.capacities[index] < smallest) {
				index++;
			}
			this.firstByBits[bits] = index;
		}
	}

	/**
	 * Return the smallest tier that fits, or the one for oversized requests.
	 */
	Tier<MemoryBlock> forSize(int size) {
		if (size > this.maximum) {
			return this.oversized;
		}
		int index = this.firstByBits[Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size - 1, 0))];
		while (this.capacities[index] < size) {
			index++;
		}
		return this.ascending[index];
	}

	List<Tier<MemoryBlock>> tiers() {
		return this.tiers;
	}

	Tier<MemoryBlock> oversized() {
		return this.oversized;
	}

	int minimum() {
		return this.capacities[0];
	}

	int maximum() {
		return this.maximum;
	}

}
