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

package io.mempool.autoconfigure;

import io.mempool.buffer.BufferTier;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;

/**
 * How much memory there is, and how much of it a buffer takes: all comparisons of sizes
 * with limits are made with these two figures.
 */
final class MemoryRoom {

	private MemoryRoom() {
	}

	/**
	 * Return how much memory the JVM gives at most.
	 * @param kind where the memory lies
	 * @return bytes, {@link Long#MAX_VALUE} if the JVM has no limit
	 */
	static long of(MemoryKind kind) {
		if (kind == MemoryKind.HEAP) {
			return Runtime.getRuntime().maxMemory();
		}
		return OffHeapMemory.isLimitedByJvm() ? OffHeapMemory.maximum() : Long.MAX_VALUE;
	}

	/**
	 * Return what a limit must have left for a buffer.
	 * @param kind where the memory lies
	 * @param capacity the capacity of the buffer in bytes
	 * @return bytes
	 */
	static long taken(MemoryKind kind, long capacity) {
		return (capacity <= BufferTier.MAXIMUM_SIZE) ? kind.footprint((int) capacity) : capacity;
	}

	/**
	 * Return what a limit must have left for buffers of one capacity. Those that would
	 * waste much alone share it.
	 */
	static long taken(MemoryKind kind, long capacity, int count) {
		return (capacity <= BufferTier.MAXIMUM_SIZE) ? kind.footprint((int) capacity, count) : capacity * count;
	}

	/**
	 * Return how messages call the memory.
	 */
	static String name(MemoryKind kind) {
		return (kind == MemoryKind.HEAP) ? "the maximum heap" : "what the JVM allows for direct buffers";
	}

	/**
	 * Return the option of the JVM that gives more.
	 */
	static String option(MemoryKind kind) {
		return (kind == MemoryKind.HEAP) ? "-Xmx" : "-XX:MaxDirectMemorySize";
	}

}
