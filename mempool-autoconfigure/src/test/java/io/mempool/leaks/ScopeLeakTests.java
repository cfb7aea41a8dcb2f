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

import java.util.List;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakKind;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.scope.BufferScope;
import io.mempool.slice.SlicingAllocator;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a unit of work leaves to its scope can be reported, and what it loses is named
 * after it.
 */
@Tag("garbage")
@ProvokesOutput
class ScopeLeakTests {

	private final Logged log = new Logged(LeakReports.class);

	private final LeakReports reports = new LeakReports();

	private final BufferPool uploads = BufferPool.builder("uploads")
		.tiers(100, 1000)
		.leakListener(this.reports)
		.leakDetection(LeakDetection.PARANOID)
		.build();

	private final BufferPool downloads = BufferPool.builder("downloads").tiers(100).leakListener(this.reports).build();

	private final ObjectPool<StringBuilder> things = ObjectPool.builder("things", StringBuilder::new)
		.leakListener(this.reports)
		.build();

	@AfterEach
	void logAsBefore() {
		this.log.close();
	}

	private BufferScope scope(@Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased) {
		return new BufferScope(this.uploads, Long.MAX_VALUE, work, reportsUnreleased);
	}

	private BufferScope scope() {
		return scope(() -> new UnitOfWork("GET /files", "7"), true);
	}

	// Housekeeping reports, soon
	private void awaitReports(String... pools) {
		await().untilAsserted(() -> assertThat(pools).noneMatch((pool) -> this.reports.of(pool).isEmpty()));
	}

	// It reports in order: what was left before the last lease is reported before that
	private void assertThatHousekeepingReportsNothing() {
		try (BufferScope scope = scope()) {
			scope.acquire(1);
			scope.acquire(this.downloads, 1);
			scope.acquire(this.things);
		}
		awaitReports("uploads", "downloads", "things");
		for (String pool : List.of("uploads", "downloads", "things")) {
			assertThat(this.reports.of(pool)).singleElement()
				.satisfies((report) -> assertThat(report.count()).isEqualTo(1));
		}
	}

	@Test
	void whatIsLeftIsReportedByPool() {
		try (BufferScope scope = scope()) {
			scope.acquire(60);
			scope.acquire(600);
			scope.acquire(this.downloads, 50);
			scope.acquire(this.things);
		}
		awaitReports("uploads", "downloads", "things");
		assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
			assertThat(report.kind()).isEqualTo(LeakKind.SCOPE);
			assertThat(report.count()).isEqualTo(2);
			assertThat(report.size()).isEqualTo(660);
			assertThat(report.work()).isEqualTo("GET /files");
			assertThat(report.workId()).isEqualTo("7");
			assertThat(report.age()).isNull();
			assertThat(report.thread()).isNull();
		});
		assertThat(this.reports.of("downloads")).singleElement()
			.satisfies((report) -> assertThat(report.size()).isEqualTo(50));
		assertThat(this.reports.of("things")).singleElement().satisfies((report) -> assertThat(report.size()).isZero());
		assertThat(this.uploads.statistics().leased()).isZero();
		assertThat(this.uploads.statistics().leaked()).isZero();
	}

	@Test
	void scopeThatIsAbandonedReportsToo() {
		BufferScope scope = scope();
		scope.acquire(60);
		scope.abandon();
		awaitReports("uploads");
		assertThat(this.reports.of("uploads")).hasSize(1);
	}

	@Test
	void openStreamIsReportedWithItsMemory() {
		try (BufferScope scope = scope()) {
			scope.outputStream().write(1);
			scope.outputStream();
		}
		awaitReports("uploads");
		assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
			assertThat(report.count()).isEqualTo(1);
			assertThat(report.size()).isEqualTo(100);
		});
	}

	@Test
	void sliceIsReportedWithItsSizeAndNotWithItsArea() {
		try (SlicingAllocator allocator = new SlicingAllocator(this.uploads, 0, 1000)) {
			try (BufferScope scope = scope()) {
				scope.adopt(allocator.allocate(60));
				scope.adopt(allocator.allocate(70));
			}
			awaitReports("uploads");
			assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
				assertThat(report.kind()).isEqualTo(LeakKind.SCOPE);
				assertThat(report.count()).isEqualTo(2);
				assertThat(report.size()).isEqualTo(130);
			});
		}
	}

	@Test
	void whatWasReleasedOrDetachedIsNotReported() {
		PooledBuffer detached;
		try (BufferScope scope = scope()) {
			scope.acquire(60).release();
			detached = scope.detach(scope.acquire(60));
			PooledOutputStream stream = scope.outputStream();
			stream.write(1);
			stream.release();
			scope.detach(this.things, scope.acquire(this.things)).release();
		}
		assertThatHousekeepingReportsNothing();
		detached.release();
	}

	@Test
	void scopeThatIsNotAskedToReportsNothing() {
		try (BufferScope scope = scope(null, false)) {
			scope.acquire(60);
		}
		try (BufferScope scope = new BufferScope(this.uploads)) {
			scope.acquire(60);
		}
		assertThatHousekeepingReportsNothing();
	}

	@Test
	void scopeWithoutANameReportsAllTheSame() {
		try (BufferScope scope = scope(null, true)) {
			scope.acquire(60);
		}
		awaitReports("uploads");
		assertThat(this.reports.of("uploads")).singleElement()
			.satisfies((report) -> assertThat(report.work()).isNull());
	}

	@Test
	void leaseThatIsDetachedAndLostIsNamedAfterTheScopeWhateverThreadAcquiredIt() throws Exception {
		try (BufferScope scope = scope()) {
			Started.of(() -> detachAndLose(scope)).result();
		}
		LostLeases.awaitReported(this.uploads, this.reports, 1);
		assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
			assertThat(report.kind()).isEqualTo(LeakKind.COLLECTED);
			assertThat(report.work()).isEqualTo("GET /files");
			assertThat(report.thread()).isEqualTo("started");
		});
	}

	private static boolean detachAndLose(BufferScope scope) {
		return scope.detach(scope.acquire(60)).isAlive();
	}

	@Test
	void scopeWhoseNameFailsAcquiresAndReportsAllTheSame() {
		try (BufferScope scope = scope(() -> {
			throw new IllegalStateException("as told");
		}, true)) {
			scope.acquire(60);
		}
		awaitReports("uploads");
		assertThat(this.reports.of("uploads")).hasSize(1);
		assertThat(this.uploads.statistics().leased()).isZero();
	}

}
