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

package io.mempool.core;

import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What must be done now and then whether or not anybody uses a pool: one daemon thread
 * for all of them, there only as long as there is something to do.
 */
public final class Housekeeping {

	/*
	 * A task holds its owner weakly, and neither the queue nor the thread holds it longer
	 * than the task runs: a pool that was forgotten is collected as if it had no task,
	 * which is dropped when it is due next.
	 *
	 * The thread looks at the queue, and ends if it is empty, with the lock held; whoever
	 * adds a task sees with the lock held whether there is a thread. So no task is left
	 * to a thread that has decided to end.
	 */

	private static final String THREAD = "mempool-housekeeping";

	// Of what is longer nobody will see the end
	private static final Duration LONGEST_PERIOD = Duration.ofDays(36_500);

	private static final ReentrantLock lock = new ReentrantLock();

	private static final Condition changed = lock.newCondition();

	private static final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.naturalOrder());

	private static @Nullable Thread thread;

	private Housekeeping() {
	}

	/**
	 * Do something again and again, for the first time after one period. It begins no
	 * earlier than one period after it began the last time.
	 * @param <T> the type of the owner
	 * @param period a positive time
	 * @param owner whom it is done for; when nobody else refers to it the task ends
	 * @param action what to do, which must not refer to the owner itself. A failure is
	 * logged, and keeps neither other tasks nor this one from being done again
	 * @return the task
	 */
	public static <T> Task every(Duration period, T owner, Consumer<? super T> action) {
		Duration time = (period.compareTo(LONGEST_PERIOD) < 0) ? period : LONGEST_PERIOD;
		Task task = new OwnedTask<>(time.toNanos(), owner, action);
		lock.lock();
		try {
			if (thread == null) {
				thread = start();
			}
			tasks.add(task);
			changed.signal();
		}
		finally {
			lock.unlock();
		}
		return task;
	}

	// Nothing of the thread that happens to be first is inherited: the class loader of
	// one application would be held for the sake of another
	private static Thread start() {
		Thread thread = new Thread(null, Housekeeping::run, THREAD, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(null);
		thread.start();
		return thread;
	}

	private static void run() {
		for (Task task = next(); task != null; task = next()) {
			if (task.run()) {
				repeat(task);
			}
		}
	}

	private static @Nullable Task next() {
		lock.lock();
		try {
			for (;;) {
				Task first = tasks.peek();
				if (first == null) {
					thread = null;
					return null;
				}
				long wait = first.due - System.nanoTime();
				if (wait <= 0) {
					return tasks.poll();
				}
				await(wait);
			}
		}
		finally {
			lock.unlock();
		}
	}

	private static void await(long nanos) {
		try {
			changed.await(nanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			// Nobody has reason to; the tasks go on
		}
	}

	private static void repeat(Task task) {
		lock.lock();
		try {
			if (!task.cancelled) {
				tasks.add(task);
			}
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Return the threads there are: one, or none.
	 */
	static List<Thread> threads() {
		lock.lock();
		try {
			List<Thread> threads = new ArrayList<>();
			if (thread != null) {
				threads.add(thread);
			}
			return threads;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Something that is done again and again.
	 */
	public abstract static class Task implements Comparable<Task> {

		final long period;

		// Guarded by the lock of all tasks, except while nobody else has the task
		long due;

		boolean cancelled;

		Task(long period) {
			this.period = period;
			this.due = System.nanoTime() + period;
		}

		/**
		 * Do it once.
		 * @return whether it is to be done again
		 */
		abstract boolean run();

		/**
		 * Let it not be done again. It may just be running.
		 */
		public final void cancel() {
			lock.lock();
			try {
				this.cancelled = true;
				tasks.remove(this);
				changed.signal();
			}
			finally {
				lock.unlock();
			}
		}

		@Override
		public final int compareTo(Task other) {
			return Long.compare(this.due - other.due, 0);
		}

	}

	private static final class OwnedTask<T> extends Task {

		private final WeakReference<T> owner;

		private final Consumer<? super T> action;

		OwnedTask(long period, T owner, Consumer<? super T> action) {
			super(period);
			this.owner = new WeakReference<>(owner);
			this.action = action;
		}

		@Override
		boolean run() {
			T owner = this.owner.get();
			if (owner == null) {
				return false;
			}
			this.due = System.nanoTime() + this.period;
			try {
				this.action.accept(owner);
			}
			catch (Throwable ex) {
				System.getLogger(Housekeeping.class.getName())
					.log(Level.WARNING, "Failed at what is done now and then, and will try again: " + ex, ex);
			}
			return true;
		}

	}

}
