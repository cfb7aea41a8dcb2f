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

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.mempool.core.Leak;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakKind;
import io.mempool.core.LeakListener;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the leaks of one pool: writes down what leases begin, and tells of those that
 * were lost or grow old.
 */
public final class LeakDetector implements Unreleased.Listener {

	/*
	 * A note is written into the slot of the block by the thread that has just claimed
	 * it, before it has the handle, and bears the version of the lease. Nobody clears it:
	 * when the block comes home and is claimed again, the version of the slot has grown
	 * and the note is of the past. So noting costs nothing on the way home, and there is
	 * no set of open leases for threads to fight over. Open ones are found by a walk over
	 * the references to all blocks of the budget, which are there anyway.
	 *
	 * Who writes and who reads. The version of a slot cannot change before the handle is
	 * released, and nobody has the handle yet: of all writers of one slot, each is done
	 * before the next lease begins, and what it wrote happens-before that as all that an
	 * owner does. Readers come at any time. They read the note with acquire semantics,
	 * which was written with release semantics, so they see all of a note that they see,
	 * and take it for the present one only if the word of the slot, read before, says
	 * leased and has its version. They may miss a note that is just being written, which
	 * they find the next time, or report one whose lease ends at that moment, as it might
	 * have a moment later. Of a block that was found lost the collector has proven that
	 * its last owner is gone, whose writes to the slot came before.
	 *
	 * What is sampled. Every stripe of threads draws random numbers of its own, plainly:
	 * two threads that get into each other's way draw the same number, no worse. Taking
	 * every 128th instead would overlook for ever what is, say, the second of the two
	 * acquires of each request.
	 */

	/**
	 * Of how many acquires one is noted, unless all are.
	 */
	private static final int SAMPLING = LeakDetection.SAMPLING;

	// Random numbers, none of them ever zero: one for each stripe of threads
	private static final int[] numbers = new int[(Stripes.COUNT + 1) * Stripes.INT_STRIDE];

	static {
		for (int stripe = 1; stripe <= Stripes.COUNT; stripe++) {
			numbers[stripe * Stripes.INT_STRIDE] = stripe * 0x9E3779B9;
		}
	}

	// How often to look without being asked. A lease is found lost by the first
	// collection
	// after it was seen twice
	private static final Duration PERIOD = Duration.ofSeconds(1);

	// Without a listener, which would know what it has logged already
	private static final int MAXIMUM_LOGGED = 10;

	private final Account account;

	private volatile LeakSettings settings = LeakSettings.NONE;

	// Guarded by this object's monitor, under which nothing blocks
	private int logged;

	private boolean toldOfUnknown;

	// Guarded by the lock of the budget
	private Housekeeping.@Nullable Task task;

	LeakDetector(Account account) {
		this.account = account;
	}

	/**
	 * Return how the pool looks for leaks.
	 * @return the settings
	 */
	public LeakSettings settings() {
		return this.settings;
	}

