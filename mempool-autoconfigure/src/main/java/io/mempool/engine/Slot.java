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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * The place of one block, and the one word that decides who owns the block.
 *
 * <pre>
 *  63                    21   20      19      18       17      16   15         0
 * +------------------------+---------+-------+--------+----------+------+------------+
 * | version                | GUARDED | DOUBT | SHARED | DETACHED | IDLE | references |
 * +------------------------+---------+-------+--------+----------+------+------------+
 * </pre>
 *
 * The version counts the leases of the block. A lease remembers the version it was made
 * with, so that a handle of an earlier lease never matches again: whatever it tries is a
 * compare-and-set that fails, or a check that does.
 * <p>
 * The life of a block in this word (v is the version):
 *
 * <pre>
 *            claim                     last release
 *  v IDLE ----------&gt; v+1, 1 reference -------------&gt; v+1 IDLE        (nothing to reset)
 *                          |   ^  retain, release       ^
 *                          v   |                        | publish
 *                     n references ---&gt; v+1, 0 references (coming home: reset, settle)
 * </pre>
 *
 * Flags, all of them set with the lock of the budget held except SHARED and DOUBT:
 * <ul>
 * <li>IDLE: the block may be claimed. Never together with a reference.</li>
 * <li>DETACHED: the slot is not in the free list; its block needs a place when it comes
 * home.</li>
 * <li>SHARED: there has been more than one handle. From then on a release must first
 * prove, on its own handle, that it is that handle's only one.</li>
 * <li>DOUBT: the block must not be used again.</li>
 * <li>GUARDED: {@link #block} was cleared, so that the block is reachable through its
 * lease only and its loss will be noticed; a release puts it back.</li>
 * </ul>
 * The word is the counter as well: the number of hits is the version less the version at
 * which the slot joined the free list. Counting costs nothing, and a count and the state
 * it belongs to can be read at once.
 *
 * @param <B> the kind of block
 */
final class Slot<B extends Block> extends SlotWord<B> {

	/*
	 * Why this is correct.
	 *
	 * Who may write. At any instant a block is idle, leased, coming home, or outside of
	 * the pool, and the word says which. From idle and from leased every change is a
	 * compare-and-set of the whole word, so that of several attempts that saw the same
	 * state one wins. Coming home (neither IDLE nor a reference) begins with the one
	 * compare-and-set that took the last reference away; from then on only the thread
	 * that made it ends this state, by a compare-and-set, or with the lock of the budget
	 * held, which everybody holds who may set DETACHED meanwhile. So no plain write ever
	 * meets one of somebody else, and two threads never own a block at once.
	 *
	 * Linearisation points. An acquire that hits: the compare-and-set from IDLE. A
	 * release: the one that takes the reference of this handle away; for the handle of a
	 * shared block, the one that marks the handle as dead before. A block becomes
	 * available: the write of IDLE, which for a block with nothing to reset is the same
	 * compare-and-set as the release. An acquire that finds all leased: the end of the
	 * first of two equal readings of all words (see FreeList), or, if it may create a
	 * block, wherever DRY was set with the lock held: whoever returned one since and has
	 * not yet taken DRY down has not returned from its release either.
	 *
	 * A stale handle does nothing. A handle is good for one reference. Without a second
	 * handle its release expects exactly (its version, one reference, no flag), and the
	 * first success makes the word leave this state for ever: what follows is coming home
	 * or IDLE, and the next claim has a higher version. With a second handle the word has
	 * SHARED from before the second one exists until the block is home, so that this
	 * compare-and-set cannot succeed; then a release first marks the version of its own
	 * handle as dead, which one caller can do, and only then takes a reference from the
	 * word, which is still of that version, as the reference kept it there. Pins are
	 * references without a handle and may be there with SHARED unset; a release that
	 * meets one goes the same slow way. Versions do not wrap: a slot that has used its
	 * last one is not claimed again, and replaced.
	 *
	 * Happens-before. All of these are volatile accesses of one variable, so they are
	 * totally ordered, and each synchronizes with those that read it or overwrite it:
	 * what an owner did to the block comes before its release in program order, that
	 * before the write of IDLE (the same, or later in the same thread, or passed on by
	 * way of the references of the others), that before the claim that read it, and that
	 * before all that the next owner does. The fields of the slot and the block itself
	 * travel the same way: they are written before the first IDLE, or before the first
	 * handle is handed out.
	 *
	 * No wake-up and no idle block is lost between the word and the signals of the tier:
	 * see SharedBudget and Tier. Both sides write first and read then, volatile, so at
	 * least one sees the other (Dekker).
	 */

	static final long REFERENCES = 0xFFFFL;

	static final long IDLE = 1L << 16;

	static final long DETACHED = 1L << 17;

	static final long SHARED = 1L << 18;

	static final long DOUBT = 1L << 19;

	static final long GUARDED = 1L << 20;

	static final int VERSION_SHIFT = 21;

	static final long VERSION_ONE = 1L << VERSION_SHIFT;

	static final long VERSION = -VERSION_ONE;

	// 2^42 leases of one block; at ten nanoseconds each this takes half a day
	static final long LAST_VERSION = Long.MAX_VALUE & VERSION;

	private static final VarHandle STATE;

	private static final VarHandle NOTE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(SlotWord.class, "state", long.class);
			NOTE = MethodHandles.lookup().findVarHandle(SlotFields.class, "note", LeaseNote.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	// With the padding before, nobody else's fields are nearer to the word than 64 bytes,
	// and no other word nearer than 128: no false sharing, also with the processor's
	// adjacent-line prefetch
	long padding0;

	long padding1;

	long padding2;

	long padding3;

	long padding4;

	long padding5;

	long padding6;

	long padding7;

	/**
	 * Create a slot.
	 * @param tier the tier it belongs to
	 * @param state the state it starts in
	 * @param weight what its block counts against limit and budget
	 * @param reasonNotKept why its block will not be kept, {@code null} if it may be
	 * @param counted whether its block counts against {@code max-total}
	 */
	Slot(Tier<B> tier, long state, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
		super(tier, state, weight, reasonNotKept, counted);
	}

	static boolean isIdle(long state) {
		return (state & IDLE) != 0;
	}

	static boolean isLeased(long state) {
		return (state & REFERENCES) != 0;
	}

	static boolean isDetached(long state) {
		return (state & DETACHED) != 0;
	}

	static boolean isLeasedAs(long state, long version) {
		return (state & VERSION) == version && (state & REFERENCES) != 0;
	}

	static long versionNumber(long state) {
		return (state & VERSION) >>> VERSION_SHIFT;
	}

	boolean compareAndSet(long expected, long next) {
		return STATE.compareAndSet(this, expected, next);
	}

	/**
	 * Begin a lease of the block if it is idle.
	 * @return the block, or {@code null} if it was not idle or somebody was faster
	 */
	@Nullable B tryClaim() {
		long state = this.state;
		if (!isIdle(state)) {
			return null;
		}
		// Read before the claim: while the word stays the same the block does too, and
		// after the claim a guard may clear it at any time
		B block = this.block;
		long next = (state - IDLE) + VERSION_ONE + 1;
		// A version that would overflow is never handed out; the tier renews the slot
		if (next < 0 || !STATE.compareAndSet(this, state, next)) {
			return null;
		}
		return block;
	}

	/**
	 * Take an idle block out for good, without counting a lease. Lock of the budget held.
	 * @return the block, or {@code null} if it was not idle
	 */
	@Nullable B tryRetire() {
		long state = this.state;
		return isIdle(state) ? tryRetire(state) : null;
	}

	private @Nullable B tryRetire(long idle) {
		B block = this.block;
		return compareAndSet(idle, idle - IDLE) ? block : null;
	}

	/**
	 * Take the block out for good, without counting a lease, if it was idle at the last
	 * call and has not been claimed since. Then its word is the same, as every claim
	 * counts the version up. Lock of the budget held.
	 * @param wanted whether to take it, and not only to look
	 * @return the block, or {@code null} if it stays
	 */
	@Nullable B tryExpire(boolean wanted) {
		long state = this.state;
		if (!wanted || this.aged != state || !isIdle(state)) {
			this.aged = state;
			return null;
		}
		return tryRetire(state);
	}

	/**
	 * Return whether an idle block can no longer be claimed because its version is used
	 * up.
	 */
	boolean isWornOut() {
		return this.state == (LAST_VERSION | IDLE);
	}

	/**
	 * Return an idle slot for the block of this one, with all versions before it. Lock of
	 * the budget held, and the block retired.
	 */
	Slot<B> renewed(B block) {
		Slot<B> slot = new Slot<>(this.tier, 0, this.weight, this.reasonNotKept, this.counted);
		slot.size = this.size;
		slot.space = this.space;
		this.tier.watch(block, slot);
		slot.block = block;
		block.slot = slot;
		slot.state = IDLE;
		return slot;
	}

	/**
	 * Mark the slot of a leased (or homecoming) block as outside the free list. Lock of
	 * the budget held.
	 * @return whether the block was not idle, so that the mark was set
	 */
	boolean tryDetach(boolean alsoComingHome) {
		for (;;) {
			long state = this.state;
			if (isIdle(state) || (!alsoComingHome && !isLeased(state))) {
				return false;
			}
			if (compareAndSet(state, state | DETACHED)) {
				this.block = null;
				return true;
			}
		}
	}

	/**
	 * Let go of the block of a lease that was already there at the last call, so that the
	 * block becomes unreachable should its lease be lost, or should the thread that
	 * releases it have failed on the way. Lock of the budget held.
	 */
	void guard() {
		long state = this.state;
		if (isIdle(state)) {
			return;
		}
		if ((state & GUARDED) == 0) {
			long version = state & VERSION;
			if (this.seen != version) {
				this.seen = version;
				return;
			}
			if (!compareAndSet(state, state | GUARDED)) {
				return;
			}
		}
		this.block = null;
	}

	/**
	 * Write down something about the lease that was just begun.
	 * @see LeakDetector
	 */
	void note(LeaseNote note) {
		NOTE.setRelease(this, note);
	}

	/**
	 * Return what was written down about the last lease that was noted, which may be
	 * over.
	 */
	@Nullable LeaseNote note() {
		return (LeaseNote) NOTE.getAcquire(this);
	}

	/**
	 * Return what was written down about the lease of a version.
	 */
	@Nullable LeaseNote note(long version) {
		LeaseNote note = note();
		return (note != null) ? note.of(version) : null;
	}

}
