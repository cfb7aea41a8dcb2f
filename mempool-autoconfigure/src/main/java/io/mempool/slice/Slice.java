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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;

/**
 * A range of bytes in an area of pooled memory, with a reference of its own that keeps
 * the area from going home. In front of it there may be a free prefix, which belongs to
 * the slice as well: room for a header, or bytes that were truncated.
 * <p>
 * <strong>Numbers</strong> of several bytes are big-endian, as those of a new
 * {@link ByteBuffer}.
 * <p>
 * <strong>Bounds.</strong> Nothing can be read or written outside of the slice, and
 * {@link #expandFront} cannot leave its free prefix. So a slice never reaches its
 * neighbour.
 * <p>
 * <strong>Ownership</strong> is that of every {@link Lease}. A slice is dead once it is
 * released: every method except those that {@link Lease} names, and {@link #freePrefix},
 * then throws a {@link LeaseException}. Methods that take a slice over say so. A scope
 * can own a slice; what the slice then counts towards the scope's limit is its size,
 * without the free prefix and the rest of its area.
 * <p>
 * <strong>Threads.</strong> For use by one thread at a time; any thread may release it.
 * Slices of the same area are independent of each other.
 *
 * @since 0.1.0
 */
public abstract sealed class Slice implements Lease permits AreaSlice {

	// Indexes in the memory: free <= base <= end. What lies between free and end is of
	// this slice alone, unless it is shared
	private int free;

	private int base;

	private int end;

	// Whether there has been another slice of the same bytes
	private boolean shared;

	Slice(int free, int base, int end) {
		this.free = free;
		this.base = base;
		this.end = end;
	}

	/**
	 * Make a slice of bytes that no pool owns, without a copy. What is written to the
	 * slice is written to the array.
	 * @param bytes the bytes, all of them
	 * @return a slice of memory of its own, which is next to nothing
	 */
	@CheckReturnValue
	public static Slice wrap(byte[] bytes) {
		return wrap(ByteBuffer.wrap(bytes));
	}

	/**
	 * Make a slice of bytes that no pool owns, without a copy. What is written to the
	 * slice is written to the array.
	 * @param bytes an array
	 * @param offset where in the array the slice begins
	 * @param length how many bytes the slice has
	 * @return a slice of memory of its own, which is next to nothing
	 * @throws IndexOutOfBoundsException if the array has no such range
	 */
	@CheckReturnValue
	public static Slice wrap(byte[] bytes, int offset, int length) {
		return wrap(ByteBuffer.wrap(bytes, offset, length));
	}

	/**
	 * Make a slice of the remaining bytes of a buffer that no pool owns, without a copy
	 * and without moving the buffer's position.
	 * @param bytes a buffer
	 * @return a slice of memory of its own, which is next to nothing
	 */
	@CheckReturnValue
	public static Slice wrap(ByteBuffer bytes) {
		return Area.sliceOf(bytes);
	}

	/**
	 * Make a slice of a whole pooled buffer, without a copy: to write it together with
	 * others.
	 * @param buffer a buffer that the caller owned until now. The slice has its reference
	 * now; releasing the buffer ends the slice
	 * @return a slice of all its bytes
	 * @throws LeaseException if the buffer was released
	 */
	@CheckReturnValue
	public static Slice of(PooledBuffer buffer) {
		if (!buffer.isAlive()) {
			throw new LeaseException("Cannot make a slice of a buffer of " + buffer.size()
					+ " bytes: it was released before. Acquire another buffer, or retain() that one first");
		}
		return Area.sliceOf(buffer);
	}

	/**
	 * Merge slices with those that follow them immediately in the same area, from left to
	 * right and for as long as the sum of their sizes allows. A merged slice is the first
	 * of its run, grown; the others of the run are released.
	 * @param slices slices that the caller owned until now, none of them twice
	 * @param maximum how many bytes a merged slice may have. A slice that has more is
	 * left as it is
	 * @return the slices that are left, in order, which the caller owns now
	 * @throws IllegalArgumentException if the maximum is negative
	 * @throws LeaseException if one of them was released; then the caller still owns
	 * those that are alive
	 */
	@CheckReturnValue
	public static List<Slice> coalesce(List<? extends Slice> slices, int maximum) {
		if (maximum < 0) {
			throw new IllegalArgumentException(
					"Cannot coalesce " + slices.size() + " slices: 'maximum' must not be negative but is " + maximum);
		}
		slices.forEach((slice) -> slice.checkAlive("coalesce"));
		List<Slice> merged = new ArrayList<>();
		Slice last = null;
		for (Slice slice : slices) {
			if (last == null || !last.append(slice, maximum)) {
				merged.add(slice);
				last = slice;
			}
		}
		return merged;
	}

