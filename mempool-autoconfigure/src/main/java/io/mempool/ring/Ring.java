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

import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * The last values of something: a queue of fixed capacity. When it is full, a push
 * overwrites the oldest element. Results follow {@link Queue}: a call that finds no
 * element returns {@code null}, so {@code null} is no element.
 *
 * <pre class="code">
 * Ring&lt;String&gt; failures = new RingQueue&lt;&gt;(100);
 * failures.push(message);
 * failures.snapshot(); // the last 100, oldest first
 * </pre>
 *
 * <strong>Threads.</strong> Both implementations are safe for use by any number of
 * threads. What a thread did before it pushed an element <em>happens-before</em> what
 * another thread does after it popped, peeked or listed that element. {@code push},
 * {@code pop}, {@code peek} and {@code isEmpty} are linearisable: each takes effect at
 * one instant between its call and its return. So no element is lost or popped twice, and
 * elements leave in the order in which they came. {@link RingQueue} and
 * {@link LockedRingQueue} differ in how threads advance, and in what the other methods
 * say while threads write.
 *
 * @param <T> the type of the elements
 * @since 0.1.0
 */
public interface Ring<T> {

	/**
	 * Add an element as the newest. Overwrite the oldest if the ring is full.
	 * @param element the element
	 * @return the element that was overwritten, {@code null} if there was room
	 */
	@Nullable T push(T element);

	/**
	 * Remove the oldest element.
	 * @return the element, {@code null} if the ring is empty
	 * @see Queue#poll()
	 */
	@Nullable T pop();

	/**
	 * Return the oldest element and leave it in the ring.
	 * @return the element, {@code null} if the ring is empty
	 */
	@Nullable T peek();

	/**
	 * List the elements.
	 * @return an immutable copy, oldest first
	 */
	List<T> snapshot();

	/**
	 * Return how many elements the ring holds.
	 * @return a number from {@code 0} to {@link #capacity}
	 */
	int size();

	/**
	 * Return how many elements the ring can hold.
	 * @return a positive number
	 */
	int capacity();

	/**
	 * Return whether the next push overwrites an element.
	 * @return whether the size is the capacity
	 */
	default boolean isFull() {
		return size() == capacity();
	}

	/**
	 * Return whether the ring holds no element.
	 * @return whether there is nothing to pop
	 */
	default boolean isEmpty() {
		return peek() == null;
	}

	/**
	 * Remove the elements that were pushed before this call.
	 */
	void clear();

}
