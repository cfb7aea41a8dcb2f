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

/**
 * The bytes of one owner of memory, by which every other owner is told apart.
 */
final class Stamp {

	private Stamp() {
	}

	static byte[] of(long owner, int size) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = at(owner, i);
		}
		return bytes;
	}

	/**
	 * Return the first index whose byte is not the owner's, or -1.
	 */
	static int foreign(long owner, byte[] bytes) {
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] != at(owner, i)) {
				return i;
			}
		}
		return -1;
	}

	// Never 0, which memory has that no owner wrote
	private static byte at(long owner, int index) {
		return (byte) (owner >>> 8 * (index & 7) | 1);
	}

}
