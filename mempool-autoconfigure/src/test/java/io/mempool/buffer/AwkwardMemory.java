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
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A source as hard to use as the contract allows: its buffers are larger than asked for,
 * begin somewhere, share an array, and hold what others wrote.
 */
final class AwkwardMemory implements MemorySource {

	private static final int BEFORE = 7;

	private final MemoryKind memory;

	private final Set<ByteBuffer> allocated = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<ByteBuffer> freed = new ArrayList<>();

	private final List<ByteBuffer> abandoned = new ArrayList<>();

	AwkwardMemory(MemoryKind memory) {
		this.memory = memory;
	}

	@Override
	public MemoryKind memory() {
		return this.memory;
	}

	@Override
	public ByteBuffer allocate(int size) {
		int length = BEFORE + size + 9;
		ByteBuffer memory = (this.memory == MemoryKind.HEAP) ? ByteBuffer.allocate(length)
				: ByteBuffer.allocateDirect(length);
		for (int i = 0; i < length; i++) {
			memory.put(i, (byte) 0x55);
		}
		memory.position(BEFORE);
		synchronized (this) {
			this.allocated.add(memory);
		}
		return memory;
	}

	@Override
	public synchronized void free(ByteBuffer memory) {
		end(memory);
		this.freed.add(memory);
	}

	@Override
	public synchronized void abandon(ByteBuffer memory) {
		end(memory);
		this.abandoned.add(memory);
	}

	// A call twice or with other memory would be a mistake of the pool
	private void end(ByteBuffer memory) {
		if (!this.allocated.remove(memory)) {
			throw new AssertionError("not allocated, or given back before: " + memory);
		}
		for (int i = 0; i < BEFORE; i++) {
			if (memory.get(i) != 0x55 || memory.get(memory.capacity() - 1 - i) != 0x55) {
				throw new AssertionError("written beyond the block");
			}
		}
	}

	/**
	 * Return how many buffers the pool has.
	 */
	synchronized int open() {
		return this.allocated.size();
	}

	synchronized int freed() {
		return this.freed.size();
	}

	synchronized int abandoned() {
		return this.abandoned.size();
	}

}
