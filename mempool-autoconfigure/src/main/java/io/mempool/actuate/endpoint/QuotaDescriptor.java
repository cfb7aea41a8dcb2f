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

import io.mempool.scope.QuotaStatistics;
import io.mempool.scope.ScopeQuota;
import org.jspecify.annotations.Nullable;

/**
 * Description of the quota of requests.
 *
 * @param limitBytes how many bytes the requests of one key may hold together
 * @param keys how many keys have requests that hold something
 * @param heldBytes how many bytes all of these hold
 * @param largestBytes how many bytes the requests of one key hold at most
 * @param refusals how many acquires were refused so far
 * @param largest the keys that hold most, those with most first, {@code null} if none
 * does or they are not shown
 * @since 0.1.0
 */
public record QuotaDescriptor(long limitBytes, int keys, long heldBytes, long largestBytes, long refusals,
		@Nullable List<Key> largest) {

	private static final int LISTED = 10;

	static QuotaDescriptor of(ScopeQuota quota, boolean showKeys) {
		QuotaStatistics statistics = quota.statistics(LISTED);
		List<QuotaStatistics.Holding> largest = statistics.largest();
		return new QuotaDescriptor(statistics.limit(), statistics.keys(), statistics.held(),
				largest.isEmpty() ? 0 : largest.get(0).held(), statistics.refusals(),
				showKeys ? Values.unlessEmpty(largest.stream().map(Key::of).toList()) : null);
	}

	/**
	 * Description of a key.
	 *
	 * @param key the key as text
	 * @param heldBytes how many bytes its requests hold
	 * @param requests how many requests there are
	 */
	public record Key(String key, long heldBytes, int requests) {

		static Key of(QuotaStatistics.Holding holding) {
			return new Key(holding.key(), holding.held(), holding.scopes());
		}

	}

}
