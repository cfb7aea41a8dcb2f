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

import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.QuietLog;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks of scopes that were dropped: an executor refused them, or was shut down,
 * and no thread runs them any more. The collector finds them. Their holds end then, so
 * that the memory of their scopes goes back.
 */
final class LostTasks {

	static final LostTasks SHARED = new LostTasks();

	private static final Duration PERIOD = Duration.ofSeconds(1);

	// Keeps each hold, and with it the scope, until its task runs or is lost
	private final Set<TaskHold> waiting = ConcurrentHashMap.newKeySet();

	private final ReferenceQueue<Object> lost = new ReferenceQueue<>();

	// Nothing blocks under the monitor
	@GuardedBy("this")
	private Housekeeping.@Nullable Task looking;

	LostTasks() {
	}

	TaskHold hold(Object task, Class<?> type, Runnable endHold) {
		return new TaskHold(task, type, endHold, this.lost);
	}

	/**
	 * Notice if the task of a hold is lost before it runs.
	 */
	void watch(TaskHold hold) {
		boolean watched = false;
		try {
			this.waiting.add(hold);
			// After the hold is added: a look that ends the looking sees it
			lookNowAndThen();
			watched = true;
		}
		finally {
			if (!watched) {
				this.waiting.remove(hold);
			}
		}
	}

	private synchronized void lookNowAndThen() {
		if (this.looking == null) {
			this.looking = Housekeeping.every(PERIOD, this, LostTasks::look);
		}
	}

	/**
	 * Stop watching.
	 */
	void forget(TaskHold hold) {
		if (this.waiting.remove(hold)) {
			hold.clear();
		}
	}

	/**
	 * Return whether lost tasks are looked for, which is so while any task is watched.
	 */
	synchronized boolean isLooking() {
		return this.looking != null;
	}

	/**
	 * Return how many tasks have not begun to run.
	 */
	int waiting() {
		return this.waiting.size();
	}

	/**
	 * End the holds of lost tasks.
	 */
	void look() {
		int count = 0;
		Class<?> type = null;
		for (Reference<?> next = this.lost.poll(); next != null; next = this.lost.poll()) {
			TaskHold hold = (TaskHold) next;
			if (this.waiting.remove(hold) && drop(hold)) {
				count++;
				type = hold.type();
			}
		}
		if (type != null) {
			QuietLog.log(LostTasks.class, Level.WARNING,
					((count == 1) ? "A task" : count + " tasks") + " of a scope will never run, for example "
							+ type.getName() + ": an executor refused or dropped it. The scope no longer waits for it. "
							+ "Submit tasks with BufferScope.submit(..), and cancel those that an executor returns "
							+ "when it is shut down, to give memory back at once",
					null);
		}
		synchronized (this) {
			if (this.waiting.isEmpty() && this.looking != null) {
				this.looking.cancel();
				this.looking = null;
			}
		}
	}

	private static boolean drop(TaskHold hold) {
		try {
			return hold.drop();
		}
		catch (Throwable ex) {
			QuietLog.log(LostTasks.class, Level.WARNING, "Failed to give back all memory of a scope", ex);
			return true;
		}
	}

}
