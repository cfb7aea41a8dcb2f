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

package io.mempool.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a plan and reports. Whatever follows the name of the plan is given to the harness
 * as it is: {@code jmh PairBenchmark -prof gc} for a look of one's own.
 */
public final class BenchmarkRun {

	private static final Path RESULTS = Path.of("src/jmh/results");

	private BenchmarkRun() {
	}

	/**
	 * Run a plan.
	 * @param args the name of the plan, or {@code jmh} and arguments of the harness
	 */
	public static void main(String[] args) throws Exception {
		List<String> words = List.of(String.join(" ", args).trim().split("\\s+"));
		if (words.get(0).equals("jmh")) {
			org.openjdk.jmh.Main.main(words.subList(1, words.size()).toArray(new String[0]));
			return;
		}
		Plan plan = Plan.of(words.get(0));
		List<Cell> cells = plan.cells();
		List<Map<Cell, Measurement>> rounds = new ArrayList<>();
		for (int round = 1; round <= plan.rounds(); round++) {
			System.out.println("Round " + round + " of " + plan.rounds() + ": " + cells.size() + " measurements");
			Map<Cell, Measurement> measurements = new LinkedHashMap<>();
			for (Cell cell : cells) {
				measurements.put(cell, plan.harness().measure(cell));
			}
			rounds.add(measurements);
			// Each time, so that a long run may be ended early
			report(plan, rounds);
		}
	}

	private static void report(Plan plan, List<Map<Cell, Measurement>> rounds) throws IOException {
		if (plan.name().equals("smoke")) {
			System.out.println("All " + rounds.get(0).size() + " can be measured");
			return;
		}
		String report = new Report(plan, rounds).toString();
		System.out.println(report);
		if (plan.isKept()) {
			Files.createDirectories(RESULTS);
			Files.writeString(RESULTS.resolve(plan.file()), report);
		}
	}

}
