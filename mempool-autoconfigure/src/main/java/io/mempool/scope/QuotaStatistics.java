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

package io.mempool.scope;

import java.util.List;

/**
 * What the scopes of a {@link ScopeQuota} hold.
 *
 * @param limit how many bytes the scopes of one key may hold together
 * @param keys how many keys have scopes that hold something
 * @param held how many bytes all scopes hold
 * @param refusals how many acquires were refused so far
 * @param largest the keys that hold most, those with most first
 * @since 0.1.0
 */
public record QuotaStatistics(long limit, int keys, long held, long refusals, List<Holding> largest) {

	/**
	 * What the scopes of one key hold.
	 *
	 * @param key the key as text, which may be personal data
	 * @param held how many bytes the scopes hold
	 * @param scopes how many scopes there are
	 */
	public record Holding(String key, long held, int scopes) {

	}

}
