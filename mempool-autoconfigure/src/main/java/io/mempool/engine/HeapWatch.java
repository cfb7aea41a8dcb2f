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

import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Tells subscribers how full the heap was after each collection of all of it. There is
 * one watch in a JVM, since there is one heap: it knows what each subscriber has given
 * back.
 */
public final class HeapWatch {

	/*
	 * Thread. It is no task of Housekeeping, where a listener of a pool may block, and
	 * exists before it is needed, since a thread cannot be started in a heap that is
	 * full. It sleeps until the JVM has collected: nothing is polled. It finds the
	 * source, so that the start of an application does not wait for that.
	 *
	 * Rehearsal. The first use of all this loads classes and links call sites, which
	 * takes memory that a full heap may not have. A class whose initialization failed is
	 * lost for ever. So the first collection of any kind, which is a young one in a heap
	 * that is nearly empty, is published as a reading without a number.
	 *
	 * States. Subscribers are held weakly, as the owners of tasks of Housekeeping are.
	 * The thread ends when there are none, and sees that with the lock held. A thread
	 * that adds a subscriber sees, with the lock held, whether the thread exists.
	 *
	 * Not more than needed. Memory that was given back is used until the next collection
	 * has run. So what is given back is subtracted from each reading that may still have
	 * it: of the same collection, when several subscribers give, and of those that began
	 * before. The number of collections is read after memory was given back. A reading
	 * with a higher number than that is of a later collection. If threads go on during a
	 * collection, one more may have begun before. To subtract too much delays relief by
	 * one collection, to subtract too little would give back too much.
	 */

	private static final HeapWatch SHARED = new HeapWatch("mempool-pressure", HeapCollections::find);

