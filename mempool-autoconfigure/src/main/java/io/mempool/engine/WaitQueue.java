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

import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for one thing: a block of a tier, bytes of a pool's limit, or
 * bytes of a budget. First come, first served. Guarded by the lock of the budget.
 * <p>
 * The requests are linked to each other. So joining and leaving allocate nothing and take
 * constant time.
 */
final class WaitQueue {

	private final Shortage shortage;

	@LockHeld
	private @Nullable Waiter first;

	@LockHeld
	private @Nullable Waiter last;

	@LockHeld
	private int length;

	// Its neighbours among the queues that are not empty
	@LockHeld
	@Nullable WaitQueue previous;

	@LockHeld
	@Nullable WaitQueue next;

	/**
	 * Create an empty queue.
	 * @param shortage what its requests wait for
	 */
	WaitQueue(Shortage shortage) {
		this.shortage = shortage;
	}

	Shortage shortage() {
		return this.shortage;
	}

	@LockHeld
	int length() {
		return this.length;
	}

	@LockHeld
	boolean isEmpty() {
		return this.first == null;
	}

	@LockHeld
	@Nullable Waiter first() {
		return this.first;
	}

	/**
	 * Return whether a request that came earlier waits here.
	 */
	@LockHeld
	@SuppressWarnings("ReferenceEquality")
	boolean isAheadOf(Waiter request) {
		Waiter first = this.first;
		return first != null && first != request && first.cameBefore(request);
	}

	/**
	 * Add a request in the order of arrival.
	 */
	@LockHeld
	void add(Waiter request) {
		Waiter before = this.last;
		while (before != null && request.cameBefore(before)) {
			before = before.previous;
		}
		Waiter after = (before != null) ? before.next : this.first;
		request.previous = before;
		request.next = after;
		request.queue = this;
		if (before != null) {
			before.next = request;
		}
		else {
			this.first = request;
		}
		if (after != null) {
			after.previous = request;
		}
		else {
			this.last = request;
		}
		this.length++;
	}

	/**
	 * Remove a request that waits here.
	 */
	@LockHeld
	void remove(Waiter request) {
		Waiter before = request.previous;
		Waiter after = request.next;
		if (before != null) {
			before.next = after;
		}
		else {
			this.first = after;
		}
		if (after != null) {
			after.previous = before;
		}
		else {
			this.last = before;
		}
		request.previous = null;
		request.next = null;
		request.queue = null;
		this.length--;
	}

	@LockHeld
	void wakeFirst() {
		Waiter first = this.first;
		if (first != null) {
			first.wake();
		}
	}

	/**
	 * Wake all requests: what they wait for has changed.
	 */
	@LockHeld
	void wakeAll() {
		for (Waiter request = this.first; request != null; request = request.next) {
			request.wake();
		}
	}

	/**
	 * Move the requests that wait for a retired tier to its successors.
	 * @param retired what decided about the requests to that tier
	 */
	@LockHeld
	void moveFrom(Object retired) {
		for (Waiter request = this.first; request != null;) {
			Waiter next = request.next;
			request.moveFrom(retired);
			request = next;
		}
	}

}
