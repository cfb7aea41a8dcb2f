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

/**
 * A direct buffer, which the collector frees when no view of it is reachable.
 * <p>
 * Memory in doubt counts until no view of it is reachable. Other memory stops counting at
 * once, although the collector has yet to free it. The JVM itself limits direct memory,
 * and collects when that limit is reached.
 */
final class CollectedMemory extends NativeMemory {

	private CollectedMemory(ByteBuffer root, ByteBuffer buffer) {
		super(buffer, new CollectedRemains(root));
	}

	static NativeMemory allocate(int size, int alignment) {
		ByteBuffer root = ByteBuffer.allocateDirect(Math.toIntExact(footprint(size, alignment)));
		if (alignment == 1) {
			return new CollectedMemory(root, root);
		}
		int start = (alignment - root.alignmentOffset(0, alignment)) % alignment;
		return new CollectedMemory(root, root.slice(start, size));
	}

	@Override
	void clear(int start, int length) {
		ByteBuffer buffer = buffer();
		if (buffer != null) {
			Zeros.fill(buffer, start, length);
		}
	}

	private static final class CollectedRemains extends NativeRemains {

		CollectedRemains(ByteBuffer root) {
			super(root);
		}

		@Override
		boolean tryFree() {
			return true;
		}

	}

}
