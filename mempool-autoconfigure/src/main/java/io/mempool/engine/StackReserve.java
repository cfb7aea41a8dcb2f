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
	 * Why. A StackOverflowError can come at any call. Between two changes that belong
	 * together it would leave the pool broken for all threads. So the error is provoked
	 * before the first change, by calls that need more stack than all that follows until
	 * the thread is back in the frame that asked.
	 *
	 * How much. With the lock held there are at most thirty frames of our own and of the
	 * JDK: 4 KiB when they are interpreted, far less when they are compiled. A frame
	 * below takes 16 bytes once it is compiled, which it soon is, and 100 before. Calls
	 * that run for the first time in a process also link call sites and initialize
	 * classes, and need more. The tests of errors lower the stack frame by frame.
	 *
	 * Cost. About a nanosecond for 16 bytes.
	 */

	private static final int FRAMES = 256;

	private static final int FRAMES_WHEN_COLD = 768;

	// After as many calls, what follows the usual ones has run before
	private static final int COLD_CALLS = 1_000;

	// Written without care for races
	private static int calls;

	private StackReserve() {
	}

	/**
	 * Return if there is enough stack for what threads do often: a grant, or a return.
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
	 * Return if there is enough stack for what may be done for the first time.
	 * @throws StackOverflowError if there is not; nothing has been changed then
	 */
	static void requireWhenCold() {
		descend(FRAMES_WHEN_COLD);
	}

	// Adds up, as a call in tail position might be made a loop one day
	private static int descend(int frames) {
		return (frames == 0) ? 0 : descend(frames - 1) + 1;
	}

}
