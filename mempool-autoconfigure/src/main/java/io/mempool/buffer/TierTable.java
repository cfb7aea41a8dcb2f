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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.mempool.core.Tier;

/**
 * Finds the tier of a size.
 */
final class TierTable {

	private final List<BufferTier> sizes;

	private final List<Tier<MemoryBlock>> tiers;

	private final Tier<MemoryBlock> oversized;

	private final int maximum;

	private final int[] capacities;

	// The first tier that may fit, by the number of significant bits of size - 1, and its
	// index; one step at a time from there
	private final Tier<MemoryBlock>[] firstByBits;

	private final int[] firstIndexByBits = new int[Integer.SIZE + 1];

	@SuppressWarnings({ "unchecked", "rawtypes" })
	TierTable(List<BufferTier> sizes, Function<BufferTier, Tier<MemoryBlock>> factory, Tier<MemoryBlock> oversized) {
		this.sizes = List.copyOf(sizes);
		this.tiers = new ArrayList<>(sizes.size());
		this.oversized = oversized;
		this.capacities = new int[sizes.size()];
		for (int i = 0; i < this.capacities.length; i++) {
			this.tiers.add(factory.apply(sizes.get(i)));
			this.capacities[i] = sizes.get(i).size();
		}
		this.maximum = this.capacities[this.capacities.length - 1];
		this.firstByBits = new Tier[Integer.SIZE + 1];
		for (int bits = 0; bits <= Integer.SIZE; bits++) {
			long smallest = (bits == 0) ? 0 : (1L << (bits - 1)) + 1;
			int index = 0;
			while (index < this.capacities.length - 1 && this.capacities[index] < smallest) {
				index++;
			}
			this.firstIndexByBits[bits] = index;
			this.firstByBits[bits] = this.tiers.get(index);
		}
	}

	/**
	 * Return the smallest tier that fits, or the one for oversized requests.
	 */
	Tier<MemoryBlock> forSize(int size) {
		if (size > this.maximum) {
			return this.oversized;
		}
		int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size - 1, 0));
		Tier<MemoryBlock> tier = this.firstByBits[bits];
		return (tier.capacity() >= size) ? tier : above(this.firstIndexByBits[bits], size);
	}

	private Tier<MemoryBlock> above(int smaller, int size) {
		int index = smaller + 1;
		while (this.capacities[index] < size) {
			index++;
		}
		return this.tiers.get(index);
	}

	List<BufferTier> sizes() {
		return this.sizes;
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
