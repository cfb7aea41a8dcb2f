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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.engine.KebabCase;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as the configuration does, and none where there is no limit.
 */
final class Values {

	private Values() {
	}

	/**
	 * Return whether a pool has figures. A mock has not, whatever its type says.
	 */
	static boolean isKnown(@Nullable Object statistics) {
		return statistics != null;
	}

	static @Nullable String unlessNone(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	static @Nullable String unlessZero(Duration time) {
		return time.isZero() ? null : time.toString();
	}

	static @Nullable Long unlessUnlimited(long limit) {
		return (limit != Long.MAX_VALUE) ? limit : null;
	}

	static <T> @Nullable List<T> unlessEmpty(List<T> list) {
		return list.isEmpty() ? null : list;
	}

	static @Nullable Integer maxTotal(Caps caps) {
		return (caps.maxTotal() != Caps.UNLIMITED) ? caps.maxTotal() : null;
	}

	static Map<String, Long> byReason(Map<DiscardReason, Long> counts) {
		Map<String, Long> byName = new TreeMap<>();
		counts.forEach((reason, count) -> byName.put(KebabCase.of(reason), count));
		return byName;
	}

}
