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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import io.mempool.sizes.RecentSizes;
import io.mempool.testing.Buffers;
import io.mempool.testing.Figures;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Changing settings of a pool that is in use.
 */
@ProvokesOutput
class RetuningTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static BufferPoolBuilder builder(int maxIdle, int maxTotal) {
		return builder(new Caps(maxIdle, maxTotal, 0), 64);
	}

	// Where the weight of a block is its size
	private static BufferPoolBuilder builder(Caps caps, int... sizes) {
		return BufferPool.builder("uploads")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(Arrays.stream(sizes).mapToObj((size) -> new BufferTier(size, caps)).toList());
	}

	private static PoolChange change(String setting, Object from, Object to) {
		return new PoolChange(setting, from.toString(), to.toString());
	}

	private static void assertReconciles(BufferPool pool) {
		PoolStatistics now = pool.statistics();
		assertThat(now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
		assertThat(now.leased() - now.beyondTiers().leased())
			.isEqualTo(now.hits() + now.misses() - now.returned() - now.leaked());
	}

	private static long trimmed(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.TRIMMED, 0L);
	}

	// max-idle

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "4, 4", "7, 7", "8, 8", "20, 8" })
	void idleBlocksBeyondALowerMaxIdleAreDiscarded(int maxIdle, int kept) {
		BufferPool pool = builder(8, Caps.UNLIMITED).build();
		Buffers.acquire(pool, 64, 8).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.maxIdle(maxIdle));
		assertThat(pool.statistics().idle()).isEqualTo(kept);
		assertThat(trimmed(pool)).isEqualTo(8 - kept);
		assertThat(pool.statistics().usedBytes()).isEqualTo(kept * 64L);
		assertReconciles(pool);
	}

	@Test
	void idleBlocksWithinALowerMaxIdleStayWhateverElseIsLeased() {
		BufferPool pool = builder(8, Caps.UNLIMITED).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 8);
		buffers.subList(0, 3).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.maxIdle(3));
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(trimmed(pool)).isZero();
		buffers.subList(3, 8).forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.FULL);
		assertReconciles(pool);
	}

	@Test
	void leasedBlocksThatLostTheirPlacesAreKeptWhereThereIsRoom() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 4);
		pool.update((settings) -> settings.maxIdle(0));
		pool.update((settings) -> settings.maxIdle(2));
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertReconciles(pool);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 9, 100 })
	void higherMaxIdleKeepsMore(int maxIdle) {
		BufferPool pool = builder(0, Caps.UNLIMITED).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 120);
		pool.update((settings) -> settings.maxIdle(maxIdle));
		buffers.forEach(PooledBuffer::release);
		assertThat(pool.statistics().idle()).isEqualTo(maxIdle);
		assertReconciles(pool);
	}

	@Test
	void maxIdleOfOneTierHasPrecedence() {
		BufferPool pool = builder(Caps.ofIdle(8), 64, 128, 256).build();
		List<PoolChange> changes = pool.update((settings) -> settings.maxIdle(128, 2).maxIdle(4));
		assertThat(pool.tiers()).extracting((tier) -> tier.caps().maxIdle()).containsExactly(4, 2, 4);
		assertThat(changes).containsExactly(change("tiers[64].max-idle", 8, 4), change("tiers[128].max-idle", 8, 2),
				change("tiers[256].max-idle", 8, 4));
	}

	@Test
	void preallocatedBlocksDoNotHinderALowerCap() {
		BufferPool pool = builder(new Caps(4, 4, 4), 64).build();
		pool.update((settings) -> settings.maxIdle(1));
		assertThat(pool.statistics().idle()).isEqualTo(1);
		assertThat(pool.tiers().get(0).caps()).isEqualTo(new Caps(1, 4, 1));
		assertReconciles(pool);
	}

	// max-total

	@Test
	void idleBlocksGoUntilNoMoreExistThanMay() {
		BufferPool pool = builder(8, 8).policy(ExhaustionPolicy.FAIL).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 8);
		buffers.subList(0, 5).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.maxTotal(6));
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(pool.statistics().leased()).isEqualTo(3);
		assertThat(trimmed(pool)).isEqualTo(2);
		assertReconciles(pool);
	}

	@Test
	void leasedBlocksMayExceedALowerMaxTotalAndNothingIsCreatedUntilTheyDoNot() {
		BufferPool pool = builder(8, 8).policy(ExhaustionPolicy.FAIL).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 8);
		pool.update((settings) -> settings.maxTotal(2));
		for (int leased = 8; leased > 2; leased--) {
			assertThat(pool.tryAcquire(64)).isNull();
			buffers.get(leased - 1).release();
			assertThat(pool.statistics().idle()).isZero();
		}
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.FULL)
			.containsEntry(DiscardReason.FULL, 6L);
		assertThat(pool.tryAcquire(64)).isNull();
		buffers.get(1).release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
		PooledBuffer again = pool.tryAcquire(64);
		assertThat(again).isNotNull();
		assertThat(pool.tryAcquire(64)).isNull();
		assertReconciles(pool);
	}

	@Test
	void higherMaxTotalLetsWaitersThrough() throws Exception {
		BufferPool pool = builder(8, 1).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> first = Started.andWaiting(() -> pool.acquire(64));
		Started<PooledBuffer> second = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.maxTotal(Caps.UNLIMITED));
		first.result().release();
		second.result().release();
		held.release();
		assertReconciles(pool);
	}

	@Test
	void maxTotalOfOneTierLeavesTheOthersAlone() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).policy(ExhaustionPolicy.FAIL).build();
		assertThat(pool.update((settings) -> settings.maxTotal(64, 1)))
			.containsExactly(change("tiers[64].max-total", "unlimited", 1));
		pool.acquire(64);
		assertThat(pool.tryAcquire(64)).isNull();
		Buffers.acquire(pool, 128, 5);
	}

	// limit

	@Test
	void idleMemoryGoesDownToALowerLimitLargestBlocksFirst() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).build();
		Buffers.acquire(pool, 64, 3).forEach(PooledBuffer::release);
		Buffers.acquire(pool, 128, 3).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.limit(3 * 64 + 128));
		assertThat(Figures.ofTier(pool, 64).idle()).isEqualTo(3);
		assertThat(Figures.ofTier(pool, 128).idle()).isEqualTo(1);
		assertThat(trimmed(pool)).isEqualTo(2);
		assertReconciles(pool);
	}

	@ParameterizedTest
	@EnumSource(Clearing.class)
	void leasedMemoryMayExceedALowerLimitAndNothingIsKeptUntilItDoesNot(Clearing clearing) {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).clearing(clearing).build();
		List<PooledBuffer> small = Buffers.acquire(pool, 64, 2);
		List<PooledBuffer> large = Buffers.acquire(pool, 128, 2);
		pool.update((settings) -> settings.limit(200));
		assertThat(pool.settings().limit()).isEqualTo(200);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(64))
			.withMessageContaining("200 bytes");
		small.get(0).release();
		large.get(0).release();
		assertThat(pool.statistics().idle()).isZero();
		assertThat(pool.statistics().usedBytes()).isEqualTo(64 + 128);
		large.get(1).release();
		small.get(1).release();
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertReconciles(pool);
	}

	@Test
	void higherLimitLetsWaitersThrough() throws Exception {
		BufferPool pool = builder(8, Caps.UNLIMITED).limit(64).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		assertThat(pool.update((settings) -> settings.limit(Long.MAX_VALUE)))
			.containsExactly(change("limit", 64, "unlimited"));
		waiting.result().release();
		held.release();
		assertReconciles(pool);
	}

	@Test
	void waiterWhoseRequestExceedsALowerLimitFails() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(8), 32, 64).limit(64).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.limit(63));
		assertThat(waiting.failure()).isInstanceOf(PoolExhaustedException.class).hasMessageContaining("63 bytes");
		held.release();
	}

	@Test
	void lowerLimitGivesMemoryBackToTheBudget() {
		Budget budget = BufferPool.budget("mempool.budget.heap", 1000);
		BufferPool pool = builder(8, Caps.UNLIMITED).budget(budget).build();
		Buffers.acquire(pool, 64, 8).forEach(PooledBuffer::release);
		pool.update((settings) -> settings.limit(100));
		assertThat(budget.used()).isEqualTo(64);
	}

	// policy and max-wait

	@Test
	void policyIsThatOfTheNextAcquire() {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.FAIL).build();
		PooledBuffer held = pool.acquire(64);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(64));
		assertThat(pool.update((settings) -> settings.policy(ExhaustionPolicy.ALLOCATE)))
			.containsExactly(change("policy", "fail", "allocate"));
		assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
		pool.acquire(64).release();
		held.release();
	}

	@Test
	void whoWaitsAlreadyGoesOnAsItBegan() throws Exception {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		assertThat(pool.update((settings) -> settings.policy(ExhaustionPolicy.FAIL).maxWait(Duration.ofMillis(1))))
			.containsExactly(change("policy", "wait", "fail"), change("max-wait", "PT20S", "PT0.001S"));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(64));
		held.release();
		waiting.result().release();
	}

	@Test
	void transientBuffersCompeteWithNoneThatStillWaitsUnderAFormerPolicy() throws Exception {
		BufferPool pool = BufferPool.builder("uploads")
			.tiers(List.of(new BufferTier(64, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.policy(ExhaustionPolicy.ALLOCATE));
		pool.acquire(64).release();
		assertThat(pool.tryAcquire(64)).isNotNull().satisfies(PooledBuffer::release);
		assertThat(waiting.isDone()).isFalse();
		held.release();
		waiting.result().release();
	}

	@Test
	void maxWaitIsThatOfTheNextAcquire() {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		pool.update((settings) -> settings.maxWait(Duration.ofMillis(2)));
		assertThat(pool.settings().maxWait()).isEqualTo(Duration.ofMillis(2));
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(64))
			.withMessageContaining("2 ms");
		held.release();
	}

	// tiers

	@Test
	void tiersWhoseSizeStaysKeepTheirBlocks() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).clearing(Clearing.NEVER).build();
		PooledBuffer marked = pool.acquire(128);
		Buffers.mark(marked, 7);
		marked.release();
		PooledBuffer leased = pool.acquire(64);
		assertThat(pool.update((settings) -> settings.tiers(128, 64, 32)))
			.contains(change("tiers", "64,128", "32,64,128"));
		PooledBuffer same = pool.acquire(128);
		assertThat(Buffers.markOf(same)).isEqualTo(7);
		leased.release();
		assertThat(Figures.ofTier(pool, 64).idle()).isEqualTo(1);
		assertThat(pool.acquire(32).capacity()).isEqualTo(32);
		assertReconciles(pool);
	}

	@Test
	void memoryOfTiersThatGoIsDiscardedNowOrWhenItComesBack() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 3);
		buffers.get(0).release();
		pool.update((settings) -> settings.tiers(100));
		assertThat(trimmed(pool)).isEqualTo(1);
		assertThat(pool.statistics().usedBytes()).isEqualTo(2 * 64);
		assertThat(buffers.get(1).toByteArray()).hasSize(64);
		PooledBuffer retained = buffers.get(1).retain();
		buffers.get(1).release();
		retained.release();
		buffers.get(2).close();
		assertThat(trimmed(pool)).isEqualTo(3);
		assertThat(pool.statistics().usedBytes()).isZero();
		assertReconciles(pool);
	}

	@Test
	void totalsNeverFallWhenTiersGoAndComeBack() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).build();
		pool.acquire(64).release();
		pool.acquire(64).release();
		PooledBuffer held = pool.acquire(128);
		pool.update((settings) -> settings.tiers(32));
		PoolStatistics without = pool.statistics();
		assertThat(without.hits()).isEqualTo(1);
		assertThat(without.misses()).isEqualTo(2);
		assertThat(without.returned()).isEqualTo(2);
		assertThat(without.leased()).isEqualTo(1);
		assertThat(without.peakLeased()).isEqualTo(2);
		assertThat(without.formerTiers()).extracting(TierStatistics::size).containsExactly(64, 128);
		assertThat(without.formerTiers()).extracting(TierStatistics::leased).containsExactly(0, 1);
		assertReconciles(pool);
		pool.update((settings) -> settings.tiers(64, 128));
		pool.acquire(64).release();
		held.release();
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(held::release);
		assertThat(pool.statistics().formerTiers()).extracting(TierStatistics::size).containsExactly(32);
		assertThat(Figures.ofTier(pool, 64)).isEqualTo(new Figures(1, 2, 3, 1, 1));
		assertThat(Figures.ofTier(pool, 128)).isEqualTo(new Figures(0, 1, 1, 1, 0));
		assertThat(pool.statistics().doubleReleases()).isEqualTo(1);
		assertReconciles(pool);
	}

	@Test
	void blocksOfAFormerTierCountAgainstTheCapOfTheNextOfTheirSize() {
		BufferPool pool = builder(2, 2).policy(ExhaustionPolicy.FAIL).build();
		PooledBuffer former = pool.acquire(64);
		pool.update((settings) -> settings.tiers(32));
		pool.update((settings) -> settings.tiers(64).maxTotal(2));
		PooledBuffer next = pool.acquire(64);
		assertThat(pool.tryAcquire(64)).isNull();
		former.release();
		pool.acquire(64).release();
		next.release();
		assertReconciles(pool);
	}

	@Test
	void newTierTakesItsCapsFromTheOneThatServedItsSize() {
		BufferPool pool = BufferPool.builder("uploads")
			.tiers(List.of(new BufferTier(100, new Caps(3, 30, 2)), new BufferTier(200, new Caps(5, 50, 0))))
			.build();
		List<PoolChange> changes = pool.update((settings) -> settings.tiers(50, 100, 150, 1 << 30));
		assertThat(pool.tiers()).containsExactly(new BufferTier(50, new Caps(3, 30, 0)),
				new BufferTier(100, new Caps(3, 30, 2)), new BufferTier(150, new Caps(5, 50, 0)),
				new BufferTier(1 << 30, new Caps(Math.min(5, TierPresets.defaultMaxIdle(1 << 30)), 50, 0)));
		assertThat(changes).contains(change("tiers", "100,200", "50,100,150,1073741824"),
				change("tiers[150].max-idle", "none", 5), change("tiers[150].max-total", "unlimited", 50));
	}

	@Test
	void capsOfNewTiersCanBeSetAtOnce() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		pool.update((settings) -> settings.tiers(50, 100).maxIdle(2).maxIdle(100, 1).maxTotal(50, 9));
		assertThat(pool.tiers()).containsExactly(new BufferTier(50, new Caps(2, 9, 0)),
				new BufferTier(100, new Caps(1, Caps.UNLIMITED, 0)));
	}

	@Test
	void whoWaitsForATierThatGoesWaitsForTheOneThatFits() throws Exception {
		BufferPool pool = builder(new Caps(1, 1, 0), 64, 128).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer small = pool.acquire(64);
		PooledBuffer large = pool.acquire(128);
		Started<PooledBuffer> first = Started.andWaiting(() -> pool.acquire(30));
		Started<PooledBuffer> second = Started.andWaiting(() -> pool.acquire(128));
		Started<PooledBuffer> third = Started.andWaiting(() -> pool.acquire(31));
		pool.update((settings) -> settings.tiers(128));
		assertThat(pool.statistics().waiting()).isEqualTo(3);
		large.release();
		PooledBuffer ofFirst = first.result();
		assertThat(ofFirst.capacity()).isEqualTo(128);
		assertThat(second.isDone()).isFalse();
		ofFirst.release();
		PooledBuffer ofSecond = second.result();
		assertThat(third.isDone()).as("first come, first served").isFalse();
		ofSecond.release();
		third.result().release();
		small.release();
		assertReconciles(pool);
	}

	@Test
	void whoWaitsForATierThatGoesIsServedAtOnceIfThereIsRoom() throws Exception {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> first = Started.andWaiting(() -> pool.acquire(64));
		Started<PooledBuffer> second = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.tiers(32));
		assertThat(first.result().capacity()).as("beyond the largest tier").isEqualTo(64);
		second.result().release();
		held.release();
	}

	@Test
	void waiterThatMovedIsRefusedWhenItsTimeIsOver() throws Exception {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofMillis(300)).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.tiers(100).limit(120));
		assertThat(waiting.failure()).isInstanceOf(PoolExhaustedException.class).hasMessageContaining("120 bytes");
		PoolStatistics now = pool.statistics();
		assertThat(now.waiting()).isZero();
		assertThat(now.exhausted()).isEqualTo(1);
		assertThat(now.tiers().get(0).waits()).as("counted once, where it ended").isEqualTo(1);
		assertThat(now.formerTiers().get(0).waits()).isZero();
		held.release();
		pool.acquire(64).release();
	}

	@Test
	void waiterThatMovedIsToldWhenThePoolIsClosed() throws Exception {
		BufferPool pool = builder(1, 1).policy(ExhaustionPolicy.WAIT).maxWait(LONG).build();
		PooledBuffer held = pool.acquire(64);
		Started<PooledBuffer> waiting = Started.andWaiting(() -> pool.acquire(64));
		pool.update((settings) -> settings.tiers(100).limit(120));
		pool.close();
		assertThat(waiting.failure()).isInstanceOf(PoolClosedException.class);
		held.release();
		assertThat(pool.statistics().usedBytes()).isZero();
	}

	@Test
	void offHeapMemoryOfAFormerTierIsGoneWithThePool() {
		BufferPool pool = builder(2, Caps.UNLIMITED).build();
		PooledBuffer buffer = pool.acquire(64);
		pool.update((settings) -> settings.tiers(32));
		assertThat(buffer.toByteArray()).hasSize(64);
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(buffer::toByteArray);
		buffer.release();
	}

	// clearing

	@Test
	void blocksThatWereNeverClearedAreNotLentWhenOthersAre() {
		BufferPool pool = builder(4, Caps.UNLIMITED).clearing(Clearing.NEVER).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 3);
		buffers.forEach((buffer) -> Buffers.mark(buffer, 7));
		buffers.get(0).release();
		assertThat(pool.update((settings) -> settings.clearing(Clearing.ON_RELEASE)))
			.containsExactly(change("clear", "never", "on-release"));
		buffers.get(1).release();
		assertThat(pool.statistics().idle()).isZero();
		List<PooledBuffer> next = Buffers.acquire(pool, 64, 4);
		buffers.get(2).release();
		assertThat(next).extracting(Buffers::markOf).containsOnly(0);
		next.forEach((buffer) -> Buffers.mark(buffer, 9));
		next.forEach(PooledBuffer::release);
		assertThat(Buffers.acquire(pool, 64, 4)).extracting(Buffers::markOf).containsOnly(0);
		assertReconciles(pool);
	}

	@Test
	void blocksAreNoLongerClearedWhenThatIsSaid() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		pool.update((settings) -> settings.clearing(Clearing.NEVER));
		assertThat(pool.settings().clearing()).isEqualTo(Clearing.NEVER);
		PooledBuffer buffer = pool.acquire(64);
		Buffers.mark(buffer, 7);
		buffer.release();
		assertThat(Buffers.markOf(pool.acquire(64))).isEqualTo(7);
	}

	// An update as a whole

	@Test
	void updateThatChangesNothingSaysSo() {
		BufferPool pool = builder(new Caps(4, 9, 0), 64, 128).limit(1000).build();
		List<List<PoolChange>> told = new ArrayList<>();
		pool.onUpdate(told::add);
		assertThat(pool.update((settings) -> settings)).isEmpty();
		assertThat(pool.update((settings) -> settings.maxIdle(4)
			.maxTotal(9)
			.limit(1000)
			.policy(ExhaustionPolicy.ALLOCATE)
			.maxWait(Duration.ofSeconds(1))
			.clearing(Clearing.ON_RELEASE)
			.idleTimeout(null)
			.tiers(128, 64))).isEmpty();
		assertThat(told).isEmpty();
	}

	@Test
	void everyChangeIsToldOnceAndListenersDoNotFailEachOther() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		List<List<PoolChange>> told = new ArrayList<>();
		pool.onUpdate((changes) -> {
			throw new IllegalStateException("Listener failed");
		});
		pool.onUpdate((changes) -> {
			// Without the lock, so that another thread can look
			try {
				assertThat(Started.of(() -> pool.statistics().settings().policy()).result())
					.isEqualTo(ExhaustionPolicy.FAIL);
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
			told.add(changes);
		});
		List<PoolChange> changes = pool.update((settings) -> settings.maxIdle(2)
			.maxTotal(3)
			.limit(100)
			.policy(ExhaustionPolicy.FAIL)
			.maxWait(Duration.ofMillis(250))
			.clearing(Clearing.NEVER)
			.idleTimeout(Duration.ofMinutes(1)));
		assertThat(changes).containsExactly(change("max-idle", 4, 2), change("max-total", "unlimited", 3),
				change("limit", "unlimited", 100), change("policy", "allocate", "fail"),
				change("max-wait", "PT1S", "PT0.25S"), change("clear", "on-release", "never"),
				change("idle-timeout", "none", "PT1M"));
		assertThat(told).containsExactly(changes);
		pool.close();
	}

	@Test
	void updateThatIsRefusedChangesNothing() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		BufferPoolSettings former = pool.settings();
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> pool.update((settings) -> settings.limit(1000).policy(ExhaustionPolicy.FAIL).maxIdle(100, 1)))
			.withMessage("Cannot update pool 'uploads': it has no tier of 100 bytes. Its tiers are [64]");
		assertThat(pool.statistics().settings()).isEqualTo(former);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> pool.update((settings) -> settings.tiers(32).maxTotal(64, 1)));
		assertThat(pool.maximumSize()).isEqualTo(64);
	}

	@Test
	void updateThatFailsChangesNothing() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		BufferPoolSettings former = pool.settings();
		assertThatIllegalStateException().isThrownBy(() -> pool.update((settings) -> {
			settings.maxIdle(1);
			throw new IllegalStateException("The update failed");
		}));
		assertThat(pool.settings()).isSameAs(former);
	}

	@Test
	@SuppressWarnings("NullAway")
	void updateThatReturnsNoSettingsIsRefused() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		assertThatNullPointerException().isThrownBy(() -> pool.update((settings) -> null))
			.withMessage("The update of pool 'uploads' must not return null");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("fixed")
	void settingThatCannotChangeIsRefusedByItsName(String setting, UnaryOperator<BufferPoolSettings> change,
			String values) {
		BufferPool pool = builder(new Caps(4, 8, 2), 64).build();
		BufferPoolSettings former = pool.settings();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> pool.update((settings) -> change.apply(settings.maxIdle(5))))
			.withMessageStartingWith(
					"Cannot update pool 'uploads': '" + setting + "' cannot change while the pool runs")
			.withMessageContaining(values)
			.withMessageEndingWith("Keep it, or build another pool");
		assertThat(pool.statistics().settings()).isEqualTo(former);
	}

	static Stream<Arguments> fixed() {
		return Stream.of(fixed("name", (settings) -> BufferPool.builder("other").settings(), "from uploads to other"),
				fixed("memory", (settings) -> settings.memory(MemoryKind.HEAP), "from off-heap to heap"),
				fixed("page-aligned", (settings) -> settings.pageAligned(true), "from false to true"),
				fixed("oversized", (settings) -> settings.oversized(false), "from true to false"),
				fixed("budget", (settings) -> settings.budget(BufferPool.budget("heap", 1000)), "from none to"),
				fixed("recent-sizes", (settings) -> settings.recentSizes(RecentSizes.exact(1)), "from none to"),
				fixed("leak-listener", (settings) -> settings.leakListener((leak) -> {
				}), "from none to"),
				fixed("leak-max-age", (settings) -> settings.leakMaxAge(Duration.ofSeconds(3)), "from none to PT3S"),
				fixed("preallocate", (settings) -> settings.preallocate(3), "from 2 to 3"),
				fixed("preallocate", (settings) -> settings.preallocate(1), "from 2 to 1"),
				fixed("preallocate", (settings) -> settings.caps(Caps.ofIdle(3)), "from 2 to 0"),
				fixed("preallocate",
						(settings) -> settings.tiers(List.of(new BufferTier(32, new Caps(3, 3, 1)), BufferTier.of(64)))
							.preallocate(2),
						"from 0 to 2"));
	}

	private static Arguments fixed(String setting, UnaryOperator<BufferPoolSettings> change, String values) {
		return Arguments.of(setting, change, values);
	}

	@Test
	void poolingIsFixed() {
		BufferPool pool = BufferPool.builder("uploads").tiers(64).build();
		assertThatIllegalArgumentException().isThrownBy(() -> pool.update((settings) -> settings.pooling(false)))
			.withMessageContaining("'pooling' cannot change while the pool runs, and would change from true to false");
	}

	@Test
	void settingsOfAPoolStayAsTheyWereWhenItIsUpdated() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		BufferPoolSettings former = pool.settings();
		pool.update((settings) -> settings.maxIdle(2).tiers(64, 128));
		assertThat(former.tiers()).containsExactly(new BufferTier(64, Caps.ofIdle(4)));
		assertThat(pool.settings().tiers()).isEqualTo(pool.tiers())
			.containsExactly(new BufferTier(64, Caps.ofIdle(2)), new BufferTier(128, Caps.ofIdle(2)));
	}

	@Test
	void formerSettingsCanBeGivenBack() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).build();
		BufferPoolSettings former = pool.settings();
		pool.update((settings) -> settings.tiers(32).maxIdle(1).limit(500).policy(ExhaustionPolicy.FAIL));
		pool.update((settings) -> former);
		assertThat(pool.settings()).isEqualTo(former);
		assertThat(pool.tiers()).isEqualTo(former.tiers());
	}

	@Test
	void orderOfChangesDoesNotMatter() {
		UnaryOperator<BufferPoolSettings> tiers = (settings) -> settings.tiers(32, 256);
		UnaryOperator<BufferPoolSettings> maxIdle = (settings) -> settings.maxIdle(3);
		UnaryOperator<BufferPoolSettings> maxIdleOfTier = (settings) -> settings.maxIdle(256, 1);
		UnaryOperator<BufferPoolSettings> maxTotal = (settings) -> settings.maxTotal(9);
		assertThat(Stream
			.of(List.of(tiers, maxIdle, maxIdleOfTier, maxTotal), List.of(maxTotal, maxIdleOfTier, maxIdle, tiers),
					List.of(maxIdleOfTier, tiers, maxTotal, maxIdle))
			.map((changes) -> {
				BufferPool pool = builder(Caps.ofIdle(4), 64, 128).build();
				pool.update((settings) -> {
					BufferPoolSettings next = settings;
					for (UnaryOperator<BufferPoolSettings> change : changes) {
						next = change.apply(next);
					}
					return next;
				});
				return pool.settings();
			})
			.distinct()).singleElement()
			.satisfies((settings) -> assertThat(settings.tiers()).containsExactly(new BufferTier(32, new Caps(3, 9, 0)),
					new BufferTier(256, new Caps(1, 9, 0))));
	}

	@Test
	void updateBeginsAgainIfAnotherCameFirst() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		AtomicInteger calls = new AtomicInteger();
		assertThat(pool.update((settings) -> {
			if (calls.incrementAndGet() == 1) {
				pool.update((others) -> others.maxTotal(7));
			}
			return settings.maxIdle(settings.tiers().get(0).caps().maxIdle() + 1);
		})).containsExactly(change("max-idle", 4, 5));
		assertThat(calls).hasValue(2);
		assertThat(pool.tiers()).extracting(BufferTier::caps).containsExactly(new Caps(5, 7, 0));
	}

	@Test
	void limitThatNoTierFitsIsRefused() {
		BufferPool pool = builder(Caps.ofIdle(4), 64, 128).limit(200).build();
		assertThatIllegalArgumentException().isThrownBy(() -> pool.update((settings) -> settings.limit(63)))
			.withMessage("Cannot update pool 'uploads': with a limit of 63 bytes it could not lend a single buffer of "
					+ "its smallest tier, which has 64 bytes and takes 64. Raise the limit, or have a smaller tier");
		assertThatIllegalArgumentException().isThrownBy(() -> pool.update((settings) -> settings.tiers(256)))
			.withMessageContaining("200 bytes");
		pool.update((settings) -> settings.tiers(32).limit(32));
		assertThat(pool.acquire(32).capacity()).isEqualTo(32);
	}

	@Test
	void valuesThatCannotBeAreRefusedWhenTheyAreSet() {
		BufferPoolSettings update = builder(4, Caps.UNLIMITED).build().settings();
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxIdle(-1)).withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxIdle(64, -1)).withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxTotal(0)).withMessageContaining("maxTotal");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxTotal(64, 0)).withMessageContaining("maxTotal");
		assertThatIllegalArgumentException().isThrownBy(() -> update.limit(0)).withMessageContaining("limit");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxWait(Duration.ZERO))
			.withMessageContaining("PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> update.idleTimeout(Duration.ofSeconds(-1)))
			.withMessageContaining("PT-1S");
		assertThatIllegalArgumentException().isThrownBy(() -> update.tiers(new int[0])).withMessageContaining("empty");
		assertThatIllegalArgumentException().isThrownBy(() -> update.tiers(1, 0)).withMessageContaining("0");
		assertThatIllegalArgumentException().isThrownBy(() -> update.tiers(8, 8)).withMessageContaining("8 twice");
	}

	@Test
	void closedPoolIsNotUpdated() {
		BufferPool pool = builder(4, Caps.UNLIMITED).build();
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> pool.update((settings) -> settings.maxIdle(1)))
			.withMessage("Cannot update pool 'uploads': it is closed");
	}

	@Test
	void unpooledTwinIsUpdatedLikeAnyOther() {
		BufferPool pool = builder(new Caps(4, 2, 0), 64).policy(ExhaustionPolicy.FAIL).pooling(false).build();
		List<PooledBuffer> buffers = Buffers.acquire(pool, 64, 2);
		pool.update((settings) -> settings.maxTotal(1).maxIdle(8).tiers(100).idleTimeout(Duration.ofMinutes(1)));
		buffers.forEach(PooledBuffer::release);
		PooledBuffer only = pool.acquire(64);
		assertThat(pool.tryAcquire(64)).isNull();
		only.release();
		assertThat(pool.statistics().idle()).isZero();
		assertReconciles(pool);
	}

	// Many threads

	@Test
	void nobodyIsRefusedOrToldOfAClosedPoolWhileTiersComeAndGo() throws Exception {
		BufferPool pool = builder(Caps.ofIdle(3), 64, 128).build();
		List<List<Integer>> tables = List.of(List.of(64), List.of(32, 128), List.of(64, 128), List.of(200));
		Together.run(4, (thread) -> {
			for (int i = 0; i < 2_000; i++) {
				if (thread == 0 && i % 4 == 0) {
					int turn = i;
					Clearing clearing = (i % 3 == 0) ? Clearing.NEVER : Clearing.ON_RELEASE;
					pool.update((settings) -> settings.tiers(Buffers.sizes(tables.get(turn / 4 % tables.size())))
						.clearing(clearing));
				}
				PooledBuffer buffer = pool.acquire(20 + i % 60);
				PooledBuffer second = pool.tryAcquire(1);
				assertThat(second).isNotNull();
				buffer.release();
				second.release();
			}
		});
		assertThat(pool.statistics().leased()).isZero();
		assertReconciles(pool);
		assertThat(pool.statistics().usedBytes()).isEqualTo(pool.statistics().idleBytes());
	}

	@ParameterizedTest
	@EnumSource(Clearing.class)
	void capHoldsFromTheMomentAnUpdateReturns(Clearing clearing) throws Exception {
		BufferPool pool = builder(8, Caps.UNLIMITED).clearing(clearing).build();
		AtomicBoolean done = new AtomicBoolean();
		Started<Integer> updates = Started.of(() -> {
			int violations = 0;
			for (int i = 0; i < 3_000; i++) {
				int maxIdle = i % 9;
				pool.update((settings) -> settings.maxIdle(maxIdle));
				if (pool.statistics().idle() > maxIdle) {
					violations++;
				}
			}
			done.set(true);
			return violations;
		});
		Together.run(3, (thread) -> {
			while (!done.get()) {
				Buffers.acquire(pool, 64, 4).forEach(PooledBuffer::release);
			}
		});
		assertThat(updates.result()).isZero();
		assertReconciles(pool);
	}

	@Test
	void severalUpdatesAtOnceAreAppliedOneAfterTheOther() throws Exception {
		BufferPool pool = builder(0, Caps.UNLIMITED).build();
		List<List<PoolChange>> told = Together.call(4, (thread) -> {
			List<PoolChange> changes = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				int maxIdle = 1 + i % 2 + 2 * thread;
				changes.addAll(pool.update((settings) -> settings.maxIdle(maxIdle)));
			}
			return changes;
		}).stream().toList();
		long up = told.stream().flatMap(List::stream).mapToLong((change) -> Long.parseLong(change.to())).sum();
		long down = told.stream().flatMap(List::stream).mapToLong((change) -> Long.parseLong(change.from())).sum();
		assertThat(up - down).as("each began with what the one before left")
			.isEqualTo(pool.tiers().get(0).caps().maxIdle());
	}

}
