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

package io.mempool.engine;

import java.time.Duration;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WaitingThreads}.
 */
class WaitingThreadsTests {

	private final BufferPool pool = BufferPool.builder("uploads")
		.tiers(4096)
		.caps(new Caps(1, 1, 0))
		.policy(ExhaustionPolicy.WAIT)
		.maxWait(Duration.ofDays(1))
		.build();

	private final Thread barred = Thread.currentThread();

	// Other threads of the process may wait meanwhile
	@BeforeEach
	void barThisThread() {
		WaitingThreads.bar(() -> Thread.currentThread() == this.barred, "Ask elsewhere");
	}

	@AfterEach
	void barNoThread() {
		WaitingThreads.bar(() -> false, "");
	}

	@Test
	void threadThatIsBarredGetsWhatIsIdleAndWhatCanBeCreated() {
		this.pool.acquire(10).release();
		this.pool.acquire(10).release();
		assertThat(this.pool.statistics().hits()).isOne();
		assertThat(this.pool.statistics().misses()).isOne();
	}

	@Test
	void acquireThatWouldWaitIsRefusedAtOnceAndSaysWhy() {
		try (PooledBuffer other = this.pool.acquire(10)) {
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> this.pool.acquire(10))
				.withMessageContaining("The thread '" + this.barred.getName() + "' must not wait")
				.withMessageEndingWith("Ask elsewhere");
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> this.pool.acquire(10, Duration.ofDays(1)))
				.withMessageContaining("must not wait");
			assertThat(other.isAlive()).isTrue();
		}
		assertThat(this.pool.statistics().exhausted()).isEqualTo(2);
	}

}
