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

package io.mempool.buffer;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.QuietLog;
import org.jspecify.annotations.Nullable;

/**
 * Frees native memory that could not be freed at once. Memory in doubt waits until no
 * view of it is reachable. Memory in a call of the operating system waits until the call
 * ends. A task of {@link Housekeeping} tries again while any memory is pending, and only
 * then.
 */
final class NativeReclaimer {

	/*
	 * Layout. Any thread pushes, only the task takes. A list linked through its elements
	 * needs no memory and no lock. So an error in a thread that frees memory loses
	 * nothing.
	 *
	 * Why it is correct. The task ends itself with the monitor held. A thread that has
	 * pushed, or has set that memory was missed, starts a task with the monitor held. The
	 * task looks at both before it ends, with the monitor held. So nothing is left
	 * without a task, unless no thread could be started. Then the next thread that frees
	 * or allocates tries again.
	 */

	private static final Duration PERIOD = Duration.ofMillis(20);

	private static final NativeReclaimer INSTANCE = new NativeReclaimer();

	private static final AtomicReference<@Nullable NativeRemains> pending = new AtomicReference<>();

	/**
	 * Whether memory was freed that could not be added to the list.
	 */
	static volatile boolean missed;

	@GuardedBy("this")
	private Housekeeping.@Nullable Task task;

	private NativeReclaimer() {
	}

	/**
	 * Add pending memory; a call of {@link #serve} must follow.
	 */
	static void add(NativeRemains remains) {
		NativeRemains first;
		do {
			first = pending.get();
			remains.next = first;
		}
		while (!pending.compareAndSet(first, remains));
	}

	/**
	 * Start the task that frees pending memory. Never fails.
	 */
	static void serve() {
		if (pending.get() != null || missed) {
			try {
				INSTANCE.start();
			}
			catch (Throwable ex) {
				// No thread, stack or heap is available: the next caller tries again
			}
		}
	}

	private synchronized void start() {
		if (this.task == null) {
			this.task = Housekeeping.every(PERIOD, this, NativeReclaimer::tryAgain);
		}
	}

	private void tryAgain() {
		if (missed) {
			enlistMissed();
		}
		for (NativeRemains remains = pending.getAndSet(null); remains != null;) {
			NativeRemains next = remains.next;
			remains.next = null;
			if (!isDone(remains)) {
				add(remains);
			}
			remains = next;
		}
		endIfDone();
	}

	private static void enlistMissed() {
		missed = false;
		boolean enlisted = false;
		try {
			NativeRemains.enlistMissed();
			enlisted = true;
		}
		finally {
			if (!enlisted) {
				missed = true;
			}
		}
	}

	private static boolean isDone(NativeRemains remains) {
		try {
			return remains.finish();
		}
		catch (Throwable ex) {
			// The failure does not affect the others
			QuietLog.log(NativeReclaimer.class, Level.WARNING,
					"Failed to free native memory, and will try again: " + ex, ex);
			return false;
		}
	}

	private synchronized void endIfDone() {
		if (pending.get() == null && !missed && this.task != null) {
			this.task.cancel();
			this.task = null;
		}
	}

	/**
	 * Return whether the task exists, which is so while any memory is pending.
	 */
	static boolean isServing() {
		synchronized (INSTANCE) {
			return INSTANCE.task != null;
		}
	}

}
