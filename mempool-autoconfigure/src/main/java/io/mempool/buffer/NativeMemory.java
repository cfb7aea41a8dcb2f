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

import org.jspecify.annotations.Nullable;

/**
 * A piece of memory outside of the Java heap. Before Java 22 it is a direct buffer, which
 * the collector frees when no view of it is reachable. The class of this name below
 * {@code META-INF/versions/22} frees it as soon as it is not in doubt.
 * <p>
 * Memory in doubt is gone when no view of it is reachable. Other memory counts as gone at
 * once, although the collector has yet to free it: the JVM limits direct memory itself,
 * and collects when that limit is reached.
 */
final class NativeMemory {

	// On the heap: a direct one would be taken from the memory that pools may use
	private static final byte[] ZEROS = new byte[16 * 1024];

	private final int size;

	private final NativeRemains remains;

	private @Nullable ByteBuffer buffer;

	private NativeMemory(ByteBuffer root, ByteBuffer buffer) {
		this.size = buffer.capacity();
		this.remains = new CollectedRemains(root);
		this.buffer = buffer;
	}

	/**
	 * Allocate memory that is zero, and has been touched.
	 * @param size how many bytes
	 * @param alignment a power of two that the address is a multiple of
	 */
	static NativeMemory allocate(int size, int alignment) {
		NativeReclaimer.serve();
		NativeRemains.freeForgotten();
		ByteBuffer root = ByteBuffer.allocateDirect(Math.toIntExact(footprint(size, alignment)));
		if (alignment == 1) {
			return new NativeMemory(root, root);
		}
		int start = (alignment - root.alignmentOffset(0, alignment)) % alignment;
		return new NativeMemory(root, root.slice(start, size));
	}

	/**
	 * Return how much memory an allocation takes.
	 * @param size how many bytes can be used of it
	 * @param alignment a power of two that the address is a multiple of
	 * @return bytes
	 */
	static long footprint(int size, int alignment) {
		return (long) size + alignment - 1;
	}

	/**
	 * Return whether {@code -XX:MaxDirectMemorySize} limits this kind of memory. Not a
	 * constant, which would be compiled into its users.
	 */
	static boolean isLimitedByJvm() {
		return true;
	}

	int size() {
		return this.size;
	}

	/**
	 * Return the memory, to be sliced and not to be positioned.
	 * @return a buffer, or {@code null} after {@link #letGo}
	 */
	@Nullable ByteBuffer buffer() {
		return this.buffer;
	}

	/**
	 * Clear a range of the memory, unless it was freed.
	 */
	void clear(int start, int length) {
		ByteBuffer buffer = this.buffer;
		for (int done = 0; buffer != null && done < length;) {
			int count = Math.min(ZEROS.length, length - done);
			buffer.put(start + done, ZEROS, 0, count);
			done += count;
		}
	}

	/**
	 * Return what frees the memory and does not keep it reachable.
	 */
	NativeRemains remains() {
		return this.remains;
	}

	/**
	 * Keep the memory reachable no longer: only views that were handed out do.
	 */
	void letGo() {
		this.buffer = null;
	}

	private static final class CollectedRemains extends NativeRemains {

		CollectedRemains(ByteBuffer root) {
			super(root);
		}

		@Override
		boolean tryFree() {
			return true;
		}

	}

}
