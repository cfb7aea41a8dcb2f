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

import java.util.Objects;

import io.mempool.buffer.Slab.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Slabs by example, with G1's regions of 1 MiB. {@link SlabsModelTests} compares them
 * with a model.
 */
class SlabsTests {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private final HeapLayout layout = HeapLayoutTests.g1();

	private final Slabs slabs = new Slabs(this.layout, 256 * MIB, 200 * MIB);

	private Range create(int length) {
		return create(length, Long.MAX_VALUE);
	}

	private Range create(int length, long available) {
		return this.slabs.add(this.slabs.create(this.slabs.plan(length, available)), length);
	}

	private Range claim(int length) {
		return Objects.requireNonNull(this.slabs.claim(length));
	}

	@Test
	void thereIsNothingToClaimAtFirst() {
		assertThat(this.slabs.claim(1)).isNull();
	}

	@Test
	void blocksThatTakeTheLongestArraysAreNotCarved() {
		for (int size = BufferTier.MAXIMUM_SIZE; size > BufferTier.MAXIMUM_SIZE - 2 * MIB; size -= 7) {
			assertThat(this.slabs.carves(size)).as("a block of %d bytes", size).isFalse();
		}
	}

	@Test
	void firstSlabHasRoomForOneBlock() {
		Range range = create(MIB);
		assertThat(this.slabs.footprint()).isEqualTo(2 * MIB);
		assertThat(range.array()).hasSize(2 * MIB - 16);
	}

	@Test
	void restOfASlabServesOtherTiers() {
		Range first = create(MIB);
		Range second = claim(512 * KIB);
		assertThat(second.array()).isSameAs(first.array());
		assertThat(second.offset()).isEqualTo(first.offset() + MIB);
	}

	@Test
	void laterSlabTakesTwiceWhatAllBeforeItTake() {
		create(MIB);
		create(MIB);
		assertThat(this.slabs.footprint()).isEqualTo((2 + 4) * MIB);
	}

	@ParameterizedTest
	@ValueSource(ints = { 512 * KIB, MIB, 2 * MIB, 4 * MIB })
	void slabTakesAnEighthOfTheLimitAtMost(int length) {
		for (int i = 0; i < 6; i++) {
			create(length);
		}
		assertThat(this.layout.footprint(this.slabs.plan(length, Long.MAX_VALUE))).isBetween(24L * MIB, 25L * MIB);
	}

	@Test
	void slabIsAsLargeAsItsBlockWhateverTheLimit() {
		this.slabs.changeLimit(MIB);
		assertThat(this.layout.footprint(this.slabs.plan(4 * MIB, Long.MAX_VALUE))).isEqualTo(5 * MIB);
	}

	@Test
	void slabTakesWhatIsAvailableAtMost() {
		create(MIB);
		create(MIB);
		assertThat(this.layout.footprint(this.slabs.plan(MIB, 3 * MIB + 1))).isEqualTo(3 * MIB);
	}

	@Test
	void noSlabIsWorthCreatingIfLessIsAvailableThanItsBlockTakes() {
		assertThat(this.slabs.plan(MIB, 2 * MIB - 1)).isZero();
		assertThat(this.slabs.plan(MIB, 2 * MIB)).isPositive();
	}

	@Test
	void noSlabIsLongerThanAnArrayCanBe() {
		assertThat(this.slabs.plan(Integer.MAX_VALUE, Long.MAX_VALUE)).isZero();
		assertThat(this.slabs.claim(Integer.MAX_VALUE)).isNull();
	}

