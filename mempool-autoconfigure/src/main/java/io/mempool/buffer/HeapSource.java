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

import java.util.List;

import io.mempool.core.BlockSource;

/**
 * Makes blocks on the Java heap. Those that may be pooled are kept apart from what lies
 * behind them: they may be next to each other for long. Transient ones are exact.
 */
final class HeapSource implements BlockSource<MemoryBlock> {

	private final String pool;

	private final boolean clears;

	// Of blocks that may be pooled
	private final List<BufferTier> tiers;

	HeapSource(String pool, Clearing clearing, List<BufferTier> tiers) {
		this.pool = pool;
		this.tiers = tiers;
		this.clears = clearing == Clearing.ON_RELEASE;
		Zeros.prepare();
	}

	@Override
	public MemoryBlock create(int size) {
		return new HeapBlock(this.pool, size, isPooled(size) ? HeapBlock.PADDING : 0);
	}

	private boolean isPooled(int size) {
		for (BufferTier tier : this.tiers) {
			if (tier.size() == size) {
				return true;
			}
		}
		return false;
	}

	@Override
	public boolean resets() {
		return this.clears;
	}

	@Override
	public void reset(MemoryBlock block, int extent) {
		block.clear(extent);
	}

}
