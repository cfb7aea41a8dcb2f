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

package io.mempool.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObjectException;
import io.mempool.test.CheckLeases;
import io.mempool.testing.Garbage;
import io.mempool.testing.Logged;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tasks that a {@link BufferScope} waits for.
 */
@CheckLeases
@ProvokesOutput
class TasksOfScopeTests {

	private static final int SIZE = 100;

	private final BufferPool pool = BufferPool.builder("jobs")
		.tiers(SIZE)
		.leakDetection(LeakDetection.PARANOID)
		.build();

	private final BufferScope scope = new BufferScope(this.pool);

	private final PooledBuffer buffer = this.scope.acquire(SIZE);

	private void assertAlive() {
		assertThat(this.buffer.isAlive()).isTrue();
	}

	private long inDoubt() {
		return this.pool.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	static Stream<List<String>> ordersOfThreeEnds() {
		return Stream.of(List.of("close", "one", "two"), List.of("close", "two", "one"), List.of("one", "close", "two"),
				List.of("one", "two", "close"), List.of("two", "close", "one"), List.of("two", "one", "close"));
	}

	@ParameterizedTest
	@MethodSource("ordersOfThreeEnds")
	void memoryGoesBackWithTheLastOfCloseAndTasks(List<String> order) {
		List<Boolean> seen = new ArrayList<>();
		Runnable one = this.scope.wrap((Runnable) () -> seen.add(this.buffer.isAlive()));
		Runnable two = this.scope.wrap((Runnable) () -> seen.add(this.buffer.isAlive()));
		for (String end : order) {
			assertThat(this.buffer.isAlive()).as("before %s of %s", end, order).isTrue();
			assertThat(this.scope.isClosed()).isFalse();
			switch (end) {
				case "close" -> this.scope.close();
				case "one" -> one.run();
				default -> two.run();
			}
		}
		assertThat(seen).containsExactly(true, true);
		assertThat(this.buffer.isAlive()).isFalse();
		assertThat(this.scope.isClosed()).isTrue();
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void taskAcquiresThroughTheScopeAfterItsClose() throws Exception {
		Callable<PooledBuffer> task = this.scope.wrap(() -> this.scope.acquire(SIZE));
		this.scope.close();
		PooledBuffer acquired = task.call();
		assertThat(acquired.isAlive()).isFalse();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void taskHandsOverToAnother() {
		List<Runnable> next = new ArrayList<>();
		Runnable first = this.scope.wrap((Runnable) () -> next.add(this.scope.wrap(this::assertAlive)));
		this.scope.close();
		first.run();
		assertThat(this.buffer.isAlive()).isTrue();
		next.get(0).run();
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void taskFindsItsScopeAndTheThreadThatOfBefore() throws Exception {
		try (BufferScope outer = new BufferScope(this.pool); BufferScopes.Binding bound = BufferScopes.bind(outer)) {
			assertThat(this.scope.wrap(BufferScopes::current).call()).isSameAs(this.scope);
			assertThat(BufferScopes.current()).isSameAs(outer);
			assertThat(bound).isNotNull();
		}
		assertThat(BufferScopes.find()).isNull();
		this.scope.close();
	}

	@Test
	void taskThatFailsGivesItsHoldBack() {
		Runnable task = this.scope.wrap((Runnable) () -> {
			throw new UnsupportedOperationException("as asked");
		});
		this.scope.close();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(task::run);
		assertThat(this.buffer.isAlive()).isFalse();
		assertThat(BufferScopes.find()).isNull();
	}

	@Test
	void memoryOfAScopeInDoubtIsDiscardedWhenItsTaskEnds() {
		Runnable task = this.scope.wrap(this::assertAlive);
		this.scope.abandon();
		assertThat(inDoubt()).isZero();
		task.run();
		assertThat(inDoubt()).isEqualTo(1);
	}

	@Test
	void memoryOfATaskHasNoOtherOwner() throws Exception {
		Runnable task = this.scope.wrap((Runnable) () -> this.buffer.copyIn(0, new byte[] { 66 }, 0, 1));
		this.scope.close();
		try (PooledBuffer other = this.pool.acquire(SIZE)) {
			task.run();
			assertThat(other.toByteArray()).containsOnly(0);
		}
	}

	@Test
	void closedScopeTakesNoTask() {
		this.scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.wrap(() -> {
		})).withMessageContaining("Cannot give a task to this scope: it is closed");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.scope.submit(Runnable::run, () -> {
		}));
	}

	@Test
	void taskRunsOnce() {
		AtomicInteger runs = new AtomicInteger();
		Runnable task = this.scope.wrap((Runnable) runs::incrementAndGet);
		task.run();
		assertThatIllegalStateException().isThrownBy(task::run).withMessageContaining("Wrap a task once for each run");
		assertThat(runs).hasValue(1);
		this.scope.close();
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void noTaskIsNoHold() {
		assertThatNullPointerException().isThrownBy(() -> this.scope.wrap((Runnable) null));
		assertThatNullPointerException().isThrownBy(() -> this.scope.wrap((Callable<?>) null));
		this.scope.close();
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void submittedTaskHasAResult() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<Boolean> result = this.scope.submit(executor, this.buffer::isAlive);
			Future<?> none = this.scope.submit(executor, () -> {
				throw new UnsupportedOperationException("as asked");
			});
			this.scope.close();
			assertThat(result.get(20, TimeUnit.SECONDS)).isTrue();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> none.get(20, TimeUnit.SECONDS))
				.withCauseInstanceOf(UnsupportedOperationException.class);
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void refusedTaskGivesItsHoldBackAtOnce() {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		executor.shutdown();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.scope.submit(executor, () -> {
		}));
		this.scope.close();
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void taskOfAnExecutorThatFailsAfterItQueuedTheTaskDoesNotRun() {
		List<Runnable> queue = new ArrayList<>();
		Executor executor = (task) -> {
			queue.add(task);
			throw new OutOfMemoryError("as asked: no thread");
		};
		AtomicInteger runs = new AtomicInteger();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> this.scope.submit(executor, (Runnable) runs::incrementAndGet));
		this.scope.close();
		assertThat(this.buffer.isAlive()).isFalse();
		queue.get(0).run();
		assertThat(runs).hasValue(0);
	}

	@Test
	void taskThatIsCancelledBeforeItRunsGivesItsHoldBackAtOnce() {
		List<Runnable> queue = new ArrayList<>();
		Future<?> task = this.scope.submit(queue::add, () -> this.buffer.size());
		this.scope.close();
		assertThat(this.buffer.isAlive()).isTrue();
		task.cancel(false);
		assertThat(this.buffer.isAlive()).isFalse();
		queue.get(0).run();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(task::get);
	}

	@Test
	void taskThatIsCancelledWhileItRunsHoldsTheScopeUntilItEnds() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CompletableFuture<Boolean> go = new CompletableFuture<>();
		CompletableFuture<Boolean> alive = new CompletableFuture<>();
		CompletableFuture<Void> thread = new CompletableFuture<>();
		Future<?> task = this.scope.submit((work) -> new Thread(() -> {
			work.run();
			thread.complete(null);
		}).start(), () -> {
			running.countDown();
			go.join();
			alive.complete(this.buffer.isAlive());
		});
		running.await();
		this.scope.close();
		task.cancel(true);
		assertThat(this.buffer.isAlive()).isTrue();
		go.complete(true);
		assertThat(alive.get(20, TimeUnit.SECONDS)).isTrue();
		thread.get(20, TimeUnit.SECONDS);
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void tasksThatAnExecutorReturnsAtItsShutdownAreCancelled() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		executor.execute(() -> {
			try {
				go.await();
			}
			catch (InterruptedException ex) {
				// Shut down
			}
		});
		Future<?> task = this.scope.submit(executor, () -> this.buffer.size());
		this.scope.close();
		executor.shutdownNow().forEach((dropped) -> ((Future<?>) dropped).cancel(false));
		assertThat(task.isCancelled()).isTrue();
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void taskThatIsDroppedIsFoundByTheCollector() throws Exception {
		try (Logged log = new Logged(LostTasks.class)) {
			drop(this.scope);
			this.scope.close();
			assertThat(this.buffer.isAlive()).isTrue();
			// The message comes last
			Garbage.collectUntil(() -> !log.messages().isEmpty());
			assertThat(this.buffer.isAlive()).isFalse();
			assertThat(this.pool.statistics().leaked()).isZero();
			assertThat(this.pool.statistics().idle()).isEqualTo(1);
			assertThat(log.messages()).singleElement()
				.asString()
				.contains("A task of a scope will never run")
				.contains(TasksOfScopeTests.class.getName())
				.contains("cancel");
		}
	}

	private static void drop(BufferScope scope) {
		scope.wrap(() -> {
		}).toString();
	}

	@Test
	void taskThatWaitsIsNotLost() throws Exception {
		Runnable task = this.scope.wrap(this::assertAlive);
		this.scope.close();
		Garbage.collect();
		LostTasks.SHARED.look();
		assertThat(this.buffer.isAlive()).isTrue();
		task.run();
	}

	@Test
	void noTaskIsWatchedOnceItHasRun() {
		int before = LostTasks.SHARED.waiting();
		Runnable task = this.scope.wrap(() -> {
		});
		assertThat(LostTasks.SHARED.waiting()).isEqualTo(before + 1);
		task.run();
		assertThat(LostTasks.SHARED.waiting()).isEqualTo(before);
		this.scope.close();
	}

	@Test
	void failureToGiveBackIsThatOfTheLastTask() {
		ObjectPool<StringBuilder> failing = ObjectPool.builder("failing", StringBuilder::new).reset((thing) -> {
			throw new UnsupportedOperationException("as asked");
		}).build();
		this.scope.acquire(failing);
		Runnable task = this.scope.wrap(() -> {
		});
		this.scope.close();
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(task::run)
			.isInstanceOfAny(PooledObjectException.class, UnsupportedOperationException.class);
		assertThat(this.buffer.isAlive()).isFalse();
	}

	@Test
	void leaseThatATaskReleasedItselfIsReleasedOnce() {
		Runnable task = this.scope.wrap(this.buffer::release);
		this.scope.close();
		task.run();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(this.buffer::release);
	}

	@Test
	void leasesOfATaskHaveTheNameOfTheScope() throws Exception {
		UnitOfWork work = new UnitOfWork("nightly report", "7");
		BufferScope named = new BufferScope(this.pool, Long.MAX_VALUE, () -> work, false);
		Callable<UnitOfWork> task = named.wrap(() -> {
			named.acquire(SIZE);
			return this.pool.openLeases().get(1).work();
		});
		named.close();
		assertThat(task.call()).isEqualTo(work);
		this.scope.close();
	}

	@Test
	void listenerIsCalledWhenMemoryHasGoneBack() {
		List<Boolean> seen = new ArrayList<>();
		this.scope.onClose(() -> seen.add(this.buffer.isAlive()));
		this.scope.onClose(() -> {
			throw new UnsupportedOperationException("as asked");
		});
		Runnable task = this.scope.wrap(() -> {
		});
		this.scope.close();
		assertThat(seen).isEmpty();
		task.run();
		this.scope.close();
		assertThat(seen).containsExactly(false);
		this.scope.onClose(() -> seen.add(true));
		assertThat(seen).containsExactly(false, true);
	}

	@Test
	void everyTaskOfManyThreadsSeesMemoryAlive() throws Exception {
		this.scope.close();
		for (int round = 0; round < 200; round++) {
			BufferScope scope = new BufferScope(this.pool);
			PooledBuffer buffer = scope.acquire(SIZE);
			List<Callable<Boolean>> tasks = List.of(scope.wrap(buffer::isAlive), scope.wrap(buffer::isAlive));
			AtomicInteger alive = new AtomicInteger();
			Together.run(3, (thread) -> {
				if (thread == 2) {
					scope.close();
				}
				else if (tasks.get(thread).call()) {
					alive.incrementAndGet();
				}
			});
			assertThat(alive).hasValue(2);
			assertThat(buffer.isAlive()).isFalse();
		}
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void threadWithoutAScopeIsToldWhereOneComesFrom() {
		this.scope.close();
		assertThatIllegalStateException().isThrownBy(BufferScopes::current)
			.withMessageContaining("No scope is bound to the thread '" + Thread.currentThread().getName() + "'")
			.withMessageContaining("@PooledScope")
			.withMessageContaining("new BufferScope(pool)");
	}

}
