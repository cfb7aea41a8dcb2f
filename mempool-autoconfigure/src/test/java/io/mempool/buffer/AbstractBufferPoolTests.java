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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.PoolListener;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Buffers;
import io.mempool.testing.Figures;
import io.mempool.testing.Started;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What every implementation of {@link BufferPool} has to do, with the vectors of the
 * systems that mempool must match: G of gomempool, B of bytepool, Q of a pool per
 * request.
 */
abstract class AbstractBufferPoolTests {

	/**
	 * Begin to build a pool of the implementation.
	 */
	abstract BufferPoolBuilder builder();

	/**
	 * The capacity that a buffer must have.
	 */
	abstract int capacity(int request, int tier);

	/**
	 * What a block of a tier takes of limit and budget.
	 */
	abstract long weight(int tier);

	/**
	 * What a transient block takes of limit and budget.
	 */
	abstract long weightOfTransient(int size);

	/**
	 * The figures of a tier after one acquire and one return.
	 */
	abstract Figures afterReturn();

	/**
	 * The figures of a tier after another acquire.
	 */
	abstract Figures afterAcquireAgain();

	static Stream<Arguments> requests() {
		return Stream.of(
				// G2, G3, from gomempool: minimum, maximum, tier (0 for beyond), requests
				powersOfTwo(4, 16, 4, 0, 1, 3, 4), powersOfTwo(4, 16, 8, 5, 8), powersOfTwo(4, 16, 16, 9, 15, 16),
				powersOfTwo(4, 16, 0, 17, 32),
				//
				powersOfTwo(256, 10485760, 256, 0, 1, 255, 256), powersOfTwo(256, 10485760, 512, 257, 512),
				powersOfTwo(256, 10485760, 1024, 513, 1024), powersOfTwo(256, 10485760, 2048, 1025),
				powersOfTwo(256, 10485760, 65536, 65536), powersOfTwo(256, 10485760, 131072, 65537),
				powersOfTwo(256, 10485760, 8388608, 8388608),
				powersOfTwo(256, 10485760, 10485760, 8388609, 10485759, 10485760),
				powersOfTwo(256, 10485760, 0, 10485761),
				//
				powersOfTwo(100, 1000, 128, 1, 99, 100, 128), powersOfTwo(100, 1000, 256, 129),
				powersOfTwo(100, 1000, 512, 512), powersOfTwo(100, 1000, 1000, 513, 999, 1000),
				powersOfTwo(100, 1000, 0, 1001),
				//
				powersOfTwo(64, 1048576, 512, 453), powersOfTwo(64, 1048576, 1024, 738),
				powersOfTwo(64, 1048576, 32768, 23314, 29348), powersOfTwo(64, 1048576, 1048576, 1048576),
				powersOfTwo(64, 1048576, 0, 1048577),
				// B1, B2, from bytepool
				requests(List.of(512, 128, 256), 128, 1, 127, 128), requests(List.of(512, 128, 256), 256, 129, 256),
				requests(List.of(512, 128, 256), 512, 257, 512), requests(List.of(512, 128, 256), 0, 513, 1000),
				// A tier of one byte, and neighbours
				requests(List.of(1), 1, 0, 1), requests(List.of(1), 0, 2), requests(List.of(1, 2, 3), 2, 2),
				requests(List.of(1, 2, 3), 3, 3))
			.flatMap((stream) -> stream);
	}

	static Stream<Arguments> borders() {
		return Stream
			.of(TierPresets.stream(), TierPresets.powersOfTwo(128, 2 * 1024 * 1024), List.of(10, 100, 102, 1000, 70000))
			.flatMap(AbstractBufferPoolTests::borders);
	}

	private static Stream<Arguments> borders(List<Integer> sizes) {
		List<Arguments> borders = new ArrayList<>();
		for (int i = 0; i < sizes.size(); i++) {
			int next = (i < sizes.size() - 1) ? sizes.get(i + 1) : 0;
			borders.add(Arguments.of(sizes, sizes.get(i) - 1, sizes.get(i)));
			borders.add(Arguments.of(sizes, sizes.get(i), sizes.get(i)));
			borders.add(Arguments.of(sizes, sizes.get(i) + 1, next));
		}
		return borders.stream();
	}

	private static Stream<Arguments> powersOfTwo(int minimum, int maximum, int tier, int... requests) {
		return requests(TierPresets.powersOfTwo(minimum, maximum), tier, requests);
	}

