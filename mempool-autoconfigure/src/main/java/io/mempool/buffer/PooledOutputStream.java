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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

/**
 * Writes into pooled memory and grows through the tiers: when a buffer is full its
 * content moves to one of the next tier. The result is one buffer of exactly what was
 * written.
 * <p>
 * <strong>Ownership.</strong> The owner of a stream takes its buffer with
 * {@link #toBuffer}, or gives its memory up with {@link #release}. {@link #close} does
 * neither: it ends writing, since serializers and compressing streams close what they
 * write to. A stream of a scope is released with its scope. A stream of a pool is
 * released by the code that opened it:
 *
 * <pre class="code">
 * PooledOutputStream out = pool.outputStream();
 * try {
 *     try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
 *         ...
 *     }
 *     return out.toBuffer();
 * }
 * finally {
 *     out.release(); // has no effect after toBuffer()
 * }
 * </pre>
 *
 * A stream that is dropped with its memory is a lost lease, and reported as such.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time, except that any thread may
 * close, release or abandon it.
 *
 * @since 0.1.0
 */
public final class PooledOutputStream extends OutputStream {

	private static final int LARGEST = BufferTier.MAXIMUM_SIZE;

	private final BufferPool pool;

	private final Owner owner;

	private final int expected;

	private final int maximum;

	// Replaced under this object's monitor, as long as the stream owns its memory
	private volatile @Nullable BufferLease current;

	private volatile boolean open = true;

	private volatile boolean alive = true;

	private int count;

	/**
	 * Open a stream.
	 * @param pool the source of memory
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 */
	public PooledOutputStream(BufferPool pool, int expected, int maximum) {
		this(pool, Owner.NONE, expected, maximum);
	}

	/**
	 * Open a stream on behalf of an owner of buffers.
	 * @param pool the source of memory
	 * @param owner allows bytes before they are written, and owns the buffer that
	 * {@link #toBuffer} returns
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 */
	public PooledOutputStream(BufferPool pool, Owner owner, int expected, int maximum) {
		if (maximum < 0) {
			throw new IllegalArgumentException("'maximum' must not be negative but is " + maximum);
		}
		this.pool = pool;
		this.owner = owner;
		this.expected = Math.max(0, Math.min(expected, maximum));
		this.maximum = maximum;
	}

	@Override
	public void write(int value) {
		BufferLease buffer = room(1);
		boolean written = false;
		try {
			buffer.append(this.count, value);
			written = true;
		}
		finally {
			written(1, written);
		}
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		BufferLease buffer = room(length);
		boolean written = false;
		try {
			buffer.append(this.count, bytes, offset, length);
			written = true;
		}
		finally {
			written(length, written);
		}
	}

	/**
	 * Write the remaining bytes of a source and advance it.
	 * @param source where to copy from, which may be read-only
	 */
	public void write(ByteBuffer source) {
		int length = source.remaining();
		BufferLease buffer = room(length);
		boolean written = false;
		try {
			buffer.append(this.count, source);
			written = true;
		}
		finally {
			written(length, written);
		}
	}

	private void written(int length, boolean written) {
		if (written) {
			this.count += length;
		}
		else {
			this.owner.giveBack(length);
		}
	}

	/**
	 * Write the rest of another stream, reading straight into pooled memory.
	 * @param in the stream, which is not closed
	 * @return how many bytes were written
	 * @throws IOException if reading fails
	 * @throws SizeLimitExceededException if there is more than may be written; what
	 * fitted has been written then
	 */
	public int transferFrom(InputStream in) throws IOException {
		int before = this.count;
		for (;;) {
			BufferLease buffer = writable();
			if (buffer == null && this.maximum > 0) {
				buffer = grow(1);
			}
			int room = (buffer != null) ? Math.min(buffer.size(), this.maximum) - this.count : 0;
			int read = (buffer != null && room > 0) ? read(in, buffer, room) : 0;
			if (read == 0) {
				// The buffer is full, or the source breaks the contract of InputStream. A
				// read of one byte cannot break it, and tells whether the buffer must
				// grow
				int next = in.read();
				read = (next < 0) ? -1 : 0;
				if (next >= 0) {
					write(next);
				}
			}
			if (read < 0) {
				return this.count - before;
			}
		}
	}

