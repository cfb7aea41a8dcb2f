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

import io.mempool.buffer.BufferTier;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.TierPresets;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.sizes.SizeHistogram;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CapsEstimate}.
 */
class CapsEstimateTests {

	private final Demand demand = Demand.of(SizeHistogram.builder().add(1000, 50).add(3000, 50).add(100_000).build())
		.splitAt(4096);

	@Test
	void peakIsSharedOutWithRoomForChance() {
		// A half of 18 leases, and twice the root of that
		assertThat(estimate(List.of(1000, 3000), Long.MAX_VALUE, List.of(18, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(15), Caps.ofIdle(15));
	}

	@Test
	void tierThatLentNothingSinceItExistsIsAsGoodAsItsCap() {
		assertThat(estimate(List.of(3000), Long.MAX_VALUE, List.of(0, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(40));
	}

	@Test
	void tierWithoutRequestsStaysAsItIs() {
		Demand small = this.demand.within(-1, 2000);
		Present present = new Present("test", MemoryKind.HEAP, true, Long.MAX_VALUE, Long.MAX_VALUE, 0,
				ExhaustionPolicy.ALLOCATE,
				List.of(new BufferTier(2000, Caps.ofIdle(5)), new BufferTier(4096, new Caps(3, 7, 1))),
				List.of(1, 1, 0));
		assertThat(CapsEstimate.tiers(List.of(2000, 4096), present, small, false)).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(1), new Caps(3, 7, 1));
	}

	@Test
	void defaultIsNotExceededUnlessItIsExceededNow() {
		assertThat(estimate(List.of(3000), Long.MAX_VALUE, List.of(1_000_000, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(Math.max(40, TierPresets.defaultMaxIdle(3000))));
	}

	@Test
	void capsShrinkToTheLimit() {
		assertThat(estimate(List.of(1000, 3000), 30_000, List.of(18, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(7), Caps.ofIdle(7));
		assertThat(estimate(List.of(1000, 3000), 3500, List.of(18, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(1), Caps.ofIdle(1));
	}

	@Test
	void limitCountsWhatBuffersReallyTake() {
		long limit = MemoryKind.HEAP.footprint(1000, 15) + MemoryKind.HEAP.footprint(3000, 15);
		assertThat(estimate(List.of(1000, 3000), limit, List.of(18, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(15), Caps.ofIdle(15));
		assertThat(estimate(List.of(1000, 3000), limit - 1, List.of(18, 0))).extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(14), Caps.ofIdle(14));
		assertThat(estimate(MemoryKind.OFF_HEAP, List.of(1000, 3000), 15 * 4000, List.of(18, 0)))
			.extracting(BufferTier::caps)
			.containsExactly(Caps.ofIdle(15), Caps.ofIdle(15));
	}

	private List<BufferTier> estimate(List<Integer> sizes, long limit, List<Integer> peaks) {
		return estimate(MemoryKind.HEAP, sizes, limit, peaks);
	}

	private List<BufferTier> estimate(MemoryKind memory, List<Integer> sizes, long limit, List<Integer> peaks) {
		Present present = new Present("test", memory, true, limit, limit, 0, ExhaustionPolicy.ALLOCATE,
				List.of(new BufferTier(4096, Caps.ofIdle(40))), peaks);
		return CapsEstimate.tiers(sizes, present, this.demand.within(-1, 4096), false);
	}

}
