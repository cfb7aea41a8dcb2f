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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ZerosTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 63, 64, 65, 511, 512, 513, 8191, 8192, 8193, 8704, 16_384, 20_000 })
	void exactlyTheRangeIsCleared(int length) {
		assertThatExactlyTheRangeIsCleared(length);
		byte[] other = new byte[100];
		for (int i = 0; i < 10_000; i++) {
			Zeros.fill(other, 0, other.length);
		}
		assertThatExactlyTheRangeIsCleared(length);
	}

	private static void assertThatExactlyTheRangeIsCleared(int length) {
		byte[] array = new byte[20_010];
		Arrays.fill(array, (byte) 1);
		byte[] expected = array.clone();
		Arrays.fill(expected, 7, 7 + length, (byte) 0);
		Zeros.fill(array, 7, length);
		assertThat(Arrays.equals(array, expected)).isTrue();
	}

}
