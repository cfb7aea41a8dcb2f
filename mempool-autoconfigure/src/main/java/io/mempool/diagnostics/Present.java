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

import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.TierStatistics;

/**
 * A pool as it is.
 *
 * @param name its name
 * @param pooling whether it pools
 * @param limit its limit in bytes
 * @param policy what it does when a cap is reached
 * @param tiers its tiers, ascending
 * @param peaks how many leases each tier had at once, and last those beyond the tiers;
 * empty if not known
 */
record Present(String name, boolean pooling, long limit, ExhaustionPolicy policy, List<BufferTier> tiers,
		List<Integer> peaks) {

	static Present of(PoolStatistics statistics) {
		List<BufferTier> tiers = new ArrayList<>();
		List<Integer> peaks = new ArrayList<>();
		for (TierStatistics tier : statistics.tiers()) {
			tiers.add(new BufferTier(tier.size(), tier.caps()));
			peaks.add(tier.peakLeased());
		}
		peaks.add(statistics.beyondTiers().peakLeased());
		return new Present(statistics.name(), statistics.pooling(), statistics.limitBytes(), statistics.policy(), tiers,
				peaks);
	}

	static Present of(String name, List<BufferTier> tiers) {
		return new Present(name, true, Long.MAX_VALUE, ExhaustionPolicy.ALLOCATE, tiers, List.of());
	}

	List<Integer> sizes() {
		return this.tiers.stream().map(BufferTier::size).toList();
	}

	int maximumSize() {
		return this.tiers.get(this.tiers.size() - 1).size();
	}

}
