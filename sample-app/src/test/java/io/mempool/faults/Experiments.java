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

package io.mempool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.DiscardReason;
import io.mempool.core.Leak;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.PoolListener;
import io.mempool.faults.Hooks.Hook;
import io.mempool.faults.Hooks.Hooked;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.object.PooledObjectException;
import io.mempool.scope.BufferScope;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Faults that no client can cause from outside. Each is done once per call, waits until
 * it is over, and throws if the pool behaves in another way than promised.
 */
class Experiments {

	private static final int SIZE = 5000;

	private static final int THREADS = 8;

	private final Map<String, Experiment> experiments = new TreeMap<>();

	private final Watch watch;

	private final Hooks hooks;

	private final boolean virtual;

	private final BufferPool uploads;

	private final BufferPool waiting;

	private final BufferPool failing;

	private final BufferPool tuned;

	private final BufferPool offHeap;

	private final ObjectPool<Hooked> hooked;

	// What an application keeps that is broken on purpose
	private final BlockingQueue<PooledBuffer> kept = new LinkedBlockingQueue<>();

	private final AtomicInteger wanted = new AtomicInteger();

	private volatile CountDownLatch stay = new CountDownLatch(1);

	Experiments(Watch watch, Hooks hooks, @Value("${spring.threads.virtual.enabled:false}") boolean virtual,
			@Qualifier("uploads") BufferPool uploads, @Qualifier("waiting") BufferPool waiting,
			@Qualifier("failing") BufferPool failing, @Qualifier("tuned") BufferPool tuned,
			@Qualifier("native") BufferPool offHeap, @Qualifier("limited") BufferPool limited,
			ObjectPool<Hooked> hooked) {
		this.watch = watch;
		this.hooks = hooks;
		this.virtual = virtual;
		this.uploads = uploads;
		this.waiting = waiting;
		this.failing = failing;
		this.tuned = tuned;
		this.offHeap = offHeap;
		this.hooked = hooked;
		this.experiments.put("double-release", (failure) -> doubleRelease(this.uploads));
		this.experiments.put("double-release-off-heap", (failure) -> doubleRelease(this.offHeap));
		this.experiments.put("stale-release", (failure) -> staleRelease(this.uploads));
		this.experiments.put("stale-release-off-heap", (failure) -> staleRelease(this.offHeap));
		this.experiments.put("racing-release", (failure) -> racingRelease());
		this.experiments.put("use-after-release", (failure) -> useAfterRelease());
		this.experiments.put("lose", (failure) -> lose(this.uploads));
		this.experiments.put("lose-off-heap", (failure) -> lose(this.offHeap));
		this.experiments.put("lose-retained", (failure) -> loseRetained());
		this.experiments.put("lose-object", (failure) -> loseObject());
		this.experiments.put("lose-task", (failure) -> loseTask());
		this.experiments.put("interrupt", (failure) -> interruptWaiting());
		this.experiments.put("die", this::die);
		this.experiments.put("die-holding", this::dieHolding);
		for (Hook hook : Hook.values()) {
			this.experiments.put("hook-" + hook, (failure) -> failHook(hook, failure));
		}
		this.experiments.put("listener", this::failListener);
		this.experiments.put("logger", this::failLogger);
		this.experiments.put("flaw-keep", (failure) -> keep(this.waiting));
		this.experiments.put("flaw-keep-limited", (failure) -> keep(limited));
		this.experiments.put("flaw-wait", (failure) -> start(1, () -> {
			keep(this.waiting);
			return null;
		}));
		this.experiments.put("flaw-give-back", (failure) -> giveBack());
		this.experiments.put("flaw-foreign", (failure) -> {
			try (PooledBuffer buffer = this.watch.stamp(this.uploads.acquire(SIZE), 1)) {
				this.watch.check(buffer, 2);
			}
		});
		this.experiments.put("context", (failure) -> closeContextUnderLoad());
	}

	void run(String name, Failure failure) throws Exception {
		Experiment experiment = this.experiments.get(name);
		if (experiment == null) {
			throw new IllegalArgumentException("'" + name + "' is none of " + this.experiments.keySet());
		}
		experiment.run(failure);
	}

	private void keep(BufferPool pool) {
		this.wanted.incrementAndGet();
		this.kept.add(pool.acquire(SIZE));
	}

	private void giveBack() throws InterruptedException {
		this.stay.countDown();
		this.stay = new CountDownLatch(1);
		for (; this.wanted.get() > 0; this.wanted.decrementAndGet()) {
			this.kept.take().release();
		}
	}

	/**
	 * Return when all is given back that is kept.
	 */
	void stay() throws InterruptedException {
		this.stay.await();
	}

	private void doubleRelease(BufferPool pool) {
		PooledBuffer buffer = this.watch.stamp(pool.acquire(SIZE), 1);
		buffer.release();
		expect(LeaseException.class, buffer::release);
		// Not an error: a try block closes what was released in it
		buffer.close();
	}

