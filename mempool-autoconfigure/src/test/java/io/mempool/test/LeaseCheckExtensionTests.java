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

package io.mempool.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.LeakDetection;
import io.mempool.object.ObjectPool;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests without Spring that leave leases behind fail.
 */
@ProvokesOutput
class LeaseCheckExtensionTests {

	private static final int SIZE = 100;

	private static BufferPool paranoidPool(String name) {
		return BufferPool.builder(name).tiers(SIZE).leakDetection(LeakDetection.PARANOID).build();
	}

	@ParameterizedTest
	@ValueSource(classes = { Annotated.class, Extended.class, Registered.class, Objects.class })
	void leaseThatIsLeftFailsItsTestAndNoOther(Class<?> type) {
		Outcome outcome = Outcome.of(type);
		assertThat(outcome.failed()).containsExactly("leaves()");
		assertThat(outcome.succeeded()).containsExactlyInAnyOrder("after()", "before()");
		assertThat(outcome.failure()).isInstanceOf(AssertionError.class)
			.hasMessageContaining("Test 'leaves()' left a lease behind")
			.hasMessageContaining("Release what is acquired")
			.hasMessageContaining("A lease of ")
			.hasMessageContaining("\tat " + type.getName() + ".leaves(");
	}

	@Test
	void leaseOfSetupIsGivenBackByTeardown() {
		assertThat(Outcome.of(SetUp.class).failed()).isEmpty();
	}

	@Test
	void poolsOfEnclosingTestsAreCheckedToo() {
		Outcome outcome = Outcome.of(Enclosing.class);
		assertThat(outcome.failed()).containsExactly("leaves()");
	}

	@Test
	void leaseThatEndsAShortTimeAfterTheTestIsWaitedFor() {
		assertThat(Outcome.of(Late.class).failed()).isEmpty();
	}

	@Test
	void waitIsThatOfTheAnnotation() {
		assertThat(Outcome.of(Impatient.class).failure()).hasMessageContaining("still open 0 ms after the test");
	}

	@Test
	void manyLeasesAreCountedAndSomeShown() {
		assertThat(Outcome.of(Many.class).failure()).hasMessageContaining("left 30 leases behind")
			.hasMessageContaining("and 20 more");
	}

	@Test
	void leaseThatWasLostIsNoticed() {
		assertThat(Outcome.of(Lossy.class).failure())
			.hasMessageContaining("A lease of pool 'uploads' was lost without a release");
	}

	@Test
	void poolThatListsNothingIsCounted() {
		assertThat(Outcome.of(Unlisted.class).failure()).hasMessageContaining("left 2 leases behind")
			.hasMessageContaining("Each of 2 leases of pool 'uploads' is not listed by its pool")
			.hasMessageContaining("set leakDetection(LeakDetection.PARANOID)");
	}

	@Test
	void testWithoutPoolsIsTold() {
		assertThat(Outcome.of(Poolless.class).failure()).isInstanceOf(ExtensionConfigurationException.class)
			.hasMessageContaining("no field of it holds a BufferPool or an ObjectPool");
	}

	@Test
	void testsThatAreCheckedNeverRunAtTheSameTime() {
		Side.most.set(0);
		Outcome outcome = Outcome.ofParallel(OneSide.class, OtherSide.class);
		assertThat(outcome.failed()).isEmpty();
		assertThat(outcome.succeeded()).hasSize(8);
		assertThat(Side.most).hasValue(1);
	}

	@CheckLeases(timeout = 0)
	@TestMethodOrder(MethodName.class)
	static class Annotated {

		private static final BufferPool pool = paranoidPool("uploads");

		@Test
		void after() {
			pool.acquire(SIZE).release();
		}

		@Test
		void before() {
			pool.acquire(SIZE).release();
		}

		@Test
		void leaves() {
			pool.acquire(SIZE).isAlive();
		}

	}

	@ExtendWith(LeaseCheckExtension.class)
	static class Extended {

		private final BufferPool pool = paranoidPool("uploads");

		private PooledBuffer held = this.pool.acquire(1);

		@Test
		void after() {
			this.pool.acquire(SIZE).release();
		}

		@Test
		void before() {
			this.held.release();
			this.pool.acquire(SIZE).release();
		}

		@Test
		@CheckLeases(timeout = 0)
		void leaves() {
			this.held = this.pool.acquire(SIZE);
		}

	}

	static class Registered {

		private static final BufferPool uploads = paranoidPool("uploads");

