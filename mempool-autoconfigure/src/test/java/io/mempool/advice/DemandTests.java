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

import io.mempool.advice.Demand.Group;
import io.mempool.sizes.SizeHistogram;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Demand}.
 */
class DemandTests {

	// One bucket of a histogram, from 4993 to 5120
	private final Demand demand = Demand.of(SizeHistogram.builder().add(5000, 99).add(5010).build());

	@Test
	void tierBetweenTheSizesOfAGroupSplitsIt() {
		assertThat(this.demand.splitAt(5000).groups()).containsExactly(new Group(4993, 5000, 99, 99 * 5000),
				new Group(5001, 5010, 1, 5010));
	}

	@Test
	void tierThatFitsAllOrNoneOfAGroupSplitsNothing() {
		assertThat(this.demand.splitAt(5010)).isEqualTo(this.demand);
		assertThat(this.demand.splitAt(4992)).isEqualTo(this.demand);
	}

	@Test
	void tierBelowTheSizesThatWereRequestedServesFew() {
		assertThat(this.demand.splitAt(4999).within(-1, 4999).count()).isBetween(0L, 91L);
		Demand same = Demand.of(SizeHistogram.builder().add(5000, 99).build());
		assertThat(same.splitAt(4999)).isEqualTo(same);
	}

	@Test
	void splittingLosesNothing() {
		for (int size = 4990; size < 5020; size++) {
			Demand split = this.demand.splitAt(size);
			assertThat(split.count()).isEqualTo(100);
			assertThat(split.bytes()).isEqualTo(this.demand.bytes());
			assertThat(split.groups()).allMatch((group) -> group.bytes() <= group.count() * group.largest());
		}
	}

	@Test
	void smallestTierThatFitsIsLentAndTheExactSizeBeyond() {
		Demand three = Demand.of(SizeHistogram.builder().add(10, 2).add(100).add(1000).build());
		assertThat(three.lentBytes(List.of(10, 64, 128))).isEqualTo(2 * 10 + 128 + 1000);
		assertThat(three.bytes()).isEqualTo(1120);
	}

}
