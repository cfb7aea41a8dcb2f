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

package io.mempool.leaks;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Leak;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakKind;
import io.mempool.core.LeakListener;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.Block;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.LeakDetector;
import io.mempool.object.ObjectPool;
import io.mempool.scope.BufferScope;
import io.mempool.testing.Failure;
import io.mempool.testing.Garbage;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners, hooks and loggers that fail cost the pool nothing, and threads that acquire,
 * wait or release never run a listener of leaks.
 */
@ProvokesOutput
@SuppressWarnings("try")
@Tag("garbage")
class FailingCallbackTests {

	private static final int SIZE = 100;

	private static final String HOUSEKEEPING = "mempool-housekeeping";

	private static BufferPoolBuilder builder(String name) {
		return BufferPool.builder(name).tiers(SIZE).leakDetection(LeakDetection.PARANOID);
	}

	private static BufferPoolBuilder ofOne(String name) {
		return builder(name).tiers(List.of(new BufferTier(SIZE, new Caps(1, 1, 0)))).policy(ExhaustionPolicy.FAIL);
	}

	private static void assertThatHousekeepingGoesOn() {
		BufferPool decaying = BufferPool.builder("decaying").tiers(SIZE).idleTimeout(Duration.ofMillis(10)).build();
		decaying.acquire(SIZE).release();
		await().until(() -> decaying.statistics().idle() == 0);
		decaying.close();
	}

