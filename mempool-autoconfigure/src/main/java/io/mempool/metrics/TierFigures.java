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

package io.mempool.metrics;

import java.util.List;
import java.util.function.Supplier;

import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;

/**
 * The figures of a pool's tier of one size, whatever other tiers come and go.
 */
final class TierFigures implements Supplier<TierStatistics> {

	private final Snapshot<PoolStatistics> pool;

	private final int size;

	// Until the meters of a tier that is gone are removed
	private volatile TierStatistics last;

	TierFigures(Snapshot<PoolStatistics> pool, TierStatistics tier) {
		this.pool = pool;
		this.size = tier.size();
		this.last = tier;
	}

	@Override
	public TierStatistics get() {
		PoolStatistics now = this.pool.get();
		if (!find(now.tiers())) {
			find(now.formerTiers());
		}
		return this.last;
	}

	private boolean find(List<TierStatistics> tiers) {
		for (TierStatistics tier : tiers) {
			if (tier.size() == this.size) {
				this.last = tier;
				return true;
			}
		}
		return false;
	}

}
