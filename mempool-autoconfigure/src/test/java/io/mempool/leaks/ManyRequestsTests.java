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

import java.io.IOException;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakDetection;
import io.mempool.object.ObjectPool;
import io.mempool.testing.Garbage;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Together;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import io.mempool.web.servlet.RequestWork;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Among many requests the one that leaks is reported, and no other: through the filter,
 * without a container, every acquire noted.
 */
@ProvokesOutput
@Tag("slow")
class ManyRequestsTests {

	private static final int REQUESTS = 100_000;

	private static final int THREADS = 4;

	private final Logged log = new Logged(LeakReports.class);

	private final LeakReports reports = new LeakReports(RequestWork::current);

	private final BufferPool uploads = BufferPool.builder("uploads")
		.tiers(100, 1000)
		.leakDetection(LeakDetection.PARANOID)
		.leakListener(this.reports)
		.build();

	private final ObjectPool<StringBuilder> things = ObjectPool.builder("things", StringBuilder::new)
		.leakDetection(LeakDetection.PARANOID)
		.leakListener(this.reports)
		.build();

	private final RequestScopes scopes = new RequestScopes(() -> this.uploads, Long.MAX_VALUE, 1000);

	private final RequestScopeFilter filter = new RequestScopeFilter(this.scopes);

	@AfterEach
	void logAsBefore() {
		this.log.close();
	}

	@Test
	void leakFreeRequestsAreNotReported() throws Exception {
		Together.run(THREADS, (thread) -> serve(REQUESTS / THREADS));
		assertThatNothingLeaked();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void leakFreeRequestsOnVirtualThreadsAreNotReported() throws Exception {
		Together.runVirtual(THREADS, (thread) -> serve(REQUESTS / THREADS));
		assertThatNothingLeaked();
	}

	@Test
	void oneLeakAmongThemIsReported() throws Exception {
		Together.run(THREADS, (thread) -> serve(REQUESTS / THREADS / 2));
		serve("/leaking", this::leak);
		Together.run(THREADS, (thread) -> serve(REQUESTS / THREADS / 2));
		LostLeases.awaitReported(this.uploads, this.reports, 1);
		assertThat(this.reports.of("uploads")).singleElement().satisfies((report) -> {
			assertThat(report.work()).isEqualTo("GET /leaking");
			assertThat(report.count()).isEqualTo(1);
			assertThat(report.stack().get(0).getMethodName()).isEqualTo("leak");
		});
		assertThat(this.reports.of("things")).isEmpty();
	}

	private void serve(int requests) throws Exception {
		for (int i = 0; i < requests; i++) {
			serve("/files/{name}", this::release);
		}
	}

	private void serve(String route, Handler handler) throws IOException, ServletException {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/files/7");
		this.filter.doFilter(request, new MockHttpServletResponse(), (passed, response) -> {
			request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, route);
			RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
			try {
				handler.handle(this.scopes.of(request));
			}
			finally {
				RequestContextHolder.resetRequestAttributes();
			}
		});
	}

	private void release(RequestBuffers buffers) {
		buffers.acquire(60);
		PooledBuffer early = buffers.acquire(600);
		early.retain().release();
		early.release();
		buffers.acquire(this.things);
		buffers.detach(buffers.acquire(60)).release();
		try (PooledBuffer own = this.uploads.acquire(5000)) {
			own.array()[own.arrayOffset()] = 1;
		}
	}

	private void leak(RequestBuffers buffers) {
		buffers.acquire(60);
		this.uploads.acquire(70).isAlive();
	}

	private void assertThatNothingLeaked() throws InterruptedException {
		for (int i = 0; i < 3; i++) {
			this.uploads.statistics();
			this.things.statistics();
			Garbage.collect();
		}
		assertThat(this.uploads.statistics().leased()).isZero();
		assertThat(this.uploads.statistics().leaked()).isZero();
		assertThat(this.things.statistics().leaked()).isZero();
		assertThat(this.reports.of("uploads")).isEmpty();
		assertThat(this.reports.of("things")).isEmpty();
	}

	/**
	 * What a request does.
	 */
	@FunctionalInterface
	private interface Handler {

		void handle(RequestBuffers buffers);

	}

}
