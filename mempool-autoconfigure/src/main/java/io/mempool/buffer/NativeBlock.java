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
final class NativeBlock extends ByteBufferBlock {

	private final NativeMemory memory;

	private final boolean revocable;

	/**
	 * Create a block.
	 * @param pool the name of the pool
	 * @param memory its memory
	 * @param revocable whether {@link #endViews} ends the views of an owner
	 */
	NativeBlock(String pool, NativeMemory memory, boolean revocable) {
		super(pool);
		this.memory = memory;
		this.revocable = revocable;
	}

	@Override
	boolean isRevocable() {
		return this.revocable;
	}

	@Override
	ByteBuffer revocableView(int index, int size) {
		ByteBuffer view = this.memory.revocableView(index, size);
		if (view == null) {
			throw closed();
		}
		return view;
	}

	/**
	 * End the views of the last owner.
	 * @return {@code false} if one of them is in use, and stays alive
	 */
	boolean endViews() {
		return this.memory.endViews();
	}

	@Override
	protected Remains remains() {
		return this.memory.remains();
	}

	/**
	 * Free the memory. A released handle may keep the block reachable, but not the
	 * memory.
	 */
	void free(boolean inDoubt, Runnable gone) {
		this.memory.letGo();
		this.memory.remains().free(inDoubt, gone);
	}

	@Override
	boolean isGone() {
		return this.memory.remains().isFreed();
	}

	@Override
	ByteBuffer buffer() {
		ByteBuffer buffer = this.memory.buffer();
		if (buffer == null || this.memory.remains().isFreed()) {
			throw closed();
		}
		return buffer;
	}

	private PoolClosedException closed() {
		return new PoolClosedException("Cannot use a buffer " + origin()
				+ ": the pool was closed and its off-heap memory freed. Release buffers before closing their pool");
	}

	@Override
	UnsupportedOperationException noArray() {
		return new UnsupportedOperationException("Memory " + origin()
				+ " is off-heap and has no array. Use byteBuffer(), or copyIn(..) and copyOut(..)");
	}

	@Override
	int capacity() {
		return this.memory.size();
	}

	@Override
	void fillWithZero(int start, int length) {
		this.memory.clear(start, length);
	}

}
