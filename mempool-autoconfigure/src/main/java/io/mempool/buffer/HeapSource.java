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

import io.mempool.buffer.Slab.Range;
import io.mempool.engine.BlockSource;
import io.mempool.engine.SlabAllocator.Space;

/**
 * Creates blocks on the Java heap. Padding separates blocks that may be pooled from the
 * memory behind them, as they may be neighbours for long. Transient blocks have their
 * exact size.
 */
final class HeapSource implements BlockSource<MemoryBlock> {

	private final String pool;

	private final boolean clears;

	HeapSource(String pool, Clearing clearing) {
		this.pool = pool;
		this.clears = clearing == Clearing.ON_RELEASE;
		Zeros.prepare();
		HeapLayout.current();
	}

	@Override
	public MemoryBlock create(int size) {
		return new HeapBlock(this.pool, size, HeapBlock.PADDING);
	}

	@Override
	public MemoryBlock createTransient(int size) {
		return new HeapBlock(this.pool, size, 0);
	}

	// Another block may have used the space, even one that could not be cleared
	@Override
	public MemoryBlock create(int size, Space space) {
		HeapBlock block = new HeapBlock(this.pool, size, (Range) space);
		if (this.clears) {
			block.fillWithZero(0, size);
		}
		return block;
	}

	@Override
	public long weigh(int size) {
		return HeapLayout.current().footprint(HeapBlock.arrayLength(size, HeapBlock.PADDING));
	}

	@Override
	public long weighTransient(int size) {
		return HeapLayout.current().footprint(size);
	}

	@Override
	public boolean resets() {
		return this.clears;
	}

	@Override
	public boolean resetsTransient() {
		return this.clears;
	}

	@Override
	public boolean reset(MemoryBlock block, int extent) {
		block.clear(extent);
		return true;
	}

}
