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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import io.mempool.core.Caps;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What the next owner may find. The memory is watched through an array that an earlier
 * owner kept, and marked through it where an owner could not have.
 */
class ClearingTests {

	private static final int SIZE = 10;

	private static final int CAPACITY = 64;

	private final BufferPool pool = builder().build();

	private static BufferPoolBuilder builder() {
		return BufferPool.builder("uploads").tiers(CAPACITY).caps(Caps.ofIdle(1));
	}

	private static byte[] spy(BufferPool pool) {
		PooledBuffer buffer = pool.acquire(SIZE);
		byte[] memory = buffer.array();
		buffer.release();
		return memory;
	}

	private static void assertCleared(byte[] memory, int length) {
		byte[] expected = new byte[memory.length];
		Arrays.fill(expected, length, expected.length, (byte) 1);
		assertThat(memory).isEqualTo(expected);
	}

	@Test
	void releaseClearsTheSize() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		assertCleared(memory, SIZE);
	}

	@Test
	void releaseAfterACopyClearsTheSizeOnly() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.copyIn(0, new byte[SIZE], 0, SIZE);
		buffer.toByteArray();
		buffer.release();
		assertCleared(memory, SIZE);
	}

	@Test
	void closeClearsTheSize() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.close();
		assertCleared(memory, SIZE);
	}

	@Test
	void handingOutTheArrayClearsTheCapacity() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(buffer.array(), (byte) 1);
		buffer.release();
		assertCleared(memory, memory.length);
	}

	@Test
	void handingOutAByteBufferClearsTheCapacityAsItsArrayCanBeReached() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(buffer.byteBuffer().array(), (byte) 1);
		buffer.release();
		assertCleared(memory, memory.length);
	}

	@Test
	void capacityIsClearedOnceAndNotForEveryLaterOwner() {
		byte[] memory = spy(this.pool);
		PooledBuffer exposed = this.pool.acquire(SIZE);
		exposed.array();
		exposed.release();
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		assertCleared(memory, SIZE);
	}

	@Test
	void sharedBufferIsClearedAtItsLastRelease() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		PooledBuffer retained = buffer.retain();
		Arrays.fill(memory, 0, SIZE, (byte) 1);
		buffer.release();
		assertThat(memory).startsWith(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
		retained.release();
		assertThat(memory).containsOnly(0);
	}

	@Test
	void arrayTakenThroughAnyHandleClearsTheCapacity() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		PooledBuffer retained = buffer.retain();
		Arrays.fill(retained.array(), (byte) 1);
		retained.release();
		buffer.release();
		assertCleared(memory, memory.length);
	}

	@Test
	void clearingNeverLeavesEverything() {
		BufferPool raw = builder().clearing(Clearing.NEVER).build();
		byte[] memory = spy(raw);
		PooledBuffer buffer = raw.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.array();
		buffer.release();
		assertCleared(memory, 0);
		PooledBuffer next = raw.acquire(SIZE);
		assertThat(next.toByteArray()).containsOnly(1);
		next.release();
	}

	@Test
	void nothingOfALargerOwnerIsLeftForASmallerOneAndTheNext() {
		for (int size : new int[] { 64, 1, 33, 64, 2, 64 }) {
			PooledBuffer buffer = this.pool.acquire(size);
			assertThat(buffer.toByteArray()).containsOnly(0);
			byte[] ones = new byte[size];
			Arrays.fill(ones, (byte) 1);
			buffer.copyIn(0, ones, 0, size);
			buffer.release();
		}
	}

	@Test
	void growingStreamIsClearedAsFarAsItWasWritten() {
		byte[] memory = spy(this.pool);
		PooledOutputStream out = this.pool.outputStream();
		out.write(new byte[] { 1, 2, 3 }, 0, 3);
		PooledBuffer buffer = out.toBuffer();
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		assertCleared(memory, 3);
	}

	@Test
	void whatASourceWroteBeforeItFailedIsCleared() {
		byte[] memory = spy(this.pool);
		PooledOutputStream out = this.pool.outputStream();
		assertThatIOException().isThrownBy(() -> out.transferFrom(new InputStream() {

			@Override
			public int read() {
				return 1;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				Arrays.fill(bytes, offset, offset + length, (byte) 1);
				throw new IOException("Connection reset");
			}

		}));
		PooledBuffer buffer = out.toBuffer();
		assertThat(buffer.size()).isZero();
		buffer.release();
		assertThat(memory).containsOnly(0);
	}

	@Test
	void whatASourceWroteBeyondWhatItReturnedIsCleared() throws IOException {
		byte[] memory = spy(this.pool);
		PooledOutputStream out = this.pool.outputStream();
		out.transferFrom(new ByteArrayInputStream(new byte[] { 1, 2, 3 }) {

			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				Arrays.fill(bytes, offset, offset + length, (byte) 1);
				return super.read(bytes, offset, length);
			}

		});
		out.toBuffer().release();
		assertThat(memory).containsOnly(0);
	}

}