	@ParameterizedTest
	@EnumSource
	void workThatCannotBeNamedCostsNoAcquire(Failure failure) {
		Listener listener = new Listener((leak) -> {
		}, failure);
		BufferPool pool = builder("uploads").leakListener(listener).build();
		pool.acquire(SIZE).release();
		pool.acquire(SIZE).release();
		assertThat(listener.asked).hasValue(2);
		assertThat(pool.statistics().hits()).isEqualTo(1);
		assertThat(pool.statistics().leased()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void listenerThatFailsIsToldOfTheNextLeak(Failure failure) {
		AtomicInteger told = new AtomicInteger();
		BufferPool pool = builder("uploads").leakListener((leak) -> {
			told.incrementAndGet();
			failure.raise();
		}).build();
		LostLeases.lose(pool, SIZE);
		LostLeases.awaitLost(pool, 1);
		await().untilAtomic(told, Matchers.is(1));
		LostLeases.lose(pool, SIZE);
		LostLeases.awaitLost(pool, 2);
		await().untilAtomic(told, Matchers.is(2));
		assertThatHousekeepingGoesOn();
	}

	@ParameterizedTest
	@EnumSource
	void whatWasLostIsGrantedAlthoughItCannotBeLogged(Failure failure) throws Exception {
		try (Failure.Log log = failure.ofLog(LeakDetector.class, Block.class, Housekeeping.class)) {
			BufferPool pool = ofOne("uploads").build();
			LostLeases.lose(pool, SIZE);
			pool.statistics();
			pool.statistics();
			Garbage.collectUntil(() -> isGranted(pool));
			assertThat(pool.statistics().leaked()).isOne();
			assertThat(pool.statistics().leased()).isZero();
			assertThat(isGranted(pool)).isTrue();
			assertThatHousekeepingGoesOn();
		}
	}

	private static boolean isGranted(BufferPool pool) {
		PooledBuffer buffer = pool.tryAcquire(SIZE);
		if (buffer != null) {
			buffer.release();
		}
		return buffer != null;
	}

	@ParameterizedTest
	@EnumSource
	void discardAnswersAlthoughTheObjectCannotBeDestroyedNorThatBeLogged(Failure failure) {
		try (Failure.Log log = failure.ofLog(ObjectPool.class, Block.class)) {
			ObjectPool<Thing> pool = ObjectPool.builder("things", new Thing.Factory())
				.destroy((thing) -> failure.raise())
				.maxTotal(1)
				.policy(ExhaustionPolicy.FAIL)
				.build();
			pool.acquire().discard();
			pool.acquire().release();
			assertThat(pool.trim()).isOne();
			pool.acquire().release();
			pool.close();
			assertThat(pool.statistics().leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void scopeReleasesAllAlthoughItsLeakCanNeitherBeToldNorLogged(Failure failure) {
		try (Failure.Log log = failure.ofLog(LeakDetector.class)) {
			BufferPool pool = builder("uploads").leakListener(new Listener((leak) -> failure.raise(), failure)).build();
			BufferScope scope = new BufferScope(pool, Long.MAX_VALUE, failure::raise, true);
			scope.acquire(SIZE);
			scope.acquire(SIZE);
			scope.close();
			assertThat(pool.statistics().leased()).isZero();
		}
	}

	@Test
	void listenerIsToldOfLostLeasesByNoThreadThatAcquiresWaitsOrReleases() throws Exception {
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		BufferPool pool = ofOne("uploads").leakListener((leak) -> threads.add(Thread.currentThread().getName()))
			.build();
		LostLeases.lose(pool, SIZE);
		Started<PooledBuffer> waiting = Started.of(() -> pool.acquire(SIZE, Duration.ofSeconds(60)));
		Garbage.collectUntil(waiting::isDone);
		PooledBuffer served = waiting.result();
		await().until(() -> !threads.isEmpty());
		served.release();
		BufferPool another = ofOne("downloads").leakListener((leak) -> threads.add(Thread.currentThread().getName()))
			.build();
		LostLeases.lose(another, SIZE);
		another.statistics();
		another.statistics();
		Garbage.collectUntil(() -> isGranted(another));
		await().until(() -> threads.size() == 2);
		assertThat(threads).containsOnly(HOUSEKEEPING);
	}

	@Test
	void listenerIsToldOfAnOldLeaseByHousekeeping() {
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		BufferPool pool = builder("uploads").leakMaxAge(Duration.ofMillis(1))
			.leakListener((leak) -> threads.add(Thread.currentThread().getName()))
			.build();
		PooledBuffer held = pool.acquire(SIZE);
		await().until(() -> !threads.isEmpty());
		held.release();
		assertThat(threads).containsOnly(HOUSEKEEPING);
	}

	@Test
	void listenerThatBlocksDelaysNoScope() throws Exception {
		CountDownLatch unblocked = new CountDownLatch(1);
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		BufferPool pool = builder("uploads").leakListener((leak) -> {
			threads.add(Thread.currentThread().getName());
			awaitUninterruptibly(unblocked);
		}).build();
		try {
			for (int i = 0; i < 2; i++) {
				endWithLease(pool);
			}
			await().until(() -> !threads.isEmpty());
			endWithLease(pool);
			assertThat(threads).hasSize(1);
		}
		finally {
			unblocked.countDown();
		}
		await().until(() -> threads.size() == 3);
		assertThat(threads).containsOnly(HOUSEKEEPING);
	}

	@Test
	void reportsThatABlockedListenerCannotTakeAreCountedInTheLog() throws Exception {
		CountDownLatch unblocked = new CountDownLatch(1);
		AtomicInteger told = new AtomicInteger();
		try (Logged log = new Logged(LeakDetector.class)) {
			BufferPool pool = builder("uploads").leakListener((leak) -> {
				told.incrementAndGet();
				awaitUninterruptibly(unblocked);
			}).build();
			int scopes = 1010;
			for (int i = 0; i < scopes; i++) {
				endWithLease(pool);
			}
			unblocked.countDown();
			await().until(() -> !log.messages().isEmpty());
			assertThat(log.messages()).singleElement()
				.asString()
				.contains("Dropped " + (scopes - told.get()) + " reports", "'uploads'");
			assertThat(told).hasValue(1000);
		}
		finally {
			unblocked.countDown();
		}
	}

	private static void endWithLease(BufferPool pool) {
		try (BufferScope scope = new BufferScope(pool, Long.MAX_VALUE, null, true)) {
			scope.acquire(SIZE);
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void listenerThatAcquiresStallsNoneInLine() throws Exception {
		Queue<LeakKind> told = new ConcurrentLinkedQueue<>();
		BufferPool[] self = new BufferPool[1];
		BufferPool pool = builder("uploads")
			.tiers(List.of(new BufferTier(SIZE, new Caps(1, 1, 0)), new BufferTier(2 * SIZE, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(60))
			.leakListener((leak) -> {
				told.add(leak.kind());
				self[0].acquire(SIZE).release();
				told.add(leak.kind());
			})
			.build();
		self[0] = pool;
		PooledBuffer held = pool.acquire(SIZE);
		LostLeases.lose(pool, 2 * SIZE);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(SIZE));
		Garbage.collectUntil(() -> !told.isEmpty());
		held.release();
		PooledBuffer served = waiting.result();
		assertThat(told).containsExactly(LeakKind.COLLECTED);
		served.release();
		await().until(() -> told.size() == 2);
	}

	/**
	 * Tells of leaks, and fails when asked for the unit of work.
	 */
	private static final class Listener implements LeakListener {

		private final AtomicInteger asked = new AtomicInteger();

		private final LeakListener delegate;

		private final Failure failure;

		private Listener(LeakListener delegate, Failure failure) {
			this.delegate = delegate;
			this.failure = failure;
		}

		@Override
		public void leaked(Leak leak) {
			this.delegate.leaked(leak);
		}

		@Override
		public @Nullable UnitOfWork currentWork() {
			this.asked.incrementAndGet();
			return this.failure.raise();
		}

	}

}
