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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.LeakDetection;
import io.mempool.core.OpenLease;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Together;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A pool that notes all leases lists those that are open.
 */
@ProvokesOutput
class OpenLeaseTests {

	private static final int SIZE = 100;

	private static BufferPool pool() {
		return BufferPool.builder("uploads").tiers(SIZE, 10 * SIZE).leakDetection(LeakDetection.PARANOID).build();
	}

	@Test
	void openLeaseIsListedWithItsNote() {
		BufferPool pool = pool();
		try (PooledBuffer buffer = pool.acquire(60)) {
			assertThat(pool.openLeases()).singleElement().satisfies((lease) -> {
				assertThat(lease.pool()).isEqualTo("uploads");
				assertThat(lease.size()).isEqualTo(buffer.size());
				assertThat(lease.age()).isPositive();
				assertThat(lease.work()).isNull();
				assertThat(lease.thread()).isEqualTo(Thread.currentThread().getName());
				assertThat(method(lease)).isEqualTo("openLeaseIsListedWithItsNote");
			});
		}
	}

	// The frames of leaks belong to the caller, as this room is one of the library's
	private static @Nullable String method(OpenLease lease) {
		return lease.stack().isEmpty() ? null : lease.stack().get(0).getMethodName();
	}

	@Test
	void releasedLeaseIsNotListed() {
		BufferPool pool = pool();
		pool.acquire(SIZE).release();
		assertThat(pool.openLeases()).isEmpty();
	}

	@Test
	void nextLeaseOfABlockIsAnother() {
		BufferPool pool = pool();
		long first = number(pool);
		long second = number(pool);
		assertThat(pool.statistics().hits()).isEqualTo(1);
		assertThat(second).isGreaterThan(first);
	}

	private static long number(BufferPool pool) {
		try (PooledBuffer buffer = pool.acquire(SIZE)) {
			assertThat(buffer.isAlive()).isTrue();
			return pool.openLeases().get(0).number();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 60, SIZE, 10 * SIZE, 10 * SIZE + 1 })
	void leaseIsListedWhereverItsMemoryComesFrom(int size) {
		for (boolean pooling : new boolean[] { true, false }) {
			BufferPool pool = BufferPool.builder("uploads")
				.tiers(SIZE, 10 * SIZE)
				.caps(new Caps(1, 1, 0))
				.pooling(pooling)
				.leakDetection(LeakDetection.PARANOID)
				.build();
			try (PooledBuffer first = pool.acquire(size); PooledBuffer second = pool.acquire(size)) {
				assertThat(pool.openLeases()).extracting(OpenLease::size)
					.containsExactly((long) first.size(), (long) second.size());
			}
			assertThat(pool.openLeases()).isEmpty();
		}
	}

	@Test
	void retainedLeaseIsListedOnceUntilItsLastRelease() {
		BufferPool pool = pool();
		PooledBuffer buffer = pool.acquire(SIZE);
		PooledBuffer retained = buffer.retain();
		buffer.release();
		assertThat(pool.openLeases()).hasSize(1);
		retained.release();
		assertThat(pool.openLeases()).isEmpty();
	}

	@Test
	void leaseOfAScopeIsListedWithTheWorkOfTheScope() {
		BufferPool pool = pool();
		UnitOfWork work = new UnitOfWork("nightly report", "7");
		try (BufferScope scope = new BufferScope(pool, Long.MAX_VALUE, () -> work, false)) {
			scope.acquire(SIZE);
			assertThat(pool.openLeases()).singleElement().extracting(OpenLease::work).isEqualTo(work);
		}
	}

	@Test
	void leasesAreListedOldestFirst() {
		BufferPool pool = pool();
		try (BufferScope scope = new BufferScope(pool)) {
			for (int i = 0; i < 10; i++) {
				scope.acquire(i);
			}
			assertThat(pool.openLeases()).extracting(OpenLease::size)
				.containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
		}
	}

	@Test
	void leasesOfOtherPoolsOfTheBudgetAreNotListed() {
		BufferPool pool = pool();
		try (PooledBuffer buffer = pool().acquire(SIZE)) {
			assertThat(pool.openLeases()).isEmpty();
			assertThat(buffer.isAlive()).isTrue();
		}
	}

