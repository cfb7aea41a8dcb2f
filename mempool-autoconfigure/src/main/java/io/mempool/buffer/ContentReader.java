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

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads content that arrives in parts, for example the body of a request, into one buffer
 * of exactly its size. The memory it holds is in proportion to the bytes that have
 * arrived, not to the announced length. It never holds more than four times those bytes
 * and 64 KiB, if the sizes of the tiers allow.
 * <p>
 * The content is that of a stream, with {@link #read}. Or the caller passes it on as it
 * arrives, with {@link #write} and then {@link #toBuffer}.
 * <p>
 * For use once, by one thread, except that any thread may end it. The pool records the
 * size of the content as requested, and no intermediate size.
 *
 * @since 0.1.0
 */
public final class ContentReader implements AutoCloseable {

	/*
	 * Pieces. Content gathers in pieces, each about as large as all pieces before it.
	 * Once the bound allows a buffer of the announced size beside them, the pieces move
	 * there. The reader reads the rest into it. Content of unknown length moves at its
	 * end. So no byte is copied twice, and short content of known length is not copied at
	 * all.
	 *
	 * The bound. The bound counts capacities, which is what the pool takes. So a tier
	 * that is too large for the bytes so far is not used yet. If the pool has no tier
	 * that is small enough, scratch memory serves, at most 64 KiB and outside of the
	 * pool's limit. The last buffer is an exception: complete content takes the tier it
	 * needs.
	 *
	 * Shortage. Readers that hold pieces while they wait for more could deadlock. So a
	 * reader first asks the pool without a wait, for a smaller size if needed. Before it
	 * waits, it copies the content to the heap and releases the pieces. If the pool then
	 * refuses for good, it could never have served the request.
	 */

	private static final int BASE = 64 * 1024;

	private static final int FACTOR = 4;

	// Content of unknown length is often short
	private static final int FIRST_OF_UNKNOWN = 8 * 1024;

	private final BufferPool pool;

	private final @Nullable TieredBufferPool tiered;

	private final int expected;

	private final int maximum;

	// Replaced and cleared under this object's monitor. All full but the last one
	private final List<BufferLease> pieces = new ArrayList<>();

	private boolean open = true;

	private @Nullable BufferLease last;

	// How many bytes are in the last piece, and in all
	private int filled;

	private int count;

	// The capacities of all pieces
	private long held;

	private boolean scratch;

	/**
	 * Create a reader.
	 * @param pool the source of memory
	 * @param expected how many bytes were announced, negative if unknown. There may be
	 * more or fewer
	 * @param maximum how many bytes may be read
	 */
	public ContentReader(BufferPool pool, long expected, int maximum) {
		if (maximum < 0) {
			throw new IllegalArgumentException("'maximum' must not be negative but is " + maximum);
		}
		this.pool = pool;
		this.tiered = (pool instanceof TieredBufferPool known) ? known : null;
		this.maximum = Math.min(maximum, BufferTier.MAXIMUM_SIZE);
		this.expected = (int) Math.max(0, Math.min(expected, this.maximum));
	}

	/**
	 * Read the rest of a stream.
	 * @param in the stream, which is not closed
	 * @return a buffer of exactly the bytes read, which the caller owns
	 * @throws IOException if reading fails
	 * @throws SizeLimitExceededException if there is more than may be read
	 * @throws PoolExhaustedException if the pool is exhausted
	 * @throws LeaseException if another thread has ended the reader
	 */
	@CheckReturnValue
	public PooledBuffer read(InputStream in) throws IOException {
		try {
			checkExpected();
			fill(in);
			return take();
		}
		finally {
			close();
		}
	}

	/**
	 * Fail if the pool can never lend a buffer of the announced length. For a caller that
	 * writes pieces, before the first one.
	 * @throws PoolExhaustedException if limit or budget are too small for it
	 * @throws SizeLimitExceededException if the pool lends nothing as large
	 */
	public void checkExpected() {
		if (this.tiered != null && this.tiered.isBeyondLimits(this.expected)) {
			// Names the obstacle
			this.tiered.acquireUnrecorded(this.expected).close();
		}
	}

	/**
	 * Add the remaining bytes of a source and advance it. After a failure the reader has
	 * ended.
	 * @param source where to copy from, which may be read-only
	 * @throws SizeLimitExceededException if there is more than may be read
	 * @throws PoolExhaustedException if the pool is exhausted, under its policy
	 * @throws LeaseException if the reader has ended
	 */
	public void write(ByteBuffer source) {
		boolean written = false;
		try {
			while (source.hasRemaining()) {
				writePart(source);
			}
			written = true;
		}
		finally {
			if (!written) {
				close();
			}
		}
	}

	private void writePart(ByteBuffer source) {
		BufferLease piece = this.last;
		if (piece == null || this.filled == piece.size()) {
			checkMaximum();
			piece = grow(source::remaining);
		}
		int end = source.limit();
		int length = Math.min(source.remaining(), piece.size() - this.filled);
		piece.copyIn(this.filled, source.limit(source.position() + length));
		source.limit(end);
		this.filled += length;
		this.count += length;
	}

	/**
	 * End the reader and return what was written.
	 * @return a buffer of exactly the bytes written, which the caller owns
	 * @throws PoolExhaustedException if the pool is exhausted, under its policy
	 * @throws LeaseException if the reader has ended
	 */
	@CheckReturnValue
	public PooledBuffer toBuffer() {
		try {
			return take();
		}
		finally {
			close();
		}
	}

	private void fill(InputStream in) throws IOException {
		for (;;) {
			BufferLease piece = this.last;
			if (piece == null || this.filled == piece.size()) {
				if (this.count >= this.expected) {
					// A look at the next byte tells whether there is any need to grow
					int next = in.read();
					if (next < 0) {
						return;
					}
					add(next, in);
					continue;
				}
				piece = grow(() -> available(in));
			}
			int read = piece.readFrom(in, this.filled, piece.size() - this.filled);
			if (read < 0) {
				return;
			}
			if (read == 0) {
				// A zero-length read breaks the contract of InputStream; a read of one
				// byte cannot
				int next = in.read();
				if (next < 0) {
					return;
				}
				add(next, in);
				continue;
			}
			this.filled += read;
			this.count += read;
		}
	}

	private void add(int value, InputStream in) throws IOException {
		BufferLease piece = this.last;
		if (piece == null || this.filled == piece.size()) {
			checkMaximum();
			piece = grow(() -> available(in));
		}
		piece.put(this.filled, (byte) value);
		this.filled++;
		this.count++;
	}

	private void checkMaximum() {
		if (this.count == this.maximum) {
			throw new SizeLimitExceededException("Cannot read more than " + this.maximum
					+ " bytes into a buffer of pool '" + this.pool.name() + "', and there are more", this.maximum);
		}
	}

	private BufferLease grow(IntSupplier available) {
		long arrived = this.count;
		if (this.expected > this.count) {
			long whole = capacityFor(this.expected);
			if (whole > room(arrived)) {
				arrived += Math.max(0, Math.min(available.getAsInt(), this.expected - this.count));
			}
			if (whole <= room(arrived)) {
				return gather(this.expected);
			}
		}
		return addPiece(room(arrived));
	}

	private static int available(InputStream in) {
		try {
			return in.available();
		}
		catch (IOException ex) {
			return 0;
		}
	}

	private long room(long arrived) {
		return FACTOR * arrived + BASE - this.held;
	}

	private BufferLease addPiece(long room) {
		int rest = this.maximum - this.count;
		int wanted = Math.max(this.count, FIRST_OF_UNKNOWN);
		if (this.expected > this.count) {
			rest = this.expected - this.count;
			wanted = Math.max(this.count, BASE);
		}
		for (long most = Math.min(room, capacityFor(wanted));; most /= 2) {
			int size = (int) Math.min(rest, largestWithin(most));
			if (size <= 0) {
				this.scratch = true;
				return add(Scratch.acquire((int) Math.max(1, Math.min(rest, room))));
			}
			PooledBuffer piece = tryAcquire(size);
			if (piece != null) {
				return add(piece);
			}
			if (most / 2 < this.pool.minimumSize()) {
				return gatherAside((int) Math.min(this.maximum, capacityFor(this.count + 1)));
			}
		}
	}

	/**
	 * Move all read bytes to one buffer.
	 */
	private BufferLease gather(int size) {
		PooledBuffer whole = (this.count > 0) ? tryAcquire(size) : acquire(size);
		if (whole == null) {
			return gatherAside(size);
		}
		BufferLease target = lease(whole);
		boolean moved = false;
		try {
			int index = 0;
			for (BufferLease piece : snapshot()) {
				int length = Math.min(piece.size(), this.count - index);
				target.copyIn(index, piece, length);
				index += length;
			}
			replaceBy(target);
			moved = true;
			return target;
		}
		finally {
			if (!moved) {
				target.close();
			}
		}
	}

	private BufferLease gatherAside(int size) {
		byte[] aside = new byte[this.count];
		int index = 0;
		for (BufferLease piece : snapshot()) {
			int length = Math.min(piece.size(), this.count - index);
			piece.copyOut(0, aside, index, length);
			index += length;
		}
		replaceBy(null);
		BufferLease target = add(acquire(size));
		target.copyIn(0, aside, 0, aside.length);
		this.filled = this.count;
		return target;
	}

	private synchronized List<BufferLease> snapshot() {
		checkOpen();
		return List.copyOf(this.pieces);
	}

	private void replaceBy(@Nullable BufferLease target) {
		List<BufferLease> former;
		synchronized (this) {
			checkOpen();
			former = List.copyOf(this.pieces);
			this.pieces.clear();
			if (target != null) {
				this.pieces.add(target);
			}
		}
		this.last = target;
		this.filled = (target != null) ? this.count : 0;
		this.held = (target != null) ? target.capacity() : 0;
		this.scratch = false;
		former.forEach(BufferLease::close);
	}

	private BufferLease add(PooledBuffer buffer) {
		BufferLease piece = lease(buffer);
		boolean added = false;
		try {
			synchronized (this) {
				checkOpen();
				this.pieces.add(piece);
			}
			this.last = piece;
			this.filled = 0;
			this.held += piece.capacity();
			added = true;
			return piece;
		}
		finally {
			if (!added) {
				piece.close();
			}
		}
	}

	private PooledBuffer take() {
		BufferLease whole = this.last;
		if (whole == null || this.scratch || this.filled < this.count || whole.capacity() > capacityFor(this.count)) {
			whole = gather(this.count);
		}
		BufferLease exact = (whole.size() != this.count) ? whole.resized(this.count) : whole;
		synchronized (this) {
			if (!this.open) {
				exact.close();
			}
			checkOpen();
			this.pieces.clear();
			this.open = false;
		}
		if (this.tiered != null) {
			this.tiered.record(this.count);
		}
		return exact;
	}

	private void checkOpen() {
		if (!this.open) {
			throw new LeaseException("Cannot read into a buffer of pool '" + this.pool.name()
					+ "': its reader was ended by another thread");
		}
	}

	/**
	 * End the reader and release its memory. Has no effect once the buffer was returned.
	 */
	@Override
	public void close() {
		end().forEach(BufferLease::close);
	}

	/**
	 * End the reader and discard its memory, which may still be written. Has no effect
	 * once the buffer was returned.
	 */
	public void abandon() {
		for (BufferLease piece : end()) {
			piece.abandon();
		}
	}

	private synchronized List<BufferLease> end() {
		List<BufferLease> former = List.copyOf(this.pieces);
		this.pieces.clear();
		this.open = false;
		return former;
	}

	// Sizes of the tiers, or beyond them

	private long capacityFor(int size) {
		List<BufferTier> tiers = this.pool.tiers();
		for (int i = 0; i < tiers.size(); i++) {
			if (tiers.get(i).size() >= size) {
				return tiers.get(i).size();
			}
		}
		return size;
	}

	/**
	 * Return the largest size whose capacity is within a number of bytes, {@code 0} if
	 * there is none.
	 */
	private long largestWithin(long most) {
		if (most > this.pool.maximumSize()) {
			return most;
		}
		List<BufferTier> tiers = this.pool.tiers();
		for (int i = tiers.size() - 1; i >= 0; i--) {
			if (tiers.get(i).size() <= most) {
				return tiers.get(i).size();
			}
		}
		return 0;
	}

	private PooledBuffer acquire(int size) {
		return (this.tiered != null) ? this.tiered.acquireUnrecorded(size) : this.pool.acquire(size);
	}

	private @Nullable PooledBuffer tryAcquire(int size) {
		return (this.tiered != null) ? this.tiered.tryAcquireUnrecorded(size) : this.pool.tryAcquire(size);
	}

	private BufferLease lease(PooledBuffer buffer) {
		if (buffer instanceof BufferLease lease) {
			return lease;
		}
		buffer.close();
		throw new IllegalArgumentException("Cannot read content into pool '" + this.pool.name() + "': it is a "
				+ this.pool.getClass().getName() + ", whose buffers are of another implementation. "
				+ "Use a pool of BufferPool.builder(..), or acquire a buffer and call its readFrom(..)");
	}

	@Override
	public String toString() {
		return "ContentReader[pool=" + this.pool.name() + ", read=" + this.count + ", maximum=" + this.maximum + "]";
	}

}