	private int read(InputStream in, BufferLease buffer, int room) throws IOException {
		int length = this.owner.reserve(0, room);
		int read = 0;
		try {
			read = (length > 0) ? buffer.readFrom(in, this.count, length) : 0;
			this.count += Math.max(0, read);
		}
		finally {
			this.owner.giveBack(length - Math.max(0, read));
		}
		return read;
	}

	/**
	 * Return how many bytes were written.
	 * @return bytes
	 */
	public int size() {
		return this.count;
	}

	/**
	 * Return whether the stream can be written to.
	 * @return {@code false} once it was closed, released or its buffer handed over
	 */
	public boolean isOpen() {
		return this.open;
	}

	/**
	 * Return whether the stream owns its memory, closed or not.
	 * @return {@code false} once it was released or its buffer handed over
	 */
	public boolean isAlive() {
		return this.alive;
	}

	/**
	 * End the stream and hand its buffer over, also after {@link #close}. What was
	 * written is the size that the pool records as requested.
	 * @return a buffer of exactly what was written, which the caller owns, or the scope
	 * that the stream is of
	 * @throws LeaseException if the buffer was handed over before, or released
	 */
	@CheckReturnValue
	public PooledBuffer toBuffer() {
		BufferLease buffer = result();
		if (this.pool instanceof TieredBufferPool tiered) {
			tiered.record(this.count);
		}
		// If this fails, the stream still has what was written
		PooledBuffer adopted = this.owner.adopt(buffer);
		handOver(buffer);
		return adopted;
	}

	private BufferLease result() {
		BufferLease buffer = this.current;
		if (buffer == null && this.alive) {
			buffer = grow(0);
		}
		return resized(buffer);
	}

	private synchronized BufferLease resized(@Nullable BufferLease buffer) {
		if (buffer == null || !this.alive) {
			throw ended("take the buffer of");
		}
		this.open = false;
		BufferLease result = (buffer.size() != this.count) ? buffer.resized(this.count) : buffer;
		this.current = result;
		return result;
	}

	private synchronized void handOver(BufferLease buffer) {
		if (!this.alive) {
			buffer.close();
			throw ended("take the buffer of");
		}
		this.alive = false;
		this.current = null;
	}

	/**
	 * End writing. The written bytes stay, for {@link #toBuffer} or {@link #release}.
	 */
	@Override
	public void close() {
		this.open = false;
	}

	/**
	 * End the stream and release its memory, unless {@link #toBuffer} has returned it. A
	 * second call has no effect.
	 */
	public void release() {
		BufferLease buffer = end();
		if (buffer != null) {
			buffer.close();
			// Only now: a failed call can be repeated
			this.current = null;
		}
	}

	/**
	 * End the stream and discard its memory, as it may still be in use. Has no effect
	 * when repeated, or after {@link #toBuffer}.
	 */
	public void abandon() {
		BufferLease buffer = end();
		if (buffer != null) {
			buffer.abandon();
			this.current = null;
		}
	}

	/**
	 * Pass the buffer of the stream to an action, if there is one, for example to report
	 * it.
	 * @param action receives the buffer, which the stream still owns
	 */
	public void ifHeld(Consumer<? super PooledBuffer> action) {
		BufferLease buffer = this.current;
		if (buffer != null) {
			action.accept(buffer);
		}
	}

	private synchronized @Nullable BufferLease end() {
		this.open = false;
		this.alive = false;
		return this.current;
	}

	private synchronized boolean replace(BufferLease buffer) {
		if (this.alive) {
			this.current = buffer;
		}
		return this.alive;
	}

	private LeaseException ended(String action) {
		return new LeaseException("Cannot " + action + " a stream of pool '" + this.pool.name() + "': "
				+ (this.alive ? "it was closed. Take what was written with toBuffer(), and open another stream"
						: "its buffer was handed over or released"));
	}

	private @Nullable BufferLease writable() {
		if (!this.open) {
			throw ended("write to");
		}
		return this.current;
	}

