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
import java.nio.charset.Charset;
import java.util.Objects;

import io.mempool.core.LeaseException;
import io.mempool.engine.BlockLease;

/**
 * A handle of a leased block of memory.
 */
class BufferLease extends BlockLease<MemoryBlock> implements PooledBuffer {

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
		block.prepare(extent());
		if (block.isRevocable()) {
			return revocableView();
		}
		block.exposeView(extent());
		return block.view(offset(), this.size);
	}

	// Pinned, so that the view belongs to this lease and not to a later one
	private ByteBuffer revocableView() {
		MemoryBlock block = pin("view");
		try {
			return block.revocableView(offset(), this.size);
		}
		finally {
			unpin();
		}
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
		return block("inspect").arrayOffset() + offset();
	}

	@Override
	public byte get(int index) {
		checkRange(index, Byte.BYTES);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			return block.get(offset() + index);
		}
		finally {
			unpin();
		}
	}

	@Override
	public short getShort(int index) {
		checkRange(index, Short.BYTES);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			return block.getShort(offset() + index);
		}
		finally {
			unpin();
		}
	}

	@Override
	public int getInt(int index) {
		checkRange(index, Integer.BYTES);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			return block.getInt(offset() + index);
		}
		finally {
			unpin();
		}
	}

	@Override
	public long getLong(int index) {
		checkRange(index, Long.BYTES);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			return block.getLong(offset() + index);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void put(int index, byte value) {
		checkRange(index, Byte.BYTES);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			block.put(offset() + index, value);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void putShort(int index, short value) {
		checkRange(index, Short.BYTES);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			block.putShort(offset() + index, value);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void putInt(int index, int value) {
		checkRange(index, Integer.BYTES);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			block.putInt(offset() + index, value);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void putLong(int index, long value) {
		checkRange(index, Long.BYTES);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			block.putLong(offset() + index, value);
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
			block.prepare(extent());
			block.copyIn(offset() + index, source, offset, length);
		}
		finally {
			unpin();
		}
	}

	// Position and limit are read once: another thread may change them meanwhile
	@Override
	public void copyIn(int index, ByteBuffer source) {
		int position = source.position();
		int length = source.limit() - position;
		copyIn(index, source, position, length);
		source.position(position + length);
	}

	private void copyIn(int index, ByteBuffer source, int position, int length) {
		checkRange(index, length);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			block.copyIn(offset() + index, source, position, length);
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
			block.prepare(extent());
			block.copyOut(offset() + index, target, offset, length);
		}
		finally {
			unpin();
		}
	}

	@Override
	public void copyOut(int index, ByteBuffer target) {
		int position = target.position();
		int length = target.limit() - position;
		checkRange(index, length);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			block.copyOut(offset() + index, target, position, length);
		}
		finally {
			unpin();
		}
		target.position(position + length);
	}

	/**
	 * Write the bytes of a stream, and record how far: the size of the buffer may shrink
	 * later.
	 */
	void append(int index, byte[] source, int offset, int length) {
		checkRange(index, length);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			noteReach(block, index + length);
			block.copyIn(offset() + index, source, offset, length);
		}
		finally {
			unpin();
		}
	}

	/**
	 * Write the remaining bytes of a source as those of a stream, and advance the source.
	 */
	void append(int index, ByteBuffer source) {
		int position = source.position();
		int length = source.limit() - position;
		checkRange(index, length);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			noteReach(block, index + length);
			block.copyIn(offset() + index, source, position, length);
		}
		finally {
			unpin();
		}
		source.position(position + length);
	}

	/**
	 * Write one byte of a stream, and record how far.
	 */
	void append(int index, int value) {
		checkRange(index, 1);
		MemoryBlock block = pin("write to");
		try {
			block.prepare(extent());
			noteReach(block, index + 1);
			block.put(offset() + index, (byte) value);
		}
		finally {
			unpin();
		}
	}

	// The handle's reference and this pin make two. Any other count means that another
	// thread uses or ends the stream meanwhile, against its rules
	private void noteReach(MemoryBlock block, int end) {
		block.reach(offset() + end);
		if (referenceCount() != 2) {
			block.expose();
		}
	}

	@Override
	public void copyIn(int index, PooledBuffer source) {
		if (source instanceof BufferLease lease) {
			copyIn(index, lease, lease.size());
		}
		else {
			copyIn(index, source.byteBuffer());
		}
	}

	/**
	 * Copy the first bytes of another buffer into this one.
	 */
	void copyIn(int index, BufferLease source, int length) {
		MemoryBlock block = source.pin("read");
		try {
			block.prepare(source.extent());
			if (block.hasArray()) {
				copyIn(index, block.array(), block.arrayOffset() + source.offset(), length);
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
				// A source may write more than it reports, or fail after a write
				block.expose();
				int start = block.arrayOffset() + offset() + index;
				return checked(source.read(block.array(), start, length), length, source);
			}
			block.prepare(extent());
			try (PooledBuffer scratch = Scratch.acquire(length)) {
				return readFrom(source, scratch, block, offset() + index, length);
			}
		}
		finally {
			unpin();
		}
	}

	private static int readFrom(InputStream source, PooledBuffer scratch, MemoryBlock block, int index, int length)
			throws IOException {
		byte[] bytes = scratch.array();
		int start = scratch.arrayOffset();
		int done = 0;
		for (;;) {
			int wanted = Math.min(scratch.size(), length - done);
			int count = checked(source.read(bytes, start, wanted), wanted, source);
			if (count > 0) {
				block.reach(index + done + count);
				block.copyIn(index + done, bytes, start, count);
				done += count;
			}
			// A further read must not wait: what there is goes to the caller first
			if (count < wanted || done == length || source.available() <= 0) {
				return (done > 0) ? done : count;
			}
		}
	}

	@Override
	public void writeTo(OutputStream target, int index, int length) throws IOException {
		checkRange(index, length);
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			if (block.hasArray()) {
				target.write(block.array(), block.arrayOffset() + offset() + index, length);
				return;
			}
			try (PooledBuffer scratch = Scratch.acquire(length)) {
				byte[] bytes = scratch.array();
				int start = scratch.arrayOffset();
				for (int done = 0; done < length;) {
					int count = Math.min(scratch.size(), length - done);
					block.copyOut(offset() + index + done, bytes, start, count);
					target.write(bytes, start, count);
					done += count;
				}
			}
		}
		finally {
			unpin();
		}
	}

	/**
	 * Fail if the handle was released. For a stream that would otherwise answer without
	 * access to the memory.
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
			throw new IndexOutOfBoundsException("Cannot access " + count + " bytes at index " + index + ": the buffer "
					+ deadOrAlive().origin() + " has " + this.size + " bytes");
		}
	}

	@Override
	public String toString(Charset charset) {
		MemoryBlock block = pin("read");
		try {
			block.prepare(extent());
			if (block.hasArray()) {
				return new String(block.array(), block.arrayOffset() + offset(), this.size, charset);
			}
			byte[] bytes = new byte[this.size];
			block.copyOut(offset(), bytes, 0, this.size);
			return new String(bytes, charset);
		}
		finally {
			unpin();
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

	// All that may fail comes before the reference is added: a failure would lose it with
	// its handle

	@Override
	public PooledBuffer retain() {
		BufferLease handle = part(0, this.size);
		addReference("retain");
		return handle;
	}

	@Override
	public PooledBuffer slice(int index, int length) {
		checkRange(index, length);
		BufferLease handle = part(index, length);
		addReference("slice");
		return handle;
	}

	@Override
	public SharedBytes share() {
		block("share");
		BufferLease handle = part(0, this.size);
		SharedBytes shared = new SharedBytes(handle.byteBuffer(), handle::close);
		addReference("share");
		return shared;
	}

	private BufferLease part(int index, int length) {
		int offset = offset() + index;
		boolean whole = offset == 0 && length == extent();
		return whole ? new BufferLease(this, length) : new SliceLease(this, offset, length);
	}

	/**
	 * Move the reference to a new handle of a smaller size; this handle is then dead.
	 * Only for an owner that wrote through {@link #append} and {@link #readFrom}, which
	 * record what must be cleared beyond that size.
	 */
	BufferLease resized(int size) {
		Objects.checkIndex(size, this.size + 1);
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
		return new LeaseException("Cannot " + action + " a buffer of " + this.size + " bytes " + deadOrAlive().origin()
				+ ": " + reasonOfDeath(action,
						"acquire another buffer, or retain() this one first to keep its memory longer"));
	}

	@Override
	public String toString() {
		return "PooledBuffer[" + deadOrAlive().describe() + ", size=" + this.size + ", capacity=" + capacity()
				+ ", references=" + referenceCount() + "]";
	}

}
