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

import io.mempool.engine.Block;

/**
 * A block of memory of the application, on the heap or outside of it.
 */
final class SuppliedBlock extends ByteBufferBlock {

	private final SuppliedMemory memory;

	private final ByteBuffer buffer;

	/**
	 * Create a block.
	 * @param pool the name of the pool
	 * @param memory what takes the memory back
	 * @param buffer the memory, from its beginning to its capacity
	 */
	SuppliedBlock(String pool, SuppliedMemory memory, ByteBuffer buffer) {
		super(pool);
		this.memory = memory;
		this.buffer = buffer;
	}

	SuppliedMemory memory() {
		return this.memory;
	}

	@Override
	protected Block.Remains remains() {
		return this.memory;
	}

	@Override
	ByteBuffer buffer() {
		return this.buffer;
	}

	@Override
	boolean hasArray() {
		return this.buffer.hasArray();
	}

	@Override
	byte[] array() {
		if (!hasArray()) {
			throw noArray();
		}
		return this.buffer.array();
	}

	@Override
	int arrayOffset() {
		if (!hasArray()) {
			throw noArray();
		}
		return this.buffer.arrayOffset();
	}

	@Override
	UnsupportedOperationException noArray() {
		return new UnsupportedOperationException("Memory " + origin()
				+ " is off-heap and has no array. Use byteBuffer(), or copyIn(..) and copyOut(..)");
	}

	@Override
	int capacity() {
		return this.buffer.capacity();
	}

	@Override
	void fillWithZero(int start, int length) {
		if (hasArray()) {
			Zeros.fill(array(), arrayOffset() + start, length);
		}
		else {
			Zeros.fill(this.buffer, start, length);
		}
	}

}
