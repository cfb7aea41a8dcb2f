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

import io.mempool.core.Caps;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Description of a tier.
 *
 * @param size capacity of its blocks in bytes
 * @param hits acquires served from idle blocks
 * @param misses acquires that created a block
 * @param returned leases that ended
 * @param discarded blocks not put back or taken out
 * @param leased open leases
 * @param leaked leases lost without a release
 * @param preallocated blocks created with the pool
 * @param idle idle blocks
 * @param peakLeased upper bound of leases open at once
 * @param exhausted acquires that got nothing
 * @param exhaustedFor for how long the tier has been exhausted, {@code null} if it is not
 * @param waiting threads that wait now
 * @param maxIdle how many idle blocks are kept
 * @param maxTotal how many blocks may exist, {@code null} for no limit
 * @since 0.1.0
 */
public record TierDescriptor(int size, long hits, long misses, long returned, long discarded, int leased, long leaked,
		long preallocated, int idle, int peakLeased, long exhausted, @Nullable String exhaustedFor, int waiting,
		int maxIdle, @Nullable Integer maxTotal) {

	static TierDescriptor of(TierStatistics statistics) {
		Caps caps = statistics.caps();
		return new TierDescriptor(statistics.size(), statistics.hits(), statistics.misses(), statistics.returned(),
				statistics.discarded(), statistics.leased(), statistics.leaked(), statistics.preallocated(),
				statistics.idle(), statistics.peakLeased(), statistics.exhausted(),
				Values.unlessZero(statistics.exhaustedFor()), statistics.waiting(), caps.maxIdle(),
				Values.maxTotal(caps));
	}

}
