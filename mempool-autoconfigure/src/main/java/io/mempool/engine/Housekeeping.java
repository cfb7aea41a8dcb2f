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

import org.jspecify.annotations.Nullable;

/**
 * What must be done now and then whether or not anybody uses a pool: one daemon thread
 * for all of them, there only as long as there is something to do.
 */
public final class Housekeeping {

	/*
	 * A task holds its owner weakly, and neither the queue nor the thread holds it longer
	 * than the task runs: a pool that was forgotten is collected as if it had no task,
	 * which is dropped soon after.
	 *
	 * The thread looks at the queue, and ends if it is empty, with the lock held; whoever
	 * adds a task sees with the lock held whether there is a thread. So no task is left
	 * to a thread that has decided to end.
	 */

	private static final Housekeeping SHARED = new Housekeeping("mempool-housekeeping");

	// How often to look for forgotten owners at least
	private static final long LONGEST_SLEEP = TimeUnit.MINUTES.toNanos(1);

	// Of what is longer nobody will see the end
	private static final Duration LONGEST_PERIOD = Duration.ofDays(36_500);

	private static final long ONCE = 0;

	private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);

	private final String name;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// Guarded by the lock from here on
	private final PriorityQueue<OwnedTask<?>> tasks = new PriorityQueue<>();

	private @Nullable Thread thread;

	Housekeeping(String name) {
		this.name = name;
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
		return SHARED.add(period, owner, action);
	}

	/**
	 * Do something once, soon.
	 * @param <T> the type of the owner
	 * @param owner the owner of what is done; when nothing else refers to it this is not
	 * done
	 * @param action what to do, which must not refer to the owner itself. A failure is
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

	// Whatever fails, the thread goes on: others rely on it as long as it is the thread
	// of
	// this object
	private void run() {
		boolean ended = false;
		while (!ended) {
			try {
				ended = runNext();
			}
			catch (Throwable ex) {
				QuietLog.log(Housekeeping.class, Level.WARNING, "Failed between two tasks, and will go on: " + ex, ex);
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
					// Nobody has reason to; the tasks go on
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
			// Where it was before there is still room for it
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
	 * Return the thread, {@code null} if there is nothing to do.
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
	 * Something that is done again and again.
	 */
	public interface Task {

		/**
		 * Let it not be done again. It may just be running.
		 */
		void cancel();

	}

	private static final class OwnedTask<T> implements Task, Comparable<OwnedTask<?>> {

		private final Housekeeping housekeeping;

		private final long period;

		private final WeakReference<T> owner;

		private final Consumer<? super T> action;

		// Written before others have the task, or by the thread that has taken it
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
				QuietLog.log(Housekeeping.class, Level.WARNING,
						"Failed at what is done now and then, and will try again: " + ex, ex);
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
