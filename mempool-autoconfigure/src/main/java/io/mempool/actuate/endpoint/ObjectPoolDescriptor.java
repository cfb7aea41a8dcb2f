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

import io.mempool.advice.ObjectWorth;
import io.mempool.engine.KebabCase;
import io.mempool.object.ObjectPoolSettings;
import io.mempool.object.ObjectPoolStatistics;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of a pool of objects.
 *
 * @param pooling whether it pools
 * @param policy what an acquire does when a cap is reached
 * @param maxWait how long an acquire waits with the policy 'wait'
 * @param idleTimeout after which time idle objects that no acquire needed are destroyed,
 * {@code null} if they are kept
 * @param leakDetection what is written down about leases
 * @param hits acquires served from idle objects
 * @param misses acquires that created an object
 * @param returned leases that ended
 * @param discarded objects not put back or taken out
 * @param discardedBy the same by reason
 * @param leaked leases lost without a release
 * @param lastLeak when a lease was found last that was lost without a release,
 * {@code null} if none was, or if it is not known
 * @param doubleReleases releases of leases that had ended
 * @param preallocated objects created with the pool
 * @param leased open leases
 * @param idle idle objects
 * @param peakLeased upper bound of leases open at once
 * @param exhausted acquires that got nothing
 * @param exhaustedFor for how long it has been exhausted, {@code null} if it is not
 * @param waiting threads that wait now
 * @param maxIdle how many idle objects are kept now
 * @param maxTotal how many objects may exist, {@code null} for no limit
 * @param maxIdleGrows whether that grows with what is used at once, because it is not set
 * @param worth what pooling saves, {@code null} if that is not known, or if all pools are
 * described
 * @param leaks leaks that have a name, {@code null} if there is none, or if all pools are
 * described
 * @param changes the last changes of its settings, {@code null} if there is none, or if
 * all pools are described
 * @since 0.1.0
 */
public record ObjectPoolDescriptor(boolean pooling, String policy, String maxWait, @Nullable String idleTimeout,
		String leakDetection, long hits, long misses, long returned, long discarded, Map<String, Long> discardedBy,
		long leaked, @Nullable String lastLeak, long doubleReleases, long preallocated, int leased, int idle,
		int peakLeased, long exhausted, @Nullable String exhaustedFor, int waiting, int maxIdle,
		@Nullable Integer maxTotal, boolean maxIdleGrows, @Nullable ObjectWorth worth,
		@Nullable List<LeakDescriptor> leaks,
		@Nullable List<ChangeDescriptor> changes) implements OperationResponseBody {

	static ObjectPoolDescriptor of(ObjectPoolStatistics statistics, @Nullable String lastLeak) {
		return of(statistics, null, lastLeak, null, null);
	}

	static ObjectPoolDescriptor of(ObjectPoolStatistics statistics, @Nullable ObjectWorth worth,
			@Nullable String lastLeak, @Nullable List<LeakDescriptor> leaks, @Nullable List<ChangeDescriptor> changes) {
		ObjectPoolSettings settings = statistics.settings();
		return new ObjectPoolDescriptor(settings.pooling(), KebabCase.of(settings.policy()),
				settings.maxWait().toString(), Values.unlessNone(settings.idleTimeout()),
				KebabCase.of(settings.leakDetection()), statistics.hits(), statistics.misses(), statistics.returned(),
				statistics.discarded(), Values.byReason(statistics.discardedBy()), statistics.leaked(), lastLeak,
				statistics.doubleReleases(), statistics.preallocated(), statistics.leased(), statistics.idle(),
				statistics.peakLeased(), statistics.exhausted(), Values.unlessZero(statistics.exhaustedFor()),
				statistics.waiting(), statistics.caps().maxIdle(), Values.maxTotal(statistics.caps()),
				settings.maxIdleGrows(), worth, leaks, changes);
	}

}
