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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.LeakListener;
import io.mempool.core.Protection;
import io.mempool.core.TierStatistics;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.Quarantine;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of memory in quarantine.
 */
@ProvokesOutput
class QuarantineTests {

	private static final int SIZE = 100_000;

	private final List<Leak> found = new CopyOnWriteArrayList<>();

	private BufferPoolBuilder builder() {
		return BufferPool.builder("uploads")
			.tiers(SIZE)
			.maxTotal(1)
			.protection(Protection.QUARANTINE)
			.leakListener(new LeakListener() {

				@Override
				public void leaked(Leak leak) {
					QuarantineTests.this.found.add(leak);
				}

				@Override
				public @Nullable UnitOfWork currentWork() {
					return new UnitOfWork("POST /uploads", null);
				}

			});
	}

	static Stream<Arguments> views() {
		return Stream.of(Arguments.of(MemoryKind.HEAP, (Write) (buffer) -> {
			byte[] array = buffer.array();
			int first = buffer.arrayOffset();
			return () -> array[first]++;
		}), Arguments.of(MemoryKind.HEAP, (Write) (buffer) -> {
			byte[] array = buffer.array();
			int last = buffer.arrayOffset() + SIZE - 1;
			return () -> array[last] = 0;
		}), Arguments.of(MemoryKind.HEAP, (Write) (buffer) -> {
			ByteBuffer view = buffer.byteBuffer();
			return () -> view.putLong(SIZE / 2, 0);
		}), Arguments.of(MemoryKind.OFF_HEAP, (Write) (buffer) -> {
			ByteBuffer view = buffer.byteBuffer();
			return () -> view.put(0, (byte) (view.get(0) + 1));
		}), Arguments.of(MemoryKind.OFF_HEAP, (Write) (buffer) -> {
			ByteBuffer view = buffer.byteBuffer().slice(SIZE - 1, 1);
			return () -> view.put(0, (byte) (view.get(0) + 1));
		}));
	}

