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

import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.sizes.SizeHistogram.Bucket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SizeHistogram} and {@link SizeHistogramBuilder}.
 */
class SizeHistogramTests {

	@Test
	void nothingIsCountedAtFirst() {
		SizeHistogram histogram = SizeHistogram.builder().build();
		assertThat(histogram.isEmpty()).isTrue();
		assertThat(histogram.total()).isZero();
		assertThat(histogram.bytes()).isZero();
	}

	@Test
	void sizesUpTo64AreCountedOneByOne() {
		SizeHistogramBuilder builder = SizeHistogram.builder();
		IntStream.rangeClosed(0, 64).forEach((size) -> builder.add(size, size + 1));
		assertThat(builder.build().buckets())
			.isEqualTo(IntStream.rangeClosed(0, 64).mapToObj((size) -> bucket(size, size, size, size + 1)).toList());
	}

	@Test
	void bucketTellsWhatFallsIntoItAndWhatDid() {
		SizeHistogram histogram = SizeHistogram.builder().add(5000).add(5000).add(5001).add(5120).add(5121).build();
		assertThat(histogram.buckets()).containsExactly(new Bucket(4993, 5120, 5120, 4, 20_121),
				bucket(5121, 5248, 5121, 1));
		assertThat(histogram.total()).isEqualTo(5);
		assertThat(histogram.bytes()).isEqualTo(25_242);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void bucketIsNarrowAndHoldsItsSize(int size) {
		Bucket bucket = SizeHistogram.builder().add(size).build().buckets().get(0);
		assertThat(size).isBetween(bucket.from(), bucket.to());
		assertThat((double) bucket.to() - bucket.from() + 1).isLessThan(Math.max(1.01, bucket.from() / 32.0));
		assertThat(bucket.largest()).isEqualTo(size);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void nextBucketBeginsWhereOneEnds(int size) {
		int end = SizeHistogram.builder().add(size).build().buckets().get(0).to();
		if (end < Integer.MAX_VALUE) {
			assertThat(SizeHistogram.builder().add(end + 1).build().buckets().get(0).from()).isEqualTo(end + 1);
		}
	}

	static Stream<Integer> sizes() {
		return IntStream.rangeClosed(6, 30)
			.mapToObj((bits) -> 1 << bits)
			.flatMap((power) -> Stream.of(power - 1, power, power + 1, power + power / 3, power + (power - 1)))
			.distinct();
	}

	@ParameterizedTest
	@ValueSource(ints = { 128, 4096, 65_536, 1 << 30 })
	void powerOfTwoIsTheLargestOfItsBucket(int size) {
		assertThat(SizeHistogram.builder().add(size).build().buckets()).extracting(Bucket::to).containsExactly(size);
	}

	@Test
	void bucketsAscend() {
		SizeHistogram histogram = SizeHistogram.builder()
			.add(1 << 20)
			.add(3)
			.add(100_000)
			.add(Integer.MAX_VALUE)
			.build();
		assertThat(histogram.buckets()).extracting(Bucket::largest)
			.containsExactly(3, 100_000, 1 << 20, Integer.MAX_VALUE);
	}

	@Test
	void whatIsCountedLaterDoesNotChangeASnapshot() {
		SizeHistogramBuilder builder = SizeHistogram.builder().add(10);
		SizeHistogram histogram = builder.build();
		builder.add(10);
		assertThat(histogram.total()).isEqualTo(1);
	}

	@Test
	void moreRequestsOfNothingThanANumberHoldsAreRefused() {
		SizeHistogramBuilder builder = SizeHistogram.builder().add(0, SizeHistogramBuilder.MAXIMUM_BYTES);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.add(0, 1))
			.withMessage("At most " + (1L << 62) + " sizes can be counted: divide all counts by the same number");
		assertThat(builder.build().total()).isEqualTo(1L << 62);
	}

	@Test
	void negativeFiguresAreRefused() {
		SizeHistogramBuilder builder = SizeHistogram.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.add(-1))
			.withMessage("'size' must not be negative but is -1");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.add(1, -2))
			.withMessage("'count' must not be negative but is -2");
		assertThat(builder.add(1, 0).build().isEmpty()).isTrue();
	}

	private static Bucket bucket(int from, int to, int largest, long count) {
		return new Bucket(from, to, largest, count, count * largest);
	}

}
