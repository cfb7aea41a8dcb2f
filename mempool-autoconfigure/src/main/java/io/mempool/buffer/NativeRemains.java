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

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.engine.Block;
import org.jspecify.annotations.Nullable;

/**
 * Frees a piece of native memory. Knows whether any view of the memory is reachable, and
 * keeps none reachable itself. Safe for use by several threads.
 */
abstract class NativeRemains extends PhantomReference<ByteBuffer> implements Block.Remains {

	/*
	 * Views. Every slice, duplicate and typed view of a direct buffer refers to the root
	 * buffer that it was derived from, its attachment. So when the root is unreachable,
	 * every view is unreachable. A MemorySegment made of a view does not refer to the
	 * root; once the memory is freed, the segment throws. It is never dangling.
	 *
	 * States. Held > freed (not to be used any more) > done (gone). Memory that is not in
	 * doubt is done at once, unless a call of the operating system uses it. Memory in
	 * doubt is done when no view is reachable. What is freed and not done is pending: the
	 * reclaimer tries again.
	 *
	 * Failures. Each step leaves a state from which the reclaimer can continue. Freed
	 * memory that could not become pending, for want of stack or heap, is in the set of
	 * all held memory.
	 */

	private static final ReferenceQueue<ByteBuffer> UNREACHABLE = new ReferenceQueue<>();

	// Keeps the references, or those of a forgotten pool would never be enqueued
	private static final Set<NativeRemains> HELD = ConcurrentHashMap.newKeySet();

	// In the list of the reclaimer
	@Nullable NativeRemains next;

	private volatile boolean freed;

	// Whether memory in doubt is cleared before it is free
	private volatile boolean clears;

	@GuardedBy("this")
	private boolean inDoubt;

	@GuardedBy("this")
	private boolean pending;

	@GuardedBy("this")
	private boolean done;

	@GuardedBy("this")
	private @Nullable Runnable gone;

	@GuardedBy("this")
	private @Nullable List<Runnable> othersGone;

	/**
	 * Watch the views of memory.
	 * @param root the buffer that all views are derived from
	 */
	NativeRemains(ByteBuffer root) {
		super(root, UNREACHABLE);
		HELD.add(this);
	}

	/**
	 * End the views that end before the memory does. Called with this object's monitor
	 * held.
	 * @return whether none is left; {@code false} if a call of the operating system uses
	 * one
	 */
	boolean tryEndViews() {
		return true;
	}

	/**
	 * Free the memory. Called with this object's monitor held.
	 * @return whether it is gone; {@code false} if a call of the operating system uses it
	 */
	abstract boolean tryFree();

	/**
	 * Clear the memory, which no view reaches any more. Called with this object's monitor
	 * held, before {@link #tryFree}. The default does nothing: where the collector frees
	 * memory, that may have been done already.
	 */
	void wipe() {
	}

	/**
	 * Clear the memory before it is free, if it is in doubt. Other memory was cleared by
	 * its release.
	 */
	final void clearInDoubt() {
		this.clears = true;
	}

	/**
	 * Return whether the memory must not be used any more.
	 */
	final boolean isFreed() {
		return this.freed;
	}

	@Override
	public final void free(boolean inDoubt, Runnable gone) {
		if (!await(inDoubt, gone)) {
			gone.run();
			return;
		}
		boolean settled = false;
		try {
			settled = finish() || enlist();
		}
		finally {
			if (!settled) {
				NativeReclaimer.missed = true;
			}
		}
		NativeReclaimer.serve();
	}

	/**
	 * Register an action to run when the memory is gone.
	 * @return {@code false} if it is gone already
	 */
	private synchronized boolean await(boolean inDoubt, Runnable gone) {
		if (this.done) {
			return false;
		}
		if (this.gone == null) {
			this.gone = gone;
		}
		else {
			if (this.othersGone == null) {
				this.othersGone = new ArrayList<>();
			}
			this.othersGone.add(gone);
		}
		this.inDoubt |= inDoubt;
		this.freed = true;
		return true;
	}

	/**
	 * Free the memory if that is possible now.
	 * @return whether it is gone
	 */
	final boolean finish() {
		Runnable gone;
		List<Runnable> othersGone;
		synchronized (this) {
			if (this.done) {
				return true;
			}
			if (!tryEndViews() || (this.inDoubt && !refersTo(null))) {
				return false;
			}
			if (this.inDoubt && this.clears) {
				wipe();
			}
			if (!tryFree()) {
				return false;
			}
			this.done = true;
			gone = this.gone;
			othersGone = this.othersGone;
			this.gone = null;
			this.othersGone = null;
		}
		try {
			HELD.remove(this);
			clear();
		}
		finally {
			run(gone, othersGone);
		}
		return true;
	}

	private static void run(@Nullable Runnable gone, @Nullable List<Runnable> othersGone) {
		try {
			if (gone != null) {
				gone.run();
			}
		}
		finally {
			if (othersGone != null) {
				othersGone.forEach(Runnable::run);
			}
		}
	}

	private synchronized boolean enlist() {
		if (!this.pending && !this.done) {
			NativeReclaimer.add(this);
			this.pending = true;
		}
		return true;
	}

	private synchronized boolean isMissed() {
		return this.freed && !this.pending && !this.done;
	}

	/**
	 * Make freed memory pending that could not become so when it was freed.
	 */
	static void enlistMissed() {
		for (NativeRemains remains : HELD) {
			if (remains.isMissed()) {
				remains.enlist();
			}
		}
	}

	/**
	 * Free the memory of forgotten pools that were not closed. The reclaimer handles
	 * memory that was freed before.
	 */
	static void freeForgotten() {
		for (Object remains = UNREACHABLE.poll(); remains != null; remains = UNREACHABLE.poll()) {
			NativeRemains forgotten = (NativeRemains) remains;
			if (!forgotten.freed) {
				forgotten.free(true, () -> {
				});
			}
		}
	}

}
