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

package io.mempool.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * A ring without a lock: for values that many threads push, and that are read now and
 * then.
 * <p>
 * <strong>Progress.</strong> It is lock-free: a thread repeats a step only if another
 * thread finished one. A thread that is stopped at any point holds up no other. A push
 * allocates 24 bytes.
 * <p>
 * <strong>While other threads write</strong>, a {@link #snapshot} is a run of successive
 * pushes: none between its first and its last element is missing. All of them were in the
 * ring during the call, but not all need have been there at one instant. {@link #size}
 * and {@link #isFull} are estimates. If all of that has to be exact, use a
 * {@link LockedRingQueue}.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public final class RingQueue<T> implements Ring<T> {

	/*
	 * Layout. Each push has a number, in sequence from 0. Its element goes into the slot
	 * of that number modulo the capacity, in an entry that says which number it has. A
	 * slot only ever moves on: from one number to that number plus the capacity, and from
	 * an element to an entry of the same number without it, which is what a pop leaves.
	 * An element is gone if it was popped or overwritten. That is for ever.
	 *
	 * Push. It looks for the first number whose slot does not have it yet. All lower
	 * numbers are there, so the slot has the number of one round before: the oldest of a
	 * full ring. One compare-and-set replaces it: the linearisation point. If it fails,
	 * another thread pushed that number, or popped the oldest.
	 *
	 * Pop. It looks for the first number that is not gone. A slot with a higher number
	 * says that all numbers up to one round below that are gone. One compare-and-set
	 * takes the element out of the slot: the linearisation point. All lower numbers are
	 * gone then, so it is the oldest. If the slot does not have the number yet, all that
	 * was pushed is gone: at that read the ring was empty.
	 *
	 * Memory order. Both searches begin at a hint: "all lower numbers are there", "all
	 * lower numbers are gone". Either stays true. So an old hint costs steps and nothing
	 * else, and a slow thread may overwrite a newer one. A hint is written with release
	 * after the step that made it true, and read with acquire, so its reader finds the
	 * slots as it says. Slots are written by a compare-and-set and read with volatile
	 * reads.
	 *
	 * Cost. A push is one compare-and-set and one entry, and a division unless the
	 * capacity is a power of two.
	 */

	// 128 bytes apart: processors fetch cache lines in pairs
	private static final int PADDING = 16;

	private static final int FIRST_TO_PUSH = PADDING;

	private static final int FIRST_TO_POP = 2 * PADDING;

	private final AtomicLongArray hints = new AtomicLongArray(3 * PADDING);

	private final AtomicReferenceArray<@Nullable Entry<T>> slots;

	private final int capacity;

	private final boolean powerOfTwo;

	/**
	 * Create an empty ring.
	 * @param capacity how many elements it can hold, a positive number
	 */
	public RingQueue(int capacity) {
		this.slots = new AtomicReferenceArray<>(LockedRingQueue.checkCapacity(capacity));
		this.capacity = capacity;
		this.powerOfTwo = Integer.bitCount(capacity) == 1;
	}

	private int slot(long number) {
		return (int) (this.powerOfTwo ? number & (this.capacity - 1) : number % this.capacity);
	}

	@Override
	public @Nullable T push(T element) {
		Entry<T> entry = new Entry<>(Objects.requireNonNull(element, "'element' must not be null"));
		long number = this.hints.getAcquire(FIRST_TO_PUSH);
		while (true) {
			int slot = slot(number);
			Entry<T> present = this.slots.get(slot);
			if (present != null && present.number >= number) {
				number = present.number + 1;
				continue;
			}
			entry.number = number;
			if (this.slots.compareAndSet(slot, present, entry)) {
				this.hints.setRelease(FIRST_TO_PUSH, number + 1);
				return (present != null) ? present.element : null;
			}
		}
	}

	@Override
	public @Nullable T pop() {
		return pop(Long.MAX_VALUE);
	}

	private @Nullable T pop(long end) {
		while (true) {
			Entry<T> oldest = oldest();
			if (oldest == null || oldest.number >= end) {
				return null;
			}
			if (this.slots.compareAndSet(slot(oldest.number), oldest, new Entry<>(oldest.number))) {
				this.hints.setRelease(FIRST_TO_POP, oldest.number + 1);
				return oldest.element;
			}
		}
	}

	@Override
	public @Nullable T peek() {
		Entry<T> oldest = oldest();
		return (oldest != null) ? oldest.element : null;
	}

	/**
	 * Return the entry of the first number that is not gone, {@code null} if there is
	 * none.
	 */
	private @Nullable Entry<T> oldest() {
		return from(this.hints.getAcquire(FIRST_TO_POP));
	}

	/**
	 * Return the entry of the first number from a given one on that is not gone,
	 * {@code null} if there is none.
	 */
	private @Nullable Entry<T> from(long first) {
		long number = first;
		while (true) {
			Entry<T> present = this.slots.get(slot(number));
			if (present == null || present.number < number) {
				return null;
			}
			if (present.number > number) {
				number = present.number - this.capacity + 1;
			}
			else if (present.element == null) {
				number++;
			}
			else {
				return present;
			}
		}
	}

	/**
	 * Return the number that the next push has.
	 */
	private long next() {
		long number = this.hints.getAcquire(FIRST_TO_PUSH);
		while (true) {
			Entry<T> present = this.slots.get(slot(number));
			if (present == null || present.number < number) {
				return number;
			}
			number = present.number + 1;
		}
	}

	@Override
	public List<T> snapshot() {
		List<T> elements = new ArrayList<>();
		long end = next();
		long expected = -1;
		Entry<T> entry = oldest();
		while (entry != null && entry.number < end) {
			if (entry.number != expected) {
				// Those before were overwritten or popped meanwhile
				elements.clear();
			}
			elements.add(entry.element());
			expected = entry.number + 1;
			entry = from(expected);
		}
		return List.copyOf(elements);
	}

	@Override
	public int size() {
		Entry<T> oldest = oldest();
		return (oldest != null) ? (int) Math.min(next() - oldest.number, this.capacity) : 0;
	}

	@Override
	public int capacity() {
		return this.capacity;
	}

	@Override
	public void clear() {
		long end = next();
		boolean removed;
		do {
			// One after the other, so that no element is popped twice
			removed = pop(end) != null;
		}
		while (removed);
	}

	@Override
	public String toString() {
		return "RingQueue[size=" + size() + ", capacity=" + capacity() + "]";
	}

	/**
	 * What is in a slot.
	 */
	private static final class Entry<T> {

		// Written before other threads see the entry
		long number;

		// Null once it was popped
		final @Nullable T element;

		Entry(T element) {
			this.element = element;
		}

		Entry(long number) {
			this.number = number;
			this.element = null;
		}

		T element() {
			return Objects.requireNonNull(this.element);
		}

	}

}
