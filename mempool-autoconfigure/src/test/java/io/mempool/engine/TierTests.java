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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeaseException;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a tier does with a source that resets, fails, or takes its time.
 */
class TierTests {

	private static final int CAPACITY = 10;

	private final SharedBudget budget = new SharedBudget("mempool.budget.heap", 1000);

	private final Account account = new Account("parts", this.budget, Long.MAX_VALUE);

	private final TestBlock.Source source = new TestBlock.Source(true);

	private Tier<TestBlock> tier(int maxIdle, int maxTotal) {
		return tier(new Caps(maxIdle, maxTotal, 0));
	}

	private Tier<TestBlock> tier(Caps caps) {
		return new Tier<>(this.account, CAPACITY, caps, this.source, null);
	}

	private static TestBlock.Handle acquire(Tier<TestBlock> tier) throws InterruptedException {
		TestBlock block = tier.claim();
		if (block == null) {
			block = tier.acquire(new Request<>(CAPACITY, false, 0));
		}
		assertThat(block).isNotNull();
		return new TestBlock.Handle(block);
	}

	private void assertReconciles(Tier<TestBlock> tier) {
		TierStatistics now = tier.statistics();
		assertThat((long) now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
		assertThat((long) now.leased()).isEqualTo(now.hits() + now.misses() - now.returned() - now.leaked());
		assertThat(this.budget.used()).isEqualTo((now.idle() + now.leased()) * (long) CAPACITY);
	}

	// Reset

	@Test
	void blockIsResetOnceForEveryLease() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle first = acquire(tier);
		TestBlock block = first.use();
		assertThat(block.resets).isEmpty();
		first.end();
		assertThat(block.resets).containsExactly(7);
		acquire(tier).end();
		assertThat(block.resets).containsExactly(7, 7);
	}

