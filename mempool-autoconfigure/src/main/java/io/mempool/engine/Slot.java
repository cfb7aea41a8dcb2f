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
 * The place of one block, and the one word that decides the owner of the block.
 *
 * <pre>
 *  63                    21   20      19      18       17      16   15         0
 * +------------------------+---------+-------+--------+----------+------+------------+
 * | version                | GUARDED | DOUBT | SHARED | DETACHED | IDLE | references |
 * +------------------------+---------+-------+--------+----------+------+------------+
 * </pre>
 *
 * The version counts the leases of the block. A lease remembers its version. So a handle
 * of an earlier lease never matches again: its compare-and-set fails, and so does its
 * check.
 * <p>
 * The life of a block in this word (v is the version):
 *
 * <pre>
 *            claim                     last release
 *  v IDLE ----------&gt; v+1, 1 reference -------------&gt; v+1 IDLE        (nothing to reset)
 *                          |   ^  retain, release       ^
 *                          v   |                        | publish
 *                     n references ---&gt; v+1, 0 references (returning: reset, settle)
 * </pre>
 *
 * Flags. All except SHARED and DOUBT are set with the lock of the budget held:
 * <ul>
 * <li>IDLE: the block may be claimed. Never together with a reference.</li>
 * <li>DETACHED: the slot is not in the free list; its block needs a place when it
 * returns.</li>
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
final class Slot<B extends Block> extends SlotLayout.Word<B> {

