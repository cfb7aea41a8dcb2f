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

package io.mempool.scope;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.mempool.core.Lease;
import org.jspecify.annotations.Nullable;

/**
 * What a scope owns: leases of every kind, of which a stream is one until it hands its
 * buffer over. Safe for use by several threads. The scope inherits it, so that a request
 * creates one object less than if the scope had it.
 */
// Marks are known by identity
@SuppressWarnings("ReferenceEquality")
class ScopeItems extends CountedItems {

	/*
	 * Layout. An array is filled from the front, without gaps. A thread adds an item by
	 * one compare-and-set of the first empty slot, without a lock. That is the
	 * linearisation point. All other steps hold the monitor of this object. Nothing
	 * blocks under it.
	 *
	 * Why it is correct. No item is lost, for two reasons. No slot is ever emptied, also
	 * not by the end: what leaves its slot leaves a mark. And an array is replaced only
	 * when no thread can add to it: all its slots are taken, or the end has taken the
	 * first empty one. A thread that is late with its compare-and-set finds no empty
	 * slot, however far the end has come. It takes the monitor, and sees whether there is
	 * another array. An item that was added before has its slot. The end looks at one
	 * slot after the other until it has taken an empty one, so it has seen the item.
	 *
	 * Cost. A mark keeps no item. A full array drops marks and items that were released
	 * early. The next array is larger only if more than half of the items are alive. So
	 * an item costs constant time, and a released item costs no memory.
	 *
	 * Memory order. The number of filled slots is a hint, and its writes may race. It may
	 * belong to another array, or be old. It is used only if the slot before it is taken,
	 * because then all slots before that one are.
	 */

	// Most scopes own two or three items. The others own many
	private static final int INITIAL_LENGTH = 4;

	private static final int GROWTH = 4;

	private static final Object GONE = new Object();

	private static final Object END = new Object();

	private static final @Nullable Object[] NONE = {};

	private static final @Nullable Object[] ENDED = { END };

	private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

	private volatile @Nullable Object[] slots = NONE;

	// What the end has taken away and not yet released. Guarded by this
	private @Nullable Object[] rest = NONE;

	private int filled;

	/**
	 * Add an item.
	 * @return whether it is owned now; {@code false} after the end
	 */
	final boolean add(Lease item) {
		return addIfRoom(item) || addMakingRoom(item);
	}

	private boolean addIfRoom(Lease item) {
		@Nullable Object[] slots = this.slots;
		for (int i = firstEmpty(slots); i < slots.length; i++) {
			Object present = take(slots, i, item);
			if (present == null) {
				this.filled = i + 1;
				return true;
			}
			if (present == END) {
				return false;
			}
		}
		return false;
	}

	private int firstEmpty(@Nullable Object[] slots) {
		int filled = this.filled;
		return (filled > slots.length || (filled > 0 && slots[filled - 1] == null)) ? 0 : filled;
	}

	// Types as the handle has them, or it would convert at each call
	private static @Nullable Object take(@Nullable Object[] slots, int index, Object item) {
		return (Object) SLOT.compareAndExchange(slots, index, (Object) null, item);
	}

	private synchronized boolean addMakingRoom(Lease item) {
		if (isEnded()) {
			return false;
		}
		// Unless another thread has made room meanwhile
		if (!addIfRoom(item)) {
			this.slots = withRoom(this.slots, item);
		}
		return true;
	}

	private @Nullable Object[] withRoom(@Nullable Object[] full, Lease item) {
		int alive = (int) sum(full, (present) -> 1);
		int length = (alive > full.length / 2) ? full.length * GROWTH : full.length;
		@Nullable Object[] slots = new @Nullable Object[Math.max(length, INITIAL_LENGTH)];
		int count = 0;
		for (int i = 0; i < full.length; i++) {
			Lease present = at(full, i);
			// None comes alive again
			if (present != null && present.isAlive()) {
				slots[count++] = present;
			}
		}
		slots[count] = item;
		this.filled = count + 1;
		return slots;
	}

	/**
	 * Return what is in a slot of {@link #end()}.
	 * @return an item, dead or alive, or {@code null} if there is none
	 */
	static @Nullable Lease at(@Nullable Object[] slots, int index) {
		Object present = (Object) SLOT.getAcquire(slots, index);
		return (present != GONE && present != END) ? (Lease) present : null;
	}

	/**
	 * Remove the item in a slot. The slot stays taken.
	 */
	static void leave(@Nullable Object[] slots, int index) {
		SLOT.setRelease(slots, index, GONE);
	}

	/**
	 * Remove an item: the newest one that matches and is alive.
	 * @return the item, or {@code null} if there is none
	 */
	final synchronized @Nullable Lease remove(Predicate<Lease> matcher) {
		@Nullable Object[] slots = this.slots;
		for (int i = slots.length - 1; i >= 0; i--) {
			Lease item = at(slots, i);
			if (item != null && matcher.test(item) && item.isAlive()) {
				leave(slots, i);
				return item;
			}
		}
		return null;
	}

	@Override
	final long held() {
		return sum(Lease::size);
	}

	/**
	 * Add a number up over all items that are alive.
	 * @param number what to add for each
	 */
	final long sum(ToLongFunction<Lease> number) {
		return sum(this.slots, number);
	}

	private static long sum(@Nullable Object[] slots, ToLongFunction<Lease> number) {
		long sum = 0;
		for (int i = 0; i < slots.length; i++) {
			Lease item = at(slots, i);
			if (item != null && item.isAlive()) {
				sum += number.applyAsLong(item);
			}
		}
		return sum;
	}

	/**
	 * Return whether an item is owned.
	 */
	final boolean owns(Lease item) {
		@Nullable Object[] slots = this.slots;
		for (int i = 0; i < slots.length; i++) {
			if (at(slots, i) == item) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Take all items away, for ever.
	 * @return the slots they are in, oldest first, for {@link #at}; after the first call
	 * those that are left. The caller {@linkplain #leave removes} each, and calls
	 * {@link #endedAll} then
	 */
	final synchronized @Nullable Object[] end() {
		@Nullable Object[] slots = this.slots;
		if (isEnded()) {
			return this.rest;
		}
		this.rest = slots;
		int i = 0;
		while (i < slots.length && (SLOT.getAcquire(slots, i) != null || take(slots, i, END) != null)) {
			i++;
		}
		this.slots = ENDED;
		return slots;
	}

	/**
	 * Forget the slots that {@link #end} returned: no item is left in them.
	 */
	final synchronized void endedAll() {
		this.rest = NONE;
	}

	final boolean isEnded() {
		return this.slots == ENDED;
	}

}
