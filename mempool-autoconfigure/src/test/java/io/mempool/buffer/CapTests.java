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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Buffers;
import io.mempool.testing.Figures;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The caps of a tier: max-idle, max-total, preallocate.
 */
class CapTests {

	// Where the weight of a block is its size
	private static BufferPoolBuilder offHeap(String name) {
		return BufferPool.builder(name).memory(MemoryKind.OFF_HEAP);
	}

	private static BufferPoolBuilder builder(Caps caps) {
		return offHeap("uploads").tiers(List.of(new BufferTier(64, caps)));
	}

	// max-idle

	@ParameterizedTest
	@CsvSource({ "0, 5, 0", "1, 5, 1", "4, 5, 4", "5, 5, 5", "6, 5, 5", "9, 20, 9" })
	void asManyAsMayBeIdleAreKept(int maxIdle, int count, int kept) {
		BufferPool pool = builder(Caps.ofIdle(maxIdle)).build();
		Buffers.acquire(pool, 64, count).forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(kept);
		assertThat(pool.statistics().discardedBy().getOrDefault(DiscardReason.FULL, 0L)).isEqualTo(count - kept);
		assertThat(pool.statistics().usedBytes()).isEqualTo(kept * 64L);
	}

	@Test
	void returnIsKeptWheneverFewerAreIdleWhateverElseIsLeased() {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 10);
		buffers.get(9).release();
		buffers.get(8).release();
		assertThat(pool.statistics().idle()).isEqualTo(2);
		buffers.get(0).release();
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertThat(pool.statistics().discarded()).isEqualTo(1);
		buffers.subList(1, 8).forEach(PooledBuffer::release);
		assertThat(Figures.ofTier(pool, 64)).isEqualTo(new Figures(0, 10, 10, 8, 2));
	}

	// max-total

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 8, 9, 50 })
	void asManyAsMayExistAreLent(int maxTotal) {
		BufferPool pool = builder(new Caps(50, maxTotal, 0)).policy(ExhaustionPolicy.FAIL).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, maxTotal);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(64));
		buffers.forEach(PooledBuffer::release);
		Buffers.acquire(pool, 64, maxTotal).forEach(PooledBuffer::release);
		assertThat(pool.statistics().misses()).isEqualTo(maxTotal);
	}

	@Test
	void returnThatIsNotKeptMakesRoomUnderTheCap() {
		BufferPool pool = builder(new Caps(0, 1, 0)).policy(ExhaustionPolicy.FAIL).build();
		for (int i = 0; i < 3; i++) {
			pool.acquire(64).release();
		}
		assertThat(Figures.ofTier(pool, 64)).isEqualTo(new Figures(0, 3, 3, 3, 0));
	}

	@Test
	void discardAndTrimMakeRoomUnderTheCap() {
		BufferPool pool = builder(new Caps(1, 1, 0)).memory(MemoryKind.HEAP).policy(ExhaustionPolicy.FAIL).build();
		pool.acquire(64).discard();
		pool.acquire(64).release();
		pool.trim();
		pool.acquire(64).release();
		assertThat(pool.statistics().misses()).isEqualTo(3);
	}

	@Test
	void transientBuffersAreOutsideOfTheCap() {
		BufferPool pool = builder(new Caps(2, 2, 0)).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 30, 5);
		assertThat(buffers).extracting(PooledBuffer::capacity).containsExactly(64, 64, 30, 30, 30);
		assertThat(pool.statistics().usedBytes()).isEqualTo(2 * 64 + 3 * 30);
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRANSIENT)
			.containsEntry(DiscardReason.TRANSIENT, 3L);
	}

	@Test
	void transientBufferIsNotKeptAlthoughThereIsRoomAgain() {
		BufferPool pool = builder(new Caps(2, 1, 0)).build();
		PooledBuffer pooled = pool.acquire(64);
		PooledBuffer temporary = pool.acquire(64);
		pooled.discard();
		temporary.release();
		assertThat(pool.statistics().idle()).isZero();
	}

	@Test
	void refusalNamesPoolTierCapAndWhatToDo() {
		BufferPool pool = builder(new Caps(1, 1, 0)).policy(ExhaustionPolicy.FAIL).build();
		PooledBuffer only = pool.acquire(10);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(20))
			.withMessage(
					"Cannot acquire 20 bytes from pool 'uploads': all 1 buffers (max-total) of the tier of 64 bytes "
							+ "are leased (leased in the tier: 1, idle: 0, max-idle: 1). Release buffers sooner, or raise "
							+ "max-total, or choose the policy 'allocate' or 'wait'.");
		only.release();
	}

	@ParameterizedTest
	@EnumSource(ExhaustionPolicy.class)
	void tryAcquireNeverWaits(ExhaustionPolicy policy) {
		BufferPool pool = builder(new Caps(1, 1, 0)).policy(policy).maxWait(Duration.ofMinutes(1)).build();
		PooledBuffer only = pool.tryAcquire(64);
		assertThat(only).isNotNull();
		PooledBuffer second = pool.tryAcquire(64);
		assertThat(second != null).isEqualTo(policy == ExhaustionPolicy.ALLOCATE);
		only.release();
		PooledBuffer third = pool.tryAcquire(64);
		assertThat(third).isNotNull();
		third.release();
	}

	@ParameterizedTest
	@EnumSource(value = ExhaustionPolicy.class, names = "ALLOCATE", mode = EnumSource.Mode.EXCLUDE)
	void timedAcquireWaitsWhateverThePolicy(ExhaustionPolicy policy) throws Exception {
		BufferPool pool = builder(new Caps(1, 1, 0)).policy(policy).build();
		PooledBuffer only = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64, Duration.ofMinutes(1)));
		only.release();
		waiting.result().release();
		assertThat(Figures.ofTier(pool, 64)).isEqualTo(new Figures(1, 1, 2, 0, 1));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void timedAcquireWithoutTimeDoesNotWait(long seconds) {
		BufferPool pool = builder(new Caps(1, 1, 0)).policy(ExhaustionPolicy.WAIT).build();
		PooledBuffer only = pool.acquire(64);
		assertThatExceptionOfType(PoolExhaustedException.class)
			.isThrownBy(() -> pool.acquire(64, Duration.ofSeconds(seconds)));
		only.release();
	}

	@Test
	void timedAcquireTakesTheLongestTimeThereIs() throws Exception {
		BufferPool pool = builder(new Caps(1, 1, 0)).build();
		pool.acquire(64, Duration.ofSeconds(Long.MAX_VALUE)).release();
		BufferPool strict = builder(new Caps(1, 1, 0)).policy(ExhaustionPolicy.FAIL).build();
		PooledBuffer only = strict.acquire(64);
		Started<PooledBuffer> waiting = Started
			.andWaiting(() -> strict.acquire(64, Duration.ofSeconds(Long.MAX_VALUE)));
		only.release();
		waiting.result().release();
	}

	// preallocate

	@Test
	void preallocatedBuffersAreIdleFromTheBeginning() {
		BufferPool pool = builder(new Caps(4, 4, 3)).build();
		PoolStatistics now = pool.statistics();
		assertThat(now.preallocated()).isEqualTo(3);
		assertThat(now.idle()).isEqualTo(3);
		assertThat(now.idleBytes()).isEqualTo(3 * 64);
		assertThat(now.usedBytes()).isEqualTo(3 * 64);
		Buffers.acquire(pool, 64, 4).forEach(PooledBuffer::release);
		assertThat(Figures.ofTier(pool, 64)).isEqualTo(new Figures(3, 1, 4, 0, 4));
	}

	@Test
	void morePreallocatedThanTheLimitAllowsIsRefused() {
		BufferPoolBuilder builder = builder(new Caps(4, 4, 4)).limit(4 * 64 - 1);
		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessageContaining("Cannot preallocate 4 blocks of 64 bytes for pool 'uploads'")
			.withMessageContaining("255 bytes");
		builder.limit(4 * 64).build();
	}

	@Test
	void preallocationOfSeveralTiersIsAllOrNothing() {
		Caps caps = new Caps(4, 4, 4);
		BufferPoolBuilder builder = offHeap("uploads")
			.tiers(List.of(new BufferTier(64, caps), new BufferTier(128, caps)));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.limit(4 * (64 + 128) - 1).build());
		assertThat(builder.limit(4 * (64 + 128)).build().statistics().idle()).isEqualTo(8);
	}

	@Test
	void preallocationThatFailsLeavesTheBudgetAsItWas() {
		Budget budget = BufferPool.budget("mempool.budget.heap", 1000);
		BufferPool other = offHeap("other").tiers(300).budget(budget).build();
		PooledBuffer held = other.acquire(300);
		Caps caps = new Caps(4, 4, 4);
		BufferPoolBuilder builder = offHeap("uploads")
			.tiers(List.of(new BufferTier(64, caps), new BufferTier(128, caps)))
			.budget(budget);
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("mempool.budget.heap");
		assertThat(budget.used()).isEqualTo(300);
		held.release();
	}

	@Test
	void preallocationTakesIdleMemoryOfOtherPools() {
		Budget budget = BufferPool.budget("mempool.budget.heap", 1000);
		BufferPool other = offHeap("other").tiers(300).budget(budget).build();
		other.acquire(300).release();
		Caps caps = new Caps(4, 4, 4);
		BufferPool pool = offHeap("uploads").tiers(List.of(new BufferTier(64, caps), new BufferTier(128, caps)))
			.budget(budget)
			.build();
		assertThat(pool.statistics().idle()).isEqualTo(8);
		assertThat(other.statistics().discardedBy()).containsEntry(DiscardReason.RECLAIMED, 1L);
	}

	// Many threads

	@ParameterizedTest
	@EnumSource(Clearing.class)
	void nothingIsRefusedWhileOneOfTwoBuffersIsAlwaysFree(Clearing clearing) throws Exception {
		BufferPool pool = builder(new Caps(2, 2, 0)).policy(ExhaustionPolicy.FAIL).clearing(clearing).build();
		AtomicBoolean done = new AtomicBoolean();
		Started<Integer> other = Started.of(() -> {
			int refused = 0;
			while (!done.get()) {
				PooledBuffer buffer = pool.tryAcquire(64);
				if (buffer == null) {
					refused++;
					continue;
				}
				buffer.release();
			}
			return refused;
		});
		int refused = 0;
		for (int i = 0; i < 200_000; i++) {
			PooledBuffer buffer = pool.tryAcquire(64);
			if (buffer == null) {
				refused++;
				continue;
			}
			buffer.release();
		}
		done.set(true);
		assertThat(refused + other.result()).isZero();
	}

	@ParameterizedTest
	@EnumSource(ExhaustionPolicy.class)
	void capsHoldAtEveryInstantUnderManyThreads(ExhaustionPolicy policy) throws Exception {
		int maxIdle = 3;
		int maxTotal = 5;
		BufferPool pool = builder(new Caps(maxIdle, maxTotal, 2)).policy(policy)
			.maxWait(Duration.ofSeconds(20))
			.build();
		AtomicBoolean done = new AtomicBoolean();
		AtomicInteger lent = new AtomicInteger();
		Started<List<TierStatistics>> samples = Started.of(() -> {
			List<TierStatistics> violations = new ArrayList<>();
			while (!done.get()) {
				TierStatistics now = pool.statistics().tiers().get(0);
				boolean tooMany = policy != ExhaustionPolicy.ALLOCATE && now.idle() + now.leased() > maxTotal;
				if (now.idle() > maxIdle || tooMany) {
					violations.add(now);
				}
				Thread.yield();
			}
			return violations;
		});
		Together.run(8, (thread) -> {
			for (int i = 0; i < 3000; i++) {
				PooledBuffer buffer = (policy == ExhaustionPolicy.FAIL) ? pool.tryAcquire(64) : pool.acquire(64);
				if (buffer == null) {
					continue;
				}
				boolean pooled = policy != ExhaustionPolicy.ALLOCATE;
				assertThat(lent.incrementAndGet()).isLessThanOrEqualTo(pooled ? maxTotal : 8);
				if (i % 16 == 0) {
					Thread.yield();
				}
				lent.decrementAndGet();
				buffer.release();
			}
		});
		done.set(true);
		assertThat(samples.result()).isEmpty();
		assertThat(pool.statistics().leased()).isZero();
	}

}
