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
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.engine.Account;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class TierTableTests {

	private final Account account = new Account("uploads", SharedBudget.unlimited(), Long.MAX_VALUE);

	private final Tier<MemoryBlock> oversized = tier(Integer.MAX_VALUE, DiscardReason.TRANSIENT);

	private Tier<MemoryBlock> tier(int size, DiscardReason reasonNotKept) {
		return new Tier<>(this.account, size, Caps.ofIdle(0), new HeapSource("uploads", Clearing.NEVER), reasonNotKept);
	}

	private TierTable table(List<Integer> sizes) {
		return new TierTable(sizes.stream().map(BufferTier::of).toList(), (tier) -> tier(tier.size(), null),
				this.oversized);
	}

	static Stream<List<Integer>> lists() {
		return Stream.of(List.of(1), List.of(7), List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), List.of(100, 128, 129, 1000),
				List.of(16, 17, 18, 19, 31, 32, 33, 34), List.of(1, 1 << 30, Integer.MAX_VALUE - 8),
				TierPresets.powersOfTwo(1, 1 << 20), TierPresets.powersOfTwo(100, 1000), TierPresets.stream());
	}

	@ParameterizedTest
	@MethodSource("lists")
	void smallestTierThatFitsIsFoundForEverySize(List<Integer> sizes) {
		TierTable table = table(sizes);
		IntStream around = sizes.stream()
			.mapToInt(Integer::intValue)
			.flatMap((size) -> IntStream.of(size / 2, size / 2 + 1, size - 1, size, size + 1));
		IntStream.concat(IntStream.range(0, 2000), around).forEach((size) -> {
			int expected = sizes.stream().filter((tier) -> tier >= size).findFirst().orElse(Integer.MAX_VALUE);
			assertThat(table.forSize(size).capacity()).as("tier of %s", size).isEqualTo(expected);
		});
	}

	@Test
	void largestSizeOfAllIsBeyondTheTiers() {
		assertThat(table(List.of(16)).forSize(Integer.MAX_VALUE)).isSameAs(this.oversized);
		assertThat(table(List.of(16)).forSize(17)).isSameAs(this.oversized);
	}

	@Test
	void tiersMayBeMoreThanAByteCanCount() {
		TierTable table = table(IntStream.rangeClosed(1, 400).boxed().toList());
		assertThat(IntStream.rangeClosed(1, 400))
			.allSatisfy((size) -> assertThat(table.forSize(size).capacity()).isEqualTo(size));
	}

	@Test
	void smallestAndLargestTierAreKnown() {
		TierTable table = table(List.of(16, 64, 128));
		assertThat(table.minimum()).isEqualTo(16);
		assertThat(table.maximum()).isEqualTo(128);
		assertThat(table.tiers()).extracting(Tier::capacity).containsExactly(16, 64, 128);
		assertThat(table.oversized()).isSameAs(this.oversized);
	}

}
