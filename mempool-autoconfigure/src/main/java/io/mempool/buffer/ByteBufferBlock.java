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

import org.jspecify.annotations.Nullable;

/**
 * A block that is reached through a byte buffer only.
 */
abstract class ByteBufferBlock extends MemoryBlock {

	ByteBufferBlock(@Nullable String pool) {
		super(pool);
	}

	/**
	 * Return the memory, with the order of bytes that a new buffer has.
	 */
	abstract ByteBuffer buffer();

	/**
	 * Describe that the memory is no array.
	 */
	abstract UnsupportedOperationException noArray();

	@Override
	boolean hasArray() {
		return false;
	}

	@Override
	byte[] array() {
		throw noArray();
	}

	@Override
	int arrayOffset() {
		throw noArray();
	}

	@Override
	ByteBuffer view(int index, int size) {
		return buffer().slice(index, size);
	}

	@Override
	byte get(int index) {
		return buffer().get(index);
	}

	@Override
	short getShort(int index) {
		return buffer().getShort(index);
	}

	@Override
	int getInt(int index) {
		return buffer().getInt(index);
	}

	@Override
	long getLong(int index) {
		return buffer().getLong(index);
	}

	@Override
	void put(int index, byte value) {
		buffer().put(index, value);
	}

	@Override
	void putShort(int index, short value) {
		buffer().putShort(index, value);
	}

	@Override
	void putInt(int index, int value) {
		buffer().putInt(index, value);
	}

	@Override
	void putLong(int index, long value) {
		buffer().putLong(index, value);
	}

	@Override
	void copyIn(int index, byte[] source, int offset, int length) {
		buffer().put(index, source, offset, length);
	}

	@Override
	void copyIn(int index, ByteBuffer source, int position, int length) {
		buffer().put(index, source, position, length);
	}

	@Override
	void copyOut(int index, byte[] target, int offset, int length) {
		buffer().get(index, target, offset, length);
	}

	@Override
	void copyOut(int index, ByteBuffer target, int position, int length) {
		target.put(position, buffer(), index, length);
	}

}
