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

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * Carves slices one after another from areas of a pool, each of them preceded by the same
 * number of free bytes: the reserve, into which a header can be written later without
 * moving what follows it.
 *
 * <pre class="code">
 * try (SlicingAllocator allocator = new SlicingAllocator(pool, 4)) {
 *     Slice frame = allocator.copy(payload);
 *     frame.expandFront(4);
 *     frame.byteBuffer().putInt(payload.length);
 *     ...
 * } // the area is back once its slices are released, too
 * </pre>
 *
 * <strong>Ownership.</strong> The code that opened the allocator closes it. The code that
 * allocated a slice releases it, before or after that. An area returns to its pool when
 * the allocator has moved on and all slices of the area are released.
 * <p>
 * <strong>Scopes.</strong> An allocator of a scope needs no close. The scope owns its
 * areas and its slices, and gives back what was not released before.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time; its slices may go to others.
 *
 * @since 0.1.0
 */
public final class SlicingAllocator implements AutoCloseable {

	private final BufferPool pool;

	private final @Nullable Owner owner;

	private final int reserve;

	private final int areaSize;

	private @Nullable Area area;

	// Where in the area the next slice's free prefix begins
	private int next;

	private boolean closed;

	/**
	 * Open an allocator with areas of 64 KiB, or of the tier that is next to that.
	 * @param pool where areas come from
	 * @param reserve how many free bytes precede each slice, {@code 0} or more
	 * @throws IllegalArgumentException if the reserve is negative
	 */
	public SlicingAllocator(BufferPool pool, int reserve) {
		this(pool, reserve, Area.defaultSize(pool));
	}

	/**
	 * Open an allocator.
	 * @param pool where areas come from
	 * @param reserve how many free bytes precede each slice, {@code 0} or more
	 * @param areaSize how many bytes an area has; best the size of a tier
	 * @throws IllegalArgumentException if the reserve is negative, or the area size is
	 * not positive or beyond the largest tier
	 */
	public SlicingAllocator(BufferPool pool, int reserve, int areaSize) {
		this(pool, reserve, areaSize, null);
	}

	/**
	 * Open an allocator on behalf of an owner of leases.
	 * @param pool where areas come from
	 * @param reserve how many free bytes precede each slice, {@code 0} or more
	 * @param areaSize how many bytes an area has; best the size of a tier
	 * @param owner owns the areas and the slices, {@code null} for none: then the caller
	 * does
	 * @throws IllegalArgumentException if the reserve is negative, or the area size is
	 * not positive or beyond the largest tier
	 */
	public SlicingAllocator(BufferPool pool, int reserve, int areaSize, @Nullable Owner owner) {
		if (reserve < 0) {
			throw new IllegalArgumentException("'reserve' must not be negative but is " + reserve);
		}
		this.pool = pool;
		this.reserve = reserve;
		this.areaSize = Area.checkSize(pool, areaSize);
		this.owner = owner;
	}

	/**
	 * Return the size of areas unless another is chosen.
	 * @param pool where areas come from
	 * @return 64 KiB, or the tier that is next to that
	 */
	public static int defaultAreaSize(BufferPool pool) {
		return Area.defaultSize(pool);
	}

	/**
	 * Carve a slice. If it does not fit together with its reserve, a new area is begun;
	 * if it does not fit into any, it gets an area of its own size for itself.
	 * @param size bytes, {@code 0} or more
	 * @return a slice that the caller owns, its free prefix being the reserve
	 * @throws IllegalArgumentException if the size is negative
	 * @throws LeaseException if the allocator is closed
	 * @throws SizeLimitExceededException if no buffer can have that many bytes
	 * @throws PoolExhaustedException if there is no area to be had
	 * @throws AcquireInterruptedException if interrupted while waiting for an area
	 * @throws PoolClosedException if an area is needed and the pool is closed
	 */
	@CheckReturnValue
	public Slice allocate(int size) {
		if (size < 0) {
			throw new IllegalArgumentException("Cannot allocate " + size + " bytes from areas of pool '"
					+ this.pool.name() + "': 'size' must not be negative");
		}
		if (this.closed) {
			throw new LeaseException("Cannot allocate " + size + " bytes from areas of pool '" + this.pool.name()
					+ "': the allocator is closed. Open another one");
		}
		long needed = (long) this.reserve + size;
		if (needed > BufferTier.MAXIMUM_SIZE) {
			throw new SizeLimitExceededException(
					"Cannot allocate " + size + " bytes after a reserve of " + this.reserve + " from areas of pool '"
							+ this.pool.name() + "': at most " + BufferTier.MAXIMUM_SIZE + " fit into one",
					BufferTier.MAXIMUM_SIZE);
		}
		return (needed <= this.areaSize) ? carve((int) needed) : carveAlone((int) needed);
	}

