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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.testing.Buffers;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Idle memory that is not needed goes back. Most tests say themselves when the time is
 * over.
 */
@ProvokesOutput
class DecayTests {

	private static final Duration NEVER = Duration.ofDays(1);

	private static BufferPoolBuilder builder(Caps caps) {
		return BufferPool.builder("uploads").tiers(List.of(new BufferTier(64, caps))).idleTimeout(NEVER);
	}

	private static BufferPool afterBurst(int count) {
		BufferPool pool = builder(Caps.ofIdle(count)).build();
		Buffers.acquire(pool, 64, count).forEach(PooledBuffer::release);
		return pool;
	}

	private static void timeOut(BufferPool pool) {
		((TieredBufferPool) pool).expire();
	}

	private static long expired(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.EXPIRED, 0L);
	}

	@Test
	void allIsGoneAfterABurstAndTwoTimeOutsOfSilence() {
		BufferPool pool = afterBurst(100);
		timeOut(pool);
		assertThat(pool.statistics().idle()).as("not idle for a whole time-out yet").isEqualTo(100);
		timeOut(pool);
		assertThat(pool.statistics().idle()).isZero();
		assertThat(pool.statistics().usedBytes()).isZero();
		assertThat(expired(pool)).isEqualTo(100);
		PoolStatistics now = pool.statistics();
		assertThat(now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
	}

	@ParameterizedTest
	@CsvSource({ "0, 20, 0", "5, 20, 5", "20, 20, 20", "5, 5, 5" })
	void preallocatedBlocksStay(int preallocate, int burst, int kept) {
		BufferPool pool = builder(new Caps(20, Caps.UNLIMITED, preallocate)).build();
		Buffers.acquire(pool, 64, burst).forEach(PooledBuffer::release);
		for (int i = 0; i < 5; i++) {
			timeOut(pool);
		}
		assertThat(pool.statistics().idle()).isEqualTo(kept);
	}

	@Test
	void leasedBlocksCountAmongThePreallocated() {
		BufferPool pool = builder(new Caps(20, Caps.UNLIMITED, 5)).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 10);
		buffers.subList(3, 10).forEach(PooledBuffer::release);
		timeOut(pool);
		timeOut(pool);
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertThat(pool.statistics().leased()).isEqualTo(3);
	}

	@Test
	void whatIsLeasedIsNotTouchedAndIsKeptWhenItComesBack() {
		BufferPool pool = afterBurst(10);
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 4);
		timeOut(pool);
		timeOut(pool);
		assertThat(pool.statistics().leased()).isEqualTo(4);
		assertThat(pool.statistics().idle()).isZero();
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(4);
		timeOut(pool);
		assertThat(pool.statistics().idle()).as("came back within this time-out").isEqualTo(4);
		timeOut(pool);
		assertThat(pool.statistics().idle()).isZero();
	}

	@Test
	void whatIsNeededAtAnyTimeStays() {
		BufferPool pool = afterBurst(50);
		for (int i = 0; i < 6; i++) {
			timeOut(pool);
			Buffers.acquire(pool, 64, 7).forEach(PooledBuffer::release);
		}
		assertThat(pool.statistics().idle()).isEqualTo(7);
		assertThat(pool.statistics().misses()).as("nothing had to be created again").isEqualTo(50);
	}

	@Test
	void blocksThatComeBackGoOnceTheyAreNotNeeded() {
		BufferPool pool = afterBurst(10);
		timeOut(pool);
		timeOut(pool);
		Buffers.acquire(pool, 64, 10).forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(10);
		timeOut(pool);
		timeOut(pool);
		assertThat(expired(pool)).isEqualTo(20);
	}

	@Test
	void everyTierDecaysByItself() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64, 128).idleTimeout(NEVER).build();
		Buffers.acquire(pool, 64, 3).forEach(PooledBuffer::release);
		Buffers.acquire(pool, 128, 3).forEach(PooledBuffer::release);
		timeOut(pool);
		pool.acquire(64).release();
		timeOut(pool);
		assertThat(pool.statistics().tiers().get(0).idle()).isEqualTo(1);
		assertThat(pool.statistics().tiers().get(1).idle()).isZero();
	}

	// Few threads need few blocks

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 10, 40 })
	void lightTrafficOfManyThreadsKeepsNoMoreThanItNeeds(int atOnce) throws Exception {
		BufferPool pool = afterBurst(200);
		timeOut(pool);
		for (int i = 0; i < 64; i++) {
			// Each of them another thread, and so most of them another place to begin
			Started.of(() -> {
				Buffers.acquire(pool, 64, atOnce).forEach(PooledBuffer::release);
				return true;
			}).result();
		}
		timeOut(pool);
		assertThat(pool.statistics().idle()).isBetween((long) atOnce, needed(atOnce));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 10, 40 })
	void trafficFromOneThreadToAnotherKeepsNoMoreThanItNeeds(int onTheWay) throws Exception {
		BufferPool pool = afterBurst(200);
		for (int round = 0; round < 2; round++) {
			timeOut(pool);
			Queue<PooledBuffer> queue = new ArrayDeque<>();
			for (int i = 0; i < 20; i++) {
				// One thread only acquires, and the others only release
				while (queue.size() < onTheWay) {
					queue.add(pool.acquire(64));
				}
				List<PooledBuffer> oldest = new ArrayList<>();
				for (int j = 0; j < (onTheWay + 1) / 2; j++) {
					oldest.add(queue.remove());
				}
				Started.of(() -> {
					oldest.forEach(PooledBuffer::release);
					return true;
				}).result();
			}
			queue.forEach(PooledBuffer::release);
		}
		timeOut(pool);
		assertThat(pool.statistics().idle()).isBetween((long) onTheWay, needed(onTheWay));
	}

	// A search reaches a quarter further than it found something
	private static long needed(int atOnce) {
		return atOnce + atOnce / 4 + 1;
	}

	// The clock

	@Test
	void memoryGoesByItselfWithoutTraffic() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).idleTimeout(Duration.ofMillis(5)).build();
		Buffers.acquire(pool, 64, 10).forEach(PooledBuffer::release);
		Awaitility.await().until(() -> pool.statistics().idle() == 0);
		assertThat(expired(pool)).isEqualTo(10);
		pool.close();
	}

	@Test
	void memoryIsKeptUnlessATimeOutIsSet() {
		assertThat(BufferPool.builder("uploads").build().settings().idleTimeout()).isNull();
		assertThat(builder(Caps.ofIdle(1)).build().settings().idleTimeout()).isEqualTo(NEVER);
	}

	@Test
	void updateBeginsAndEndsDecay() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).build();
		Buffers.acquire(pool, 64, 10).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.idleTimeout(Duration.ofMillis(5)));
		Awaitility.await().until(() -> pool.statistics().idle() == 0);
		pool.update((settings) -> settings.idleTimeout(null));
		assertThat(pool.settings().idleTimeout()).isNull();
		long expired = expired(pool);
		Buffers.acquire(pool, 64, 10).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.idleTimeout(NEVER));
		pool.update((settings) -> settings.maxIdle(9));
		assertThat(pool.statistics().idle()).isEqualTo(9);
		assertThat(expired(pool)).isEqualTo(expired);
		pool.close();
	}

	@Test
	void forgottenPoolIsNotHeldByItsTimeOut() throws Exception {
		WeakReference<BufferPool> forgotten = new WeakReference<>(afterBurst(3));
		Garbage.collectUntil(() -> forgotten.get() == null);
		assertThat(forgotten.get()).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void timeOutMustBePositive(long seconds) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BufferPool.builder("uploads").idleTimeout(Duration.ofSeconds(seconds)))
			.withMessageContaining("idleTimeout")
			.withMessageContaining(Duration.ofSeconds(seconds).toString());
	}

}
