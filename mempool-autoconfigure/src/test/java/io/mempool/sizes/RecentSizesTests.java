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

package io.mempool.sizes;

import java.util.List;
import java.util.stream.IntStream;

import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B6: the last 256 requested lengths, oldest first.
 */
class RecentSizesTests {

	private final RecentSizes sizes = RecentSizes.lockFree(RecentSizes.DEFAULT_CAPACITY);

	@Test
	void nothingIsRememberedAtFirst() {
		assertThat(this.sizes.snapshot()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 63, 64, 65, 255, 256, 257, 300, 511, 512, 513, 10_000 })
	void oneThreadFindsItsLastSizesInOrder(int count) {
		IntStream.rangeClosed(1, count).forEach(this.sizes::record);
		assertThat(this.sizes.snapshot())
			.isEqualTo(IntStream.rangeClosed(Math.max(1, count - 255), count).boxed().toList());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 255, 257, 512, 513, 1000 })
	void asManyAreRememberedAsAskedFor(int capacity) {
		RecentSizes sizes = RecentSizes.lockFree(capacity);
		for (int count = 1; count <= 3000; count++) {
			sizes.record(count);
			if (count % 250 == 0 || count % 256 < 2) {
				assertThat(sizes.snapshot())
					.isEqualTo(IntStream.rangeClosed(Math.max(1, count - capacity + 1), count).boxed().toList());
			}
		}
	}

	@Test
	void snapshotTakesNothingAway() {
		IntStream.rangeClosed(1, 300).forEach(this.sizes::record);
		assertThat(this.sizes.snapshot()).isEqualTo(this.sizes.snapshot());
	}

	@Test
	void largestSizeIsRemembered() {
		List.of(0, Integer.MAX_VALUE).forEach(this.sizes::record);
		assertThat(this.sizes.snapshot()).containsExactly(0, Integer.MAX_VALUE);
	}

	@Test
	void severalThreadsTogetherAreRememberedAsFarAsThereIsRoom() throws Exception {
		Together.run(4, (thread) -> IntStream.range(0, 10_000).forEach((i) -> this.sizes.record(thread * 10_000 + i)));
		List<Integer> recent = this.sizes.snapshot();
		assertThat(recent).hasSizeBetween(1, 256).allMatch((size) -> size >= 0 && size < 40_000);
	}

	@Test
	void oldSizesOfOneThreadGiveWayToNewOnesOfAnother() throws Exception {
		for (int i = 1; i <= 20; i++) {
			int from = i * 1000;
			Together.run(1, (thread) -> IntStream.range(from, from + 1000).forEach(this.sizes::record));
			assertThat(this.sizes.snapshot()).hasSize(256).allMatch((size) -> size >= from);
		}
	}

}
