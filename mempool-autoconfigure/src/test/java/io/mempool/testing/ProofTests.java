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

package io.mempool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of steps, suites and flaws says what there is.
 */
class ProofTests {

	private static final Path MODULE = Path.of(System.getProperty("basedir", ""));

	private static final Path TABLE = MODULE.resolve("../.github/PROOF.md");

	private static final String PACKAGES = "java/io/mempool";

	static List<Row> rows() throws IOException {
		return Files.readAllLines(TABLE)
			.stream()
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| step"))
			.map(Row::of)
			.toList();
	}

	private static List<String> tests() throws IOException {
		try (Stream<Path> files = Stream.concat(Files.walk(MODULE.resolve("src/test")),
				Files.walk(MODULE.resolve("src/jcstress")))) {
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("Flaw.java"))
				.map(ProofTests::read)
				.toList();
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void everyFlawHasOneRow() throws IOException {
		assertThat(rows().stream().flatMap((row) -> row.flaws().stream()))
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(Flaw.values()).map(Flaw::name).toList());
	}

	@ParameterizedTest
	@MethodSource("rows")
	void stepIsInTheCode(Row row) {
		String[] step = row.step().split("#");
		assertThat(read(MODULE.resolve("src/main").resolve(PACKAGES).resolve(step[0].replace('.', '/') + ".java")))
			.containsPattern("[\\w>\\]] " + Pattern.quote(step[1]) + "\\(");
	}

	@ParameterizedTest
	@MethodSource("rows")
	void suiteRejectsTheFlawsOfTheRow(Row row) throws IOException {
		List<String> tests = tests();
		List<Pattern> suites = row.suites()
			.stream()
			.map((suite) -> Pattern.compile("\\b" + suite.substring(suite.indexOf('.') + 1) + "\\b"))
			.toList();
		assertThat(row.flaws()).isNotEmpty()
			.allSatisfy((flaw) -> assertThat(tests).as("tests that run %s", flaw)
				.anyMatch((test) -> Pattern.compile("\\b" + flaw + "\\b").matcher(test).find()
						&& suites.stream().anyMatch((suite) -> suite.matcher(test).find())));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void suitesExist(Row row) {
		assertThat(row.suites()).isNotEmpty().allSatisfy((suite) -> {
			String file = PACKAGES + "/" + suite.replace('.', '/') + ".java";
			assertThat(List.of("test", "jcstress"))
				.anyMatch((source) -> Files.exists(MODULE.resolve("src").resolve(source).resolve(file)));
		});
	}

	/**
	 * A row of the table.
	 */
	record Row(String step, List<String> suites, List<String> flaws) {

		static Row of(String line) {
			String[] cells = line.split(" *\\| *");
			return new Row(cells[2].replace("`", ""), List.of(cells[3].replace("`", "").split(", ")),
					List.of(cells[4].split(", ")));
		}

		@Override
		public String toString() {
			return this.step + " " + this.flaws;
		}

	}

}
