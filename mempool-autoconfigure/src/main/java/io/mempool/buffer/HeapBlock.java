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

import java.nio.ByteBuffer;
import java.util.Objects;

import io.mempool.buffer.Slab.Range;
import org.jspecify.annotations.Nullable;

/**
 * A block on the Java heap: an array of its own, or a range of a slab.
 */
final class HeapBlock extends MemoryBlock {

	/**
	 * The padding after a block with an array of its own, so that no other thread writes
	 * to its last line. The next array may begin in the middle of that line.
	 */
	static final int PADDING = HeapLayout.LINE;

	static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	private final byte[] array;

	private final int offset;

	private final int capacity;

	// The length that belongs to the block alone, padding included
	private final int ownLength;

	private final @Nullable Range range;

	/**
	 * Create a block with an array of its own.
	 * @param pool the name of the pool
	 * @param capacity how many bytes it has
	 * @param padding how many more the array has
	 */
	HeapBlock(String pool, int capacity, int padding) {
		super(pool);
		this.array = new byte[arrayLength(capacity, padding)];
		this.offset = 0;
		this.capacity = capacity;
		this.ownLength = this.array.length;
		this.range = null;
	}

	/**
	 * Create a block that holds a range of a slab.
	 * @param pool the name of the pool
	 * @param capacity how many bytes it has
	 * @param range its memory
	 */
	HeapBlock(String pool, int capacity, Range range) {
		super(pool);
		this.array = range.array();
		this.offset = range.offset();
		this.capacity = Objects.checkIndex(capacity, range.length() + 1);
		this.ownLength = range.length();
		this.range = range;
	}

	/**
	 * Create a block that holds a range of an array of the user.
	 * @param array the array
	 * @param offset where in the array it begins
	 * @param capacity how many bytes it has
	 */
	HeapBlock(byte[] array, int offset, int capacity) {
		super(null);
		this.array = array;
		this.offset = offset;
		this.capacity = capacity;
		this.ownLength = capacity;
		this.range = null;
	}

	/**
	 * Return the length of the array of a block.
	 */
	static int arrayLength(int capacity, int padding) {
		return capacity + Math.max(0, Math.min(padding, LARGEST_ARRAY - capacity));
	}

	/**
	 * Return the range of a slab that the block holds.
	 * @return the range, {@code null} if it has an array of its own
	 */
	@Nullable Range range() {
		return this.range;
	}

	@Override
	int capacity() {
		return this.capacity;
	}

	@Override
	int ownLength() {
		return this.ownLength;
	}

	@Override
	boolean hasArray() {
		return true;
	}

	@Override
	byte[] array() {
		return this.array;
	}

	@Override
	int arrayOffset() {
		return this.offset;
	}

	// The lease checks its size, but bytes beyond the block may belong to another
	private int at(int index, int count) {
		return this.offset + Objects.checkFromIndexSize(index, count, this.capacity);
	}

	@Override
	ByteBuffer view(int index, int size) {
		return ByteBuffer.wrap(this.array, at(index, size), size).slice();
	}

	@Override
	byte get(int index) {
		return this.array[at(index, 1)];
	}

	@Override
	short getShort(int index) {
		return (short) Numbers.SHORT.get(this.array, at(index, Short.BYTES));
	}

	@Override
	int getInt(int index) {
		return (int) Numbers.INT.get(this.array, at(index, Integer.BYTES));
	}

	@Override
	long getLong(int index) {
		return (long) Numbers.LONG.get(this.array, at(index, Long.BYTES));
	}

	@Override
	void put(int index, byte value) {
		this.array[at(index, 1)] = value;
	}

	@Override
	void putShort(int index, short value) {
		Numbers.SHORT.set(this.array, at(index, Short.BYTES), value);
	}

	@Override
	void putInt(int index, int value) {
		Numbers.INT.set(this.array, at(index, Integer.BYTES), value);
	}

	@Override
	void putLong(int index, long value) {
		Numbers.LONG.set(this.array, at(index, Long.BYTES), value);
	}

	@Override
	void copyIn(int index, byte[] source, int offset, int length) {
		System.arraycopy(source, offset, this.array, at(index, length), length);
	}

	@Override
	void copyIn(int index, ByteBuffer source, int position, int length) {
		source.get(position, this.array, at(index, length), length);
	}

	@Override
	void copyOut(int index, byte[] target, int offset, int length) {
		System.arraycopy(this.array, at(index, length), target, offset, length);
	}

	@Override
	void copyOut(int index, ByteBuffer target, int position, int length) {
		target.put(position, this.array, at(index, length), length);
	}

	@Override
	void fillWithZero(int start, int length) {
		Zeros.fill(this.array, this.offset + start, length);
	}

}
