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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.core.Leak;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakKind;
import io.mempool.core.LeakListener;
import io.mempool.core.OpenLease;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leaks of one pool: notes the leases that begin, and reports those that are
 * lost or grow old.
 */
public final class LeakDetector implements Unreleased.Listener {

	/*
	 * Layout. The claiming thread writes a note into the slot of the block before it has
	 * the handle. The note has the version of the lease. No thread clears it. When the
	 * block has returned and is claimed again, the version of the slot is higher and the
	 * note is old. So a note costs nothing on return, and threads do not contend for a
	 * set of open leases. The detector finds open leases in the references to all blocks
	 * of the budget, which exist anyway.
	 *
	 * Memory order. The version of a slot cannot change before the handle is released,
	 * and no thread has the handle yet. So each writer of a slot finishes before the next
	 * lease begins. Its write happens-before that lease, as all that an owner does.
	 * Readers run at any time. A note is written with release and read with acquire
	 * semantics, so a reader sees it whole. It takes the note as current only if the word
	 * of the slot, read before, says leased and has the version of the note. A reader may
	 * miss a note that is just being written, and finds it at the next look. It may
	 * report a lease that ends at that moment. For a lost block, the collector has proven
	 * that its last owner is unreachable, and the owner's writes to the slot came before.
	 *
	 * Sampling. Each stripe of threads draws its own random numbers with plain accesses.
	 * If two threads race, they draw the same number, which does no harm. To take every
	 * 128th acquire instead could always miss the second of the two acquires of each
	 * request.
	 */

	/**
	 * One of this many acquires is noted, unless all are.
	 */
	private static final int SAMPLING = LeakDetection.SAMPLING;

	// Random numbers, never zero: one for each stripe of threads
	private static final int[] numbers = new int[(Stripes.COUNT + 1) * Stripes.INT_STRIDE];

	static {
		for (int stripe = 1; stripe <= Stripes.COUNT; stripe++) {
			numbers[stripe * Stripes.INT_STRIDE] = stripe * 0x9E3779B9;
		}
	}

	// How often to look without a call. The first collection after two looks finds a lost
	// lease
	private static final Duration PERIOD = Duration.ofSeconds(1);

	// The limit without a listener, as a listener would know what it has logged
	private static final int MAXIMUM_LOGGED = 10;

	// Of reports. A listener that blocks must not make them fill the heap
	private static final int MAXIMUM_PENDING = 1000;

	private final Pool pool;

	private volatile LeakSettings settings = LeakSettings.NONE;

	// Nothing blocks under the monitor
	@GuardedBy("this")
	private int logged;

	@GuardedBy("this")
	private boolean reportedUnknown;

	// Found by threads that must not call listeners, and reported by housekeeping. The
	// one that is being reported is the first
	@GuardedBy("this")
	private final Deque<Leak> pending = new ArrayDeque<>();

	@GuardedBy("this")
	private long dropped;

	// Guarded by the lock of the budget
	@LockHeld
	private Housekeeping.@Nullable Task task;

	LeakDetector(Pool pool) {
		this.pool = pool;
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
		this.pool.exclusively(() -> {
			boolean on = settings.detection().notes() && !this.pool.isClosed();
			if (on && this.task == null) {
				// First, as it may fail
				LeaseNote.prepare();
				this.task = Housekeeping.every(PERIOD, this, LeakDetector::look);
			}
			else if (!on) {
				stop();
			}
			this.settings = settings;
			this.pool.signal(settings.detection());
			return null;
		});
	}

	/**
	 * Stop looking. Lock of the budget held.
	 */
	@LockHeld
	void stop() {
		if (this.task != null) {
			this.task.cancel();
			this.task = null;
		}
	}

	/**
	 * Note a lease that begins, in a pool that notes some or all leases.
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

	// The acquiring thread already owns the block, and a failed note must not lose it
	private void note(Slot<?> slot, long version, int size, LeakSettings settings) {
		try {
			boolean traces = settings.detection().traces();
			LeakListener listener = settings.listener();
			UnitOfWork work = (listener != null) ? WorkNames.nameOf(listener::currentWork) : null;
			LeaseNote note = new LeaseNote(version, size, work, traces ? new LeaseTrace("acquired") : null);
			if (traces) {
				note.follow(slot.note());
			}
			slot.note(note);
		}
		catch (Throwable ex) {
			// The lease stays without a note
		}
	}

	/**
	 * Look for leaks now. Called now and then, with or without traffic.
	 */
	void look() {
		this.pool.findLost();
		Duration maxAge = this.settings.maxAge();
		if (maxAge != null) {
			this.pool.forEachSlot((slot) -> reportIfOld(slot, maxAge));
		}
	}

