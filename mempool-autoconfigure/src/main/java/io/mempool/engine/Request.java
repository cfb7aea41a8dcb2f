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

import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import org.jspecify.annotations.Nullable;

/**
 * One acquire that found no idle block at first: its parameters and its result. Used
 * once, by one thread.
 *
 * @param <B> the kind of block
 */
public final class Request<B extends Block> extends Waiter {

	// The first request in a queue looks for lost leases periodically, since no signal
	// announces them. Changed by tests of signals only
	static long longestPark = 100_000_000L;

	final int size;

	final boolean transientAtCap;

	private final long start;

	// Whether it would wait, but for its thread. Written by that thread before it begins
	boolean barred;

	// Whether a refusal is neither counted nor explained, since the caller has another
	// way. Written likewise
	boolean tentative;

	private final long waitNanos;

	// Guarded by the lock of the budget from here on

	@LockHeld
	private @Nullable Admission<B> countedAt;

	// Also by the thread of a later request
	@LockHeld
	private boolean admitted;

	// What decides about it: another tier's than at first if that was retired
	private @Nullable Admission<B> admission;

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
	 * Begin a lease for the request. When the JVM has no memory for a block, all pools
	 * give up their idle memory and the request is tried once more. If that fails too,
	 * the pool is exhausted.
	 * @param first the admission of the first tier to ask
	 * @return the block, or {@code null} if the request was refused
	 * @throws InterruptedException if interrupted while waiting
	 */
	@Nullable B acquire(Admission<B> first) throws InterruptedException {
		for (;;) {
			try {
				Admission<B> admission = await(first);
				if (admission == null) {
					return null;
				}
				if (this.block != null) {
					if (admission.creation().endQuarantine(this.block)) {
						return admission.creation().fit(this.block);
					}
					this.block = null;
				}
				if (this.slot != null) {
					B block = admission.creation().create(this.slot, this.size);
					this.slot = null;
					return block;
				}
			}
			catch (OutOfMemoryError ex) {
				if (!undoSlab()) {
					undo(DiscardReason.NO_MEMORY);
					if (this.tentative) {
						return null;
					}
					this.memoryShort = this.error != null;
					if (this.error == null) {
						first.sizeClass().account().memory().giveUpIdle();
					}
					this.error = ex;
				}
			}
			catch (Throwable ex) {
				undo(DiscardReason.FAILED);
				throw ex;
			}
		}
	}

	/**
	 * Undo the plan of a slab that the JVM could not allocate, if a smaller slab is large
	 * enough.
	 */
	private boolean undoSlab() {
		Slot<B> slot = this.slot;
		if (slot == null || slot.plan == 0 || this.admission == null) {
			return false;
		}
		long footprint = slot.weight;
		boolean another = footprint > this.admission.sizeClass().leastSlab();
		if (another) {
			this.largestSlab = footprint / 2;
			undo(DiscardReason.NO_MEMORY);
		}
		return another;
	}

	/**
	 * Undo the admission of a failed request whose block does not exist yet. Allocates
	 * nothing.
	 */
	private void undo(DiscardReason reason) {
		Slot<B> slot = this.slot;
		this.slot = null;
		// The block was rejected as unfit, or is found as a lost lease
		this.block = null;
		if (slot != null && this.admission != null) {
			this.admission.creation().forget(slot, reason);
		}
	}

