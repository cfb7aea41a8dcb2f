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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.mempool.core.Caps;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The places of a tier's slots. Changes to places, which need the lock, come from one
 * thread here.
 */
class FreeListTests {

	private final Tier<TestBlock> tier = new Tier<>(new Account("parts", SharedBudget.unlimited(), Long.MAX_VALUE), 10,
			Caps.ofIdle(0), new TestBlock.Source(false), null);

	private Slot<TestBlock> slot(long state) {
		Slot<TestBlock> slot = new Slot<>(this.tier, state, 10, null, true);
		TestBlock block = new TestBlock(10);
		slot.block = block;
		block.slot = slot;
		return slot;
	}

	private Slot<TestBlock> idle() {
		return slot(Slot.IDLE);
	}

	private Slot<TestBlock> leased() {
		return slot(Slot.VERSION_ONE | 1);
	}

	private List<Slot<TestBlock>> fill(FreeList<TestBlock> list, int count) {
		List<Slot<TestBlock>> slots = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Slot<TestBlock> slot = idle();
			list.makeRoom();
			assertThat(list.place(slot)).isSameAs(slot);
			slots.add(slot);
		}
		return slots;
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 9, 16, 17, 100 })
	void allPlacesAreFoundAndNoMore(int maximum) {
		FreeList<TestBlock> list = new LoneFreeList<>(maximum);
		fill(list, maximum);
		assertThat(list.hasUnusedPlace()).isFalse();
		Set<TestBlock> claimed = new HashSet<>();
		for (int i = 0; i < maximum; i++) {
			TestBlock block = list.claimIdle();
			assertThat(block).isNotNull();
			assertThat(claimed.add(block)).isTrue();
		}
		assertThat(list.claimIdle()).isNull();
		assertThat(list.claimAgain(true)).isNull();
		assertThat(list.size()).isEqualTo(maximum);
	}

	@Test
	void listWithoutPlacesHoldsNothing() {
		FreeList<TestBlock> list = new LoneFreeList<>(0);
		assertThat(list.claimIdle()).isNull();
		assertThat(list.claimAgain(true)).isNull();
		assertThat(list.hasUnusedPlace()).isFalse();
		assertThat(list.place(leased())).isNull();
		assertThat(list.census()).isEqualTo(new FreeList.Census(0, 0, 0));
	}

	@Test
	void searchGoesOnAfterAnyHint() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		for (Slot<TestBlock> hinted : slots) {
			list.hint(hinted);
			for (Slot<TestBlock> only : slots) {
				slots.stream().filter((slot) -> slot != only).forEach(Slot::tryClaim);
				assertThat(list.claimIdle()).isSameAs(only.block);
				slots.forEach((slot) -> slot.state = Slot.IDLE);
				list.hint(hinted);
			}
		}
	}

	@Test
	void hintBeyondTheEndDoesNoHarm() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		list.hint(slots.get(19));
		while (list.size() > 1) {
			list.remove(list.at(list.size() - 1));
		}
		assertThat(list.claimIdle()).isSameAs(slots.get(0).block);
	}

	@Test
	void whatAThreadReturnedItTakesAgainNewestFirst() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		// In no order that a search would find
		List<Slot<TestBlock>> returned = IntStream.range(0, 20).mapToObj((i) -> slots.get((i * 7 + 3) % 20)).toList();
		for (int turn = 0; turn < 3; turn++) {
			returned.forEach(list::hint);
			for (int i = returned.size() - 1; i >= 0; i--) {
				assertThat(list.claimIdle()).as("turn %s", turn).isSameAs(returned.get(i).block);
			}
			slots.forEach((slot) -> slot.state = Slot.IDLE);
		}
	}

	@Test
	void whoeverHoldsOneAtATimeTakesTheSameAndKeepsTheOthersInMind() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		list.hint(slots.get(9));
		for (int turn = 0; turn < 100; turn++) {
			list.hint(slots.get(5));
			assertThat(list.claimIdle()).isSameAs(slots.get(5).block);
			slots.get(5).state = Slot.IDLE;
		}
		assertThat(list.claimIdle()).isSameAs(slots.get(9).block);
	}

	@Test
	void whatIsHeldDoesNotHideWhatWasReturnedBefore() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		list.hint(slots.get(9));
		list.hint(slots.get(5));
		// First in, first out: what is released is not what was taken last
		TestBlock held = list.claimIdle();
		for (int turn = 0; turn < 100; turn++) {
			TestBlock next = list.claimIdle();
			assertThat(next).isNotSameAs(held);
			Slot<TestBlock> oldest = slots.get(slots.indexOf(held.slot));
			oldest.state = Slot.IDLE;
			list.hint(oldest);
			held = next;
		}
		assertThat(slots).filteredOn((slot) -> slot.state != Slot.IDLE)
			.hasSize(1)
			.isSubsetOf(slots.get(5), slots.get(9));
	}

	@Test
	void blockWithoutAPlaceDoesNotHideWhatWasReturnedBefore() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		list.hint(slots.get(5));
		list.hint(leased());
		assertThat(list.claimIdle()).isSameAs(slots.get(5).block);
	}

	@Test
	void hintsThatRunInACircleDoNoHarm() {
		FreeList<TestBlock> list = new LoneFreeList<>(20);
		List<Slot<TestBlock>> slots = fill(list, 20);
		// Another thread took the first meanwhile, and this one returns it again
		List.of(slots.get(9), slots.get(5), slots.get(7), slots.get(9)).forEach(list::hint);
		slots.forEach((slot) -> assertThat(list.claimIdle()).isNotNull());
		assertThat(list.claimIdle()).isNull();
	}

	// Places

	@Test
	void newcomerTakesThePlaceOfALeasedBlock() {
		FreeList<TestBlock> list = new LoneFreeList<>(2);
		Slot<TestBlock> idle = fill(list, 1).get(0);
		Slot<TestBlock> longLease = leased();
		list.makeRoom();
		list.place(longLease);
		Slot<TestBlock> newcomer = slot(Slot.VERSION_ONE | Slot.DETACHED);
		assertThat(list.place(newcomer)).isSameAs(longLease);
		assertThat(Slot.isDetached(longLease.state)).isTrue();
		assertThat(longLease.block).isNull();
		assertThat(list.at(newcomer.position)).isSameAs(newcomer);
		assertThat(list.at(idle.position)).isSameAs(idle);
		assertThat(list.size()).isEqualTo(2);
	}

	@Test
	void newcomerFindsNoPlaceWhenAllBlocksAreIdle() {
		FreeList<TestBlock> list = new LoneFreeList<>(2);
		fill(list, 2);
		assertThat(list.place(slot(Slot.VERSION_ONE | Slot.DETACHED))).isNull();
		assertThat(list.census().idle()).isEqualTo(2);
	}

	@Test
	void newcomerDoesNotTakeThePlaceOfABlockOnItsWayHome() {
		FreeList<TestBlock> list = new LoneFreeList<>(1);
		Slot<TestBlock> comingHome = slot(Slot.VERSION_ONE);
		list.makeRoom();
		list.place(comingHome);
		assertThat(list.place(slot(Slot.VERSION_ONE | Slot.DETACHED))).isNull();
		assertThat(Slot.isDetached(comingHome.state)).isFalse();
	}

	@Test
	void removalLeavesNoGap() {
		FreeList<TestBlock> list = new LoneFreeList<>(5);
		List<Slot<TestBlock>> slots = fill(list, 5);
		for (int i : new int[] { 1, 4, 0 }) {
			list.remove(slots.get(i));
		}
		assertThat(list.size()).isEqualTo(2);
		for (int i = 0; i < 2; i++) {
			assertThat(list.at(i).position).isEqualTo(i);
		}
		assertThat(List.of(list.at(0), list.at(1))).containsExactlyInAnyOrder(slots.get(2), slots.get(3));
		assertThat(list.claimIdle()).isNotNull();
		assertThat(list.claimIdle()).isNotNull();
		assertThat(list.claimIdle()).isNull();
	}

	// Number of places

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 9, 100 })
	void listCanHaveMorePlacesThanAtFirst(int maximum) {
		for (int former : new int[] { 0, 1, 8, 20 }) {
			FreeList<TestBlock> list = new LoneFreeList<>(former);
			fill(list, Math.min(former, maximum));
			list.resize(maximum);
			fill(list, maximum - list.size());
			assertThat(list.hasUnusedPlace()).isFalse();
			for (int i = 0; i < maximum; i++) {
				assertThat(list.claimIdle()).isNotNull();
			}
			assertThat(list.claimIdle()).isNull();
		}
	}

	@ParameterizedTest
	@CsvSource({ "100, 50", "100, 3", "100, 0", "8, 3", "9, 1", "20, 20" })
	void listCanHaveFewerPlacesOnceTheyAreUnused(int maximum, int less) {
		FreeList<TestBlock> list = new LoneFreeList<>(maximum);
		List<Slot<TestBlock>> slots = fill(list, maximum);
		// Hints to places that will be gone
		slots.forEach(list::hint);
		while (list.size() > less) {
			list.remove(list.at(list.size() - 1));
		}
		list.resize(less);
		assertThat(list.hasUnusedPlace()).isFalse();
		assertThat(list.place(slot(Slot.VERSION_ONE | Slot.DETACHED))).isNull();
		for (int i = 0; i < less; i++) {
			assertThat(list.claimIdle()).isNotNull();
		}
		assertThat(list.claimIdle()).isNull();
		list.resize(less + 1);
		fill(list, 1);
		assertThat(list.claimIdle()).isNotNull();
	}

	@Test
	void searchInTheFormerPlacesFindsNothingThatIsGone() {
		FreeList<TestBlock> list = new LoneFreeList<>(100);
		List<Slot<TestBlock>> slots = fill(list, 100);
		slots.get(99).tryClaim();
		for (Slot<TestBlock> slot : slots) {
			slot.tryRetire();
			list.remove(slot);
		}
		list.resize(4);
		slots.forEach((slot) -> assertThat(slot.tryClaim()).isNull());
		assertThat(list.census()).isEqualTo(new FreeList.Census(1, 0, 0));
	}

	// Gathering

	@Test
	void gatheredSearchKeepsToTheFrontAndGoesOnWhereItMust() {
		FreeList<TestBlock> list = new LoneFreeList<>(100);
		List<Slot<TestBlock>> slots = fill(list, 100);
		list.hint(slots.get(80));
		list.gather();
		List<TestBlock> claimed = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			TestBlock block = list.claimIdle();
			assertThat(block).isNotNull();
			claimed.add(block);
		}
		assertThat(list.claimIdle()).isNull();
		assertThat(claimed).containsExactlyElementsOf(slots.stream().map((slot) -> slot.block).toList());
	}

	@Test
	void gatheredSearchGoesRoundAmongTheFirstPlaces() {
		FreeList<TestBlock> list = new LoneFreeList<>(100);
		List<Slot<TestBlock>> slots = fill(list, 100);
		list.gather();
		for (int i = 0; i < 1000; i++) {
			// Released without a hint
			List<TestBlock> claimed = List.of(list.claimIdle(), list.claimIdle(), list.claimIdle());
			claimed.forEach((block) -> block.slot.state = (block.slot.state & Slot.VERSION) | Slot.IDLE);
		}
		assertThat(slots.stream().filter((slot) -> slot.state != Slot.IDLE)).hasSize(3);
	}

	@Test
	void spreadSearchGoesRoundAmongAll() {
		FreeList<TestBlock> list = new LoneFreeList<>(100);
		List<Slot<TestBlock>> slots = fill(list, 100);
		list.gather();
		list.spread();
		for (int i = 0; i < 1000; i++) {
			List<TestBlock> claimed = List.of(list.claimIdle(), list.claimIdle(), list.claimIdle());
			claimed.forEach((block) -> block.slot.state = (block.slot.state & Slot.VERSION) | Slot.IDLE);
		}
		assertThat(slots.stream().filter((slot) -> slot.state != Slot.IDLE)).hasSize(100);
	}

	// Wear

	@Test
	void wornOutSlotIsRenewedWhenItIsNeeded() {
		FreeList<TestBlock> list = new LoneFreeList<>(1);
		Slot<TestBlock> worn = slot(Slot.LAST_VERSION | Slot.IDLE);
		TestBlock block = worn.block;
		list.makeRoom();
		list.place(worn);
		assertThat(list.claimIdle()).isNull();
		assertThat(list.claimAgain(true)).isSameAs(block);
		assertThat(list.at(0)).isNotSameAs(worn);
		assertThat(list.at(0).state).isEqualTo(Slot.VERSION_ONE | 1);
		assertThat(list.census()).isEqualTo(new FreeList.Census(1, 0, 1));
	}

	@Test
	void handleOfBeforeTheRenewalIsDead() {
		FreeList<TestBlock> list = new LoneFreeList<>(1);
		Slot<TestBlock> slot = slot((Slot.LAST_VERSION - Slot.VERSION_ONE) | Slot.IDLE);
		list.makeRoom();
		list.place(slot);
		TestBlock block = list.claimIdle();
		assertThat(block).isNotNull();
		TestBlock.Handle last = new TestBlock.Handle(block);
		last.end();
		assertThat(list.claimAgain(true)).isSameAs(block);
		TestBlock.Handle first = new TestBlock.Handle(block);
		assertThat(last.isAlive()).isFalse();
		assertThat(last.end()).isFalse();
		assertThat(first.isAlive()).isTrue();
		assertThat(list.census().hits()).isEqualTo(2);
		assertThat(first.end()).isTrue();
		assertThat(list.claimIdle()).isSameAs(block);
	}

	// Counting

	@Test
	void hitsSurviveBlocksThatLeave() {
		FreeList<TestBlock> list = new LoneFreeList<>(3);
		List<Slot<TestBlock>> slots = fill(list, 3);
		for (int i = 0; i < 30; i++) {
			TestBlock block = list.claimIdle();
			assertThat(block).isNotNull();
			new TestBlock.Handle(block).end();
		}
		assertThat(list.census().hits()).isEqualTo(30);
		slots.get(0).tryRetire();
		list.remove(slots.get(0));
		assertThat(list.census().hits()).isEqualTo(30);
		list.makeRoom();
		list.place(slot(Slot.VERSION_ONE * 1000 | 1));
		assertThat(list.census().hits()).as("versions of before count elsewhere").isEqualTo(30);
		slots.get(1).tryClaim();
		slots.get(2).tryClaim();
		list.makeRoom();
		list.place(slot(Slot.VERSION_ONE * 7));
		assertThat(list.census().hits()).isEqualTo(32);
	}

	@Test
	void censusTellsIdleLeasedAndUsed() {
		FreeList<TestBlock> list = new LoneFreeList<>(4);
		fill(list, 2);
		list.makeRoom();
		list.place(leased());
		list.makeRoom();
		list.place(slot(Slot.VERSION_ONE * 3 | Slot.IDLE));
		assertThat(list.census()).isEqualTo(new FreeList.Census(0, 3, 1));
	}

	// Threads

	@Test
	void blockIsNeverClaimedTwice() throws Exception {
		FreeList<TestBlock> list = new LoneFreeList<>(3);
		List<Slot<TestBlock>> slots = fill(list, 3);
		AtomicBoolean[] owned = { new AtomicBoolean(), new AtomicBoolean(), new AtomicBoolean() };
		Together.run(4, (thread) -> {
			for (int i = 0; i < 20_000; i++) {
				TestBlock block = list.claimIdle();
				if (block == null) {
					continue;
				}
				AtomicBoolean owner = owned[slots.indexOf(block.slot)];
				assertThat(owner.compareAndSet(false, true)).isTrue();
				owner.set(false);
				assertThat(new TestBlock.Handle(block).end()).isTrue();
			}
		});
		assertThat(list.census().idle()).isEqualTo(3);
	}

	@Test
	void nothingIsRefusedWhileOneOfTwoIsAlwaysIdle() throws Exception {
		// The other thread holds one of two blocks at any time, now this one, now that
		FreeList<TestBlock> list = new LoneFreeList<>(2);
		fill(list, 2);
		AtomicBoolean done = new AtomicBoolean();
		Started<Boolean> other = Started.of(() -> {
			while (!done.get()) {
				TestBlock block = list.claimIdle();
				if (block != null) {
					new TestBlock.Handle(block).end();
				}
			}
			return true;
		});
		for (int i = 0; i < 20_000; i++) {
			TestBlock block = list.claimAgain(true);
			assertThat(block).isNotNull();
			new TestBlock.Handle(block).end();
		}
		done.set(true);
		assertThat(other.result()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 5 })
	void proofEndsSoonAlthoughThreadsClaimAllTheTime(int threadsPastTheSignal) {
		HotFreeList list = new HotFreeList(4, threadsPastTheSignal);
		fill(list, 4).forEach(Slot::tryClaim);
		assertThat(list.claimAgain(true)).isNull();
		// Three rounds without the signal, a first and a last one, and one for each claim
		// of a thread that had looked before the signal
		assertThat(list.rounds).isGreaterThan(3).isLessThanOrEqualTo(3 + 2 + threadsPastTheSignal);
		assertThat(list.isClaimable()).isTrue();
	}

	@Test
	void lookWithoutAProofTakesOneRound() {
		HotFreeList list = new HotFreeList(4, 0);
		fill(list, 4).forEach(Slot::tryClaim);
		assertThat(list.claimAgain(false)).isNull();
		assertThat(list.rounds).isOne();
	}

	/**
	 * A list whose blocks other threads return and claim again between any two rounds, as
	 * long as they may.
	 */
	private static final class HotFreeList extends LoneFreeList<TestBlock> {

		private int threadsPastTheSignal;

		private int rounds;

		HotFreeList(int places, int threadsPastTheSignal) {
			super(places);
			this.threadsPastTheSignal = threadsPastTheSignal;
		}

		@Override
		void beforeRound(int round) {
			this.rounds++;
			assertThat(round).as("rounds").isLessThan(1000);
			if (isClaimable() || this.threadsPastTheSignal-- > 0) {
				Slot<TestBlock> slot = at(round % size());
				slot.state = (slot.state - 1) | Slot.IDLE;
				assertThat(slot.tryClaim()).isNotNull();
			}
		}

	}

}
