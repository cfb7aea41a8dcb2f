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
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Defaults and mistakes (G1, B1).
 */
class BufferPoolBuilderTests {

	private final BufferPoolBuilder builder = BufferPool.builder("uploads");

	@ParameterizedTest
	@ValueSource(strings = { "a", "uploads", "uploads-2", "9", "-" })
	void nameIsOfLowerCaseLettersDigitsAndDashes(String name) {
		assertThat(BufferPool.builder(name).build().name()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "Uploads", "up_loads", "up.loads", "ümlaut", "a b", "a\n" })
	void otherNamesAreRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> BufferPool.builder(name))
			.withMessage("'name' must consist of lower-case letters, digits and dashes but is '" + name + "'");
	}

	@Test
	void withoutSettingsThePoolHasTheTiersOfTheHeapNoLimitAndAllocates() {
		BufferPool pool = this.builder.build();
		assertThat(pool.tiers()).extracting(BufferTier::size).isEqualTo(TierPresets.fromHeap());
		assertThat(pool.tiers()).extracting((tier) -> tier.caps().maxIdle())
			.isEqualTo(TierPresets.fromHeap().stream().map(TierPresets::defaultMaxIdle).toList());
		PoolStatistics now = pool.statistics();
		assertThat(now.settings().limit()).isEqualTo(Long.MAX_VALUE);
		assertThat(now.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
		assertThat(now.settings().pooling()).isTrue();
		assertThat(now.memory()).isEqualTo(MemoryKind.HEAP);
		assertThat(pool.memory()).isEqualTo(MemoryKind.HEAP);
	}

	@Test
	void emptyTiersAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.tiers(new int[0]))
			.withMessage("'tiers' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.tiers(List.of()));
	}

	@Test
	void duplicateTiersAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.tiers(128, 256, 128))
			.withMessage("'tiers' must not have the size 128 twice");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MIN_VALUE })
	void tierThatIsNotPositiveIsRefused(int size) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.tiers(128, size))
			.withMessage("'size' must be positive but is " + size);
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MAX_VALUE, Integer.MAX_VALUE - 7 })
	void tierThatNoArrayCanHoldIsRefused(int size) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.tiers(128, size))
			.withMessageContaining("'size' must be at most " + (Integer.MAX_VALUE - 8));
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.powersOfTwo(4, size));
	}

	@ParameterizedTest
	@CsvSource({ "16, 4", "0, 16", "-1, 16", "5, 4", "1, 0" })
	void minimumAboveTheMaximumOrNotPositiveIsRefused(int minimum, int maximum) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.powersOfTwo(minimum, maximum))
			.withMessage("The minimum must be from 1 to the maximum, but the minimum is " + minimum
					+ " and the maximum " + maximum + " bytes");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void limitMustBePositive(long limit) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.limit(limit))
			.withMessage("'limit' must be positive but is " + limit);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S" })
	void longestWaitMustBePositive(Duration maxWait) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.maxWait(maxWait))
			.withMessage("'maxWait' must be positive but is " + maxWait);
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRefusedWithTheNameOfWhatIsMissing() {
		assertThatNullPointerException().isThrownBy(() -> this.builder.policy(null))
			.withMessage("'policy' must not be null");
		assertThatNullPointerException().isThrownBy(() -> this.builder.clearing(null))
			.withMessage("'clearing' must not be null");
		assertThatNullPointerException().isThrownBy(() -> this.builder.budget(null))
			.withMessage("'budget' must not be null");
	}

	@Test
	void capsApplyToTheTiersThereAreSoFar() {
		Caps caps = new Caps(1, 2, 1);
		BufferPool pool = this.builder.tiers(16, 32).caps(caps).build();
		assertThat(pool.tiers()).containsExactly(new BufferTier(16, caps), new BufferTier(32, caps));
	}

	@Test
	void longestWaitIsOneSecondUnlessSet() {
		BufferPool pool = this.builder.tiers(16).caps(new Caps(1, 1, 0)).policy(ExhaustionPolicy.WAIT).build();
		PooledBuffer only = pool.acquire(16);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(16))
			.withMessageContaining("also after waiting 1000 ms");
		only.release();
	}

	@Test
	void poolTellsWhatItIs() {
		assertThat(this.builder.tiers(16, 64).build())
			.hasToString("BufferPool[name=uploads, memory=HEAP, tiers=16..64]");
		assertThat(this.builder.name()).isEqualTo("uploads");
	}

	@Test
	void builderBuildsIndependentPools() {
		BufferPool first = this.builder.tiers(16).build();
		BufferPool second = this.builder.tiers(32).build();
		first.acquire(10).release();
		assertThat(second.statistics().misses()).isZero();
		assertThat(first.maximumSize()).isEqualTo(16);
	}

}
