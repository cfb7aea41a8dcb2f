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

package io.mempool.sample;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Gzip}.
 */
class GzipTests {

	@ParameterizedTest
	@CsvSource({ "0, 1, 1", "1, 1, 1", "1000, 1, 1", "1000, 7, 3", "1000, 1000, 4096", "100000, 4096, 1" })
	void compressedShouldDecompressWhateverTheSizesOfChunks(int size, int input, int output) throws IOException {
		byte[] content = SampleClient.bytes(size);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		Gzip.compress(new ByteArrayInputStream(content), new Chunk(new byte[input + 2], 1, input), out,
				new Chunk(new byte[output + 2], 1, output), Tools.newDeflater());
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
			assertThat(in.readAllBytes()).isEqualTo(content);
		}
	}

}
