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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.mempool.engine.Stripes;
import io.mempool.sizes.RecentSizes;
import io.mempool.sizes.SizeHistogram;
import io.mempool.sizes.SizeHistogramBuilder;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often which sizes were requested, as {@link RecentSizes} counts it.
 */
class RequestedSizesTests {

	@ParameterizedTest
	@CsvSource({ "1, 0", "1, 1", "1, 255", "1, 256", "1, 257", "1, 513", "256, 256", "256, 257", "256, 512",
			"256, 1024", "256, 1025", "256, 100000", "65536, 100000" })
	void oneThreadIsCountedExactly(int capacity, int requests) {
		RecentSizes lockFree = RecentSizes.lockFree(capacity);
		RecentSizes exact = RecentSizes.exact(capacity);
		SizeHistogramBuilder expected = SizeHistogram.builder();
		for (int size : sizes(requests)) {
			lockFree.record(size);
			exact.record(size);
			expected.add(size);
		}
		assertThat(lockFree.histogram()).isEqualTo(expected.build());
		assertThat(exact.histogram()).isEqualTo(expected.build());
	}

	@ParameterizedTest
	@CsvSource({ "256", "257", "1000" })
	void sameSizeAgainAndAgainIsCountedExactly(int requests) {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		IntStream.range(0, requests).forEach((i) -> lockFree.record(5000));
		assertThat(lockFree.histogram()).isEqualTo(SizeHistogram.builder().add(5000, requests).build());
	}

	@Test
	void snapshotTakesNothingAway() {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		sizes(100).forEach(lockFree::record);
		assertThat(lockFree.histogram()).isEqualTo(lockFree.histogram());
	}

	@Test
	void threadsOneAfterTheOtherAreCountedExactly() throws Exception {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		SizeHistogramBuilder expected = SizeHistogram.builder();
		for (int thread = 0; thread < 20; thread++) {
			List<Integer> sizes = sizes(300 + thread);
			Together.run(1, (number) -> sizes.forEach(lockFree::record));
			sizes.forEach(expected::add);
		}
		assertThat(lockFree.histogram()).isEqualTo(expected.build());
	}

	@Test
	void threadsAtOnceAreCountedExactlyWithALock() throws Exception {
		RecentSizes exact = RecentSizes.exact(256);
		List<Integer> sizes = sizes(1000);
		Together.run(4, (thread) -> sizes.forEach(exact::record));
		SizeHistogramBuilder expected = SizeHistogram.builder();
		sizes.forEach((size) -> expected.add(size, 4));
		assertThat(exact.histogram()).isEqualTo(expected.build());
	}

	@Test
	void threadsAtOnceAreCountedAsWellAsCanBeWithoutOne() throws Exception {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		Together.run(4, (thread) -> IntStream.range(0, 10_000).forEach((i) -> lockFree.record(1000 * thread + 1000)));
		SizeHistogram histogram = lockFree.histogram();
		assertThat(histogram.total()).isPositive();
		assertThat(histogram.buckets()).extracting(SizeHistogram.Bucket::largest).isSubsetOf(1000, 2000, 3000, 4000);
	}

	@Test
	void countsOnlyGrowForAConcurrentReader() throws Exception {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		AtomicBoolean done = new AtomicBoolean();
		Together.run(2, (thread) -> {
			if (thread == 0) {
				while (!done.get()) {
					lockFree.record(1000);
				}
				return;
			}
			try {
				long last = 0;
				for (int i = 0; i < 20_000; i++) {
					long total = lockFree.histogram().total();
					assertThat(total).isGreaterThanOrEqualTo(last);
					last = total;
				}
			}
			finally {
				done.set(true);
			}
		});
	}

	@Test
	void threadsThatShareNoStripeAreCountedExactly() throws Exception {
		RecentSizes lockFree = RecentSizes.lockFree(256);
		List<Integer> stripes = Together.call(4, (thread) -> {
			IntStream.range(0, 50_000).forEach((i) -> lockFree.record(1000 * thread + 1000));
			return Stripes.current();
		});
		Map<Integer, Long> counts = lockFree.histogram()
			.buckets()
			.stream()
			.collect(Collectors.toMap(SizeHistogram.Bucket::largest, SizeHistogram.Bucket::count));
		List<Integer> alone = IntStream.range(0, 4)
			.filter((thread) -> Collections.frequency(stripes, stripes.get(thread)) == 1)
			.mapToObj((thread) -> 1000 * thread + 1000)
			.toList();
		assertThat(alone).isNotEmpty().allSatisfy((size) -> assertThat(counts).containsEntry(size, 50_000L));
	}

	@Test
	void ringThatDoesNotCountTellsOfWhatItRemembers() {
		RecentSizes ring = new RecentSizes() {

			private final List<Integer> sizes = new ArrayList<>();

			@Override
			public void record(int size) {
				this.sizes.add(size);
			}

			@Override
			public List<Integer> snapshot() {
				return this.sizes;
			}

		};
		try (BufferPool pool = BufferPool.builder("custom").tiers(1024).recentSizes(ring).build()) {
			List.of(1, 1000, 1000, 5000).forEach((size) -> pool.acquire(size).release());
			assertThat(pool.requestedSizes()).isEqualTo(SizeHistogram.builder().add(1).add(1000, 2).add(5000).build());
		}
	}

	private static List<Integer> sizes(int count) {
		SplittableRandom random = new SplittableRandom(count);
		return IntStream.range(0, count).mapToObj((i) -> random.nextInt() >>> random.nextInt(1, 32)).toList();
	}

}
