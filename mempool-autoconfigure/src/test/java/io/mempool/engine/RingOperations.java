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

import io.mempool.ring.Ring;
import io.mempool.ring.RingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What threads do to a ring of two elements that is full at the beginning.
 */
public final class RingOperations {

	private final Ring<Integer> ring = new RingQueue<>(2);

	public RingOperations() {
		for (int i = -3; i < 0; i++) {
			this.ring.push(i);
		}
	}

	/**
	 * Push an element.
	 */
	public @Nullable Integer push(int element) {
		return this.ring.push(element);
	}

	/**
	 * Pop an element.
	 */
	public @Nullable Integer pop() {
		return this.ring.pop();
	}

	/**
	 * Look at the oldest element.
	 */
	public @Nullable Integer peek() {
		return this.ring.peek();
	}

	/**
	 * The last two elements.
	 */
	public static final class Specification {

		private @Nullable Integer older = -2;

		private @Nullable Integer newer = -1;

		/**
		 * Push an element.
		 */
		public @Nullable Integer push(int element) {
			Integer overwritten = this.older;
			this.older = this.newer;
			this.newer = element;
			return overwritten;
		}

		/**
		 * Pop an element.
		 */
		public @Nullable Integer pop() {
			Integer oldest = peek();
			if (this.older != null) {
				this.older = null;
			}
			else {
				this.newer = null;
			}
			return oldest;
		}

		/**
		 * Look at the oldest element.
		 */
		public @Nullable Integer peek() {
			return (this.older != null) ? this.older : this.newer;
		}

	}

}
