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

import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Buffers;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Leases that were dropped without a release: they must not cost their cap, limit and
 * budget for ever, and their memory is not used again.
 */
@Tag("garbage")
@ProvokesOutput
class LostLeaseTests {

	private final Budget budget = BufferPool.budget("mempool.budget.heap", 10 * Weights.of(100));

	private BufferPoolBuilder builder(Caps caps) {
		return BufferPool.builder("uploads").tiers(List.of(new BufferTier(100, caps))).budget(this.budget);
	}

	// In a method of their own, so that no local variable keeps them
	private static void lose(BufferPool pool, int size, int count) {
		for (int i = 0; i < count; i++) {
			pool.acquire(size).copyIn(0, new byte[] { 1 }, 0, 1);
		}
	}

	private static void awaitLeaked(BufferPool pool, long count) throws InterruptedException {
		Garbage.collectUntil(() -> pool.statistics().leaked() + pool.statistics().beyondTiers().leaked() >= count);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 10 })
	void lostLeasesAreCountedAndTheTotalsStillReconcile(int maxIdle) throws Exception {
		BufferPool pool = builder(Caps.ofIdle(maxIdle)).build();
		lose(pool, 100, 5);
		PooledBuffer held = pool.acquire(100);
		awaitLeaked(pool, 5);
		PoolStatistics now = pool.statistics();
		assertThat(now.leaked()).isEqualTo(5);
		assertThat(now.leased()).isEqualTo(1);
		assertThat(now.returned()).isZero();
		assertThat(now.usedBytes()).isEqualTo(Weights.of(100));
		TierStatistics tier = now.tiers().get(0);
		assertThat((long) tier.leased()).isEqualTo(tier.hits() + tier.misses() - tier.returned() - tier.leaked());
		assertThat((long) tier.idle())
			.isEqualTo(tier.returned() - tier.discarded() - tier.hits() + tier.preallocated());
		held.release();
		assertThat(this.budget.used()).isEqualTo((maxIdle != 0) ? Weights.of(100) : 0);
	}

	@Test
	void lostLeasesOfUnpooledAndTransientBuffersAreCountedToo() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(4)).pooling(false).build();
		lose(pool, 60, 2);
		lose(pool, 160, 1);
		awaitLeaked(pool, 3);
		assertThat(pool.statistics().leaked()).isEqualTo(2);
		assertThat(pool.statistics().beyondTiers().leaked()).isEqualTo(1);
		assertThat(this.budget.used()).isZero();
	}

	@Test
	void memoryOfALostLeaseIsNotUsedAgain() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(4)).clearing(Clearing.NEVER).build();
		lose(pool, 100, 4);
		awaitLeaked(pool, 4);
		List<PooledBuffer> buffers = Buffers.acquire(pool, 100, 4);
		assertThat(buffers).allSatisfy((buffer) -> assertThat(buffer.toByteArray()).containsOnly(0));
		assertThat(pool.statistics().hits()).isZero();
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void capComesBack() throws Exception {
		BufferPool pool = builder(new Caps(2, 2, 0)).policy(ExhaustionPolicy.FAIL).build();
		lose(pool, 100, 2);
		List<PooledBuffer> buffers = new ArrayList<>();
		Garbage.collectUntil(() -> tryAcquire(pool, 100, buffers) && buffers.size() == 2);
		assertThat(buffers).hasSize(2);
		assertThat(pool.statistics().leaked()).isEqualTo(2);
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
	}

	@Test
	void capComesBackToAWaiter() throws Exception {
		BufferPool pool = builder(new Caps(1, 1, 0)).build();
		lose(pool, 100, 1);
		BufferPool strict = builder(new Caps(1, 1, 0)).policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		lose(strict, 100, 1);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> strict.acquire(100));
		Garbage.collectUntil(waiting::isDone);
		waiting.result().release();
		assertThat(strict.statistics().leaked()).isEqualTo(1);
	}

	@Test
	void placeComesBackInATierWithoutCap() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		lose(pool, 100, 2);
		awaitLeaked(pool, 2);
		Buffers.acquire(pool, 100, 3).forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
	}

	@Test
	void limitComesBackAlsoFromAnotherTier() throws Exception {
		BufferPool pool = BufferPool.builder("uploads").tiers(100, 400).limit(Weights.of(400)).build();
		lose(pool, 400, 1);
		List<PooledBuffer> buffers = new ArrayList<>();
		Garbage.collectUntil(() -> tryAcquire(pool, 100, buffers));
		assertThat(buffers).hasSize(1);
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void limitComesBackAlsoFromBeyondTheTiers() throws Exception {
		BufferPool pool = BufferPool.builder("uploads").tiers(100, 400).limit(Weights.of(400)).build();
		lose(pool, 401, 1);
		List<PooledBuffer> buffers = new ArrayList<>();
		Garbage.collectUntil(() -> tryAcquire(pool, 100, buffers));
		assertThat(buffers).hasSize(1);
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void budgetComesBackAlsoFromAnotherPool() throws Exception {
		BufferPool uploads = builder(Caps.ofIdle(10)).build();
		BufferPool downloads = BufferPool.builder("downloads").tiers(400).budget(this.budget).build();
		lose(uploads, 100, 9);
		List<PooledBuffer> buffers = new ArrayList<>();
		Garbage.collectUntil(() -> tryAcquire(downloads, 400, buffers));
		assertThat(buffers).hasSize(1);
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void budgetComesBackAlsoFromAClosedPool() throws Exception {
		BufferPool downloads = BufferPool.builder("downloads").tiers(400).budget(this.budget).build();
		loseAndClose();
		List<PooledBuffer> buffers = new ArrayList<>();
		Garbage.collectUntil(() -> tryAcquire(downloads, 400, buffers));
		assertThat(buffers).hasSize(1);
		buffers.forEach(PooledBuffer::release);
	}

	@Test
	void heldLeaseIsNeverTakenForLost() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		List<PooledBuffer> held = Buffers.acquire(pool, 100, 4);
		for (int i = 0; i < 3; i++) {
			pool.statistics();
			Garbage.collect();
		}
		assertThat(pool.statistics().leaked()).isZero();
		held.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
		PooledBuffer hit = pool.acquire(100);
		assertThat(hit.toByteArray()).containsOnly(0);
		hit.release();
		assertThat(pool.statistics().hits()).isEqualTo(1);
	}

	@Test
	void retainedHandleKeepsTheLeaseFromBeingLost() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		PooledBuffer retained = retainAndDrop(pool);
		pool.statistics();
		pool.statistics();
		Garbage.collect();
		assertThat(pool.statistics().leaked()).isZero();
		retained.copyIn(0, new byte[] { 1 }, 0, 1);
		// The first handle was never released: what is lost is its reference
		retained.release();
		assertThat(pool.statistics().leased()).isEqualTo(1);
	}

	private static PooledBuffer retainAndDrop(BufferPool pool) {
		return pool.acquire(100).retain();
	}

	@Test
	void streamKeepsItsLeaseFromBeingLost() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		OutputStream out = pool.acquire(100).outputStream();
		pool.statistics();
		pool.statistics();
		Garbage.collect();
		assertThat(pool.statistics().leaked()).isZero();
		out.write(new byte[100]);
	}

	@Test
	void leaseThatWasWatchedStillComesHome() {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		for (int round = 1; round < 4; round++) {
			PooledBuffer buffer = pool.acquire(100);
			PooledBuffer retained = buffer.retain();
			for (int i = 0; i < 4; i++) {
				assertThat(pool.statistics().leased()).isEqualTo(1);
			}
			retained.copyIn(0, new byte[100], 0, 100);
			retained.release();
			buffer.release();
			assertThat(pool.statistics().idle()).isEqualTo(1);
			assertThat(pool.statistics().misses()).isEqualTo(1);
		}
	}

	@Test
	void discardedAndTrimmedMemoryIsNotReportedAsLost() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(2)).build();
		discardAndTrim(pool);
		Garbage.collect();
		assertThat(pool.statistics().leaked()).isZero();
		assertThat(this.budget.used()).isZero();
	}

	private static void discardAndTrim(BufferPool pool) {
		pool.acquire(100).discard();
		Buffers.acquire(pool, 100, 3).forEach(PooledBuffer::release);
		pool.trim();
	}

	@Test
	void poolThatIsDroppedWithEverythingCanBeCollected() throws Exception {
		WeakReference<BufferPool> pool = droppedPool();
		Garbage.collectUntil(() -> pool.get() == null);
		assertThat(pool.get()).isNull();
	}

	private static WeakReference<BufferPool> droppedPool() {
		BufferPool pool = BufferPool.builder("uploads").tiers(100).build();
		lose(pool, 100, 3);
		pool.acquire(100).release();
		return new WeakReference<>(pool);
	}

	private void loseAndClose() {
		BufferPool uploads = builder(Caps.ofIdle(10)).build();
		lose(uploads, 100, 9);
		uploads.close();
	}

	private static boolean tryAcquire(BufferPool pool, int size, List<PooledBuffer> buffers) {
		PooledBuffer buffer = pool.tryAcquire(size);
		return buffer != null && buffers.add(buffer);
	}

}