	private Slice carve(int needed) {
		Area area = this.area;
		if (area == null || !area.isHeld() || needed > area.size() - this.next || area.isCrowded()) {
			area = moveOn();
		}
		int free = this.next;
		Slice slice = owned(area.carve(free, free + this.reserve, free + needed));
		this.next = free + needed;
		return slice;
	}

	private Slice carveAlone(int needed) {
		try (Area area = acquireArea(needed)) {
			return owned(area.carve(0, this.reserve, needed));
		}
	}

	private Slice owned(Slice slice) {
		if (this.owner == null) {
			return slice;
		}
		boolean owned = false;
		try {
			this.owner.own(slice);
			owned = true;
			return slice;
		}
		finally {
			if (!owned) {
				slice.close();
			}
		}
	}

	private Area acquireArea(int size) {
		return Area.of(this.pool, (this.owner != null) ? this.owner.acquire(this.pool, size) : this.pool.acquire(size));
	}

	// The old area first: if its slices are released it is the one that is acquired
	private Area moveOn() {
		giveUpArea();
		Area area = acquireArea(this.areaSize);
		this.area = area;
		return area;
	}

	private void giveUpArea() {
		Area area = this.area;
		this.area = null;
		this.next = 0;
		if (area != null) {
			area.close();
		}
	}

	/**
	 * Carve a slice and copy bytes into it.
	 * @param source where to copy from, all of it
	 * @return a slice of as many bytes, which the caller owns
	 * @see #allocate(int)
	 */
	@CheckReturnValue
	public Slice copy(byte[] source) {
		return copy(ByteBuffer.wrap(source));
	}

	/**
	 * Carve a slice, copy the remaining bytes of a source into it and advance the source.
	 * @param source where to copy from
	 * @return a slice of as many bytes, which the caller owns
	 * @see #allocate(int)
	 */
	@CheckReturnValue
	public Slice copy(ByteBuffer source) {
		// Bounds that no other thread can move
		ByteBuffer bytes = source.duplicate();
		Slice slice = allocate(bytes.remaining());
		boolean copied = false;
		try {
			slice.copyIn(0, bytes);
			source.position(bytes.position());
			copied = true;
			return slice;
		}
		finally {
			if (!copied) {
				slice.close();
			}
		}
	}

	/**
	 * Return how many free bytes precede each slice.
	 * @return bytes
	 */
	public int reserve() {
		return this.reserve;
	}

	/**
	 * Return how many bytes an area has.
	 * @return bytes, the reserves of its slices included
	 */
	public int areaSize() {
		return this.areaSize;
	}

	int nextIndex() {
		return this.next;
	}

	/**
	 * Give up the reference to the current area. Slices live on until they are released.
	 * Closing again has no effect.
	 */
	@Override
	public void close() {
		this.closed = true;
		giveUpArea();
	}

	@Override
	public String toString() {
		return "SlicingAllocator[pool=" + this.pool.name() + ", reserve=" + this.reserve + ", areaSize=" + this.areaSize
				+ ", closed=" + this.closed + "]";
	}

	/**
	 * Owns the areas and the slices of an allocator. Called by the thread that uses it.
	 */
	public interface Owner {

		/**
		 * Acquire an area. The allocator releases it when it moves on, and the owner may
		 * do so at any time before.
		 * @param pool where the area comes from
		 * @param size how many bytes it has
		 * @return a buffer of that size
		 */
		PooledBuffer acquire(BufferPool pool, int size);

		/**
		 * Take ownership of a slice. If this fails, the allocator releases the slice and
		 * throws the failure.
		 * @param slice a new slice
		 */
		void own(Slice slice);

	}

}
