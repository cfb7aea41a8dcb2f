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
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Views of memory that end together, before the memory does. They have an arena of their
 * own, which several threads share.
 * <p>
 * A view of another arena does not keep the memory allocated. So the arena of the views
 * refers to the buffer that the remains of the memory watch: while a view or this object
 * is reachable, and the arena is open, that buffer is reachable too.
 */
final class RevocableViews {

	private final Arena arena;

	private final MemorySegment segment;

	/**
	 * Open views.
	 * @param segment the memory
	 * @param root the buffer that must stay reachable
	 */
	@SuppressWarnings("restricted")
	RevocableViews(MemorySegment segment, ByteBuffer root) {
		Arena arena = Arena.ofShared();
		boolean opened = false;
		try {
			this.segment = segment.reinterpret(arena, (any) -> Reference.reachabilityFence(root));
			opened = true;
		}
		finally {
			if (!opened) {
				arena.close();
			}
		}
		this.arena = arena;
	}

	ByteBuffer view(int start, int length) {
		return this.segment.asSlice(start, length).asByteBuffer();
	}

	/**
	 * End the views.
	 * @return {@code false} if an I/O call uses one of them
	 */
	boolean end() {
		if (!this.arena.scope().isAlive()) {
			return true;
		}
		try {
			this.arena.close();
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

}
