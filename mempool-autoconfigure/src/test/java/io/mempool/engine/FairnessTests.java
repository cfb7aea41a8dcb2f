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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Flaw;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * First come, first served, wherever requests wait: at the cap of a tier, at the limit of
 * a pool, at a budget.
 */
class FairnessTests {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

	private static final int SMALL = 10;

	private static final int LARGE = 20;

	// A lease that a test has no more use for would be lost, and its memory free
	private final List<TestBlock.Handle> handles = new ArrayList<>();

	private static Tier<TestBlock> tier(Account account, int capacity, int maxIdle, int maxTotal) {
		return new Tier<>(account, capacity, new Caps(maxIdle, maxTotal, 0), new TestBlock.Source(false), null);
	}

	private static Account account(SharedBudget budget) {
		return new Account("parts", budget, Long.MAX_VALUE);
	}

	private TestBlock.Handle acquire(Tier<TestBlock> tier) throws InterruptedException {
		TestBlock block = tryAcquire(tier, new Request<>(tier.capacity(), false, 0));
		assertThat(block).isNotNull();
		TestBlock.Handle handle = new TestBlock.Handle(block);
		this.handles.add(handle);
		return handle;
	}

	private static @Nullable TestBlock tryAcquire(Tier<TestBlock> tier, Request<TestBlock> request)
			throws InterruptedException {
		TestBlock idle = tier.claim();
		return (idle != null) ? idle : tier.acquire(request);
	}

	private static PoolExhaustedException refused(Tier<TestBlock> tier) throws InterruptedException {
		Request<TestBlock> request = new Request<>(tier.capacity(), false, 0);
		assertThat(tryAcquire(tier, request)).isNull();
		return tier.refusal(request);
	}

	// With the lock held, no request that is woken looks before this one
	private static PoolExhaustedException refusedRightAfter(Runnable change, Account account, Tier<TestBlock> tier) {
		return locked(account, () -> {
			change.run();
			return refused(tier);
		});
	}

	private static <R> R locked(Account account, Callable<R> action) {
		return account.exclusively(() -> {
			try {
				return action.call();
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		});
	}

	private static Started<TestBlock.Handle> waiting(Tier<TestBlock> tier) throws InterruptedException {
		return waiting(tier, PATIENCE);
	}

	private static Started<TestBlock.Handle> waiting(Tier<TestBlock> tier, long nanos) throws InterruptedException {
		return Started.andWaiting(() -> {
			Request<TestBlock> request = new Request<>(tier.capacity(), false, nanos);
			TestBlock block = tier.acquire(request);
			if (block == null) {
				throw tier.refusal(request);
			}
			return new TestBlock.Handle(block);
		});
	}

	private static int waitingAt(Tier<TestBlock> tier) {
		return tier.statistics().waiting();
	}

	// What comes back in pieces

	@ParameterizedTest
	@EnumSource
	void piecesAreKeptForTheFirstUntilTheySuffice(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle one = acquire(pair.small);
		TestBlock.Handle other = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large);
		one.end();
		assertThat(refused(pair.small)).hasMessageContaining(bound.description);
		other.end();
		assertThat(first.result().use().size).isEqualTo(LARGE);
	}

