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

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * A task that holds a scope until it has run, or is dropped. It runs once.
 *
 * @param <T> the type of its result
 */
final class ScopeTask<T> implements Callable<T>, Runnable {

	private final Callable<T> task;

	private final TaskHold hold;

	// The hold keeps no strong reference
	@SuppressWarnings("ThisEscapedInObjectConstruction")
	private ScopeTask(Callable<T> task, Class<?> type, Runnable endHold) {
		this.task = task;
		this.hold = LostTasks.SHARED.hold(this, type, endHold);
	}

	/**
	 * Create a task.
	 * @param task what to run
	 * @param type names the task
	 * @param endHold ends its hold, which the caller began
	 */
	static <T> ScopeTask<T> of(Callable<T> task, Class<?> type, Runnable endHold) {
		ScopeTask<T> holding = new ScopeTask<>(task, type, endHold);
		LostTasks.SHARED.watch(holding.hold);
		return holding;
	}

	@Override
	public T call() throws Exception {
		if (!this.hold.begin()) {
			throw new IllegalStateException(
					"Cannot run a task of a scope: it ran before, or was cancelled. Wrap a task once for each run");
		}
		Throwable failure = null;
		try {
			LostTasks.SHARED.forget(this.hold);
			return this.task.call();
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			end(failure);
		}
	}

	// As try-with-resources does
	private void end(@Nullable Throwable failure) {
		try {
			this.hold.end();
		}
		catch (Throwable ex) {
			if (failure == null) {
				throw ex;
			}
			ScopeEnd.join(failure, ex);
		}
	}

	@Override
	public void run() {
		try {
			call();
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			// A Runnable throws none
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * End the hold if the task has not begun: it will not run.
	 */
	void drop() {
		LostTasks.SHARED.forget(this.hold);
		this.hold.drop();
	}

}
