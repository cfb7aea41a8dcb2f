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

/**
 * A piece of memory outside of the Java heap. Before Java 22 it is a direct buffer, which
 * the collector frees when nobody can reach it any more. The class of this name below
 * {@code META-INF/versions/22} frees it at once.
 */
final class NativeMemory {

	private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

	private final ByteBuffer buffer;

	private volatile boolean freed;

	private NativeMemory(ByteBuffer buffer) {
		this.buffer = buffer;
	}

	/**
	 * Allocate memory that is zero, and has been touched.
	 * @param size how many bytes
	 * @param alignment a power of two that the address is a multiple of
	 */
	static NativeMemory allocate(int size, int alignment) {
		if (alignment == 1) {
			return new NativeMemory(ByteBuffer.allocateDirect(size));
		}
		ByteBuffer larger = ByteBuffer.allocateDirect(Math.addExact(size, alignment - 1));
		int start = (alignment - larger.alignmentOffset(0, alignment)) % alignment;
		return new NativeMemory(larger.slice(start, size));
	}

	/**
	 * Return whether {@code -XX:MaxDirectMemorySize} limits this kind of memory. Not a
	 * constant, which would be compiled into its users.
	 */
	static boolean isLimitedByJvm() {
		return true;
	}

	/**
	 * Return the memory; to be sliced, not to be positioned.
	 */
	ByteBuffer buffer() {
		return this.buffer;
	}

	/**
	 * Clear the memory from its beginning, unless it was freed.
	 */
	void clear(int length) {
		for (int done = 0; done < length;) {
			int count = Math.min(ZEROS.capacity(), length - done);
			this.buffer.put(done, ZEROS, 0, count);
			done += count;
		}
	}

	/**
	 * Free the memory as soon as the runtime can.
	 * @return whether there is nothing left to do; {@code false} if it is in use by a
	 * call of the operating system, to try again when that has ended
	 */
	boolean free() {
		this.freed = true;
		return true;
	}

	boolean isFreed() {
		return this.freed;
	}

}
