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
 * Memory of the application, of which a pool makes its blocks: memory that is shared with
 * other processes, large pages, a range of one array.
 * <p>
 * <strong>Ownership.</strong> What {@link #allocate} returns belongs to the pool until it
 * calls {@link #free} or {@link #abandon} with the same object, one of them and once. The
 * pool changes neither its position nor its limit.
 * <p>
 * <strong>Threads.</strong> Several threads call at once, with no lock of a pool held.
 * Acquires wait for {@link #allocate}, and releases may wait for {@link #free}.
 * <p>
 * <strong>Limits.</strong> Limit and budget of the pool count each block as memory of its
 * kind that the JVM allocates. They do not see what a source keeps for itself.
 *
 * @since 0.1.0
 * @see BufferPoolOptions#memorySource
 */
public interface MemorySource {

	/**
	 * Return the kind of memory. Called when the source is set.
	 * @return {@link MemoryKind#HEAP} for buffers that have an array,
	 * {@link MemoryKind#OFF_HEAP} for direct buffers
	 */
	MemoryKind memory();

	/**
	 * Allocate memory for a block. The acquire that needs the block throws what this
	 * throws, and the pool is as before. After an {@link OutOfMemoryError} all pools give
	 * up their idle memory and the pool asks once more. If that fails too, it is
	 * exhausted.
	 * @param size how many bytes, positive
	 * @return a writable buffer with at least that many bytes between position and limit,
	 * which nothing else uses. The pool clears it
	 */
	ByteBuffer allocate(int size);

	/**
	 * Take back memory whose last lease was released, or that was never leased. Code that
	 * kept a {@link ByteBuffer} or an array beyond its lease may still reach the memory.
	 * So keep it for other blocks, or free it in a way that makes a late access fail. A
	 * failure is logged. The default leaves the memory to the garbage collector.
	 * @param memory what {@link #allocate} returned
	 */
	default void free(ByteBuffer memory) {
	}

	/**
	 * Forget memory in doubt: code without a lease may still write to it. It is that of a
	 * request that timed out, of a lease that was discarded or lost. The memory must not
	 * be used again. Limit and budget no longer count it. A failure is logged. The
	 * default leaves the memory to the garbage collector.
	 * @param memory what {@link #allocate} returned
	 */
	default void abandon(ByteBuffer memory) {
	}

}