	@Test
	void copyDoesNotWidenTheReset() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		TestBlock block = handle.pinned();
		handle.unpinned();
		handle.end();
		assertThat(block.resets).containsExactly(7);
	}

	@Test
	void blockThatIsNotKeptIsNotReset() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		TestBlock block = handle.use();
		handle.endInDoubt();
		assertThat(block.resets).isEmpty();
		assertThat(this.source.destroyed).containsExactly(block);
	}

	@Test
	void blockThatCannotBeResetIsDiscarded() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		this.source.failureOfReset = new IllegalStateException("Reset failed");
		assertThatIllegalStateException().isThrownBy(handle::release).withMessage("Reset failed");
		assertThat(handle.isAlive()).isFalse();
		assertThat(handle.end()).isFalse();
		assertThat(tier.statistics().discardedBy()).containsOnlyKeys(DiscardReason.FAILED);
		assertThat(this.source.destroyed).isEqualTo(this.source.created);
		assertReconciles(tier);
		acquire(tier);
		assertThat(this.source.created).hasSize(2);
	}

	// Create

	@Test
	void failureToCreateCostsNothing() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		IllegalStateException failure = new IllegalStateException();
		this.source.failureOfCreate = (count) -> failure;
		assertThatExceptionOfType(Throwable.class).isThrownBy(() -> acquire(tier)).isSameAs(failure);
		assertReconciles(tier);
		assertThat(this.budget.used()).isZero();
		assertThat(tier.statistics().discardedBy()).containsOnly(Map.entry(DiscardReason.FAILED, 1L));
		this.source.failureOfCreate = null;
		acquire(tier).end();
		assertReconciles(tier);
	}

	@Test
	void requestIsRefusedIfTheJvmHasNoMemoryTwice() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		OutOfMemoryError failure = new OutOfMemoryError("Java heap space");
		this.source.failureOfCreate = (count) -> failure;
		Request<TestBlock> request = new Request<>(10, false, 0);
		assertThat(tier.acquire(request)).isNull();
		assertThat(tier.refusal(request)).hasCause(failure)
			.hasMessageContaining("the JVM has no memory for it")
			.hasMessageContaining("(Java heap space)");
		assertThat(tier.statistics().discardedBy()).containsOnly(Map.entry(DiscardReason.NO_MEMORY, 2L));
		assertThat(tier.statistics().exhausted()).isOne();
		assertThat(this.budget.used()).isZero();
		this.source.failureOfCreate = null;
		acquire(tier).end();
		assertReconciles(tier);
	}

	@Test
	void idleMemoryIsGivenUpForABlockThatTheJvmHasNoMemoryFor() throws Exception {
		Tier<TestBlock> full = new Tier<>(new Account("other", this.budget, Long.MAX_VALUE), 10, Caps.ofIdle(1),
				new TestBlock.Source(false), null);
		acquire(full).end();
		Tier<TestBlock> tier = tier(1, 1);
		this.source.failureOfCreate = (count) -> (full.statistics().idle() > 0) ? new OutOfMemoryError() : null;
		acquire(tier).end();
		assertThat(full.statistics().discardedBy()).containsOnly(Map.entry(DiscardReason.RECLAIMED, 1L));
	}

	@Test
	void requestWaitsForAReturnIfTheJvmHasNoMemory() throws Exception {
		Tier<TestBlock> tier = tier(2, 2);
		TestBlock.Handle held = acquire(tier);
		this.source.failureOfCreate = (count) -> new OutOfMemoryError();
		Started<TestBlock> waiting = Started.andWaiting(() -> tier.acquire(new Request<>(10, false, 60_000_000_000L)));
		held.end();
		assertThat(waiting.result()).isNotNull();
	}

	@Test
	void blockThatTheJvmHasNoMemoryToCheckIsNotLent() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		acquire(tier).end();
		List<Started<TestBlock>> line = new ArrayList<>();
		this.source.whileChecking = () -> {
			this.source.whileChecking = () -> {
			};
			line.add(waiting(tier));
			line.add(waiting(tier));
			throw new OutOfMemoryError();
		};
		TestBlock transientBlock = tier.acquire(new Request<>(10, true, 0));
		assertThat(this.source.destroyed).hasSize(1).doesNotContain(transientBlock);
		line.forEach(Started::interrupt);
	}

	private static Started<TestBlock> waiting(Tier<TestBlock> tier) {
		try {
			return Started.andWaiting(() -> tier.acquire(new Request<>(10, false, 60_000_000_000L)));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void failureToCreateLetsAWaiterThrough() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		CountDownLatch creating = new CountDownLatch(1);
		CountDownLatch mayFail = new CountDownLatch(1);
		this.source.failureOfCreate = (count) -> {
			creating.countDown();
			try {
				mayFail.await();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
			return new IllegalStateException("Create failed");
		};
		Started<TestBlock.Handle> failing = Started.of(() -> acquire(tier));
		creating.await();
		Started<TestBlock> waiting = Started
			.andWaiting(() -> tier.acquire(new Request<>(CAPACITY, false, 20_000_000_000L)));
		this.source.failureOfCreate = null;
		mayFail.countDown();
		assertThat(failing.failure()).hasMessage("Create failed");
		assertThat(waiting.result()).isNotNull();
		assertReconciles(tier);
	}

	@Test
	void createNeedsNoLock() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		this.source.whileCreating = () -> {
			try {
				Started.of(tier::statistics).result();
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		};
		acquire(tier).end();
		assertThat(tier.statistics().idle()).isEqualTo(1);
	}

	@Test
	void closeWhileABlockIsCreatedDiscardsItAtItsRelease() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		this.source.whileCreating = tier::close;
		TestBlock.Handle handle = acquire(tier);
		assertThat(handle.use().slot.block).isNull();
		handle.end();
		assertThat(tier.statistics().discardedBy()).containsOnlyKeys(DiscardReason.CLOSED);
		assertThat(this.source.destroyed).isEqualTo(this.source.created);
		assertReconciles(tier);
	}

	@Test
	void placeStolenWhileABlockIsCreatedIsNotGivenTwice() throws Exception {
		Tier<TestBlock> tier = tier(1, 3);
		List<TestBlock.Handle> others = new ArrayList<>();
		this.source.whileCreating = () -> {
			this.source.whileCreating = () -> {
			};
			try {
				TestBlock.Handle other = acquire(tier);
				others.add(other);
				other.end();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		};
		TestBlock.Handle handle = acquire(tier);
		assertThat(tier.statistics().idle()).isEqualTo(1);
		assertThat(tier.statistics().leased()).isEqualTo(1);
		handle.end();
		assertThat(tier.statistics().idle()).isEqualTo(1);
		assertReconciles(tier);
	}

	@Test
	void guardWhileABlockIsCreatedDoesNotLoseIt() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		this.source.whileCreating = () -> {
			tier.statistics();
			tier.statistics();
			tier.statistics();
		};
		TestBlock.Handle handle = acquire(tier);
		TestBlock block = handle.use();
		assertThat(block.slot.block).isNull();
		handle.end();
		assertThat(tier.claim()).isSameAs(block);
	}

	// Preallocate

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 3 })
	void preallocationThatFailsPartWayGivesEverythingBack(int created) {
		Tier<TestBlock> tier = tier(new Caps(4, 4, 4));
		this.source.failureOfCreate = (count) -> (count == created) ? new OutOfMemoryError() : null;
		tier.reserve();
		assertThat(this.budget.used()).isEqualTo(40);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(tier::preallocate);
		tier.close();
		assertThat(this.budget.used()).isZero();
		assertThat(this.source.destroyed).containsExactlyInAnyOrderElementsOf(this.source.created);
		assertReconciles(tier);
	}

	// Destroy

	@Test
	void blockIsDestroyedOnceAndWithoutTheLock() throws Exception {
		Tier<TestBlock> tier = tier(2, 2);
		acquire(tier).end();
		tier.discardIdle(DiscardReason.TRIMMED);
		acquire(tier).endInDoubt();
		TestBlock.Handle leased = acquire(tier);
		tier.close();
		leased.end();
		assertThat(this.source.destroyed).hasSize(3).isEqualTo(this.source.created);
	}

	@Test
	void failureToDestroyOneBlockSparesNoOther() throws Exception {
		Tier<TestBlock> tier = tier(3, 3);
		List<TestBlock.Handle> handles = List.of(acquire(tier), acquire(tier), acquire(tier));
		handles.forEach(TestBlock.Handle::release);
		this.source.failureOfDestroy = new IllegalStateException("Destroy failed");
		assertThat(tier.discardIdle(DiscardReason.TRIMMED)).isEqualTo(30);
		assertThat(this.source.destroyed).hasSize(3);
		assertReconciles(tier);
	}

	@Test
	void failureToDestroyDoesNotReachAWaiter() throws Exception {
		Tier<TestBlock> small = tier(3, 3);
		Tier<TestBlock> large = new Tier<>(this.account, 990, Caps.ofIdle(1), this.source, null);
		TestBlock.Handle handle = acquire(small);
		TestBlock.Handle other = acquire(small);
		Started<TestBlock> waiting = Started
			.andWaiting(() -> large.acquire(new Request<>(990, false, 20_000_000_000L)));
		this.source.failureOfDestroy = new IllegalStateException("Destroy failed");
		handle.end();
		other.end();
		assertThat(waiting.result()).isNotNull();
		this.source.failureOfDestroy = null;
	}

	// Leases

	@Test
	void surrenderedHandleIsDeadAndTheNextOneHasItsReference() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		TestBlock.Handle next = handle.surrendered();
		assertThat(handle.isAlive()).isFalse();
		assertThat(handle.end()).isFalse();
		assertThat(next.referenceCount()).isEqualTo(1);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(handle::surrendered);
		assertThat(next.end()).isTrue();
		assertThat(tier.statistics().idle()).isEqualTo(1);
	}

	@Test
	void pinOutlivesTheReleaseAndTheReleaseIsNotRepeated() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		TestBlock block = handle.pinned();
		assertThat(handle.end()).isTrue();
		assertThat(handle.end()).isFalse();
		assertThat(handle.isAlive()).isFalse();
		assertThat(tier.claim()).isNull();
		handle.unpinned();
		assertThat(tier.claim()).isSameAs(block);
	}

	@Test
	void pinsOfAReleasedHandleAreDroppedOneByOne() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		handle.pinned();
		handle.pinned();
		handle.unpinned();
		handle.pinned();
		assertThat(handle.referenceCount()).isEqualTo(3);
		handle.end();
		handle.unpinned();
		assertThat(tier.statistics().leased()).isEqualTo(1);
		handle.unpinned();
		assertThat(tier.statistics().idle()).isEqualTo(1);
	}

	@Test
	void idleBlockIsNotForOthersWhileAThreadWaits() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle handle = acquire(tier);
		Started<TestBlock> waiting = Started
			.andWaiting(() -> tier.acquire(new Request<>(CAPACITY, false, 20_000_000_000L)));
		// With the lock held the waiter cannot take what it is woken for
		TestBlock taken = this.account.exclusively(() -> {
			handle.release();
			assertThat(tier.statistics().idle()).isEqualTo(1);
			return tier.claim();
		});
		assertThat(taken).isNull();
		assertThat(waiting.result()).isNotNull();
	}

	@Test
	void wornOutBlockIsLentAgainWithoutAMiss() throws Exception {
		Tier<TestBlock> tier = tier(1, 1);
		TestBlock.Handle first = acquire(tier);
		TestBlock block = first.use();
		Slot<?> slot = block.slot;
		// As if it had been lent some 2^42 times
		slot.base = Slot.LAST_VERSION - 2 * Slot.VERSION_ONE;
		slot.state = (Slot.LAST_VERSION - 2 * Slot.VERSION_ONE) | 1;
		TestBlock.Handle almostLast = new TestBlock.Handle(block);
		almostLast.end();
		for (int i = 0; i < 5; i++) {
			TestBlock.Handle handle = acquire(tier);
			assertThat(handle.use()).isSameAs(block);
			handle.end();
		}
		assertThat(first.end()).isFalse();
		assertThat(almostLast.end()).isFalse();
		assertThat(this.source.created).hasSize(1);
		assertThat(tier.statistics().hits()).isEqualTo(5);
		assertReconciles(tier);
	}

	@Test
	void peakIsNeverBelowWhatIsLeasedAtTheSameTime() throws Exception {
		for (int i = 0; i < 300; i++) {
			Account account = new Account("parts", SharedBudget.unlimited(), Long.MAX_VALUE);
			Tier<TestBlock> tier = new Tier<>(account, CAPACITY, new Caps(50, 50, 50), this.source, null);
			tier.reserve();
			tier.preallocate();
			Together.run(2, (thread) -> {
				for (int j = 0; j < 50; j++) {
					if (thread == 0) {
						tier.claim();
					}
					else {
						TierStatistics now = tier.statistics();
						assertThat(now.leased()).isLessThanOrEqualTo(now.peakLeased());
					}
				}
			});
		}
	}

}
