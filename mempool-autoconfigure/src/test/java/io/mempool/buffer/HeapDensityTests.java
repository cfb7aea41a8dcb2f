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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much of a limit of 200 MiB a heap of 256 MiB really lends, see {@link HeapDensity}.
 * With {@code -Ddensity} it also prints the table.
 */
@Tag("slow")
class HeapDensityTests {

	private static final int AIM = 175;

	private static final List<String> COLLECTORS = List.of("UseG1GC", "UseZGC", "UseSerialGC", "UseParallelGC");

	private static final List<String> TIERS = List.of("524288", "1048576", "2097152", "4194304", "mix");

	@ParameterizedTest
	@CsvSource({ "UseG1GC, 524288", "UseG1GC, 1048576", "UseG1GC, 2097152", "UseG1GC, 4194304", "UseG1GC, mix",
			"UseZGC, 524288", "UseZGC, 1048576", "UseZGC, 2097152", "UseZGC, 4194304", "UseZGC, mix",
			"UseSerialGC, mix", "UseParallelGC, mix" })
	void poolLendsNearlyItsLimitAndIsThenExhaustedAtFirstAndEverAfter(String collector, String tiers) throws Exception {
		Lent lent = lend(collector, tiers);
		assertThat(lent.failure()).isEmpty();
		assertThat(lent.first()).as("MiB at first").isBetween(AIM, 200);
		assertThat(lent.steady()).as("MiB in the steady state").isBetween(AIM, 200);
	}

	@Test
	@EnabledIfSystemProperty(named = "density", matches = ".*")
	void printTheTable() throws Exception {
		System.out.println("| MiB lent at first, and at least later | " + String.join(" | ", TIERS) + " |");
		System.out.println("| --- |" + " ---: |".repeat(TIERS.size()));
		for (String collector : COLLECTORS) {
			StringBuilder row = new StringBuilder("| ").append(collector).append(" |");
			for (String tiers : TIERS) {
				Lent lent = lend(collector, tiers);
				row.append(' ')
					.append(lent.failure().isEmpty() ? lent.first() + ", " + lent.steady() : "fails")
					.append(" |");
			}
			System.out.println(row);
		}
	}

	private static Lent lend(String collector, String tiers) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
		command.addAll(List.of("-Xmx256m", "-XX:+" + collector, "-cp", System.getProperty("java.class.path"),
				HeapDensity.class.getName(), tiers));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			return new Lent(0, 0, output);
		}
		String[] figures = output.lines().reduce("", (first, last) -> last).split(" ");
		return new Lent(Integer.parseInt(figures[0]), Integer.parseInt(figures[1]), "");
	}

	/**
	 * What was lent.
	 *
	 * @param first MiB at first
	 * @param steady MiB at least, later
	 * @param failure what the program said when it failed
	 */
	private record Lent(int first, int steady, String failure) {

	}

}
