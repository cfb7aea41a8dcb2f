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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures one cell in a virtual machine of its own.
 *
 * @param warmups how many warm-up iterations
 * @param iterations how many measured ones
 * @param millis how long each takes
 */
record Harness(int warmups, int iterations, int millis) {

	Measurement measure(Cell cell) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder()
			.include("\\b" + cell.benchmark().replace(".", "\\.") + (cell.benchmark().contains(".") ? "$" : "\\."))
			.threads(cell.threads())
			.forks(1)
			.warmupIterations(this.warmups)
			.warmupTime(TimeValue.milliseconds(this.millis))
			.measurementIterations(this.iterations)
			.measurementTime(TimeValue.milliseconds(this.millis))
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT)
			.jvmArgs(jvmArguments(cell).toArray(new String[0]));
		if (cell.benchmark().equals(HandOffBenchmark.class.getSimpleName())) {
			options.threadGroups(1, 1);
			options.threads(2);
		}
		if (!cell.subject().isEmpty()) {
			options.param("subject", cell.subject());
		}
		if (cell.size() > 0) {
			options.param("size", String.valueOf(cell.size()));
		}
		Collection<RunResult> results = new Runner(options.build()).run();
		if (results.size() != 1) {
			throw new IllegalStateException(cell + " is not one benchmark but " + results.size());
		}
		return measurement(results.iterator().next());
	}

	private static List<String> jvmArguments(Cell cell) {
		List<String> arguments = new ArrayList<>(
				List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=2g"));
		// What Netty asks for in order to be at its best
		arguments.add("-Dio.netty.leakDetection.level=disabled");
		arguments.add("-Dio.netty.tryReflectionSetAccessible=true");
		arguments.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
		arguments.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
		if (Runtime.version().feature() >= 24) {
			arguments.add("--enable-native-access=ALL-UNNAMED");
			arguments.add("--sun-misc-unsafe-memory-access=allow");
		}
		if (cell.subject().endsWith("-fast-threads")) {
			arguments.add("-Djmh.executor=CUSTOM");
			arguments.add("-Djmh.executor.class=" + FastThreads.class.getName());
		}
		return arguments;
	}

	private static Measurement measurement(RunResult result) {
		Map<String, Result> secondary = result.getSecondaryResults();
		Result<?> bytes = secondary.get("gc.alloc.rate.norm");
		// One iteration that the machine disturbed says nothing about the others
		double nanos = result.getPrimaryResult().getStatistics().getPercentile(50);
		double cpu = median(result, "cpuNanos", "operations");
		double theirs = Double.isNaN(cpu) ? median(result, "theirs", "pairs") : cpu;
		return new Measurement(Double.isNaN(theirs) ? nanos : theirs, (bytes != null) ? bytes.getScore() : Double.NaN,
				median(result, "hitRates", "batches"), median(result, "ours", "pairs"));
	}

	// Of what the iterations counted, each by itself
	private static double median(RunResult result, String sum, String count) {
		return Measurement.median(result.getBenchmarkResults()
			.stream()
			.flatMap((fork) -> fork.getIterationResults().stream())
			.map(IterationResult::getSecondaryResults)
			.mapToDouble((counts) -> counts.containsKey(sum) ? counts.get(sum).getScore() / counts.get(count).getScore()
					: Double.NaN));
	}

}
