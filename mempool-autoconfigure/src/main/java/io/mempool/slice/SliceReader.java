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

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads slices of exact sizes from a source. It reads ahead as far as its area allows, so
 * that many small slices cost one read of the source and lie next to each other.
 *
 * <pre class="code">
 * try (SliceReader reader = new SliceReader(pool, channel)) {
 *     while (!reader.isAtEnd()) {
 *         int length;
 *         try (Slice header = reader.read(4)) {
 *             length = checked(header.byteBuffer().getInt());
 *         }
 *         Slice payload = reader.read(length);
 *         ...
 *     }
 * }
 * </pre>
 *
 * <strong>Memory.</strong> Memory for a slice is acquired before its bytes arrive: check
 * a size that a peer has sent.
 * <p>
 * <strong>Ownership.</strong> The code that opened the reader closes it. The code that
 * reads a slice releases it, before or after that. The source is not closed; what was
 * read ahead is lost with the reader.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time; its slices may go to others.
 * <p>
 * <strong>Errors.</strong> Whatever fails, what was read before is kept and can be read
 * again.
 *
 * @since 0.1.0
 */
public final class SliceReader implements AutoCloseable {

	private static final int MAXIMUM_EMPTY_READS = 100;

	private final BufferPool pool;

	private final Source source;

	private final int areaSize;

	private @Nullable Area area;

	// What was read and not yet handed out lies in the area from start to end
	private int start;

	private int end;

	private boolean closed;

	/**
	 * Open a reader with areas of 64 KiB, or of the tier that is next to that.
	 * @param pool where areas come from
	 * @param source where bytes come from
	 */
	public SliceReader(BufferPool pool, InputStream source) {
		this(pool, source, Area.defaultSize(pool));
	}

	/**
	 * Open a reader.
	 * @param pool where areas come from
	 * @param source where bytes come from
	 * @param areaSize how many bytes an area has, and are read ahead at most; best the
	 * size of a tier. An area for a larger slice has a multiple of that, if its tier
	 * allows
	 * @throws IllegalArgumentException if the area size is not positive or beyond the
	 * largest tier
	 */
	public SliceReader(BufferPool pool, InputStream source, int areaSize) {
		this(pool, new StreamSource(source), areaSize);
	}

	/**
	 * Open a reader with areas of 64 KiB, or of the tier that is next to that.
	 * @param pool where areas come from
	 * @param source where bytes come from
	 */
	public SliceReader(BufferPool pool, ReadableByteChannel source) {
		this(pool, source, Area.defaultSize(pool));
	}

	/**
	 * Open a reader.
	 * @param pool where areas come from
	 * @param source where bytes come from
	 * @param areaSize how many bytes an area has, and are read ahead at most; best the
	 * size of a tier. An area for a larger slice has a multiple of that, if its tier
	 * allows
	 * @throws IllegalArgumentException if the area size is not positive or beyond the
	 * largest tier
	 */
	public SliceReader(BufferPool pool, ReadableByteChannel source, int areaSize) {
		this(pool, Source.of(source), areaSize);
	}

	private SliceReader(BufferPool pool, Source source, int areaSize) {
		this.pool = pool;
		this.source = source;
		this.areaSize = Area.checkSize(pool, areaSize);
	}

	/**
	 * Read a slice, waiting for its bytes. What was read ahead is used first, so that no
	 * bytes or few may need no I/O at all.
	 * @param size bytes, {@code 0} or more
	 * @return a slice of exactly that size without a free prefix, which the caller owns
	 * @throws IllegalArgumentException if the size is negative
	 * @throws EOFException if the source ends before; what there was is kept and can be
	 * read with a smaller size
	 * @throws IOException if the source fails, or has returned no bytes many times in a
	 * row, as a non-blocking channel does: use {@link #tryRead} with such a channel
	 * @throws LeaseException if the reader is closed
	 * @throws PoolExhaustedException if there is no area to be had
	 * @throws AcquireInterruptedException if interrupted while waiting for an area
	 * @throws PoolClosedException if an area is needed and the pool is closed
	 */
	@CheckReturnValue
	public Slice read(int size) throws IOException {
		Area area = areaFor(size);
		if (!await(area, size)) {
			throw ended(size);
		}
		return take(area, size);
	}

