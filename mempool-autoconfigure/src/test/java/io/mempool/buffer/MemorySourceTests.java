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
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Buffers;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Memory that the application supplies: when it goes back, and what becomes of the pool
 * if the source fails.
 */
@ProvokesOutput
@Tag("garbage")
class MemorySourceTests {

	private static final int SIZE = 64;

	private static BufferPoolBuilder builder(MemorySource source) {
		return BufferPool.builder("own").tiers(SIZE).maxIdle(2).memorySource(source);
	}

	@ParameterizedTest
	@EnumSource
	void poolHasTheKindOfMemoryOfItsSource(MemoryKind kind) {
		AwkwardMemory source = new AwkwardMemory(kind);
		try (BufferPool pool = builder(source).build(); PooledBuffer buffer = pool.acquire(10)) {
			assertThat(pool.memory()).isEqualTo(kind);
			assertThat(pool.settings().memorySource()).isSameAs(source);
			assertThat(buffer.byteBuffer().isDirect()).isEqualTo(kind == MemoryKind.OFF_HEAP);
			assertThat(buffer.hasArray()).isEqualTo(kind == MemoryKind.HEAP);
			assertThat(source.open()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void memoryIsClearBeforeItsFirstOwnerReadsIt(MemoryKind kind) {
		try (BufferPool pool = builder(new AwkwardMemory(kind)).build(); PooledBuffer buffer = pool.acquire(SIZE)) {
			assertThat(buffer.toByteArray()).containsOnly(0);
		}
	}

	@ParameterizedTest
	@EnumSource
	void memoryIsGivenBackWhenItsBlockIsDiscarded(MemoryKind kind) {
		AwkwardMemory source = new AwkwardMemory(kind);
		BufferPool pool = builder(source).build();
		Buffers.acquire(pool, 10, 3).forEach(PooledBuffer::release);
		assertThat(source.freed()).as("one more than may be idle").isEqualTo(1);
		pool.trim();
		assertThat(source.freed()).as("trimmed").isEqualTo(3);
		pool.acquire(1000).release();
		assertThat(source.freed()).as("oversized").isEqualTo(4);
		pool.acquire(10).release();
		pool.close();
		assertThat(source.freed()).as("closed").isEqualTo(5);
		assertThat(source.open()).isZero();
		assertThat(pool.statistics().usedBytes()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void memoryInDoubtIsAbandoned(MemoryKind kind) {
		AwkwardMemory source = new AwkwardMemory(kind);
		try (BufferPool pool = builder(source).build()) {
			pool.acquire(10).discard();
			assertThat(source.abandoned()).isEqualTo(1);
			assertThat(source.freed()).isZero();
			assertThat(pool.statistics().usedBytes()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void memoryOfALostLeaseIsAbandoned(MemoryKind kind) throws InterruptedException {
		AwkwardMemory source = new AwkwardMemory(kind);
		try (BufferPool pool = builder(source).build()) {
			lose(pool);
			Garbage.collectUntil(() -> pool.statistics().leaked() == 1);
			assertThat(source.abandoned()).isEqualTo(1);
			assertThat(source.open()).isZero();
			assertThat(pool.statistics().usedBytes()).isZero();
		}
	}

	private static void lose(BufferPool pool) {
		assertThat(pool.acquire(10).isAlive()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void memoryOfAnOpenLeaseStaysUntilItsReleaseWhenThePoolIsClosed(MemoryKind kind) {
		AwkwardMemory source = new AwkwardMemory(kind);
		BufferPool pool = builder(source).build();
		PooledBuffer buffer = pool.acquire(10);
		pool.close();
		assertThat(source.freed()).isZero();
		buffer.put(0, (byte) 1);
		buffer.release();
		assertThat(source.freed()).isEqualTo(1);
		assertThat(source.open()).isZero();
	}

	@Test
	void unpooledTwinUsesNoSource() {
		AwkwardMemory source = new AwkwardMemory(MemoryKind.OFF_HEAP);
		try (BufferPool pool = builder(source).pooling(false).build(); PooledBuffer buffer = pool.acquire(10)) {
			assertThat(buffer.hasArray()).isTrue();
			assertThat(pool.settings().memorySource()).isNull();
			assertThat(source.open()).isZero();
		}
	}

	@Test
	void sourceCannotChangeWhileThePoolRuns() {
		try (BufferPool pool = builder(new AwkwardMemory(MemoryKind.HEAP)).build()) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> pool.update((settings) -> settings.memorySource(new AwkwardMemory(MemoryKind.HEAP))))
				.withMessageContaining("memory-source");
		}
	}

	@Test
	void tiersMayChangeWhileThePoolRuns() {
		AwkwardMemory source = new AwkwardMemory(MemoryKind.OFF_HEAP);
		try (BufferPool pool = builder(source).build()) {
			pool.acquire(10).release();
			pool.update((settings) -> settings.tiers(128));
			assertThat(source.freed()).isEqualTo(1);
			pool.acquire(100).release();
			assertThat(source.open()).isEqualTo(1);
		}
	}

	@Test
	void sourceThatHasNoKindIsRefused() {
		FailingMemory source = new FailingMemory((size) -> ByteBuffer.allocate(size));
		source.memory = null;
		assertThatNullPointerException().isThrownBy(() -> builder(source))
			.withMessage("'memory() of the memory source' must not be null");
	}

	static Stream<Arguments> failures() {
		return Stream.of(failure("null", (size) -> null, "returned null"),
				failure("too little", (size) -> ByteBuffer.allocate(size - 1), "returned a buffer of 63 bytes"),
				failure("used up", (size) -> ByteBuffer.allocate(size).position(1), "returned a buffer of 63 bytes"),
				failure("read-only", (size) -> ByteBuffer.allocate(size).asReadOnlyBuffer(), "a read-only buffer"),
				failure("direct", ByteBuffer::allocateDirect, "returned a direct buffer, but memory() is HEAP"),
				failure("exception", (size) -> {
					throw new UnsupportedOperationException("of the source");
				}, "of the source"), failure("error", (size) -> {
					throw new AssertionError("of the source");
				}, "of the source"));
	}

	private static Arguments failure(String name, IntFunction<ByteBuffer> allocate, String message) {
		return Arguments.argumentSet(name, allocate, message);
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureOfTheSourceIsThrownAndCostsThePoolNothing(IntFunction<ByteBuffer> failing, String message) {
		FailingMemory source = new FailingMemory(failing);
		try (BufferPool pool = builder(source).maxTotal(1).build()) {
			for (int i = 0; i < 3; i++) {
				assertThat(catchThrowable(() -> pool.acquire(10))).hasMessageContaining(message);
			}
			assertThat(source.open).as("given back").isZero();
			assertThat(pool.statistics().usedBytes()).isZero();
			assertThat(pool.statistics().leased()).isZero();
			source.allocate = ByteBuffer::allocate;
			pool.acquire(10).release();
			assertThat(pool.statistics().idle()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@MethodSource("failures")
	void poolThatCannotPreallocateGivesBackWhatItHas(IntFunction<ByteBuffer> failing, String message) {
		FailingMemory source = new FailingMemory(ByteBuffer::allocate);
		source.later = failing;
		assertThat(catchThrowable(() -> builder(source).caps(new Caps(2, 2, 2)).build())).hasMessageContaining(message);
		assertThat(source.open).isZero();
	}

	@Test
	void messageNamesPoolSourceAndWhatToDo() {
		FailingMemory source = new FailingMemory((size) -> null);
		try (BufferPool pool = builder(source).build()) {
			assertThatIllegalStateException().isThrownBy(() -> pool.acquire(10))
				.withMessage("Cannot create a block of 64 bytes for pool 'own': allocate(64) of its memory source, a "
						+ FailingMemory.class.getName() + ", returned null. Return a buffer, or throw an exception "
						+ "that says why there is none");
		}
	}

	@Test
	void sourceWithoutMemoryExhaustsThePool() {
		FailingMemory source = new FailingMemory((size) -> {
			throw new OutOfMemoryError("of the source");
		});
		try (BufferPool pool = builder(source).build()) {
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(10));
			assertThat(pool.statistics().usedBytes()).isZero();
			source.allocate = ByteBuffer::allocate;
			pool.acquire(10).release();
		}
	}

	@Test
	void memoryThatTheSourceDoesNotTakeBackIsCountedNoLonger() {
		FailingMemory source = new FailingMemory(ByteBuffer::allocate);
		source.takesBack = false;
		try (BufferPool pool = builder(source).build()) {
			pool.acquire(10).release();
			pool.trim();
			pool.acquire(10).discard();
			assertThat(pool.statistics().usedBytes()).isZero();
			assertThat(pool.statistics().discardedBy()).containsEntry(DiscardReason.TRIMMED, 1L)
				.containsEntry(DiscardReason.IN_DOUBT, 1L);
			pool.acquire(10).release();
		}
	}

	@Test
	void failureToTakeBackMemoryDoesNotHideWhyItWasRefused() {
		FailingMemory source = new FailingMemory((size) -> ByteBuffer.allocate(1));
		source.takesBack = false;
		try (BufferPool pool = builder(source).build()) {
			assertThatIllegalStateException().isThrownBy(() -> pool.acquire(10))
				.withMessageContaining("returned a buffer of 1 bytes")
				.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(1));
		}
	}

	/**
	 * A source that fails.
	 */
	private static final class FailingMemory implements MemorySource {

		private @Nullable MemoryKind memory = MemoryKind.HEAP;

		private IntFunction<ByteBuffer> allocate;

		// From the second allocation on
		private @Nullable IntFunction<ByteBuffer> later;

		private boolean takesBack = true;

		private int open;

		private int allocations;

		FailingMemory(IntFunction<ByteBuffer> allocate) {
			this.allocate = allocate;
		}

		@Override
		public MemoryKind memory() {
			return this.memory;
		}

		@Override
		public ByteBuffer allocate(int size) {
			ByteBuffer memory = ((this.allocations++ > 0 && this.later != null) ? this.later : this.allocate)
				.apply(size);
			if (memory != null) {
				this.open++;
			}
			return memory;
		}

		@Override
		public void free(ByteBuffer memory) {
			this.open--;
			if (!this.takesBack) {
				throw new UnsupportedOperationException("not taken back");
			}
		}

		@Override
		public void abandon(ByteBuffer memory) {
			free(memory);
		}

	}

}
