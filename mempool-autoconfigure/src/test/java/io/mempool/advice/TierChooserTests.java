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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import io.mempool.sizes.SizeHistogram;
import io.mempool.sizes.SizeHistogramBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TierChooser}.
 */
class TierChooserTests {

	@Test
	void noChoiceLendsLessThanTheBestOfAll() {
		for (int seed = 0; seed < 3000; seed++) {
			SplittableRandom random = new SplittableRandom(seed);
			Demand demand = demand(random, random.nextInt(1, 11));
			int tiers = random.nextInt(1, 12);
			List<Integer> chosen = TierChooser.choose(demand, tiers);
			assertThat(chosen).as("Seed %d: %s", seed, demand)
				.hasSizeBetween(1, tiers)
				.isSorted()
				.doesNotHaveDuplicates()
				.endsWith(demand.largest());
			assertThat(demand.lentBytes(chosen)).as("Seed %d: %d tiers for %s", seed, tiers, demand)
				.isEqualTo(leastOfAll(demand, tiers));
		}
	}

	@Test
	void manyGroupsAreChosenFromAsWellAsStepByStep() {
		for (int seed = 0; seed < 20; seed++) {
			SplittableRandom random = new SplittableRandom(seed);
			Demand demand = demand(random, 300);
			int tiers = random.nextInt(1, 30);
			assertThat(demand.lentBytes(TierChooser.choose(demand, tiers))).as("Seed %d, %d tiers", seed, tiers)
				.isEqualTo(leastStepByStep(demand, tiers));
		}
	}

	@Test
	void enoughTiersWasteNothing() {
		Demand demand = Demand.of(SizeHistogram.builder().add(10, 5).add(1000, 3).add(70_000).build());
		assertThat(TierChooser.choose(demand, 3)).containsExactly(10, 1000, 70_000);
		assertThat(TierChooser.choose(demand, 30)).containsExactly(10, 1000, 70_000);
	}

	@Test
	void requestsOfNothingGetTheSmallestTierThereCanBe() {
		Demand demand = Demand.of(SizeHistogram.builder().add(0, 5).build());
		assertThat(TierChooser.choose(demand, 2)).containsExactly(1);
	}

	@Test
	void moreRequestsThanALongCountsBytesOfAreNoProblem() {
		Demand demand = Demand.of(SizeHistogram.builder().add(1, Long.MAX_VALUE / 4).add(Integer.MAX_VALUE).build());
		assertThat(TierChooser.choose(demand, 2)).containsExactly(1, Integer.MAX_VALUE);
	}

	private static Demand demand(SplittableRandom random, int groups) {
		SizeHistogramBuilder histogram = SizeHistogram.builder();
		for (int i = 0; i < groups; i++) {
			histogram.add(1 + random.nextInt(1 << random.nextInt(3, 24)), 1 + random.nextInt(1000));
		}
		return Demand.of(histogram.build());
	}

	/**
	 * Try all sets of sizes that serve the largest request.
	 */
	private static long leastOfAll(Demand demand, int tiers) {
		List<Integer> sizes = demand.groups().stream().map(Demand.Group::largest).toList();
		int smaller = sizes.size() - 1;
		long least = Long.MAX_VALUE;
		for (int set = 0; set < 1 << smaller; set++) {
			if (Integer.bitCount(set) < tiers) {
				List<Integer> chosen = new ArrayList<>();
				for (int i = 0; i < smaller; i++) {
					if ((set & (1 << i)) != 0) {
						chosen.add(sizes.get(i));
					}
				}
				chosen.add(demand.largest());
				least = Math.min(least, demand.lentBytes(chosen));
			}
		}
		return least;
	}

	/**
	 * The same recursion without the short cuts, in whole numbers.
	 */
	private static long leastStepByStep(Demand demand, int tiers) {
		List<Demand.Group> groups = demand.groups();
		long[] least = new long[groups.size() + 1];
		Arrays.fill(least, 1, least.length, Long.MAX_VALUE);
		for (int tier = 0; tier < tiers; tier++) {
			long[] more = least.clone();
			for (int n = 1; n <= groups.size(); n++) {
				long requests = 0;
				for (int cut = n - 1; cut >= 0; cut--) {
					requests += groups.get(cut).count();
					if (least[cut] != Long.MAX_VALUE) {
						more[n] = Math.min(more[n], least[cut] + requests * groups.get(n - 1).largest());
					}
				}
			}
			least = more;
		}
		return least[groups.size()];
	}

}
