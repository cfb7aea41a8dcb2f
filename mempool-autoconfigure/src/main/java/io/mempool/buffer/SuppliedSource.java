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

import io.mempool.engine.BlockSource;
import org.jspecify.annotations.Nullable;

/**
 * Creates blocks of the memory that the application supplies.
 */
final class SuppliedSource implements BlockSource<MemoryBlock> {

	private final String pool;

	private final MemorySource source;

	private final MemoryKind kind;

	private final boolean clears;

	SuppliedSource(String pool, MemorySource source, MemoryKind kind, Clearing clearing) {
		this.pool = pool;
		this.source = source;
		this.kind = kind;
		this.clears = clearing == Clearing.ON_RELEASE;
		Zeros.prepare();
		HeapLayout.current();
	}

	@Override
	public MemoryBlock create(int size) {
		ByteBuffer memory = this.source.allocate(size);
		try {
			check(memory, size);
			SuppliedBlock block = new SuppliedBlock(this.pool, new SuppliedMemory(this.source, memory),
					memory.slice(memory.position(), size));
			block.fillWithZero(0, size);
			return block;
		}
		catch (Throwable ex) {
			if (memory != null) {
				giveBack(memory, ex);
			}
			throw ex;
		}
	}

	private void giveBack(ByteBuffer memory, Throwable failure) {
		try {
			this.source.free(memory);
		}
		catch (Throwable ex) {
			failure.addSuppressed(ex);
		}
	}

	private void check(@Nullable ByteBuffer memory, int size) {
		String fault = fault(memory, size);
		if (fault != null) {
			throw new IllegalStateException(
					"Cannot create a block of " + size + " bytes for pool '" + this.pool + "': allocate(" + size
							+ ") of its memory source, a " + this.source.getClass().getName() + ", returned " + fault);
		}
	}

	private @Nullable String fault(@Nullable ByteBuffer memory, int size) {
		if (memory == null) {
			return "null. Return a buffer, or throw an exception that says why there is none";
		}
		if (memory.remaining() < size) {
			return "a buffer of " + memory.remaining() + " bytes. Return at least the size that is asked for";
		}
		if (memory.isReadOnly()) {
			return "a read-only buffer. Return one that can be written";
		}
		if (memory.hasArray() != (this.kind == MemoryKind.HEAP)) {
			return (memory.hasArray() ? "a buffer with an array" : "a direct buffer") + ", but memory() is "
					+ ((this.kind == MemoryKind.HEAP) ? "HEAP. Return buffers that have an array"
							: "OFF_HEAP. Return direct buffers");
		}
		return null;
	}

	@Override
	public long weigh(int size) {
		return weigh(this.kind, size);
	}

	/**
	 * Return how much memory of the application counts against limit and budget.
	 */
	static long weigh(MemoryKind kind, int size) {
		return (kind == MemoryKind.HEAP) ? HeapLayout.current().footprint(size) : size;
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

	@Override
	public boolean destroys() {
		return true;
	}

	@Override
	public void destroy(MemoryBlock block, boolean inDoubt, Runnable gone) {
		((SuppliedBlock) block).memory().free(inDoubt, gone);
	}

}