	/**
	 * Return how many bytes the slice has.
	 * @return bytes, without the free prefix
	 */
	@Override
	public final int size() {
		return this.end - this.base;
	}

	/**
	 * Return by how much the slice can be expanded.
	 * @return bytes
	 */
	public final int freePrefix() {
		return this.base - this.free;
	}

	/**
	 * Drop bytes from the front. They become part of the free prefix and keep their
	 * content.
	 * @param count how many bytes; all of them if there are fewer
	 * @return how many were dropped
	 * @throws IllegalArgumentException if the count is negative
	 * @throws LeaseException if the slice was released
	 */
	public final int truncateFront(int count) {
		checkCount(count, "truncate");
		int dropped = Math.min(count, size());
		this.base += dropped;
		return dropped;
	}

	/**
	 * Add bytes of the free prefix to the front. They have the content that was written
	 * there last.
	 * @param count how many bytes
	 * @return whether the free prefix had that many; nothing happens if not
	 * @throws IllegalArgumentException if the count is negative
	 * @throws LeaseException if the slice was released
	 */
	public final boolean expandFront(int count) {
		checkCount(count, "expand");
		if (count > freePrefix()) {
			return false;
		}
		this.base -= count;
		return true;
	}

	/**
	 * Release the slice before this one and inherit its bytes and its free prefix, if it
	 * ends where the free prefix of this one begins and it was not retained.
	 * @param previous a slice that the caller owned until now. It is released in any case
	 * @return whether the free prefix grew
	 * @throws IllegalArgumentException if it is this slice
	 * @throws LeaseException if one of them was released before
	 */
	public final boolean releasePrevious(Slice previous) {
		checkAlive("expand");
		if (previous == this) {
			throw new IllegalArgumentException(
					"Cannot expand " + describe() + ": 'previous' is the slice itself. Pass the one before it");
		}
		int inherited = previous.free;
		boolean adjacent = previous.end == this.free && !previous.shared && hasMemoryOf(previous);
		// First: of two that want to inherit from one slice only one can release it
		previous.release();
		if (adjacent) {
			this.free = inherited;
		}
		return adjacent && previous.end != inherited;
	}

	/**
	 * Take all that lies before this slice in its area as free prefix, if no other slice
	 * of the area is alive.
	 * @return whether the free prefix begins with the area now; nothing happens if not
	 * @throws LeaseException if the slice was released
	 */
	public final boolean freeEntirePrefix() {
		checkAlive("expand");
		if (this.free > 0 && isOnly()) {
			this.free = 0;
		}
		return this.free == 0;
	}

	/**
	 * Return one byte.
	 * @param index where in the slice it is
	 * @return the byte
	 * @throws IndexOutOfBoundsException if the slice has no such byte
	 * @throws LeaseException if the slice was released
	 */
	public final byte get(int index) {
		return handle().get(checkRange("read", index, Byte.BYTES));
	}

	/**
	 * Return two bytes as a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final short getShort(int index) {
		return handle().getShort(checkRange("read", index, Short.BYTES));
	}

	/**
	 * Return four bytes as a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final int getInt(int index) {
		return handle().getInt(checkRange("read", index, Integer.BYTES));
	}

	/**
	 * Return eight bytes as a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @return the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final long getLong(int index) {
		return handle().getLong(checkRange("read", index, Long.BYTES));
	}

	/**
	 * Set one byte.
	 * @param index where in the slice it is
	 * @param value the byte
	 * @throws IndexOutOfBoundsException if the slice has no such byte
	 * @throws LeaseException if the slice was released
	 */
	public final void put(int index, byte value) {
		handle().put(checkRange("write to", index, Byte.BYTES), value);
	}

	/**
	 * Set two bytes to a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final void putShort(int index, short value) {
		handle().putShort(checkRange("write to", index, Short.BYTES), value);
	}

	/**
	 * Set four bytes to a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final void putInt(int index, int value) {
		handle().putInt(checkRange("write to", index, Integer.BYTES), value);
	}

	/**
	 * Set eight bytes to a number, the highest byte first.
	 * @param index where in the slice they begin
	 * @param value the number
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final void putLong(int index, long value) {
		handle().putLong(checkRange("write to", index, Long.BYTES), value);
	}

	/**
	 * Copy bytes into the slice.
	 * @param index where in the slice to begin
	 * @param source where to copy from, all of it
	 * @throws IndexOutOfBoundsException if they do not fit
	 * @throws LeaseException if the slice was released
	 */
	public final void copyIn(int index, byte[] source) {
		copyIn(index, ByteBuffer.wrap(source));
	}

