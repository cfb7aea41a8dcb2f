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
 * A piece of memory outside of the Java heap. {@link NativeAllocator} decides how it is
 * allocated and freed.
 */
abstract class NativeMemory {

	private final int size;

	private final NativeRemains remains;

	private @Nullable ByteBuffer buffer;

	/**
	 * Create a piece of memory.
	 * @param buffer the memory
	 * @param remains what frees the memory
	 */
	NativeMemory(ByteBuffer buffer, NativeRemains remains) {
		this.size = buffer.capacity();
		this.remains = remains;
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
		return NativeAllocator.allocate(size, alignment);
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

	final int size() {
		return this.size;
	}

	/**
	 * Return the memory. Callers slice it and do not position it.
	 * @return a buffer, or {@code null} after {@link #letGo}
	 */
	final @Nullable ByteBuffer buffer() {
		return this.buffer;
	}

	/**
	 * Clear a range of the memory, unless it was freed.
	 */
	abstract void clear(int start, int length);

	/**
	 * Return a view of a range that {@link #endViews} ends. Only where
	 * {@link NativeAllocator#obstacleToRevocation} says so.
	 * @return the view, {@code null} if the memory was freed
	 */
	@Nullable ByteBuffer revocableView(int start, int length) {
		throw new UnsupportedOperationException();
	}

	/**
	 * End all revocable views.
	 * @return {@code false} if a call of the operating system uses one of them
	 */
	boolean endViews() {
		return true;
	}

	/**
	 * Return the remains, which free the memory and do not keep it reachable.
	 */
	final NativeRemains remains() {
		return this.remains;
	}

	/**
	 * Drop the reference to the memory: only published views keep it reachable.
	 */
	void letGo() {
		this.buffer = null;
	}

}
