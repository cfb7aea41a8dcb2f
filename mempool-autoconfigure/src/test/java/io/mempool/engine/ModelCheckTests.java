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

package io.mempool.engine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.mempool.testing.Flaw;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the engine by a model checker.
 *
 * @see ModelCheck
 */
@Tag("slow")
class ModelCheckTests {

	private static final String CLASS_PATH = System.getProperty("java.class.path");

	@ParameterizedTest
	@EnumSource
	void everyScheduleHasAResultThatOneThreadCouldHaveHad(ModelCheck check) throws Exception {
		Outcome outcome = run(check, CLASS_PATH);
		assertThat(outcome.exitCode()).as(outcome.output()).isZero();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			LOST_RELEASE_STORE, PLACED_BLOCKS
			DOUBLE_PUT, FREE_LIST
			DOUBLE_PUT, PLACED_BLOCKS
			OFF_BY_ONE_CAP, DISPLACED_BLOCKS
			RECYCLED_HANDLE, DISPLACED_BLOCKS
			DOUBLE_RELEASE, PLACED_BLOCKS
			LOST_WAKE_UP, WAITING
			UNPROVEN_REFUSAL, FREE_LIST
			PUSHED_OVER, RING
			POPPED_TWICE, RING
			EMPTIED_AT_THE_END, SCOPE
			""")
	void brokenEngineIsRejected(Flaw flaw, ModelCheck check, @TempDir Path directory) throws Exception {
		flaw.compileTo(directory);
		Outcome outcome = run(check, directory + File.pathSeparator + CLASS_PATH);
		assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(ModelCheck.REJECTED);
	}

	private static Outcome run(ModelCheck check, String classPath) throws IOException, InterruptedException {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		// Too short a life for the optimizing compiler, which would take a processor
		Process process = new ProcessBuilder(List.of(java.toString(), "-Xmx512m", "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-XX:+EnableDynamicAgentLoading", "--add-opens", "java.base/java.lang=ALL-UNNAMED",
				"--add-exports", "java.base/jdk.internal.util=ALL-UNNAMED", "-cp", classPath,
				ModelCheck.class.getName(), check.name()))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Outcome(process.waitFor(), output);
	}

	/**
	 * How the JVM of a check ended.
	 */
	private record Outcome(int exitCode, String output) {

	}

}