	/**
	 * Copy bytes into the slice.
	 * @param index where in the slice to begin
	 * @param source where to copy from
	 * @param offset where in the source to begin
	 * @param length how many bytes
	 * @throws IndexOutOfBoundsException if slice or source has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final void copyIn(int index, byte[] source, int offset, int length) {
		copyIn(index, ByteBuffer.wrap(source, offset, length));
	}

	/**
	 * Copy the remaining bytes of a source into the slice and advance the source. Its
	 * position and limit are read once, at the beginning.
	 * @param index where in the slice to begin
	 * @param source where to copy from
	 * @throws IndexOutOfBoundsException if they do not fit
	 * @throws LeaseException if the slice was released
	 */
	public final void copyIn(int index, ByteBuffer source) {
		ByteBuffer bytes = source.duplicate();
		handle().copyIn(checkRange("write to", index, bytes.remaining()), bytes);
		source.position(bytes.position());
	}

	/**
	 * Copy bytes out of the slice.
	 * @param index where in the slice to begin
	 * @param target where to copy to, all of it
	 * @throws IndexOutOfBoundsException if the slice does not have that many
	 * @throws LeaseException if the slice was released
	 */
	public final void copyOut(int index, byte[] target) {
		copyOut(index, ByteBuffer.wrap(target));
	}

	/**
	 * Copy bytes out of the slice.
	 * @param index where in the slice to begin
	 * @param target where to copy to
	 * @param offset where in the target to begin
	 * @param length how many bytes
	 * @throws IndexOutOfBoundsException if slice or target has no such range
	 * @throws LeaseException if the slice was released
	 */
	public final void copyOut(int index, byte[] target, int offset, int length) {
		copyOut(index, ByteBuffer.wrap(target, offset, length));
	}

	/**
	 * Copy bytes into the remaining space of a target and advance the target. Its
	 * position and limit are read once, at the beginning.
	 * @param index where in the slice to begin
	 * @param target where to copy to
	 * @throws IndexOutOfBoundsException if the slice does not have that many
	 * @throws LeaseException if the slice was released
	 */
	public final void copyOut(int index, ByteBuffer target) {
		ByteBuffer space = target.duplicate();
		handle().copyOut(checkRange("read", index, space.remaining()), space);
		target.position(space.position());
	}

	/**
	 * Copy the whole slice into a new array.
	 * @return an array of the slice's size
	 * @throws LeaseException if the slice was released
	 */
	public final byte[] toByteArray() {
		byte[] bytes = new byte[size()];
		copyOut(0, bytes, 0, bytes.length);
		return bytes;
	}

	/**
	 * Decode the whole slice. Not to be confused with {@link #toString()}, which has
	 * nothing of the content.
	 * @param charset how the text is encoded
	 * @return the text; what is malformed is replaced
	 * @throws LeaseException if the slice was released
	 */
	public final String toString(Charset charset) {
		return new String(toByteArray(), charset);
	}

	/**
	 * Write the whole slice to a stream, straight from its memory where that is an array.
	 * @param target where to write to, neither flushed nor closed
	 * @throws IOException if writing fails
	 * @throws LeaseException if the slice was released
	 */
	public final void writeTo(OutputStream target) throws IOException {
		int index = checkRange("read", 0, 0);
		handle().writeTo(target, index, this.end - index);
	}

	/**
	 * Return a stream over the bytes that the slice has now. Closing it does not release
	 * the slice. Not safe for use by several threads at once.
	 * @return a stream of {@link #size} bytes
	 * @throws LeaseException if the slice was released; so does the stream later
	 */
	public final InputStream inputStream() {
		int index = checkRange("read", 0, 0);
		return new SliceInputStream(this, index, this.end);
	}

	/**
	 * Return a new view of the slice: position 0, limit and capacity its size, so that
	 * reads and writes cannot leave it. It neither follows the slice when that is
	 * truncated or expanded nor notices the release: do not use it after that, and do not
	 * lose the slice while you use it. On a heap, its {@code array()} is that of the
	 * whole area, of which only {@code capacity()} bytes from {@code arrayOffset()} on
	 * belong to the slice.
	 * @return a byte buffer over the memory itself
	 * @throws LeaseException if the slice was released
	 */
	public final ByteBuffer byteBuffer() {
		checkAlive("view");
		int index = this.base;
		return handle().byteBuffer().slice(index, this.end - index);
	}

