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
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

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

	/*
	 * Revocable views have another arena, so that they end while the memory stays. The
	 * memory must outlive them: nothing else stops a view from touching memory that is
	 * gone. So the remains end the views before they free the memory.
	 *
	 * While a lease is open, its block refers to the views, and the remains do so weakly:
	 * a lost lease must stay collectable. If they find no views and the arena was not
	 * closed, the block is lost, and they wait until no view is reachable. Once the
	 * memory is dropped, the remains hold the views and end them as soon as no I/O call
	 * uses one. All of this happens with the monitor of the remains held.
	 */

	private final MemorySegment segment;

	private final ArenaRemains remains;

	// Guarded by the monitor of the remains
	private @Nullable RevocableViews views;

	private ArenaMemory(MemorySegment segment, ByteBuffer root, ArenaRemains remains) {
		super(root, remains);
		this.segment = segment;
		this.remains = remains;
	}

	static NativeMemory allocate(int size, int alignment) {
		Arena arena = Arena.ofShared();
		boolean allocated = false;
		try {
			MemorySegment segment = arena.allocate(size, alignment);
			ByteBuffer root = segment.asByteBuffer();
			NativeMemory memory = new ArenaMemory(segment, root, new ArenaRemains(root, arena, segment));
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

	@Override
	@Nullable ByteBuffer revocableView(int start, int length) {
		synchronized (this.remains) {
			ByteBuffer root = buffer();
			if (root == null || this.remains.isFreed()) {
				return null;
			}
			RevocableViews views = this.views;
			if (views == null) {
				views = new RevocableViews(this.segment, root);
				this.remains.watch(views);
				this.views = views;
			}
			return views.view(start, length);
		}
	}

	@Override
	boolean endViews() {
		synchronized (this.remains) {
			RevocableViews views = this.views;
			if (views != null) {
				if (!views.end()) {
					return false;
				}
				this.remains.watch(null);
				this.views = null;
			}
			return true;
		}
	}

	@Override
	void letGo() {
		synchronized (this.remains) {
			this.remains.adopt(this.views);
			this.views = null;
		}
		super.letGo();
	}

	private static final class ArenaRemains extends NativeRemains {

		private final Arena arena;

		// Does not refer to the root
		private final MemorySegment segment;

		// The open views of a lease
		@GuardedBy("this")
		private @Nullable WeakReference<RevocableViews> watched;

		// Views that outlived their lease
		@GuardedBy("this")
		private @Nullable RevocableViews adopted;

		ArenaRemains(ByteBuffer root, Arena arena, MemorySegment segment) {
			super(root);
			this.arena = arena;
			this.segment = segment;
		}

		@Override
		void wipe() {
			if (this.arena.scope().isAlive()) {
				this.segment.fill((byte) 0);
			}
		}

		synchronized void watch(@Nullable RevocableViews views) {
			this.watched = (views != null) ? new WeakReference<>(views) : null;
		}

		synchronized void adopt(@Nullable RevocableViews views) {
			this.adopted = views;
		}

		@Override
		@GuardedBy("this")
		boolean tryEndViews() {
			WeakReference<RevocableViews> watched = this.watched;
			if (watched == null) {
				return true;
			}
			RevocableViews views = (this.adopted != null) ? this.adopted : watched.get();
			boolean ended = (views != null) ? views.end() : refersTo(null);
			if (ended) {
				this.watched = null;
				this.adopted = null;
			}
			return ended;
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
