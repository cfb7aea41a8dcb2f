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

import io.mempool.core.Caps;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.Stripes;

/**
 * A handle of a leased block of memory.
 */
class BufferLease extends Lease<MemoryBlock> implements PooledBuffer {

	private final int size;

	BufferLease(MemoryBlock block, int size) {
		super(block, size);
		this.size = size;
	}

	BufferLease(BufferLease other, int size) {
		super(other);
		this.size = size;
	}

	/**
	 * Return where in the block the buffer begins.
	 */
	int offset() {
		return 0;
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public int capacity() {
		return deadOrAlive().capacity();
	}

	@Override
	public ByteBuffer byteBuffer() {
		MemoryBlock block = block("view");
		block.expose();
		return block.view(offset(), this.size);
	}

	@Override
	public boolean hasArray() {
		return block("inspect").hasArray();
	}

	@Override
	public byte[] array() {
		MemoryBlock block = block("take the array of");
		block.expose();
		return block.array();
	}

	@Override
	public int arrayOffset() {
		if (!hasArray()) {
			throw new UnsupportedOperationException(
					"The memory of pool '" + deadOrAlive().pool() + "' is not an array");
		}
		return offset();
	}

	/**
	 * Return one byte, from 0 to 255.
	 */
	int read(int index) {
		checkRange(index, 1);
		MemoryBlock block = pin("read");
		try {
			return Byte.toUnsignedInt(block.get(offset() + index));
		}
		finally {
			unpin();
		}
	}

	/**
	 * Write one byte, the lowest eight bits of a value.
	 */
	void write(int index, int value) {
		checkRange(index, 1);
		MemoryBlock block = pin("write to");
		try {
			block.put(offset() + index, (byte) value);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void copyIn(int index, byte[] source, int offset, int length) {
		checkRange(index, length);
		Objects.checkFromIndexSize(offset, length, source.length);
		MemoryBlock block = pin("write to");
		try {
			block.copyIn(offset() + index, source, offset, length);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void copyIn(int index, ByteBuffer source) {
		checkRange(index, source.remaining());
		MemoryBlock block = pin("write to");
		try {
			block.copyIn(offset() + index, source);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void copyOut(int index, byte[] target, int offset, int length) {
		checkRange(index, length);
		Objects.checkFromIndexSize(offset, length, target.length);
		MemoryBlock block = pin("read");
		try {
			block.copyOut(offset() + index, target, offset, length);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void copyOut(int index, ByteBuffer target) {
		checkRange(index, target.remaining());
		MemoryBlock block = pin("read");
		try {
			block.copyOut(offset() + index, target);
		}
		finally {
			unpin();
		}
	}

	/**
	 * Copy the beginning of another buffer to the beginning of this one.
	 */
	void copyIn(int index, BufferLease source, int length) {
		MemoryBlock block = source.pin("read");
		try {
			if (block.hasArray()) {
				copyIn(index, block.array(), source.offset(), length);
			}
			else {
				copyIn(index, block.view(source.offset(), length));
			}
		}
		finally {
			source.unpin();
		}
	}

	@Override
	public int readFrom(InputStream source, int index, int length) throws IOException {
		checkRange(index, length);
		MemoryBlock block = pin("write to");
		try {
			if (block.hasArray()) {
				// A source may write more than it says, or fail after it wrote
				block.expose();
				return checked(source.read(block.array(), offset() + index, length), length, source);
			}
			try (PooledBuffer scratch = Scratch.acquire(length)) {
				byte[] bytes = scratch.array();
				int count = checked(source.read(bytes, 0, scratch.size()), scratch.size(), source);
				if (count > 0) {
					block.copyIn(offset() + index, bytes, 0, count);
				}
				return count;
			}
		}
		finally {
			unpin();
		}
	}

	@Override
	public void writeTo(OutputStream target, int index, int length) throws IOException {
		checkRange(index, length);
		MemoryBlock block = pin("read");
		try {
			if (block.hasArray()) {
				target.write(block.array(), offset() + index, length);
				return;
			}
			try (PooledBuffer scratch = Scratch.acquire(length)) {
				byte[] bytes = scratch.array();
				for (int done = 0; done < length;) {
					int count = Math.min(scratch.size(), length - done);
					block.copyOut(offset() + index + done, bytes, 0, count);
					target.write(bytes, 0, count);
					done += count;
				}
			}
		}
		finally {
			unpin();
		}
	}

	/**
	 * Fail if the handle was released, for a stream that would otherwise answer without a
	 * look at the memory.
	 */
	void checkAlive(String action) {
		block(action);
	}

	private static int checked(int count, int length, InputStream source) throws IOException {
		if (count > length) {
			throw new IOException("Cannot trust " + source.getClass().getName() + ": it claims to have read " + count
					+ " bytes when asked for at most " + length);
		}
		return count;
	}

	private void checkRange(int index, int count) {
		if (index < 0 || count < 0 || count > this.size - index) {
			throw new IndexOutOfBoundsException("Cannot copy " + count + " bytes at index " + index + ": the buffer of "
					+ "pool '" + deadOrAlive().pool() + "' has " + this.size + " bytes");
		}
	}

	@Override
	public InputStream inputStream() {
		block("read");
		return new LeaseInputStream(this);
	}

	@Override
	public OutputStream outputStream() {
		block("write to");
		return new LeaseOutputStream(this);
	}

	@Override
	public PooledBuffer retain() {
		addReference("retain");
		return part(0, this.size);
	}

	@Override
	public PooledBuffer slice(int index, int length) {
		checkRange(index, length);
		addReference("slice");
		return part(index, length);
	}

	private PooledBuffer part(int index, int length) {
		int offset = offset() + index;
		return (offset != 0) ? new SliceLease(this, offset, length) : new BufferLease(this, length);
	}

	/**
	 * Move the reference to a new handle of another size; this handle is dead then. Only
	 * for an owner who has touched nothing beyond that size.
	 */
	BufferLease resized(int size) {
		Objects.checkIndex(size, capacity() + 1);
		BufferLease handle = new BufferLease(this, size);
		surrender("resize");
		return handle;
	}

	@Override
	protected int extent() {
		return this.size;
	}

	@Override
	protected LeaseException misuse(String action) {
		return new LeaseException(
				"Cannot " + action + " a buffer of " + this.size + " bytes of pool '" + deadOrAlive().pool()
						+ "': it was released before, by its owner or by the end of the request or scope "
						+ "that owned it. A handle is dead once it is released; acquire another buffer, or retain() "
						+ "this one first to keep its memory longer");
	}

	@Override
	public String toString() {
		return "PooledBuffer[pool=" + deadOrAlive().pool() + ", size=" + this.size + ", capacity=" + capacity()
				+ ", references=" + referenceCount() + "]";
	}

	/**
	 * Heap memory between streams, which know arrays only, and memory that is none.
	 */
	static final class Scratch {

		private static final int SIZE = 64 * 1024;

		private static final BufferPool POOL = BufferPool.builder("scratch")
			.tiers(SIZE)
			.caps(Caps.ofIdle(Stripes.COUNT))
			.build();

		static PooledBuffer acquire(int length) {
			return POOL.acquire(Math.min(length, SIZE));
		}

	}

}
