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
import java.util.SplittableRandom;

/**
 * The pattern of released memory in quarantine. It has no two equal halves, so that bytes
 * of a former owner, moved or repeated, differ from it.
 */
final class Poison {

	private static final byte[] PATTERN = new byte[1 << 14];

	static {
		// The same in each run, so that a dump of memory can be read
		new SplittableRandom(0x5EED).nextBytes(PATTERN);
	}

	private Poison() {
	}

	/**
	 * Fill the capacity of a block.
	 */
	static void fill(MemoryBlock block) {
		int capacity = block.capacity();
		for (int done = 0; done < capacity;) {
			int count = Math.min(PATTERN.length, capacity - done);
			block.copyIn(done, PATTERN, 0, count);
			done += count;
		}
	}

	/**
	 * Return whether the capacity of a block is as {@link #fill} left it.
	 */
	static boolean isIntact(MemoryBlock block) {
		ByteBuffer pattern = ByteBuffer.wrap(PATTERN);
		int capacity = block.capacity();
		for (int done = 0; done < capacity;) {
			int count = Math.min(PATTERN.length, capacity - done);
			if (!block.view(done, count).equals(pattern.limit(count))) {
				return false;
			}
			done += count;
		}
		return true;
	}

}