	@Test
	void closedPoolListsWhatIsStillLeased() {
		BufferPool pool = pool();
		PooledBuffer buffer = pool.acquire(SIZE);
		pool.close();
		assertThat(pool.openLeases()).hasSize(1);
		buffer.release();
		assertThat(pool.openLeases()).isEmpty();
	}

	@Test
	void openObjectIsListed() {
		ObjectPool<StringBuilder> pool = ObjectPool.builder("things", StringBuilder::new)
			.leakDetection(LeakDetection.PARANOID)
			.build();
		try (PooledObject<StringBuilder> thing = pool.acquire()) {
			assertThat(thing.isAlive()).isTrue();
			assertThat(pool.openLeases()).singleElement().satisfies((lease) -> {
				assertThat(lease.pool()).isEqualTo("things");
				assertThat(lease.size()).isZero();
				assertThat(method(lease)).isEqualTo("openObjectIsListed");
			});
		}
		assertThat(pool.openLeases()).isEmpty();
	}

	@Test
	void listedLeaseIsStillFoundIfItIsLost() throws Exception {
		BufferPool pool = pool();
		pool.acquire(SIZE).isAlive();
		List<OpenLease> listed = pool.openLeases();
		Garbage.collectUntil(() -> pool.statistics().leaked() == 1);
		assertThat(listed).hasSize(1);
		assertThat(pool.openLeases()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "PARANOID")
	void levelThatDoesNotNoteAllLeasesIsNamed(LeakDetection detection) {
		BufferPool pool = BufferPool.builder("uploads").tiers(SIZE).leakDetection(detection).build();
		assertThatIllegalStateException().isThrownBy(pool::openLeases)
			.withMessageContaining("Cannot list the open leases of pool 'uploads'")
			.withMessageContaining("'" + detection.name().toLowerCase(Locale.ROOT) + "'")
			.withMessageContaining("Set 'mempool.leak-detection' to 'paranoid'");
	}

	@Test
	void poolOfAnotherMakeSaysThatItHasNoList() {
		BufferPool other = (BufferPool) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { BufferPool.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "name" -> "mine";
					case "openLeases" -> InvocationHandler.invokeDefault(proxy, method);
					default -> null;
				});
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(other::openLeases)
			.withMessageContaining("Pool 'mine'")
			.withMessageContaining("Pass openLeases() on");
	}

	@Test
	void listIsWholeWhileOtherThreadsAcquireAndRelease() throws Exception {
		BufferPool pool = pool();
		try (BufferScope scope = new BufferScope(pool)) {
			scope.acquire(1);
			scope.acquire(2);
			AtomicReference<List<OpenLease>> missing = new AtomicReference<>(new ArrayList<>());
			Together.run(3, (thread) -> {
				for (int i = 0; i < 300; i++) {
					if (thread == 0) {
						List<OpenLease> open = pool.openLeases();
						if (open.stream().filter((lease) -> lease.size() == 1 || lease.size() == 2).count() != 2) {
							missing.set(open);
						}
					}
					else {
						pool.acquire(SIZE).release();
					}
				}
			});
			assertThat(missing.get()).isEmpty();
			assertThat(pool.openLeases()).hasSize(2);
		}
	}

	@Test
	void threadOfALeaseIsTheOneThatAcquired() throws Exception {
		BufferPool pool = pool();
		AtomicReference<@Nullable PooledBuffer> acquired = new AtomicReference<>();
		Thread thread = new Thread(() -> acquired.set(pool.acquire(SIZE)), "uploader");
		thread.start();
		thread.join();
		assertThat(pool.openLeases()).extracting(OpenLease::thread).containsExactly("uploader");
		PooledBuffer buffer = acquired.get();
		assertThat(buffer).isNotNull();
		buffer.release();
	}

	@Test
	void descriptionTellsSizePoolThreadWorkAndPlace() {
		BufferPool pool = pool();
		UnitOfWork work = new UnitOfWork("nightly report", "7");
		try (BufferScope scope = new BufferScope(pool, Long.MAX_VALUE, () -> work, false)) {
			scope.acquire(SIZE);
			assertThat(pool.openLeases().get(0).describe())
				.startsWith("A lease of 100 bytes of pool 'uploads', acquired ")
				.contains("by the thread '" + Thread.currentThread().getName() + "', in nightly report (7)")
				.contains("\tat io.mempool.leaks.OpenLeaseTests.descriptionTellsSizePoolThreadWorkAndPlace");
		}
	}

}
