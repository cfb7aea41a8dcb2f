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

import io.mempool.engine.UnownedBlocks;

/**
 * Memory of the user. It is leased once, neither cleared nor lent again.
 */
final class WrappedMemory extends ByteBufferBlock {

	private static final UnownedBlocks<MemoryBlock> BLOCKS = new UnownedBlocks<>();

	private final ByteBuffer memory;

	private WrappedMemory(ByteBuffer memory) {
		super(null);
		this.memory = memory;
	}

	/**
	 * Begin the lease of a range of an array.
	 */
	static MemoryBlock lease(byte[] array, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, array.length);
		return BLOCKS.lease(new HeapBlock(array, offset, length));
	}

	/**
	 * Begin the lease of the remaining bytes of a buffer.
	 */
	static MemoryBlock lease(ByteBuffer bytes) {
		ByteBuffer memory = bytes.slice();
		return memory.hasArray() ? lease(memory.array(), memory.arrayOffset(), memory.capacity())
				: BLOCKS.lease(new WrappedMemory(memory));
	}

	@Override
	ByteBuffer buffer() {
		return this.memory;
	}

	@Override
	UnsupportedOperationException noArray() {
		return new UnsupportedOperationException(
				"The wrapped bytes are " + (this.memory.isReadOnly() ? "read-only" : "off-heap")
						+ " and have no array to hand out. Use byteBuffer(), or copyIn(..) and copyOut(..)");
	}

	@Override
	int capacity() {
		return this.memory.capacity();
	}

	@Override
	void fillWithZero(int start, int length) {
		throw new UnsupportedOperationException("Memory of the user is not cleared");
	}

}
