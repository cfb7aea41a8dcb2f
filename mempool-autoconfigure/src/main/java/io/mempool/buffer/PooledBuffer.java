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

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.Protection;

/**
 * The right to use a block of pooled memory from acquire to release. Every acquire and
 * every {@link #retain} makes a fresh handle that holds exactly one reference; the block
 * returns to its pool when the last reference has been given up. A handle whose reference
 * was given up is dead for ever: every method except those that {@link Lease} names, and
 * {@link #capacity}, then throws a {@link LeaseException} that names the pool.
 * <p>
 * <strong>Ownership</strong> is that of every {@link Lease}. A handle that is never
 * released costs the pool one block; the loss is noticed after a garbage collection,
 * counted as leaked, and its memory is not used again.
 * <p>
 * <strong>Threads.</strong> Copies and numbers through this interface and its streams are
 * safe against a concurrent release: they either complete or fail before they touch the
 * memory. The content itself is not synchronised.
 * <p>
 * <strong>Numbers</strong> of several bytes are big-endian, as those of a new
 * {@link ByteBuffer}. Each {@code get} and {@code put} checks the handle and holds the
 * memory meanwhile, which takes two atomic steps. For many of them in a row, use a
 * {@link #byteBuffer} or copy an array.
 * <p>
 * <strong>Raw views.</strong> Arrays and {@link ByteBuffer}s obtained from {@link #array}
 * and {@link #byteBuffer} are outside of these guarantees: do not use them after the
 * release, and do not lose the handle while you use them. On Java 22 and later, views of
 * off-heap memory throw an {@code IllegalStateException} once it is freed. A close or
 * trim of its pool frees it. Memory in doubt is not lent again, and off-heap it is freed
 * only when no view of it is reachable: after {@link #discard}, when a scope was
 * abandoned, and when the lease was lost. An address alone keeps no memory.
 * <p>
 * <strong>Other implementations</strong>, such as mocks of tests, are honoured: scopes
 * own them, and slices are made of them. Only the streams and readers that grow move
 * bytes between blocks. {@link BufferPool#outputStream} and {@link ContentReader} refuse
 * a pool whose buffers are of another implementation.
 *
 * @since 0.1.0
 */
public interface PooledBuffer extends Lease {

	/**
	 * Make a buffer of bytes that no pool owns, without a copy: the same rules and
	 * errors, for code that takes pooled buffers. What is written to the buffer is
	 * written to the array. Its release ends the buffer and does nothing to the array.
	 * @param bytes the bytes, all of them
	 * @return a buffer that the caller owns. It is {@linkplain #isTransient transient},
	 * and its memory is not cleared
	 */
	@CheckReturnValue
	static PooledBuffer wrap(byte[] bytes) {
		return wrap(bytes, 0, bytes.length);
	}

	/**
	 * Make a buffer of bytes that no pool owns, without a copy, as {@link #wrap(byte[])}
	 * does.
	 * @param bytes an array
	 * @param offset where in the array the buffer begins
	 * @param length how many bytes the buffer has
	 * @return a buffer that the caller owns
	 * @throws IndexOutOfBoundsException if the array has no such range
	 */
	@CheckReturnValue
	static PooledBuffer wrap(byte[] bytes, int offset, int length) {
		return new BufferLease(WrappedMemory.lease(bytes, offset, length), length);
	}

	/**
	 * Make a buffer of the remaining bytes of a byte buffer that no pool owns, without a
	 * copy and without moving its position, as {@link #wrap(byte[])} does. Of a read-only
	 * one, only reads succeed.
	 * @param bytes a byte buffer, on the heap or not
	 * @return a buffer that the caller owns
	 */
	@CheckReturnValue
	static PooledBuffer wrap(ByteBuffer bytes) {
		MemoryBlock block = WrappedMemory.lease(bytes);
		return new BufferLease(block, block.capacity());
	}

	/**
	 * Return the size that was requested.
	 * @return bytes
	 */
	@Override
	int size();

	/**
	 * Return the capacity of the block: that of its tier, or the exact size if the buffer
	 * is transient or unpooled.
	 * @return bytes
	 */
	int capacity();

