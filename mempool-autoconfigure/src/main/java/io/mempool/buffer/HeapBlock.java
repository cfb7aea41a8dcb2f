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
import java.util.Arrays;

/**
 * A block on the Java heap.
 */
final class HeapBlock extends MemoryBlock {

	private final byte[] array;

	HeapBlock(String pool, int capacity) {
		super(pool);
		this.array = new byte[capacity];
	}

	@Override
	int capacity() {
		return this.array.length;
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
	ByteBuffer view(int index, int size) {
		return ByteBuffer.wrap(this.array, index, size).slice();
	}

	@Override
	byte get(int index) {
		return this.array[index];
	}

	@Override
	void put(int index, byte value) {
		this.array[index] = value;
	}

	@Override
	void copyIn(int index, byte[] source, int offset, int length) {
		System.arraycopy(source, offset, this.array, index, length);
	}

	@Override
	void copyIn(int index, ByteBuffer source, int position, int length) {
		source.get(position, this.array, index, length);
	}

	@Override
	void copyOut(int index, byte[] target, int offset, int length) {
		System.arraycopy(this.array, index, target, offset, length);
	}

	@Override
	void copyOut(int index, ByteBuffer target, int position, int length) {
		target.put(position, this.array, index, length);
	}

	@Override
	void fillWithZero(int start, int length) {
		Arrays.fill(this.array, start, start + length, (byte) 0);
	}

}
