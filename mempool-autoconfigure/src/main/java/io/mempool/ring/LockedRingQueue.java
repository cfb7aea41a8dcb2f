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
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A ring with a lock: for values that are read while threads push them, when all answers
 * have to be exact.
 * <p>
 * <strong>Progress.</strong> Threads wait for each other, a virtual thread without its
 * carrier. None waits for longer than another one takes to copy the elements. A push
 * allocates nothing.
 * <p>
 * <strong>While other threads write</strong>, every method takes effect at one instant:
 * {@link #snapshot}, {@link #size}, {@link #isFull} and {@link #clear} are linearisable
 * too.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public final class LockedRingQueue<T> implements Ring<T> {

	private final ReentrantLock lock = new ReentrantLock();

	// From here on: guarded by the lock
	private final @Nullable Object[] elements;

	private int oldest;

	private int size;

	/**
	 * Create an empty ring.
	 * @param capacity how many elements it can hold, a positive number
	 */
	public LockedRingQueue(int capacity) {
		this.elements = new Object[checkCapacity(capacity)];
	}

	static int checkCapacity(int capacity) {
		if (capacity < 1) {
			throw new IllegalArgumentException("'capacity' must be positive but is " + capacity);
		}
		return capacity;
	}

	@Override
	public @Nullable T push(T element) {
		Objects.requireNonNull(element, "'element' must not be null");
		this.lock.lock();
		try {
			T overwritten = (this.size == this.elements.length) ? remove() : null;
			this.elements[position(this.size)] = element;
			this.size++;
			return overwritten;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public @Nullable T pop() {
		this.lock.lock();
		try {
			return (this.size > 0) ? remove() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable T remove() {
		T element = at(0);
		this.elements[this.oldest] = null;
		this.oldest = position(1);
		this.size--;
		return element;
	}

	// Only push() puts elements
	@SuppressWarnings("unchecked")
	private @Nullable T at(int age) {
		return (T) this.elements[position(age)];
	}

	private int position(int age) {
		int position = this.oldest + age;
		// Also if the sum overflows
		int beyond = position - this.elements.length;
		return (beyond < 0) ? position : beyond;
	}

	@Override
	public @Nullable T peek() {
		this.lock.lock();
		try {
			return at(0);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<T> snapshot() {
		List<T> snapshot = new ArrayList<>();
		this.lock.lock();
		try {
			for (int age = 0; age < this.size; age++) {
				snapshot.add(Objects.requireNonNull(at(age)));
			}
		}
		finally {
			this.lock.unlock();
		}
		return List.copyOf(snapshot);
	}

	@Override
	public int size() {
		this.lock.lock();
		try {
			return this.size;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public int capacity() {
		return this.elements.length;
	}

	@Override
	public void clear() {
		this.lock.lock();
		try {
			while (this.size > 0) {
				remove();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String toString() {
		return "LockedRingQueue[size=" + size() + ", capacity=" + capacity() + "]";
	}

}
