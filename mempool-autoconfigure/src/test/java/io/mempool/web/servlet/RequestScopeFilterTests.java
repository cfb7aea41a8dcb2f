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

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeaseException;
import io.mempool.scope.BufferScope;
import io.mempool.scope.ScopeStatistics;
import io.mempool.testing.Allocation;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
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
	@Tag("allocation")
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
	void bufferThatIsUsedAfterItsRequestNamesTheRequest() throws Exception {
		this.request.setMethod("POST");
		this.request.setAttribute(RequestWork.ROUTE_ATTRIBUTE, "/api/echo");
		List<PooledBuffer> kept = new ArrayList<>();
		this.filter.doFilter(this.request, this.response, (request, response) -> {
			kept.add(this.scopes.of(request).acquire(10));
			kept.add(this.scopes.of(request).acquire(20));
		});
		// Another request has the memory by now
		this.pool.acquire(10);
		this.pool.acquire(20);
		assertThat(kept).allSatisfy((buffer) -> assertThatExceptionOfType(LeaseException.class)
			.isThrownBy(() -> buffer.copyOut(0, new byte[1], 0, 1))
			.withMessageContaining("the request or scope that owned it has ended, and released it"));
		assertThat(kept)
			.allSatisfy((buffer) -> assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release)
				.withMessageContaining("the request or scope that owned it has ended"));
	}

	@Test
	void scopeOfARequestIsTheSameThroughAllWrappers() throws Exception {
		this.filter.doFilter(this.request, this.response,
				(request, response) -> assertThat(this.scopes.of(new ServletRequestWrapper(request)).scope())
					.isSameAs(this.scopes.of(request).scope()));
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
	void asyncDispatchThatStartsAgainLeavesTheScopeToItsListener() throws Exception {
		BufferScope scope = openAsynchronously();
		this.request.setDispatcherType(DispatcherType.ASYNC);
		this.filter.doFilter(this.request, this.response,
				(request, response) -> assertThat(this.scopes.of(request).scope()).isSameAs(scope));
		assertThat(scope.isClosed()).isFalse();
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 0, 1));
	}

	@Test
	void lastAsyncDispatchEndsTheScopeWhichContainersMayForget() throws Exception {
		BufferScope scope = openAsynchronously();
		this.request.setAsyncStarted(false);
		this.request.setDispatcherType(DispatcherType.ASYNC);
		this.filter.doFilter(this.request, this.response,
				(request, response) -> assertThat(this.scopes.of(request).scope()).isSameAs(scope));
		assertThat(scope.isClosed()).isTrue();
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void lastAsyncDispatchThatFailsEndsTheScopeInDoubt() throws Exception {
		openAsynchronously();
		this.request.setAsyncStarted(false);
		this.request.setDispatcherType(DispatcherType.ASYNC);
		assertThatIllegalStateException()
			.isThrownBy(() -> this.filter.doFilter(this.request, this.response, (request, response) -> {
				throw new IllegalStateException("as asked");
			}));
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 1, 0));
	}

	@Test
	void dispatchWithinAnAsyncOneLeavesTheScopeToItsListener() throws Exception {
		BufferScope scope = openAsynchronously();
		this.request.setAsyncStarted(false);
		this.request.setDispatcherType(DispatcherType.FORWARD);
		this.filter.doFilter(this.request, this.response, new MockFilterChain());
		assertThat(scope.isClosed()).isFalse();
	}

	@Test
	void asyncDispatchThatNoListenerKnowsOfEndsItsScopeItself() throws Exception {
		this.request.setDispatcherType(DispatcherType.ASYNC);
		this.filter.doFilter(this.request, this.response, (request, response) -> this.scopes.of(request).acquire(10));
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	private BufferScope openAsynchronously() throws Exception {
		this.request.setAsyncSupported(true);
		AtomicReference<BufferScope> scope = new AtomicReference<>();
		this.filter.doFilter(this.request, this.response, (request, response) -> {
			request.startAsync();
			scope.set(this.scopes.of(request).scope());
		});
		return scope.get();
	}

	@ParameterizedTest
	@EnumSource(DispatcherType.class)
	void outermostDispatchOfAnyTypeEndsItsScope(DispatcherType type) throws Exception {
		this.request.setDispatcherType(type);
		for (int i = 1; i <= 2; i++) {
			this.filter.doFilter(this.request, this.response,
					(request, response) -> this.scopes.of(request).acquire(10));
			assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(i, 0, 0));
		}
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource(DispatcherType.class)
	void dispatchWithinAnotherSharesItsScope(DispatcherType type) throws Exception {
		this.filter.doFilter(this.request, this.response, (outer, response) -> {
			BufferScope scope = this.scopes.of(outer).scope();
			this.request.setDispatcherType(type);
			this.filter.doFilter(new HttpServletRequestWrapper(this.request), response,
					(inner, innerResponse) -> assertThat(this.scopes.of(inner).scope()).isSameAs(scope));
			assertThat(scope.isClosed()).isFalse();
		});
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void scopeIsNotOpenedBeforeTheFilterAndSaysWhereItIs() {
		assertThatIllegalStateException().isThrownBy(() -> this.scopes.of(this.request))
			.withMessageContaining("REQUEST dispatch")
			.withMessageContaining("'mempool.request.filter-order'")
			.withMessageContaining("new BufferScope(pool)");
		assertThat(this.scopes.statistics().open()).isZero();
	}

	@Test
	void scopeIsNotOpenedAfterTheFilterAndSaysWhy() throws Exception {
		this.filter.doFilter(this.request, this.response, (request, response) -> this.scopes.of(request));
		assertThatIllegalStateException().isThrownBy(() -> this.scopes.of(this.request))
			.withMessageContaining("the request has ended");
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void argumentUsedAfterTheEndSaysThatTheRequestHasEnded() throws Exception {
		AtomicReference<RequestBuffers> kept = new AtomicReference<>();
		this.filter.doFilter(this.request, this.response, (request, response) -> kept.set(this.scopes.of(request)));
		assertThatIllegalStateException().isThrownBy(() -> kept.get().acquire(10)).withMessageContaining("has ended");
		assertThatIllegalStateException().isThrownBy(() -> kept.get().readBody())
			.withMessageContaining("the request has ended");
	}

	@Test
	void requestThatItsContainerHasRecycledHasEnded() {
		MockHttpServletRequest recycled = new MockHttpServletRequest() {

			@Override
			public Object getAttribute(String name) {
				throw new NullPointerException("as Jetty has it");
			}

		};
		assertThatIllegalStateException().isThrownBy(() -> this.scopes.of(recycled))
			.withMessageContaining("the request has ended")
			.withCauseInstanceOf(NullPointerException.class);
	}

	@Test
	void wrapperOfItsOwnKindIsKnownByTheIdentifierOfItsRequest() throws Exception {
		MockHttpServletRequest identified = new MockHttpServletRequest() {

			@Override
			public String getRequestId() {
				return "7";
			}

		};
		this.filter.doFilter(identified, this.response, (request, response) -> {
			ServletRequest stranger = (ServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { ServletRequest.class },
					(proxy, method, arguments) -> method.invoke(identified, arguments));
			assertThat(this.scopes.of(stranger).scope()).isSameAs(this.scopes.of(request).scope());
		});
	}

	@Test
	void asynchronousScopeThatIsLostIsNoLongerOpen() throws Exception {
		loseAsynchronousRequest();
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			System.gc();
			assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 1, 0));
		});
	}

	private void loseAsynchronousRequest() throws Exception {
		MockHttpServletRequest lost = new MockHttpServletRequest();
		lost.setAsyncSupported(true);
		this.filter.doFilter(lost, this.response, (request, response) -> request.startAsync());
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(0, 0, 1));
	}

	@Test
	void endOfAnAsynchronousRequestMayBeReportedTwice() throws Exception {
		this.filter.doFilter(this.request, this.response, (request, response) -> {
			RequestMemory memory = this.scopes.open(request);
			memory.scope().acquire(10);
			RequestScopeListener listener = new RequestScopeListener(memory, false);
			listener.onComplete(mock());
			listener.onError(mock());
			listener.onComplete(mock());
		});
		assertThat(this.pool.statistics().idle()).isOne();
		assertThat(this.scopes.statistics()).isEqualTo(new ScopeStatistics(1, 0, 0));
	}

	@Test
	void asynchronousRequestThatStartsAgainIsWatchedAgain() throws Exception {
		this.filter.doFilter(this.request, this.response, (request, response) -> {
			RequestScopeListener listener = new RequestScopeListener(this.scopes.open(request), false);
			AsyncContext again = mock(AsyncContext.class);
			listener.onStartAsync(new AsyncEvent(again));
			then(again).should().addListener(listener);
		});
	}

}