	/*
	 * Why it is correct.
	 *
	 * Writers. At any instant a block is idle, leased, returning, or outside of the pool,
	 * and the word says which. From idle and from leased, every change is a
	 * compare-and-set of the whole word. So one of several attempts that saw the same
	 * state wins. A return (neither IDLE nor a reference) begins with the compare-and-set
	 * that removed the last reference. From then on only that thread ends this state, by
	 * a compare-and-set or with the lock of the budget held. A thread that sets DETACHED
	 * meanwhile holds the same lock. So no plain write meets a write of another thread,
	 * and two threads never own a block at once.
	 *
	 * Linearisation points. An acquire that hits: the compare-and-set from IDLE. A
	 * release: the compare-and-set that removes the reference of this handle. A release
	 * through a handle of a shared block: the compare-and-set before that, which marks
	 * the handle as dead. A block becomes available: the write of IDLE. For a block with
	 * nothing to reset, that is the compare-and-set of the release. An acquire that finds
	 * all blocks leased: the end of the first of two equal readings of all words (see
	 * FreeList). If it may create a block: any point after DRY was set with the lock
	 * held. A thread that returned a block since and has not cleared DRY is still inside
	 * its release.
	 *
	 * A stale handle does nothing. A handle holds one reference. Without a second handle,
	 * its release expects exactly its version, one reference and no flag. The first
	 * success makes the word leave this state for ever. The next state is returning or
	 * IDLE, and the next claim has a higher version. With a second handle, the word has
	 * SHARED from before that handle exists until the block has returned. So this
	 * compare-and-set cannot succeed. A release then first marks the version of its own
	 * handle as dead, which one caller can do. Only then does it remove a reference from
	 * the word. The word still has that version, because the reference kept it. A pin is
	 * a reference without a handle, and SHARED may be unset with it. A release that meets
	 * a pin takes the same slow path. Versions do not wrap: a slot that has used its last
	 * version is not claimed again, and the tier replaces it.
	 *
	 * Memory order. All these are volatile accesses of one variable, so they are totally
	 * ordered. Each synchronizes with the accesses that read or overwrite its value. An
	 * owner's use of the block comes before its release in program order. The release
	 * comes before the write of IDLE: it is the same access, a later one of the same
	 * thread, or one ordered through other references. The write of IDLE comes before the
	 * claim that reads it, and the claim before all that the next owner does. The fields
	 * of the slot and the block follow the same order: they are written before the first
	 * IDLE, or before the first handle is published. No wake-up and no idle block is lost
	 * between the word and the signals of the tier (see SharedBudget and Tier). Both
	 * threads write first and read second, volatile, so at least one sees the other
	 * (Dekker).
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

	// 2^42 leases of one block: half a day at ten nanoseconds each
	static final long LAST_VERSION = Long.MAX_VALUE & VERSION;

	private static final VarHandle STATE;

	private static final VarHandle NOTE;

	static {
		try {
			STATE = MethodHandles.lookup().findVarHandle(SlotLayout.Word.class, "state", long.class);
			NOTE = MethodHandles.lookup().findVarHandle(SlotLayout.Fields.class, "note", LeaseNote.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	// With the padding before it, the word is at least 64 bytes from other fields and 128
	// bytes from other words. This avoids false sharing, even with adjacent-line prefetch
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
	 * @param list the free list of the slot
	 * @param state the first state
	 * @param weight how much its block counts against limit and budget
	 * @param reasonNotKept why its block is not kept, {@code null} if it may be
	 * @param counted whether its block counts against {@code max-total}
	 */
	Slot(FreeList<B> list, long state, long weight, @Nullable DiscardReason reasonNotKept, boolean counted) {
		super(list, state, weight, reasonNotKept, counted);
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
	 * @return the block, or {@code null} if it was not idle or another thread claimed it
	 * first
	 */
	@Nullable B tryClaim() {
		long state = this.state;
		if (!isIdle(state)) {
			return null;
		}
		// Read before the claim. While the word stays the same, so does the block. After
		// the claim a guard may clear the field at any time
		B block = this.block;
		long next = (state - IDLE) + VERSION_ONE + 1;
		// A version that would overflow is never used; the tier renews the slot
		if (next < 0 || !STATE.compareAndSet(this, state, next)) {
			return null;
		}
		return block;
	}

	/**
	 * Take an idle block out of the pool, without counting a lease. Lock of the budget
	 * held.
	 * @return the block, or {@code null} if it was not idle
	 */
	@LockHeld
	@Nullable B tryRetire() {
		long state = this.state;
		return isIdle(state) ? tryRetire(state) : null;
	}

	@LockHeld
	private @Nullable B tryRetire(long idle) {
		B block = this.block;
		return compareAndSet(idle, idle - IDLE) ? block : null;
	}

	/**
	 * Take the block out of the pool if it has been idle since the last call. Then its
	 * word is unchanged, since every claim increments the version. Counts no lease. Lock
	 * of the budget held.
	 * @param wanted whether to take it, and not only to look
	 * @return the block, or {@code null} if it stays
	 */
	@LockHeld
	@Nullable B tryExpire(boolean wanted) {
		long state = this.state;
		if (!wanted || this.aged != state || !isIdle(state)) {
			this.aged = state;
			return null;
		}
		return tryRetire(state);
	}

	/**
	 * Note the word, for {@link #tryRetireUntouched}. Lock of the budget held.
	 */
	@LockHeld
	void look() {
		this.looked = this.state;
	}

	/**
	 * Return whether the block is idle and has been since the last look. Then its word is
	 * unchanged, since every claim increments the version. Lock of the budget held.
	 */
	@LockHeld
	boolean isUntouched() {
		return isUntouched(this.state);
	}

	@LockHeld
	private boolean isUntouched(long state) {
		return isIdle(state) && this.looked == state;
	}

	/**
	 * Take the block out of the pool if it has been idle since the last look. Counts no
	 * lease. Lock of the budget held.
	 * @return the block, or {@code null} if it stays
	 */
	@LockHeld
	@Nullable B tryRetireUntouched() {
		long state = this.state;
		return isUntouched(state) ? tryRetire(state) : null;
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
	@LockHeld
	Slot<B> renewed(B block) {
		Slot<B> slot = new Slot<>(this.list, 0, this.weight, this.reasonNotKept, this.counted);
		slot.size = this.size;
		slot.space = this.space;
		this.list.replaced(block, slot);
		slot.block = block;
		block.slot = slot;
		slot.state = IDLE;
		return slot;
	}

	/**
	 * Mark the slot of a leased or returning block as outside the free list. Lock of the
	 * budget held.
	 * @return whether the block was not idle, so that the mark was set
	 */
	@LockHeld
	boolean tryDetach(boolean alsoReturning) {
		for (;;) {
			long state = this.state;
			if (isIdle(state) || (!alsoReturning && !isLeased(state))) {
				return false;
			}
			if (compareAndSet(state, state | DETACHED)) {
				this.block = null;
				return true;
			}
		}
	}

	/**
	 * Clear the reference to the block of a lease that the last call saw too. So the
	 * block becomes unreachable if its lease is lost or its release failed. Lock of the
	 * budget held.
	 */
	@LockHeld
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
	 * Attach a note to the lease that just began.
	 * @see LeakDetector
	 */
	void note(LeaseNote note) {
		NOTE.setRelease(this, note);
	}

	/**
	 * Return the note of the last noted lease, which may have ended.
	 */
	@Nullable LeaseNote note() {
		return (LeaseNote) NOTE.getAcquire(this);
	}

	/**
	 * Return the note of the lease with a version.
	 */
	@Nullable LeaseNote note(long version) {
		LeaseNote note = note();
		return (note != null) ? note.of(version) : null;
	}

}
