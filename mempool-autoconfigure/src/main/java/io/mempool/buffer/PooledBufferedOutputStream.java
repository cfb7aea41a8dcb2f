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
import java.io.OutputStream;
import java.util.Objects;

import io.mempool.core.LeaseException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to another stream through a pooled buffer, so that many small writes become few
 * large ones: a {@link java.io.BufferedOutputStream} whose buffer is lent.
 *
 * <pre class="code">
 * try (OutputStream out = new PooledBufferedOutputStream(pool, socket.getOutputStream())) {
 *     ...
 * }
 * </pre>
 *
 * <strong>Ownership.</strong> The stream owns its buffer until it is closed, and closes
 * the other stream with itself. Its buffer goes back in any case, also if the other
 * stream fails. A buffer of a scope may be released by the scope before: then nothing
 * more can be written, and what was not flushed is lost, which {@link #close} reports.
 * <p>
 * <strong>Errors.</strong> After the other stream failed, it may have taken a part of
 * what was written to it. So what is in the buffer is not written again: all that follows
 * fails too, and {@link #close} only closes.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time.
 *
 * @since 0.1.0
 */
public final class PooledBufferedOutputStream extends OutputStream {

	private static final int DEFAULT_SIZE = 8 * 1024;

	private final @Nullable BufferPool pool;

	private final int size;

	private final OutputStream target;

	private @Nullable PooledBuffer buffer;

	// How many bytes of the buffer are still to be written
	private int count;

	private boolean closed;

	private @Nullable Throwable failure;

	/**
	 * Open a stream with a buffer of 8 KiB.
	 * @param pool where the buffer comes from, at the first write
	 * @param target where to write to
	 */
	public PooledBufferedOutputStream(BufferPool pool, OutputStream target) {
		this(pool, target, DEFAULT_SIZE);
	}

	/**
	 * Open a stream.
	 * @param pool where the buffer comes from, at the first write
	 * @param target where to write to
	 * @param size how many bytes the buffer has; best the size of a tier
	 * @throws IllegalArgumentException if the size is not positive
	 */
	public PooledBufferedOutputStream(BufferPool pool, OutputStream target, int size) {
		if (size <= 0) {
			throw new IllegalArgumentException("'size' must be positive but is " + size);
		}
		this.pool = pool;
		this.target = target;
		this.size = size;
	}

	/**
	 * Open a stream with a buffer that there is already, for example one of a scope.
	 * @param buffer a buffer that the caller owned until now, of one byte at least
	 * @param target where to write to
	 * @throws IllegalArgumentException if the buffer has no bytes; the caller still owns
	 * it then
	 */
	public PooledBufferedOutputStream(PooledBuffer buffer, OutputStream target) {
		if (buffer.size() == 0) {
			throw new IllegalArgumentException("'buffer' must have one byte at least but has none");
		}
		this.pool = null;
		this.buffer = buffer;
		this.target = target;
		this.size = buffer.size();
	}

	@Override
	public void write(int value) throws IOException {
		PooledBuffer buffer = room(1);
		buffer.put(this.count, (byte) value);
		this.count++;
	}

	/**
	 * Write bytes. As many as the buffer has go to the other stream at once.
	 */
	@Override
	public void write(byte[] source, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, source.length);
		if (length >= this.size) {
			checkUsable(length);
			writeBuffer();
			toTarget(() -> this.target.write(source, offset, length));
			return;
		}
		PooledBuffer buffer = room(length);
		buffer.copyIn(this.count, source, offset, length);
		this.count += length;
	}

	private PooledBuffer room(int length) throws IOException {
		checkUsable(length);
		if (length > this.size - this.count) {
			writeBuffer();
		}
		PooledBuffer buffer = this.buffer;
		if (buffer == null) {
			// Not closed: only a stream with a pool is open without a buffer
			buffer = Objects.requireNonNull(this.pool).acquire(this.size);
			this.buffer = buffer;
		}
		return buffer;
	}

	private void checkUsable(int length) throws IOException {
		if (this.closed) {
			throw new IOException("Cannot write " + length + " bytes: the stream is closed. Open another one");
		}
		checkFailure();
	}

	private void checkFailure() throws IOException {
		if (this.failure != null) {
			throw new IOException("Cannot write: an earlier write to the other stream failed. Close both",
					this.failure);
		}
	}

	private void writeBuffer() throws IOException {
		PooledBuffer buffer = this.buffer;
		int count = this.count;
		if (buffer != null && count > 0) {
			this.count = 0;
			toTarget(() -> buffer.writeTo(this.target, 0, count));
		}
	}

	private void toTarget(Write write) throws IOException {
		try {
			write.run();
		}
		catch (Throwable ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Write what is in the buffer to the other stream, and flush that. The buffer is kept
	 * for what follows.
	 */
	@Override
	public void flush() throws IOException {
		if (!this.closed) {
			checkFailure();
			writeBuffer();
			toTarget(this.target::flush);
		}
	}

	/**
	 * Write what is in the buffer, give the buffer back, and close the other stream. Each
	 * of these is done whatever becomes of the others. Closing again has no effect.
	 * @throws IOException if the other stream fails
	 * @throws LeaseException if the buffer was released before all of it was written, for
	 * example by its scope
	 */
	@Override
	public void close() throws IOException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		// Closed in any case, and a failure of that is suppressed by an earlier one
		try (OutputStream target = this.target) {
			finish(target);
		}
	}

	private void finish(OutputStream target) throws IOException {
		PooledBuffer buffer = this.buffer;
		try {
			if (this.failure == null) {
				writeBuffer();
				target.flush();
			}
		}
		finally {
			this.buffer = null;
			if (buffer != null) {
				buffer.close();
			}
		}
	}

	@Override
	public String toString() {
		return "PooledBufferedOutputStream[size=" + this.size + ", buffered=" + this.count + ", closed=" + this.closed
				+ "]";
	}

	/**
	 * Writes to the other stream.
	 */
	@FunctionalInterface
	private interface Write {

		void run() throws IOException;

	}

}
