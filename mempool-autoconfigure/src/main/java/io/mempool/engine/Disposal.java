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

import io.mempool.core.DiscardReason;
import org.jspecify.annotations.Nullable;

/**
 * Destroys discarded blocks after the lock of the budget was released, and reports them
 * to the flight recorder and the listeners of pools.
 */
final class Disposal {

	private Disposal() {
	}

	/**
	 * Destroy blocks in the order in which they were discarded. No lock held. Throws
	 * nothing.
	 * @param newest the block that was discarded last, linked to those before it
	 */
	static void of(BlockReference<?> newest) {
		BlockReference<?> oldest = reversed(newest);
		for (BlockReference<?> reference = oldest; reference != null; reference = reference.next) {
			reference.destroy();
		}
		try {
			report(oldest);
		}
		catch (Throwable ex) {
			// The blocks are destroyed all the same
		}
	}

	private static BlockReference<?> reversed(BlockReference<?> newest) {
		BlockReference<?> last = newest;
		BlockReference<?> next = newest.next;
		newest.next = null;
		while (next != null) {
			BlockReference<?> current = next;
			next = current.next;
			current.next = last;
			last = current;
		}
		return last;
	}

	private static void report(BlockReference<?> oldest) {
		PoolEvents events = PoolEvents.current();
		boolean discards = events.recordsDiscards();
		boolean trims = events.recordsTrims();
		BlockReference<?> begin = oldest;
		long bytes = 0;
		for (BlockReference<?> reference = oldest; reference != null; reference = reference.next) {
			if (discards && reference.reason() != null) {
				events.discard(pool(reference), capacity(reference), reference.reason());
			}
			bytes += reference.slot().weight;
			if (!isTogether(begin, reference.next)) {
				tellOfTrim(events, begin, bytes, trims);
				begin = (reference.next != null) ? reference.next : reference;
				bytes = 0;
			}
		}
	}

	@SuppressWarnings("ReferenceEquality")
	private static boolean isTogether(BlockReference<?> one, @Nullable BlockReference<?> other) {
		return other != null && other.owner() == one.owner() && other.reason() == one.reason()
				&& other.wasIdle() == one.wasIdle();
	}

	private static void tellOfTrim(PoolEvents events, BlockReference<?> reference, long bytes, boolean trims) {
		DiscardReason reason = reference.reason();
		if (reason == null || !reference.wasIdle()) {
			return;
		}
		if (trims) {
			events.trim(pool(reference), capacity(reference), reason, bytes);
		}
		if (reason != DiscardReason.CLOSED) {
			reference.owner().listeners().trimmed(reason, bytes);
		}
	}

	private static String pool(BlockReference<?> reference) {
		return reference.owner().pool();
	}

	private static int capacity(BlockReference<?> reference) {
		return reference.owner().capacity();
	}

}
