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

import io.mempool.core.LeakKind;
import io.mempool.engine.KebabCase;
import io.mempool.leaks.LeakReport;
import org.jspecify.annotations.Nullable;

/**
 * Description of the leaks of one site. What differs from leak to leak is that of the
 * latest.
 *
 * @param kind how they were found
 * @param size the requested size in bytes, {@code null} for objects
 * @param count how many leases, in all
 * @param ageMillis for how long the lease was open, {@code null} if a scope left it
 * @param work which kind of work it was acquired for, {@code null} if unknown
 * @param id which one of its kind that was, {@code null} if unknown
 * @param thread the name of the thread that acquired it, {@code null} if a scope left it
 * @param firstSeen when the first was found
 * @param lastSeen when the latest was found
 * @param stack where it was acquired, innermost first, {@code null} if unknown or not
 * shown
 * @since 0.1.0
 */
public record LeakDescriptor(String kind, @Nullable Long size, long count, @Nullable Long ageMillis,
		@Nullable String work, @Nullable String id, @Nullable String thread, String firstSeen, String lastSeen,
		@Nullable List<String> stack) {

	static @Nullable List<LeakDescriptor> of(List<LeakReport> reports, boolean showStacks) {
		return Values.unlessEmpty(reports.stream().map((report) -> of(report, showStacks)).toList());
	}

	/**
	 * Return when a lease was found last that was lost without a release.
	 * @param reports the leaks of a pool, the one seen last first
	 */
	static @Nullable String last(List<LeakReport> reports) {
		return reports.stream()
			.filter((report) -> report.kind() == LeakKind.COLLECTED)
			.findFirst()
			.map((report) -> report.lastSeen().toString())
			.orElse(null);
	}

	private static LeakDescriptor of(LeakReport report, boolean showStack) {
		Duration age = report.age();
		boolean hasStack = showStack && !report.stack().isEmpty();
		return new LeakDescriptor(KebabCase.of(report.kind()), (report.size() != 0) ? report.size() : null,
				report.count(), (age != null) ? age.toMillis() : null, report.work(), report.workId(), report.thread(),
				report.firstSeen().toString(), report.lastSeen().toString(),
				hasStack ? report.stack().stream().map(StackTraceElement::toString).toList() : null);
	}

}
