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

import java.util.Collections;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.ScopeStatistics;
import io.mempool.testing.Allocation;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequestScopeFilter}: what a container seldom does.
 */
class RequestScopeFilterTests {

	private final BufferPool pool = BufferPool.builder("test").build();

	private final RequestScopes scopes = new RequestScopes(() -> this.pool, Long.MAX_VALUE, 1000);

	private final RequestScopeFilter filter = new RequestScopeFilter(this.scopes);

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@Test
	void requestThatAcquiresNothingGetsNoScope() throws Exception {
		this.filter.doFilter(this.request, this.response, new MockFilterChain());
		assertThat(Collections.list(this.request.getAttributeNames())).isEmpty();
	}

	@Test
	void requestThatAcquiresNothingIsNotCounted() throws Exception {
		this.filter.doFilter(this.request, this.response, new MockFilterChain());
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 0, 0));
	}

	@Test
	void scopeIsOpenUntilItsRequestEnds() throws Exception {
		this.filter.doFilter(this.request, this.response, (request, response) -> {
			this.scopes.of(request).acquire(10);
			this.scopes.of(request).acquire(20);
			assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 0, 1));
		});
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void requestThatAcquiresNothingAllocatesNothing() throws Exception {
		FilterChain nothing = (request, response) -> {
		};
		assertThat(Allocation.of(() -> this.filter.doFilter(this.request, this.response, nothing))).isZero();
	}

	@Test
	void requestThatFailsGivesItsMemoryBack() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.filter.doFilter(this.request, this.response, (request, response) -> {
				this.scopes.of(request).acquire(10);
				assertThat(this.pool.statistics().leased()).isOne();
				throw new IllegalStateException();
			}));
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().idle()).isOne();
	}

	@Test
	void scopeOfARequestIsTheSameThroughAllWrappers() {
		assertThat(this.scopes.of(new HttpServletRequestWrapper(this.request))).isSameAs(this.scopes.of(this.request));
	}

	@Test
	void listenerThatComesTooLateDiscardsWhatMayStillBeInUse() throws Exception {
		AsyncContext completed = mock(AsyncContext.class);
		willThrow(IllegalStateException.class).given(completed).addListener(any());
		this.request.setAsyncSupported(true);
		MockHttpServletRequest async = new MockHttpServletRequest() {

			@Override
			public boolean isAsyncStarted() {
				return true;
			}

			@Override
			public AsyncContext getAsyncContext() {
				return completed;
			}

		};
		this.filter.doFilter(async, this.response, (request, response) -> this.scopes.of(request).acquire(10));
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().idle()).isZero();
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 1, 0));
	}

	@Test
	void asyncDispatchLeavesTheScopeToItsListener() throws Exception {
		RequestBuffers buffers = this.scopes.of(this.request);
		this.request.setDispatcherType(DispatcherType.ASYNC);
		this.filter.doFilter(this.request, this.response, new MockFilterChain());
		assertThat(buffers.scope().isClosed()).isFalse();
	}

	@Test
	void endOfAnAsynchronousRequestMayBeReportedTwice() {
		RequestScope scope = this.scopes.open(this.request);
		scope.acquire(10);
		RequestScopeListener listener = new RequestScopeListener(scope);
		listener.onComplete(mock());
		listener.onError(mock());
		listener.onComplete(mock());
		assertThat(this.pool.statistics().idle()).isOne();
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void asynchronousRequestThatStartsAgainIsWatchedAgain() {
		RequestScopeListener listener = new RequestScopeListener(this.scopes.open(this.request));
		AsyncContext again = mock(AsyncContext.class);
		listener.onStartAsync(new AsyncEvent(again));
		then(again).should().addListener(listener);
	}

}
