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

import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * An array from which the blocks of several tiers are carved. Guarded by the lock of the
 * budget, see {@link Slabs}.
 */
final class Slab {

	private final byte[] array;

	private final long footprint;

	// Its owner, once it was added
	@Nullable Slabs slabs;

	// Ranges cover the slab from its first line on, in order of their offsets
	private Range first;

	private int taken;

	// Whether a part of its memory is in doubt, so that it gives no more ranges
	private boolean retired;

	private long tally;

	private int tallied;

	Slab(int length, HeapLayout layout) {
		this.array = new byte[length];
		this.footprint = layout.footprint(length);
		int start = layout.firstLine();
		this.first = new Range(this, start, (length - start) / HeapLayout.LINE * HeapLayout.LINE, State.FREE);
	}

	/**
	 * Return how much heap the slab takes.
	 */
	long footprint() {
		return this.footprint;
	}

	/**
	 * Return how many ranges blocks hold.
	 */
	int taken() {
		return this.taken;
	}

	boolean isRetired() {
		return this.retired;
	}

	Range first() {
		return this.first;
	}

	/**
	 * Put a new range in front of a hole, which shrinks or goes. Calls nothing, so that
	 * it cannot fail half-way.
	 */
	void take(Range range, Range hole) {
		Range previous = hole.previous;
		Range next = hole;
		if (range.length == hole.length) {
			next = hole.next;
			hole.state = State.GONE;
		}
		else {
			hole.offset += range.length;
			hole.length -= range.length;
		}
		range.previous = previous;
		range.next = next;
		if (previous != null) {
			previous.next = range;
		}
		else {
			this.first = range;
		}
		if (next != null) {
			next.previous = range;
		}
		range.state = State.TAKEN;
		this.taken++;
	}

	/**
	 * Merge a hole with the hole that follows it. Calls nothing.
	 */
	void merge(Range hole, Range following) {
		hole.length += following.length;
		hole.next = following.next;
		if (following.next != null) {
			following.next.previous = hole;
		}
		following.state = State.GONE;
	}

	void free(Range range) {
		range.state = State.FREE;
		this.taken--;
		// The others that were counted are still all there are. A range that was not
		// counted makes the slab count as in use, which only delays
		this.tallied = Math.max(0, this.tallied - 1);
	}

	void retire(Range range) {
		range.state = State.RETIRED;
		this.taken--;
		this.retired = true;
	}

	/**
	 * The use of a range.
	 */
	enum State {

		/**
		 * A hole.
		 */
		FREE,

		/**
		 * The memory of a block.
		 */
		TAKEN,

		/**
		 * Perhaps still in use, though no block holds it: not to be used again.
		 */
		RETIRED,

		/**
		 * Part of another range.
		 */
		GONE

	}

	/**
	 * Part of a slab: a hole, or the memory of a block, which begins and ends with a
	 * line. A range is a handle: memory that is carved again gets another range.
	 */
	static final class Range implements Space {

		private final Slab slab;

		private int offset;

		private int length;

		private State state;

		private @Nullable Range previous;

		private @Nullable Range next;

		// A link in the list of holes of similar length
		@Nullable Range shorter;

		@Nullable Range longer;

		Range(Slab slab, int offset, int length, State state) {
			this.slab = slab;
			this.offset = offset;
			this.length = length;
			this.state = state;
		}

		Slab slab() {
			return this.slab;
		}

		byte[] array() {
			return this.slab.array;
		}

		int offset() {
			return this.offset;
		}

		/**
		 * Return how many bytes the range owns: the requested ones, up to the end of its
		 * last line.
		 */
		int length() {
			return this.length;
		}

		State state() {
			return this.state;
		}

		@Nullable Range previous() {
			return this.previous;
		}

		@Nullable Range next() {
			return this.next;
		}

		@Override
		public long tally() {
			Slabs slabs = this.slab.slabs;
			return (slabs != null) ? countIdle(slabs.tally()) : 0;
		}

		@Override
		public boolean isBeside(Space other) {
			return other instanceof Range range && range.slab == this.slab;
		}

		@Override
		public boolean isSlabIdle() {
			Slabs slabs = this.slab.slabs;
			return slabs != null && isSlabIdle(slabs.tally());
		}

		/**
		 * Count an idle block, in a pass over all idle blocks of the pool.
		 * @param tally the number of the pass, see {@link Slabs#newTally}
		 * @return what the eviction of all counted blocks frees: the slab's footprint if
		 * this was the last of its blocks, else {@code 0}
		 */
		long countIdle(long tally) {
			Slab slab = this.slab;
			if (slab.tally != tally) {
				slab.tally = tally;
				slab.tallied = 0;
			}
			return (++slab.tallied == slab.taken) ? slab.footprint : 0;
		}

		/**
		 * Return whether all blocks of the slab were counted in a pass.
		 */
		boolean isSlabIdle(long tally) {
			return this.slab.tally == tally && this.slab.tallied == this.slab.taken;
		}

	}

}
