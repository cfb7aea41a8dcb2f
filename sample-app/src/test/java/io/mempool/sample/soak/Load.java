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

package io.mempool.sample.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads that send content through every surface at random, hang up now and then, and
 * change the pools meanwhile. It can be paused: then nothing is on its way.
 */
final class Load {

	private static final long OWNERS = 0x5AFE_0000_0000_0000L;

	private static final int FAILURES = 10;

	private static final int TUNING_MILLIS = 100;

	private static final int HANG_UP_MILLIS = 100;

	private final SoakTarget target;

	private final SoakClient client;

	// Fair, or a pause would wait for ever
	private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

	private final AtomicLong owners = new AtomicLong();

	private final LongAdder operations = new LongAdder();

	private final LongAdder hangUps = new LongAdder();

	private final LongAdder changes = new LongAdder();

	private final Map<Surface, LongAdder> bySurface;

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean ended;

	Load(SoakTarget target, SoakClient client) {
		this.target = target;
		this.client = client;
		Map<Surface, LongAdder> bySurface = new LinkedHashMap<>();
		target.surfaces().forEach((surface) -> bySurface.put(surface, new LongAdder()));
		this.bySurface = bySurface;
	}

	void start() {
		for (int i = 0; i < this.target.clients(); i++) {
			SplittableRandom random = new SplittableRandom(i);
			start("worker-" + i, () -> work(random));
		}
		SplittableRandom random = new SplittableRandom(-1);
		start("hang-up", () -> hangUp(random));
		Tuning tuning = new Tuning(this.client, this.target.changes());
		start("tuning", () -> {
			tuning.next();
			this.changes.increment();
			return TUNING_MILLIS;
		});
	}

	private void start(String name, Step step) {
		Thread thread = new Thread(() -> run(step), name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private void run(Step step) {
		Lock lock = this.gate.readLock();
		while (!this.ended) {
			int millis = 0;
			lock.lock();
			try {
				millis = step.run();
			}
			catch (Exception | Error ex) {
				fail(Thread.currentThread().getName() + ": " + describe(ex));
			}
			finally {
				lock.unlock();
			}
			sleep(millis);
		}
	}

	private static String describe(Throwable failure) {
		return (failure.getCause() != null) ? failure + ", caused by " + failure.getCause() : failure.toString();
	}

	// Outside of the lock, which a pause waits for
	private void sleep(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			this.ended = true;
		}
	}

	private int work(SplittableRandom random) throws Exception {
		List<Surface> surfaces = this.target.surfaces();
		Surface surface = surfaces.get(random.nextInt(surfaces.size()));
		int size = Sizes.next(random, surface.maximum());
		try {
			surface.exercise(this.client, nextOwner(), size);
		}
		catch (Exception ex) {
			throw new IllegalStateException("%s of %d bytes".formatted(surface.name(), size), ex);
		}
		finally {
			this.bySurface.get(surface).increment();
			this.operations.increment();
		}
		return 0;
	}

	private int hangUp(SplittableRandom random) throws Exception {
		List<HangUp> kinds = this.target.hangUps();
		HangUp kind = kinds.get(random.nextInt(kinds.size()));
		try {
			kind.exercise(this.client, nextOwner(), Sizes.next(random, Sizes.OVERSIZED / 2), random);
		}
		catch (IOException ex) {
			// The server was quicker
		}
		this.hangUps.increment();
		return random.nextInt(HANG_UP_MILLIS);
	}

	long nextOwner() {
		return OWNERS + this.owners.incrementAndGet();
	}

	private void fail(String failure) {
		if (this.failures.size() < FAILURES) {
			this.failures.add(failure);
		}
	}

	/**
	 * Wait until nothing is on its way, and do something before the load goes on.
	 */
	<T> T pause(Pause<T> work) throws Exception {
		Lock lock = this.gate.writeLock();
		lock.lock();
		try {
			return work.run();
		}
		finally {
			lock.unlock();
		}
	}

	long operations() {
		return this.operations.sum();
	}

	long operations(Surface surface) {
		return this.bySurface.get(surface).sum();
	}

	long hangUps() {
		return this.hangUps.sum();
	}

	long changes() {
		return this.changes.sum();
	}

	Map<String, Long> bySurface() {
		Map<String, Long> counts = new TreeMap<>();
		this.bySurface.forEach((surface, count) -> counts.put(surface.name(), count.sum()));
		return counts;
	}

	/**
	 * Return what went wrong first.
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Begin nothing more.
	 */
	void end() {
		this.ended = true;
	}

	void awaitEnd() throws InterruptedException {
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	/**
	 * What a thread does again and again.
	 */
	private interface Step {

		/**
		 * Do it.
		 * @return how many milliseconds to wait before the next
		 */
		int run() throws Exception;

	}

	/**
	 * What is done in a pause.
	 *
	 * @param <T> what comes of it
	 */
	interface Pause<T> {

		T run() throws Exception;

	}

}
