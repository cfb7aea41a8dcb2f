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
import java.util.stream.Stream;

import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.testing.Hostility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willCallRealMethod;
import static org.mockito.Mockito.mock;

/**
 * Slices of a buffer, and its bytes with a function that releases them.
 */
@ParameterizedClass
@EnumSource(MemoryKind.class)
class SliceTests {

	@Parameter
	private MemoryKind memory;

	private BufferPool pool() {
		return BufferPool.builder("parts").memory(this.memory).tiers(100).build();
	}

	@Test
	void sliceIsAPartOfTheSameMemory() {
		PooledBuffer buffer = this.pool().acquire(50);
		PooledBuffer slice = buffer.slice(10, 20);
		slice.copyIn(0, new byte[] { 1, 2, 3 }, 0, 3);
		assertThat(buffer.toByteArray()).startsWith(0, 0).containsSequence(0, 1, 2, 3, 0);
		assertThat(buffer.byteBuffer().get(11)).isEqualTo((byte) 2);
		assertThat(slice.size()).isEqualTo(20);
		assertThat(slice.capacity()).isEqualTo(20);
		assertThat(slice.toByteArray()).hasSize(20).startsWith(1, 2, 3);
	}

	@Test
	void sliceOfASliceBeginsThere() {
		PooledBuffer buffer = this.pool().acquire(50);
		buffer.copyIn(35, new byte[] { 9 }, 0, 1);
		assertThat(buffer.slice(10, 40).slice(20, 10).toByteArray()[5]).isEqualTo((byte) 9);
	}

	@Test
	void sliceKeepsTheBlockLeased() {
		BufferPool pool = this.pool();
		PooledBuffer buffer = pool.acquire(50);
		PooledBuffer slice = buffer.slice(10, 20);
		assertThat(buffer.referenceCount()).isEqualTo(2);
		buffer.release();
		slice.copyIn(0, new byte[] { 1 }, 0, 1);
		assertThat(pool.statistics().leased()).isOne();
		slice.release();
		assertThat(pool.statistics().idle()).isOne();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(slice::release);
	}

	@Test
	void sliceCannotReachOutside() {
		PooledBuffer slice = this.pool().acquire(50).slice(10, 20);
		for (int index : new int[] { -1, 20, 21 }) {
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> slice.copyIn(index, new byte[1], 0, 1));
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> slice.copyOut(index, new byte[1], 0, 1));
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.slice(index, 1));
		}
		ByteBuffer view = slice.byteBuffer();
		assertThat(view.capacity()).isEqualTo(20);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.put(20, (byte) 1));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> view.limit(21));
	}

	@Test
	void wholeBlockIsClearedAfterASlice() {
		BufferPool pool = this.pool();
		PooledBuffer buffer = pool.acquire(50);
		buffer.copyIn(0, new byte[] { 1 }, 0, 1);
		PooledBuffer slice = buffer.slice(49, 1);
		slice.copyIn(0, new byte[] { 1 }, 0, 1);
		buffer.release();
		slice.release();
		assertThat(pool.acquire(100).toByteArray()).containsOnly(0);
	}

	@Test
	void shareThatFailsLeavesNoReference() {
		BufferPool pool = this.pool();
		PooledBuffer buffer = pool.acquire(50);
		pool.close();
		if (this.memory == MemoryKind.OFF_HEAP) {
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(buffer::share);
			assertThat(buffer.referenceCount()).isOne();
		}
		else {
			buffer.share().close();
		}
		buffer.release();
		assertThat(pool.statistics().leased()).isZero();
	}

	@Test
	void shareOfAnotherImplementationThatFailsReleasesItsHandle() {
		PooledBuffer buffer = mock(PooledBuffer.class);
		PooledBuffer handle = mock(PooledBuffer.class);
		given(buffer.retain()).willReturn(handle);
		given(handle.byteBuffer()).willThrow(new OutOfMemoryError("No view"));
		willCallRealMethod().given(buffer).share();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(buffer::share);
		then(handle).should().close();
	}

	/**
	 * A thread that changes position and limit of a source or target while it is copied.
	 */
	@Test
	void bufferWhoseLimitIsMovedMeanwhileIsCopiedWithinBounds() throws Exception {
		PooledBuffer buffer = this.pool().acquire(100);
		PooledBuffer slice = buffer.slice(40, 10);
		byte[] stamp = new byte[100];
		Arrays.fill(stamp, (byte) 7);
		buffer.copyIn(0, stamp, 0, 100);
		ByteBuffer hostile = ByteBuffer.allocate(100);
		byte[] ones = new byte[100];
		Arrays.fill(ones, (byte) 1);
		hostile.put(ones).clear();
		Hostility.against(hostile, () -> slice.copyIn(0, hostile));
		byte[] expected = new byte[100];
		Arrays.fill(expected, (byte) 7);
		byte[] now = buffer.toByteArray();
		System.arraycopy(now, 40, expected, 40, 10);
		assertThat(now).as("nothing outside of the slice is written").isEqualTo(expected);
		slice.copyIn(0, new byte[10], 0, 10);
		hostile.clear().put(new byte[100]).clear();
		Hostility.against(hostile, () -> slice.copyOut(0, hostile));
		assertThat(hostile.array()).as("nothing outside of the slice is read").doesNotContain(7);
	}

	@Test
	void streamsOfASliceStayInside() throws Exception {
		PooledBuffer buffer = this.pool().acquire(50);
		PooledBuffer slice = buffer.slice(10, 3);
		slice.outputStream().write(new byte[] { 1, 2, 3 });
		assertThat(slice.inputStream().readAllBytes()).containsExactly(1, 2, 3);
		assertThat(buffer.toByteArray()).containsSequence(0, 1, 2, 3, 0);
	}

	@Test
	void functionThatReleasesActsOnce() {
		BufferPool pool = this.pool();
		PooledBuffer buffer = pool.acquire(50);
		SharedBytes shared = buffer.share();
		assertThat(shared.bytes().remaining()).isEqualTo(50);
		assertThat(buffer.referenceCount()).isEqualTo(2);
		Stream.of(1, 2, 3).forEach((time) -> shared.release().run());
		shared.close();
		assertThat(buffer.referenceCount()).isOne();
		buffer.release();
		PooledBuffer next = pool.acquire(50);
		shared.release().run();
		assertThat(next.isAlive()).isTrue();
	}

	@Test
	void bytesAndFunctionOutliveTheirOwner() {
		BufferPool pool = this.pool();
		PooledBuffer buffer = pool.acquire(50);
		SharedBytes shared = buffer.share();
		buffer.release();
		shared.bytes().put(0, (byte) 1);
		assertThat(pool.statistics().leased()).isOne();
		shared.release().run();
		assertThat(pool.statistics().idle()).isOne();
	}

}
