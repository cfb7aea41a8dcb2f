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

import java.util.Arrays;

/**
 * Clears arrays, at full speed from the first call of a process on. A loop over bytes,
 * {@link Arrays#fill} too, is interpreted until it was compiled, which takes more than
 * ten milliseconds for the first mebibyte. A copy from zeros is machine code at once.
 */
final class Zeros {

	// Below this a loop is faster once it was compiled, and cheap before
	private static final int SHORT = 64;

	// Never written. It stays in the processor's first cache together with what it clears
	private static final byte[] ZEROS = new byte[8 * 1024];

	private Zeros() {
	}

	/**
	 * Load this class now, rather than at the first release.
	 */
	static void prepare() {
	}

	static void fill(byte[] array, int offset, int length) {
		int end = offset + length;
		if (length <= SHORT) {
			Arrays.fill(array, offset, end, (byte) 0);
			return;
		}
		for (int at = offset; at < end;) {
			int count = Math.min(ZEROS.length, end - at);
			System.arraycopy(ZEROS, 0, array, at, count);
			at += count;
		}
	}

}
