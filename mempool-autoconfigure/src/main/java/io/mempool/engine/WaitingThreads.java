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

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Which threads may wait for memory. All may, unless a framework bars its event loops: a
 * loop that waits serves no other connection, perhaps not even the one whose end would
 * give memory back.
 */
public final class WaitingThreads {

	private static volatile @Nullable Bar current;

	private WaitingThreads() {
	}

	/**
	 * Bar threads from waiting. An acquire that would wait there is refused at once. A
	 * later call replaces an earlier one.
	 * @param isBarred whether the calling thread must not wait. Called by each acquire
	 * that found no idle block and may wait
	 * @param advice what to do instead, as a sentence
	 */
	public static void bar(BooleanSupplier isBarred, String advice) {
		current = new Bar(isBarred, advice);
	}

	static boolean mayWait() {
		Bar bar = current;
		return bar == null || !bar.isBarred().getAsBoolean();
	}

	/**
	 * Say what the calling thread, which is barred, should do instead.
	 */
	static String advice() {
		Bar bar = current;
		return " The thread '" + Thread.currentThread().getName()
				+ "' must not wait, since it serves other requests too. " + ((bar != null) ? bar.advice() : "");
	}

	private record Bar(BooleanSupplier isBarred, String advice) {

	}

}
