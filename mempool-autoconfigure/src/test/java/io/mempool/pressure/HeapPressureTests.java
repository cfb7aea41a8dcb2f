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

package io.mempool.pressure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolListener;
import io.mempool.engine.HeapReading;
import io.mempool.engine.HeapWatch;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.testing.Buffers;
import io.mempool.testing.ProvokesOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What pools do when the heap is nearly full. The tests say how full it is.
 */
@ProvokesOutput
class HeapPressureTests {

	private static final int SIZE = 1024;

	private static final long HEAP = 100_000;

	private static final long THRESHOLD = 90_000;

	private final Collections collections = new Collections();

	private final HeapWatch watch = new HeapWatch("heap-pressure-tests", () -> this.collections);

	private final HeapPressure pressure = new HeapPressure(90, this.watch);

	private final List<HeapRelief> reliefs = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.pressure.close();
	}

	private static BufferPool pool(String name, int idle) {
		BufferPool pool = BufferPool.builder(name).tiers(SIZE).build();
		Buffers.acquire(pool, SIZE, idle).forEach(PooledBuffer::release);
		return pool;
	}

	private static ObjectPool<Object> objects(int idle) {
		ObjectPool<Object> pool = ObjectPool.builder("things", Object::new).build();
		List<PooledObject<Object>> objects = Stream.generate(pool::acquire).limit(idle).toList();
		objects.forEach(PooledObject::release);
		return pool;
	}

	private static long pressed(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.PRESSURE, 0L);
	}

	private void collect(long used) {
		this.collections.collect(used);
		// The end of one is before the begin of the next
		this.collections.collect(0);
		Awaitility.await().until(() -> this.collections.signals.hasQueuedThreads());
	}

	@Test
	void poolsGiveWhatTheHeapHasTooMuchAndSayWhy() {
		BufferPool pool = pool("uploads", 8);
		long before = pool.statistics().usedBytes();
		this.pressure.addListener(this.reliefs::add);
		this.pressure.add(pool);
		collect(THRESHOLD + 2000);
		assertThat(pressed(pool)).isEqualTo(2);
		Awaitility.await().until(() -> !this.reliefs.isEmpty());
		assertThat(this.reliefs).containsExactly(
				new HeapRelief("uploads", before - pool.statistics().usedBytes(), 0, THRESHOLD + 2000, THRESHOLD));
	}

	@Test
	void listenersOfThePoolHearOfIt() {
		BufferPool pool = pool("uploads", 8);
		List<DiscardReason> reasons = new CopyOnWriteArrayList<>();
		pool.addListener(new PoolListener() {

			@Override
			public void trimmed(String pool, DiscardReason reason, long bytes) {
				reasons.add(reason);
			}

		});
		this.pressure.add(pool);
		collect(HEAP);
		Awaitility.await().until(() -> !reasons.isEmpty());
		assertThat(reasons).containsExactly(DiscardReason.PRESSURE);
	}

	@Test
	void heapBelowTheThresholdIsNoPressure() {
		BufferPool pool = pool("uploads", 8);
		this.pressure.add(pool);
		collect(THRESHOLD);
		assertThat(pool.statistics().idle()).isEqualTo(8);
	}

	@Test
	void objectsStayWhileBuffersSuffice() {
		ObjectPool<Object> objects = objects(3);
		BufferPool pool = pool("uploads", 8);
		this.pressure.add(objects);
		this.pressure.add(pool);
		collect(THRESHOLD + 100);
		assertThat(objects.statistics().tier().idle()).isEqualTo(3);
		collect(HEAP + HEAP);
		assertThat(pool.statistics().idle()).isZero();
		assertThat(objects.statistics().tier().idle()).isZero();
	}

	@Test
	void objectsThatWereUsedSinceTheLastCollectionGoLast() {
		ObjectPool<Object> objects = objects(3);
		this.pressure.add(objects);
		collect(0);
		objects.acquire().release();
		collect(HEAP);
		assertThat(objects.statistics().tier().idle()).isEqualTo(1);
	}

	@Test
	void poolThatWasNotAddedKeepsItsMemory() {
		BufferPool other = pool("other", 8);
		this.pressure.add(pool("uploads", 1));
		collect(HEAP);
		assertThat(other.statistics().idle()).isEqualTo(8);
	}

	@Test
	void poolThatIsAddedTwiceGivesOnce() {
		BufferPool pool = pool("uploads", 8);
		this.pressure.add(pool);
		this.pressure.add(pool);
		collect(THRESHOLD + 10);
		assertThat(pressed(pool)).isEqualTo(1);
	}

	@Test
	void severalInOneJvmGiveTogetherWhatOneWouldGive() {
		BufferPool pool = pool("uploads", 8);
		BufferPool other = pool("other", 8);
		try (HeapPressure otherPressure = new HeapPressure(90, this.watch)) {
			this.pressure.add(pool);
			otherPressure.add(other);
			collect(THRESHOLD + 10);
			assertThat(pressed(pool) + pressed(other)).isEqualTo(1);
		}
	}

	@Test
	void poolsKeepTheirMemoryAfterTheClose() {
		BufferPool pool = pool("uploads", 8);
		BufferPool other = pool("other", 8);
		HeapPressure closed = new HeapPressure(90, this.watch);
		closed.add(other);
		this.pressure.add(pool);
		closed.close();
		closed.add(other);
		collect(HEAP + HEAP);
		assertThat(pool.statistics().idle()).isZero();
		assertThat(other.statistics().idle()).isEqualTo(8);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 100 })
	void shareMustBeOne(int percent) {
		assertThatIllegalArgumentException().isThrownBy(() -> HeapPressure.above(percent))
			.withMessage("'heapAbove' must be from 1 to 99 percent but is " + percent);
	}

	/**
	 * The collections of a heap.
	 */
	private static final class Collections implements HeapWatch.Source {

		private final Semaphore signals = new Semaphore(0);

		private volatile HeapReading last = new HeapReading(0, false, 0, HEAP);

		private void collect(long used) {
			Awaitility.await().until(this.signals::hasQueuedThreads);
			this.last = new HeapReading(this.last.number() + 1, false, used, HEAP);
			wake();
			Awaitility.await().until(() -> this.signals.availablePermits() == 0 && this.signals.hasQueuedThreads());
		}

		@Override
		public void await() throws InterruptedException {
			this.signals.acquire();
		}

		@Override
		public void wake() {
			this.signals.release();
		}

		@Override
		public HeapReading latest() {
			return this.last;
		}

		@Override
		public long collections() {
			return this.last.number();
		}

	}

}
