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

package io.mempool.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.mempool.testing.Forked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Under pressure an application with pools survives what one without them survives, see
 * {@link LiveSet}. With {@code -Dpressure} it also writes the table to that file.
 */
@Tag("slow")
class LiveSetTests {

	private static final int HEAP = 128;

	private static final List<String> COLLECTORS = List.of("Serial", "Parallel", "G1", "Z", "Shenandoah");

	@ParameterizedTest
	@ValueSource(strings = { "Serial", "Parallel", "G1" })
	void applicationWithPoolsKeepsAsMuchAliveAsOneWithout(String collector) throws Exception {
		int without = live(collector, "none");
		assertThat(live(collector, "on")).isGreaterThan(without * 3 / 4);
		assertThat(live(collector, "off")).as("what it is compared with").isLessThan(without * 3 / 4);
	}

	@Test
	void jvmWithoutTheModulesSaysSoAndDoesNothingElse() throws Exception {
		Forked forked = Forked.run(WithoutModules.class, List.of("--limit-modules", "java.base"));
		assertThat(forked.output()).contains("Pools do not notice when the heap is nearly full", "java.management");
		assertThat(forked.exitCode()).isZero();
	}

	@Test
	@EnabledIfSystemProperty(named = "pressure", matches = ".+")
	void writeTheTable() throws Exception {
		StringBuilder table = new StringBuilder(
				"| MiB that are live at most | without pools | with a pool that keeps all "
						+ "| with one that gives back |\n| --- | ---: | ---: | ---: |\n");
		for (String collector : COLLECTORS) {
			table.append("| ").append(collector);
			for (String memory : List.of("none", "off", "on")) {
				table.append(" | ").append(live(collector, memory));
			}
			table.append(" |\n");
		}
		Files.writeString(Path.of(System.getProperty("pressure")), table);
	}

	private static int live(String collector, String memory) throws IOException, InterruptedException {
		Forked forked = Forked.run(LiveSet.class, List.of("-Xmx" + HEAP + "m", "-XX:+Use" + collector + "GC"), memory);
		return forked.output()
			.lines()
			.filter((line) -> line.matches("\\d+"))
			.mapToInt(Integer::parseInt)
			.findFirst()
			.orElseThrow(() -> new AssertionError(forked.output()));
	}

}
