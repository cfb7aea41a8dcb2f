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

package io.mempool.testing;

import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;

/**
 * Several buffers at once.
 */
public final class Buffers {

	private Buffers() {
	}

	/**
	 * Acquire some buffers of the same size.
	 */
	public static List<PooledBuffer> acquire(BufferPool pool, int size, int count) {
		List<PooledBuffer> buffers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			buffers.add(pool.acquire(size));
		}
		return buffers;
	}

	/**
	 * Return the sizes of tiers as pools take them.
	 */
	public static int[] sizes(List<Integer> sizes) {
		return sizes.stream().mapToInt(Integer::intValue).toArray();
	}

	/**
	 * Mark the memory of a buffer, to know it again in a pool that does not clear.
	 */
	public static void mark(PooledBuffer buffer, int mark) {
		buffer.copyIn(0, new byte[] { (byte) mark }, 0, 1);
	}

	/**
	 * Return the mark of the memory of a buffer.
	 */
	public static int markOf(PooledBuffer buffer) {
		return buffer.toByteArray()[0];
	}

}
