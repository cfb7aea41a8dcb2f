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
 * Proves that the calling thread has enough stack left to finish what it begins.
 */
final class StackReserve {

	/*
	 * Why it is correct. A StackOverflowError can occur at any call. Between two changes
	 * that belong together it would leave the pool broken for all threads. So this class
	 * provokes the error before the first change. Its calls need more stack than all
	 * calls until the thread is back in the calling frame.
	 *
	 * Size. With the lock held there are at most thirty frames of this library and of the
	 * JDK. They take 4 KiB when interpreted, far less when compiled. A frame below takes
	 * 16 bytes once compiled, which it soon is, and 100 before. Calls that run for the
	 * first time in a process also link call sites and initialize classes, and need more.
	 * The tests of errors lower the stack frame by frame.
	 *
	 * Cost. About a nanosecond for 16 bytes.
	 */

	private static final int FRAMES = 256;

	private static final int FRAMES_WHEN_COLD = 768;

	// After this many calls, the calls that follow have run before
	private static final int COLD_CALLS = 1_000;

	// Plain writes that may race
	private static int calls;

	private StackReserve() {
	}

	/**
	 * Return if there is enough stack for a frequent operation: an admission, or a
	 * return.
	 * @throws StackOverflowError if there is not; nothing has been changed then
	 */
	static void require() {
		if (calls < COLD_CALLS) {
			calls++;
			requireWhenCold();
		}
		else {
			descend(FRAMES);
		}
	}

	/**
	 * Return if there is enough stack for an operation that may run for the first time.
	 * @throws StackOverflowError if there is not; nothing has been changed then
	 */
	static void requireWhenCold() {
		descend(FRAMES_WHEN_COLD);
	}

	// The addition prevents a tail call, which a compiler might turn into a loop
	private static int descend(int frames) {
		return (frames == 0) ? 0 : descend(frames - 1) + 1;
	}

}
