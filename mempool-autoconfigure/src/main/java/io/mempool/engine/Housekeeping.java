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
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Runs periodic work of all pools, whether or not they are in use. One daemon thread
 * serves all of them, and exists only while there is work.
 */
public final class Housekeeping {

	/*
	 * States. A task holds its owner weakly. Neither the queue nor the thread holds the
	 * owner longer than the task runs. So a forgotten pool is collected as if it had no
	 * task, and the task is dropped soon after. The thread looks at the queue with the
	 * lock held, and ends if it is empty. A thread that adds a task sees, with the lock
	 * held, whether the thread exists. So no task is left to a thread that has decided to
	 * end.
	 *
	 * Why no ScheduledThreadPoolExecutor. An OutOfMemoryError in its queue ends its only
	 * thread. If none can be started at that moment, its tasks wait until another task is
	 * added (seen in two of four runs with a full heap, Java 17): leaks are no longer
	 * found, idle memory is no longer given back. This thread goes on after any failure.
	 * It also ends with the last task, and drops the task of a forgotten owner within a
	 * minute, whatever its period.
	 */

	private static final Housekeeping SHARED = new Housekeeping("mempool-housekeeping");

	// How often to look for forgotten owners, at least
	private static final long LONGEST_SLEEP = TimeUnit.MINUTES.toNanos(1);

	// A longer period never ends in practice
	private static final Duration LONGEST_PERIOD = Duration.ofDays(36_500);

	private static final long ONCE = 0;

	private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);

	private final String name;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	@GuardedBy("lock")
	private final PriorityQueue<OwnedTask<?>> tasks = new PriorityQueue<>();

	@GuardedBy("lock")
	private @Nullable Thread thread;

	Housekeeping(String name) {
		this.name = name;
	}

	/**
	 * Initialise the class, before memory is short.
	 */
	static void prepare() {
	}

	/**
	 * Run an action periodically, first after one period. Each run begins at least one
	 * period after the begin of the last.
	 * @param <T> the type of the owner
	 * @param period a positive time
	 * @param owner the owner of the task, held weakly; the task ends when the owner is
	 * collected
	 * @param action the action, which must not refer to the owner itself. A failure is
	 * logged and stops neither this task nor others
	 * @return the task
	 */
	public static <T> Task every(Duration period, T owner, Consumer<? super T> action) {
		return SHARED.add(period, owner, action);
	}

	/**
	 * Run an action once, soon.
	 * @param <T> the type of the owner
	 * @param owner the owner of the task, held weakly; the action does not run after the
	 * owner is collected
	 * @param action the action, which must not refer to the owner itself. A failure is
	 * logged
	 */
	public static <T> void once(T owner, Consumer<? super T> action) {
		SHARED.add(new OwnedTask<>(SHARED, ONCE, owner, action));
	}

	<T> Task add(Duration period, T owner, Consumer<? super T> action) {
		Duration time = (period.compareTo(LONGEST_PERIOD) < 0) ? period : LONGEST_PERIOD;
		return add(new OwnedTask<>(this, time.toNanos(), owner, action));
	}

	private Task add(OwnedTask<?> task) {
		this.lock.lock();
		try {
			this.tasks.add(task);
			if (this.thread == null) {
				startOrRemove(task);
			}
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
		return task;
	}

	@GuardedBy("lock")
	private void startOrRemove(OwnedTask<?> task) {
		try {
			this.thread = start();
		}
		finally {
			if (this.thread == null) {
				this.tasks.remove(task);
			}
		}
	}

	private Thread start() {
		Thread thread = DaemonThreads.create(this.name, this::run);
		thread.start();
		return thread;
	}

	// After any failure the thread goes on: other objects rely on it while it is the
	// thread of this object
	private void run() {
		boolean ended = false;
		while (!ended) {
			try {
				ended = runNext();
			}
			catch (Throwable ex) {
				QuietLog.log(Housekeeping.class, Level.WARNING, "Failed between two tasks, and goes on: " + ex, ex);
				LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
			}
		}
	}

	private boolean runNext() {
		OwnedTask<?> task = next();
		if (task == null) {
			return true;
		}
		try {
			task.run();
		}
		finally {
			repeat(task);
		}
		return false;
	}

	private @Nullable OwnedTask<?> next() {
		this.lock.lock();
		try {
			for (;;) {
				this.tasks.removeIf(OwnedTask::isForgotten);
				OwnedTask<?> first = this.tasks.peek();
				if (first == null) {
					this.thread = null;
					return null;
				}
				long wait = first.due - System.nanoTime();
				if (wait <= 0) {
					return this.tasks.poll();
				}
				try {
					this.changed.await(Math.min(wait, LONGEST_SLEEP), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					// No code interrupts this thread on purpose; the tasks go on
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void repeat(OwnedTask<?> task) {
		this.lock.lock();
		try {
			// The queue still has room for it: the task was in it before
			if (!task.cancelled && task.period != ONCE) {
				this.tasks.add(task);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void cancel(OwnedTask<?> task) {
		this.lock.lock();
		try {
			task.cancelled = true;
			this.tasks.remove(task);
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the thread, {@code null} if there is no task.
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

	/**
	 * A periodic task.
	 */
	public interface Task {

		/**
		 * Cancel the task. It may still be running.
		 */
		void cancel();

	}

	private static final class OwnedTask<T> implements Task, Comparable<OwnedTask<?>> {

		private final Housekeeping housekeeping;

		private final long period;

		private final WeakReference<T> owner;

		private final Consumer<? super T> action;

		// Written before the task is published, or by the thread that polled it
		private long due;

		// Guarded by the lock
		private boolean cancelled;

		OwnedTask(Housekeeping housekeeping, long period, T owner, Consumer<? super T> action) {
			this.housekeeping = housekeeping;
			this.period = period;
			this.owner = new WeakReference<>(owner);
			this.action = action;
			this.due = System.nanoTime() + period;
		}

		boolean isForgotten() {
			return this.owner.refersTo(null);
		}

		void run() {
			this.due = System.nanoTime() + this.period;
			T owner = this.owner.get();
			if (owner == null) {
				return;
			}
			try {
				this.action.accept(owner);
			}
			catch (Throwable ex) {
				QuietLog.log(Housekeeping.class, Level.WARNING, "A periodic task failed and will run again: " + ex, ex);
			}
		}

		@Override
		public void cancel() {
			this.housekeeping.cancel(this);
		}

		@Override
		public int compareTo(OwnedTask<?> other) {
			return Long.compare(this.due - other.due, 0);
		}

	}

}
