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

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * Counts what the calling thread allocates on the heap. For tests that are tagged
 * {@code allocation}: they run in a JVM where no mock has changed the classes of pools.
 */
public final class Allocation {

	// More than the JDK interprets of what it compiles by itself, method handles for
	// example
	private static final int RUNS = 2_000;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private Allocation() {
	}

	/**
	 * Return how many bytes an action allocates: the least of many runs, so that what is
	 * loaded, compiled or kept once does not count.
	 */
	public static long of(Action action) throws Exception {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < RUNS; i++) {
			long before = threads.getCurrentThreadAllocatedBytes();
			action.run();
			least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
		}
		return least;
	}

	/**
	 * What is done.
	 */
	@FunctionalInterface
	public interface Action {

		/**
		 * Do it.
		 */
		void run() throws Exception;

	}

}
