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

package io.mempool.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a change of a tier meets that is half done: a block that is being created or
 * reset, a thread that is about to wait. And for how long a tier has had nothing to give.
 */
@ProvokesOutput
class TierRetuningTests {

	private static final int CAPACITY = 10;

	private static final long LONG = 20_000_000_000L;

	private final SharedBudget budget = new SharedBudget("mempool.budget.heap", 1000);

	private final Account account = new Account("parts", this.budget, Long.MAX_VALUE);

	private final TestBlock.Source source = new TestBlock.Source(true);

	private Tier<TestBlock> tier(int maxIdle, int maxTotal) {
		return tier(CAPACITY, maxIdle, maxTotal);
	}

	private Tier<TestBlock> tier(int capacity, int maxIdle, int maxTotal) {
		return new Tier<>(this.account, capacity, new Caps(maxIdle, maxTotal, 0), this.source, null);
	}

	private static TestBlock.Handle acquire(Tier<TestBlock> tier) throws InterruptedException {
		TestBlock.Handle handle = tryAcquire(tier);
		assertThat(handle).isNotNull();
		return handle;
	}

	private static TestBlock.Handle tryAcquire(Tier<TestBlock> tier) throws InterruptedException {
		TestBlock block = tier.claim();
		if (block == null) {
			block = tier.acquire(new Request<>(CAPACITY, false, 0));
		}
		return (block != null) ? new TestBlock.Handle(block) : null;
	}

	private static Started<TestBlock.Handle> waiting(Tier<TestBlock> tier) throws InterruptedException {
		return Started.andWaiting(() -> new TestBlock.Handle(tier.acquire(new Request<>(CAPACITY, false, LONG))));
	}

	private static void assertReconciles(Tier<TestBlock> tier) {
		TierStatistics now = tier.statistics();
		assertThat((long) now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
		assertThat((long) now.leased()).isEqualTo(now.hits() + now.misses() - now.returned() - now.leaked());
	}

	// Half done

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1" })
	void blockThatIsBeingCreatedLosesItsPlace(int maxIdle, int kept) throws Exception {
		Tier<TestBlock> tier = tier(2, 2);
		this.source.whileCreating = () -> tier.retune(Caps.ofIdle(0));
		TestBlock.Handle handle = acquire(tier);
		assertThat(handle.use().slot.block).as("held by its lease alone").isNull();
		tier.retune(Caps.ofIdle(maxIdle));
		handle.end();
		assertThat(tier.statistics().idle()).isEqualTo(kept);
		assertReconciles(tier);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1" })
	void blockThatIsBeingResetIsKeptOnlyIfThereIsAPlace(int maxIdle, int kept) throws Exception {
		Tier<TestBlock> tier = tier(2, 2);
		TestBlock.Handle handle = acquire(tier);
		this.source.whileResetting = () -> {
			tier.retune(Caps.ofIdle(0));
			tier.retune(Caps.ofIdle(maxIdle));
		};
		handle.end();
		assertThat(tier.statistics().idle()).isEqualTo(kept);
		assertThat(this.source.destroyed).hasSize(1 - kept);
		assertReconciles(tier);
	}

	@Test
	void blockThatIsBeingResetDoesNotStayIdleBeyondALowerLimit() throws Exception {
		Tier<TestBlock> tier = tier(2, 2);
		TestBlock.Handle first = acquire(tier);
		TestBlock.Handle second = acquire(tier);
		this.source.whileResetting = () -> this.account.changeLimit(CAPACITY);
		first.end();
		assertThat(tier.statistics().idle()).isZero();
		second.end();
		assertThat(tier.statistics().idle()).isEqualTo(1);
		assertReconciles(tier);
	}

	@Test
	void retirementWhileABlockIsCreatedDiscardsItAtItsRelease() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> successor = tier(1, 1);
		this.source.whileCreating = () -> {
			this.source.whileCreating = () -> {
			};
			tier.retire((size) -> successor);
		};
		TestBlock.Handle handle = acquire(tier);
		assertThat(successor.statistics().leased()).as("one pair of counters").isEqualTo(1);
		handle.end();
		assertThat(successor.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRIMMED);
		assertThat(this.source.destroyed).isEqualTo(this.source.created);
		assertReconciles(successor);
	}

	@Test
	void retirementWhileABlockIsResetDiscardsIt() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> successor = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		this.source.whileResetting = () -> tier.retire((size) -> successor);
		handle.end();
		assertThat(tier.claim()).isNull();
		assertThat(successor.statistics().idle()).isZero();
		assertThat(this.source.destroyed).isEqualTo(this.source.created);
		assertReconciles(successor);
	}

