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

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import org.jspecify.annotations.Nullable;

/**
 * What threads do that wait for one of two blocks, or for memory that these blocks have.
 * Time stands still here, so that no thread looks again by itself: one that is not woken
 * waits for ever, which is found as a deadlock.
 */
public final class WaitingOperations {

	private static final int THREADS = 3;

	private static final int CAPACITY = 10;

	private final SharedBudget budget = new SharedBudget("mempool.budget.heap", 3 * CAPACITY);

	private final Tier<TestBlock> small;

	private final Tier<TestBlock> large;

	private final List<@Nullable Request<TestBlock>> waitingForSmall = requests();

	private final List<@Nullable Request<TestBlock>> waitingForLarge = requests();

	private final Deque<TestBlock.Handle> held = new ConcurrentLinkedDeque<>();

	public WaitingOperations() throws InterruptedException {
		Account account = new Account("parts", this.budget, Long.MAX_VALUE);
		this.small = tier(account, CAPACITY, 2);
		this.large = tier(account, 2 * CAPACITY, 1);
		tryTake();
		tryTake();
	}

	private static Tier<TestBlock> tier(Account account, int capacity, int maxTotal) {
		return new Tier<>(account, capacity, new Caps(maxTotal, maxTotal, 0), new TestBlock.Source(false), null);
	}

	private static List<@Nullable Request<TestBlock>> requests() {
		List<@Nullable Request<TestBlock>> requests = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			requests.add(null);
		}
		return requests;
	}

	/**
	 * Release a block that is leased.
	 */
	public void letGo() {
		TestBlock.Handle handle = this.held.poll();
		handle.use().disown();
		handle.release();
	}

	/**
	 * Wait for a block, and keep it.
	 */
	public void take(int thread) throws InterruptedException {
		hold(acquire(this.small, this.waitingForSmall, thread));
	}

	/**
	 * Keep a block if that needs no waiting.
	 */
	public void tryTake() throws InterruptedException {
		TestBlock block = this.small.claim();
		hold((block != null) ? block : this.small.acquire(new Request<>(CAPACITY, false, 0)));
	}

	/**
	 * Wait for a block, and release it.
	 */
	public void use(int thread) throws InterruptedException {
		use(acquire(this.small, this.waitingForSmall, thread));
	}

	/**
	 * Wait for memory that the blocks have, and release it.
	 */
	public void useLarge(int thread) throws InterruptedException {
		use(acquire(this.large, this.waitingForLarge, thread));
	}

	/**
	 * Discard what is idle.
	 */
	public void trim() {
		this.small.discardIdle(DiscardReason.TRIMMED);
	}

	/**
	 * End all threads.
	 */
	public void close() {
		this.small.close();
	}

	private void hold(@Nullable TestBlock block) {
		if (block != null) {
			block.own();
			this.held.add(new TestBlock.Handle(block));
		}
	}

	private void use(@Nullable TestBlock block) {
		if (block != null) {
			block.own();
			block.disown();
			new TestBlock.Handle(block).release();
		}
	}

	private @Nullable TestBlock acquire(Tier<TestBlock> tier, List<@Nullable Request<TestBlock>> requests, int thread)
			throws InterruptedException {
		List<Request<TestBlock>> ahead = ahead(tier, requests);
		TestBlock block = tier.claim();
		if (block == null) {
			Request<TestBlock> request = new Request<>(tier.capacity(), false, Long.MAX_VALUE);
			requests.set(thread, request);
			try {
				block = tier.acquire(request);
			}
			catch (PoolClosedException ex) {
				return null;
			}
		}
		if (block == null) {
			throw new IllegalStateException("A waiter was refused in no time");
		}
		if (!ahead.isEmpty() && unserved(ahead).size() == ahead.size()) {
			throw new IllegalStateException("The later request was served first");
		}
		return block;
	}

	// Of several at least one is in line; this one is not yet
	private List<Request<TestBlock>> ahead(Tier<TestBlock> tier, List<@Nullable Request<TestBlock>> requests) {
		this.budget.lock();
		try {
			return isAwaited(tier) ? unserved(requests) : List.of();
		}
		finally {
			this.budget.unlock();
		}
	}

	private static boolean isAwaited(Tier<TestBlock> tier) {
		return !tier.admission().queue().isEmpty() || tier.admission().sizeClass().account().isAwaited();
	}

	private List<Request<TestBlock>> unserved(List<? extends @Nullable Request<TestBlock>> requests) {
		List<Request<TestBlock>> unserved = new ArrayList<>();
		this.budget.lock();
		try {
			for (Request<TestBlock> request : requests) {
				if (request != null && request.block == null && request.slot == null) {
					unserved.add(request);
				}
			}
		}
		finally {
			this.budget.unlock();
		}
		return unserved;
	}

	/**
	 * Whatever the order, every thread ends and nothing fails.
	 */
	public static final class Specification {

		/**
		 * Succeed.
		 */
		public void letGo() {
		}

		/**
		 * Succeed.
		 */
		public void take(int thread) {
		}

		/**
		 * Succeed, or find nothing.
		 */
		public void tryTake() {
		}

		/**
		 * Succeed.
		 */
		public void use(int thread) {
		}

		/**
		 * Succeed.
		 */
		public void useLarge(int thread) {
		}

		/**
		 * Succeed.
		 */
		public void trim() {
		}

		/**
		 * Succeed.
		 */
		public void close() {
		}

	}

}
