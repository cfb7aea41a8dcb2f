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
 * Spreads threads over a fixed number of stripes without a thread-local. Virtual threads
 * are short-lived, and a cache in each would be lost with it.
 */
public final class Stripes {

	/**
	 * How many stripes there are: a power of two, about four times the processors, so
	 * that threads that run at once seldom share one.
	 */
	public static final int COUNT = count(Runtime.getRuntime().availableProcessors());

	/**
	 * How many {@code int} lie between two stripes in an array: 128 bytes, since
	 * processors fetch cache lines in pairs.
	 */
	static final int INT_STRIDE = 32;

	private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(COUNT);

	// 2^64 / golden ratio: neighbouring thread ids land far apart (Knuth, TAOCP 6.4)
	private static final long SPREAD = 0x9E3779B97F4A7C15L;

	private Stripes() {
	}

	private static int count(int processors) {
		int wanted = Math.max(2, Math.min(64, processors));
		return Integer.highestOneBit(wanted * 2 - 1) * 4;
	}

	/**
	 * Return the stripe of the calling thread.
	 * @return a number from 0 to {@link #COUNT} - 1, always the same for one thread
	 */
	public static int current() {
		return (int) ((Thread.currentThread().getId() * SPREAD) >>> SHIFT);
	}

}
