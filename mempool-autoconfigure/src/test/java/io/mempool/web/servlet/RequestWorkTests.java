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

package io.mempool.web.servlet;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeakDetection;
import io.mempool.core.UnitOfWork;
import io.mempool.leaks.LeakReports;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import jakarta.servlet.http.MappingMatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletMapping;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequestWork}.
 */
class RequestWorkTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/files/7");

	@AfterEach
	void unbind() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void attributeOfTheRouteIsThatOfSpringMvc() {
		assertThat(RequestWork.ROUTE_ATTRIBUTE).isEqualTo(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
	}

	@Test
	void requestIsNamedByItsRouteAndIdentifier() {
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/files/{name}");
		assertThat(RequestWork.of(this.request))
			.isEqualTo(new UnitOfWork("GET /files/{name}", this.request.getRequestId()));
	}

	@Test
	void requestWithoutARouteIsNamedByTheMappingOfItsServletNeverByItsPath() {
		this.request
			.setHttpServletMapping(new MockHttpServletMapping("files/7", "/files/*", "files", MappingMatch.PATH));
		assertThat(RequestWork.of(this.request).name()).isEqualTo("GET /files/*");
	}

	@Test
	void threadThatIsBoundToNoRequestHasNoWork() {
		assertThat(RequestWork.current()).isNull();
	}

	@Test
	void threadThatIsBoundToARequestWorksForIt() {
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/files/{name}");
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(this.request));
		assertThat(RequestWork.current()).isEqualTo(RequestWork.of(this.request));
	}

	@Test
	void requestIsNotKeptBeyondItsEnd() {
		LeakReports reports = new LeakReports(RequestWork::current);
		BufferPool pool = BufferPool.builder("uploads")
			.leakDetection(LeakDetection.PARANOID)
			.leakListener(reports)
			.build();
		RequestMemory memory = new RequestMemory(this.request, pool,
				new RequestSettings(() -> pool, Long.MAX_VALUE, 1000, true, 0, 0, null),
				RequestQuotaKey.remoteAddress(), new ScopeCounters());
		memory.scope().acquire(10);
		memory.end();
		this.request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/another");
		await().until(() -> !reports.of("uploads").isEmpty());
		assertThat(reports.of("uploads")).singleElement()
			.satisfies((report) -> assertThat(report.work()).isEqualTo("GET "));
		assertThat(memory).hasFieldOrPropertyWithValue("request", null);
	}

}
