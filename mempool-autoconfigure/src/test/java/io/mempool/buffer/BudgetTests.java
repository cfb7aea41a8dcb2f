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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Buffers;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Bytes: the limit of one pool and the budget of several.
 */
class BudgetTests {

	private final Budget budget = BufferPool.budget("mempool.budget.heap", 1000);

	// Where the weight of a block is its size
	private static BufferPoolBuilder offHeap(String name) {
		return BufferPool.builder(name).memory(MemoryKind.OFF_HEAP);
	}

	private BufferPoolBuilder builder(String name) {
		return offHeap(name).tiers(100, 400).budget(this.budget);
	}

	private static long reclaimed(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.RECLAIMED, 0L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void budgetMustBePositive(long limit) {
		assertThatIllegalArgumentException().isThrownBy(() -> BufferPool.budget("mempool.budget.heap", limit))
			.withMessage("'limit' must be positive but is " + limit);
	}

	// The limit of a pool

	@ParameterizedTest
	@EnumSource(value = ExhaustionPolicy.class, names = "WAIT", mode = EnumSource.Mode.EXCLUDE)
	void atTheLimitThePoliciesThatDoNotWaitFail(ExhaustionPolicy policy) {
		BufferPool pool = offHeap("uploads").tiers(100).limit(250).policy(policy).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 100, 2);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(100))
			.withMessage("Cannot acquire 100 bytes from pool 'uploads': the pool's limit of 250 bytes is reached, and "
					+ "idle memory is not enough to make room (leased in the tier: 2, idle: 0, max-idle: "
					+ TierPresets.defaultMaxIdle(100) + "). Release buffers sooner, or raise the pool's limit.");
		assertThat(pool.tryAcquire(1)).isNull();
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void limitCountsTransientBuffersWithTheirExactSize() {
		BufferPool pool = offHeap("uploads").tiers(List.of(new BufferTier(100, new Caps(1, 1, 0)))).limit(250).build();
		List<PooledBuffer> buffers = List.of(pool.acquire(100), pool.acquire(49), pool.acquire(101));
		assertThat(pool.statistics().usedBytes()).isEqualTo(250);
		PooledBuffer nothing = pool.acquire(0);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(1));
		buffers.get(1).release();
		pool.acquire(49).release();
		buffers.get(2).release();
		pool.acquire(150).release();
		nothing.release();
		buffers.get(0).release();
		assertThat(pool.statistics().usedBytes()).isEqualTo(100);
	}

	@Test
	void hitCostsNothingOfTheLimit() {
		BufferPool pool = offHeap("uploads").tiers(100).limit(100).build();
		for (int i = 0; i < 5; i++) {
			pool.acquire(100).release();
		}
		assertThat(pool.statistics().hits()).isEqualTo(4);
	}

	@Test
	void idleMemoryOfOtherTiersIsGivenUpForTheLimit() {
		BufferPool pool = offHeap("uploads").tiers(100, 400).limit(500).build();
		Buffers.acquire(pool, 100, 5).forEach(PooledBuffer::release);
		PooledBuffer large = pool.acquire(400);
		assertThat(reclaimed(pool)).isEqualTo(4);
		assertThat(pool.statistics().usedBytes()).isEqualTo(500);
		large.release();
		PooledBuffer oversized = pool.acquire(450);
		assertThat(pool.statistics().usedBytes()).isLessThanOrEqualTo(500);
		oversized.release();
	}

	@Test
	void idleMemoryIsKeptWhenItWouldNotBeEnough() {
		BufferPool pool = offHeap("uploads").tiers(100, 400).limit(500).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 100, 5);
		buffers.subList(0, 3).forEach(PooledBuffer::release);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(400));
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(reclaimed(pool)).isZero();
		buffers.subList(3, 5).forEach(PooledBuffer::release);
	}

	@Test
	void largestIdleBuffersAreGivenUpFirst() {
		BufferPool pool = offHeap("uploads").tiers(100, 400, 500).limit(1000).build();
		List.of(pool.acquire(100), pool.acquire(400)).forEach(PooledBuffer::release);
		PooledBuffer first = pool.acquire(500);
		PooledBuffer second = pool.acquire(101);
		assertThat(second.capacity()).isEqualTo(400);
		assertThat(reclaimed(pool)).isZero();
		second.release();
		PooledBuffer oversized = pool.acquire(501 - 101);
		assertThat(oversized.capacity()).isEqualTo(400);
		oversized.release();
		first.release();
		PooledBuffer beyond = pool.acquire(600);
		assertThat(pool.statistics().tiers()).extracting((tier) -> tier.idle()).containsExactly(1, 0, 0);
		beyond.release();
	}

	// The budget of several pools

	@Test
	void poolsShareTheBudget() {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		List<PooledBuffer> buffers = List.of(uploads.acquire(400), downloads.acquire(400), uploads.acquire(100));
		assertThat(this.budget.used()).isEqualTo(900);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> downloads.acquire(400))
			.withMessageContaining("the budget 'mempool.budget.heap' of 1000 bytes is used up")
			.withMessageContaining("or raise 'mempool.budget.heap'.");
		downloads.acquire(100).release();
		buffers.forEach(PooledBuffer::release);
		assertThat(this.budget.used()).isEqualTo(1000);
	}

	@Test
	void budgetCanBeUsedToItsLastByteAndNotBeyond() {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		PooledBuffer held = uploads.acquire(500);
		assertThat(downloads.tryAcquire(501)).isNull();
		PooledBuffer rest = downloads.tryAcquire(500);
		assertThat(rest).isNotNull();
		assertThat(this.budget.used()).isEqualTo(1000);
		rest.release();
		held.release();
	}

	@Test
	void idleMemoryOfOtherPoolsIsGivenUp() {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		Buffers.acquire(uploads, 400, 2).forEach(PooledBuffer::release);
		List<PooledBuffer> buffers = Buffers.acquire(downloads, 400, 2);
		assertThat(reclaimed(uploads)).isEqualTo(2);
		assertThat(this.budget.used()).isEqualTo(800);
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void ownIdleMemoryIsGivenUpBeforeThatOfOtherPools() {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		uploads.acquire(400).release();
		downloads.acquire(400).release();
		PooledBuffer buffer = downloads.acquire(600);
		assertThat(reclaimed(downloads)).isEqualTo(1);
		assertThat(reclaimed(uploads)).isZero();
		buffer.release();
	}

	@Test
	void idleMemoryOfOtherPoolsIsKeptWhenItWouldNotBeEnough() {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		PooledBuffer held = uploads.acquire(400);
		uploads.acquire(100).release();
		downloads.acquire(100).release();
		assertThat(downloads.tryAcquire(700)).isNull();
		assertThat(reclaimed(uploads) + reclaimed(downloads)).isZero();
		downloads.acquire(600).release();
		held.release();
	}

	@Test
	void idleMemoryOfOtherPoolsDoesNotHelpAgainstTheOwnLimit() {
		BufferPool uploads = builder("uploads").limit(300).build();
		BufferPool downloads = builder("downloads").build();
		downloads.acquire(400).release();
		List<PooledBuffer> buffers = Buffers.acquire(uploads, 100, 3);
		assertThat(uploads.tryAcquire(100)).isNull();
		assertThat(reclaimed(downloads)).isZero();
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void closedPoolGivesItsBytesBackAsItsLeasesEnd() {
		BufferPool uploads = builder("uploads").memory(MemoryKind.HEAP).build();
		PooledBuffer held = uploads.acquire(400);
		uploads.acquire(100).release();
		uploads.close();
		assertThat(this.budget.used()).isEqualTo(Weights.of(400));
		held.release();
		assertThat(this.budget.used()).isZero();
	}

	@Test
	void discardGivesItsBytesBack() {
		BufferPool uploads = builder("uploads").memory(MemoryKind.HEAP).build();
		uploads.acquire(400).discard();
		assertThat(this.budget.used()).isZero();
	}

	@Test
	void bytesAreCountedInLong() {
		Budget large = BufferPool.budget("mempool.budget.heap", Long.MAX_VALUE);
		BufferPool pool = offHeap("uploads").tiers(64).limit(3L * Integer.MAX_VALUE).budget(large).build();
		pool.acquire(64).release();
		assertThat(pool.settings().limit()).isEqualTo(6442450941L);
		assertThat(large.used()).isEqualTo(64);
	}

	// Waiting for bytes

	@Test
	void waiterAtTheLimitGetsWhatIsReleasedInAnotherTier() throws Exception {
		BufferPool pool = offHeap("uploads").tiers(100, 400).limit(450).build();
		PooledBuffer large = pool.acquire(400);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(100, Duration.ofSeconds(20)));
		large.release();
		waiting.result().release();
		assertThat(reclaimed(pool)).isEqualTo(1);
	}

	@Test
	void waiterAtTheBudgetGetsWhatIsReleasedInAnotherPool() throws Exception {
		BufferPool uploads = builder("uploads").build();
		BufferPool downloads = builder("downloads").build();
		List<PooledBuffer> buffers = Buffers.acquire(uploads, 400, 2);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> downloads.acquire(400, Duration.ofSeconds(20)));
		buffers.get(0).release();
		waiting.result().release();
		buffers.get(1).release();
	}

	@Test
	void memoryThatComesBackLetsAllLinesTry() throws Exception {
		BufferPool pool = offHeap("uploads").tiers(100, 200, 300).limit(600).build();
		PooledBuffer oversized = pool.acquire(600);
		List<Started<PooledBuffer>> waiting = List.of(
				Started.andWaiting(() -> pool.acquire(300, Duration.ofSeconds(20))),
				Started.andWaiting(() -> pool.acquire(200, Duration.ofSeconds(20))),
				Started.andWaiting(() -> pool.acquire(100, Duration.ofSeconds(20))));
		oversized.release();
		for (Started<PooledBuffer> one : waiting) {
			assertThat(one.result().isAlive()).isTrue();
		}
		for (Started<PooledBuffer> one : waiting) {
			one.result().release();
		}
	}

	@ParameterizedTest
	@EnumSource(ExhaustionPolicy.class)
	void requestThatCanNeverBeMetFailsAtOnce(ExhaustionPolicy policy) {
		BufferPool pool = builder("uploads").policy(policy).maxWait(Duration.ofMinutes(5)).limit(900).build();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(901));
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> pool.acquire(1001, Duration.ofMinutes(5)));
		PooledBuffer held = pool.acquire(500);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(901));
		held.release();
	}

	// As large as tiers get, where arithmetic with an int may overflow
	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void tierOfTheLongestArrayCountsWhole(MemoryKind memory) {
		long limit = BufferTier.MAXIMUM_SIZE - 1L;
		BufferPool pool = BufferPool.builder("uploads")
			.memory(memory)
			.tiers(100, BufferTier.MAXIMUM_SIZE)
			.limit(limit)
			.policy(ExhaustionPolicy.FAIL)
			.build();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(101))
			.withMessageContaining("'mempool.pools.uploads.limit' of " + limit + " bytes")
			.withNoCause();
	}

	@Test
	void requestThatCanNeverBeMetFailsAtOnceAlsoBehindOthersInLine() throws Exception {
		BufferPool pool = builder("uploads").policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(15)).build();
		PooledBuffer held = pool.acquire(600);
		Started<PooledBuffer> first = Started.andWaiting(() -> pool.acquire(500));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(1001))
			.withMessageNotContaining("after waiting");
		held.release();
		first.result().release();
	}

	// Many threads

	@Test
	void budgetHoldsAtEveryInstantUnderManyThreads() throws Exception {
		List<BufferPool> pools = List.of(builder("uploads").limit(700).build(), builder("downloads").build());
		AtomicBoolean done = new AtomicBoolean();
		AtomicLong lent = new AtomicLong();
		Started<Long> highest = Started.of(() -> {
			long most = 0;
			while (!done.get()) {
				most = Math.max(most, this.budget.used());
				assertThat(pools.get(0).statistics().usedBytes()).isLessThanOrEqualTo(700);
				Thread.yield();
			}
			return most;
		});
		int[] sizes = { 100, 400, 150, 450, 99, 0 };
		Together.run(6, (thread) -> {
			for (int i = 0; i < 4000; i++) {
				PooledBuffer buffer = pools.get((thread + i / 7) % 2).tryAcquire(sizes[(thread + i) % sizes.length]);
				if (buffer != null) {
					assertThat(lent.addAndGet(buffer.capacity())).isLessThanOrEqualTo(1000);
					if (i % 8 == 0) {
						Thread.yield();
					}
					lent.addAndGet(-buffer.capacity());
					buffer.release();
				}
			}
		});
		done.set(true);
		assertThat(highest.result()).isLessThanOrEqualTo(1000);
		long idle = pools.stream().mapToLong((pool) -> pool.statistics().idleBytes()).sum();
		assertThat(this.budget.used()).isEqualTo(idle);
		pools.forEach(BufferPool::close);
		assertThat(this.budget.used()).isZero();
	}

}
