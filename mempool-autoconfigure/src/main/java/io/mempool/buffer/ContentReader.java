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
 * Content comes from a stream, which {@link #read} reads to its end. Or it comes in
 * pieces, which {@link #write} or {@link #tryWrite} adds, until {@link #toBuffer} or
 * {@link #tryToBuffer} ends the reader.
 * <p>
 * For use once, by one thread at a time, except that any thread may end it. The pool
 * records the size of the content as requested, and no intermediate size.
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
	 * refuses for good, it could never have served the request. A caller that must not
	 * wait keeps the pieces, and another thread goes on.
	 */

	private static final int BASE = 64 * 1024;

	private static final int FACTOR = 4;

	// Content of unknown length is often short
	private static final int FIRST_OF_UNKNOWN = 8 * 1024;

	private final BufferPool pool;

	private final PooledOutputStream.Owner owner;

	private final @Nullable TieredBufferPool tiered;

	private final int expected;

	private final int maximum;

	// Replaced and cleared under this object's monitor. All full but the last one
	private final List<BufferLease> pieces = new ArrayList<>();

	private boolean open = true;

	// The sizes of all pieces, or more. Guarded by this object's monitor
	private int reserved;

	private @Nullable BufferLease last;

	// How many bytes are in the last piece, and in all
	private int filled;

	private int count;

	// The capacities of all pieces
	private long held;

	private boolean scratch;

	// The size of the buffer to wait for, after the pool refused to lend one at once
	private int refused;

	/**
	 * Create a reader.
	 * @param pool the source of memory
	 * @param expected how many bytes were announced, negative if unknown. There may be
	 * more or fewer
	 * @param maximum how many bytes may be read
	 */
	public ContentReader(BufferPool pool, long expected, int maximum) {
		this(pool, PooledOutputStream.Owner.NONE, expected, maximum);
	}

	/**
	 * Create a reader on behalf of an owner of buffers.
	 * @param pool the source of memory
	 * @param owner allows the sizes of pieces before they are acquired, and owns the
	 * buffer that is read. With that, it takes over what it allowed
	 * @param expected how many bytes were announced, negative if unknown. There may be
	 * more or fewer
	 * @param maximum how many bytes may be read
	 */
	public ContentReader(BufferPool pool, PooledOutputStream.Owner owner, long expected, int maximum) {
		if (maximum < 0) {
			throw new IllegalArgumentException("'maximum' must not be negative but is " + maximum);
		}
		this.pool = pool;
		this.owner = owner;
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
		append(source, true);
	}

	/**
	 * Add the remaining bytes of a source and advance it, as {@link #write} does, and do
	 * not wait for memory. What was added before a refusal stays, and the source is
	 * advanced to what is missing.
	 * @param source where to copy from, which may be read-only
	 * @return {@code false} if the pool does not lend the memory at once, which does not
	 * count as exhausted: {@link #write} adds the rest, or fails and counts, under the
	 * pool's policy
	 * @throws SizeLimitExceededException if there is more than may be read
	 * @throws LeaseException if the reader has ended
	 */
	@CheckReturnValue
	public boolean tryWrite(ByteBuffer source) {
		return append(source, false);
	}

	private boolean append(ByteBuffer source, boolean wait) {
		boolean appended = false;
		try {
			if (source.remaining() > this.maximum - this.count) {
				throw tooLarge();
			}
			boolean complete = true;
			while (complete && source.hasRemaining()) {
				BufferLease piece = pieceFor(source.remaining(), wait);
				complete = piece != null;
				if (piece != null) {
					append(piece, source);
				}
			}
			appended = true;
			return complete;
		}
		finally {
			if (!appended) {
				close();
			}
		}
	}

	private void append(BufferLease piece, ByteBuffer source) {
		int limit = source.limit();
		int length = Math.min(piece.size() - this.filled, source.remaining());
		source.limit(source.position() + length);
		try {
			piece.append(this.filled, source);
		}
		finally {
			source.limit(limit);
		}
		this.filled += length;
		this.count += length;
	}

	private @Nullable BufferLease pieceFor(int pending, boolean wait) {
		BufferLease piece = this.last;
		if (piece != null && this.filled < piece.size()) {
			return piece;
		}
		piece = tryGrow(pending);
		return (piece != null || !wait) ? piece : gatherAside(this.refused);
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

	/**
	 * End the reader and return what was written, and do not wait for memory.
	 * @return a buffer of exactly the bytes written, which the caller owns; {@code null}
	 * if the pool does not lend the memory at once, which does not count as exhausted.
	 * {@link #toBuffer} returns the buffer then, or fails and counts, under the pool's
	 * policy
	 * @throws LeaseException if the reader has ended
	 */
	@CheckReturnValue
	public @Nullable PooledBuffer tryToBuffer() {
		BufferLease whole = whole();
		return (whole != null) ? take(whole) : null;
	}

	/**
	 * Return how many bytes have been read or written.
	 * @return bytes
	 */
	public int size() {
		return this.count;
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
				piece = grow(in);
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
			if (this.count == this.maximum) {
				throw tooLarge();
			}
			piece = grow(in);
		}
		piece.put(this.filled, (byte) value);
		this.filled++;
		this.count++;
	}

	private SizeLimitExceededException tooLarge() {
		return new SizeLimitExceededException("Cannot read more than " + this.maximum + " bytes into a buffer of pool '"
				+ this.pool.name() + "', and there are more", this.maximum);
	}

	private BufferLease grow(InputStream in) {
		// The stream is asked only if its answer decides
		boolean whole = this.expected > this.count && capacityFor(this.expected) <= room(this.count);
		int available = (this.expected > this.count && !whole) ? available(in) : 0;
		BufferLease piece = tryGrow(available);
		return (piece != null) ? piece : gatherAside(this.refused);
	}

	/**
	 * Return where the next bytes go.
	 * @param available how many bytes have arrived and are not read yet
	 * @return {@code null} if the pool does not lend it at once
	 */
	private @Nullable BufferLease tryGrow(int available) {
		boolean announced = this.expected > this.count;
		int known = announced ? Math.min(available, this.expected - this.count) : available;
		long room = room(this.count + (long) Math.max(0, known));
		return (announced && capacityFor(this.expected) <= room) ? gather(this.expected) : addPiece(room, available);
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

	private @Nullable BufferLease addPiece(long room, int available) {
		int rest = this.maximum - this.count;
		int wanted = Math.max(Math.max(this.count, available), FIRST_OF_UNKNOWN);
		if (this.expected > this.count) {
			rest = this.expected - this.count;
			wanted = Math.max(this.count, BASE);
		}
		for (long most = Math.min(room, capacityFor(wanted));; most /= 2) {
			int size = (int) Math.min(rest, largestWithin(most));
			if (size <= 0) {
				this.scratch = true;
				return add(Scratch.acquire(reserve(1, (int) Math.max(1, Math.min(rest, room)))));
			}
			int granted = reserve(1, size);
			PooledBuffer piece = attempt(granted);
			if (piece != null) {
				return add(piece);
			}
			giveBack(granted);
			if (most / 2 < this.pool.minimumSize()) {
				this.refused = (int) Math.min(this.maximum, capacityFor(this.count + 1));
				return null;
			}
		}
	}

	/**
	 * Move all read bytes to one buffer.
	 * @return {@code null} if the pool does not lend it at once
	 */
	private @Nullable BufferLease gather(int size) {
		// Not what the pieces hold as well, which end soon
		int more = Math.max(0, size - reserved());
		reserve(more, more);
		PooledBuffer whole = attempt(size);
		if (whole == null) {
			giveBack(more);
			this.refused = size;
			return null;
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
		int reserved = reserved();
		int room = reserved
				+ reserve(Math.max(0, Math.min(size, this.count + 1) - reserved), Math.max(0, size - reserved));
		BufferLease target = add(acquire(Math.min(size, room)));
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
		close(former);
		if (target != null) {
			giveBack(reserved() - target.size());
		}
	}

	private synchronized int reserved() {
		return this.reserved;
	}

	private int reserve(int needed, int wanted) {
		int granted = (wanted > 0) ? this.owner.reserve(needed, wanted) : 0;
		boolean kept;
		synchronized (this) {
			kept = this.open;
			this.reserved += kept ? granted : 0;
		}
		if (!kept) {
			this.owner.giveBack(granted);
			checkOpen();
		}
		return granted;
	}

	private void giveBack(int bytes) {
		int back;
		synchronized (this) {
			back = Math.min(bytes, this.reserved);
			this.reserved -= back;
		}
		if (back > 0) {
			this.owner.giveBack(back);
		}
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
		BufferLease whole = whole();
		return take((whole != null) ? whole : gatherAside(this.count));
	}

	/**
	 * Return the buffer that all bytes are in, of the tier that they need.
	 * @return {@code null} if the pool does not lend it at once
	 */
	private @Nullable BufferLease whole() {
		synchronized (this) {
			checkOpen();
		}
		BufferLease whole = this.last;
		boolean suits = whole != null && !this.scratch && this.filled == this.count
				&& whole.capacity() <= capacityFor(this.count);
		return suits ? whole : gather(this.count);
	}

	private PooledBuffer take(BufferLease whole) {
		BufferLease exact = (whole.size() != this.count) ? whole.resized(this.count) : whole;
		synchronized (this) {
			if (!this.open) {
				exact.close();
			}
			checkOpen();
			this.pieces.clear();
			this.open = false;
			// From here on, the owner gives it back
			this.reserved = 0;
		}
		this.last = null;
		if (this.tiered != null) {
			this.tiered.record(this.count);
		}
		boolean adopted = false;
		try {
			PooledBuffer content = this.owner.adopt(exact);
			adopted = true;
			return content;
		}
		finally {
			if (!adopted) {
				exact.close();
			}
		}
	}

	private void checkOpen() {
		if (!this.open) {
			throw new LeaseException("Cannot read into a buffer of pool '" + this.pool.name()
					+ "': its reader has ended, with the buffer that it returned, by a failure, or by another thread");
		}
	}

	/**
	 * End the reader and release its memory. Has no effect once the buffer was returned.
	 */
	@Override
	public void close() {
		close(end());
		giveBack(Integer.MAX_VALUE);
	}

	private static void close(List<BufferLease> pieces) {
		for (BufferLease piece : pieces) {
			piece.close();
		}
	}

	/**
	 * End the reader and discard its memory, which may still be written. Has no effect
	 * once the buffer was returned.
	 */
	public void abandon() {
		for (BufferLease piece : end()) {
			piece.abandon();
		}
		giveBack(Integer.MAX_VALUE);
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

	private @Nullable PooledBuffer attempt(int size) {
		return (this.tiered != null) ? this.tiered.attempt(size) : this.pool.tryAcquire(size);
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
