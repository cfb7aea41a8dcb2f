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

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.mempool.testing.Forked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Limits, budgets and figures count what memory really takes, see {@link HonestBytes}.
 */
class HonestBytesTests {

	private static String output;

	private static Map<String, String> results;

	@BeforeAll
	static void runAll() throws Exception {
		Forked program = Forked.run(HonestBytes.class,
				List.of("-Xmx256m", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m", "-XX:TieredStopAtLevel=1"));
		output = program.output();
		results = output.lines()
			.filter((line) -> line.contains(": "))
			.collect(Collectors.toMap((line) -> line.substring(0, line.indexOf(": ")),
					(line) -> line.substring(line.indexOf(": ") + 2), (first, second) -> second));
	}

	@ParameterizedTest
	@EnumSource
	void holds(HonestBytes claim) {
		assertThat(results).as(output).containsEntry(claim.name(), "holds");
	}

}
