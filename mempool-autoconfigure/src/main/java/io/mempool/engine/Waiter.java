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

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits in a {@link WaitQueue}, and its turn.
 */
abstract class Waiter {

	static final long NOT_ARRIVED = Long.MAX_VALUE;

	private final Thread thread = Thread.currentThread();

	private volatile boolean woken;

	// Guarded by the lock of the budget from here on

	// Its turn, which the budget assigns at its first wait
	@LockHeld
	long arrival = NOT_ARRIVED;

	// Its queue and its neighbours in it
	@LockHeld
	@Nullable WaitQueue queue;

	@LockHeld
	@Nullable Waiter previous;

	@LockHeld
	@Nullable Waiter next;

	// Whether it was woken and no thread has looked since
	@LockHeld
	boolean called;

	/**
	 * Return whether this waiter has an earlier turn than another. One that has not
	 * waited has the last turn.
	 */
	@LockHeld
	final boolean cameBefore(Waiter other) {
		return this.arrival < other.arrival;
	}

	/**
	 * Move to the successor of a retired tier, if this thread waits for that tier. Lock
	 * of the budget held.
	 * @param retired what decided about the requests to that tier
	 */
	@LockHeld
	abstract void moveFrom(Object retired);

	/**
	 * Look on behalf of this thread, which was woken but has not run yet: serve it, or
	 * let it wait where its obstacle is now. Lock of the budget held.
	 */
	@LockHeld
	abstract void serve();

	/**
	 * Sleep until woken, but no longer than a time.
	 * @return whether the thread was interrupted. Its status is cleared
	 */
	final boolean park(long nanos) {
		if (!this.woken) {
			LockSupport.parkNanos(this, nanos);
		}
		this.woken = false;
		return Thread.interrupted();
	}

	@LockHeld
	final void wake() {
		this.called = true;
		if (!this.woken) {
			this.woken = true;
			LockSupport.unpark(this.thread);
		}
	}

}
