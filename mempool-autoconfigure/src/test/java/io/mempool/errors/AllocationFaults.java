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

package io.mempool.errors;

import org.jspecify.annotations.Nullable;

/**
 * Where instrumented classes ask whether an allocation fails.
 */
public final class AllocationFaults {

	private static volatile @Nullable Thread thread;

	private static int countdown;

	private static boolean lasting;

	private static boolean happened;

	private AllocationFaults() {
	}

	/**
	 * Let an allocation of the calling thread fail.
	 * @param number which one, from 1
	 * @param fromThenOn whether all that follow fail too
	 */
	public static void begin(int number, boolean fromThenOn) {
		countdown = number;
		lasting = fromThenOn;
		happened = false;
		thread = Thread.currentThread();
	}

	/**
	 * Let no further allocation fail.
	 * @return whether one did
	 */
	public static boolean end() {
		thread = null;
		return happened;
	}

	/**
	 * An allocation is about to happen.
	 */
	public static void allocating() {
		if (Thread.currentThread() == thread) {
			countdown--;
			if (countdown == 0 || (countdown < 0 && lasting)) {
				happened = true;
				throw new OutOfMemoryError("injected");
			}
		}
	}

}
