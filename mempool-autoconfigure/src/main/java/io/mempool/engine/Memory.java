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

package io.mempool.engine;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The memory that blocks are made of. Knows all pools of its kind, so that they give up
 * idle memory when the JVM has none left for one of them.
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum Memory {

	/**
	 * The heap of the JVM.
	 */
	HEAP,

	/**
	 * Memory outside of the heap.
	 */
	OFF_HEAP;

	// Weak, so that a forgotten pool can be collected
	private final Set<Reference<? extends Holder>> holders = ConcurrentHashMap.newKeySet();

	private final ReferenceQueue<Holder> forgotten = new ReferenceQueue<>();

	/**
	 * Add a pool. Takes as long with many pools as with few.
	 * @return what {@link #unregister} takes
	 */
	Reference<? extends Holder> register(Holder holder) {
		for (Reference<?> gone = this.forgotten.poll(); gone != null; gone = this.forgotten.poll()) {
			this.holders.remove(gone);
		}
		Reference<Holder> registration = new WeakReference<>(holder, this.forgotten);
		this.holders.add(registration);
		return registration;
	}

	void unregister(Reference<? extends Holder> registration) {
		this.holders.remove(registration);
	}

	/**
	 * Give up the idle memory of all pools. No lock held: the locks of all budgets are
	 * taken, one after another.
	 */
	void giveUpIdle() {
		for (Reference<? extends Holder> reference : this.holders) {
			Holder holder = reference.get();
			if (holder != null) {
				holder.giveUpIdle();
			}
		}
	}

	/**
	 * A pool that holds idle memory.
	 */
	interface Holder {

		/**
		 * Give up all idle memory, since the JVM has none left. No lock held.
		 */
		void giveUpIdle();

	}

}