	private static Stream<Arguments> requests(List<Integer> sizes, int tier, int... requests) {
		return IntStream.of(requests).mapToObj((request) -> Arguments.of(sizes, request, tier));
	}

	@ParameterizedTest
	@MethodSource({ "requests", "borders" })
	void requestGetsItsExactSizeInTheCapacityOfItsTier(List<Integer> sizes, int request, int tier) {
		BufferPool pool = pool(sizes);
		PooledBuffer buffer = pool.acquire(request);
		assertThat(buffer.size()).isEqualTo(request);
		assertThat(buffer.capacity()).isEqualTo(capacity(request, tier));
		buffer.release();
	}

	@ParameterizedTest
	@MethodSource({ "requests", "borders" })
	void requestIsCountedInItsTierAndNowhereElse(List<Integer> sizes, int request, int tier) {
		BufferPool pool = pool(sizes);
		PooledBuffer buffer = pool.acquire(request);
		List<Integer> counting = new ArrayList<>();
		pool.statistics()
			.tiers()
			.stream()
			.filter((now) -> now.misses() != 0)
			.forEach((now) -> counting.add(now.size()));
		assertThat(counting).isEqualTo((tier != 0) ? List.of(tier) : List.of());
		assertThat(pool.statistics().oversized()).isEqualTo((tier != 0) ? 0 : 1);
		buffer.release();
	}

	@ParameterizedTest
	@MethodSource("requests")
	void figuresFollowAcquireReturnAcquire(List<Integer> sizes, int request, int tier) {
		if (tier == 0) {
			return;
		}
		BufferPool pool = pool(sizes);
		PooledBuffer first = pool.acquire(request);
		assertThat(Figures.ofTier(pool, tier)).isEqualTo(new Figures(0, 1, 0, 0, 0));
		first.release();
		assertThat(Figures.ofTier(pool, tier)).isEqualTo(afterReturn());
		PooledBuffer second = pool.acquire(request);
		assertThat(Figures.ofTier(pool, tier)).isEqualTo(afterAcquireAgain());
		second.release();
	}

	@Test
	void requestBeyondTheLargestTierIsNeverPooledAndHasItsOwnFigures() {
		BufferPool pool = builder().powersOfTwo(4, 16).build();
		pool.acquire(17).release();
		pool.acquire(32).release();
		PooledBuffer third = pool.acquire(1000);
		PoolStatistics now = pool.statistics();
		assertThat(now.oversized()).isEqualTo(3);
		assertThat(now.beyondTiers().returned()).isEqualTo(2);
		assertThat(now.beyondTiers().discardedBy()).containsExactly(Map.entry(DiscardReason.TRANSIENT, 2L));
		assertThat(now.leased()).isEqualTo(1);
		assertThat(now.leasedBytes()).isEqualTo(1000);
		assertThat(Figures.of(pool)).isEqualTo(new Figures(0, 0, 0, 0, 0));
		third.release();
	}

