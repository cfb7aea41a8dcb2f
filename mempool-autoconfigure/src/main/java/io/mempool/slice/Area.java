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

package io.mempool.slice;

import java.nio.ByteBuffer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;

/**
 * A pooled buffer that slices are carved from. The references are those of the buffer:
 * one handle for the holder, and one for each slice. So it is the buffer that decides
 * which of two racing releases wins, and when the memory goes home.
 */
final class Area implements AutoCloseable {

	private static final int USUAL_SIZE = 64 * 1024;

	// A buffer counts its references in 16 bits. Half of them are left for slices that
	// are retained and for copies under way
	private static final int MAXIMUM_SLICES = 1 << 15;

	private final String origin;

	private final PooledBuffer holder;

	// Whether a holder has a reference of its own, from which it carves
	private final boolean carved;

	private Area(String origin, PooledBuffer holder, boolean carved) {
		this.origin = origin;
		this.holder = holder;
		this.carved = carved;
	}

	static Area acquire(BufferPool pool, int size) {
		return of(pool, pool.acquire(size));
	}

	static Area of(BufferPool pool, PooledBuffer holder) {
		return new Area("of pool '" + pool.name() + "'", holder, true);
	}

	/**
	 * Acquire an area for at least so many bytes. One that is larger than usual has a
	 * multiple of the usual size, so that more can be read ahead into it, but not more
	 * than its tier.
	 * @param usual how many bytes an area has
	 * @param needed how many it must have
	 */
	static Area acquire(BufferPool pool, int usual, int needed) {
		long multiple = (needed + (long) usual - 1) / usual * usual;
		return acquire(pool, (needed <= usual) ? usual : (int) Math.min(multiple, wholeTier(pool, needed)));
	}

	private static int wholeTier(BufferPool pool, int size) {
		for (BufferTier tier : pool.tiers()) {
			if (tier.size() >= size) {
				return tier.size();
			}
		}
		return size;
	}

	/**
	 * Make one slice of a whole buffer, whose reference becomes that of the slice.
	 */
	static Slice sliceOf(PooledBuffer buffer) {
		return AreaSlice.of(new Area("of a buffer", buffer, false), buffer);
	}

	/**
	 * Make one slice of bytes that no pool owns.
	 */
	static Slice sliceOf(ByteBuffer bytes) {
		PooledBuffer buffer = PooledBuffer.wrap(bytes);
		return AreaSlice.of(new Area("of foreign bytes", buffer, false), buffer);
	}

	/**
	 * Return the size of the areas of a pool unless another is chosen: 64 KiB, or the
	 * tier that is next to that.
	 */
	static int defaultSize(BufferPool pool) {
		return pool.tiers()
			.stream()
			.mapToInt(BufferTier::size)
			.filter((size) -> size >= USUAL_SIZE)
			.findFirst()
			.orElseGet(pool::maximumSize);
	}

	static int checkSize(BufferPool pool, int size) {
		if (size <= 0) {
			throw new IllegalArgumentException("'areaSize' must be positive but is " + size);
		}
		if (size > pool.maximumSize()) {
			throw new IllegalArgumentException("'areaSize' must be at most " + pool.maximumSize() + " but is " + size
					+ ": beyond its largest tier, pool '" + pool.name()
					+ "' keeps nothing. Choose smaller areas, or give the pool a larger tier");
		}
		return size;
	}

	/**
	 * Carve a slice with a reference of its own. The holder ensures that the range has no
	 * other owner.
	 */
	Slice carve(int free, int base, int end) {
		return AreaSlice.retaining(this, this.holder, free, base, end);
	}

	int size() {
		return this.holder.size();
	}

	/**
	 * Return the memory, for the holder only.
	 */
	PooledBuffer memory() {
		return this.holder;
	}

	/**
	 * Return whether the holder has the only reference. Then it stays so until the holder
	 * carves again, and what was done with the slices happened before.
	 */
	boolean hasNoSlices() {
		return this.holder.referenceCount() == 1;
	}

	/**
	 * Return whether the holder still has its reference.
	 */
	boolean isHeld() {
		return this.holder.isAlive();
	}

	/**
	 * Return whether so many references leave none to a second slice. What lies before a
	 * slice that was not carved belongs to the slice that it was made from.
	 */
	boolean isOnly(int references) {
		// The holder last: one that is alive now had a reference when they were counted.
		// It carves only behind all slices there are
		return this.carved && (references == 1 || (references == 2 && isHeld()));
	}

	/**
	 * Return whether there are so many slices already that the holder had better move on.
	 */
	boolean isCrowded() {
		return this.holder.referenceCount() > MAXIMUM_SLICES;
	}

	/**
	 * Describe where the memory is from, as it follows "a slice of 10 bytes".
	 */
	String origin() {
		return this.origin;
	}

	@Override
	public void close() {
		this.holder.close();
	}

}
