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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The requests that wait in all queues of a budget: their turns, and which are woken.
 * Guarded by the lock of the budget.
 */
final class WaitingRequests {

	private static final long NO_TURN = -1;

	private final List<BudgetMember> pools;

	private final WaitQueue queue = new WaitQueue(Shortage.BUDGET);

	@LockHeld
	private long arrivals;

	// The first of the queues that are not empty, in any order
	@LockHeld
	private @Nullable WaitQueue occupied;

	/**
	 * Create the queues of a budget.
	 * @param pools the pools that share the budget
	 */
	WaitingRequests(List<BudgetMember> pools) {
		this.pools = pools;
	}

	/**
	 * Return the queue of those that wait for bytes of the budget.
	 */
	WaitQueue queue() {
		return this.queue;
	}

	/**
	 * Add a request to a wait queue. It keeps the turn of its first wait.
	 */
	@LockHeld
	void enqueue(Waiter request, WaitQueue queue) {
		if (request.arrival == Waiter.NOT_ARRIVED) {
			request.arrival = this.arrivals++;
		}
		queue.add(request);
		if (queue.length() == 1) {
			addOccupied(queue);
		}
		signalAwaited(queue);
	}

	@LockHeld
	void dequeue(Waiter request) {
		WaitQueue queue = request.queue;
		if (queue != null) {
			queue.remove(request);
			if (queue.isEmpty()) {
				removeOccupied(queue);
			}
			signalAwaited(queue);
		}
	}

	@LockHeld
	private void addOccupied(WaitQueue queue) {
		WaitQueue next = this.occupied;
		queue.next = next;
		if (next != null) {
			next.previous = queue;
		}
		this.occupied = queue;
	}

	@LockHeld
	private void removeOccupied(WaitQueue queue) {
		WaitQueue previous = queue.previous;
		WaitQueue next = queue.next;
		if (previous != null) {
			previous.next = next;
		}
		else {
			this.occupied = next;
		}
		if (next != null) {
			next.previous = previous;
		}
		queue.previous = null;
		queue.next = null;
	}

	// No thread claims past a waiting request: see TierSignals.AWAITED
	@LockHeld
	private void signalAwaited(WaitQueue queue) {
		if (queue.length() > 1) {
			return;
		}
		for (int i = 0; i < this.pools.size(); i++) {
			this.pools.get(i).signalAwaited();
		}
	}

	/**
	 * Wake the first request of each queue. Any queue may benefit from a returned block.
	 * The block serves the queue of its tier; its memory serves a queue at a limit.
	 */
	@LockHeld
	void wake() {
		for (WaitQueue queue = this.occupied; queue != null; queue = queue.next) {
			queue.wakeFirst();
		}
	}

	/**
	 * Look on behalf of the requests that came before another and were woken, in their
	 * turns. So the order does not depend on which thread runs first.
	 */
	@LockHeld
	void serveBefore(Waiter request) {
		Waiter earlier = firstCalled(NO_TURN);
		while (earlier != null && earlier.cameBefore(request)) {
			long turn = earlier.arrival;
			earlier.called = false;
			earlier.serve();
			// What one leaves or moves away from helps later ones only
			earlier = firstCalled(turn);
		}
	}

	/**
	 * Return the earliest of the first requests that were woken.
	 * @param turn the turn after which it must be
	 */
	@LockHeld
	private @Nullable Waiter firstCalled(long turn) {
		Waiter earliest = null;
		for (WaitQueue queue = this.occupied; queue != null; queue = queue.next) {
			Waiter first = queue.first();
			if (first != null && first.called && first.arrival > turn
					&& (earliest == null || first.cameBefore(earliest))) {
				earliest = first;
			}
		}
		return earliest;
	}

}