	@ParameterizedTest
	@EnumSource
	void laterAndSmallerRequestThatWaitsPassesNone(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle one = acquire(pair.small);
		TestBlock.Handle other = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large);
		Started<TestBlock.Handle> second = waiting(pair.small);
		one.end();
		// Once the second has looked, which is asleep again
		await().until(() -> pair.small.statistics().idle() == 1);
		assertThat(second.isDone()).isFalse();
		other.end();
		TestBlock.Handle large = first.result();
		assertThat(second.isDone()).isFalse();
		large.end();
		second.result().end();
	}

	@ParameterizedTest
	@EnumSource
	void refusalSaysThatWhatIsFreeIsKeptForThoseBefore(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle held = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large);
		assertThat(refused(pair.small)).hasMessageContaining(
				": what is free of " + bound.description + " is kept for requests that came before (leased");
		held.end();
		first.result().end();
	}

	@Test
	void refusalAtTheCapSaysThatWhatIsFreeIsKeptForThoseBefore() throws Exception {
		TestBlock.Source source = new TestBlock.Source(false);
		Tier<TestBlock> tier = new Tier<>(account(SharedBudget.unlimited()), SMALL, new Caps(2, 2, 0), source, null);
		TestBlock.Handle held = acquire(tier);
		source.failureOfCreate = (created) -> new OutOfMemoryError("provoked");
		Started<TestBlock.Handle> first = waiting(tier);
		assertThat(refused(tier))
			.hasMessageContaining("what is free of the 2 buffers (max-total) of the tier of 10 bytes is "
					+ "kept for requests that came before (leased in the tier: 1, idle: 0");
		held.end();
		first.result().end();
	}

	@Test
	void requestAtTheCapIsServedBeforeALaterOneIsRefused() throws Exception {
		Account account = account(SharedBudget.unlimited());
		Tier<TestBlock> tier = tier(account, SMALL, 2, 2);
		TestBlock.Handle one = acquire(tier);
		TestBlock.Handle other = acquire(tier);
		Started<TestBlock.Handle> first = waiting(tier);
		assertThat(refusedRightAfter(one::end, account, tier))
			.hasMessageContaining("are leased (leased in the tier: 2");
		first.result().end();
		other.end();
	}

	@Test
	void requestThatExceedsTheLimitIsToldSoAndNotThatOthersWereBefore() throws Exception {
		Account account = new Account("parts", SharedBudget.unlimited(), SMALL);
		Tier<TestBlock> small = tier(account, SMALL, 1, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(small);
		Started<TestBlock.Handle> first = waiting(small);
		assertThat(refused(tier(account, LARGE, 1, Caps.UNLIMITED)))
			.hasMessageContaining("more than 'mempool.pools.parts.limit' of 10 bytes ever allows");
		held.end();
		first.result().end();
	}

	@ParameterizedTest
	@EnumSource
	void idleBlockOfAnotherTierIsNotClaimedPastTheFirst(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle held = acquire(pair.small);
		acquire(pair.small).end();
		Started<TestBlock.Handle> first = waiting(pair.large);
		assertThat(pair.small.statistics().idle()).isEqualTo(1);
		assertThat(pair.small.claim()).isNull();
		refused(pair.small);
		held.end();
		first.result().end();
	}

	@ParameterizedTest
	@EnumSource
	void othersClaimAgainWhenNoneWaits(Bound bound) throws Exception {
		Pair pair = bound.pair();
		acquire(pair.small).end();
		TestBlock.Handle held = acquire(pair.small);
		acquire(pair.small).end();
		Started<TestBlock.Handle> first = waiting(pair.large);
		assertThat(first.interrupt().failure()).isInstanceOf(InterruptedException.class);
		assertThat(pair.small.claim()).isNotNull();
		held.end();
	}

	// Several queues

	@Test
	void idleBlockIsNotGivenUpForALaterRequestWhileOneBeforeWaitsForIt() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 30);
		Account account = account(budget);
		Tier<TestBlock> capped = tier(account, LARGE, 1, 1);
		Tier<TestBlock> other = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(capped);
		acquire(other);
		Started<TestBlock.Handle> first = waiting(capped);
		refusedRightAfter(held::end, account, other);
		assertThat(first.result().use()).isNotNull();
		assertThat(capped.statistics().hits()).isEqualTo(1);
	}

	@Test
	void requestThatWasFirstAtTheCapKeepsItsTurnAtTheBudget() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 2 * SMALL);
		Account account = account(budget);
		Tier<TestBlock> capped = tier(account, SMALL, 1, 1);
		Tier<TestBlock> other = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(capped);
		TestBlock.Handle freed = acquire(other);
		Started<TestBlock.Handle> first = waiting(capped);
		Started<TestBlock.Handle> second = waiting(other);
		capped.retune(new Caps(1, 2, 0));
		await().until(() -> account.exclusively(() -> budget.queue().length()) == 2);
		freed.end();
		first.result().end();
		second.result().end();
		held.end();
	}

	@Test
	void requestThatMovesToAnotherQueueLetsThoseBehindItThrough() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 2 * LARGE);
		Account account = account(budget);
		Tier<TestBlock> large = tier(account, LARGE, 0, 2);
		Tier<TestBlock> small = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		TestBlock.Handle one = acquire(large);
		TestBlock.Handle other = acquire(small);
		Started<TestBlock.Handle> first = waiting(large);
		Started<TestBlock.Handle> second = waiting(small);
		large.retune(new Caps(0, 1, 0));
		second.result().end();
		other.end();
		one.end();
		first.result().end();
	}

	@Test
	void requestThatIsWokenAtTheCapComesBeforeALaterOneAtTheBudget() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 3 * SMALL);
		Account account = account(budget);
		Tier<TestBlock> capped = tier(account, LARGE, 0, 1);
		Tier<TestBlock> other = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(capped);
		Started<TestBlock.Handle> first = waiting(capped);
		PoolExhaustedException refusal = refusedRightAfter(() -> capped.retune(new Caps(0, 2, 0)), account, other);
		assertThat(refusal).hasMessageContaining("is kept for requests that came before");
		held.end();
		first.result();
	}

	@Test
	void requestThatIsWokenAtTheLimitComesBeforeALaterOneAtTheBudget() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 2 * SMALL);
		Account account = new Account("parts", budget, SMALL);
		Tier<TestBlock> limited = tier(account, SMALL, 0, Caps.UNLIMITED);
		Tier<TestBlock> other = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		acquire(other);
		TestBlock.Handle held = acquire(limited);
		Started<TestBlock.Handle> first = waiting(limited);
		refusedRightAfter(held::end, account, other);
		first.result();
	}

	@Test
	void requestOfAClosedPoolThatIsStillWaitingKeepsNothingFromALaterOne() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", LARGE);
		Account closing = account(budget);
		Tier<TestBlock> large = tier(closing, LARGE, 0, Caps.UNLIMITED);
		Tier<TestBlock> other = tier(account(budget), SMALL, 0, Caps.UNLIMITED);
		acquire(other);
		Started<TestBlock.Handle> first = waiting(large);
		locked(closing, () -> {
			large.close();
			closing.close();
			return acquire(other);
		});
		assertThat(first.failure()).isInstanceOf(PoolClosedException.class);
	}

	@Test
	void requestThatIsServedBeforeItIsInterruptedKeepsWhatItGotAndTheInterrupt() throws Exception {
		Account account = account(SharedBudget.unlimited());
		Tier<TestBlock> tier = tier(account, SMALL, 1, 1);
		TestBlock.Handle held = acquire(tier);
		Started<Boolean> first = Started.andWaiting(() -> {
			TestBlock block = tier.acquire(new Request<>(SMALL, false, PATIENCE));
			assertThat(block).isNotNull();
			this.handles.add(new TestBlock.Handle(block));
			return Thread.currentThread().isInterrupted();
		});
		refusedRightAfter(() -> {
			held.end();
			first.interrupt();
		}, account, tier);
		assertThat(first.result()).isTrue();
	}

	@Test
	void transientBlockPassesTheQueueAtTheCap() throws Exception {
		Tier<TestBlock> tier = tier(account(SharedBudget.unlimited()), SMALL, 1, 1);
		TestBlock.Handle held = acquire(tier);
		Started<TestBlock.Handle> first = waiting(tier);
		TestBlock block = tier.acquire(new Request<>(SMALL, true, 0));
		assertThat(block).isNotNull();
		assertThat(first.isDone()).isFalse();
		held.end();
		first.result().end();
		new TestBlock.Handle(block).end();
		assertThat(tier.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRANSIENT);
	}

	@Test
	void transientBlockTakesNoIdleBlockFromTheFirstAtTheCap() throws Exception {
		Account account = account(SharedBudget.unlimited());
		Tier<TestBlock> tier = tier(account, SMALL, 1, 1);
		TestBlock.Handle held = acquire(tier);
		TestBlock kept = held.use();
		Started<TestBlock.Handle> first = waiting(tier);
		TestBlock block = locked(account, () -> {
			held.end();
			return tryAcquire(tier, new Request<>(SMALL, true, 0));
		});
		assertThat(block).isNotNull().isNotSameAs(kept);
		assertThat(first.result().use()).isSameAs(kept);
	}

	@ParameterizedTest
	@EnumSource
	void transientBlockPassesNoneThatWaitsForBytes(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle held = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large);
		assertThat(pair.small.acquire(new Request<>(SMALL, true, 0))).isNull();
		held.end();
		first.result().end();
	}

	// Leaving

	@ParameterizedTest
	@EnumSource
	void firstThatGivesUpHandsOnWhatWasKeptForIt(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle held = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large, TimeUnit.MILLISECONDS.toNanos(500));
		Started<TestBlock.Handle> second = waiting(pair.small);
		assertThat(first.failure()).isInstanceOf(PoolExhaustedException.class);
		second.result().end();
		held.end();
	}

	@ParameterizedTest
	@EnumSource
	void firstThatIsInterruptedHandsOnWhatWasKeptForIt(Bound bound) throws Exception {
		Pair pair = bound.pair();
		TestBlock.Handle held = acquire(pair.small);
		Started<TestBlock.Handle> first = waiting(pair.large);
		Started<TestBlock.Handle> second = waiting(pair.small);
		assertThat(first.interrupt().failure()).isInstanceOf(InterruptedException.class);
		second.result().end();
		held.end();
	}

	@Test
	void closeEndsTheWaitOfAllWhereverTheyWait() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 3 * SMALL);
		Account account = new Account("parts", budget, 2 * SMALL);
		Tier<TestBlock> capped = tier(account, SMALL, 1, 1);
		Tier<TestBlock> limited = tier(account, LARGE, 1, Caps.UNLIMITED);
		Account others = account(budget);
		Tier<TestBlock> budgeted = tier(others, LARGE, 1, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(capped);
		TestBlock.Handle rest = acquire(tier(others, SMALL, 1, Caps.UNLIMITED));
		List<Started<TestBlock.Handle>> all = List.of(waiting(capped), waiting(limited), waiting(limited),
				waiting(budgeted), waiting(budgeted));
		for (Tier<TestBlock> tier : List.of(capped, limited, budgeted)) {
			tier.close();
		}
		account.close();
		others.close();
		for (Started<TestBlock.Handle> one : all) {
			assertThat(one.failure()).isInstanceOf(PoolClosedException.class);
		}
		held.end();
		rest.end();
	}

	@Test
	void closeEndsTheWaitBehindARequestOfAnotherPool() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", SMALL);
		Tier<TestBlock> other = tier(account(budget), SMALL, 1, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(other);
		Started<TestBlock.Handle> first = waiting(other);
		Account closing = account(budget);
		Tier<TestBlock> tier = tier(closing, SMALL, 1, Caps.UNLIMITED);
		Started<TestBlock.Handle> second = waiting(tier);
		tier.close();
		closing.close();
		assertThat(second.failure()).isInstanceOf(PoolClosedException.class);
		assertThat(first.isDone()).isFalse();
		held.end();
		first.result();
	}

	@Test
	void limitThatForbidsARequestEndsItsWaitBehindOthers() throws Exception {
		Account account = new Account("parts", SharedBudget.unlimited(), LARGE);
		Tier<TestBlock> small = tier(account, SMALL, 0, Caps.UNLIMITED);
		Tier<TestBlock> large = tier(account, LARGE, 0, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(large);
		Started<TestBlock.Handle> first = waiting(small);
		Started<TestBlock.Handle> second = waiting(large);
		account.changeLimit(SMALL);
		assertThat(second.failure()).isInstanceOf(PoolExhaustedException.class)
			.hasMessageContaining("of 10 bytes ever allows");
		assertThat(first.isDone()).isFalse();
		held.end();
		first.result();
	}

	// Changes

	@Test
	void raisedCapServesThoseInLineInOrder() throws Exception {
		Tier<TestBlock> tier = tier(account(SharedBudget.unlimited()), SMALL, 1, 1);
		acquire(tier);
		List<Started<TestBlock.Handle>> line = List.of(waiting(tier), waiting(tier), waiting(tier));
		assertServedInOrder(line, (served) -> tier.retune(new Caps(1, 1 + served, 0)));
	}

	@Test
	void raisedLimitServesThoseInLineInOrder() throws Exception {
		Account account = new Account("parts", SharedBudget.unlimited(), SMALL);
		Tier<TestBlock> small = tier(account, SMALL, 1, Caps.UNLIMITED);
		acquire(small);
		account.changeLimit(LARGE);
		acquire(small);
		Tier<TestBlock> large = tier(account, LARGE, 1, Caps.UNLIMITED);
		List<Started<TestBlock.Handle>> line = List.of(waiting(large), waiting(small), waiting(large));
		account.changeLimit(LARGE + SMALL);
		assertThat(refused(small)).hasMessageContaining("is kept for requests that came before");
		account.changeLimit(2 * LARGE);
		line.get(0).result();
		assertThat(line.get(1).isDone()).isFalse();
		account.changeLimit(2 * LARGE + SMALL);
		line.get(1).result();
		assertThat(line.get(2).isDone()).isFalse();
		account.changeLimit(3 * LARGE + SMALL);
		line.get(2).result();
	}

	@Test
	void closeOfAnotherPoolServesThoseInLineInOrder() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", LARGE);
		Account closing = account(budget);
		Tier<TestBlock> idle = tier(closing, SMALL, 2, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(idle);
		acquire(idle).end();
		Tier<TestBlock> large = tier(account(budget), LARGE, 0, Caps.UNLIMITED);
		Started<TestBlock.Handle> first = waiting(large);
		Started<TestBlock.Handle> second = waiting(large);
		idle.close();
		closing.close();
		assertThat(refused(tier(account(budget), SMALL, 1, Caps.UNLIMITED)))
			.hasMessageContaining("is kept for requests that came before");
		held.end();
		TestBlock.Handle served = first.result();
		assertThat(second.isDone()).isFalse();
		served.end();
		second.result();
	}

	@Test
	void requestsThatMoveToAnotherTierKeepTheirTurns() throws Exception {
		Account account = account(SharedBudget.unlimited());
		Tier<TestBlock> retired = tier(account, SMALL, 1, 1);
		Tier<TestBlock> successor = tier(account, LARGE, 1, 1);
		acquire(retired);
		TestBlock.Handle held = acquire(successor);
		Started<TestBlock.Handle> first = waiting(retired);
		Started<TestBlock.Handle> second = waiting(successor);
		Started<TestBlock.Handle> third = waiting(retired);
		retired.retire((size) -> successor);
		held.end();
		for (Started<TestBlock.Handle> one : List.of(first, second, third)) {
			one.result().end();
		}
	}

	private static void assertServedInOrder(List<Started<TestBlock.Handle>> line, Change change) throws Exception {
		for (int i = 0; i < line.size(); i++) {
			change.serve(i + 1);
			line.get(i).result();
			for (int j = i + 1; j < line.size(); j++) {
				assertThat(line.get(j).isDone()).as("request %d of the line", j).isFalse();
			}
		}
	}

	// Figures

	@Test
	void requestsAreCountedAtTheirTierWhereverTheyWait() throws Exception {
		SharedBudget budget = new SharedBudget("mempool.budget.heap", 3 * SMALL);
		Account account = new Account("parts", budget, 2 * SMALL);
		Tier<TestBlock> capped = tier(account, SMALL, 1, 1);
		Tier<TestBlock> limited = tier(account, LARGE, 1, Caps.UNLIMITED);
		Account others = account(budget);
		Tier<TestBlock> budgeted = tier(others, LARGE, 1, Caps.UNLIMITED);
		TestBlock.Handle held = acquire(capped);
		TestBlock.Handle rest = acquire(tier(others, SMALL, 1, Caps.UNLIMITED));
		List<Started<TestBlock.Handle>> all = List.of(waiting(capped), waiting(limited), waiting(limited),
				waiting(budgeted));
		assertThat(List.of(capped, limited, budgeted)).extracting(FairnessTests::waitingAt).containsExactly(1, 2, 1);
		Tier<TestBlock> successor = tier(account, LARGE, 1, Caps.UNLIMITED);
		limited.retire((size) -> successor);
		assertThat(List.of(capped, limited, budgeted, successor)).extracting(FairnessTests::waitingAt)
			.containsExactly(1, 0, 1, 2);
		all.forEach(Started::interrupt);
		for (Started<TestBlock.Handle> one : all) {
			assertThat(one.failure()).isInstanceOf(InterruptedException.class);
		}
		assertThat(List.of(capped, limited, budgeted, successor)).extracting(FairnessTests::waitingAt).containsOnly(0);
		held.end();
		rest.end();
	}

	// Sleeping

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void onlyTheFirstInLineLooksByItself(boolean atTheCap) throws Exception {
		Account account = new Account("parts", SharedBudget.unlimited(), SMALL);
		Tier<TestBlock> tier = tier(account, SMALL, 1, atTheCap ? 1 : Caps.UNLIMITED);
		TestBlock.Handle held = acquire(tier);
		List<Started<TestBlock.Handle>> line = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			line.add(waiting(tier));
		}
		List<Long> before = line.stream().map(Started::sleeps).toList();
		await().until(() -> line.get(0).sleeps() > before.get(0) + 3);
		assertThat(line.stream().skip(1).map(Started::sleeps)).containsExactlyElementsOf(before.subList(1, 12));
		line.forEach(Started::interrupt);
		held.end();
	}

	@Test
	void nextInLineLooksByItselfWhenTheFirstHasLeft() throws Exception {
		Tier<TestBlock> tier = tier(account(SharedBudget.unlimited()), SMALL, 1, 1);
		TestBlock.Handle held = acquire(tier);
		Started<TestBlock.Handle> first = waiting(tier);
		Started<TestBlock.Handle> second = waiting(tier);
		assertThat(first.interrupt().failure()).isInstanceOf(InterruptedException.class);
		long sleeps = second.sleeps();
		await().until(() -> second.sleeps() > sleeps + 3);
		held.end();
		second.result();
	}

	// At random

	@Test
	void requestsAreServedInTheOrderOfTheModel() throws Exception {
		new FairnessModel(4711).call();
	}

	@Tag("slow")
	@Test
	void otherRequestsAreServedInTheOrderOfTheModel() throws Exception {
		new FairnessModel.Several().call();
	}

	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "PASSED_IN_THE_QUEUE", "WAITERS_NOT_MOVED", "WAITERS_COUNTED_AT_FORMER", "TURN_LOST",
			"HAND_OVER_LOST", "MOVED_IN_SILENCE", "ENDED_IN_SILENCE", "PASSED_ACROSS_QUEUES",
			"SERVED_BUT_INTERRUPTED" })
	void tierThatForgetsARequestOrItsTurnIsRejected(Flaw flaw, @TempDir Path directory) throws Exception {
		Callable<?> suite = flaw.suite(FairnessModel.Several.class, directory);
		assertThatThrownBy(suite::call).hasStackTraceContaining(FairnessModel.class.getName());
	}

	/**
	 * Where two tiers meet that have room for a large block, or for two small ones.
	 */
	enum Bound {

		/**
		 * Two tiers of one pool under its limit.
		 */
		LIMIT("the pool's limit of 20 bytes") {

			@Override
			Pair pair() {
				Account account = new Account("parts", SharedBudget.unlimited(), LARGE);
				return new Pair(account, account);
			}

		},

		/**
		 * Two tiers of one pool under a budget.
		 */
		BUDGET("the budget 'mempool.budget.heap' of 20 bytes") {

			@Override
			Pair pair() {
				Account account = new Account("parts", new SharedBudget("mempool.budget.heap", LARGE), Long.MAX_VALUE);
				return new Pair(account, account);
			}

		},

		/**
		 * Two pools under one budget.
		 */
		SHARED_BUDGET("the budget 'mempool.budget.heap' of 20 bytes") {

			@Override
			Pair pair() {
				SharedBudget budget = new SharedBudget("mempool.budget.heap", LARGE);
				return new Pair(new Account("others", budget, Long.MAX_VALUE),
						new Account("parts", budget, Long.MAX_VALUE));
			}

		};

		private final String description;

		Bound(String description) {
			this.description = description;
		}

		abstract Pair pair();

	}

	/**
	 * A tier of small blocks and one of large blocks.
	 */
	private static final class Pair {

		private final Tier<TestBlock> small;

		private final Tier<TestBlock> large;

		private Pair(Account small, Account large) {
			this.small = tier(small, SMALL, 4, Caps.UNLIMITED);
			this.large = tier(large, LARGE, 4, Caps.UNLIMITED);
		}

	}

	interface Change {

		void serve(int count);

	}

}
