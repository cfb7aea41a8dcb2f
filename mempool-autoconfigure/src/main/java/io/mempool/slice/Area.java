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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;

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

	private final @Nullable String pool;

	private final PooledBuffer holder;

	private Area(@Nullable String pool, PooledBuffer holder) {
		this.pool = pool;
		this.holder = holder;
	}

	static Area acquire(BufferPool pool, int size) {
		return new Area(pool.name(), pool.acquire(size));
	}

	/**
	 * Make one slice of a whole buffer, whose reference becomes that of the slice.
	 */
	static Slice sliceOf(PooledBuffer buffer) {
		return AreaSlice.of(new Area(null, buffer), buffer);
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
	 * Return whether there are so many slices already that the holder had better move on.
	 */
	boolean isCrowded() {
		return this.holder.referenceCount() > MAXIMUM_SLICES;
	}

	/**
	 * Describe where the memory is from, as it follows "a slice of 10 bytes".
	 */
	String origin() {
		return (this.pool != null) ? "of pool '" + this.pool + "'" : "of a buffer";
	}

	@Override
	public void close() {
		this.holder.close();
	}

}
