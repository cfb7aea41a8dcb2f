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

import io.mempool.engine.BlockSource;

/**
 * Creates blocks outside of the Java heap.
 */
final class NativeSource implements BlockSource<MemoryBlock> {

	static final int PAGE = 4096;

	private final String pool;

	private final boolean clears;

	private final int alignment;

	private final boolean revokes;

	/**
	 * Create a source.
	 * @param pool the name of the pool
	 * @param clearing when memory is cleared
	 * @param pageAligned whether blocks begin at pages
	 * @param revokes whether views die with their lease
	 */
	NativeSource(String pool, Clearing clearing, boolean pageAligned, boolean revokes) {
		this.pool = pool;
		this.clears = clearing == Clearing.ON_RELEASE;
		this.alignment = pageAligned ? PAGE : 1;
		this.revokes = revokes;
	}

	@Override
	public MemoryBlock create(int size) {
		NativeMemory memory = NativeMemory.allocate(size, this.alignment);
		if (this.clears) {
			memory.remains().clearInDoubt();
		}
		return new NativeBlock(this.pool, memory, this.revokes);
	}

	@Override
	public long weigh(int size) {
		return NativeMemory.footprint(size, this.alignment);
	}

	@Override
	public boolean resets() {
		return this.clears || this.revokes;
	}

	@Override
	public boolean resetsTransient() {
		return this.clears;
	}

	@Override
	public boolean reset(MemoryBlock block, int extent) {
		// First the views: none may write to what is cleared
		boolean unused = !this.revokes || ((NativeBlock) block).endViews();
		if (unused && this.clears) {
			block.clear(extent);
		}
		return unused;
	}

	@Override
	public boolean destroys() {
		return true;
	}

	@Override
	public void destroy(MemoryBlock block, boolean inDoubt, Runnable gone) {
		((NativeBlock) block).free(inDoubt, gone);
	}

}
