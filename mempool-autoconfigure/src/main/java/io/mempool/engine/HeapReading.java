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

/**
 * How full the heap was after a collection of all of it.
 *
 * @param number the number of the collection, counted by its collector from 1
 * @param concurrent whether threads go on during a collection. Then what they discard
 * meanwhile may still count as used after it
 * @param used how many bytes were used after it
 * @param capacity how many bytes of live objects the collector can keep
 */
public record HeapReading(long number, boolean concurrent, long used, long capacity) {

	static final long NONE = 0;

	/**
	 * Return whether there was no such collection. What acts on readings acts on this one
	 * too, so that nothing happens for the first time when the heap is full.
	 * @return whether the reading has no number
	 */
	public boolean isRehearsal() {
		return this.number == NONE;
	}

	/**
	 * Return a reading of an empty heap.
	 */
	HeapReading rehearsed() {
		return new HeapReading(NONE, this.concurrent, 0, this.capacity);
	}

}
