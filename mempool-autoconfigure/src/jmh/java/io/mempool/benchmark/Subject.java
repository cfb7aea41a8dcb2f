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

package io.mempool.benchmark;

/**
 * Something that hands out memory and takes it back: a pool, a peer, or a floor.
 */
public interface Subject extends AutoCloseable {

	/**
	 * Hands out itself: shows what the shape of a benchmark costs.
	 */
	Subject NOTHING = new Subject() {

		@Override
		public Object acquire(int size) {
			return this;
		}

		@Override
		public void release(Object handle) {
			// There was nothing
		}

	};

	/**
	 * Take memory.
	 * @param size at least how many bytes
	 * @return what is given to {@link #release}
	 */
	Object acquire(int size) throws Exception;

	/**
	 * Give memory back.
	 * @param handle what {@link #acquire} returned
	 */
	void release(Object handle) throws Exception;

	/**
	 * Return how many of the acquires found pooled memory.
	 * @return percent, or {@code NaN} if the subject does not know
	 */
	default double hitRate() {
		return Double.NaN;
	}

	@Override
	default void close() throws Exception {
	}

}
