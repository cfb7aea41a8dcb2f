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

package io.mempool.faults;

import java.util.HashMap;
import java.util.Map;

/**
 * By how much the figures of pools must have changed, exactly: what is not named here has
 * not changed at all.
 */
final class Expected {

	private final Map<String, Range> ranges = new HashMap<>();

	private boolean collects;

	/**
	 * Nothing was acquired.
	 */
	static Expected nothing() {
		return new Expected();
	}

	static Expected acquired(String pool, long count) {
		return nothing().andAcquired(pool, count);
	}

	static Expected acquiredBetween(String pool, long least, long most) {
		return nothing().and(pool, "acquired", least, most);
	}

	static Expected acquiredAtMost(String pool, long count) {
		return acquiredBetween(pool, 0, count);
	}

	Expected andAcquired(String pool, long count) {
		return and(pool, "acquired", count, count);
	}

	Expected andLeaked(String pool, long count) {
		return and(pool, "leaked", count, count).andCollected();
	}

	Expected andLeakedAtMost(String pool, long count) {
		return and(pool, "leaked", 0, count).andCollected();
	}

	/**
	 * Tomcat drops some asynchronous requests whose client hung up, with and without
	 * pools, and tells no listener. The collector finds what they held.
	 */
	Expected orDropped(Stack stack, String pool, long count) {
		return (stack == Stack.TOMCAT) ? andLeakedAtMost(pool, count) : this;
	}

	Expected andDoubleReleases(String pool, long count) {
		return and(pool, "doubleReleases", count, count);
	}

	Expected andExhausted(String pool, long count) {
		return and(pool, "exhausted", count, count);
	}

	Expected andInDoubt(String pool, long count) {
		return and(pool, "inDoubt", count, count);
	}

	/**
	 * As many may be in doubt as there are, for clients that go when they like.
	 */
	Expected andInDoubtAtMost(String pool, long count) {
		return and(pool, "inDoubt", 0, count);
	}

	private Expected and(String pool, String figure, long least, long most) {
		this.ranges.put(pool + " " + figure, new Range(least, most));
		return this;
	}

	Range of(String pool, String figure) {
		return this.ranges.getOrDefault(pool + " " + figure, Range.NOTHING);
	}

	/**
	 * Something is found by the collector.
	 */
	Expected andCollected() {
		this.collects = true;
		return this;
	}

	boolean collects() {
		return this.collects;
	}

	/**
	 * From least to most, both included.
	 */
	record Range(long least, long most) {

		static final Range NOTHING = new Range(0, 0);

		boolean has(long value) {
			return this.least <= value && value <= this.most;
		}

		@Override
		public String toString() {
			return (this.least == this.most) ? String.valueOf(this.least) : this.least + " to " + this.most;
		}

	}

}