	@ParameterizedTest
	@MethodSource("views")
	void writeAfterReleaseIsReportedWithTheLastOwnerAtTheNextUse(MemoryKind memory, Write write) {
		String thread = Thread.currentThread().getName();
		try (BufferPool pool = builder().memory(memory).build()) {
			writeAfterRelease(pool, write);
			pool.acquire(SIZE).release();
			await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(this.found).hasSize(1));
			Leak leak = this.found.get(0);
			assertThat(leak.kind()).isEqualTo(LeakKind.WRITE_AFTER_RELEASE);
			assertThat(leak.pool()).isEqualTo("uploads");
			assertThat(leak.size()).isEqualTo(SIZE);
			assertThat(leak.work()).hasToString("POST /uploads");
			assertThat(leak.thread()).isEqualTo(thread);
			assertThat(leak.stack()).isNotEmpty();
			assertThat(leak.describe())
				.startsWith("A lease of 100000 bytes of pool 'uploads' was written to after its release. The thread '"
						+ thread + "' had acquired it, in POST /uploads. Keep no array and no ByteBuffer of a lease "
						+ "beyond its release, as this caller did:");
		}
	}

	private void writeAfterRelease(BufferPool pool, Write write) {
		PooledBuffer buffer = pool.acquire(SIZE);
		Runnable late = write.prepare(buffer);
		buffer.release();
		late.run();
	}

	@ParameterizedTest
	@MethodSource("views")
	void memoryThatWasWrittenToIsDropped(MemoryKind memory, Write write) {
		try (BufferPool pool = builder().memory(memory).build()) {
			writeAfterRelease(pool, write);
			try (PooledBuffer next = pool.acquire(SIZE)) {
				assertThat(next.toByteArray()).containsOnly(0);
				assertThat(pool.statistics().tiers().get(0).discardedBy())
					.containsExactly(Map.entry(DiscardReason.OVERWRITTEN, 1L));
			}
			assertReconciles(pool);
		}
	}

	@Test
	void lateWriterNeverReachesTheNextOwner() {
		try (BufferPool pool = builder().build()) {
			PooledBuffer buffer = pool.acquire(SIZE);
			byte[] array = buffer.array();
			int offset = buffer.arrayOffset();
			buffer.release();
			array[offset] = 1;
			try (PooledBuffer next = pool.acquire(SIZE)) {
				array[offset] = 2;
				assertThat(next.get(0)).isZero();
			}
		}
	}

	@Test
	void spaceInASlabThatWasWrittenToIsNotCarvedAgain() {
		int size = 1 << 20;
		try (BufferPool pool = BufferPool.builder("carved")
			.tiers(size)
			.maxTotal(2)
			.protection(Protection.QUARANTINE)
			.leakListener(this.found::add)
			.build()) {
			PooledBuffer kept = pool.acquire(size);
			PooledBuffer buffer = pool.acquire(size);
			byte[] array = buffer.array();
			int offset = buffer.arrayOffset();
			buffer.release();
			array[offset]++;
			try (PooledBuffer next = pool.acquire(size)) {
				assertThat(next.array() == array && next.arrayOffset() == offset).isFalse();
			}
			kept.release();
		}
	}

	@ParameterizedTest
	@EnumSource
	void writeIsFoundWhenTheMemoryIsDroppedToo(MemoryKind memory) {
		try (BufferPool pool = builder().memory(memory).build()) {
			PooledBuffer buffer = pool.acquire(SIZE);
			ByteBuffer view = buffer.byteBuffer();
			buffer.release();
			view.put(7, (byte) (view.get(7) + 1));
			pool.trim();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(this.found).extracting(Leak::kind)
					.containsExactly(LeakKind.WRITE_AFTER_RELEASE));
		}
	}

	@Test
	void writeIsFoundWhenThePoolIsClosed() {
		try (BufferPool pool = builder().build()) {
			PooledBuffer buffer = pool.acquire(SIZE);
			byte[] array = buffer.array();
			buffer.release();
			array[buffer.size() / 2]++;
		}
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(this.found).hasSize(1));
	}

	@ParameterizedTest
	@EnumSource
	void memoryWithoutLateWritesIsUsedAgainAndClear(MemoryKind memory) {
		try (BufferPool pool = builder().memory(memory).build()) {
			for (int i = 0; i < 10; i++) {
				try (PooledBuffer buffer = pool.acquire(SIZE)) {
					assertThat(buffer.toByteArray()).containsOnly(0);
					buffer.byteBuffer().put(new byte[] { 1, 2, 3 });
				}
			}
			assertThat(pool.statistics().hits()).isEqualTo(9);
		}
		assertThat(this.found).isEmpty();
	}

	@Test
	void readerThatIsLateSeesNeitherItsOwnBytesNorThoseOfTheNextOwner() {
		try (BufferPool pool = builder().build()) {
			PooledBuffer buffer = pool.acquire(SIZE);
			byte[] array = buffer.array();
			int offset = buffer.arrayOffset();
			buffer.putLong(0, 42);
			buffer.release();
			assertThat(ByteBuffer.wrap(array).getLong(offset)).isNotIn(0L, 42L);
		}
	}

	@Test
	void releasedMemoryStaysOutOfUseForFurtherReleases() {
		try (BufferPool pool = builder().maxTotal(Caps.UNLIMITED).maxIdle(1000).build()) {
			PooledBuffer first = pool.acquire(SIZE);
			byte[] array = first.array();
			first.release();
			for (int i = 1; i < Quarantine.RELEASES; i++) {
				try (PooledBuffer other = pool.acquire(SIZE)) {
					assertThat(other.array()).isNotSameAs(array);
				}
			}
			try (PooledBuffer other = pool.acquire(SIZE)) {
				assertThat(other.array()).isNotSameAs(array);
			}
			try (PooledBuffer again = pool.acquire(SIZE)) {
				assertThat(again.array()).isSameAs(array);
			}
		}
	}

	@Test
	void memoryThatWasReleasedFirstIsUsedFirst() {
		try (BufferPool pool = builder().maxTotal(3).build()) {
			List<byte[]> released = new ArrayList<>();
			List<PooledBuffer> buffers = List.of(pool.acquire(SIZE), pool.acquire(SIZE), pool.acquire(SIZE));
			for (int i : new int[] { 1, 0, 2 }) {
				released.add(buffers.get(i).array());
				buffers.get(i).release();
			}
			for (byte[] array : released) {
				PooledBuffer next = pool.acquire(SIZE);
				assertThat(next.array()).isSameAs(array);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void quarantineNeverExhaustsAPool(ExhaustionPolicy policy) {
		try (BufferPool pool = builder().policy(policy).limit(4 * SIZE).build()) {
			for (int i = 0; i < 10; i++) {
				pool.acquire(SIZE).release();
			}
			assertThat(pool.statistics().misses()).isEqualTo(1);
		}
	}

	@Test
	void preallocatedMemoryIsUsedAtOnce() {
		try (BufferPool pool = builder().maxTotal(Caps.UNLIMITED).preallocate(1).build()) {
			pool.acquire(SIZE).release();
			assertThat(pool.statistics().hits()).isEqualTo(1);
		}
	}

	@Test
	void waitingAcquireGetsWhatIsReleased() throws Exception {
		try (BufferPool pool = builder().policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(10)).build()) {
			PooledBuffer buffer = pool.acquire(SIZE);
			Started<PooledBuffer> waiting = Started.of(() -> pool.acquire(SIZE));
			await().until(() -> pool.statistics().waiting() == 1);
			buffer.release();
			waiting.result().release();
		}
	}

	@Test
	void protectionChangesWhileThePoolRuns() {
		try (BufferPool pool = builder().protection(Protection.STANDARD).build()) {
			PooledBuffer before = pool.acquire(SIZE);
			pool.update((settings) -> settings.protection(Protection.QUARANTINE));
			before.release();
			assertThat(pool.statistics().idle()).isZero();
			writeAfterRelease(pool, (buffer) -> {
				byte[] array = buffer.array();
				return () -> array[1]++;
			});
			pool.acquire(SIZE).release();
			await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(this.found).hasSize(1));
			pool.update((settings) -> settings.protection(Protection.STANDARD));
			pool.acquire(SIZE).release();
			pool.acquire(SIZE).release();
			assertThat(pool.statistics().tiers().get(0).hits()).isPositive();
		}
	}

	@Test
	void unpooledTwinNeedsNoQuarantine() {
		try (BufferPool pool = builder().pooling(false).build()) {
			assertThat(pool.settings().protection()).isEqualTo(Protection.STANDARD);
		}
	}

	@Test
	void heapMemoryCannotBeRevoked() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().protection(Protection.REVOKE).build())
			.withMessageStartingWith("Cannot have the protection 'revoke' in pool 'uploads': ");
	}

	@Test
	void listenerThatFailsCostsNothing() {
		try (BufferPool pool = builder().leakListener((leak) -> {
			throw new IllegalStateException("provoked");
		}).build()) {
			writeAfterRelease(pool, (buffer) -> {
				byte[] array = buffer.array();
				return () -> array[1]++;
			});
			pool.acquire(SIZE).release();
			assertReconciles(pool);
		}
	}

	private static void assertReconciles(BufferPool pool) {
		TierStatistics tier = pool.statistics().tiers().get(0);
		assertThat(tier.leased()).isEqualTo(tier.hits() + tier.misses() - tier.returned() - tier.leaked()).isZero();
	}

	private interface Write {

		/**
		 * Take a view of a buffer, and return what writes through it later.
		 */
		Runnable prepare(PooledBuffer buffer);

	}

}