	private void staleRelease(BufferPool pool) {
		PooledBuffer first = this.watch.stamp(pool.acquire(SIZE), 1);
		first.release();
		try (PooledBuffer second = this.watch.stamp(pool.acquire(SIZE), 2)) {
			expect(LeaseException.class, first::release);
			expect(LeaseException.class, () -> first.put(0, (byte) 1));
			expect(LeaseException.class, () -> first.toByteArray());
			try (PooledBuffer third = this.watch.stamp(pool.acquire(SIZE), 3)) {
				this.watch.check(second, 2);
				this.watch.check(third, 3);
			}
		}
	}

	private void racingRelease() throws InterruptedException {
		PooledBuffer buffer = this.watch.stamp(this.uploads.acquire(SIZE), 1);
		CountDownLatch start = new CountDownLatch(1);
		AtomicInteger won = new AtomicInteger();
		AtomicInteger refused = new AtomicInteger();
		List<Thread> threads = start(THREADS, () -> {
			start.await();
			try {
				buffer.release();
				won.incrementAndGet();
			}
			catch (LeaseException ex) {
				refused.incrementAndGet();
			}
			return null;
		});
		start.countDown();
		join(threads);
		require(won.get() == 1 && refused.get() == THREADS - 1,
				won + " of " + THREADS + " releases of one handle succeeded, and " + refused + " were refused");
	}

	private void useAfterRelease() {
		PooledBuffer buffer = this.uploads.acquire(SIZE);
		buffer.release();
		expect(LeaseException.class, () -> buffer.get(0));
		expect(LeaseException.class, () -> buffer.copyIn(0, new byte[1]));
		expect(LeaseException.class, () -> buffer.slice(0, 1));
		expect(LeaseException.class, buffer::retain);
		expect(LeaseException.class, buffer::array);
	}

	private void lose(BufferPool pool) {
		this.watch.stamp(pool.acquire(SIZE), 1);
	}

	private void loseRetained() {
		try (BufferScope scope = new BufferScope(this.uploads)) {
			PooledBuffer retained = scope.acquire(SIZE).retain();
			require(retained.isAlive(), "A retained handle was dead");
		}
	}

	private void loseObject() {
		PooledObject<Hooked> object = this.hooked.acquire();
		require(object.get() != null, "An object was missing");
	}

	private void loseTask() {
		try (BufferScope scope = new BufferScope(this.uploads)) {
			PooledBuffer buffer = this.watch.stamp(scope.acquire(SIZE), 1);
			Runnable dropped = scope.wrap((Runnable) () -> this.watch.check(buffer, 1));
			require(dropped != null, "No task");
		}
	}

	private void interruptWaiting() throws InterruptedException {
		AtomicInteger interrupted = new AtomicInteger();
		AtomicInteger served = new AtomicInteger();
		List<Thread> threads;
		try (PooledBuffer first = this.waiting.acquire(SIZE); PooledBuffer second = this.waiting.acquire(SIZE)) {
			require(first != second, "One lease for two");
			threads = start(2 * THREADS, () -> {
				try (PooledBuffer buffer = this.waiting.acquire(SIZE)) {
					this.watch.check(this.watch.stamp(buffer, 1), 1);
					served.incrementAndGet();
				}
				catch (AcquireInterruptedException ex) {
					if (Thread.currentThread().isInterrupted()) {
						interrupted.incrementAndGet();
					}
				}
				return null;
			});
			until(() -> this.waiting.statistics().waiting() == 2 * THREADS, "16 threads wait");
			threads.subList(0, THREADS).forEach(Thread::interrupt);
			until(() -> interrupted.get() == THREADS, "8 of them are interrupted");
			require(this.waiting.statistics().waiting() == THREADS, "Another thread left the queue");
		}
		join(threads);
		require(served.get() == THREADS,
				served + " of " + THREADS + " threads were served after others were interrupted");
	}

	private void die(Failure failure) throws InterruptedException {
		join(start(THREADS, () -> {
			try (BufferScope scope = new BufferScope(this.uploads)) {
				this.watch.stamp(scope.acquire(SIZE), 1);
				return failure.raise();
			}
		}));
	}

	private void dieHolding(Failure failure) throws InterruptedException {
		join(start(1, () -> {
			this.watch.stamp(this.uploads.acquire(SIZE), 1);
			return failure.raise();
		}));
	}

	private void failHook(Hook hook, Failure failure) {
		this.hooked.trim();
		if (hook != Hook.CREATE) {
			this.hooked.acquire().release();
		}
		this.hooks.fail(hook, failure);
		try {
			switch (hook) {
				case CREATE -> expect(Throwable.class, this.hooked::acquire);
				case VALIDATE, RESET -> {
					try {
						this.hooked.acquire().release();
					}
					catch (PooledObjectException | Error ex) {
						// Allowed: the object it hit is lost, and nothing else
					}
				}
				case DESTROY -> this.hooked.trim();
			}
		}
		finally {
			this.hooks.mend();
		}
		this.hooked.acquire().release();
	}

