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

package io.mempool.web.reactive;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.web.RequestSettings;
import io.mempool.web.ScopeCounters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LaterAcquire}.
 */
class LaterAcquireTests {

	private final BufferPool pool = BufferPool.builder("uploads")
		.tiers(4096)
		.caps(new Caps(1, 1, 0))
		.policy(ExhaustionPolicy.WAIT)
		.maxWait(Duration.ofSeconds(20))
		.build();

	private final ObjectPool<StringBuilder> objects = ObjectPool.builder("builders", StringBuilder::new)
		.maxTotal(1)
		.policy(ExhaustionPolicy.WAIT)
		.maxWait(Duration.ofSeconds(20))
		.build();

	private final ExchangeMemory memory = new ExchangeMemory(MockServerWebExchange.from(MockServerHttpRequest.get("/")),
			new RequestSettings(() -> this.pool, 3000, 3000), RequestQuotaKey.remoteAddress(), new ScopeCounters());

	@AfterEach
	void everythingIsBack() {
		this.memory.end(false);
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.objects.statistics().leased()).isZero();
	}

	@Test
	void bufferThatIsFreeLaterBelongsToTheRequest() {
		PooledBuffer other = this.pool.acquire(10);
		CompletableFuture<PooledBuffer> later = LaterAcquire.of(this.memory, this.pool, 20).toFuture();
		await().until(() -> this.pool.statistics().waiting() == 1);
		other.release();
		assertThat(later.join().size()).isEqualTo(20);
		assertThat(this.memory.scope().size()).isOne();
	}

	@Test
	void objectThatIsFreeLaterBelongsToTheRequest() {
		PooledObject<StringBuilder> other = this.objects.acquire();
		CompletableFuture<StringBuilder> later = LaterAcquire.of(this.memory, this.objects).toFuture();
		await().until(() -> this.objects.statistics().waiting() == 1);
		other.release();
		assertThat(later.join()).isNotNull();
		assertThat(this.memory.scope().size()).isOne();
	}

	@Test
	void subscriberThatCancelsEndsTheWait() {
		try (PooledBuffer other = this.pool.acquire(10)) {
			Disposable subscriber = LaterAcquire.of(this.memory, this.pool, 20).subscribe();
			await().until(() -> this.pool.statistics().waiting() == 1);
			subscriber.dispose();
			await().until(() -> this.pool.statistics().waiting() == 0);
			assertThat(other.isAlive()).isTrue();
		}
		assertThat(this.memory.scope().size()).isZero();
	}

	@Test
	void bufferThatComesAfterTheEndOfTheRequestGoesBack() {
		PooledBuffer other = this.pool.acquire(10);
		CompletableFuture<PooledBuffer> later = LaterAcquire.of(this.memory, this.pool, 20).toFuture();
		await().until(() -> this.pool.statistics().waiting() == 1);
		this.memory.end(true);
		other.release();
		assertThat(later).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(PoolClosedException.class);
	}

	@Test
	void waitEndsAfterTheTimeOfThePool() {
		this.pool.update((settings) -> settings.maxWait(Duration.ofMillis(10)));
		try (PooledBuffer other = this.pool.acquire(10)) {
			assertThat(LaterAcquire.of(this.memory, this.pool, 20).toFuture()).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(PoolExhaustedException.class);
			assertThat(other.isAlive()).isTrue();
		}
	}

	@Test
	void whatTheRequestMayNotHoldIsRefusedWithoutAWait() {
		try (PooledBuffer other = this.pool.acquire(10)) {
			assertThatExceptionOfType(SizeLimitExceededException.class)
				.isThrownBy(() -> LaterAcquire.of(this.memory, this.pool, 3001).block());
			assertThat(other.isAlive()).isTrue();
		}
	}

	@Test
	void poolThatDoesNotWaitRefusesAtOnce() {
		this.pool.update((settings) -> settings.policy(ExhaustionPolicy.FAIL));
		try (PooledBuffer other = this.pool.acquire(10)) {
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> LaterAcquire.of(this.memory, this.pool, 20).block());
			assertThat(other.isAlive()).isTrue();
		}
	}

}