		private static final ObjectPool<StringBuilder> things = ObjectPool.builder("things", StringBuilder::new)
			.leakDetection(LeakDetection.PARANOID)
			.build();

		@RegisterExtension
		static final LeaseCheckExtension leases = new LeaseCheckExtension().pool(uploads)
			.pool(things)
			.timeout(Duration.ZERO);

		@Test
		void after() {
			things.acquire().release();
		}

		@Test
		void before() {
			uploads.acquire(SIZE).release();
		}

		@Test
		void leaves() {
			uploads.acquire(SIZE).isAlive();
		}

	}

	@CheckLeases(timeout = 0)
	static class Objects {

		private final ObjectPool<StringBuilder> things = ObjectPool.builder("things", StringBuilder::new)
			.leakDetection(LeakDetection.PARANOID)
			.build();

		@Test
		void after() {
			this.things.acquire().release();
		}

		@Test
		void before() {
			this.things.acquire().release();
		}

		@Test
		void leaves() {
			this.things.acquire().isAlive();
		}

	}

	@CheckLeases(timeout = 0)
	@SuppressWarnings("NullAway.Init")
	static class SetUp {

		private BufferPool pool;

		private PooledBuffer buffer;

		@BeforeEach
		void acquire() {
			this.pool = paranoidPool("uploads");
			this.buffer = this.pool.acquire(SIZE);
		}

		@AfterEach
		void release() {
			this.buffer.release();
		}

		@Test
		void uses() {
			assertThat(this.buffer.isAlive()).isTrue();
		}

	}

	@CheckLeases(timeout = 0)
	static class Enclosing {

		private final BufferPool pool = paranoidPool("uploads");

		@Nested
		class Inner {

			@Test
			void leaves() {
				Enclosing.this.pool.acquire(SIZE).isAlive();
			}

		}

	}

	@CheckLeases(timeout = 30)
	static class Late {

		private final BufferPool pool = paranoidPool("uploads");

		@Test
		void endsLate() {
			PooledBuffer buffer = this.pool.acquire(SIZE);
			CompletableFuture.runAsync(() -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
				buffer.release();
			});
		}

	}

	@CheckLeases(timeout = 0, unit = TimeUnit.MILLISECONDS)
	static class Impatient {

		private final BufferPool pool = paranoidPool("uploads");

		@Test
		void leaves() {
			this.pool.acquire(SIZE).isAlive();
		}

	}

	@CheckLeases(timeout = 0)
	static class Many {

		private final BufferPool pool = paranoidPool("uploads");

		@Test
		void leaves() {
			for (int i = 0; i < 30; i++) {
				this.pool.acquire(SIZE).isAlive();
			}
		}

	}

	@CheckLeases(timeout = 0)
	static class Lossy {

		private static final BufferPool pool = paranoidPool("uploads");

		@BeforeAll
		static void loseBefore() {
			lose();
		}

		private static void lose() {
			pool.acquire(SIZE).isAlive();
		}

		@Test
		void loses() throws Exception {
			lose();
			Garbage.collectUntil(() -> pool.statistics().leaked() == 2);
		}

	}

	@CheckLeases(timeout = 0)
	static class Unlisted {

		private final BufferPool pool = BufferPool.builder("uploads").tiers(SIZE).build();

		private final PooledBuffer held = this.pool.acquire(SIZE);

		@Test
		void leaves() {
			assertThat(this.held.isAlive()).isTrue();
			this.pool.acquire(SIZE).isAlive();
			this.pool.acquire(SIZE).isAlive();
		}

	}

	@CheckLeases
	static class Poolless {

		@Test
		void leaves() {
			paranoidPool("uploads").acquire(SIZE).isAlive();
		}

	}

	abstract static class Side {

		static final AtomicInteger running = new AtomicInteger();

		static final AtomicInteger most = new AtomicInteger();

		private final BufferPool pool = paranoidPool("uploads");

		private void run() {
			int now = running.incrementAndGet();
			most.accumulateAndGet(now, Math::max);
			// Long enough to meet another test, if any runs
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
			this.pool.acquire(SIZE).release();
			running.decrementAndGet();
		}

		@Test
		void one() {
			run();
		}

		@Test
		void two() {
			run();
		}

		@Test
		void three() {
			run();
		}

		@Test
		void four() {
			run();
		}

	}

	@CheckLeases
	static class OneSide extends Side {

	}

	@CheckLeases
	static class OtherSide extends Side {

	}

}
