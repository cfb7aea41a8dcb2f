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

/**
 * A block of memory. Indexes are checked by the lease, which knows its size.
 */
abstract class MemoryBlock extends Block {

	/*
	 * What an owner may find.
	 *
	 * Reach. A release clears the extent of the lease, which is the requested size, and
	 * more only if the owner could have written more: the capacity if the raw array was
	 * handed out, what a growing stream wrote if the buffer it became is smaller.
	 *
	 * Views. On the heap, array() of a view is the array of the whole block, so that a
	 * view reaches beyond its bounds if its user ignores them. Clearing the capacity for
	 * that would make a view of 16 bytes as dear as one of 64 KiB. Instead the block
	 * remembers how far it is known to be clear, and a later owner whose size is larger
	 * clears the rest at its first access, once. So nothing that a former owner wrote,
	 * within its bounds or beyond, is within the bounds of a later one.
	 *
	 * Why it is correct. Before any access of a lease its extent is made clear, with the
	 * monitor held: no thread of that owner has written to the range yet, as it would
	 * have made it clear first. A thread that reads the new value of the volatile field
	 * has all of the clearing before its own access. Extents do not differ between the
	 * handles of one lease. The field is lowered only by the last release, and what that
	 * does happens before all that the next owner does.
	 */

	private final String pool;

	// Whether one of the next three was set. Threads with handles of one lease set them
	// without care for each other, the last release resets them
	private boolean touched;

	// Whether the raw array was handed out
	private boolean exposed;

	// Whether the array was handed out with a view that is smaller
	private boolean viewed;

	// How far a stream wrote. Streams are written by one thread at a time
	private int reach;

	// How many bytes at the beginning hold nothing that a former owner wrote
	private volatile int clear = Integer.MAX_VALUE;

	MemoryBlock(String pool) {
		this.pool = pool;
	}

	final String pool() {
		return this.pool;
	}

	/**
	 * Have all of the block cleared: its array is handed out.
	 */
	final void expose() {
		prepare(ownLength());
		this.exposed = true;
		this.touched = true;
	}

	/**
	 * Have the block cleared so far, whatever the size of the lease in the end.
	 */
	final void reach(int end) {
		this.reach = Math.max(this.reach, end);
		this.touched = true;
	}

	/**
	 * Have later owners protected from what is written through the array of a view.
	 * @param extent the extent of the lease
	 */
	final void exposeView(int extent) {
		if (hasArray() && extent < ownLength()) {
			this.viewed = true;
			this.touched = true;
		}
	}

	/**
	 * Make sure that an owner finds nothing of former owners. Before each access.
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
	 * Clear what the last owner could have written.
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

	abstract int capacity();

	/**
	 * Return how many bytes from the block's beginning on are its own: its capacity, and
	 * what keeps it apart from other memory.
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

	abstract byte get(int index);

	abstract void put(int index, byte value);

	abstract void copyIn(int index, byte[] source, int offset, int length);

	/**
	 * Copy in from a range of a buffer that is given, as its position and limit may
	 * change meanwhile.
	 */
	abstract void copyIn(int index, ByteBuffer source, int position, int length);

	abstract void copyOut(int index, byte[] target, int offset, int length);

	/**
	 * Copy out to a range of a buffer that is given, as its position and limit may change
	 * meanwhile.
	 */
	abstract void copyOut(int index, ByteBuffer target, int position, int length);

	abstract void fillWithZero(int start, int length);

}
