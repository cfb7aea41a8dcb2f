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

import io.mempool.core.Lease;
import io.mempool.core.LeaseException;

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
 * <strong>Threads.</strong> Copies through this interface and its streams are safe
 * against a concurrent release: they either complete or fail before they touch the
 * memory. The content itself is not synchronised.
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
	 * does not notice.
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
	 * Read from a stream into the buffer, straight into its memory where that is an
	 * array. A release by another thread does not take the memory away meanwhile.
	 * @param source where to read from
	 * @param index where in the buffer to begin
	 * @param length how many bytes to read at most
	 * @return how many bytes were read, {@code -1} at the end of the stream
	 * @throws IOException if reading fails, or the stream claims to have read more than
	 * it was asked for
	 * @throws IndexOutOfBoundsException if the buffer has no such range
	 * @throws LeaseException if this handle was released
	 */
	int readFrom(InputStream source, int index, int length) throws IOException;

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
	PooledBuffer slice(int index, int length);

	/**
	 * Add a reference and return the bytes with what releases it.
	 * @return a view, and a function that acts once
	 * @throws LeaseException if this handle was released
	 */
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
