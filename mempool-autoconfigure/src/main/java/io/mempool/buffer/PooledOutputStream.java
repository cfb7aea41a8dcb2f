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
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.mempool.core.LeaseException;
import io.mempool.core.Unreleased;
import org.jspecify.annotations.Nullable;

/**
 * Writes into pooled memory and grows through the tiers: when a buffer is full its
 * content moves to one of the next tier. The result is one buffer of exactly what was
 * written.
 * <p>
 * For use by one thread at a time, except that any thread may end it. Who opened the
 * stream closes it, or takes its buffer with {@link #toBuffer} and owns that instead.
 *
 * @since 0.1.0
 */
public final class PooledOutputStream extends OutputStream {

	private static final int LARGEST = BufferTier.MAXIMUM_SIZE;

	private final BufferPool pool;

	private final UnaryOperator<PooledBuffer> adoption;

	private final int expected;

	private final int maximum;

	// Replaced under this object's monitor, as long as the stream is open
	private volatile @Nullable BufferLease current;

	private volatile boolean open = true;

	private int count;

	/**
	 * Open a stream.
	 * @param pool where memory comes from
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 */
	public PooledOutputStream(BufferPool pool, int expected, int maximum) {
		this(pool, UnaryOperator.identity(), expected, maximum);
	}

	/**
	 * Open a stream on behalf of an owner of buffers.
	 * @param pool where memory comes from
	 * @param adoption called with the buffer that {@link #toBuffer} returns; what it
	 * returns is returned
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 */
	public PooledOutputStream(BufferPool pool, UnaryOperator<PooledBuffer> adoption, int expected, int maximum) {
		if (maximum < 0) {
			throw new IllegalArgumentException("'maximum' must not be negative but is " + maximum);
		}
		this.pool = pool;
		this.adoption = adoption;
		this.expected = Math.max(0, Math.min(expected, maximum));
		this.maximum = maximum;
	}

	@Override
	public void write(int value) {
		room(1).write(this.count, value);
		this.count++;
	}

	@Override
	public void write(byte[] bytes, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		room(length).copyIn(this.count, bytes, offset, length);
		this.count += length;
	}

	/**
	 * Write all that a stream has left, reading straight into pooled memory.
	 * @param in the stream, which is not closed
	 * @return how many bytes were written
	 * @throws IOException if reading fails
	 * @throws SizeLimitExceededException if there is more than may be written; what
	 * fitted has been written then
	 */
	public int transferFrom(InputStream in) throws IOException {
		int before = this.count;
		for (;;) {
			BufferLease buffer = this.current;
			if (isFull(buffer)) {
				// Full: a look at the next byte tells whether there is any need to grow
				int next = in.read();
				if (next < 0) {
					return this.count - before;
				}
				write(next);
				continue;
			}
			if (buffer == null) {
				buffer = room(Math.max(1, this.expected));
			}
			int length = Math.min(buffer.size(), this.maximum) - this.count;
			int read = buffer.readFrom(in, this.count, length);
			if (read == 0) {
				// Against the contract of InputStream, which a read of one byte cannot be
				int next = in.read();
				read = (next < 0) ? -1 : 0;
				if (next >= 0) {
					write(next);
				}
			}
			if (read < 0) {
				return this.count - before;
			}
			this.count += read;
		}
	}

	/**
	 * Return how many bytes were written.
	 * @return bytes
	 */
	public int size() {
		return this.count;
	}

	/**
	 * Return whether the stream still owns its memory.
	 * @return {@code false} once it was closed or its buffer was handed over
	 */
	public boolean isOpen() {
		return this.open;
	}

	/**
	 * End the stream and hand its buffer over.
	 * @return a buffer of exactly what was written, which the caller owns
	 * @throws LeaseException if the stream was ended before
	 */
	public PooledBuffer toBuffer() {
		room(0);
		BufferLease buffer = end();
		if (buffer == null) {
			throw ended("take the buffer of");
		}
		return this.adoption.apply(buffer.resized(this.count));
	}

	/**
	 * End the stream and release its memory, unless {@link #toBuffer} has handed that
	 * over.
	 */
	@Override
	public void close() {
		BufferLease buffer = end();
		if (buffer != null) {
			buffer.close();
		}
	}

	/**
	 * End the stream and let nobody have its memory again, as it may still be written.
	 */
	public void abandon() {
		BufferLease buffer = end();
		if (buffer != null) {
			buffer.discard();
		}
	}

	/**
	 * Add the memory that the stream owns to what a unit of work has left.
	 * @param unreleased what to add it to
	 */
	public void addTo(Unreleased unreleased) {
		BufferLease buffer = this.current;
		if (buffer != null) {
			unreleased.add(buffer, buffer.size());
		}
	}

	private synchronized @Nullable BufferLease end() {
		BufferLease buffer = this.current;
		this.open = false;
		this.current = null;
		return buffer;
	}

	private synchronized boolean replace(BufferLease buffer) {
		if (this.open) {
			this.current = buffer;
		}
		return this.open;
	}

	private LeaseException ended(String action) {
		return new LeaseException("Cannot " + action + " a stream of pool '" + this.pool.name()
				+ "': its buffer was handed over or the stream closed");
	}

	private boolean isFull(@Nullable BufferLease buffer) {
		return this.count == this.maximum || (buffer != null && this.count == buffer.size());
	}

	private BufferLease room(int length) {
		if (!this.open) {
			throw ended("write to");
		}
		BufferLease buffer = this.current;
		if (buffer != null && length <= buffer.size() - this.count) {
			if (length <= this.maximum - this.count) {
				return buffer;
			}
		}
		if (length > this.maximum - this.count) {
			throw new SizeLimitExceededException("Cannot write " + length + " bytes after " + this.count
					+ ": the stream of pool '" + this.pool.name() + "' takes at most " + this.maximum + " bytes",
					this.maximum);
		}
		return grow(length);
	}

	private BufferLease grow(int length) {
		BufferLease former = this.current;
		long needed = (long) this.count + length;
		if (former == null) {
			needed = Math.max(needed, this.expected);
		}
		else if (needed > this.pool.maximumSize()) {
			// Beyond the tiers: double, so that copying stays linear
			needed = Math.max(needed, Math.min(2L * former.size(), Math.min(this.maximum, LARGEST)));
		}
		BufferLease buffer = acquire(needed);
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

	private BufferLease acquire(long needed) {
		if (needed > LARGEST) {
			throw new SizeLimitExceededException("Cannot hold " + needed + " bytes in one buffer of pool '"
					+ this.pool.name() + "': at most " + LARGEST + " fit", LARGEST);
		}
		// All of the tier, to use it before moving on
		int size = (int) needed;
		for (BufferTier tier : this.pool.tiers()) {
			if (tier.size() >= size) {
				size = tier.size();
				break;
			}
		}
		PooledBuffer buffer = this.pool.acquire(size);
		if (buffer instanceof BufferLease lease) {
			return lease;
		}
		buffer.close();
		throw new IllegalArgumentException("Pool '" + this.pool.name() + "' does not lend buffers of mempool: it is a "
				+ this.pool.getClass().getName() + ". Build pools with BufferPool.builder(..)");
	}

}
