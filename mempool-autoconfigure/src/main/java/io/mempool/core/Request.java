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

package io.mempool.core;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * One acquire that found nothing idle at first sight: its terms, its place in line, and
 * what came of it. Used once, by one thread.
 *
 * @param <B> the kind of block
 */
public final class Request<B extends Block> {

	// A waiter looks for lost leases now and then, which nobody announces
	private static final long LONGEST_PARK = 100_000_000L;

	final int size;

	final boolean transientAtCap;

	private final long start;

	private final long waitNanos;

	private final Thread thread = Thread.currentThread();

	private volatile boolean woken;

	// Whom it was put to last: another one than at first if that was retired meanwhile.
	// Written with the lock of the budget held
	@Nullable Tier<B> tier;

	// What was granted: an idle block, or a slot to create one for
	@Nullable B block;

	@Nullable Slot<B> slot;

	@Nullable Shortage shortage;

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
	 * Have the request granted: at once, or after a wait in line.
	 * @param first the tier it is put to
	 * @return the tier that granted it, or {@code null} if it was refused
	 * @throws PoolClosedException if the pool is closed
	 */
	@Nullable Tier<B> await(Tier<B> first) throws InterruptedException {
		Budget budget = first.account().budget();
		boolean enrolled = false;
		Object wait = null;
		budget.lock();
		try {
			this.tier = first;
			for (;;) {
				Tier<B> tier = present(this.tier);
				// More than limit or budget ever allow: no use waiting
				Shortage obstacle = tier.granting().obstacle(this);
				Request<B> next = tier.line().first();
				if (next != null && next != this) {
					this.shortage = (obstacle != null) ? obstacle : next.shortage;
				}
				else if (tier.granting().tryGrant(this)) {
					return tier;
				}
				if (obstacle != null || isOverdue()) {
					tier.granting().refuse(this, obstacle == null);
					return null;
				}
				if (!enrolled) {
					wait = PoolEvents.current().beginWait();
					// Look again after enrolling: only now does a return wake us
					tier.line().join(this);
					enrolled = true;
				}
				else {
					budget.unlock();
					try {
						park();
					}
					finally {
						budget.lock();
					}
				}
			}
		}
		finally {
			if (enrolled) {
				this.tier.line().leave(this);
			}
			budget.unlock();
			if (wait != null) {
				boolean granted = this.block != null || this.slot != null;
				PoolEvents.current().endWait(wait, first.account().pool(), this.tier.capacity(), this.size, granted);
			}
		}
	}

	/**
	 * Turn to whichever tier has taken over. Who is in line is taken along.
	 */
	private Tier<B> present(Tier<B> tier) {
		Tier<B> heir = tier.heir(this.size);
		this.tier = heir;
		return heir;
	}

	/**
	 * Return whether its thread came before that of another request. Both may wait.
	 */
	boolean isOlderThan(Request<B> other) {
		return this.start - other.start < 0;
	}

	boolean isOverdue() {
		return remaining() <= 0;
	}

	private long remaining() {
		return (this.waitNanos > 0) ? this.waitNanos - age() : 0;
	}

	/**
	 * Return for how long it has waited, if it may wait.
	 */
	long age() {
		return System.nanoTime() - this.start;
	}

	long waitNanos() {
		return this.waitNanos;
	}

	void park() throws InterruptedException {
		if (!this.woken) {
			LockSupport.parkNanos(this, Math.min(remaining(), LONGEST_PARK));
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
