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
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import io.mempool.engine.Tier;

/**
 * Finds the tier of a size.
 */
final class TierTable {

	private final List<BufferTier> sizes;

	private final List<Tier<MemoryBlock>> tiers;

	private final Tier<MemoryBlock> oversized;

	private final int[] capacities;

	// The smallest tier that may fit, by the number of leading zeros of size - 1
	private final Tier<MemoryBlock>[] firstByZeros;

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
		this.firstByZeros = new Tier[Integer.SIZE + 1];
		Arrays.setAll(this.firstByZeros, (zeros) -> smallestFor((zeros == 0) ? 0 : (int) (0x8000_0000L >>> zeros) + 1));
	}

	private Tier<MemoryBlock> smallestFor(int size) {
		int found = Arrays.binarySearch(this.capacities, size);
		int index = (found < 0) ? ~found : found;
		return (index < this.capacities.length) ? this.tiers.get(index) : this.oversized;
	}

	/**
	 * Return the smallest tier that fits, or the one for oversized requests.
	 */
	Tier<MemoryBlock> forSize(int size) {
		Tier<MemoryBlock> tier = this.firstByZeros[Integer.numberOfLeadingZeros(size - 1)];
		return (tier.capacity() >= size) ? tier : smallestFor(size);
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
		return this.capacities[this.capacities.length - 1];
	}

}