	@Test
	void anAcquireNeverFailsForWantOfPooledBuffersUnlessToldSo() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(1, 2, 0)))).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 16, 100);
		assertThat(pool.statistics().leased()).isEqualTo(100);
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().leased()).isZero();
	}

	@Test
	void negativeSizeIsRefused() {
		BufferPool pool = builder().powersOfTwo(4, 16).build();
		assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(-1))
			.withMessage("Cannot acquire -1 bytes from pool 'test': 'size' must not be negative");
		assertThatIllegalArgumentException().isThrownBy(() -> pool.tryAcquire(Integer.MIN_VALUE));
		assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(-1, Duration.ZERO));
	}

	@Test
	void negativeSizeIsNotCounted() {
		BufferPool pool = builder().powersOfTwo(4, 16).build();
		assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(-1));
		assertThat(Figures.of(pool)).isEqualTo(new Figures(0, 0, 0, 0, 0));
		assertThat(pool.recentSizes()).isEmpty();
	}

	@Test
	void sizeZeroIsLegal() {
		BufferPool pool = builder().powersOfTwo(4, 16).build();
		PooledBuffer buffer = pool.acquire(0);
		assertThat(buffer.toByteArray()).isEmpty();
		assertThat(buffer.byteBuffer().remaining()).isZero();
		buffer.release();
		assertThat(pool.statistics().leased()).isZero();
	}

	@Test
	void tiersAreListedAscendingHoweverTheyWereGivenOrUsed() {
		BufferPool pool = builder().powersOfTwo(4, 64).build();
		List.of(33, 5, 9).forEach((size) -> pool.acquire(size).release());
		assertThat(pool.statistics().tiers()).extracting(TierStatistics::size).containsExactly(4, 8, 16, 32, 64);
		assertThat(pool.statistics().tiers()).filteredOn((tier) -> tier.misses() > 0)
			.extracting(TierStatistics::size)
			.containsExactly(8, 16, 64);
		assertThat(builder().tiers(512, 128, 256).build().tiers()).extracting(BufferTier::size)
			.containsExactly(128, 256, 512);
	}

	@Test
	void smallestAndLargestTierAreReported() {
		BufferPool pool = builder().tiers(512, 128, 256).build();
		assertThat(pool.minimumSize()).isEqualTo(128);
		assertThat(pool.maximumSize()).isEqualTo(512);
	}

	@Test
	void sizesAreRememberedInTheOrderTheyWereRequested() {
		BufferPool pool = builder().tiers(512, 128, 256).build();
		List<Integer> sizes = List.of(1, 127, 128, 129, 256, 257, 512, 513, 1000);
		sizes.forEach((size) -> pool.acquire(size).release());
		assertThat(pool.recentSizes()).isEqualTo(sizes);
		assertThat(pool.requestedSizes().total()).isEqualTo(9);
		assertThat(pool.requestedSizes().bytes()).isEqualTo(2923);
		PoolStatistics now = pool.statistics();
		assertThat(now.tiers()).extracting((tier) -> tier.hits() + tier.misses()).containsExactly(3L, 2L, 2L);
		assertThat(now.hits() + now.misses()).isEqualTo(7);
		assertThat(now.oversized()).isEqualTo(2);
	}

	@Test
	void returnsAreCountedAsTheyHappen() {
		BufferPool pool = builder().tiers(128).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 100, 10);
		assertThat(pool.statistics().returned()).isZero();
		buffers.subList(0, 5).forEach(PooledBuffer::release);
		assertThat(pool.statistics().returned()).isEqualTo(5);
		buffers.subList(5, 10).forEach(PooledBuffer::release);
		assertThat(pool.statistics().returned()).isEqualTo(10);
	}

	@Test
	void totalsReconcileWhateverWasDone() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(64, new Caps(2, 4, 0)), BufferTier.of(256))).build();
		List<PooledBuffer> held = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			held.add(pool.acquire(i * 7 % 300));
			if (i % 3 == 0) {
				Collections.rotate(held, 1);
				held.remove(0).release();
			}
			if (i % 11 == 10) {
				held.remove(0).discard();
			}
			if (i % 37 == 0) {
				pool.trim();
			}
			assertReconciles(pool.statistics());
			assertThat(pool.statistics().leasedBytes())
				.isEqualTo(held.stream().mapToLong(PooledBuffer::capacity).sum());
		}
		held.forEach(PooledBuffer::release);
		PoolStatistics now = pool.statistics();
		assertReconciles(now);
		assertThat(now.usedBytes() - now.pendingBytes())
			.isEqualTo(now.tiers().stream().mapToLong((tier) -> tier.idle() * weight(tier.size())).sum());
		assertThat(pool.statistics().leased()).isZero();
		assertThat(pool.statistics().leasedBytes()).isZero();
	}

	private static void assertReconciles(PoolStatistics now) {
		assertThat(now.tiers()).allSatisfy((tier) -> {
			assertThat((long) tier.idle()).as("idle")
				.isEqualTo(tier.returned() - tier.discarded() - tier.hits() + tier.preallocated());
			assertThat((long) tier.leased()).as("leased")
				.isEqualTo(tier.hits() + tier.misses() - tier.returned() - tier.leaked());
		});
		assertThat(now.usedBytes()).isGreaterThanOrEqualTo(now.capacityBytes() + now.pendingBytes());
	}

	@Test
	void failPolicyRefusesTheFirstAboveTheCap() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(2, 2, 0))))
			.policy(ExhaustionPolicy.FAIL)
			.build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 16, 2);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(10)).satisfies((ex) -> {
			assertThat(ex.getPool()).isEqualTo("test");
			assertThat(ex.getTier()).isEqualTo(16);
			assertThat(ex.getLeased()).isEqualTo(2);
		});
		assertThat(pool.tryAcquire(16)).isNull();
		buffers.get(0).release();
		PooledBuffer next = pool.acquire(16);
		assertThat(next.isAlive()).isTrue();
		next.release();
		buffers.get(1).release();
	}

	@Test
	void waitPolicyGivesUpInTime() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofMillis(30))
			.build();
		PooledBuffer only = pool.acquire(16);
		long start = System.nanoTime();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(16))
			.withMessageContaining("also after waiting 30 ms");
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
		only.release();
		pool.acquire(16).release();
	}

	@Test
	void limitCountsEveryByteThatIsLent() {
		BufferPool pool = builder().tiers(100).limit(weight(100) + weightOfTransient(900)).build();
		PooledBuffer tiered = pool.acquire(100);
		PooledBuffer oversized = pool.acquire(900);
		assertThat(pool.statistics().usedBytes()).isEqualTo(weight(100) + weightOfTransient(900));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(100));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(101))
			.satisfies((ex) -> assertThat(ex.getTier()).isNull());
		oversized.release();
		PooledBuffer next = pool.acquire(100);
		next.release();
		tiered.release();
	}

	@Test
	void unreleasedBufferCostsItsReuseOnly() {
		BufferPool pool = builder().tiers(128).build();
		pool.acquire(100);
		PooledBuffer next = pool.acquire(100);
		assertThat(next.isAlive()).isTrue();
		next.release();
		assertThat(pool.statistics().returned()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "10", "16", "17", "5000" })
	void contentOfOneOwnerIsNotReadableByTheNext(int size) {
		BufferPool pool = builder().tiers(16, 8192).build();
		byte[] secret = new byte[size];
		Arrays.fill(secret, (byte) 42);
		for (int i = 0; i < 5; i++) {
			PooledBuffer buffer = pool.acquire(size);
			assertThat(buffer.toByteArray()).containsOnly(0);
			buffer.copyIn(0, secret, 0, size);
			buffer.release();
		}
	}

	@Test
	void closedPoolRefusesToLend() {
		BufferPool pool = builder().tiers(16).build();
		pool.acquire(10).release();
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.acquire(10))
			.withMessage("Cannot acquire 10 bytes from pool 'test': the pool is closed");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.tryAcquire(10));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.acquire(10, Duration.ofSeconds(1)));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.acquire(17));
	}

	@Test
	void closedPoolKeepsNothing() {
		BufferPool pool = builder().tiers(16).build();
		Buffers.acquire(pool, 10, 3).forEach(PooledBuffer::release);
		pool.close();
		assertThat(pool.statistics().idle()).isZero();
		assertThat(pool.statistics().usedBytes()).isZero();
	}

	@Test
	void leasesOfAClosedPoolAreDiscardedWhenTheyAreReleased() {
		BufferPool pool = builder().tiers(16).build();
		PooledBuffer buffer = pool.acquire(4);
		PooledBuffer oversized = pool.acquire(40);
		pool.close();
		buffer.release();
		oversized.release();
		PoolStatistics now = pool.statistics();
		assertThat(now.leased()).isZero();
		assertThat(now.idle()).isZero();
		assertThat(now.usedBytes()).isZero();
		assertReconciles(now);
	}

	@Test
	void closingAgainHasNoEffect() {
		BufferPool pool = builder().tiers(16).build();
		pool.acquire(4).release();
		pool.close();
		PoolStatistics once = pool.statistics();
		pool.close();
		assertThat(pool.statistics()).isEqualTo(once);
	}

	// G5: the rules of gomempool's allocator

	@Test
	void allocatorHoldsOneBufferAtATime() {
		BufferPool pool = builder().powersOfTwo(4, 16).build();
		for (int size : new int[] { 8, 16, 17, 0 }) {
			BufferAllocator allocator = pool.allocator();
			PooledBuffer buffer = allocator.allocate(size);
			assertThat(allocator.buffer()).isSameAs(buffer);
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> allocator.allocate(4))
				.withMessageStartingWith("Cannot allocate 4 bytes from pool 'test'");
			allocator.release();
		}
		assertThat(pool.statistics().leased()).isZero();
	}

	@Test
	void emptyAllocatorCanNeitherBeReadNorReleased() {
		BufferAllocator allocator = builder().powersOfTwo(4, 16).build().allocator();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(allocator::buffer).withMessageContaining("'test'");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(allocator::release).withMessageContaining("'test'");
		allocator.allocate(20);
		allocator.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(allocator::buffer);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(allocator::release);
	}

	@Test
	void allocatorCanAllocateAgainAfterItsRelease() {
		BufferAllocator allocator = builder().powersOfTwo(4, 16).build().allocator();
		allocator.allocate(4);
		allocator.release();
		assertThat(allocator.allocate(5).size()).isEqualTo(5);
		allocator.release();
	}

	// Q1 to Q5: what a request needs, given back when it ends

	@Test
	void hundredsOfBuffersOfSomeTiersComeBack() {
		BufferPool pool = builder().powersOfTwo(16, 8192).build();
		for (int request = 0; request < 5; request++) {
			List<PooledBuffer> taken = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				taken.add(pool.acquire(1 << (4 + i % 10)));
			}
			taken.forEach(PooledBuffer::release);
		}
		assertThat(pool.statistics().leased()).isZero();
		assertThat(pool.statistics().returned()).isEqualTo(2500);
	}

	@Test
	void atMostTheCapacityIsKept() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, Caps.ofIdle(3)))).build();
		Buffers.acquire(pool, 16, 10).forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo((afterReturn().idle() != 0) ? 3 : 0);
		assertThat(pool.statistics().discarded()).isEqualTo((afterReturn().idle() != 0) ? 7 : 10);
	}

	@Test
	void waitingAcquireGetsWhatIsReturned() throws Exception {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(10))
			.build();
		PooledBuffer only = pool.acquire(16);
		Started<PooledBuffer> waiting = io.mempool.testing.Started.andWaiting(() -> pool.acquire(16));
		only.release();
		assertThat(waiting.result().isAlive()).isTrue();
		waiting.result().release();
	}

	@Test
	void overflowPolicyAllocatesATemporaryBufferAtOnceAndDropsItOnReturn() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(1, 1, 0)))).build();
		PooledBuffer pooled = pool.acquire(10);
		PooledBuffer temporary = pool.acquire(10);
		assertThat(temporary.capacity()).isEqualTo(10);
		temporary.release();
		assertThat(pool.statistics().discardedBy()).containsEntry(DiscardReason.TRANSIENT, 1L);
		pooled.release();
	}

	private BufferPool pool(List<Integer> sizes) {
		return builder().tiers(sizes.stream().mapToInt(Integer::intValue).toArray()).build();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0, 100", "1, 1, 100", "100, 50, 100", "40, 100, 100", "40, 101, 1000", "101, 2000, 2000",
			"1001, 1001, 1001", "1001, 2500, 2500", "40, -1, 100", "1001, -2147483648, 1001" })
	void bufferForContentThatGrowsIsOfAWholeTierThatHasWhatIsLikely(int minimum, int likely, int size) {
		try (BufferPool pool = builder().tiers(100, 1000).build();
				PooledBuffer buffer = pool.acquireAtLeast(minimum, likely)) {
			assertThat(buffer.size()).isEqualTo(size);
			assertThat(pool.recentSizes()).containsExactly(minimum);
		}
	}

	@Test
	void whatIsOnlyLikelyIsNeitherWaitedForNorCounted() {
		try (BufferPool pool = builder().tiers(100)
			.limit(weightOfTransient(3000))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofHours(1))
			.build()) {
			try (PooledBuffer held = pool.acquire(1000); PooledBuffer buffer = pool.acquireAtLeast(1200, 2400)) {
				assertThat(held.size()).isEqualTo(1000);
				assertThat(buffer.size()).isBetween(1201, 1800);
			}
			assertThat(pool.statistics().exhausted()).isZero();
			assertThat(pool.statistics().exhaustedFor()).isZero();
		}
	}

	@Test
	void minimumThatIsRefusedCountsOnceAndIsReportedOnce() throws Exception {
		CompletableFuture<List<Long>> reported = new CompletableFuture<>();
		try (BufferPool pool = builder().tiers(100)
			.limit(weightOfTransient(3000))
			.policy(ExhaustionPolicy.FAIL)
			.build(); PooledBuffer held = pool.acquire(1000)) {
			pool.addListener(new PoolListener() {

				@Override
				public void exhausted(String name, long refusals, long size) {
					reported.complete(List.of(refusals, size));
				}

			});
			assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquireAtLeast(2500, 2900))
				.withMessageContaining("Cannot acquire 2500 bytes");
			assertThat(held.size()).isEqualTo(1000);
			assertThat(pool.statistics().exhausted()).isOne();
			assertThat(reported.get(10, TimeUnit.SECONDS)).containsExactly(1L, 2500L);
		}
	}

	@Test
	void likelySizeBeyondTheLimitIsNotAskedFor() {
		try (BufferPool pool = builder().tiers(100)
			.limit(weightOfTransient(3000))
			.policy(ExhaustionPolicy.FAIL)
			.build(); PooledBuffer buffer = pool.acquireAtLeast(1000, Integer.MAX_VALUE)) {
			assertThat(buffer.size()).isEqualTo(1000);
		}
	}

	@Test
	void minimumIsLentWhereThereIsNoRoomForAWholeTier() {
		long limit = weight(100_000) + weightOfTransient(20_000);
		try (BufferPool pool = builder().tiers(100_000)
			.caps(new Caps(1, 1, 0))
			.limit(limit)
			.policy(ExhaustionPolicy.ALLOCATE)
			.build(); PooledBuffer held = pool.acquire(100_000); PooledBuffer buffer = pool.acquireAtLeast(10_000, 0)) {
			assertThat(held.size()).isEqualTo(100_000);
			assertThat(buffer.size()).isEqualTo(10_000);
			assertThat(pool.statistics().exhausted()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { BufferTier.MAXIMUM_SIZE + 1, Integer.MAX_VALUE })
	void moreThanABufferCanHaveIsRefusedAndCostsNoIdleMemory(int size) {
		try (BufferPool pool = builder().tiers(100).build()) {
			pool.acquire(100).release();
			long idle = pool.statistics().idle();
			assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> pool.acquire(size))
				.withMessageContaining("a buffer has at most " + BufferTier.MAXIMUM_SIZE + " bytes")
				.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(BufferTier.MAXIMUM_SIZE));
			assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> pool.tryAcquire(size));
			assertThat(pool.statistics().idle()).isEqualTo(idle);
			assertThat(pool.statistics().leased()).isZero();
		}
	}

	@Test
	void poolThatWrapsAnotherLendsAtLeastTheMinimum() {
		try (BufferPool pool = builder().tiers(100, 1000).limit(weightOfTransient(5000)).build();
				BufferPool other = wrap(pool)) {
			for (int[] call : new int[][] { { 0, 0, 100 }, { 40, 101, 1000 }, { 1001, 2500, 2500 }, { 1001, -1, 1001 },
					{ 3000, 100_000, 3000 } }) {
				try (PooledBuffer buffer = other.acquireAtLeast(call[0], call[1])) {
					assertThat(buffer.size()).isEqualTo(call[2]);
				}
			}
			assertThatIllegalArgumentException().isThrownBy(() -> other.acquireAtLeast(-1, 10));
		}
	}

	@Test
	void poolThatWrapsOneWhichLendsNothingLargerLendsTheMinimum() {
		try (BufferPool pool = builder().tiers(100).oversized(false).build();
				BufferPool other = wrap(pool);
				PooledBuffer direct = pool.acquireAtLeast(40, 5000);
				PooledBuffer buffer = other.acquireAtLeast(40, 5000)) {
			assertThat(direct.size()).isEqualTo(100);
			assertThat(buffer.size()).isEqualTo(100);
		}
	}

	// As an application may write it, which knows nothing of what came later
	private static BufferPool wrap(BufferPool pool) {
		return (BufferPool) Proxy.newProxyInstance(BufferPool.class.getClassLoader(),
				new Class<?>[] { BufferPool.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("acquireAtLeast")) {
						return InvocationHandler.invokeDefault(proxy, method, arguments);
					}
					try {
						return method.invoke(pool, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	@Test
	void negativeMinimumIsRefused() {
		try (BufferPool pool = builder().tiers(100).build()) {
			assertThatIllegalArgumentException().isThrownBy(() -> pool.acquireAtLeast(-1, 10))
				.withMessageContaining("Cannot acquire -1 bytes");
		}
	}

	@Test
	void poolWithOneTierNeedsNoSize() {
		try (BufferPool pool = builder().tiers(100).build(); PooledBuffer buffer = pool.acquire()) {
			assertThat(buffer.size()).isEqualTo(100);
			assertThat(pool.recentSizes()).containsExactly(100);
		}
	}

	@Test
	void poolWithSeveralTiersSaysThatItNeedsASize() {
		try (BufferPool pool = builder().tiers(1000, 100).build()) {
			assertThatIllegalStateException().isThrownBy(pool::acquire)
				.withMessage("Cannot acquire a buffer of pool '" + pool.name()
						+ "' without a size: it has tiers of [100, 1000] bytes. Call acquire(int) with the size that is "
						+ "needed");
			assertThat(pool.statistics().acquisitions()).isZero();
		}
	}

}
