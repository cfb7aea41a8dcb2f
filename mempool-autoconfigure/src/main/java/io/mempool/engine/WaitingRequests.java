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

/**
 * The requests that wait in all queues of a budget: their turns, and which are woken.
 * Guarded by the lock of the budget.
 */
final class WaitingRequests {

	private final List<BudgetMember> pools;

	private final WaitQueue queue = new WaitQueue(Shortage.BUDGET);

	@LockHeld
	private long arrivals;

	@LockHeld
	private int count;

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
		this.count++;
		signalAwaited(queue);
	}

	@LockHeld
	void dequeue(Waiter request) {
		WaitQueue queue = request.queue;
		if (queue != null) {
			queue.remove(request);
			this.count--;
			signalAwaited(queue);
		}
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
		if (this.count > 0) {
			this.queue.wakeFirst();
			for (int i = 0; i < this.pools.size(); i++) {
				this.pools.get(i).wake();
			}
		}
	}

}
