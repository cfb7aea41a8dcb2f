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

package io.mempool.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Reports refused requests: the first of a kind at once, then at most one report a minute
 * with their number. A kind is a status, a pool and a property.
 */
final class RefusalLog {

	private static final Log logger = LogFactory.getLog(MemoryExceptionHandler.class);

	private static final long PERIOD = Duration.ofMinutes(1).toNanos();

	private final LongSupplier clock;

	private final Map<Refusal, Period> kinds = new ConcurrentHashMap<>();

	RefusalLog(LongSupplier clock) {
		this.clock = clock;
	}

	void report(Refusal kind, Exception cause) {
		long before = this.kinds.computeIfAbsent(kind, (key) -> new Period()).next(this.clock.getAsLong());
		if (before >= 0) {
			String others = (before > 0) ? " (and " + before + " more since the last report)" : "";
			logger.warn("Answered " + kind.describe() + others + ": " + cause.getMessage());
		}
	}

	/**
	 * What is counted between two reports.
	 */
	private static final class Period {

		private boolean reported;

		private long start;

		private long count;

		/**
		 * Count a refusal.
		 * @return how many were not reported before it, negative not to report it either
		 */
		synchronized long next(long now) {
			if (this.reported && now - this.start < PERIOD) {
				this.count++;
				return -1;
			}
			long before = this.count;
			this.reported = true;
			this.start = now;
			this.count = 0;
			return before;
		}

	}

}
