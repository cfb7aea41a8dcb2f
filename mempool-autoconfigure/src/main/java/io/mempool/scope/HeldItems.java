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

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.QuietLog;
import io.mempool.object.PooledObject;
import org.jspecify.annotations.Nullable;

/**
 * What a scope owns until its owner has closed it and the last of its tasks has ended.
 * Safe for use by several threads.
 */
class HeldItems extends LimitedItems {

	/*
	 * States. One word has the number of tasks that hold the items, and whether the owner
	 * has closed them. The items end when the word becomes CLOSED: closed, and no task.
	 * No step leaves that state.
	 *
	 * Why it is correct. Each step is one atomic change of the word: a hold, the end of a
	 * hold, the close. Exactly one of them makes the word CLOSED, and its thread ends the
	 * items. A hold is refused in that state. So a hold that was granted comes before
	 * that step, and its end is that step or comes before it: no task sees ended items.
	 *
	 * Memory order. The changes are volatile, of one variable. All that a task does
	 * happens-before the end of its hold, and that happens-before the end of the items,
	 * which releases them.
	 */

	private static final int CLOSED = 1;

	private static final int HOLD = 2;

	private static final VarHandle HOLDS;

	static {
		try {
			HOLDS = MethodHandles.lookup().findVarHandle(HeldItems.class, "holds", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final @Nullable Supplier<@Nullable UnitOfWork> work;

	private final boolean reportsUnreleased;

	// Read and written through HOLDS
	@SuppressWarnings("UnusedVariable")
	private volatile int holds;

	// Whether what is left is discarded instead of released
	private volatile boolean inDoubt;

	// Guarded by this
	private @Nullable List<Runnable> closeListeners;

	HeldItems(long limit, @Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased) {
		super(limit);
		this.work = work;
		this.reportsUnreleased = reportsUnreleased;
	}

	HeldItems(long limit, @Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased,
			@Nullable ScopeQuota quota, String pool, Supplier<? extends @Nullable Object> key) {
		super(limit, quota, pool, key);
		this.work = work;
		this.reportsUnreleased = reportsUnreleased;
	}

	/**
	 * Own a lease that was acquired for these items, and name it. Release it if that
	 * fails.
	 */
	final void addOrClose(Lease lease, int size) {
		boolean added = false;
		try {
			own(lease, size);
			added = true;
		}
		finally {
			if (!added) {
				lease.close();
			}
		}
		name(lease);
	}

	/**
	 * Own a lease, which its owner of before still owns if that fails.
	 */
	final void own(Lease lease, int size) {
		if (!add(lease, size)) {
			throw closed(lease);
		}
	}

	/**
	 * Own a lease, for which room was reserved, as {@link #own(Lease, int)} does.
	 */
	final void own(Lease lease, int size, int reserved) {
		if (!add(lease, size, reserved)) {
			throw closed(lease);
		}
	}

	/**
	 * Check that the items do not own a lease yet, and that it is alive. Called with the
	 * monitor held.
	 */
	final void checkAdoptable(Lease lease) {
		boolean alive = lease.isAlive();
		// Threads that add without the monitor have just acquired what they add
		if (!isEnded() && (!alive || owns(lease))) {
			throw new LeaseException("Cannot let this scope adopt " + lease + ": "
					+ (alive ? "the scope owns it already. Adopt each lease once, and what retain() returned as "
							+ "a lease of its own" : "it was released before. Acquire another one"));
		}
	}

	/**
	 * Remove the lease of an object.
	 * @return the lease, or {@code null} if there is none
	 */
	final @Nullable Lease removeLeaseOf(Object object) {
		return remove((item) -> item instanceof PooledObject<?> lease && ScopeLeases.isLeaseOf(lease, object));
	}

	static PoolClosedException closed(Object what) {
		return new PoolClosedException(
				"Cannot acquire " + what + " through this scope: it is closed, its unit of work has ended");
	}

	/**
	 * Name a lease, whichever thread acquired it. Not having a name is no reason to fail.
	 */
	final void name(Lease lease) {
		if (this.work != null) {
			try {
				OwnedLease.of(lease).assign(this.work);
			}
			catch (Throwable ex) {
				QuietLog.log(HeldItems.class, Level.WARNING, "Failed to name a lease of a scope", ex);
			}
		}
	}

	/**
	 * Explain why an item could not be removed.
	 */
	final LeaseException notOwned(Object what) {
		return new LeaseException("Cannot detach " + what + " from this scope: "
				+ (isEnded() ? "the scope is closed" : "it was released, detached before, or acquired elsewhere"));
	}

	/**
	 * Keep the items until {@link #endHold}.
	 * @throws PoolClosedException if they have ended
	 */
	final void hold() {
		for (;;) {
			int holds = this.holds;
			if (holds == CLOSED) {
				throw new PoolClosedException(
						"Cannot give a task to this scope: it is closed, its unit of work has ended. "
								+ "Wrap or submit a task before that");
			}
			if (HOLDS.compareAndSet(this, holds, holds + HOLD)) {
				return;
			}
		}
	}

	/**
	 * End what {@link #hold} began. The last hold ends the items if the owner has closed
	 * them.
	 */
	final void endHold() {
		if ((int) HOLDS.getAndAdd(this, -HOLD) == CLOSED + HOLD) {
			endAll();
		}
	}

	/**
	 * Close the items. If tasks hold them, the last of these ends them.
	 */
	final void endByOwner() {
		int before = (int) HOLDS.getAndBitwiseOr(this, CLOSED);
		if ((before & ~CLOSED) == 0) {
			endAll();
		}
	}

	/**
	 * Discard what is left at the end instead of releasing it.
	 */
	final void doubt() {
		if (!isEnded()) {
			this.inDoubt = true;
		}
	}

	private void endAll() {
		Throwable failure = ScopeEnd.giveUp(end(), this.inDoubt, this.work, this.reportsUnreleased);
		endQuotaQuietly();
		if (failure == null) {
			endedAll();
		}
		callCloseListeners();
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		if (failure instanceof Error ex) {
			throw ex;
		}
	}

	private void endQuotaQuietly() {
		try {
			endQuota();
		}
		catch (Throwable ex) {
			QuietLog.log(HeldItems.class, Level.WARNING, "The key of a quota failed after a scope was closed", ex);
		}
	}

	/**
	 * Add a listener for the end of the items.
	 */
	final void addCloseListener(Runnable listener) {
		synchronized (this) {
			if (!isEnded()) {
				this.closeListeners = (this.closeListeners != null) ? this.closeListeners : new ArrayList<>(1);
				this.closeListeners.add(listener);
				return;
			}
		}
		call(listener);
	}

	private void callCloseListeners() {
		List<Runnable> listeners;
		synchronized (this) {
			listeners = this.closeListeners;
			this.closeListeners = null;
		}
		if (listeners != null) {
			listeners.forEach(HeldItems::call);
		}
	}

	private static void call(Runnable listener) {
		try {
			listener.run();
		}
		catch (Throwable ex) {
			QuietLog.log(HeldItems.class, Level.WARNING, "A listener failed after a scope was closed", ex);
		}
	}

}
