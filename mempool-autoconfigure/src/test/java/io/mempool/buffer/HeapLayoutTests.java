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

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What collectors take for an array, by what is known of them. {@link HeapLayoutIT} asks
 * real ones.
 */
class HeapLayoutTests {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private static final long HEAP = 256L * MIB;

	static HeapLayout g1() {
		return layout("UseG1GC", Map.of("G1HeapRegionSize", "" + MIB));
	}

	static HeapLayout zgc() {
		return layout("UseZGC", Map.of());
	}

	static HeapLayout serial() {
		return layout("UseSerialGC", Map.of());
	}

	private static HeapLayout shenandoah() {
		return layout("UseShenandoahGC", Map.of("ShenandoahRegionSize", "0"));
	}

	private static HeapLayout layout(String collector, Map<String, String> others) {
		Map<String, String> options = new HashMap<>(others);
		options.put(collector, "true");
		options.put("UseCompressedClassPointers", "true");
		options.put("ObjectAlignmentInBytes", "8");
		return HeapLayout.of(options, 25, HEAP);
	}

	@ParameterizedTest
	@CsvSource({ "0, 16", "1, 24", "8, 24", "1000, 1016", "1048576, 1048592" })
	void arraysLieSideBySideWithoutRegions(int length, long footprint) {
		assertThat(serial().footprint(length)).isEqualTo(footprint);
		assertThat(serial().isWasteful(length)).isFalse();
	}

	@Test
	void nothingIsKnownWithoutOptions() {
		HeapLayout unknown = HeapLayout.of(Map.of(), 17, HEAP);
		assertThat(unknown.footprint(MIB)).isEqualTo(MIB + 24);
	}

	@ParameterizedTest
	@CsvSource({ "false, false, 17, 24", "false, false, 25, 20", "true, false, 25, 16", "true, true, 25, 12" })
	void headersDependOnClassPointers(String compressed, String compact, int feature, int header) {
		Map<String, String> options = Map.of("UseCompressedClassPointers", compressed, "UseCompactObjectHeaders",
				compact, "ObjectAlignmentInBytes", "1");
		assertThat(HeapLayout.of(options, feature, HEAP).footprint(0)).isEqualTo(header);
	}

	@ParameterizedTest
	@CsvSource({ "1024, 1040, false", "65600, 69906, false", "131072, 149797, true", "262144, 349526, true",
			"524272, 524288, false", "524273, 1048576, true", "1048560, 1048576, false", "1048561, 2097152, true",
			"1048576, 2097152, true", "4194304, 5242880, true" })
	void g1GivesWholeRegionsFromHalfOfOne(int length, long footprint, boolean wasteful) {
		assertThat(g1().footprint(length)).isEqualTo(footprint);
		assertThat(g1().isWasteful(length)).isEqualTo(wasteful);
	}

	@ParameterizedTest
	@CsvSource({ "1024, 1040, false", "262128, 262144, false", "262144, 299594, true", "524288, 699051, true",
			"1048560, 1048576, false", "1048576, 2097152, true", "4194304, 6291456, true" })
	void zgcGivesWholeGranulesFromTheMediumPagesLargestObject(int length, long footprint, boolean wasteful) {
		assertThat(zgc().footprint(length)).isEqualTo(footprint);
		assertThat(zgc().isWasteful(length)).isEqualTo(wasteful);
	}

	@Test
	void zgcHasNoMediumPagesInSmallHeaps() {
		HeapLayout small = HeapLayout.of(Map.of("UseZGC", "true"), 25, 64L * MIB);
		assertThat(small.footprint(300 * KIB)).isEqualTo(2 * MIB);
	}

	@Test
	void shenandoahGivesWholeRegionsBeyondOne() {
		assertThat(shenandoah().footprint(256 * KIB - 16)).isEqualTo(256 * KIB);
		assertThat(shenandoah().footprint(256 * KIB)).isEqualTo(512 * KIB);
	}

	@ParameterizedTest
	@MethodSource("layouts")
	void wholeLengthsLoseNothing(String name, HeapLayout layout, int granule) {
		for (int minimum = 1; minimum < 64 * MIB; minimum += 77_777) {
			int length = layout.wholeLength(minimum);
			assertThat(length).isBetween(minimum, minimum + granule - 1);
			assertThat(layout.footprint(length)).isEqualTo(length + 16);
			assertThat(layout.wholeLengthWithin(layout.footprint(length))).isEqualTo(length);
			assertThat(layout.isWasteful(length)).isFalse();
		}
	}

	@ParameterizedTest
	@MethodSource("layouts")
	void noLengthIsLongerThanAnArrayCanBe(String name, HeapLayout layout, int granule) {
		assertThat(layout.wholeLength(Integer.MAX_VALUE)).isBetween(Integer.MAX_VALUE - 2 * granule - 16,
				Integer.MAX_VALUE - 8);
		assertThat(layout.wholeLengthWithin(Long.MAX_VALUE)).isEqualTo(layout.wholeLength(Integer.MAX_VALUE));
	}

	@ParameterizedTest
	@MethodSource("layouts")
	void blocksBeginAfterTheHeadersLine(String name, HeapLayout layout, int granule) {
		assertThat(16 + layout.firstLine()).isEqualTo(HeapLayout.LINE);
	}

	static Stream<Arguments> layouts() {
		return Stream.of(Arguments.of("G1", g1(), MIB), Arguments.of("ZGC", zgc(), 2 * MIB),
				Arguments.of("Shenandoah", shenandoah(), 256 * KIB), Arguments.of("Serial", serial(), 8));
	}

}
