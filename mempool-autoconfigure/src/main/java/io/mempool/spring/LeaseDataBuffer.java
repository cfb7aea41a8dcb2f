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

package io.mempool.spring;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.IntPredicate;

import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SharedBytes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.util.Assert;

/**
 * A data buffer in the memory of a lease.
 */
final class LeaseDataBuffer implements PooledDataBuffer {

	/*
	 * Leases. Each data buffer begins at index 0 of a lease of its own: a slice and the
	 * parts of a split have handles of their parts. So a lease checks all indexes, and a
	 * buffer that grows does not disturb its slices.
	 *
	 * References. A slice shares the count of its parent, as the contract asks for. The
	 * last release closes the leases of both. The head of a split has a count of its own.
	 *
	 * Borrowed. A buffer without a lease of its own is for sinks that copy and do not
	 * release: its copies fail after the release by the owner. Its raw views have a
	 * reference for as long as their iterator is open.
	 */

	private final DataBufferFactory factory;

	private final DataBufferMemory memory;

	private final LeaseReferences references;

	private final Kind kind;

	private PooledBuffer lease;

	private int capacity;

	private int readPosition;

	private int writePosition;

	private LeaseDataBuffer(DataBufferFactory factory, DataBufferMemory memory, LeaseReferences references, Kind kind,
			PooledBuffer lease) {
		this.factory = factory;
		this.memory = memory;
		this.references = references;
		this.kind = kind;
		this.lease = lease;
		this.capacity = lease.size();
		if (kind != Kind.BORROWED) {
			references.add(lease);
		}
	}

	static LeaseDataBuffer empty(DataBufferFactory factory, DataBufferMemory memory, PooledBuffer lease) {
		return new LeaseDataBuffer(factory, memory, new LeaseReferences(), Kind.OWNED, lease);
	}

	static LeaseDataBuffer full(DataBufferFactory factory, DataBufferMemory memory, PooledBuffer lease) {
		LeaseDataBuffer buffer = empty(factory, memory, lease);
		buffer.writePosition = buffer.capacity;
		return buffer;
	}

	/**
	 * Return a buffer whose leases are closed by their owner, not by its release.
	 */
	static LeaseDataBuffer borrowed(DataBufferFactory factory, PooledBuffer lease) {
		LeaseDataBuffer buffer = new LeaseDataBuffer(factory, DataBufferMemory.HEAP, new LeaseReferences(),
				Kind.BORROWED, lease);
		buffer.writePosition = buffer.capacity;
		return buffer;
	}

	@Override
	public DataBufferFactory factory() {
		return this.factory;
	}

	// References

	@Override
	public boolean isAllocated() {
		return this.references.isAllocated();
	}

	@Override
	public LeaseDataBuffer retain() {
		this.references.retain();
		return this;
	}

	@Override
	public LeaseDataBuffer touch(Object hint) {
		return this;
	}

	@Override
	public boolean release() {
		return this.references.release();
	}

	// Positions

	@Override
	public int readableByteCount() {
		return this.writePosition - this.readPosition;
	}

	@Override
	public int writableByteCount() {
		return this.capacity - this.writePosition;
	}

	@Override
	public int readPosition() {
		return this.readPosition;
	}

	@Override
	public LeaseDataBuffer readPosition(int readPosition) {
		check("read position", readPosition, 0, this.writePosition);
		this.readPosition = readPosition;
		return this;
	}

	@Override
	public int writePosition() {
		return this.writePosition;
	}

	@Override
	public LeaseDataBuffer writePosition(int writePosition) {
		check("write position", writePosition, this.readPosition, this.capacity);
		this.writePosition = writePosition;
		return this;
	}

	private void check(String name, int value, int least, int most) {
		if (value < least || value > most) {
			throw new IndexOutOfBoundsException(
					"The " + name + " must be from " + least + " to " + most + " but is " + value);
		}
	}

	@Override
	public int capacity() {
		return this.capacity;
	}

	@Override
	@Deprecated
	public LeaseDataBuffer capacity(int capacity) {
		Assert.isTrue(capacity >= 0, () -> "The capacity must not be negative but is " + capacity);
		if (this.kind == Kind.SLICE) {
			throw new UnsupportedOperationException(
					"Cannot change the capacity of a slice. Use split(int), whose result can grow");
		}
		if (capacity > this.lease.size()) {
			growTo(this.memory.acquire(capacity));
		}
		this.capacity = capacity;
		this.writePosition = Math.min(this.writePosition, capacity);
		this.readPosition = Math.min(this.readPosition, capacity);
		return this;
	}

