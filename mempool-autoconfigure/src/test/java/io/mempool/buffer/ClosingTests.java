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

package io.mempool.buffer;

import java.time.Duration;
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.engine.WithoutPeriodicLook;
import io.mempool.testing.Buffers;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Closing a pool that is in use.
 */
class ClosingTests {

	private static BufferPoolBuilder builder(int maxIdle, int maxTotal) {
		return BufferPool.builder("uploads").tiers(List.of(new BufferTier(64, new Caps(maxIdle, maxTotal, 0))));
	}

	private static void assertEmpty(PoolStatistics now) {
		assertThat(now.leased()).isZero();
		assertThat(now.idle()).isZero();
		assertThat(now.usedBytes()).isZero();
		assertThat(now.returned()).isEqualTo(now.hits() + now.misses());
		assertThat(now.discarded()).isEqualTo(now.misses());
	}

	@Test
	void whatIsReturnedLaterIsDiscardedWithTheReason() {
		BufferPool pool = builder(2, Caps.UNLIMITED).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 4);
		buffers.get(0).release();
		pool.close();
		buffers.subList(1, 4).forEach(PooledBuffer::release);
		assertEmpty(pool.statistics());
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.CLOSED)
			.containsEntry(DiscardReason.CLOSED, 4L);
	}

	@Test
	void retainAndCopyStillWorkOnWhatIsLeased() {
		BufferPool pool = builder(2, Caps.UNLIMITED).build();
		PooledBuffer buffer = pool.acquire(4);
		pool.close();
		PooledBuffer retained = buffer.retain();
		buffer.release();
		retained.copyIn(0, new byte[] { 1, 2, 3, 4 }, 0, 4);
		assertThat(retained.toByteArray()).containsExactly(1, 2, 3, 4);
		retained.discard();
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.IN_DOUBT);
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void waitersAreWokenAndNeedNotLookByThemselves() throws Exception {
		int rounds = 20;
		for (int i = 0; i < rounds; i++) {
			BufferPool strict = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(20)).build();
			PooledBuffer held = strict.acquire(64);
			Started<PooledBuffer> first = Started.andWaiting(() -> strict.acquire(64));
			Started<PooledBuffer> second = Started.andWaiting(() -> strict.acquire(64));
			strict.close();
			assertThat(first.failure()).isInstanceOf(PoolClosedException.class);
			assertThat(second.failure()).isInstanceOf(PoolClosedException.class);
			held.release();
		}
	}

	@RepeatedTest(60)
	void closeRacingAcquireAndReleaseLeavesNothingBehind(RepetitionInfo round) throws Exception {
		int number = round.getCurrentRepetition();
		BufferPool pool = builder(number % 3, 2).policy(ExhaustionPolicy.WAIT)
			.clearing((number % 2 == 0) ? Clearing.NEVER : Clearing.ON_RELEASE)
			.maxWait(Duration.ofSeconds(20))
			.build();
		Together.run(4, (thread) -> {
			if (thread == 0) {
				for (int i = 0; i < number; i++) {
					Thread.yield();
				}
				pool.close();
				return;
			}
			try {
				for (;;) {
					pool.acquire(64).release();
				}
			}
			catch (PoolClosedException ex) {
				// As expected
			}
		});
		assertEmpty(pool.statistics());
	}

	@RepeatedTest(40)
	void closeRacingTheCreationOfBuffersLeavesNothingBehind(RepetitionInfo round) throws Exception {
		BufferPool pool = builder(10, Caps.UNLIMITED).build();
		Together.run(3, (thread) -> {
			if (thread == 0) {
				for (int i = 0; i < round.getCurrentRepetition(); i++) {
					Thread.yield();
				}
				pool.close();
				return;
			}
			try {
				for (;;) {
					Buffers.acquire(pool, 64, 1).forEach(PooledBuffer::discard);
				}
			}
			catch (PoolClosedException ex) {
				// As expected
			}
		});
		assertEmpty(pool.statistics());
	}

}
