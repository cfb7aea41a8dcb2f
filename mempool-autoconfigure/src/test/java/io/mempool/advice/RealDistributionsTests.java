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

package io.mempool.advice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.mempool.buffer.BufferTier;
import io.mempool.buffer.TierPresets;
import io.mempool.sizes.SizeHistogram;
import io.mempool.sizes.SizeHistogramBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What advice is worth: sizes as they are found, with as many tiers as a pool has by
 * default.
 */
class RealDistributionsTests {

	private static final List<BufferTier> DEFAULTS = TierPresets.powersOfTwo(4096, 16 << 20)
		.stream()
		.map(BufferTier::of)
		.toList();

	@Test
	void filesOfAJdkFit() throws Exception {
		assertThatWasteIsCut(files(Path.of(System.getProperty("java.home"), "lib")));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void programsFit() throws Exception {
		assertThatWasteIsCut(files(Path.of("/usr/bin")));
	}

	@Test
	void sizesOfALogNormalDistributionFit() {
		Random random = new Random(42);
		assertThatWasteIsCut(IntStream.range(0, 10_000).map((i) -> (int) Math.exp(10 + 1.5 * random.nextGaussian())));
	}

	private static void assertThatWasteIsCut(IntStream sizes) {
		SizeHistogramBuilder requested = SizeHistogram.builder();
		sizes.forEach(requested::add);
		TierAdvice advice = TierAdvisor.of("test", DEFAULTS, requested.build()).advise();
		assertThat(advice.requests()).isGreaterThan(20);
		assertThat(advice.advised().wastedPercent()).isLessThan(0.8 * advice.now().wastedPercent());
		assertThat(advice.advised().tiers()).hasSizeLessThanOrEqualTo(DEFAULTS.size());
	}

	private static IntStream files(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
				.mapToLong(RealDistributionsTests::size)
				.filter((size) -> size <= Integer.MAX_VALUE)
				.mapToInt((size) -> (int) size)
				.boxed()
				.toList()
				.stream()
				.mapToInt(Integer::intValue);
		}
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