	@Override
	public LeaseDataBuffer ensureWritable(int length) {
		if (length > writableByteCount()) {
			int needed = Math.addExact(this.writePosition, length);
			if (needed > this.lease.size()) {
				growTo(this.memory.acquireToGrow(needed));
			}
			this.capacity = this.lease.size();
		}
		return this;
	}

	private void growTo(PooledBuffer larger) {
		boolean grown = false;
		try (PooledBuffer content = this.lease.slice(0, this.capacity)) {
			larger.copyIn(0, content);
			this.references.replace(this.lease, larger);
			this.lease = larger;
			grown = true;
		}
		finally {
			if (!grown) {
				larger.close();
			}
		}
	}

	// Reading

	@Override
	public int indexOf(IntPredicate predicate, int fromIndex) {
		Assert.notNull(predicate, "'predicate' must not be null");
		try (SharedBytes shared = this.lease.share()) {
			for (int i = Math.max(0, fromIndex); i < this.writePosition; i++) {
				if (predicate.test(shared.bytes().get(i))) {
					return i;
				}
			}
			return -1;
		}
	}

	@Override
	public int lastIndexOf(IntPredicate predicate, int fromIndex) {
		Assert.notNull(predicate, "'predicate' must not be null");
		try (SharedBytes shared = this.lease.share()) {
			for (int i = Math.min(fromIndex, this.writePosition - 1); i >= 0; i--) {
				if (predicate.test(shared.bytes().get(i))) {
					return i;
				}
			}
			return -1;
		}
	}

	@Override
	public int forEachByte(int index, int length, ByteProcessor processor) {
		Assert.isTrue(length >= 0, () -> "The length must not be negative but is " + length);
		Objects.checkFromIndexSize(index, length, this.writePosition);
		try (SharedBytes shared = this.lease.share()) {
			for (int i = index; i < index + length; i++) {
				if (!processor.process(shared.bytes().get(i))) {
					return i;
				}
			}
			return -1;
		}
	}

	@Override
	public byte getByte(int index) {
		Objects.checkIndex(index, this.writePosition);
		return this.lease.get(index);
	}

	@Override
	public byte read() {
		byte value = getByte(this.readPosition);
		this.readPosition++;
		return value;
	}

	@Override
	public LeaseDataBuffer read(byte[] destination) {
		Assert.notNull(destination, "'destination' must not be null");
		return read(destination, 0, destination.length);
	}

	@Override
	public LeaseDataBuffer read(byte[] destination, int offset, int length) {
		Assert.notNull(destination, "'destination' must not be null");
		Objects.checkFromIndexSize(this.readPosition, length, this.writePosition);
		this.lease.copyOut(this.readPosition, destination, offset, length);
		this.readPosition += length;
		return this;
	}

	@Override
	@Deprecated
	public ByteBuffer toByteBuffer(int index, int length) {
		checkRange(index, length);
		ByteBuffer copy = this.memory.isDirect() ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
		this.lease.copyOut(index, copy);
		return copy.flip();
	}

	@Override
	public void toByteBuffer(int srcPos, ByteBuffer dest, int destPos, int length) {
		Assert.notNull(dest, "'dest' must not be null");
		checkRange(srcPos, length);
		Objects.checkFromIndexSize(destPos, length, dest.capacity());
		this.lease.copyOut(srcPos, dest.duplicate().limit(destPos + length).position(destPos));
	}

	@Override
	public String toString(int index, int length, Charset charset) {
		Assert.notNull(charset, "'charset' must not be null");
		checkRange(index, length);
		try (PooledBuffer part = this.lease.slice(index, length)) {
			return part.toString(charset);
		}
	}

	private void checkRange(int index, int length) {
		Objects.checkFromIndexSize(index, length, this.capacity);
	}

	// Writing

	@Override
	public LeaseDataBuffer write(byte value) {
		ensureWritable(1);
		this.lease.put(this.writePosition, value);
		this.writePosition++;
		return this;
	}

	@Override
	public LeaseDataBuffer write(byte[] source) {
		Assert.notNull(source, "'source' must not be null");
		return write(source, 0, source.length);
	}

