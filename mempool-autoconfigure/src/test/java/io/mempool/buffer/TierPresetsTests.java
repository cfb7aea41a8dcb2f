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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

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

}
