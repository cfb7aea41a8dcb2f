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

import io.mempool.core.Caps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The word that holds the state of a block.
 */
class SlotTests {

	private final Tier<TestBlock> tier = new Tier<>(new Account("parts", SharedBudget.unlimited(), Long.MAX_VALUE), 10,
			Caps.ofIdle(4), new TestBlock.Source(false), null);

	private final TestBlock block = new TestBlock(10);

	private Slot<TestBlock> slot;

	@BeforeEach
	void createSlot() {
		this.slot = idle(0);
	}

	private Slot<TestBlock> idle(long version) {
		Slot<TestBlock> slot = new Slot<>(this.tier, version | Slot.IDLE, 10, null, true);
		slot.block = this.block;
		this.block.slot = slot;
		return slot;
	}

	@Test
	void claimBeginsANewVersionWithOneReference() {
		assertThat(this.slot.tryClaim()).isSameAs(this.block);
		assertThat(this.slot.state).isEqualTo(Slot.VERSION_ONE | 1);
		assertThat(Slot.isIdle(this.slot.state)).isFalse();
		assertThat(Slot.isLeased(this.slot.state)).isTrue();
	}

	@Test
	void leasedBlockCannotBeClaimed() {
		this.slot.tryClaim();
		assertThat(this.slot.tryClaim()).isNull();
	}

	@Test
	void retiredBlockCannotBeClaimed() {
		assertThat(this.slot.tryRetire()).isSameAs(this.block);
		assertThat(this.slot.tryClaim()).isNull();
		assertThat(this.slot.tryRetire()).isNull();
		assertThat(Slot.versionNumber(this.slot.state)).as("retiring counts no lease").isZero();
	}

	@Test
	void leasedBlockCannotBeRetired() {
		this.slot.tryClaim();
		assertThat(this.slot.tryRetire()).isNull();
	}

	@Test
	void lastVersionIsNeverLent() {
		Slot<TestBlock> worn = idle(Slot.LAST_VERSION);
		assertThat(worn.isWornOut()).isTrue();
		assertThat(worn.tryClaim()).isNull();
		assertThat(worn.state).isEqualTo(Slot.LAST_VERSION | Slot.IDLE);
	}

	@Test
	void lastButOneVersionIsLentOnce() {
		Slot<TestBlock> almost = idle(Slot.LAST_VERSION - Slot.VERSION_ONE);
		assertThat(almost.isWornOut()).isFalse();
		assertThat(almost.tryClaim()).isSameAs(this.block);
		TestBlock.Handle handle = new TestBlock.Handle(this.block);
		assertThat(handle.isAlive()).isTrue();
		assertThat(handle.end()).isTrue();
		assertThat(handle.isAlive()).isFalse();
		assertThat(almost.isWornOut()).isTrue();
	}

	@Test
	void renewedSlotStartsAnewAndLeavesTheOldOneDead() {
		Slot<TestBlock> worn = idle(Slot.LAST_VERSION);
		TestBlock retired = worn.tryRetire();
		assertThat(retired).isNotNull();
		Slot<TestBlock> renewed = worn.renewed(retired);
		assertThat(this.block.slot).isSameAs(renewed);
		assertThat(renewed.state).isEqualTo(Slot.IDLE);
		assertThat(renewed.tryClaim()).isSameAs(this.block);
		assertThat(worn.tryClaim()).isNull();
	}

	@Test
	void detachingTakesALeasedBlockAndSparesAnIdleOne() {
		assertThat(this.slot.tryDetach(true)).isFalse();
		this.slot.tryClaim();
		assertThat(this.slot.tryDetach(false)).isTrue();
		assertThat(this.slot.block).isNull();
		assertThat(Slot.isDetached(this.slot.state)).isTrue();
		assertThat(Slot.isLeased(this.slot.state)).isTrue();
	}

	@Test
	void detachingTakesABlockOnItsWayHomeOnlyIfToldSo() {
		Slot<TestBlock> comingHome = new Slot<>(this.tier, Slot.VERSION_ONE, 10, null, true);
		assertThat(comingHome.tryDetach(false)).isFalse();
		assertThat(comingHome.tryDetach(true)).isTrue();
	}

	// Guarding

	@Test
	void leaseIsGuardedWhenItIsSeenTwice() {
		this.slot.tryClaim();
		this.slot.guard();
		assertThat(this.slot.block).isSameAs(this.block);
		this.slot.guard();
		assertThat(this.slot.block).isNull();
		assertThat(this.slot.state & Slot.GUARDED).isNotZero();
	}

	@Test
	void anotherLeaseMustBeSeenTwiceAgain() {
		this.slot.tryClaim();
		this.slot.guard();
		new TestBlock.Handle(this.block).end();
		this.slot.tryClaim();
		this.slot.guard();
		assertThat(this.slot.block).isSameAs(this.block);
	}

	@Test
	void idleBlockIsNotGuarded() {
		this.slot.guard();
		this.slot.guard();
		assertThat(this.slot.block).isSameAs(this.block);
		assertThat(this.slot.state).isEqualTo(Slot.IDLE);
	}

	@Test
	void guardedLeaseCanBeUsedRetainedAndReleased() {
		this.tier.preallocate();
		TestBlock lent = acquire();
		TestBlock.Handle handle = new TestBlock.Handle(lent);
		this.tier.statistics();
		this.tier.statistics();
		assertThat(lent.slot.block).isNull();
		assertThat(handle.use()).isSameAs(lent);
		TestBlock.Handle retained = handle.retain();
		assertThat(handle.end()).isTrue();
		assertThat(retained.end()).isTrue();
		assertThat(retained.end()).isFalse();
		assertThat(lent.slot.block).isSameAs(lent);
		assertThat(lent.slot.state).isEqualTo(Slot.VERSION_ONE | Slot.IDLE);
		assertThat(this.tier.claim()).isSameAs(lent);
	}

	private TestBlock acquire() {
		try {
			TestBlock acquired = this.tier.acquire(new Request<>(10, false, 0));
			assertThat(acquired).isNotNull();
			return acquired;
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	// Words

	@Test
	void flagsReferencesAndVersionDoNotOverlap() {
		long[] fields = { Slot.REFERENCES, Slot.IDLE, Slot.DETACHED, Slot.SHARED, Slot.DOUBT, Slot.GUARDED,
				Slot.VERSION };
		long all = 0;
		for (long field : fields) {
			assertThat(all & field).isZero();
			all |= field;
		}
		assertThat(all).isEqualTo(-1);
	}

	@Test
	void leaseIsOfOneVersionOnly() {
		long state = (5 * Slot.VERSION_ONE) | Slot.SHARED | Slot.GUARDED | 2;
		assertThat(Slot.isLeasedAs(state, 5 * Slot.VERSION_ONE)).isTrue();
		assertThat(Slot.isLeasedAs(state, 4 * Slot.VERSION_ONE)).isFalse();
		assertThat(Slot.isLeasedAs(5 * Slot.VERSION_ONE, 5 * Slot.VERSION_ONE)).isFalse();
		assertThat(Slot.isLeasedAs(Slot.IDLE, 0)).as("a handle whose reference was given up").isFalse();
		assertThat(Slot.versionNumber(state)).isEqualTo(5);
	}

}