	/**
	 * Change how the pool looks for leaks, from the next acquire on.
	 * @param settings the settings
	 */
	public void change(LeakSettings settings) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		this.account.exclusively(() -> {
			boolean on = settings.detection().notes() && !this.account.isClosed();
			if (on && this.task == null) {
				// First, as it may fail
				this.task = Housekeeping.every(PERIOD, this, LeakDetector::look);
			}
			else if (!on) {
				stop();
			}
			this.settings = settings;
			this.account.signal(settings.detection());
			return null;
		});
	}

	/**
	 * Look no more. Lock of the budget held.
	 */
	void stop() {
		if (this.task != null) {
			this.task.cancel();
			this.task = null;
		}
	}

	/**
	 * Take notice of a lease that begins, in a pool that notes some or all of them.
	 */
	void began(Slot<?> slot, long version, int size) {
		LeakSettings settings = this.settings;
		if (settings.detection() == LeakDetection.PARANOID || isSampled()) {
			note(slot, version, size, settings);
		}
	}

	private static boolean isSampled() {
		int stripe = (Stripes.current() + 1) * Stripes.INT_STRIDE;
		// Marsaglia, Xorshift RNGs (2003)
		int number = numbers[stripe];
		number ^= number << 13;
		number ^= number >>> 17;
		number ^= number << 5;
		numbers[stripe] = number;
		return (number & (SAMPLING - 1)) == 0;
	}

	// The thread that acquires has the block already, which must not be lost for a note
	private void note(Slot<?> slot, long version, int size, LeakSettings settings) {
		try {
			boolean traces = settings.detection().traces();
			LeakListener listener = settings.listener();
			UnitOfWork work = (listener != null) ? EndedWork.nameOf(listener::currentWork) : null;
			LeaseNote note = new LeaseNote(version, size, work, traces ? new LeaseTrace("acquired") : null);
			if (traces) {
				note.follow(slot.note());
			}
			slot.note(note);
		}
		catch (Throwable ex) {
			// The lease is one of those that are not noted
		}
	}

	/**
	 * Look for leaks now. Called now and then, with or without traffic.
	 */
	void look() {
		SharedBudget budget = this.account.budget();
		budget.lockWhenCold();
		try {
			budget.takeBackLost();
			this.account.guardLeases();
		}
		finally {
			budget.unlock();
		}
		Duration maxAge = this.settings.maxAge();
		if (maxAge != null) {
			budget.forEachSlot(this.account, (slot) -> reportIfOld(slot, maxAge));
		}
	}

	private void reportIfOld(Slot<?> slot, Duration maxAge) {
		long state = slot.state;
		LeaseNote note = Slot.isLeased(state) ? slot.note(state & Slot.VERSION) : null;
		if (note != null && note.age().compareTo(maxAge) > 0 && note.reportOnce()) {
			tell(note.leak(LeakKind.AGE, this.account), slot.tier.capacity());
		}
	}

	/**
	 * Report that a block was lost together with its lease. No lock held. Throws nothing.
	 */
	void reportLost(Slot<?> slot) {
		try {
			LeaseNote note = slot.note(slot.state & Slot.VERSION);
			int capacity = slot.tier.capacity();
			if (note != null) {
				tell(note.leak(LeakKind.COLLECTED, this.account), capacity);
			}
			else {
				PoolEvents.current().leak(this.account.pool(), capacity, null);
				tellOfUnknown();
			}
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING,
					"Failed to report a leak of pool '" + this.account.pool() + "'", ex);
		}
	}

	private void tellOfUnknown() {
		synchronized (this) {
			if (this.toldOfUnknown) {
				return;
			}
			this.toldOfUnknown = true;
		}
		QuietLog.log(LeakDetector.class, Level.WARNING,
				"A lease of pool '" + this.account.pool()
						+ "' was lost without a release, and it is not known whose it was. " + remedy()
						+ "This is said once; 'leaked' counts them",
				null);
	}

	private String remedy() {
		String set = "Set 'mempool.leak-detection' to ";
		return switch (this.settings.detection()) {
			case DISABLED ->
				set + "'simple' to have one of " + SAMPLING + " named, or to 'paranoid' to have all of them named. ";
			case SIMPLE -> "One of " + SAMPLING + " is named. " + set
					+ "'advanced' to see where that is acquired, or to 'paranoid' to have all of them named. ";
			case ADVANCED -> "One of " + SAMPLING + " is named. " + set + "'paranoid' to have all of them named. ";
			case PARANOID -> "It began before all of them were named. ";
		};
	}

	/**
	 * Tell of a leak. No lock held. Throws nothing.
	 */
	void tell(Leak leak, int capacity) {
		try {
			PoolEvents.current().leak(leak.pool(), capacity, leak);
			LeakListener listener = this.settings.listener();
			if (listener != null) {
				listener.leaked(leak);
			}
			else {
				log(leak);
			}
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING, "Failed to tell of a leak: " + leak.describe(), ex);
		}
	}

	@Override
	public void unreleased(int leases, long size, @Nullable UnitOfWork work) {
		tell(new Leak(LeakKind.SCOPE, this.account.pool(), size, leases, null, work, null, List.of()), 0);
	}

	private void log(Leak leak) {
		synchronized (this) {
			if (++this.logged > MAXIMUM_LOGGED) {
				return;
			}
		}
		QuietLog.log(LeakDetector.class, (leak.kind() == LeakKind.SCOPE) ? Level.INFO : Level.WARNING, leak.describe(),
				null);
	}

}
