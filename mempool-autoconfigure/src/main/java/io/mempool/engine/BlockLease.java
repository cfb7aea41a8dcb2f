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
 * A handle that holds one reference to a leased block. Handles are never reused: when the
 * reference has been given up, the handle is dead for ever.
 * <p>
 * Safe for use by several threads: of several attempts to give the reference up exactly
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

	// Marks the version of a handle whose reference was given up the slow way: no word of
	// a slot is negative, so that such a version matches none
	private static final long DEAD = Long.MIN_VALUE;

	// Marks a dead handle whose unit of work ended with it still alive. The number of
	// that
	// unit of work is in the bits that versions leave to the flags and references of
	// slots
	private static final long ENDED_WITH_WORK = 1;

	private static final int WORK_SHIFT = 1;

	// The version of the lease, DEAD, and with what it ended
	// Read through VERSION: never torn, never hoisted out of a loop
	@SuppressWarnings("UnusedVariable")
	private long version;

	private final Slot<B> slot;

	private final B block;

	/**
	 * Create the first handle to a block that was just claimed or created.
	 * @param block the block, which the calling thread has just been given
	 * @param size the requested size
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	protected BlockLease(B block, int size) {
		Slot<B> slot = (Slot<B>) block.slot;
		long version = slot.state & Slot.VERSION;
		this.block = block;
		this.slot = slot;
		this.version = version;
		if (slot.tier.isNoting()) {
			slot.tier.leaks().began(slot, version, size);
		}
	}

	/**
	 * Create a further handle, before {@link #addReference} adds a reference for it: then
	 * no failure can lose that reference. Until then it must not be handed out.
	 * @param other the handle that will add the reference. If that is dead, the new one
	 * is dead as well
	 */
	protected BlockLease(BlockLease<B> other) {
		this.block = other.block;
		this.slot = other.slot;
		this.version = other.version();
	}

	/**
	 * Return how much of the block could have been touched through the handles of its
	 * lease. Each of them answers the same, as any may be the last.
	 * @return the extent that must be reset
	 */
	protected abstract int extent();

	/**
	 * Describe the misuse of this handle.
	 * @param action what was attempted, as it follows "Cannot"
	 * @return an exception to throw
	 */
	protected abstract LeaseException misuse(String action);

	/**
	 * Return the block if the handle is alive.
	 * @param action what is attempted, as it follows "Cannot"
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

	private long version() {
		return (long) VERSION.getOpaque(this);
	}

	/**
	 * The version of the lease, whether or not the handle is dead.
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
			unreleased.add(this.slot.tier.leaks(), size);
		}
	}

	@Override
	public final void endedWith(EndedWork work) {
		long version = version();
		if (!Slot.isLeasedAs(this.slot.state, version)) {
			long mark = ENDED_WITH_WORK | ((long) work.number() << WORK_SHIFT);
			VERSION.compareAndSet(this, version, (version & Slot.VERSION) | DEAD | mark);
		}
	}

	/**
	 * Describe why the handle is dead, and what to do instead.
	 * @param action what was attempted
	 * @param otherwise how to have a handle that is alive
	 * @return the end of a message, after "Cannot ... : "
	 */
	protected final String reasonOfDeath(String action, String otherwise) {
		long version = version();
		if (version < 0 && (version & ENDED_WITH_WORK) != 0) {
			return EndedWork.describe((int) (version & ~Slot.VERSION) >>> WORK_SHIFT)
					+ ", and released it. Use it before that end, or " + otherwise;
		}
		if (action.equals("release") || action.equals("discard")) {
			return "it was released before. Let one owner release it once, or call close(), which may be repeated. To go "
					+ "on, " + otherwise;
		}
		return "it was released before. A handle is dead once it is released; " + otherwise;
	}

	private LeaseException misuseOfDead(String action) {
		this.slot.tier.countDoubleRelease();
		return misused(action);
	}

	private LeaseException misused(String action) {
		LeaseException misuse = misuse(action);
		LeaseNote note = this.slot.note(versionOfLease());
		LeaseTrace end = (note != null) ? note.endOf(this) : null;
		return (end != null) ? after(end, misuse) : misuse;
	}

	/**
	 * Return the same error with the name and stack of the thread that ended the lease.
	 */
	private static LeaseException after(LeaseTrace end, LeaseException misuse) {
		LeaseException named = new LeaseException(misuse.getMessage() + ". " + end.getMessage());
		named.setStackTrace(misuse.getStackTrace());
		named.addSuppressed(end);
		return named;
	}

	private void traceEnd() {
		if (this.slot.tier.isTracing()) {
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
		UnitOfWork name = (note != null) ? EndedWork.nameOf(work) : null;
		if (note != null && name != null) {
			note.assign(name);
		}
	}

	/**
	 * Add a reference for a further handle.
	 * @param action what is attempted, as it follows "Cannot"
	 */
	protected final void addReference(String action) {
		addReference(action, Slot.SHARED);
	}

	/**
	 * Keep the block leased, whoever releases this handle meanwhile, until
	 * {@link #unpin}.
	 * @param action what is attempted, as it follows "Cannot"
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
		// Since it is pinned, the version is the one of this lease. Not SHARED: unless
		// the
		// handle was released meanwhile, which says so itself, the reference left is its
		// own
		dropReference(this.slot.state & Slot.VERSION, 0, 0);
	}

	/**
	 * Kill this handle without taking its reference from the block: another handle has it
	 * now.
	 * @param action what is attempted, as it follows "Cannot"
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
	 * Give up the reference. The block goes home if it was the last one.
	 * @return whether this call did it; {@code false} if it had been given up before
	 */
	private boolean end() {
		Slot<B> slot = this.slot;
		Tier<B> tier = slot.tier;
		long version = version();
		if (!tier.resets()) {
			// Before the compare-and-set, which nothing after it overtakes
			tier.hint(slot);
			if (slot.compareAndSet(version | 1, version | Slot.IDLE)) {
				if (tier.isReturnWatched()) {
					tier.returned();
					traceEnd();
				}
				return true;
			}
		}
		else if (slot.compareAndSet(version | 1, version)) {
			tier.returnBlock(slot, this.block, extent());
			traceEnd();
			return true;
		}
		boolean ended = endSlowly(version, 0);
		if (ended) {
			traceEnd();
		}
		return ended;
	}

	// The block is shared, pinned, guarded or detached, or this handle is dead. First one
	// caller wins this handle; then its reference is taken from the block.
	private boolean endSlowly(long version, long flag) {
		return version >= 0 && VERSION.compareAndSet(this, version, version | DEAD)
		// SHARED, so that nobody who read the version before takes another's reference
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
					this.slot.tier.returnBlock(this.slot, this.block, extent());
				}
				return true;
			}
		}
	}

}