	@Test
	void slabThatIsTooShortIsNotAdded() {
		Slab slab = this.slabs.create(this.layout.wholeLength(1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.slabs.add(slab, 2 * MIB))
			.withMessageContaining("" + 2 * MIB);
		assertThat(this.slabs.footprint()).isZero();
	}

	@Test
	void rangesBeginAndEndWithALine() {
		Range first = create(1000);
		Range second = claim(1);
		assertThat(16 + first.offset()).isEqualTo(HeapLayout.LINE);
		assertThat(first.length()).isEqualTo(1024);
		assertThat(second.offset()).isEqualTo(first.offset() + 1024);
	}

	@Test
	void shortestHoleThatFitsIsTaken() {
		Range large = create(400 * KIB);
		claim(64);
		Range small = claim(200 * KIB);
		claim(64);
		Range medium = claim(210 * KIB);
		claim(64);
		int offset = medium.offset();
		this.slabs.release(large);
		this.slabs.release(medium);
		this.slabs.release(small);
		assertThat(claim(201 * KIB).offset()).isEqualTo(offset);
	}

	@Test
	void neighbouringHolesBecomeOne() {
		Range first = create(256 * KIB);
		Range second = claim(256 * KIB);
		Range third = claim(256 * KIB);
		claim(256 * KIB - 64);
		this.slabs.release(first);
		this.slabs.release(third);
		assertThat(this.slabs.claim(512 * KIB)).isNull();
		this.slabs.release(second);
		assertThat(claim(768 * KIB).offset()).isEqualTo(this.layout.firstLine());
	}

	@Test
	void footprintIsGivenBackWithTheLastRangeOfASlab() {
		Range first = create(MIB);
		Range second = claim(512 * KIB);
		assertThat(this.slabs.release(first)).isZero();
		assertThat(this.slabs.release(second)).isEqualTo(2 * MIB);
		assertThat(this.slabs.claim(1)).isNull();
		assertThat(this.slabs.footprint()).isZero();
	}

	@Test
	void rangeIsReleasedOnce() {
		Range range = create(MIB);
		claim(1);
		this.slabs.release(range);
		assertThatIllegalStateException().isThrownBy(() -> this.slabs.release(range));
		claim(MIB);
		assertThatIllegalStateException().as("the same memory").isThrownBy(() -> this.slabs.release(range));
	}

	@Test
	void memoryInDoubtIsNeverUsedAgain() {
		Range range = create(MIB);
		Range other = claim(1);
		assertThat(this.slabs.retire(range)).isZero();
		assertThat(this.slabs.claim(MIB)).isNull();
		assertThat(this.slabs.release(other)).isEqualTo(2 * MIB);
		assertThat(this.slabs.claim(1)).isNull();
	}

	@Test
	void slabWithMemoryInDoubtGivesNoMoreRangesSoThatItGoes() {
		Range range = create(512 * KIB);
		Range other = claim(64 * KIB);
		Range another = claim(64 * KIB);
		this.slabs.retire(range);
		this.slabs.release(other);
		assertThat(this.slabs.claim(1)).isNull();
		assertThat(this.slabs.retire(another)).isEqualTo(MIB);
	}

	@Test
	void figuresTellWhatIsTakenAndLost() {
		Range range = create(512 * KIB);
		Range other = claim(64 * KIB);
		assertThat(this.slabs.count()).isOne();
		assertThat(this.slabs.taken()).isEqualTo(576 * KIB);
		this.slabs.retire(range);
		assertThat(this.slabs.taken()).isEqualTo(64 * KIB);
		assertThat(this.slabs.retired()).isEqualTo(512 * KIB);
		this.slabs.release(other);
		assertThat(this.slabs.count()).isZero();
		assertThat(this.slabs.taken()).isZero();
		assertThat(this.slabs.retired()).isZero();
	}

	@Test
	void onlyWhollyIdleSlabsGiveSomethingBack() {
		Range first = create(512 * KIB);
		Range second = claim(64 * KIB);
		Range other = create(MIB);
		long tally = this.slabs.newTally();
		assertThat(first.countIdle(tally)).isZero();
		assertThat(other.countIdle(tally)).isEqualTo(2 * MIB);
		assertThat(first.isSlabIdle(tally)).isFalse();
		assertThat(other.isSlabIdle(tally)).isTrue();
		assertThat(second.countIdle(tally)).isEqualTo(MIB);
		assertThat(second.isSlabIdle(tally)).isTrue();
	}

	@Test
	void idleSlabStaysIdleWhileItsBlocksAreDiscarded() {
		Range first = create(512 * KIB);
		Range second = claim(64 * KIB);
		long tally = this.slabs.newTally();
		first.countIdle(tally);
		second.countIdle(tally);
		this.slabs.release(first);
		assertThat(second.isSlabIdle(tally)).isTrue();
	}

	@Test
	void slabWithALeasedBlockStaysInUseWhileOthersAreDiscarded() {
		Range first = create(512 * KIB);
		Range second = claim(64 * KIB);
		Range third = claim(64 * KIB);
		long tally = this.slabs.newTally();
		first.countIdle(tally);
		second.countIdle(tally);
		this.slabs.release(first);
		assertThat(second.isSlabIdle(tally)).isFalse();
		assertThat(third.isSlabIdle(tally)).isFalse();
	}

	@Test
	void passOverIdleBlocksForgetsTheOneBefore() {
		Range first = create(512 * KIB);
		Range second = claim(64 * KIB);
		first.countIdle(this.slabs.newTally());
		assertThat(second.countIdle(this.slabs.newTally())).isZero();
	}

}