	@Test
	void failureToCreateForARetiredTierCostsNothing() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> successor = tier(1, 1);
		this.source.failureOfCreate = (count) -> {
			tier.retire((size) -> successor);
			return new IllegalStateException("Create failed");
		};
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> acquire(tier));
		this.source.failureOfCreate = null;
		assertThat(this.budget.used()).isZero();
		acquire(tier).end();
		assertThat(successor.statistics().idle()).isEqualTo(1);
		assertReconciles(successor);
	}

	@Test
	void lateComersAreServedByWhateverTierHasTakenOverLast() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> second = tier(20, 1, 1);
		Tier<TestBlock> third = tier(30, 1, 1);
		List<Tier<TestBlock>> present = new ArrayList<>(List.of(second));
		tier.retire((size) -> present.get(0));
		present.set(0, third);
		second.retire((size) -> present.get(0));
		TestBlock.Handle handle = acquire(tier);
		assertThat(handle.use().size).isEqualTo(30);
		assertThat(tryAcquire(tier)).isNull();
		assertThat(third.statistics().exhausted()).isEqualTo(1);
		handle.end();
		assertThat(third.statistics().idle()).isEqualTo(1);
	}

	@Test
	void interruptedWaiterLeavesTheLineItWasMovedTo() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> successor = tier(20, 1, 1);
		TestBlock.Handle held = acquire(tier);
		TestBlock.Handle heldToo = acquire(successor);
		Started<TestBlock.Handle> waiting = waiting(tier);
		tier.retire((size) -> successor);
		assertThat(successor.statistics().waiting()).isEqualTo(1);
		assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);
		assertThat(successor.statistics().waiting()).isZero();
		held.end();
		heldToo.end();
		assertThat(successor.claim()).as("no request waits").isNotNull();
	}

	@Test
	void whoCameFirstIsFirstAlsoInTheLineOfTheHeir() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		Tier<TestBlock> successor = tier(20, 1, 1);
		acquire(tier);
		TestBlock.Handle held = acquire(successor);
		Started<TestBlock.Handle> first = waiting(tier);
		Started<TestBlock.Handle> second = waiting(successor);
		Started<TestBlock.Handle> third = waiting(tier);
		tier.retire((size) -> successor);
		held.end();
		for (Started<TestBlock.Handle> next : List.of(first, second, third)) {
			TestBlock.Handle handle = next.result();
			assertThat(List.of(first, second, third).stream().filter(Started::isDone).toList()).last().isSameAs(next);
			handle.end();
		}
	}

	// Exhaustion

	private static Duration exhaustedFor(Tier<TestBlock> tier) {
		return tier.statistics().exhaustedFor();
	}

	@Test
	void tierIsExhaustedFromTheFirstRefusalOn() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		assertThat(exhaustedFor(tier)).isZero();
		acquire(tier);
		assertThat(exhaustedFor(tier)).as("no request since").isZero();
		long before = System.nanoTime();
		assertThat(tryAcquire(tier)).isNull();
		Duration first = exhaustedFor(tier);
		assertThat(first).isPositive();
		assertThat(tryAcquire(tier)).isNull();
		assertThat(exhaustedFor(tier)).isGreaterThan(first)
			.isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
	}

	@Test
	void returnEndsExhaustionAlsoIfTheBlockIsGoneAgain() throws Exception {
		for (boolean resets : new boolean[] { false, true }) {
			Tier<TestBlock> tier = new Tier<>(this.account, CAPACITY, new Caps(1, 1, 0), new TestBlock.Source(resets),
					null);
			TestBlock.Handle handle = acquire(tier);
			assertThat(tryAcquire(tier)).isNull();
			handle.end();
			handle = acquire(tier);
			assertThat(exhaustedFor(tier)).isZero();
			handle.end();
			tier.close();
		}
	}

	@Test
	void everythingElseThatMakesRoomEndsExhaustion() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		assertThat(tryAcquire(tier)).isNull();
		tier.retune(new Caps(1, 2, 0));
		assertThat(exhaustedFor(tier)).isZero();
		TestBlock.Handle second = acquire(tier);
		assertThat(tryAcquire(tier)).isNull();
		second.endInDoubt();
		assertThat(exhaustedFor(tier)).isZero();
		handle.end();
	}

	@Test
	void memoryThatComesBackElsewhereEndsExhaustionAtTheLimit() throws Exception {
		Tier<TestBlock> tier = tier(1, Caps.UNLIMITED);
		Tier<TestBlock> other = tier(20, 1, Caps.UNLIMITED);
		this.account.changeLimit(20);
		TestBlock.Handle handle = acquire(other);
		assertThat(tryAcquire(tier)).isNull();
		assertThat(exhaustedFor(tier)).isPositive();
		assertThat(exhaustedFor(other)).isZero();
		handle.end();
		assertThat(other.statistics().idle()).isEqualTo(1);
		assertThat(exhaustedFor(tier)).as("idle memory would make room").isZero();
	}

	@Test
	void requestThatCanNeverBeMetIsNoExhaustion() throws Exception {
		Tier<TestBlock> tier = tier(20, 1, Caps.UNLIMITED);
		this.account.changeLimit(19);
		assertThat(tryAcquire(tier)).isNull();
		assertThat(tier.statistics().exhausted()).isEqualTo(1);
		assertThat(exhaustedFor(tier)).isZero();
	}

	@Test
	void waitingIsNoExhaustionUntilItWasInVain() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		Started<TestBlock.Handle> waiting = waiting(tier);
		assertThat(exhaustedFor(tier)).isZero();
		assertThat(tier.acquire(new Request<>(CAPACITY, false, 1))).isNull();
		assertThat(exhaustedFor(tier)).isPositive();
		handle.end();
		waiting.result();
		assertThat(exhaustedFor(tier)).isZero();
	}

	@Test
	void lostLeaseEndsExhaustionWhenItIsNoticed() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		acquire(tier);
		assertThat(tryAcquire(tier)).isNull();
		this.source.created.clear();
		Garbage.collectUntil(() -> tier.statistics().leaked() == 1);
		assertThat(exhaustedFor(tier)).isZero();
	}

}