	/**
	 * Return a new view of the buffer: position 0, limit and capacity its size, so that
	 * reads and writes cannot leave it. It must not be used after the release, which it
	 * does not notice unless the pool {@linkplain Protection#REVOKE revokes} views.
	 * <p>
	 * The release clears the size of the buffer, not its capacity. On the heap,
	 * {@code array()} of the view is an array that may hold other buffers too: only
	 * {@code capacity()} bytes from {@code arrayOffset()} on belong to the view. What is
	 * written to the rest of the block is never within the bounds of a later owner, which
	 * clears it first; it is cleared at once only after {@link #array}.
	 * @return a byte buffer over the memory itself
	 * @throws LeaseException if this handle was released
	 */
	ByteBuffer byteBuffer();

	/**
	 * Return whether the memory is an array.
	 * @return whether {@link #array} is supported
	 */
	boolean hasArray();

	/**
	 * Return the array that holds the memory. The buffer is the {@link #size} bytes from
	 * {@link #arrayOffset} on. What else is in the array may be the memory of other
	 * buffers: do not read or write it. The array must not be used after the release.
	 * Having handed it out makes the release clear the whole capacity.
	 * @return the array, of any length
	 * @throws LeaseException if this handle was released
	 * @throws UnsupportedOperationException if the memory is not an array
	 */
	byte[] array();

	/**
	 * Return where in {@link #array} the buffer begins.
	 * @return an index
	 * @throws LeaseException if this handle was released
	 * @throws UnsupportedOperationException if the memory is not an array
	 */
	int arrayOffset();

	/**
	 * Return one byte.
	 * @param index where in the buffer it is
	 * @return the byte
	 * @throws IndexOutOfBoundsException if the buffer has no such byte
	 * @throws LeaseException if this handle was released
	 */
	default byte get(int index) {
		return bytes(index, Byte.BYTES).get();
	}

	/**
	 * Return two bytes as a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default short getShort(int index) {
		return bytes(index, Short.BYTES).getShort();
	}

	/**
	 * Return four bytes as a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default int getInt(int index) {
		return bytes(index, Integer.BYTES).getInt();
	}

	/**
	 * Return eight bytes as a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default long getLong(int index) {
		return bytes(index, Long.BYTES).getLong();
	}

	private ByteBuffer bytes(int index, int length) {
		ByteBuffer bytes = ByteBuffer.allocate(length);
		copyOut(index, bytes);
		return bytes.flip();
	}

	/**
	 * Set one byte.
	 * @param index where in the buffer it is
	 * @param value the byte
	 * @throws IndexOutOfBoundsException if the buffer has no such byte
	 * @throws LeaseException if this handle was released
	 */
	default void put(int index, byte value) {
		copyIn(index, ByteBuffer.allocate(Byte.BYTES).put(0, value));
	}

	/**
	 * Set two bytes to a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default void putShort(int index, short value) {
		copyIn(index, ByteBuffer.allocate(Short.BYTES).putShort(0, value));
	}

	/**
	 * Set four bytes to a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default void putInt(int index, int value) {
		copyIn(index, ByteBuffer.allocate(Integer.BYTES).putInt(0, value));
	}

	/**
	 * Set eight bytes to a number, the highest byte first.
	 * @param index where in the buffer they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default void putLong(int index, long value) {
		copyIn(index, ByteBuffer.allocate(Long.BYTES).putLong(0, value));
	}

	/**
	 * Copy bytes into the buffer.
	 * @param index where in the buffer to begin
	 * @param source where to copy from, all of it
	 * @throws IndexOutOfBoundsException if they do not fit
	 * @throws LeaseException if this handle was released
	 */
	default void copyIn(int index, byte[] source) {
		copyIn(index, source, 0, source.length);
	}

	/**
	 * Copy another buffer into this one. Both may be parts of the same memory.
	 * @param index where in this buffer to begin
	 * @param source where to copy from, all of it
	 * @throws IndexOutOfBoundsException if it does not fit
	 * @throws LeaseException if one of the two handles was released
	 */
	default void copyIn(int index, PooledBuffer source) {
		copyIn(index, source.byteBuffer());
	}

