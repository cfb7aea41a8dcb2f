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
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.BufferScope;
import io.mempool.web.RequestBodyTooLargeException;
import io.mempool.web.RequestSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RequestBody}.
 */
class RequestBodyTests {

	private final BufferPool pool = BufferPool.builder("uploads")
		.tiers(4096, 65_536)
		.limit(70_000)
		.policy(ExhaustionPolicy.FAIL)
		.build();

	private BufferScope scope = new BufferScope(this.pool, 80_000);

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	@AfterEach
	void everythingIsBack() {
		this.scope.close();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void bodyThatItsPoolCanNeverHoldIsTooLargeAndNamesWhatLimitsIt() {
		this.request.setContent(new byte[70_000]);
		assertThatTooLarge(body(100_000), "mempool.pools.uploads.limit", 70_000);
	}

	@Test
	void bodyOverTheMaximumIsTooLargeAndNamesIt() {
		this.request.setContent(new byte[1001]);
		assertThatTooLarge(body(1000), "mempool.request.max-body-size", 1000);
	}

	@Test
	void bodyOverWhatTheRequestMayHoldIsTooLargeAndNamesThat() {
		this.scope.close();
		this.scope = new BufferScope(this.pool, 2000);
		this.request.setContent(new byte[2001]);
		assertThatTooLarge(body(100_000), "mempool.request.limit", 2000);
	}

	private RequestBody body(int maximumSize) {
		return new RequestBody(this.scope, new RequestSettings(() -> this.pool, 80_000, maximumSize));
	}

	private void assertThatTooLarge(RequestBody body, String property, long limit) {
		assertThatExceptionOfType(RequestBodyTooLargeException.class)
			.isThrownBy(() -> body.read(() -> BodySource.of(this.request), this.pool))
			.withMessageContaining("'" + property + "' allows " + limit + " bytes")
			.satisfies((ex) -> {
				assertThat(ex.getPool()).isEqualTo("uploads");
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getLimit()).isEqualTo(limit);
			});
	}

	@Test
	void bodyThatDoesNotFitNowIsNotTooLarge() {
		PooledBuffer other = this.pool.acquire(65_536);
		this.request.setContent(new byte[60_000]);
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> body(100_000).read(() -> BodySource.of(this.request), this.pool));
		other.release();
	}

	@Test
	void bodyBelongsToTheScope() throws Exception {
		this.request.setContent(new byte[60_000]);
		body(100_000).read(() -> BodySource.of(this.request), this.pool);
		assertThat(this.scope.size()).isOne();
		assertThat(this.pool.recentSizes()).containsExactly(60_000);
	}

	@Test
	void bodyOfARequestThatHasEndedSaysSo() {
		RequestBody body = body(100_000);
		body.end(false);
		assertThatIllegalStateException().isThrownBy(() -> body.read(() -> BodySource.of(this.request), this.pool))
			.withMessageContaining("the request has ended");
	}

	@Test
	void requestThatItsContainerRecyclesWhileItIsReadHasEnded() {
		MockHttpServletRequest recycled = new MockHttpServletRequest() {

			@Override
			public long getContentLengthLong() {
				RequestBodyTests.this.scope.close();
				throw new NullPointerException("as Jetty has it");
			}

		};
		assertThatIllegalStateException().isThrownBy(() -> body(100_000).read(() -> BodySource.of(recycled), this.pool))
			.withMessageContaining("the request has ended");
	}

}