	private void failListener(Failure failure) {
		PoolListener listener = new PoolListener() {

			@Override
			public void exhausted(String pool, long refusals, long size) {
				failure.raise();
			}

			@Override
			public void leaked(Leak leak) {
				failure.raise();
			}

			@Override
			public void trimmed(String pool, DiscardReason reason, long bytes) {
				failure.raise();
			}

		};
		this.failing.addListener(listener);
		this.tuned.addListener(listener);
		try {
			exhaust();
			this.tuned.acquire(100).release();
			this.tuned.trim();
			this.tuned.acquire(100).release();
		}
		finally {
			this.failing.removeListener(listener);
			this.tuned.removeListener(listener);
		}
	}

	private void exhaust() {
		try (PooledBuffer first = this.failing.acquire(SIZE); PooledBuffer second = this.failing.acquire(SIZE)) {
			require(first != second, "One lease for two");
			expect(PoolExhaustedException.class, () -> this.failing.acquire(SIZE));
		}
	}

	private void failLogger(Failure failure) {
		Logger logger = (Logger) LoggerFactory.getLogger("io.mempool");
		Appender<ILoggingEvent> appender = new FailingAppender(failure);
		appender.start();
		logger.setAdditive(false);
		logger.setLevel(Level.TRACE);
		logger.addAppender(appender);
		try {
			doubleRelease(this.uploads);
			exhaust();
			this.tuned.acquire(100).release();
			this.tuned.trim();
			failHook(Hook.DESTROY, Failure.EXCEPTION);
			lose(this.uploads);
		}
		finally {
			logger.detachAppender(appender);
			logger.setLevel(null);
			logger.setAdditive(true);
		}
	}

	private void closeContextUnderLoad() throws InterruptedException {
		SpringApplication application = new SpringApplication(Second.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		// Logging and configuration files are those of the first context
		application.setListeners(List.of());
		ConfigurableApplicationContext context = application.run("--mempool.pools.second.tiers=16KB",
				"--mempool.pools.second.max-total=4", "--mempool.pools.second.policy=wait",
				"--mempool.budget.heap=4MB");
		BufferPool second = context.getBean("second", BufferPool.class);
		PooledBuffer held = this.watch.stamp(second.acquire(SIZE), 9);
		AtomicInteger done = new AtomicInteger();
		AtomicInteger closed = new AtomicInteger();
		List<Thread> threads = start(THREADS, () -> {
			try {
				while (true) {
					try (PooledBuffer buffer = second.acquire(SIZE)) {
						this.watch.check(this.watch.stamp(buffer, 8), 8);
						done.incrementAndGet();
					}
				}
			}
			catch (PoolClosedException ex) {
				closed.incrementAndGet();
			}
			return null;
		});
		until(() -> done.get() >= 10 * THREADS, "80 leases of the second context");
		context.close();
		join(threads);
		require(closed.get() == THREADS, closed + " of " + THREADS + " threads heard that the pool was closed");
		this.watch.check(held, 9);
		held.release();
		require(second.statistics().leased() == 0, "Leased after the close: " + second.statistics());
		require(second.statistics().usedBytes() == 0, "Kept after the close: " + second.statistics());
	}

	private List<Thread> start(int count, Callable<?> task) {
		Runnable runnable = () -> {
			try {
				task.call();
			}
			catch (Exception | Error ex) {
				if (!isOnPurpose(ex)) {
					this.watch.complain("A worker died of " + ex);
				}
				throw new ThreadDeathOnPurpose(ex);
			}
		};
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Thread thread = Threads.unstarted(runnable, this.virtual);
			thread.setUncaughtExceptionHandler((failed, ex) -> {
			});
			thread.start();
			threads.add(thread);
		}
		return threads;
	}

	private static boolean isOnPurpose(Throwable ex) {
		return ex instanceof VirtualMachineError || "on purpose".equals(ex.getMessage());
	}

	private static void join(List<Thread> threads) throws InterruptedException {
		for (Thread thread : threads) {
			thread.join(Duration.ofSeconds(20).toMillis());
			require(!thread.isAlive(), "A worker hangs in " + List.of(thread.getStackTrace()));
		}
	}

	private static void until(BooleanSupplier condition, String what) {
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (!condition.getAsBoolean()) {
			require(System.nanoTime() < end, "Not after 20 seconds: " + what);
			LockSupport.parkNanos(200_000);
		}
	}

	private static void expect(Class<? extends Throwable> type, Runnable action) {
		Throwable thrown = null;
		try {
			action.run();
		}
		catch (Throwable ex) {
			thrown = ex;
		}
		require(type.isInstance(thrown), "Expected " + type.getSimpleName() + ", but it ended with " + thrown);
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

	@FunctionalInterface
	private interface Experiment {

		void run(Failure failure) throws Exception;

	}

	private static final class ThreadDeathOnPurpose extends Error {

		private ThreadDeathOnPurpose(Throwable cause) {
			super(cause);
		}

	}

	private static final class FailingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

		private final Failure failure;

		private FailingAppender(Failure failure) {
			this.failure = failure;
		}

		// Its parent catches exceptions
		@Override
		public void doAppend(ILoggingEvent event) {
			this.failure.raise();
		}

		@Override
		protected void append(ILoggingEvent event) {
		}

	}

	/**
	 * A second application in the same virtual machine.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Second {

	}

}
