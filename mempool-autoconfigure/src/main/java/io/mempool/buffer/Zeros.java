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

package io.mempool.buffer;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Clears memory, arrays at full speed from the first call of a process on.
 */
final class Zeros {

	/*
	 * Cost. A loop over bytes, Arrays.fill too, is interpreted until it is compiled. That
	 * takes more than ten milliseconds for the first mebibyte. A copy from zeros is
	 * machine code at once. The compiled loop is faster than the copy by a quarter, as it
	 * reads nothing. So at first the loop clears a part of each range, until it is
	 * compiled, and the copy clears the rest. Then the loop clears all.
	 */

	// Below this a loop is cheap, interpreted or compiled
	private static final int SHORT = 64;

	// How many bytes of each range the loop clears at first
	private static final int TRAINING = 512;

	// After this many ranges the loop is compiled. The compiler needs a few hundred
	// calls, but may be busy
	private static final int TRAINED = 10_000;

	// Never written. It stays in the processor's first cache together with what it clears
	private static final byte[] ZEROS = new byte[8 * 1024];

	// Racing threads may lose updates: then the training takes longer
	private static int trained;

	private Zeros() {
	}

	/**
	 * Load this class now, rather than at the first release.
	 */
	static void prepare() {
	}

	static void fill(byte[] array, int offset, int length) {
		int end = offset + length;
		int looped = (length <= SHORT || trained >= TRAINED) ? length : train(length);
		Arrays.fill(array, offset, offset + looped, (byte) 0);
		for (int at = offset + looped; at < end;) {
			int count = Math.min(ZEROS.length, end - at);
			System.arraycopy(ZEROS, 0, array, at, count);
			at += count;
		}
	}

	static void fill(ByteBuffer buffer, int start, int length) {
		for (int done = 0; done < length;) {
			int count = Math.min(ZEROS.length, length - done);
			buffer.put(start + done, ZEROS, 0, count);
			done += count;
		}
	}

	private static int train(int length) {
		trained++;
		return Math.min(length, TRAINING);
	}

}
