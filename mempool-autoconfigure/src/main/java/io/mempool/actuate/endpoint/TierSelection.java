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
import java.util.Locale;

import io.mempool.buffer.PoolStatistics;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Which tiers an answer has.
 */
enum TierSelection {

	/**
	 * All of them.
	 */
	ALL {

		@Override
		List<TierStatistics> of(PoolStatistics statistics) {
			return statistics.tiers();
		}

	},

	/**
	 * Those that have something to see.
	 */
	ACTIVE {

		@Override
		List<TierStatistics> of(PoolStatistics statistics) {
			return statistics.activeTiers();
		}

	};

	/**
	 * Read what a client has sent.
	 * @param text the name of a selection, {@code null} or blank for all tiers
	 */
	static TierSelection read(@Nullable String text) {
		String name = (text != null) ? text.strip().toLowerCase(Locale.ROOT) : "";
		return switch (name) {
			case "", "all" -> ALL;
			case "active" -> ACTIVE;
			default ->
				throw PoolRequestException.invalid("'tiers' cannot be '" + text + "'. Send 'active', 'all' or nothing");
		};
	}

	abstract List<TierStatistics> of(PoolStatistics statistics);

}
