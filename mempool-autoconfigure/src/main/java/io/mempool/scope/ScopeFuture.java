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

import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * A task of a scope that an executor runs. If it is cancelled before it runs, its hold
 * ends. One that runs when it is cancelled holds the scope until it ends.
 *
 * @param <T> the type of its result
 */
final class ScopeFuture<T> extends FutureTask<T> {

	private final ScopeTask<T> task;

	ScopeFuture(ScopeTask<T> task) {
		super(task);
		this.task = task;
	}

	/**
	 * Give the task to an executor. If that fails, the task does not run and its hold
	 * ends.
	 */
	ScopeFuture<T> executeBy(Executor executor) {
		boolean accepted = false;
		try {
			executor.execute(this);
			accepted = true;
			return this;
		}
		finally {
			if (!accepted) {
				// An executor may have queued it before it failed
				cancel(false);
			}
		}
	}

	@Override
	protected void done() {
		if (isCancelled()) {
			this.task.drop();
		}
	}

}
