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

import io.mempool.core.PoolClosedException;

/**
 * A block outside of the Java heap.
 */
final class NativeBlock extends MemoryBlock {

	private final NativeMemory memory;

	NativeBlock(String pool, NativeMemory memory) {
		super(pool);
		this.memory = memory;
	}

	@Override
	protected Runnable remains() {
		NativeMemory memory = this.memory;
		return () -> NativeReclaimer.free(memory);
	}

	void free() {
		NativeReclaimer.free(this.memory);
	}

	private ByteBuffer buffer() {
		if (this.memory.isFreed()) {
			throw new PoolClosedException("Cannot use a buffer of pool '" + pool()
					+ "': the pool was closed and its off-heap memory freed. Release buffers before closing their pool");
		}
		return this.memory.buffer();
	}

	@Override
	int capacity() {
		return this.memory.buffer().capacity();
	}

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

	private UnsupportedOperationException noArray() {
		return new UnsupportedOperationException("Memory of pool '" + pool()
				+ "' is off-heap and has no array. Use byteBuffer(), or copyIn(..) and copyOut(..)");
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
	void put(int index, byte value) {
		buffer().put(index, value);
	}

	@Override
	void copyIn(int index, byte[] source, int offset, int length) {
		buffer().put(index, source, offset, length);
	}

	@Override
	void copyIn(int index, ByteBuffer source) {
		buffer().put(index, source, source.position(), source.remaining());
		source.position(source.limit());
	}

	@Override
	void copyOut(int index, byte[] target, int offset, int length) {
		buffer().get(index, target, offset, length);
	}

	@Override
	void copyOut(int index, ByteBuffer target) {
		int count = target.remaining();
		target.put(target.position(), buffer(), index, count);
		target.position(target.position() + count);
	}

	@Override
	void fillWithZero(int length) {
		this.memory.clear(length);
	}

}
