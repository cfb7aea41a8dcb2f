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

package io.mempool.fuzz;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;

/**
 * Any operations of buffers, slices, their streams, readers and writers do what they do
 * to arrays, or fail as they promise; and no lease is left behind.
 */
final class BytesTarget implements FuzzTarget {

	/**
	 * What the pools lend of their tiers.
	 */
	static final int LENT = 64 * 1024;

	/**
	 * More than this is refused before memory is taken.
	 */
	static final int LIMIT = 1024 * 1024;

	private final BufferPool[] pools = { pool("heap").build(), pool("off-heap").memory(MemoryKind.OFF_HEAP).build(),
			pool("unpooled").pooling(false).build() };

	private static BufferPoolBuilder pool(String name) {
		return BufferPool.builder(name).tiers(64, 256, 1024, 8192, LENT).limit(LIMIT).policy(ExhaustionPolicy.FAIL);
	}

	/**
	 * Return a size, but none that is lent and not kept: off-heap memory of that is free
	 * only after a garbage collection.
	 */
	static int lentOrRefused(int size) {
		return (size > LENT && size <= LIMIT) ? size + LIMIT : size;
	}

	@Override
	public String run(FuzzInput input) throws Exception {
		BufferPool pool = input.pick(this.pools);
		BufferOperations buffers = new BufferOperations(pool, input);
		SliceOperations slices = new SliceOperations(pool, input);
		String outcome = switch (input.below(8)) {
			case 0, 1 -> buffers.access();
			case 2 -> buffers.grow();
			case 3 -> buffers.read();
			case 4, 5 -> slices.carve();
			case 6 -> slices.read();
			default -> slices.write();
		};
		Checks.same(pool.statistics().leased(), 0L, "What is leased afterwards");
		return pool.name() + ": " + outcome;
	}

	@Override
	public void close() {
		for (BufferPool pool : this.pools) {
			pool.close();
		}
	}

}