	@Override
	public LeaseDataBuffer write(byte[] source, int offset, int length) {
		Assert.notNull(source, "'source' must not be null");
		Objects.checkFromIndexSize(offset, length, source.length);
		ensureWritable(length);
		this.lease.copyIn(this.writePosition, source, offset, length);
		this.writePosition += length;
		return this;
	}

	@Override
	public LeaseDataBuffer write(DataBuffer... buffers) {
		long length = 0;
		for (DataBuffer buffer : buffers) {
			length += buffer.readableByteCount();
		}
		ensureWritable(Math.toIntExact(length));
		for (DataBuffer buffer : buffers) {
			write(buffer);
		}
		return this;
	}

	private void write(DataBuffer buffer) {
		try (ByteBufferIterator parts = buffer.readableByteBuffers()) {
			while (parts.hasNext()) {
				write(parts.next());
			}
		}
	}

	@Override
	public LeaseDataBuffer write(ByteBuffer... buffers) {
		long length = 0;
		for (ByteBuffer buffer : buffers) {
			length += buffer.remaining();
		}
		ensureWritable(Math.toIntExact(length));
		for (ByteBuffer buffer : buffers) {
			write(buffer);
		}
		return this;
	}

	private void write(ByteBuffer source) {
		int length = source.remaining();
		this.lease.copyIn(this.writePosition, source);
		this.writePosition += length;
	}

	// Parts

	@Override
	@Deprecated
	public LeaseDataBuffer slice(int index, int length) {
		checkRange(index, length);
		LeaseDataBuffer slice = new LeaseDataBuffer(this.factory, this.memory, this.references, Kind.SLICE,
				this.lease.slice(index, length));
		slice.writePosition = length;
		return slice;
	}

	@Override
	public LeaseDataBuffer split(int index) {
		checkRange(index, 0);
		LeaseDataBuffer head = empty(this.factory, this.memory, this.lease.slice(0, index));
		boolean split = false;
		try {
			PooledBuffer rest = this.lease.slice(index, this.capacity - index);
			this.references.replace(this.lease, rest);
			split = true;
			head.writePosition = Math.min(this.writePosition, index);
			head.readPosition = Math.min(this.readPosition, index);
			this.lease = rest;
			this.capacity -= index;
			this.writePosition = Math.max(this.writePosition, index) - index;
			this.readPosition = Math.max(this.readPosition, index) - index;
			return head;
		}
		finally {
			if (!split) {
				head.release();
			}
		}
	}

	// Raw views

	@Override
	@Deprecated
	public ByteBuffer asByteBuffer() {
		return asByteBuffer(this.readPosition, readableByteCount());
	}

	@Override
	@Deprecated
	public ByteBuffer asByteBuffer(int index, int length) {
		checkRange(index, length);
		return this.lease.byteBuffer().slice(index, length);
	}

	@Override
	public ByteBufferIterator readableByteBuffers() {
		return new View(this.readPosition, readableByteCount(), true);
	}

	@Override
	public ByteBufferIterator writableByteBuffers() {
		return new View(this.writePosition, writableByteCount(), false);
	}

	@Override
	public String toString() {
		return "LeaseDataBuffer[read=" + this.readPosition + ", write=" + this.writePosition + ", capacity="
				+ this.capacity + ", allocated=" + isAllocated() + "]";
	}

	private enum Kind {

		OWNED, BORROWED, SLICE

	}

	/**
	 * Iterates over the one view of a range.
	 */
	private final class View implements ByteBufferIterator {

		private final @Nullable PooledBuffer reference;

		private @Nullable ByteBuffer view;

		View(int index, int length, boolean readOnly) {
			PooledBuffer lease = LeaseDataBuffer.this.lease;
			this.reference = (LeaseDataBuffer.this.kind == Kind.BORROWED) ? lease.retain() : null;
			ByteBuffer view = lease.byteBuffer().slice(index, length);
			this.view = readOnly ? view.asReadOnlyBuffer() : view;
		}

		@Override
		public boolean hasNext() {
			return this.view != null;
		}

		@Override
		public ByteBuffer next() {
			ByteBuffer view = this.view;
			if (view == null) {
				throw new NoSuchElementException("A data buffer of one lease has one view");
			}
			this.view = null;
			return view;
		}

		@Override
		public void close() {
			if (this.reference != null) {
				this.reference.close();
			}
		}

	}

}
