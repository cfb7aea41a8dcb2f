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

package io.mempool.buffer;

import java.nio.ByteBuffer;

import io.mempool.engine.Block;
import org.jspecify.annotations.Nullable;

/**
 * A block of memory. Indexes are checked by the lease, which knows its size.
 */
abstract class MemoryBlock extends Block {

	/*
	 * Reach. A release clears the extent of the lease, which is the requested size. The
	 * extent is larger only if the owner could have written more: the capacity if the raw
	 * array was handed out, or the bytes that a growing stream wrote if its final buffer
	 * is smaller.
	 *
	 * Views. On the heap, array() of a view is the array of the whole block. So a view
	 * reaches beyond its bounds if its user ignores them. To clear the capacity for that
	 * would make a view of 16 bytes as expensive as one of 64 KiB. Instead the block
	 * records how many of its bytes are clear. A later owner with a larger size clears
	 * the rest at its first access, once. So no byte that a former owner wrote, within
	 * its bounds or beyond, is within the bounds of a later one.
	 *
	 * Why it is correct. Before any access of a lease its extent is cleared, with the
	 * monitor held. No thread of that owner has written to the range yet, since it would
	 * have cleared it first. A thread that reads the new value of the volatile field sees
	 * all of the clearing before its own access. All handles of one lease have the same
	 * extent. Only the last release lowers the field. What that does happens-before all
	 * that the next owner does.
	 */

	private final @Nullable String pool;

	// Whether one of the next three was set. Threads with handles of one lease may race
	// to set them; the last release resets them
	private boolean touched;

	// Whether the raw array was handed out
	private boolean exposed;

	// Whether the array was handed out with a view that is smaller
	private boolean viewed;

	// How far a stream wrote. Streams are written by one thread at a time
	private int reach;

	// Number of the release that filled the block with a pattern, 0 if it has none. Each
	// write and read is the owner's, or comes after the word of the slot was read
	private long poisoned;

	// How many bytes at the beginning hold no data of a former owner
	private volatile int clear = Integer.MAX_VALUE;

	/**
	 * Create a block.
	 * @param pool the name of the pool, {@code null} if no pool owns the memory
	 */
	MemoryBlock(@Nullable String pool) {
		this.pool = pool;
	}

	/**
	 * Describe where the memory is from, as it follows "a buffer of 10 bytes".
	 */
	final String origin() {
		return (this.pool != null) ? "of pool '" + this.pool + "'" : "of wrapped bytes";
	}

	/**
	 * Describe where the memory is from, in a list of properties.
	 */
	final String describe() {
		return (this.pool != null) ? "pool=" + this.pool : "wrapped";
	}

	/**
	 * Mark all of the block for clearing: its array is handed out.
	 */
	final void expose() {
		prepare(ownLength());
		this.exposed = true;
		this.touched = true;
	}

	/**
	 * Mark the block for clearing up to an end, for any final size of the lease.
	 */
	final void reach(int end) {
		this.reach = Math.max(this.reach, end);
		this.touched = true;
	}

	/**
	 * Protect later owners from bytes written through the array of a view.
	 * @param extent the extent of the lease
	 */
	final void exposeView(int extent) {
		if (hasArray() && extent < ownLength()) {
			this.viewed = true;
			this.touched = true;
		}
	}

	/**
	 * Clear the bytes of former owners within an extent. Called before each access.
	 * @param extent the extent of the lease
	 */
	final void prepare(int extent) {
		if (this.clear < extent) {
			clearAhead(extent);
		}
	}

	private synchronized void clearAhead(int extent) {
		int clear = this.clear;
		int end = Math.min(extent, ownLength());
		if (clear < end) {
			fillWithZero(clear, end - clear);
			this.clear = (end < ownLength()) ? end : Integer.MAX_VALUE;
		}
	}

	/**
	 * Clear the bytes that the last owner could have written.
	 * @param extent the extent of its lease
	 */
	final void clear(int extent) {
		int length = Math.min(extent, capacity());
		if (this.touched) {
			length = endTouch(length);
		}
		fillWithZero(0, length);
	}

	private int endTouch(int extent) {
		int length = this.exposed ? ownLength() : Math.max(extent, this.reach);
		if (length == ownLength()) {
			this.clear = Integer.MAX_VALUE;
		}
		else if (this.viewed) {
			this.clear = Math.min(this.clear, length);
		}
		this.touched = false;
		this.exposed = false;
		this.viewed = false;
		this.reach = 0;
		return length;
	}

	/**
	 * Fill the released block with a pattern that shows later writes.
	 * @param release the number of the release, positive
	 */
	final void poison(long release) {
		try {
			Poison.fill(this);
			endTouch(ownLength());
			fillWithZero(capacity(), ownLength() - capacity());
		}
		catch (IllegalStateException ex) {
			if (!isGone()) {
				throw ex;
			}
		}
		this.poisoned = release;
	}

	/**
	 * Return the number of the release that left the block with a pattern.
	 * @return a positive number, {@code 0} if it has none
	 */
	final long poisoned() {
		return this.poisoned;
	}

	/**
	 * Return whether the pattern is as the release left it.
	 */
	final boolean isPoisonIntact() {
		try {
			return Poison.isIntact(this);
		}
		catch (IllegalStateException ex) {
			if (!isGone()) {
				throw ex;
			}
			return true;
		}
	}

	/**
	 * Clear the pattern.
	 */
	final void endPoison() {
		fillWithZero(0, ownLength());
		this.poisoned = 0;
	}

	/**
	 * Return whether the memory was freed while the block was leased, since its pool was
	 * closed.
	 */
	boolean isGone() {
		return false;
	}

	abstract int capacity();

	/**
	 * Return how many bytes the block owns from its beginning: its capacity and its
	 * padding.
	 */
	int ownLength() {
		return capacity();
	}

	abstract boolean hasArray();

	abstract byte[] array();

	/**
	 * Return where in {@link #array} the block begins.
	 */
	abstract int arrayOffset();

	abstract ByteBuffer view(int index, int size);

	/**
	 * Return whether views for an owner must be {@linkplain #revocableView revocable}.
	 */
	boolean isRevocable() {
		return false;
	}

	/**
	 * Return a view that dies with the last release of the lease. The caller holds a
	 * reference.
	 */
	ByteBuffer revocableView(int index, int size) {
		throw new UnsupportedOperationException();
	}

	abstract byte get(int index);

	abstract short getShort(int index);

	abstract int getInt(int index);

	abstract long getLong(int index);

	abstract void put(int index, byte value);

	abstract void putShort(int index, short value);

	abstract void putInt(int index, int value);

	abstract void putLong(int index, long value);

	abstract void copyIn(int index, byte[] source, int offset, int length);

	/**
	 * Copy from a range of a buffer. The range is a parameter, as position and limit may
	 * change meanwhile.
	 */
	abstract void copyIn(int index, ByteBuffer source, int position, int length);

	abstract void copyOut(int index, byte[] target, int offset, int length);

	/**
	 * Copy to a range of a buffer. The range is a parameter, as position and limit may
	 * change meanwhile.
	 */
	abstract void copyOut(int index, ByteBuffer target, int position, int length);

	abstract void fillWithZero(int start, int length);

}
