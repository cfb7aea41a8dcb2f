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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdviseTiers}.
 */
class AdviseTiersTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

	@Test
	void sizesFromStandardInputAreAdvised() {
		assertThat(run("# recorded\n3000\n\n3000 # again\n 20000\t2 \n", "--present=4KB,64KB", "--pool=uploads"))
			.isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).isEqualTo("""
				4 requests of 46,000 bytes
				now: 4KB, 64KB

				         tiers          lent bytes        wasted bytes    wasted
				now          2             139,264              93,264    67.0 %
				advised      2              46,000                   0     0.0 %

				mempool:
				  pools:
				    uploads: # replaces 'tiers', 'preset', 'min-size' and 'max-size'
				      tiers: 3000B, 20000B
				""");
		assertThat(this.errors.size()).isZero();
	}

	@Test
	void sizesFromAFileAreAdvised(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("sizes.txt"), "5000 3\n17000000\n");
		assertThat(run("", file.toString())).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8))
			.contains("3 requests of 15,000 bytes; oversized: 1", "now: 4KB, 8KB", "4MB, 8MB, 16MB")
			.contains("now         13", "tiers: 5000B");
	}

	@Test
	void numberOfTiersAndMaximumCanBeSet() {
		assertThat(run("1000\n2000\n3000\n", "--tiers=1", "--present=2KB", "--maximum=1MB")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("tiers: 3008B");
	}

	@Test
	void helpIsGiven() {
		assertThat(run("", "--help")).isZero();
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("usage: java -cp").contains("--tiers=5");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					abc        | the size must be a number from 0 to 2147483647 but is 'abc'
					-1         | the size must be a number from 0 to 2147483647 but is '-1'
					2147483648 | the size must be a number from 0 to 2147483647 but is '2147483648'
					10 x       | the count must be a number from 0 to 9223372036854775807 but is 'x'
					10 20 30   | '10 20 30' has 3 columns; write a size in bytes, and how often it was requested if not once
					10 9223372036854775807 | The sizes must not add up to more than 4611686018427387904 bytes: divide all counts by the same number
					""")
	void badLineIsNamed(String line, String message) {
		assertThat(run("# sizes\n10\n" + line + "\n")).isEqualTo(2);
		assertThat(this.errors.toString(StandardCharsets.UTF_8))
			.isEqualToIgnoringNewLines("AdviseTiers: Line 3: " + message);
		assertThat(this.out.size()).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					--tiers=0        | '--tiers' must be a number from 1 to 999 but is '0'
					--tiers          | There is no option '--tiers': see --help
					--width=4        | There is no option '--width=4': see --help
					--present=4KB,x  | '--present' must have sizes such as 4096, 64KB or 1MB, below 2GB, but has 'x'
					--maximum=9999999999GB | '--maximum' must have sizes such as 4096, 64KB or 1MB, below 2GB, but has '9999999999GB'
					--pool=A         | 'name' must consist of lower-case letters, digits and dashes but is 'A'
					/no/such/file    | Cannot read the file '/no/such/file'
					/                | Cannot read the file '/'
					""")
	void badArgumentIsNamed(String argument, String message) {
		assertThat(run("10\n", argument)).isEqualTo(2);
		assertThat(this.errors.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("AdviseTiers: " + message);
	}

	@Test
	void noSizesAreNoAdvice() {
		assertThat(run("# nothing\n")).isEqualTo(2);
		assertThat(this.errors.toString(StandardCharsets.UTF_8)).contains("There is no size that a tier could serve");
	}

	@Test
	void nothingButThisProjectIsNeeded() throws Exception {
		String classes = Path.of(AdviseTiers.class.getProtectionDomain().getCodeSource().getLocation().toURI())
			.toString();
		String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
		Process process = new ProcessBuilder(java, "-cp", classes, AdviseTiers.class.getName(), "--present=4KB")
			.redirectErrorStream(true)
			.start();
		try (OutputStream sizes = process.getOutputStream()) {
			sizes.write("3000 5\n".getBytes(StandardCharsets.UTF_8));
		}
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.contains("tiers: 3000B");
		assertThat(process.waitFor()).isZero();
	}

	private int run(String input, String... arguments) {
		return new AdviseTiers(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
				new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.errors, true, StandardCharsets.UTF_8))
			.run(arguments);
	}

}
