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

package io.mempool.actuate.endpoint;

import java.util.List;

import io.mempool.advice.TierAdvice;
import io.mempool.advice.TierAdvisor;
import io.mempool.advice.TierWorth;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.leaks.LeakReport;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of a pool of buffers beyond its statistics. All but the last leak
 * is for the answer of a single pool.
 */
record PoolDetails(@Nullable String lastLeak, @Nullable List<Integer> recentSizes,
		@Nullable List<SizesDescriptor> requestedSizes, @Nullable AdviceDescriptor advice,
		@Nullable List<TierWorth> worth, @Nullable List<LeakDescriptor> leaks,
		@Nullable List<ChangeDescriptor> changes) {

	/**
	 * Return what all pools are described with.
	 */
	static PoolDetails ofEach(List<LeakReport> leaks) {
		return new PoolDetails(LeakDescriptor.last(leaks), null, null, null, null, null, null);
	}

	static PoolDetails of(BufferPool pool, PoolStatistics statistics, List<LeakReport> leaks,
			@Nullable List<ChangeDescriptor> changes, boolean showStacks) {
		SizeHistogram requested = pool.requestedSizes();
		// First, as the advice heeds what it measures
		List<TierWorth> worth = TierWorth.of(statistics, requested, statistics.settings().clearing());
		TierAdvice advice = TierAdvisor.of(statistics, requested).adviseIfWorthwhile();
		return new PoolDetails(LeakDescriptor.last(leaks), pool.recentSizes(),
				Values.unlessEmpty(requested.buckets().stream().map(SizesDescriptor::of).toList()),
				(advice != null) ? AdviceDescriptor.of(advice) : null, Values.unlessEmpty(worth),
				LeakDescriptor.of(leaks, showStacks), changes);
	}

}
