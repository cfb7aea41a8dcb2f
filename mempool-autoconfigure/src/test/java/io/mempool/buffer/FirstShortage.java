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
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;

/**
 * A program that builds a pool and uses it, prints {@link #BEGIN}, and runs out of each
 * resource for the first time. Prints the message of each refusal, and {@link #END}.
 */
public final class FirstShortage {

	static final String BEGIN = "From here on something is short";

	static final String END = "To here";

	private static final int SIZE = 1024;

	private FirstShortage() {
	}

	public static void main(String[] args) {
		BufferPool capped = builder("capped").caps(new Caps(1, 1, 0)).build();
		BufferPool limited = builder("limited").limit(SIZE + 100).build();
		BufferPool budgeted = builder("budgeted").budget(BufferPool.budget("mempool.budget.heap", SIZE + 100)).build();
		Full memory = new Full();
		BufferPool full = builder("full").memorySource(memory).build();
		List<BufferPool> pools = List.of(capped, limited, budgeted, full);
		for (int i = 0; i < pools.size(); i++) {
			pools.get(i).acquire(SIZE).release();
		}
		full.trim();
		memory.full = true;
		List<PooledBuffer> held = new ArrayList<>(8);
		System.out.println(BEGIN);
		for (int i = 0; i < pools.size(); i++) {
			try {
				held.add(pools.get(i).acquire(SIZE));
				held.add(pools.get(i).acquireAtLeast(SIZE, SIZE));
			}
			catch (PoolExhaustedException ex) {
				System.out.println(ex.getMessage());
			}
		}
		System.out.println(END);
		for (int i = 0; i < held.size(); i++) {
			held.get(i).release();
		}
	}

	private static BufferPoolBuilder builder(String name) {
		return BufferPool.builder(name).tiers(SIZE).policy(ExhaustionPolicy.FAIL);
	}

	/**
	 * Memory that comes to its end.
	 */
	private static final class Full implements MemorySource {

		private boolean full;

		@Override
		public MemoryKind memory() {
			return MemoryKind.HEAP;
		}

		@Override
		public ByteBuffer allocate(int size) {
			if (this.full) {
				throw new OutOfMemoryError("provoked");
			}
			return ByteBuffer.allocate(size);
		}

	}

}
