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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/**
 * The hold of one task on a scope: it ends once, when the task has run, was cancelled
 * before it ran, or was lost. A task that has become unreachable before it ran never will
 * run.
 */
final class TaskHold extends PhantomReference<Object> {

	private static final int WAITING = 0;

	private static final int RUNNING = 1;

	private static final int ENDED = 2;

	private static final VarHandle STATE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(TaskHold.class, "state", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Class<?> type;

	private final Runnable endHold;

	// Written through STATE
	@SuppressWarnings("UnusedVariable")
	private volatile int state = WAITING;

	/**
	 * Create a hold.
	 * @param task what the hold belongs to
	 * @param type names the task
	 * @param endHold ends the hold
	 * @param lost where a lost task is reported
	 */
	TaskHold(Object task, Class<?> type, Runnable endHold, ReferenceQueue<Object> lost) {
		super(task, lost);
		this.type = type;
		this.endHold = endHold;
	}

	Class<?> type() {
		return this.type;
	}

	/**
	 * Begin to run the task.
	 * @return whether this is the first call, and the task was not dropped
	 */
	boolean begin() {
		return STATE.compareAndSet(this, WAITING, RUNNING);
	}

	/**
	 * End the hold of a task that ran.
	 */
	void end() {
		STATE.setVolatile(this, ENDED);
		this.endHold.run();
	}

	/**
	 * End the hold of a task that never will run. No effect on one that runs or has run.
	 * @return whether the hold ended with this call
	 */
	boolean drop() {
		boolean dropped = STATE.compareAndSet(this, WAITING, ENDED);
		if (dropped) {
			this.endHold.run();
		}
		return dropped;
	}

}