	/**
	 * Copy bytes into the buffer.
	 * @param index where in the buffer to begin
	 * @param source where to copy from
	 * @param offset where in the source to begin
	 * @param length how many bytes
	 * @throws IndexOutOfBoundsException if buffer or source has no such range
	 * @throws LeaseException if this handle was released
	 */
	void copyIn(int index, byte[] source, int offset, int length);

	/**
	 * Copy the remaining bytes of a source into the buffer and advance the source. Its
	 * position and limit are read once, at the beginning.
	 * @param index where in the buffer to begin
	 * @param source where to copy from
	 * @throws IndexOutOfBoundsException if they do not fit
	 * @throws LeaseException if this handle was released
	 */
	void copyIn(int index, ByteBuffer source);

	/**
	 * Copy bytes out of the buffer.
	 * @param index where in the buffer to begin
	 * @param target where to copy to, all of it
	 * @throws IndexOutOfBoundsException if the buffer does not have that many
	 * @throws LeaseException if this handle was released
	 */
	default void copyOut(int index, byte[] target) {
		copyOut(index, target, 0, target.length);
	}

	/**
	 * Copy bytes out of the buffer.
	 * @param index where in the buffer to begin
	 * @param target where to copy to
	 * @param offset where in the target to begin
	 * @param length how many bytes
	 * @throws IndexOutOfBoundsException if buffer or target has no such range
	 * @throws LeaseException if this handle was released
	 */
	void copyOut(int index, byte[] target, int offset, int length);

	/**
	 * Copy bytes into the remaining space of a target and advance the target. Its
	 * position and limit are read once, at the beginning.
	 * @param index where in the buffer to begin
	 * @param target where to copy to
	 * @throws IndexOutOfBoundsException if the buffer does not have that many
	 * @throws LeaseException if this handle was released
	 */
	void copyOut(int index, ByteBuffer target);

	/**
	 * Read from a stream into the buffer, as {@link InputStream#read(byte[], int, int)}
	 * does: at least one byte unless the stream has ended, and perhaps fewer than asked
	 * for. On the heap this is one read, straight into the memory. Off-heap it is one
	 * read of at most 64 KiB after the other, for as long as each of them is complete and
	 * the stream says that more is {@linkplain InputStream#available available}. A
	 * release by another thread does not take the memory away meanwhile.
	 * @param source where to read from
	 * @param index where in the buffer to begin
	 * @param length how many bytes to read at most
	 * @return how many bytes were read, {@code -1} at the end of the stream
	 * @throws IOException if reading fails, or the stream claims to have read more than
	 * it was asked for. Bytes that were read before may be in the buffer
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 * @see #readFully(InputStream, int, int)
	 */
	int readFrom(InputStream source, int index, int length) throws IOException;

	/**
	 * Read bytes from a stream into the buffer, from its beginning.
	 * @param source the stream
	 * @return how many bytes were read, {@code -1} at the end of the stream
	 * @throws IOException if the stream fails
	 * @see #readFrom(InputStream, int, int)
	 */
	default int readFrom(InputStream source) throws IOException {
		return readFrom(source, 0, size());
	}

	/**
	 * Fill the whole buffer from a stream.
	 * @param source where to read from, not closed
	 * @throws EOFException if the stream ends before the buffer is full
	 * @throws IOException if reading fails
	 * @throws LeaseException if this handle was released
	 * @see #readFully(InputStream, int, int)
	 */
	default void readFully(InputStream source) throws IOException {
		readFully(source, 0, size());
	}

