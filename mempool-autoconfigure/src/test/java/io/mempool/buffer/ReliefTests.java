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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.engine.Account;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.Relief;
import io.mempool.testing.Buffers;
import io.mempool.testing.Flaw;
import io.mempool.testing.Started;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What pools give back when the heap is nearly full.
 */
class ReliefTests {

	private static final long WEIGHT = new HeapSource("uploads", Clearing.ON_RELEASE).weigh(64);

	private static BufferPoolBuilder builder(String name) {
		return BufferPool.builder(name).tiers(64).caps(Caps.ofIdle(10));
	}

	private static BufferPool withIdle(BufferPoolBuilder builder, int count) {
		BufferPool pool = builder.build();
		Buffers.acquire(pool, 64, count).forEach(PooledBuffer::release);
		return pool;
	}

	private static Account account(BufferPool pool) {
		return ((AccountedPool) pool).account();
	}

	private static Relief relief(BufferPool... pools) {
		return new Relief(Stream.of(pools).map(ReliefTests::account).toList());
	}

	private static long pressed(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.PRESSURE, 0L);
	}

	@Test
	void everyStepGivesWhatTheModelGives() {
		new ReliefAgainstModel().call();
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "RELIEVED_IN_USE", "RELIEVED_TOO_MUCH" })
	void brokenReliefIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(ReliefAgainstModel.class, directory);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(suite::call).withMessageContaining("Seed");
	}

	@Test
	void whatWasNotUsedSinceTheLastLookGoesFirstAlsoOfAnotherPool() {
		BufferPool busy = withIdle(builder("busy"), 4);
		BufferPool quiet = withIdle(builder("quiet"), 4);
		Relief relief = relief(busy, quiet);
		relief.look();
		Buffers.acquire(busy, 64, 4).forEach(PooledBuffer::release);
		assertThat(relief.give(3 * WEIGHT)).isEqualTo(Map.of(account(quiet), 3 * WEIGHT));
		assertThat(relief.give(3 * WEIGHT)).isEqualTo(Map.of(account(quiet), WEIGHT, account(busy), 2 * WEIGHT));
	}

	@Test
	void noMoreGoesThanIsNeeded() {
		BufferPool pool = withIdle(builder("uploads"), 10);
		relief(pool).give(2 * WEIGHT + 1);
		assertThat(pool.statistics().idle()).isEqualTo(7);
		assertThat(pressed(pool)).isEqualTo(3);
		relief(pool).give(0);
		assertThat(pool.statistics().idle()).isEqualTo(7);
	}

	@Test
	void whatIsLeasedStaysAndIsKeptWhenItReturns() {
		BufferPool pool = builder("uploads").build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 5);
		assertThat(relief(pool).give(Long.MAX_VALUE)).isEmpty();
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(5);
	}

	@Test
	void preallocatedBlocksGoAsWell() {
		BufferPool pool = builder("uploads").caps(new Caps(10, Caps.UNLIMITED, 5)).build();
		relief(pool).give(Long.MAX_VALUE);
		assertThat(pool.statistics().idle()).isZero();
		pool.acquire(64).release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void memoryOutsideOfTheHeapStays() {
		BufferPool pool = withIdle(builder("uploads").memory(MemoryKind.OFF_HEAP), 5);
		assertThat(relief(pool).give(Long.MAX_VALUE)).isEmpty();
		assertThat(pool.statistics().idle()).isEqualTo(5);
		pool.close();
	}

	@Test
	void closedPoolGivesNothing() {
		BufferPool pool = withIdle(builder("uploads"), 5);
		Relief relief = relief(pool);
		pool.close();
		assertThat(relief.give(Long.MAX_VALUE)).isEmpty();
	}

	@Test
	void bytesAreFreeForARequestThatWaitsForThem() throws Exception {
		long limit = new HeapSource("uploads", Clearing.ON_RELEASE).weigh(1024) + 3 * WEIGHT;
		BufferPool pool = BufferPool.builder("uploads")
			.tiers(64, 1024)
			.caps(Caps.ofIdle(10))
			.limit(limit)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(60))
			.build();
		PooledBuffer large = pool.acquire(1024);
		Buffers.acquire(pool, 64, 3).forEach(PooledBuffer::release);
		Started<PooledBuffer> waiting = Started.of(() -> pool.acquire(1024));
		Awaitility.await().until(() -> pool.statistics().waiting() == 1);
		relief(pool).give(Long.MAX_VALUE);
		assertThat(pool.statistics().usedBytes()).isEqualTo(limit - 3 * WEIGHT);
		large.release();
		waiting.result().release();
		assertThat(pool.statistics().usedBytes()).isLessThanOrEqualTo(limit);
	}

	@Test
	void decayStillTakesAWholeTimeOut() {
		BufferPool pool = withIdle(builder("uploads").idleTimeout(Duration.ofDays(1)), 5);
		Relief relief = relief(pool);
		relief.look();
		relief.look();
		((TieredBufferPool) pool).expire();
		assertThat(pool.statistics().idle()).as("not idle for a whole time-out yet").isEqualTo(5);
	}

}
