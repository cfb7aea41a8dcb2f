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

package io.mempool.testing;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Something to pool that remembers what was done to it.
 */
public final class Thing {

	private final int number;

	private volatile int mark;

	private volatile boolean valid = true;

	private volatile int destroyed;

	private Thing(int number) {
		this.number = number;
	}

	/**
	 * Return how many things the factory had made when it made this one.
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Return what was written on it.
	 */
	public int mark() {
		return this.mark;
	}

	/**
	 * Write something on it.
	 */
	public void mark(int mark) {
		this.mark = mark;
	}

	/**
	 * Wipe off what was written.
	 */
	public void reset() {
		this.mark = 0;
	}

	/**
	 * Let it be invalid from now on.
	 */
	public void spoil() {
		this.valid = false;
	}

	/**
	 * Return whether it can be used.
	 */
	public boolean isValid() {
		return this.valid;
	}

	/**
	 * Destroy it.
	 */
	public void destroy() {
		this.destroyed++;
	}

	/**
	 * Return whether it was destroyed, once.
	 */
	public boolean isDestroyed() {
		if (this.destroyed > 1) {
			throw new AssertionError("Destroyed " + this.destroyed + " times");
		}
		return this.destroyed == 1;
	}

	@Override
	public String toString() {
		return "thing " + this.number;
	}

	/**
	 * Makes things and remembers them.
	 */
	public static final class Factory implements Callable<Thing> {

		private final List<Thing> made = new CopyOnWriteArrayList<>();

		@Override
		public synchronized Thing call() {
			Thing thing = new Thing(this.made.size());
			this.made.add(thing);
			return thing;
		}

		/**
		 * Return what was made, in order.
		 */
		public List<Thing> made() {
			return this.made;
		}

		/**
		 * Return what was made and destroyed.
		 */
		public List<Thing> destroyed() {
			return this.made.stream().filter(Thing::isDestroyed).toList();
		}

	}

}