	private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);

	private final String name;

	private final Supplier<@Nullable Source> finder;

	private final ReentrantLock lock = new ReentrantLock();

	@GuardedBy("lock")
	private final List<WeakReference<Subscriber>> subscribers = new ArrayList<>();

	@GuardedBy("lock")
	private @Nullable Thread thread;

	// What the thread waits for, once it is found
	@GuardedBy("lock")
	private @Nullable Source source;

	@GuardedBy("lock")
	private boolean unavailable;

	// What was given back. Of the thread only
	private final List<Given> given = new ArrayList<>();

	// How many collections there had been at the last reading. Of the thread only
	private long seen;

	// Of the thread only
	private boolean rehearsed;

	/**
	 * Create a watch. There is {@link #shared() one} that all use but tests.
	 * @param name the name of its thread
	 * @param finder finds what knows of collections, or {@code null} if nothing does
	 */
	public HeapWatch(String name, Supplier<@Nullable Source> finder) {
		this.name = name;
		this.finder = finder;
	}

	/**
	 * Return the watch of this JVM.
	 * @return the watch
	 */
	public static HeapWatch shared() {
		return SHARED;
	}

	/**
	 * Add a subscriber. If this JVM does not say what is needed, a line in the log says
	 * so, once, and the subscriber is never called.
	 * @param subscriber what to call, held weakly
	 */
	public void add(Subscriber subscriber) {
		this.lock.lock();
		try {
			this.subscribers.add(new WeakReference<>(subscriber));
			if (this.thread == null && !this.unavailable) {
				Thread thread = DaemonThreads.create(this.name, this::run);
				thread.start();
				this.thread = thread;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remove a subscriber. A call may still be running.
	 * @param subscriber the subscriber
	 */
	public void remove(Subscriber subscriber) {
		this.lock.lock();
		try {
			this.subscribers.removeIf((reference) -> reference.refersTo(subscriber) || reference.refersTo(null));
			if (this.source != null) {
				this.source.wake();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the thread, {@code null} if there is no subscriber or no source.
	 */
	@Nullable Thread thread() {
		this.lock.lock();
		try {
			return this.thread;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		Source source = find();
		if (source != null) {
			begin(source);
			while (!isOver()) {
				await(source);
				publishLatest(source);
			}
		}
	}

	// It must not end while there are subscribers, and must not spin
	private static void await(Source source) {
		try {
			source.await();
		}
		catch (InterruptedException ex) {
			// No code interrupts this thread on purpose
		}
		catch (Throwable ex) {
			LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
		}
	}

	private @Nullable Source find() {
		String reason = "the garbage collector does not say when it has collected the whole heap";
		Source source = null;
		try {
			source = this.finder.get();
		}
		catch (LinkageError ex) {
			reason = "this JVM has no module 'java.management' or 'jdk.management'";
		}
		catch (Throwable ex) {
			reason = ex.toString();
		}
		this.lock.lock();
		try {
			this.source = source;
			if (source == null) {
				this.unavailable = true;
				this.thread = null;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (source == null) {
			QuietLog.log(HeapWatch.class, Level.INFO, "Pools do not notice when the heap is nearly full: " + reason,
					null);
		}
		return source;
	}

	private boolean isOver() {
		this.lock.lock();
		try {
			this.subscribers.removeIf((reference) -> reference.refersTo(null));
			boolean over = this.subscribers.isEmpty();
			if (over) {
				this.thread = null;
				this.source = null;
			}
			return over;
		}
		finally {
			this.lock.unlock();
		}
	}

	// A collection before the first subscriber says nothing of now
	private void begin(Source source) {
		try {
			this.seen = source.collections();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private static void failed(Throwable ex) {
		QuietLog.log(HeapWatch.class, Level.WARNING, "Failed to read how full the heap is: " + ex, ex);
	}

	// Until there is none that is newer. Most collections are young ones, and cost a look
	// at the counter
	private void publishLatest(Source source) {
		try {
			if (!this.rehearsed) {
				this.rehearsed = true;
				publish(source.latest().rehearsed(), source);
			}
			while (source.collections() != this.seen) {
				this.seen = source.collections();
				publish(source.latest(), source);
			}
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void publish(HeapReading reading, Source source) {
		try {
			this.given.removeIf((given) -> !given.isIn(reading));
			long before = this.given.stream().mapToLong(Given::bytes).sum();
			List<Subscriber> subscribers = subscribers();
			long sum = 0;
			for (Subscriber subscriber : subscribers) {
				sum += publish(reading, before + sum, subscriber);
			}
			// Before anything that takes time, in which there may be collections
			long collections = source.collections();
			if (sum > 0) {
				this.given.add(new Given(collections, sum));
			}
			subscribers.forEach(HeapWatch::endOf);
		}
		catch (Throwable ex) {
			QuietLog.log(HeapWatch.class, Level.WARNING, "Failed to give idle memory back, and goes on: " + ex, ex);
		}
	}

	private static long publish(HeapReading reading, long given, Subscriber subscriber) {
		try {
			return subscriber.collected(reading, given);
		}
		catch (Throwable ex) {
			QuietLog.log(HeapWatch.class, Level.WARNING, "Failed to give idle memory of some pools back: " + ex, ex);
			return 0;
		}
	}

	private static void endOf(Subscriber subscriber) {
		try {
			subscriber.given();
		}
		catch (Throwable ex) {
			QuietLog.log(HeapWatch.class, Level.WARNING, "Failed to report what pools gave back: " + ex, ex);
		}
	}

	private List<Subscriber> subscribers() {
		List<Subscriber> subscribers = new ArrayList<>();
		this.lock.lock();
		try {
			for (WeakReference<Subscriber> reference : this.subscribers) {
				Subscriber subscriber = reference.get();
				if (subscriber != null) {
					subscribers.add(subscriber);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		return subscribers;
	}

	/**
	 * What hears of collections.
	 */
	public interface Subscriber {

		/**
		 * The whole heap was collected. Called by the thread of the watch. It must not
		 * take long: what takes longer is for {@link #given}.
		 * @param reading how full the heap was then
		 * @param given how many of the used bytes were given back since
		 * @return how many bytes the subscriber has given back
		 */
		long collected(HeapReading reading, long given);

		/**
		 * All subscribers have given back what they give because of the reading. Called
		 * by the thread of the watch.
		 */
		void given();

	}

	/**
	 * What knows of collections.
	 */
	public interface Source {

		/**
		 * Wait for the next collection of any kind, or for {@link #wake}.
		 * @throws InterruptedException if interrupted while waiting
		 */
		void await() throws InterruptedException;

		/**
		 * End a wait.
		 */
		void wake();

		/**
		 * Return how full the heap was after the last collection of all of it; a
		 * rehearsal if there was none.
		 * @return the reading
		 */
		HeapReading latest();

		/**
		 * Return how many collections of the whole heap have ended. Allocates nothing.
		 * @return their number
		 */
		long collections();

	}

	/**
	 * Memory that was given back.
	 *
	 * @param collections how many collections had ended when it was gone
	 * @param bytes how much
	 */
	private record Given(long collections, long bytes) {

		/**
		 * Return whether the memory may still count as used in a reading.
		 */
		boolean isIn(HeapReading reading) {
			return reading.number() <= this.collections + (reading.concurrent() ? 1 : 0);
		}

	}

}
