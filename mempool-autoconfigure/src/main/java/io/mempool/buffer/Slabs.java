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

import io.mempool.buffer.Slab.Range;
import io.mempool.buffer.Slab.State;
import io.mempool.engine.SlabAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The slabs of one heap pool, from which the blocks of all its large tiers are carved.
 * Not safe for use by several threads at once: guarded by the lock of the budget, except
 * for {@link #create}.
 */
final class Slabs implements SlabAllocator {

	/*
	 * Layout. A slab is an array that fills whole regions of the collector, see
	 * HeapLayout. It is divided into ranges, which cover it without gaps from its first
	 * line on and begin and end with a line of the processor: the array itself begins
	 * with one, as it begins with a region. Ranges are linked in order of their offsets.
	 * Holes are in bins by length, eight bins per power of two, and sorted within a bin;
	 * a bitmap marks the bins that have any. Two neighbouring ranges are never both
	 * holes, except in a retired slab.
	 *
	 * A request takes the shortest hole that fits, from any tier. The first slab has room
	 * for one block; a later one takes twice the sum of all before it, up to an eighth of
	 * the limit or heap, if limit and budget allow. A slab is dropped when no block holds
	 * a range of it. Only then limit and budget get its footprint back: until then the
	 * collector cannot use it.
	 *
	 * Memory in doubt is retired: its slab gives no more ranges, and is dropped with its
	 * last other block. Holes of a retired slab are in no bin.
	 *
	 * Use. The engine asks in steps, since an array is created without the lock:
	 *
	 * 1. A miss of a tier whose array would be wasteful (HeapLayout.isWasteful) calls
	 * claim with the lock held. Its footprint is already reserved.
	 *
	 * 2. If there is none, it calls plan with the bytes that limit and budget leave. It
	 * reserves the footprint of the planned length, unlocks, creates the slab, locks,
	 * adds it, and claims again. Another thread may have taken the range meanwhile: so
	 * add returns a range for the creator. If the JVM refuses the array, the engine
	 * cancels the reservation and plans with half of it available, down to 0.
	 *
	 * 3. If plan returns 0, idle blocks are discarded, those of wholly idle slabs first
	 * (newTally, countIdle, isSlabIdle), and the miss begins again with claim: a hole may
	 * suffice even if nothing was given back. Then an array of its own may still fit,
	 * where limit or heap are smaller than a region.
	 *
	 * 4. A discarded block's range is released with the lock held, and account and budget
	 * get back what release returns. A lost lease's range, and one in doubt, is retired
	 * instead. So the reference that notices a lost block must hold its range, which
	 * refers to the slab and not to the block.
	 *
	 * Idle blocks suffice for a reservation only if their slabs are wholly idle: the sum
	 * of countIdle over them is what eviction frees. Since blocks are claimed without the
	 * lock meanwhile, a pass is only good between two equal counts of claims.
	 *
	 * Why it is correct. A range is carved from one hole, and holes and taken ranges of a
	 * slab partition it: take and merge only move a border between two neighbours. An
	 * Error leaves all as it was: what may throw one comes first. That is the only
	 * allocation, the new range; the counters are fields and the links are in the ranges;
	 * and the stack, which is probed deeper than any call after it goes.
	 *
	 * Cost. Claim and release compare lengths within one bin, and are otherwise constant.
	 * A slab loses one line to its header and up to a granule at its end. The table:
	 * HeapDensityTests.
	 */

	private static final long LARGEST_SLAB = 32L * 1024 * 1024;

	// The largest share of limit or heap that one slab takes
	private static final int SHARE = 8;

	private static final int BINS_PER_POWER = 8;

	private static final int BINS = 192;

	private static final int STACK_FRAMES = 64;

	private final HeapLayout layout;

	private final long heap;

	private long limit;

	// The shortest hole of each bin
	private final @Nullable Range[] bins = new Range[BINS];

	private final long[] filled = new long[BINS / Long.SIZE];

	private int count;

	private long footprint;

	private long taken;

	private long retired;

	private long tally;

	/**
	 * Create slabs of a pool; none yet.
	 * @param layout the layout of the heap
	 * @param heap how large the heap may be, in bytes
	 * @param limit the lower of limit and budget in bytes, {@link Long#MAX_VALUE} for
	 * none
	 */
	Slabs(HeapLayout layout, long heap, long limit) {
		this.layout = layout;
		this.heap = heap;
		this.limit = limit;
	}

	/**
	 * Change the limit that the size of later slabs is a share of.
	 */
	@Override
	public void changeLimit(long limit) {
		this.limit = limit;
	}

	/**
	 * Carve a range from a slab that has a hole for it. An Error changes nothing.
	 * @param length how many bytes, at least 1
	 * @return the range, or {@code null} if no hole is as long
	 */
	@Override
	public @Nullable Range claim(int length) {
		probeStack(STACK_FRAMES);
		long size = HeapLayout.align(length, HeapLayout.LINE);
		Range hole = shortestHole(size);
		return (hole != null) ? take(new Range(hole.slab(), hole.offset(), (int) size, State.FREE), hole) : null;
	}

	/**
	 * Plan a slab for a request that found no hole.
	 * @param length how many bytes are requested
	 * @param available how many bytes may be reserved
	 * @return the length of its array, whose {@linkplain HeapLayout#footprint footprint}
	 * the caller reserves; {@code 0} if none fits
	 */
	@Override
	public int plan(int length, long available) {
		long size = HeapLayout.align(length, HeapLayout.LINE);
		int start = this.layout.firstLine();
		int least = this.layout.wholeLength(start + size);
		long footprint = this.layout.footprint(least);
		if (least < start + size || footprint > available) {
			return 0;
		}
		long target = Math.max(footprint, Math.min(largest(), 2 * this.footprint));
		long blocks = (this.layout.wholeLengthWithin(Math.min(target, available)) - start) / size;
		return this.layout.wholeLength(start + blocks * size);
	}

	private long largest() {
		return Math.min(LARGEST_SLAB, Math.min(this.limit, this.heap) / SHARE);
	}

	/**
	 * Create a slab. Called without the lock.
	 * @param length its length as {@linkplain #plan planned}
	 * @return a slab, to be {@linkplain #add added}
	 */
	@Override
	public Slab create(int length) {
		return new Slab(length, this.layout);
	}

	/**
	 * Add a slab, and carve the first range from it and no other slab, so that the slab
	 * has a block. An Error changes nothing.
	 * @param slab the slab, which has never been added
	 * @param length how many bytes, not more than it was planned for
	 * @return the range
	 */
	@Override
	public Range add(Object slab, int length) {
		return add((Slab) slab, length);
	}

	Range add(Slab slab, int length) {
		probeStack(STACK_FRAMES);
		Range hole = slab.first();
		int size = (int) HeapLayout.align(length, HeapLayout.LINE);
		if (hole.length() < size) {
			throw new IllegalArgumentException(
					"Cannot carve " + length + " bytes from a slab of " + hole.length() + ": plan(..) for them first");
		}
		Range range = new Range(slab, hole.offset(), size, State.FREE);
		insert(hole);
		slab.slabs = this;
		this.count++;
		this.footprint += slab.footprint();
		return take(range, hole);
	}

	private Range take(Range range, Range hole) {
		remove(hole);
		range.slab().take(range, hole);
		if (hole.state() == State.FREE) {
			insert(hole);
		}
		this.taken += range.length();
		return range;
	}

	/**
	 * Turn the range of a discarded block into a hole. An Error changes nothing.
	 * @param range the range
	 * @return how many bytes limit and budget get back: the footprint of the slab if no
	 * block holds a range of it any more, else {@code 0}
	 */
	long release(Range range) {
		return end(range, false);
	}

	/**
	 * Retire a range whose block was lost or is in doubt, so that its memory is never
	 * used again. An Error changes nothing.
	 * @param range the range
	 * @return how many bytes limit and budget get back, as in {@link #release}
	 */
	long retire(Range range) {
		return end(range, true);
	}

	private long end(Range range, boolean inDoubt) {
		probeStack(STACK_FRAMES);
		if (range.state() != State.TAKEN) {
			throw new IllegalStateException("Cannot release a range of a slab twice: it is " + range.state());
		}
		Slab slab = range.slab();
		this.taken -= range.length();
		if (inDoubt) {
			if (!slab.isRetired()) {
				removeHoles(slab);
			}
			slab.retire(range);
			this.retired += range.length();
		}
		else {
			slab.free(range);
			if (!slab.isRetired()) {
				coalesce(range);
			}
		}
		return (slab.taken() == 0) ? drop(slab) : 0;
	}

	private void coalesce(Range range) {
		Range next = range.next();
		if (next != null && next.state() == State.FREE) {
			remove(next);
			range.slab().merge(range, next);
		}
		Range hole = range;
		Range previous = range.previous();
		if (previous != null && previous.state() == State.FREE) {
			remove(previous);
			range.slab().merge(previous, range);
			hole = previous;
		}
		insert(hole);
	}

	private long drop(Slab slab) {
		if (slab.isRetired()) {
			for (Range range = slab.first(); range != null; range = range.next()) {
				if (range.state() == State.RETIRED) {
					this.retired -= range.length();
				}
			}
		}
		else {
			removeHoles(slab);
		}
		this.count--;
		this.footprint -= slab.footprint();
		return slab.footprint();
	}

	private void removeHoles(Slab slab) {
		for (Range range = slab.first(); range != null; range = range.next()) {
			if (range.state() == State.FREE) {
				remove(range);
			}
		}
	}

	@Override
	public boolean carves(int size) {
		return this.layout.isWasteful(HeapBlock.arrayLength(size, HeapBlock.PADDING));
	}

	@Override
	public long least(int size) {
		return this.layout
			.footprint(this.layout.wholeLength(this.layout.firstLine() + HeapLayout.align(size, HeapLayout.LINE)));
	}

	@Override
	public long footprint(int plan) {
		return this.layout.footprint(plan);
	}

	@Override
	public long release(Space space, boolean inDoubt) {
		return inDoubt ? retire((Range) space) : release((Range) space);
	}

	@Override
	public void beginTally() {
		newTally();
	}

	long tally() {
		return this.tally;
	}

	/**
	 * Begin a pass over the idle blocks of the pool.
	 * @return its number, for {@link Range#countIdle} and {@link Range#isSlabIdle}
	 */
	long newTally() {
		return ++this.tally;
	}

	/**
	 * Return how many slabs there are.
	 */
	int count() {
		return this.count;
	}

	/**
	 * Return how much heap all slabs take, which is what they count against limit and
	 * budget.
	 */
	long footprint() {
		return this.footprint;
	}

	/**
	 * Return how many bytes the blocks hold.
	 */
	long taken() {
		return this.taken;
	}

	/**
	 * Return how many bytes were retired, and are unusable until their slabs are dropped.
	 */
	long retired() {
		return this.retired;
	}

	// Holes by length

	private @Nullable Range shortestHole(long size) {
		if (size > Integer.MAX_VALUE) {
			return null;
		}
		int bin = bin((int) size);
		Range hole = this.bins[bin];
		while (hole != null && hole.length() < size) {
			hole = hole.longer;
		}
		return (hole != null) ? hole : shortestFrom(bin + 1);
	}

	private @Nullable Range shortestFrom(int bin) {
		int word = bin / Long.SIZE;
		long candidates = (word < this.filled.length) ? this.filled[word] & -1L << bin : 0;
		while (candidates == 0) {
			if (++word >= this.filled.length) {
				return null;
			}
			candidates = this.filled[word];
		}
		return this.bins[word * Long.SIZE + Long.numberOfTrailingZeros(candidates)];
	}

	private static int bin(int length) {
		int lines = length / HeapLayout.LINE;
		if (lines < BINS_PER_POWER) {
			return lines;
		}
		int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(lines);
		return (power - 2) * BINS_PER_POWER + ((lines >>> (power - 3)) & (BINS_PER_POWER - 1));
	}

	private void insert(Range hole) {
		int bin = bin(hole.length());
		Range shorter = null;
		Range longer = this.bins[bin];
		while (longer != null && longer.length() < hole.length()) {
			shorter = longer;
			longer = longer.longer;
		}
		hole.shorter = shorter;
		hole.longer = longer;
		if (longer != null) {
			longer.shorter = hole;
		}
		if (shorter != null) {
			shorter.longer = hole;
		}
		else {
			this.bins[bin] = hole;
			this.filled[bin / Long.SIZE] |= 1L << bin;
		}
	}

	private void remove(Range hole) {
		int bin = bin(hole.length());
		if (hole.longer != null) {
			hole.longer.shorter = hole.shorter;
		}
		if (hole.shorter != null) {
			hole.shorter.longer = hole.longer;
		}
		else {
			this.bins[bin] = hole.longer;
			if (hole.longer == null) {
				this.filled[bin / Long.SIZE] &= ~(1L << bin);
			}
		}
		hole.shorter = null;
		hole.longer = null;
	}

	/**
	 * Fail now rather than half-way if the stack is about to overflow.
	 */
	private static int probeStack(int frames) {
		return (frames > 0) ? probeStack(frames - 1) + 1 : 0;
	}

}