	/**
	 * Read a slice if its bytes are there, for a non-blocking channel: reads until they
	 * are, or until the source returns no bytes. What was read is kept for the next
	 * attempt, and no memory is kept if nothing was. A blocking source makes it wait as
	 * {@link #read} does.
	 * @param size bytes, {@code 0} or more
	 * @return a slice of exactly that size without a free prefix, which the caller owns,
	 * or {@code null} if there are not enough bytes yet
	 * @throws IllegalArgumentException if the size is negative
	 * @throws EOFException if the source ends before; what there was is kept and can be
	 * read with a smaller size
	 * @throws IOException if the source fails
	 * @throws LeaseException if the reader is closed
	 * @throws PoolExhaustedException if there is no area to be had
	 * @throws AcquireInterruptedException if interrupted while waiting for an area
	 * @throws PoolClosedException if an area is needed and the pool is closed
	 */
	@CheckReturnValue
	public @Nullable Slice tryRead(int size) throws IOException {
		Area area = areaFor(size);
		while (buffered() < size) {
			int count = readAhead(area);
			if (count < 0) {
				throw ended(size);
			}
			if (count == 0) {
				if (buffered() == 0) {
					// The wait may be long: keep no memory for it
					giveUpArea();
				}
				return null;
			}
		}
		return take(area, size);
	}

	/**
	 * Return whether the source has ended and all of it was handed out. Reads ahead, and
	 * waits for that, if nothing is left of what was read before.
	 * @return whether there is not one byte more
	 * @throws IOException if the source fails or returns no bytes, as for {@link #read}
	 * @throws LeaseException if the reader is closed
	 */
	public boolean isAtEnd() throws IOException {
		return !await(areaFor(1), 1);
	}

	/**
	 * Return how many bytes were read ahead. That many can be read without any I/O.
	 * @return bytes
	 */
	public int buffered() {
		return this.end - this.start;
	}

	/**
	 * Read ahead until there are as many bytes as asked for.
	 * @return {@code false} if the source ended before
	 */
	private boolean await(Area area, int size) throws IOException {
		for (int emptyReads = 0; buffered() < size;) {
			int count = readAhead(area);
			if (count < 0) {
				return false;
			}
			emptyReads = (count == 0) ? emptyReads + 1 : 0;
			if (emptyReads == MAXIMUM_EMPTY_READS) {
				throw new IOException("Cannot read " + size + " bytes: the source has returned 0 bytes "
						+ MAXIMUM_EMPTY_READS + " times in a row, after " + buffered()
						+ " bytes that are kept. Use tryRead(..) if it is a non-blocking channel");
			}
		}
		return true;
	}

	private Slice take(Area area, int size) {
		Slice slice = area.carve(this.start, this.start, this.start + size);
		this.start += size;
		return slice;
	}

	private int readAhead(Area area) throws IOException {
		int count = this.source.read(area.memory(), this.end, area.size() - this.end);
		this.end += Math.max(0, count);
		return count;
	}

	private EOFException ended(int size) {
		return new EOFException("Cannot read " + size + " bytes: the source ended after " + buffered()
				+ " of them. They are kept and can be read with a smaller size");
	}

	/**
	 * Return an area that has what is buffered, and room for the rest of a slice.
	 */
	private Area areaFor(int size) {
		if (size < 0) {
			throw new IllegalArgumentException("Cannot read " + size + " bytes into areas of pool '" + this.pool.name()
					+ "': 'size' must not be negative");
		}
		if (this.closed) {
			throw new LeaseException("Cannot read " + size + " bytes into areas of pool '" + this.pool.name()
					+ "': the reader is closed. Open another one");
		}
		Area area = this.area;
		if (area == null) {
			return acquireArea(size);
		}
		if (area.hasNoSlices()) {
			if (area.size() > this.areaSize && Math.max(size, buffered()) <= this.areaSize) {
				// What was read ahead must not keep a large area
				return moveOn(area, size);
			}
			if (buffered() == 0 && area.size() == this.areaSize) {
				// Nothing in it is of use any more: begin again, rather than fetch
				// another
				this.start = 0;
				this.end = 0;
			}
		}
		return (size <= area.size() - this.start && !area.isCrowded()) ? area : moveOn(area, size);
	}

	private Area moveOn(Area former, int size) {
		int kept = buffered();
		if (kept == 0) {
			giveUpArea();
			return acquireArea(size);
		}
		Area area = Area.acquire(this.pool, this.areaSize, Math.max(size, kept));
		boolean moved = false;
		try {
			area.memory().copyIn(0, former.memory().byteBuffer().slice(this.start, kept));
			moved = true;
		}
		finally {
			(moved ? former : area).close();
		}
		this.area = area;
		this.start = 0;
		this.end = kept;
		return area;
	}

	private Area acquireArea(int size) {
		Area area = Area.acquire(this.pool, this.areaSize, size);
		this.area = area;
		return area;
	}

	private void giveUpArea() {
		Area area = this.area;
		this.area = null;
		this.start = 0;
		this.end = 0;
		if (area != null) {
			area.close();
		}
	}

	/**
	 * Give up the reference to the current area and with it what was read ahead. Slices
	 * live on until they are released. Closing again has no effect.
	 */
	@Override
	public void close() {
		this.closed = true;
		giveUpArea();
	}

	@Override
	public String toString() {
		return "SliceReader[pool=" + this.pool.name() + ", areaSize=" + this.areaSize + ", buffered=" + buffered()
				+ ", closed=" + this.closed + "]";
	}

}