	/**
	 * Add a reference: a second slice of the same bytes, for another owner. It has no
	 * free prefix, and what one of the two writes the other reads.
	 * @return a slice that the caller owns as well
	 * @throws LeaseException if the slice was released
	 */
	@CheckReturnValue
	public final Slice retain() {
		checkAlive("retain");
		return shared(twin(this.base, this.end));
	}

	/**
	 * Add a reference for a part of the slice: a second slice, for another owner. It has
	 * no free prefix, and what one of the two writes the other reads.
	 * @param index where in this slice the part begins
	 * @param length how many bytes
	 * @return a slice that the caller owns as well
	 * @throws IndexOutOfBoundsException if the slice has no such range
	 * @throws LeaseException if the slice was released
	 */
	@CheckReturnValue
	public final Slice slice(int index, int length) {
		int base = checkRange("slice", index, length);
		return shared(twin(base, base + length));
	}

	private Slice shared(Slice twin) {
		twin.shared = true;
		this.shared = true;
		return twin;
	}

	/**
	 * Give the slice's reference up, and do not let the pool lend the memory of its whole
	 * area again: for bytes that may still be in use by code without a reference.
	 * @throws LeaseException if the slice was released before; the pool counts a double
	 * release
	 */
	@Override
	public abstract void discard();

	/**
	 * Return how many references the memory of the slice has: one for each slice of the
	 * same area, and one for the allocator or reader that carves from it. Each call of
	 * {@code wrap} makes an area of its own.
	 * @return the number of references, {@code 0} if the slice was released
	 */
	@Override
	public abstract int referenceCount();

	/**
	 * Take the bytes of a slice that follows this one immediately, and release it.
	 * @return whether it did follow and the sum of the sizes allowed it
	 */
	final boolean append(Slice next, int maximum) {
		if (next == this || next.base != this.end || !hasMemoryOf(next) || (long) size() + next.size() > maximum) {
			return false;
		}
		next.release();
		this.end = next.end;
		this.shared |= next.shared;
		return true;
	}

	final int freeIndex() {
		return this.free;
	}

	final int baseIndex() {
		return this.base;
	}

	private void checkCount(int count, String action) {
		checkAlive(action);
		if (count < 0) {
			throw new IllegalArgumentException(
					"Cannot " + action + " " + describe() + " by " + count + " bytes: 'count' must not be negative");
		}
	}

	// Returns the index in the memory. The base is read once: what a thread computes from
	// it stays within the slice's room, also if another moves it against the rules
	private int checkRange(String action, int index, int length) {
		checkAlive(action);
		int base = this.base;
		int size = this.end - base;
		if (index < 0 || length < 0 || length > size - index) {
			throw new IndexOutOfBoundsException(
					"Cannot access " + length + " bytes at index " + index + ": " + describe() + " has no such range");
		}
		return base + index;
	}

	final void checkAlive(String action) {
		if (!isAlive()) {
			throw misuse(action);
		}
	}

	final LeaseException misuse(String action) {
		return new LeaseException(
				"Cannot " + action + " " + describe() + ": it was released before. A slice is dead once "
						+ "it is released, coalesced into the one before it, or handed over; "
						+ (this.shared
								? "retain() and slice() returned a slice of their own, which is released once as well"
								: "retain() it first to keep its bytes longer"));
	}

	/**
	 * Return the handle of the memory.
	 */
	abstract PooledBuffer handle();

	/**
	 * Return a slice of the same memory with a reference of its own.
	 */
	abstract Slice twin(int base, int end);

	/**
	 * Return whether the indexes of another slice mean the same memory.
	 */
	abstract boolean hasMemoryOf(Slice other);

	/**
	 * Return whether there is no other slice of the memory, and can be none before this
	 * one.
	 */
	abstract boolean isOnly();

	/**
	 * Describe where the memory is from, as it follows "a slice of 10 bytes".
	 */
	abstract String origin();

	final String describe() {
		return "a slice of " + size() + " bytes " + origin();
	}

	@Override
	public String toString() {
		return "Slice[size=" + size() + ", freePrefix=" + freePrefix() + ", alive=" + isAlive() + ", " + origin() + "]";
	}

}
