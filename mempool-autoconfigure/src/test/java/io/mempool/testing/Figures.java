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

package io.mempool.testing;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;

/**
 * The five figures of a tier as gomempool writes them.
 */
public record Figures(long hits, long misses, long returned, long discarded, long idle) {

	/**
	 * Read the figures of one tier.
	 */
	public static Figures ofTier(BufferPool pool, int size) {
		return pool.statistics()
			.tiers()
			.stream()
			.filter((tier) -> tier.size() == size)
			.map(Figures::of)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Read the sums over all tiers.
	 */
	public static Figures of(BufferPool pool) {
		PoolStatistics now = pool.statistics();
		return new Figures(now.hits(), now.misses(), now.returned(), now.discarded(), now.idle());
	}

	private static Figures of(TierStatistics tier) {
		return new Figures(tier.hits(), tier.misses(), tier.returned(), tier.discarded(), tier.idle());
	}

}