	/**
	 * Return a buffer that has room for some bytes, which the owner allows.
	 */
	private BufferLease room(int length) {
		BufferLease buffer = writable();
		if (length > this.maximum - this.count) {
			throw new SizeLimitExceededException("Cannot write " + length + " bytes after " + this.count
					+ ": the stream of pool '" + this.pool.name() + "' takes at most " + this.maximum + " bytes",
					this.maximum);
		}
		this.owner.reserve(length, length);
		if (buffer != null && length <= buffer.size() - this.count) {
			return buffer;
		}
		boolean grown = false;
		try {
			buffer = grow(length);
			grown = true;
			return buffer;
		}
		finally {
			if (!grown) {
				this.owner.giveBack(length);
			}
		}
	}

	/**
	 * Move to a buffer that has room for some bytes, and for more if that is likely and
	 * the owner allows it.
	 */
	private BufferLease grow(int length) {
		BufferLease former = this.current;
		long needed = (long) this.count + length;
		long wanted = needed;
		if (former == null && length > 0) {
			wanted = Math.max(needed, this.expected);
		}
		else if (former != null && needed > this.pool.maximumSize()) {
			// Beyond the tiers: double, so that copying stays linear
			wanted = Math.max(needed, Math.min(2L * former.size(), Math.min(this.maximum, LARGEST)));
		}
		int ahead = this.owner.reserve(0, (int) Math.min(wanted - needed, LARGEST));
		try {
			return move(former, acquire(needed, ahead));
		}
		finally {
			this.owner.giveBack(ahead);
		}
	}

	private BufferLease move(@Nullable BufferLease former, BufferLease buffer) {
		boolean replaced = false;
		try {
			if (former != null) {
				buffer.copyIn(0, former, this.count);
			}
			replaced = replace(buffer);
		}
		finally {
			if (!replaced) {
				buffer.close();
			}
		}
		if (!replaced) {
			throw ended("write to");
		}
		if (former != null) {
			former.close();
		}
		return buffer;
	}

	private BufferLease acquire(long needed, int ahead) {
		if (needed > LARGEST) {
			throw new SizeLimitExceededException("Cannot hold " + needed + " bytes in one buffer of pool '"
					+ this.pool.name() + "': at most " + LARGEST + " fit", LARGEST);
		}
		int minimum = (int) needed;
		int likely = (int) Math.min(needed + ahead, LARGEST);
		return leaseOf((this.pool instanceof TieredBufferPool tiered) ? tiered.acquireAtLeastUnrecorded(minimum, likely)
				: this.pool.acquireAtLeast(minimum, likely));
	}

	private BufferLease leaseOf(PooledBuffer buffer) {
		if (buffer instanceof BufferLease lease) {
			return lease;
		}
		buffer.close();
		throw new IllegalArgumentException("Cannot write to an output stream of pool '" + this.pool.name()
				+ "': it is a " + this.pool.getClass().getName() + ", whose buffers are of another implementation. "
				+ "Use a pool of BufferPool.builder(..), or acquire a buffer and call its outputStream()");
	}

	@Override
	public String toString() {
		return "PooledOutputStream[pool=" + this.pool.name() + ", size=" + this.count + ", open=" + this.open
				+ ", alive=" + this.alive + "]";
	}

	/**
	 * Owns a stream, its written bytes, and the resulting buffer. Called by the thread
	 * that uses the stream.
	 */
	@FunctionalInterface
	public interface Owner {

		/**
		 * Allows all, and leaves the buffer to the caller.
		 */
		Owner NONE = (buffer) -> buffer;

		/**
		 * Take ownership of the buffer that the stream hands over. If this fails, the
		 * stream keeps it.
		 * @param buffer a buffer of exactly what was written
		 * @return the buffer that {@link PooledOutputStream#toBuffer} returns
		 */
		PooledBuffer adopt(PooledBuffer buffer);

		/**
		 * Reserve bytes before they are written, or before memory is acquired for them.
		 * The default allows all.
		 * @param needed the minimum
		 * @param wanted how many bytes are useful, at least {@code needed}
		 * @return how many bytes are reserved, and count from now on
		 * @throws SizeLimitExceededException if the minimum exceeds the limit
		 */
		default int reserve(int needed, int wanted) {
			return wanted;
		}

		/**
		 * Return bytes that were reserved and not written. The default does nothing.
		 * @param bytes how many bytes, {@code 0} or more
		 */
		default void giveBack(int bytes) {
		}

	}

}
