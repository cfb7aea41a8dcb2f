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

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TierPresetsTests {

	@ParameterizedTest
	@CsvSource({ "4, 16, '4 8 16'", "100, 1000, '128 256 512 1000'", "1, 1, '1'", "3, 3, '3'", "5, 6, '6'", "5, 8, '8'",
			"5, 9, '8 9'", "64, 64, '64'", "1073741824, 1073741824, '1073741824'",
			"1073741825, 2147483639, '2147483639'" })
	void powersOfTwoEndWithTheMaximum(int minimum, int maximum, String sizes) {
		assertThat(TierPresets.powersOfTwo(minimum, maximum).stream().map(String::valueOf).toList())
			.containsExactly(sizes.split(" "));
	}

	@Test
	void bytepoolsDefaultHasFifteenTiers() {
		List<Integer> sizes = TierPresets.powersOfTwo(128, 2 * 1024 * 1024);
		assertThat(sizes).hasSize(15).isSorted().startsWith(128, 256).endsWith(1048576, 2097152);
	}

	@Test
	void streamPresetIsBytepools() {
		assertThat(TierPresets.stream()).containsExactly(1024, 4096, 16384, 32768, 65536, 131072);
	}

	@Test
	void tiersFromTheHeapArePowersOfTwoWithinReason() {
		List<Integer> sizes = TierPresets.fromHeap();
		assertThat(sizes).isSorted().startsWith(4096).allMatch((size) -> Integer.bitCount(size) == 1);
		assertThat(sizes.get(sizes.size() - 1)).isBetween(64 * 1024, 16 * 1024 * 1024);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1024", "2147483639, 4" })
	void idleBuffersOfATierAreBoundByDefault(int size, int maxIdle) {
		assertThat(TierPresets.defaultMaxIdle(size)).isEqualTo(maxIdle);
	}

	@Test
	void idleBuffersOfATierFitAShareOfTheHeap() {
		long heap = Runtime.getRuntime().maxMemory();
		int size = (int) (heap / 128 / 10);
		assertThat(TierPresets.defaultMaxIdle(size)).isBetween(10, 11);
	}

	@Test
	void multiplesOfABaseEndAtTheMaximum() {
		assertThat(TierPresets.multiplesOf(16, 64)).containsExactly(16, 32, 48, 64);
		assertThat(TierPresets.multiplesOf(16, 65)).containsExactly(16, 32, 48, 64, 65);
		assertThat(TierPresets.multiplesOf(16, 17)).containsExactly(16, 17);
		assertThat(TierPresets.multiplesOf(16, 16)).containsExactly(16);
		assertThat(TierPresets.multiplesOf(BufferTier.MAXIMUM_SIZE, BufferTier.MAXIMUM_SIZE))
			.containsExactly(BufferTier.MAXIMUM_SIZE);
	}

	@Test
	void multiplesAreBounded() {
		assertThat(TierPresets.multiplesOf(1, 256)).hasSize(256);
		assertThatIllegalArgumentException().isThrownBy(() -> TierPresets.multiplesOf(1, 257))
			.withMessage("Multiples of 1 bytes up to 257 bytes are 257 tiers, but at most 256 are possible. Choose a "
					+ "larger base or a smaller maximum");
		assertThatIllegalArgumentException().isThrownBy(() -> TierPresets.multiplesOf(1, Integer.MAX_VALUE));
	}

	@Test
	void baseOfMultiplesMustBePositiveAndFit() {
		assertThatIllegalArgumentException().isThrownBy(() -> TierPresets.multiplesOf(0, 64));
		assertThatIllegalArgumentException().isThrownBy(() -> TierPresets.multiplesOf(65, 64))
			.withMessageContaining("the base is 65 and the maximum 64 bytes");
	}

	@Test
	void poolOfMultiplesServesARequestFromTheNextMultiple() {
		try (BufferPool pool = BufferPool.builder("areas").multiplesOf(16, 64).build()) {
			int[] requests = { 0, 1, 16, 17, 32, 33, 48, 49, 64 };
			assertThat(Arrays.stream(requests).map((size) -> capacity(pool, size)).toArray()).containsExactly(16, 16,
					16, 32, 32, 48, 48, 64, 64);
		}
	}

	private static int capacity(BufferPool pool, int size) {
		try (PooledBuffer buffer = pool.acquire(size)) {
			return buffer.capacity();
		}
	}

}
