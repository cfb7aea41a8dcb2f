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
import java.util.function.Supplier;

import io.mempool.core.LeaseException;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A handle that holds one reference to a leased block. Handles are never reused: once its
 * reference is given up, a handle is dead for ever.
 * <p>
 * Safe for use by several threads: of several attempts to give the reference up, exactly
 * one succeeds.
 *
 * @param <B> the kind of block
 */
public abstract class BlockLease<B extends Block> implements OwnedLease {

	private static final VarHandle VERSION;

	static {
		try {
			VERSION = MethodHandles.lookup().findVarHandle(BlockLease.class, "version", long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	// Marks the version of a handle that gave its reference up on the slow path. No word
	// of a slot is negative, so such a version matches none
	private static final long DEAD = Long.MIN_VALUE;

	// Marks a dead handle that was alive when its unit of work ended, with a bit that
	// versions leave to the reference count
	private static final long ENDED_WITH_WORK = 1;

	// The version of the lease, with DEAD and ENDED_WITH_WORK. Read through VERSION:
	// never torn, never hoisted out of a loop
	@SuppressWarnings("UnusedVariable")
	private long version;

	private final Slot<B> slot;

	private final B block;

	/**
	 * Create the first handle to a block that was just claimed or created.
	 * @param block the block, which the calling thread owns
	 * @param size the requested size
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	protected BlockLease(B block, int size) {
		Slot<B> slot = (Slot<B>) block.slot;
		long version = slot.state & Slot.VERSION;
		this.block = block;
		this.slot = slot;
		this.version = version;
		if (slot.list.isNoting()) {
			slot.list.began(slot, version, size);
		}
	}

	/**
	 * Create a further handle, before {@link #addReference} adds a reference for it. So
	 * no failure can lose that reference. Until then the handle must not be published.
	 * @param other the handle that adds the reference. If it is dead, the new handle is
	 * dead too
	 */
	protected BlockLease(BlockLease<B> other) {
		this.block = other.block;
		this.slot = other.slot;
		this.version = other.version();
	}

	/**
	 * Return how much of the block the handles of its lease could have changed. All of
	 * them return the same value, as any may be the last.
	 * @return the extent that must be reset
	 */
	protected abstract int extent();

	/**
	 * Describe the misuse of this handle.
	 * @param action the attempted action, in words that follow "Cannot"
	 * @return an exception to throw
	 */
	protected abstract LeaseException misuse(String action);

	/**
	 * Return the block if the handle is alive.
	 * @param action the attempted action, in words that follow "Cannot"
	 * @return the block
	 * @throws LeaseException if the handle's reference was given up
	 */
	protected final B block(String action) {
		if (!isAlive()) {
			throw misused(action);
		}
		return this.block;
	}

	/**
	 * Return the block whether or not the handle is alive, to describe it.
	 * @return the block
	 */
	protected final B deadOrAlive() {
		return this.block;
	}

	@Override
	public final boolean isAlive() {
		return Slot.isLeasedAs(this.slot.state, version());
	}

	@Override
	public final int referenceCount() {
		long state = this.slot.state;
		return Slot.isLeasedAs(state, version()) ? (int) (state & Slot.REFERENCES) : 0;
	}

	@Override
	public final boolean isTransient() {
		return this.slot.reasonNotKept != null;
	}

	private long version() {
		return (long) VERSION.getOpaque(this);
	}

	/**
	 * Return the version of the lease, whether or not the handle is dead.
	 */
	private long versionOfLease() {
		return version() & Slot.VERSION & ~DEAD;
	}

	@Override
	public void release() {
		if (!end()) {
			throw misuseOfDead("release");
		}
	}

	@Override
	public void close() {
		end();
	}

	@Override
	public void discard() {
		if (!endInDoubt()) {
			throw misuseOfDead("discard");
		}
	}

	@Override
	public final void abandon() {
		endInDoubt();
	}

	private boolean endInDoubt() {
		boolean ended = endSlowly(version(), Slot.DOUBT);
		if (ended) {
			traceEnd();
		}
		return ended;
	}

	@Override
	public final void addTo(Unreleased unreleased, int size) {
		if (isAlive()) {
			unreleased.add(this.slot.list.unreleasedListener(), size);
		}
	}

	@Override
	public final void endedWithWork() {
		long version = version();
		if (!Slot.isLeasedAs(this.slot.state, version)) {
			// A dead handle stays dead: no other write is lost with that
			VERSION.setOpaque(this, (version & Slot.VERSION) | DEAD | ENDED_WITH_WORK);
		}
	}

	/**
	 * Describe why the handle is dead, and what to do instead.
	 * @param action the attempted action
	 * @param otherwise how to get a handle that is alive
	 * @return the end of a message, after "Cannot ... : "
	 */
	protected final String reasonOfDeath(String action, String otherwise) {
		long version = version();
		if (version < 0 && (version & ENDED_WITH_WORK) != 0) {
			return "the request or scope that owned it has ended, and released it. Use it before that end, or "
					+ otherwise;
		}
		if (Slot.isLeasedAs(this.slot.state, versionOfLease())) {
			return "it was released before. Other handles of the same memory are alive: retain(), slice() and share() "
					+ "return a handle of their own, and each handle is released once. Use and release that one, or "
					+ otherwise;
		}
		if (action.equals("release") || action.equals("discard")) {
			return "it was released before. Let one owner release it once, or call close(), which may be repeated. To go "
					+ "on, " + otherwise;
		}
		return "it was released before. A handle is dead once it is released; " + otherwise;
	}

	private LeaseException misuseOfDead(String action) {
		this.slot.list.countDoubleRelease();
		return misused(action);
	}

	private LeaseException misused(String action) {
		LeaseException misuse = misuse(action);
		LeaseNote note = this.slot.note(versionOfLease());
		LeaseTrace end = (note != null) ? note.endOf(this) : null;
		return (end != null) ? after(end, misuse) : misuse;
	}

	/**
	 * Return an error with the name and stack of the thread that ended the lease.
	 */
	private static LeaseException after(LeaseTrace end, LeaseException misuse) {
		LeaseException named = new LeaseException(misuse.getMessage() + ". " + end.getMessage());
		named.setStackTrace(misuse.getStackTrace());
		named.addSuppressed(end);
		return named;
	}

	private void traceEnd() {
		if (this.slot.list.isTracing()) {
			LeaseNote note = this.slot.note(versionOfLease());
			if (note != null) {
				note.ended(this);
			}
		}
	}

	@Override
	public final void assign(Supplier<@Nullable UnitOfWork> work) {
		LeaseNote note = this.slot.note();
		if (note != null) {
			assign(note, work);
		}
	}

	private void assign(LeaseNote last, Supplier<@Nullable UnitOfWork> work) {
		LeaseNote note = last.of(versionOfLease());
		UnitOfWork name = (note != null) ? WorkNames.nameOf(work) : null;
		if (note != null && name != null) {
			note.assign(name);
		}
	}

	/**
	 * Add a reference for a further handle.
	 * @param action the attempted action, in words that follow "Cannot"
	 */
	protected final void addReference(String action) {
		addReference(action, Slot.SHARED);
	}

	/**
	 * Keep the block leased until {@link #unpin}, even if another thread releases this
	 * handle.
	 * @param action the attempted action, in words that follow "Cannot"
	 * @return the block
	 * @throws LeaseException if the handle's reference was given up
	 */
	protected final B pin(String action) {
		addReference(action, 0);
		return this.block;
	}

	/**
	 * End what {@link #pin} began.
	 */
	protected final void unpin() {
		// The pin keeps the version of this lease. SHARED stays unset: the remaining
		// reference belongs to the handle, unless a release set SHARED itself
		dropReference(this.slot.state & Slot.VERSION, 0, 0);
	}

	/**
	 * Kill this handle and keep its reference: another handle owns it now.
	 * @param action the attempted action, in words that follow "Cannot"
	 * @throws LeaseException if the handle's reference was given up
	 */
	protected final void surrender(String action) {
		long version = version();
		if (!isAlive() || !VERSION.compareAndSet(this, version, version | DEAD)) {
			throw misused(action);
		}
	}

	private void addReference(String action, long flag) {
		long version = version();
		for (;;) {
			long state = this.slot.state;
			if (!Slot.isLeasedAs(state, version)) {
				throw misused(action);
			}
			if ((state & Slot.REFERENCES) == Slot.REFERENCES) {
				throw new IllegalStateException(
						"Cannot " + action + ": the block has " + Slot.REFERENCES + " references already");
			}
			if (this.slot.compareAndSet(state, (state + 1) | flag)) {
				return;
			}
		}
	}

	/**
	 * Give up the reference. The block returns to its pool if this was the last
	 * reference.
	 * @return {@code true} if this call gave it up, {@code false} if an earlier one did
	 */
	private boolean end() {
		Slot<B> slot = this.slot;
		FreeList<B> list = slot.list;
		long version = version();
		if (!list.resets()) {
			// Before the compare-and-set: no later access overtakes it
			list.hint(slot);
			if (slot.compareAndSet(version | 1, version | Slot.IDLE)) {
				if (list.isReturnWatched()) {
					list.returned();
					traceEnd();
				}
				return true;
			}
		}
		else if (slot.compareAndSet(version | 1, version)) {
			list.returnBlock(slot, this.block, extent());
			traceEnd();
			return true;
		}
		boolean ended = endSlowly(version, 0);
		if (ended) {
			traceEnd();
		}
		return ended;
	}

	// The block is shared, pinned, guarded or detached, or this handle is dead. First,
	// one caller marks this handle as dead. Then it removes the reference from the word.
	private boolean endSlowly(long version, long flag) {
		return version >= 0 && VERSION.compareAndSet(this, version, version | DEAD)
		// SHARED, so that no thread that read the version before takes the reference of
		// another handle
				&& dropReference(version, flag, Slot.SHARED);
	}

	private boolean dropReference(long version, long flag, long flagUnlessLast) {
		for (;;) {
			long state = this.slot.state;
			if (!Slot.isLeasedAs(state, version)) {
				return false;
			}
			boolean last = (state & Slot.REFERENCES) == 1;
			long next = (state - 1) | flag | (last ? 0 : flagUnlessLast);
			if (this.slot.compareAndSet(state, next)) {
				if (last) {
					this.slot.list.returnBlock(this.slot, this.block, extent());
				}
				return true;
			}
		}
	}

}