	/**
	 * Have the request admitted: at once, or after a wait in its turn.
	 * @param first the admission of the first tier to ask
	 * @return what admitted it, or {@code null} if it was refused
	 * @throws PoolClosedException if the pool is closed
	 */
	@SuppressWarnings("ReferenceEquality")
	private @Nullable Admission<B> await(Admission<B> first) throws InterruptedException {
		SharedBudget budget = first.sizeClass().budget();
		Object wait = null;
		long begin = 0;
		budget.lock();
		try {
			this.admitted = false;
			for (;;) {
				budget.takeBackLost();
				budget.waiting().serveBefore(this);
				if (this.admitted) {
					return this.admission;
				}
				Admission<B> admission = present(first);
				if (tryAdmit(admission)) {
					return admission;
				}
				// Memory that is being freed for this request justifies another look
				boolean pending = this.shortage == Shortage.PENDING;
				Shortage obstacle = admission.obstacle(this);
				if (obstacle != null || (isOverdue() && !pending)) {
					admission.refuse(this, obstacle);
					return null;
				}
				if (join(admission) && !pending) {
					// Look again in the new queue: only now does a return wake this
					// request
					continue;
				}
				boolean leads = this.queue != null && this.queue.first() == this;
				boolean interrupted = false;
				budget.unlock();
				try {
					if (!pending) {
						wait = (wait != null) ? wait : beginWait();
						begin = (begin != 0) ? begin : System.nanoTime();
						// The first one looks for lost leases now and then
						interrupted = park(leads ? Math.min(remaining(), longestPark) : remaining());
						this.memoryShort = false;
					}
				}
				finally {
					budget.lockAgain();
				}
				if (interrupted) {
					interrupt();
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

	@LockHeld
	private boolean tryAdmit(Admission<B> admission) {
		this.called = false;
		this.admitted = admission.tryAdmit(this);
		return this.admitted;
	}

	/**
	 * Wait where the obstacle is.
	 * @return whether that is another queue than before
	 */
	@LockHeld
	@SuppressWarnings("ReferenceEquality")
	private boolean join(Admission<B> admission) {
		WaitQueue queue = admission.queue(this);
		if (this.queue == queue) {
			return false;
		}
		SharedBudget budget = admission.sizeClass().budget();
		boolean moves = this.queue != null;
		budget.waiting().dequeue(this);
		budget.waiting().enqueue(this, queue);
		waitAt(admission);
		if (moves) {
			// It no longer blocks the requests in its old queue
			budget.wake();
		}
		return true;
	}

	@Override
	@LockHeld
	void serve() {
		Admission<B> admission = this.admission;
		if (admission == null) {
			return;
		}
		try {
			do {
				admission = present(admission);
				if (admission.isClosed() || tryAdmit(admission) || admission.obstacle(this) != null) {
					// Its thread finds its result, or fails
					SharedBudget budget = admission.sizeClass().budget();
					budget.waiting().dequeue(this);
					budget.wake();
					return;
				}
			}
			while (join(admission) && this.shortage != Shortage.PENDING);
		}
		catch (Throwable ex) {
			// Its thread looks by itself, and meets the error if it lasts
			this.admitted = this.block != null || this.slot != null;
		}
	}

	/**
	 * End the wait, but not if another thread has served the request.
	 */
	@LockHeld
	private void interrupt() throws InterruptedException {
		if (!this.admitted) {
			throw new InterruptedException();
		}
		Thread.currentThread().interrupt();
	}

	@LockHeld
	private void leave(SharedBudget budget, long waited) {
		try {
			if (this.queue != null) {
				budget.waiting().dequeue(this);
				// Pass on a wake-up that this request may have consumed, or memory that
				// it did not need
				budget.wake();
			}
			waitAt(null);
			if (this.admission != null && waited >= 0) {
				this.admission.waited(waited);
			}
		}
		finally {
			budget.unlock();
		}
	}

	/**
	 * Move to the successor of the tier.
	 * @param first the first tier that was asked
	 * @return what decides now
	 */
	@LockHeld
	private Admission<B> present(Admission<B> first) {
		Admission<B> last = (this.admission != null) ? this.admission : first;
		Admission<B> successor = last.successor(this.size);
		this.admission = successor;
		if (this.queue != null) {
			waitAt(successor);
		}
		return successor;
	}

	/**
	 * Count the request at the tier where it waits.
	 */
	@LockHeld
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

	@Override
	@LockHeld
	void moveFrom(Object retired) {
		Admission<B> admission = this.admission;
		WaitQueue queue = this.queue;
		if (admission != null && admission == retired && queue != null) {
			Admission<B> successor = present(admission);
			if (queue == admission.queue()) {
				WaitingRequests waiting = admission.sizeClass().budget().waiting();
				waiting.dequeue(this);
				waiting.enqueue(this, successor.queue());
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

	private void endWait(Object wait, Admission<B> first) {
		try {
			boolean admitted = this.block != null || this.slot != null;
			SizeClass<B> last = ((this.admission != null) ? this.admission : first).sizeClass();
			PoolEvents.current().endWait(wait, last.account().pool(), last.capacity(), this.size, admitted);
		}
		catch (Throwable ex) {
			// An event must not cost the request its result
		}
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

}
