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

package io.mempool.leaks;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.UnitOfWork;
import io.mempool.testing.Logged;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeakReports}.
 */
class LeakReportsTests {

	private final Logged log = new Logged(LeakReports.class);

	private final LeakReports reports = new LeakReports();

	@AfterEach
	void logAsBefore() {
		this.log.close();
	}

	private void leak(LeakKind kind, @Nullable String work, String thread, StackTraceElement... stack) {
		UnitOfWork unit = (work != null) ? new UnitOfWork(work, "id of " + work) : null;
		this.reports.leaked(new Leak(kind, "uploads", 100, 1, Duration.ofMillis(5), unit, thread, List.of(stack)));
	}

	private void leak(@Nullable String work, String thread, StackTraceElement... stack) {
		leak(LeakKind.COLLECTED, work, thread, stack);
	}

	private static StackTraceElement line(int number) {
		return new StackTraceElement("Files", "read", "Files.java", number);
	}

	@Test
	void poolWithoutLeaksHasNoReports() {
		assertThat(this.reports.of("uploads")).isEmpty();
		assertThat(this.reports.counts("uploads")).isEmpty();
		assertThat(this.reports.forgotten("uploads")).isZero();
	}

	@Test
	void sameWorkIsOneSiteWithTheLatestDetails() {
		leak("GET /a", "exec-1");
		leak("GET /a", "exec-2");
		assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
			assertThat(report.count()).isEqualTo(2);
			assertThat(report.thread()).isEqualTo("exec-2");
			assertThat(report.workId()).isEqualTo("id of GET /a");
			assertThat(report.age()).isEqualTo(Duration.ofMillis(5));
			assertThat(report.firstSeen()).isBeforeOrEqualTo(report.lastSeen());
		});
	}

	@Test
	void sameCodeIsOneSite() {
		leak(null, "main", line(1), line(7));
		leak(null, "other", line(1), line(8));
		leak(null, "main", line(2), line(7));
		assertThat(this.reports.of("uploads")).extracting(LeakReport::count).containsExactly(1L, 2L);
	}

	@Test
	void sameCodeForAnotherWorkIsAnotherSite() {
		leak("GET /a", "main", line(1));
		leak("GET /b", "main", line(1));
		assertThat(this.reports.of("uploads")).hasSize(2);
	}

	@Test
	void kindsAreSitesOfTheirOwn() {
		leak(LeakKind.AGE, "GET /a", "main");
		leak(LeakKind.COLLECTED, "GET /a", "main");
		assertThat(this.reports.of("uploads")).hasSize(2);
		assertThat(this.reports.counts("uploads")).containsOnlyKeys(LeakKind.AGE, LeakKind.COLLECTED);
	}

	@Test
	void withoutWorkAndCodeThreadsOfOneExecutorAreOneSite() {
		leak(null, "exec-1");
		leak(null, "exec-22");
		leak(null, "cleaner");
		assertThat(this.reports.of("uploads")).extracting(LeakReport::count).containsExactly(1L, 2L);
	}

	@Test
	void siteSeenLastComesFirst() {
		leak("GET /a", "main");
		leak("GET /b", "main");
		leak("GET /a", "main");
		assertThat(this.reports.of("uploads")).extracting(LeakReport::work).containsExactly("GET /a", "GET /b");
	}

	@Test
	void siteSeenLeastRecentlyIsForgottenForAnotherAndItsLeaksStayCounted() {
		for (int i = 0; i < LeakReports.MAXIMUM_SITES; i++) {
			leak("GET /" + i, "main");
		}
		leak("GET /0", "main");
		leak("GET /another", "main");
		assertThat(this.reports.of("uploads")).hasSize(LeakReports.MAXIMUM_SITES)
			.extracting(LeakReport::work)
			.contains("GET /0", "GET /another")
			.doesNotContain("GET /1");
		assertThat(this.reports.forgotten("uploads")).isOne();
		assertThat(this.reports.counts("uploads")).containsEntry(LeakKind.COLLECTED, LeakReports.MAXIMUM_SITES + 2L);
	}

	@Test
	void poolsAreApart() {
		leak("GET /a", "main");
		assertThat(this.reports.of("downloads")).isEmpty();
	}

	@Test
	void siteIsLoggedOnceWithAllThatIsKnown() {
		leak("GET /a", "exec-1", line(1), line(7));
		leak("GET /a", "exec-2", line(1), line(7));
		assertThat(this.log.records()).filteredOn((record) -> record.getMessage().contains("'uploads'"))
			.extracting(LogRecord::getLevel)
			.containsExactly(Level.WARNING);
		assertThat(this.log.messages("uploads")).singleElement()
			.asString()
			.contains("100 bytes", "'uploads'", "lost without a release", "5 ms", "'exec-1'", "GET /a", "id of GET /a",
					"\tat Files.read(Files.java:1)", "\tat Files.read(Files.java:7)");
	}

	@Test
	void withoutAStackTheLogSaysHowToGetOne() {
		leak("GET /a", "exec-1");
		assertThat(this.log.messages("uploads")).singleElement()
			.asString()
			.contains("'mempool.leak-detection'", "'advanced'");
	}

	@Test
	void whatAScopeReleasedIsNoWarning() {
		this.reports
			.leaked(new Leak(LeakKind.SCOPE, "uploads", 300, 3, null, new UnitOfWork("GET /a", null), null, List.of()));
		assertThat(this.log.records()).filteredOn((record) -> record.getMessage().contains("'uploads'"))
			.extracting(LogRecord::getLevel)
			.containsExactly(Level.INFO);
		assertThat(this.log.messages("uploads")).singleElement()
			.asString()
			.contains("3 leases of 300 bytes", "'uploads'", "in GET /a");
		assertThat(this.reports.of("uploads")).singleElement()
			.satisfies((report) -> assertThat(report.count()).isEqualTo(3));
	}

}