	/**
	 * List the open leases of a pool that notes all of them. A lease that begins or ends
	 * meanwhile may be listed or not.
	 * @return the leases, oldest first
	 * @throws IllegalStateException if the pool does not note all leases
	 */
	public List<OpenLease> openLeases() {
		LeakDetection detection = this.settings.detection();
		if (detection != LeakDetection.PARANOID) {
			throw new IllegalStateException("Cannot list the open leases of pool '" + this.pool.pool()
					+ "': its leak detection is '" + KebabCase.of(detection)
					+ "', and only 'paranoid' notes all leases. Set 'mempool.leak-detection' to 'paranoid', or call "
					+ "leakDetection(LeakDetection.PARANOID) on the builder of the pool");
		}
		// What is lost is a leak, and no longer open
		this.pool.findLost();
		List<OpenLease> leases = new ArrayList<>();
		this.pool.forEachSlot((slot) -> {
			LeaseNote note = noteOfLease(slot);
			if (note != null) {
				leases.add(note.open(this.pool.pool(), this.pool.unit()));
			}
		});
		leases.sort(Comparator.comparingLong(OpenLease::number));
		return List.copyOf(leases);
	}

	private static @Nullable LeaseNote noteOfLease(Slot<?> slot) {
		long state = slot.state;
		return Slot.isLeased(state) ? slot.note(state & Slot.VERSION) : null;
	}

	private void reportIfOld(Slot<?> slot, Duration maxAge) {
		LeaseNote note = noteOfLease(slot);
		if (note != null && note.age().compareTo(maxAge) > 0 && note.reportOnce()) {
			report(leak(note, LeakKind.AGE), slot.list.capacity());
		}
	}

	private Leak leak(LeaseNote note, LeakKind kind) {
		return note.leak(kind, this.pool.pool(), this.pool.unit());
	}

