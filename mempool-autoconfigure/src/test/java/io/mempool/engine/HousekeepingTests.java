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

package io.mempool.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@ProvokesOutput
class HousekeepingTests {

	private static final Duration SHORT = Duration.ofMillis(1);

	private static final Duration LONG = Duration.ofDays(1);

	private final Housekeeping housekeeping = new Housekeeping("housekeeping-tests");

	private Housekeeping.Task every(Duration period, AtomicInteger owner) {
		return this.housekeeping.add(period, owner, AtomicInteger::incrementAndGet);
	}

	private static void awaitMoreThan(int count, AtomicInteger owner) {
		Awaitility.await().untilAtomic(owner, Matchers.greaterThan(count));
	}

	@Test
	void taskIsDoneAgainAndAgain() {
		AtomicInteger owner = new AtomicInteger();
		every(SHORT, owner);
		awaitMoreThan(3, owner);
	}

	@Test
	void oneDaemonServesAllTasksAndHoldsNoApplication() {
		AtomicInteger owner = new AtomicInteger();
		assertThat(this.housekeeping.thread()).isNull();
		every(LONG, owner);
		Thread thread = this.housekeeping.thread();
		every(LONG, owner);
		assertThat(this.housekeeping.thread()).isSameAs(thread).isNotNull();
		assertThat(thread.isDaemon()).isTrue();
		assertThat(thread.getContextClassLoader()).isNull();
	}

	@Test
	void threadHoldsNothingOfTheCallerThatStartedIt() throws Exception {
		AtomicInteger owner = new AtomicInteger();
		WeakReference<ClassLoader> loader = new WeakReference<>(startFromAnotherApplication(() -> every(SHORT, owner)));
		Garbage.collectUntil(() -> loader.get() == null);
		assertThat(loader.get()).isNull();
		awaitMoreThan(owner.get(), owner);
		assertThat(owner.get()).isPositive();
	}

	private static ClassLoader startFromAnotherApplication(Runnable start) throws Exception {
		ClassLoader loader = new ApplicationLoader();
		Constructor<?> constructor = loader.loadClass(Application.class.getName())
			.getDeclaredConstructor(Runnable.class);
		constructor.setAccessible(true);
		Runnable application = (Runnable) constructor.newInstance(start);
		assertThat(application.getClass()).isNotEqualTo(Application.class);
		Thread thread = new Thread(new ThreadGroup("application"), application);
		thread.setContextClassLoader(loader);
		thread.start();
		thread.join();
		return loader;
	}

	@Test
	void taskOfAShorterPeriodDoesNotWaitForOneOfALonger() {
		AtomicInteger owner = new AtomicInteger();
		every(LONG, owner);
		every(SHORT, owner);
		awaitMoreThan(0, owner);
	}

	@Test
	void threadEndsWithTheLastTaskAndANewOneBeginsWithTheNext() {
		AtomicInteger owner = new AtomicInteger();
		Housekeeping.Task first = every(LONG, owner);
		Housekeeping.Task second = every(SHORT, owner);
		Thread thread = this.housekeeping.thread();
		second.cancel();
		assertThat(this.housekeeping.thread()).isSameAs(thread);
		first.cancel();
		Awaitility.await().until(() -> !thread.isAlive());
		assertThat(this.housekeeping.thread()).isNull();
		int count = owner.get();
		every(SHORT, owner);
		awaitMoreThan(count, owner);
	}

	@Test
	void taskThatIsCancelledWhileItRunsIsNotDoneAgain() throws Exception {
		AtomicInteger owner = new AtomicInteger();
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		Housekeeping.Task task = this.housekeeping.add(SHORT, owner, (count) -> {
			count.incrementAndGet();
			running.countDown();
			await(mayEnd);
		});
		running.await();
		task.cancel();
		mayEnd.countDown();
		AtomicInteger later = new AtomicInteger();
		every(SHORT, later);
		awaitMoreThan(5, later);
		assertThat(owner).hasValue(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void failureKeepsNeitherOthersNorItselfFromGoingOn() {
		AtomicInteger failing = new AtomicInteger();
		this.housekeeping.add(SHORT, failing, (count) -> {
			count.incrementAndGet();
			throw new StackOverflowError("Task failed");
		});
		AtomicInteger owner = new AtomicInteger();
		every(SHORT, owner);
		awaitMoreThan(2, owner);
		awaitMoreThan(2, failing);
	}

	@Test
	void interruptDoesNotEndTheThread() {
		AtomicInteger owner = new AtomicInteger();
		every(Duration.ofMillis(20), owner);
		Thread thread = this.housekeeping.thread();
		assertThat(thread).isNotNull();
		thread.interrupt();
		awaitMoreThan(1, owner);
		assertThat(this.housekeeping.thread()).isSameAs(thread);
	}

	@Test
	void forgottenOwnerIsCollectedAndItsTaskDropped() throws Exception {
		AtomicInteger other = new AtomicInteger();
		WeakReference<AtomicInteger> forgotten = new WeakReference<>(new AtomicInteger());
		every(LONG, forgotten.get());
		Housekeeping.Task task = every(SHORT, other);
		Thread thread = this.housekeeping.thread();
		awaitMoreThan(1, other);
		Garbage.collectUntil(() -> forgotten.get() == null);
		assertThat(forgotten.get()).isNull();
		task.cancel();
		Awaitility.await().until(() -> !thread.isAlive());
	}

	/**
	 * Code of an application that is undeployed later.
	 */
	static final class Application implements Runnable {

		private final Runnable start;

		Application(Runnable start) {
			this.start = start;
		}

		@Override
		public void run() {
			this.start.run();
		}

	}

	private static final class ApplicationLoader extends ClassLoader {

		ApplicationLoader() {
			super(HousekeepingTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(Application.class.getName())) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = (in != null) ? in.readAllBytes() : new byte[0];
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
