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

import io.mempool.core.PoolClosedException;
import org.jspecify.annotations.Nullable;

/**
 * One acquire that found no idle block at first: its parameters, its place in a wait
 * queue, and its result. Used once, by one thread.
 *
 * @param <B> the kind of block
 */
public final class Request<B extends Block> {

	static final long NOT_ARRIVED = Long.MAX_VALUE;

	// The first request in a queue looks for lost leases periodically, since no signal
	// announces them
	private static final long LONGEST_PARK = 100_000_000L;

	final int size;

	final boolean transientAtCap;

	private final long start;

	private final long waitNanos;

	private final Thread thread = Thread.currentThread();

	private volatile boolean woken;

	// Guarded by the lock of the budget from here on

	// Its turn, which the budget assigns at its first wait
	long arrival = NOT_ARRIVED;

	// Its queue and its neighbours in it
	@Nullable WaitQueue queue;

	private @Nullable Admission<B> countedAt;

	@Nullable Request<?> previous;

	@Nullable Request<?> next;

	// The tier that serves it: another one than at first if that was retired
	@Nullable Tier<B> tier;

	// The result of the admission: an idle block, or a slot to create one for
	@Nullable B block;

	@Nullable Slot<B> slot;

	@Nullable Shortage shortage;

	// The state of the tier when the request was refused
	@Nullable Refusal refusal;

	// The error of the JVM that prevented a block. Written by the thread of the request
	@Nullable OutOfMemoryError error;

	// How many bytes a new slab may take, fewer after a failed allocation
	long largestSlab = Long.MAX_VALUE;

	// Whether to wait before a block is created, since the JVM had no memory for it
	boolean memoryShort;

	/**
	 * Create a request of the calling thread.
	 * @param size the requested size
	 * @param transientAtCap whether a transient block will do when {@code max-total} is
	 * reached
	 * @param waitNanos how long to wait at most, {@code 0} not to wait
	 */
	public Request(int size, boolean transientAtCap, long waitNanos) {
		this.size = size;
		this.transientAtCap = transientAtCap;
		this.waitNanos = waitNanos;
		this.start = (waitNanos > 0) ? System.nanoTime() : 0;
	}

	/**
	 * Have the request admitted: at once, or after a wait in its turn.
	 * @param first the first tier to ask
	 * @return the tier that admitted it, or {@code null} if it was refused
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Tier<B> await(Tier<B> first) throws InterruptedException {
		SharedBudget budget = first.account().budget();
		Object wait = null;
		long begin = 0;
		budget.lock();
		try {
			this.tier = (this.tier != null) ? this.tier : first;
			for (;;) {
				Admission<B> admission = present(this.tier).admission();
				if (admission.tryAdmit(this)) {
					return this.tier;
				}
				// Memory that is being freed for this request justifies another look
				boolean pending = this.shortage == Shortage.PENDING;
				Shortage obstacle = admission.obstacle(this);
				if (obstacle != null || (isOverdue() && !pending)) {
					admission.refuse(this, obstacle);
					return null;
				}
				WaitQueue queue = admission.queue(this);
				if (this.queue != queue) {
					boolean moves = this.queue != null;
					budget.dequeue(this);
					budget.enqueue(this, queue);
					waitAt(admission);
					if (moves) {
						// It no longer blocks the requests in its old queue
						budget.wake();
					}
					if (!pending) {
						// Look again in the new queue: only now does a return wake this
						// request
						continue;
					}
				}
				boolean leads = queue.first() == this;
				budget.unlock();
				try {
					if (!pending) {
						wait = (wait != null) ? wait : beginWait();
						begin = (begin != 0) ? begin : System.nanoTime();
						park(leads);
						this.memoryShort = false;
					}
				}
				finally {
					budget.lockAgain();
				}
			}
		}
		finally {
			leave(budget, (begin != 0) ? System.nanoTime() - begin : -1);
			if (wait != null) {
				endWait(wait, first);
			}
		}
	}

	private void leave(SharedBudget budget, long waited) {
		try {
			if (this.queue != null) {
				budget.dequeue(this);
				// Pass on a wake-up that this request may have consumed, or memory that
				// it did not need
				budget.wake();
			}
			waitAt(null);
			if (this.tier != null && waited >= 0) {
				this.tier.admission().waited(waited);
			}
		}
		finally {
			budget.unlock();
		}
	}

	/**
	 * Move to the successor of the tier.
	 */
	private Tier<B> present(Tier<B> tier) {
		Tier<B> successor = tier.successor(this.size);
		this.tier = successor;
		if (this.queue != null) {
			waitAt(successor.admission());
		}
		return successor;
	}

	/**
	 * Count the request at the tier where it waits.
	 */
	private void waitAt(@Nullable Admission<B> admission) {
		if (this.countedAt != admission) {
			if (this.countedAt != null) {
				this.countedAt.waiting--;
			}
			if (admission != null) {
				admission.waiting++;
			}
			this.countedAt = admission;
		}
	}

	/**
	 * Move to the successor of a retired tier, if this request waits for that tier.
	 */
	void moveFrom(Tier<?> retired, SharedBudget budget) {
		Tier<B> tier = this.tier;
		WaitQueue queue = this.queue;
		if (tier != null && tier == retired && queue != null) {
			Tier<B> successor = present(tier);
			if (queue == tier.admission().queue()) {
				budget.dequeue(this);
				budget.enqueue(this, successor.admission().queue());
			}
		}
	}

	private static @Nullable Object beginWait() {
		try {
			return PoolEvents.current().beginWait();
		}
		catch (Throwable ex) {
			// Not recorded
			return null;
		}
	}

	private void endWait(Object wait, Tier<B> first) {
		try {
			boolean admitted = this.block != null || this.slot != null;
			Tier<B> tier = (this.tier != null) ? this.tier : first;
			PoolEvents.current().endWait(wait, first.account().pool(), tier.capacity(), this.size, admitted);
		}
		catch (Throwable ex) {
			// An event must not cost the request its result
		}
	}

	/**
	 * Return whether this request has an earlier turn than another. One that has not
	 * waited has the last turn.
	 */
	boolean cameBefore(Request<?> other) {
		return this.arrival < other.arrival;
	}

	private boolean isOverdue() {
		return remaining() <= 0;
	}

	private long remaining() {
		return (this.waitNanos > 0) ? this.waitNanos - (System.nanoTime() - this.start) : 0;
	}

	long waitNanos() {
		return this.waitNanos;
	}

	/**
	 * Sleep until woken.
	 * @param leads whether to look for lost leases now and then
	 */
	void park(boolean leads) throws InterruptedException {
		if (!this.woken) {
			LockSupport.parkNanos(this, leads ? Math.min(remaining(), LONGEST_PARK) : remaining());
		}
		this.woken = false;
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

	void wake() {
		if (!this.woken) {
			this.woken = true;
			LockSupport.unpark(this.thread);
		}
	}

}