	/**
	 * Report that a block was lost together with its lease. No lock held. Throws nothing.
	 */
	void reportLost(Slot<?> slot) {
		try {
			LeaseNote note = slot.note(slot.state & Slot.VERSION);
			int capacity = slot.list.capacity();
			if (note != null) {
				report(leak(note, LeakKind.COLLECTED), capacity);
			}
			else {
				PoolEvents.current().leak(this.pool.pool(), capacity, null);
				reportUnknown();
			}
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING,
					"Failed to report a leak of pool '" + this.pool.pool() + "'", ex);
		}
	}

	/**
	 * Report that code wrote to a block after its release. Housekeeping calls the
	 * listener: the calling thread may hold what a listener waits for. Throws nothing.
	 * @param slot the slot of the block
	 * @param version the version of its last lease
	 */
	void overwritten(Slot<?> slot, long version) {
		try {
			LeaseNote note = slot.note(version);
			Leak leak = (note != null) ? note.writtenAfterRelease(this.pool.pool(), this.pool.unit())
					: new Leak(LeakKind.WRITE_AFTER_RELEASE, this.pool.pool(), 0, 1, null, null, null, List.of());
			record(leak, slot.list.capacity());
			reportSoon(leak);
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING,
					"Failed to report a write after release to memory of pool '" + this.pool.pool() + "'", ex);
		}
	}

	private void reportUnknown() {
		synchronized (this) {
			if (this.reportedUnknown) {
				return;
			}
			this.reportedUnknown = true;
		}
		QuietLog.log(LeakDetector.class, Level.WARNING,
				"A lease of pool '" + this.pool.pool() + "' was lost without a release, and its owner is unknown. "
						+ remedy() + "This message appears once; 'leaked' counts all of them",
				null);
	}

	private String remedy() {
		LeakDetection detection = this.settings.detection();
		if (detection == LeakDetection.PARANOID) {
			return "It began before all of them were named. ";
		}
		String all = "'paranoid' to have all of them named. ";
		if (detection == LeakDetection.DISABLED) {
			return "Set 'mempool.leak-detection' to 'simple' to have one of " + SAMPLING + " named, or to " + all;
		}
		String place = (detection == LeakDetection.SIMPLE) ? "'advanced' to see where that is acquired, or to " : "";
		return "One of " + SAMPLING + " is named. Set 'mempool.leak-detection' to " + place + all;
	}

	/**
	 * Report a leak. No lock held. Throws nothing.
	 */
	void report(Leak leak, int capacity) {
		record(leak, capacity);
		callListeners(leak);
	}

	private static void record(Leak leak, int capacity) {
		try {
			PoolEvents.current().leak(leak.pool(), capacity, leak);
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING, "Failed to record a leak: " + leak.describe(), ex);
		}
	}

	private void callListeners(Leak leak) {
		callLeakListener(leak);
		this.pool.listeners().leaked(leak);
	}

	private void callLeakListener(Leak leak) {
		try {
			LeakListener listener = this.settings.listener();
			if (listener != null) {
				listener.leaked(leak);
			}
			else {
				log(leak);
			}
		}
		catch (Throwable ex) {
			QuietLog.log(LeakDetector.class, Level.WARNING, "Failed to report a leak: " + leak.describe(), ex);
		}
	}

	/**
	 * Record what a scope had left. Housekeeping calls the listener: the calling thread
	 * ends a request, which waits for no listener.
	 */
	@Override
	public void unreleased(int leases, long size, @Nullable UnitOfWork work) {
		Leak leak = new Leak(LeakKind.SCOPE, this.pool.pool(), size, leases, null, work, null, List.of());
		record(leak, 0);
		reportSoon(leak);
	}

	private void reportSoon(Leak leak) {
		synchronized (this) {
			if (this.pending.size() == MAXIMUM_PENDING) {
				this.dropped++;
				return;
			}
			this.pending.add(leak);
			if (this.pending.size() > 1) {
				return;
			}
		}
		boolean scheduled = false;
		try {
			Housekeeping.once(this, LeakDetector::reportPending);
			scheduled = true;
		}
		finally {
			if (!scheduled) {
				forgetPending();
			}
		}
	}

	private synchronized void forgetPending() {
		this.dropped += this.pending.size();
		this.pending.clear();
	}

	private void reportPending() {
		boolean complete = false;
		try {
			for (Leak leak = firstPending(); leak != null; leak = nextPending()) {
				callListeners(leak);
			}
			complete = true;
		}
		finally {
			if (!complete) {
				// Or no later report would be scheduled
				forgetPending();
			}
		}
		long dropped = takeDropped();
		if (dropped > 0) {
			QuietLog.log(LeakDetector.class, Level.WARNING, "Dropped " + dropped + " reports of leaks of pool '"
					+ this.pool.pool() + "': the listener takes longer than they take to occur", null);
		}
	}

	private synchronized @Nullable Leak firstPending() {
		return this.pending.peek();
	}

	private synchronized @Nullable Leak nextPending() {
		this.pending.poll();
		return this.pending.peek();
	}

	private synchronized long takeDropped() {
		long dropped = this.dropped;
		this.dropped = 0;
		return dropped;
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

	/**
	 * A pool as its leak detector sees it.
	 */
	interface Pool {

		/**
		 * Return the name of the pool.
		 */
		String pool();

		/**
		 * Return the unit of its sizes.
		 */
		Unit unit();

		/**
		 * Return the listeners of the pool, which hear of leaks besides the leak
		 * listener.
		 */
		PoolListeners listeners();

		/**
		 * Return whether the pool is closed.
		 */
		boolean isClosed();

		/**
		 * Run an action with the lock of the budget held.
		 */
		<T> T exclusively(Supplier<T> action);

		/**
		 * Signal to all tiers what is noted of leases. Lock of the budget held.
		 */
		@LockHeld
		void signal(LeakDetection detection);

		/**
		 * Release what lost leases held, and prepare to notice others.
		 */
		void findLost();

		/**
		 * Visit the slots of all blocks, idle and leased.
		 */
		void forEachSlot(Consumer<Slot<?>> action);

	}

}
