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

import java.util.concurrent.atomic.AtomicLong;

import io.mempool.engine.BlockSource;
import io.mempool.engine.Quarantine;
import io.mempool.engine.SlabAllocator.Space;
import org.jspecify.annotations.Nullable;

/**
 * Fills the released blocks of one tier with a pattern, and verifies it before their next
 * use.
 */
final class QuarantineSource implements BlockSource<MemoryBlock>, Quarantine<MemoryBlock> {

	private final BlockSource<MemoryBlock> source;

	private final AtomicLong releases = new AtomicLong();

	/**
	 * Put the blocks of one tier in quarantine.
	 * @param source what creates and destroys them
	 */
	QuarantineSource(BlockSource<MemoryBlock> source) {
		this.source = source;
	}

	@Override
	public MemoryBlock create(int size) {
		return this.source.create(size);
	}

	@Override
	public MemoryBlock createTransient(int size) {
		return this.source.createTransient(size);
	}

	@Override
	public MemoryBlock create(int size, Space space) {
		return this.source.create(size, space);
	}

	@Override
	public boolean resets() {
		return true;
	}

	@Override
	public boolean resetsTransient() {
		return this.source.resetsTransient();
	}

	@Override
	public boolean reset(MemoryBlock block, int extent) {
		block.poison(this.releases.incrementAndGet());
		return true;
	}

	@Override
	public @Nullable Quarantine<MemoryBlock> quarantine() {
		return this;
	}

	@Override
	public long releasesAfter(MemoryBlock block) {
		long release = block.poisoned();
		return (release != 0) ? this.releases.get() - release : Long.MAX_VALUE;
	}

	@Override
	public boolean isIntact(MemoryBlock block) {
		return block.poisoned() == 0 || block.isPoisonIntact();
	}

	@Override
	public void end(MemoryBlock block) {
		block.endPoison();
	}

	@Override
	public boolean isFit(MemoryBlock block) {
		return this.source.isFit(block);
	}

	@Override
	public long weigh(int size) {
		return this.source.weigh(size);
	}

	@Override
	public long weighTransient(int size) {
		return this.source.weighTransient(size);
	}

	@Override
	public boolean destroys() {
		return this.source.destroys();
	}

	@Override
	public void destroy(MemoryBlock block, boolean inDoubt, Runnable gone) {
		this.source.destroy(block, inDoubt, gone);
	}

}
