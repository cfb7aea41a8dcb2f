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
import java.util.Map;

import io.mempool.advice.TierWorth;
import io.mempool.buffer.BufferPoolSettings;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;
import io.mempool.engine.KebabCase;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of a pool of buffers. Figures are sums over the tiers unless they say
 * oversized.
 *
 * @param memory where its memory lies
 * @param pooling whether it pools
 * @param policy what an acquire does when a cap is reached
 * @param maxWait how long an acquire waits with the policy 'wait'
 * @param clear when memory is cleared
 * @param protection how memory is protected after its release
 * @param idleTimeout after which time idle memory that was not needed is discarded,
 * {@code null} if it is kept
 * @param leakDetection what is written down about leases
 * @param hits acquires served from idle memory
 * @param misses acquires that created a block
 * @param oversized acquires beyond the largest tier
 * @param returned leases that ended
 * @param discarded blocks not put back or taken out
 * @param discardedBy the same by reason
 * @param leaked leases lost without a release
 * @param lastLeak when a lease was found last that was lost without a release,
 * {@code null} if none was, or if it is not known
 * @param oversizedLeaked oversized leases lost without a release
 * @param doubleReleases releases of leases that had ended
 * @param preallocated blocks created with the pool
 * @param leased open leases, oversized ones included
 * @param oversizedLeased open oversized leases
 * @param idle idle blocks
 * @param peakLeased upper bound of leases open at once
 * @param exhausted acquires that got nothing
 * @param exhaustedFor for how long a tier has been exhausted, {@code null} if none is
 * @param waiting threads that wait now
 * @param leasedBytes what leased buffers can hold
 * @param idleBytes what idle buffers can hold
 * @param capacityBytes the sum of both
 * @param usedBytes what the pool really takes of the runtime's memory, which its limit
 * counts: headers, alignment and what is not yet freed included
 * @param pendingBytes how much of that was discarded and is not yet freed
 * @param limitBytes the pool's limit, {@code null} for none
 * @param tiers the tiers, ascending: all of them, or those with something to see
 * @param recentSizes sizes requested last, oldest first; this and what follows is
 * {@code null} if all pools are described
 * @param requestedSizes how often sizes were requested, {@code null} if none was
 * @param advice tiers that would suit these sizes, {@code null} if there is none
 * @param worth what pooling saves, by tier, {@code null} if that is not known
 * @param leaks leaks that have a name, {@code null} if there is none
 * @param changes the last changes of its settings, {@code null} if there is none
 * @since 0.1.0
 */
public record PoolDescriptor(String memory, boolean pooling, String policy, String maxWait, String clear,
		String protection, @Nullable String idleTimeout, String leakDetection, long hits, long misses, long oversized,
		long returned, long discarded, Map<String, Long> discardedBy, long leaked, @Nullable String lastLeak,
		long oversizedLeaked, long doubleReleases, long preallocated, long leased, long oversizedLeased, long idle,
		long peakLeased, long exhausted, @Nullable String exhaustedFor, int waiting, long leasedBytes, long idleBytes,
		long capacityBytes, long usedBytes, long pendingBytes, @Nullable Long limitBytes, List<TierDescriptor> tiers,
		@Nullable List<Integer> recentSizes, @Nullable List<SizesDescriptor> requestedSizes,
		@Nullable AdviceDescriptor advice, @Nullable List<TierWorth> worth, @Nullable List<LeakDescriptor> leaks,
		@Nullable List<ChangeDescriptor> changes) implements OperationResponseBody {

	static PoolDescriptor of(PoolStatistics statistics, TierSelection tiers, PoolDetails details) {
		TierStatistics oversized = statistics.beyondTiers();
		BufferPoolSettings settings = statistics.settings();
		return new PoolDescriptor(KebabCase.of(settings.memory()), settings.pooling(), KebabCase.of(settings.policy()),
				settings.maxWait().toString(), KebabCase.of(settings.clearing()), KebabCase.of(settings.protection()),
				Values.unlessNone(settings.idleTimeout()), KebabCase.of(settings.leakDetection()), statistics.hits(),
				statistics.misses(), statistics.oversized(), statistics.returned(), statistics.discarded(),
				Values.byReason(statistics.discardedBy()), statistics.leaked(), details.lastLeak(), oversized.leaked(),
				statistics.doubleReleases(), statistics.preallocated(), statistics.leased(), oversized.leased(),
				statistics.idle(), statistics.peakLeased(), statistics.exhausted(),
				Values.unlessZero(statistics.exhaustedFor()), statistics.waiting(), statistics.leasedBytes(),
				statistics.idleBytes(), statistics.capacityBytes(), statistics.usedBytes(), statistics.pendingBytes(),
				Values.unlessUnlimited(settings.limit()),
				tiers.of(statistics).stream().map(TierDescriptor::of).toList(), details.recentSizes(),
				details.requestedSizes(), details.advice(), details.worth(), details.leaks(), details.changes());
	}

}
