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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is read from JVMs with other options than this one.
 */
class HeapLayoutIT {

	private static final int MIB = 1024 * 1024;

	@ParameterizedTest
	@CsvSource({ "-XX:+UseG1GC, 2097152", "-XX:+UseZGC, 2097152", "-XX:+UseSerialGC, 1048592",
			"-XX:+UseParallelGC, 1048592" })
	void knowsWhatTheCollectorTakesForOneMebibyte(String option, long footprint) throws Exception {
		assertThat(run(option)).isEqualTo("" + footprint);
	}

	@Test
	void knowsTheHeaderWithoutCompressedClassPointers() throws Exception {
		long header = (Runtime.version().feature() >= 23) ? 20 : 24;
		assertThat(run("-XX:+UseSerialGC", "-XX:-UseCompressedClassPointers"))
			.isEqualTo("" + HeapLayout.align(MIB + header, 8));
	}

	@Test
	void assumesThatArraysLieSideBySideIfTheJvmCannotBeAsked() throws Exception {
		assertThat(run("-XX:+UseG1GC", "--limit-modules", "java.base")).isEqualTo("" + (MIB + 24));
	}

	private static String run(String... options) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
		command.add("-Xmx256m");
		command.addAll(List.of(options));
		command.addAll(List.of("-cp",
				Stream.of(HeapLayout.class, HeapLayoutIT.class)
					.map((type) -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
					.collect(Collectors.joining(":")),
				Ask.class.getName()));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output.lines().reduce("", (first, last) -> last);
	}

	/**
	 * The program.
	 */
	public static final class Ask {

		public static void main(String[] args) {
			System.out.println(HeapLayout.current().footprint(MIB));
		}

	}

}
