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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Memory with an arena of its own: closing that frees the memory at once, and every view
 * of it, duplicates and slices too, throws from then on instead of touching memory that
 * is gone. A shared arena costs tens of microseconds to close, which is why there is one
 * per block, not per lease.
 * <p>
 * Code that the JVM does not know of may use memory in doubt through an address. So the
 * arena of such memory is closed only when no view of it is reachable.
 */
final class ArenaMemory extends NativeMemory {

	private final MemorySegment segment;

	private ArenaMemory(Arena arena, MemorySegment segment, ByteBuffer root) {
		super(root, new ArenaRemains(root, arena));
		this.segment = segment;
	}

	static NativeMemory allocate(int size, int alignment) {
		Arena arena = Arena.ofShared();
		boolean allocated = false;
		try {
			MemorySegment segment = arena.allocate(size, alignment);
			NativeMemory memory = new ArenaMemory(arena, segment, segment.asByteBuffer());
			allocated = true;
			return memory;
		}
		finally {
			if (!allocated) {
				arena.close();
			}
		}
	}

	@Override
	void clear(int start, int length) {
		try {
			this.segment.asSlice(start, length).fill((byte) 0);
		}
		catch (IllegalStateException ex) {
			if (!remains().isFreed()) {
				throw ex;
			}
		}
	}

	private static final class ArenaRemains extends NativeRemains {

		private final Arena arena;

		ArenaRemains(ByteBuffer root, Arena arena) {
			super(root);
			this.arena = arena;
		}

		@Override
		boolean tryFree() {
			if (!this.arena.scope().isAlive()) {
				return true;
			}
			try {
				this.arena.close();
				return true;
			}
			catch (IllegalStateException ex) {
				// An I/O call uses it
				return false;
			}
		}

	}

}
