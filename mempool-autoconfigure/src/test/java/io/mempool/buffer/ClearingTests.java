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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.LeaseException;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
	void handingOutAByteBufferClearsTheSizeOnly() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		Arrays.fill(memory, (byte) 1);
		buffer.byteBuffer().put(0, (byte) 2);
		buffer.release();
		assertCleared(memory, SIZE);
	}

	@Test
	void partsClearTheSizeOfTheirLeaseOnly() {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		PooledBuffer slice = buffer.slice(4, 2);
		List<PooledBuffer> parts = List.of(buffer.retain(), buffer.slice(0, 3), slice, slice.slice(1, 1));
		SharedBytes shared = buffer.share();
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		shared.close();
		parts.forEach(PooledBuffer::release);
		assertCleared(memory, SIZE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4 })
	void lastOfTheHandlesClearsTheSizeOfTheirLease(int last) {
		byte[] memory = spy(this.pool);
		PooledBuffer buffer = this.pool.acquire(SIZE);
		List<PooledBuffer> handles = new ArrayList<>(
				List.of(buffer, buffer.retain(), buffer.slice(0, 3), buffer.slice(4, 2), buffer.slice(4, 6)));
		Arrays.fill(memory, (byte) 1);
		Collections.swap(handles, last, handles.size() - 1);
		handles.forEach(PooledBuffer::release);
		assertCleared(memory, SIZE);
	}

	// Views, whose array is that of the whole block

	@ParameterizedTest
	@MethodSource("accesses")
	void whatWasWrittenBesideAViewIsNotFoundByALargerOwner(Access access) throws IOException {
		PooledBuffer careless = this.pool.acquire(SIZE);
		Arrays.fill(careless.byteBuffer().array(), (byte) 1);
		careless.release();
		PooledBuffer small = this.pool.acquire(SIZE + 1);
		assertThat(access.bytesOf(small)).hasSize(SIZE + 1).containsOnly(0);
		small.release();
		PooledBuffer large = this.pool.acquire(CAPACITY);
		assertThat(access.bytesOf(large)).hasSize(CAPACITY).containsOnly(0);
		large.release();
	}

	static Stream<Access> accesses() {
		return Stream.of(PooledBuffer::toByteArray, (buffer) -> {
			byte[] bytes = new byte[buffer.size()];
			buffer.byteBuffer().get(bytes);
			return bytes;
		}, (buffer) -> Arrays.copyOf(buffer.array(), buffer.size()), (buffer) -> {
			byte[] bytes = new byte[buffer.size()];
			buffer.copyOut(0, ByteBuffer.wrap(bytes));
			return bytes;
		}, (buffer) -> {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			buffer.writeTo(out, 0, buffer.size());
			return out.toByteArray();
		}, (buffer) -> {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			InputStream in = buffer.inputStream();
			for (int next = in.read(); next >= 0; next = in.read()) {
				out.write(next);
			}
			return out.toByteArray();
		}, (buffer) -> {
			try (PooledBuffer slice = buffer.slice(0, buffer.size())) {
				return slice.toByteArray();
			}
		}, (buffer) -> {
			try (SharedBytes shared = buffer.share()) {
				byte[] bytes = new byte[buffer.size()];
				shared.bytes().get(bytes);
				return bytes;
			}
		}, (buffer) -> {
			buffer.readFrom(InputStream.nullInputStream(), 0, 1);
			return buffer.toByteArray();
		});
	}

	@Test
	void ownersBytesSurviveThatMoreHasToBeCleared() {
		PooledBuffer careless = this.pool.acquire(SIZE);
		Arrays.fill(careless.byteBuffer().array(), (byte) 1);
		careless.release();
		PooledBuffer buffer = this.pool.acquire(CAPACITY);
		byte[] written = new byte[20];
		Arrays.fill(written, (byte) 2);
		buffer.copyIn(15, written, 0, 20);
		byte[] expected = new byte[CAPACITY];
		System.arraycopy(written, 0, expected, 15, 20);
		assertThat(Arrays.copyOf(buffer.array(), CAPACITY)).isEqualTo(expected);
		assertThat(buffer.toByteArray()).isEqualTo(expected);
		buffer.release();
	}

	@Test
	void rawArrayAfterAViewShowsNothingOfFormerOwners() {
		PooledBuffer careless = this.pool.acquire(SIZE);
		Arrays.fill(careless.byteBuffer().array(), (byte) 1);
		careless.release();
		assertThat(this.pool.acquire(1).array()).containsOnly(0);
	}

	@Test
	void whatWasWrittenBesideAViewIsClearedOnce() {
		byte[] memory = spy(this.pool);
		PooledBuffer careless = this.pool.acquire(SIZE);
		careless.byteBuffer();
		careless.release();
		PooledBuffer large = this.pool.acquire(CAPACITY);
		large.toByteArray();
		large.release();
		Arrays.fill(memory, (byte) 1);
		assertThat(this.pool.acquire(CAPACITY).toByteArray()).containsOnly(1);
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

	private static BufferPool poolThatKeepsNothing(String kind, Clearing clearing) {
		return builder().clearing(clearing).pooling(kind.equals("beyond the tiers")).build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "beyond the tiers", "not pooled" })
	void memoryThatNoPoolKeepsIsClearedAtItsRelease(String kind) {
		int size = kind.equals("beyond the tiers") ? CAPACITY + 1 : CAPACITY;
		PooledBuffer buffer = poolThatKeepsNothing(kind, Clearing.ON_RELEASE).acquire(size);
		byte[] memory = buffer.array();
		Arrays.fill(memory, (byte) 1);
		assertThat(buffer.isTransient()).isTrue();
		buffer.release();
		assertThat(memory).containsOnly(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "beyond the tiers", "not pooled" })
	void clearingNeverLeavesMemoryThatNoPoolKeeps(String kind) {
		PooledBuffer buffer = poolThatKeepsNothing(kind, Clearing.NEVER).acquire(CAPACITY + 1);
		byte[] memory = buffer.array();
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		assertThat(memory).containsOnly(1);
	}

	@Test
	void memoryOfAClosedPoolIsClearedAtItsRelease() {
		PooledBuffer buffer = this.pool.acquire(CAPACITY);
		byte[] memory = buffer.array();
		Arrays.fill(memory, 0, CAPACITY, (byte) 1);
		this.pool.close();
		buffer.release();
		assertThat(Arrays.copyOf(memory, CAPACITY)).containsOnly(0);
	}

	@Test
	void memoryInDoubtIsLeftToTheCodeThatMayUseIt() {
		PooledBuffer buffer = this.pool.acquire(CAPACITY);
		byte[] memory = buffer.array();
		Arrays.fill(memory, 0, CAPACITY, (byte) 1);
		buffer.discard();
		assertThat(Arrays.copyOf(memory, CAPACITY)).containsOnly(1);
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
	void whatAWriterWroteAfterTheBufferWasTakenIsCleared() {
		byte[] memory = spy(this.pool);
		BufferLease stream = (BufferLease) this.pool.acquire(CAPACITY);
		stream.append(0, new byte[] { 1, 1, 1 }, 0, 3);
		PooledBuffer result = stream.resized(1);
		Arrays.fill(memory, (byte) 1);
		result.release();
		assertCleared(memory, 3);
	}

	@Test
	void whatTwoWritersWroteAtOnceIsCleared() throws Exception {
		for (int round = 0; round < 300; round++) {
			PooledOutputStream out = this.pool.outputStream();
			byte[] ones = new byte[30];
			Arrays.fill(ones, (byte) 1);
			Together.run(3, (thread) -> {
				try {
					if (thread == 0) {
						out.toBuffer().release();
						return;
					}
					out.write(ones, 0, 30);
				}
				catch (LeaseException | IndexOutOfBoundsException ex) {
					// Against the rules of the stream, which notices most of the time
				}
			});
			out.release();
			PooledBuffer next = this.pool.acquire(CAPACITY);
			assertThat(next.toByteArray()).containsOnly(0);
			next.release();
		}
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

	/**
	 * Reads all that is within the bounds of a buffer.
	 */
	@FunctionalInterface
	interface Access {

		byte[] bytesOf(PooledBuffer buffer) throws IOException;

	}

}