	/**
	 * Read exactly as many bytes as asked for from a stream into the buffer.
	 * @param source where to read from, not closed
	 * @param index where in the buffer to begin
	 * @param length how many bytes
	 * @throws EOFException if the stream ends before. What it had is in the buffer, and
	 * the message says how much that is
	 * @throws IOException if reading fails
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	default void readFully(InputStream source, int index, int length) throws IOException {
		int count = 0;
		do {
			int read = readFrom(source, index + count, length - count);
			if (read == 0 && length > 0) {
				// The stream breaks its contract, which a read of one byte cannot do
				read = readOne(source, index + count);
			}
			if (read < 0 && length > 0) {
				throw new EOFException("Cannot read " + length + " bytes: the stream ended after " + count
						+ " of them, which are in the buffer from index " + index + " on");
			}
			count += Math.max(0, read);
		}
		while (count < length);
	}

	private int readOne(InputStream source, int index) throws IOException {
		int next = source.read();
		if (next >= 0) {
			put(index, (byte) next);
		}
		return (next >= 0) ? 1 : -1;
	}

	/**
	 * Write the whole buffer to a stream.
	 * @param target where to write to, neither flushed nor closed
	 * @throws IOException if writing fails
	 * @throws LeaseException if this handle was released
	 * @see #writeTo(OutputStream, int, int)
	 */
	default void writeTo(OutputStream target) throws IOException {
		writeTo(target, 0, size());
	}

	/**
	 * Write from the buffer to a stream, straight from its memory where that is an array.
	 * A release by another thread does not take the memory away meanwhile.
	 * @param target where to write to
	 * @param index where in the buffer to begin
	 * @param length how many bytes
	 * @throws IOException if writing fails
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	void writeTo(OutputStream target, int index, int length) throws IOException;

	/**
	 * Copy the whole buffer into a new array.
	 * @return an array of the buffer's size
	 * @throws LeaseException if this handle was released
	 */
	default byte[] toByteArray() {
		byte[] bytes = new byte[size()];
		copyOut(0, bytes, 0, bytes.length);
		return bytes;
	}

	/**
	 * Decode the whole buffer. Not to be confused with {@code toString()}, which has
	 * nothing of the content.
	 * @param charset how the text is encoded
	 * @return the text; what is malformed is replaced
	 * @throws LeaseException if this handle was released
	 */
	default String toString(Charset charset) {
		return new String(toByteArray(), charset);
	}

	/**
	 * Return a stream over the buffer's bytes. Closing it does not release the buffer.
	 * Not safe for use by several threads at once.
	 * @return a stream of {@link #size} bytes
	 * @throws LeaseException if this handle was released; so does the stream later
	 */
	InputStream inputStream();

	/**
	 * Return a stream that writes into the buffer from its beginning and throws an
	 * {@code IOException} when it is full. Closing it does not release the buffer. Not
	 * safe for use by several threads at once. See {@link BufferPool#outputStream()} for
	 * one that grows.
	 * @return a stream for {@link #size} bytes
	 * @throws LeaseException if this handle was released; so does the stream later
	 */
	OutputStream outputStream();

	/**
	 * Add a reference: the block stays leased until the returned handle is released too,
	 * even after the release of this one. Use it to keep a buffer beyond its scope, or in
	 * another thread.
	 * @return a further handle of the same memory, with a reference of its own
	 * @throws LeaseException if this handle was released
	 */
	@CheckReturnValue
	PooledBuffer retain();

	/**
	 * Add a reference for a part of the buffer. The returned handle cannot reach outside
	 * of that part, also not through its {@link #byteBuffer}; only the raw {@link #array}
	 * of heap memory holds more.
	 * @param index where in this buffer the part begins
	 * @param length how many bytes
	 * @return a further handle, with a reference of its own
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	@CheckReturnValue
	PooledBuffer slice(int index, int length);

	/**
	 * Add a reference and return the bytes with what releases it.
	 * @return a view, and a function that acts once
	 * @throws LeaseException if this handle was released
	 */
	@CheckReturnValue
	default SharedBytes share() {
		PooledBuffer handle = retain();
		boolean shared = false;
		try {
			SharedBytes bytes = new SharedBytes(handle.byteBuffer(), handle::close);
			shared = true;
			return bytes;
		}
		finally {
			if (!shared) {
				handle.close();
			}
		}
	}

	/**
	 * Give this handle's reference up, and never lend the memory again. For a buffer that
	 * code without a lease may still use, for example an abandoned native call. Off-heap
	 * memory is freed when no view of it is reachable: keep one for as long as such code
	 * runs. Until then limit and budget count it.
	 * @throws LeaseException if this handle was released before; the pool counts a double
	 * release
	 */
	@Override
	void discard();

}
