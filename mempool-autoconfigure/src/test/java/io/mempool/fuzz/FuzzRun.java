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

package io.mempool.fuzz;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs Jazzer with each target in a virtual machine of its own, and writes into
 * {@code src/jmh/results} what was run. What Jazzer keeps stays in {@code target/fuzz}
 * for the next run. Arguments: how many inputs, and which targets, all of them if none is
 * named.
 */
public final class FuzzRun {

	private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";

	// Of which Jazzer knows what it has run
	private static final String CODE = "io.mempool.**";

	// No branch of the last depends on an input, and it runs most often
	private static final String OTHERS = "io.mempool.fuzz.**:io.mempool.testing.**:io.mempool.engine.StackReserve";

	// Targets connect to servers of their own, which Jazzer takes for a finding otherwise
	private static final String MAY_CONNECT = "JAZZER_SSRF_PERMISSIVE_UNTIL_CONFIGURED";

	private static final Pattern PROGRESS = Pattern.compile("#\\d+\\s+DONE\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/.*");

	private final int inputs;

	private final Path folder = Path.of("target/fuzz");

	private FuzzRun(int inputs) {
		this.inputs = inputs;
	}

	public static void main(String[] args) throws Exception {
		FuzzRun run = new FuzzRun(Integer.parseInt(args[0]));
		List<String> named = (args.length > 1 && !args[1].isBlank()) ? Arrays.asList(args[1].split(",")) : List.of();
		for (FuzzTargets target : FuzzTargets.values()) {
			if (named.isEmpty() || named.contains(target.folder())) {
				run.run(target);
			}
		}
	}

	private void run(FuzzTargets target) throws IOException, InterruptedException {
		Path own = this.folder.resolve(target.folder());
		Path corpus = Files.createDirectories(own.resolve("corpus"));
		Path seeds = Files.createDirectories(own.resolve("seeds"));
		List<byte[]> kept = target.kept();
		for (int i = 0; i < kept.size(); i++) {
			Files.write(seeds.resolve("kept-" + i), kept.get(i));
		}
		Path log = own.resolve("log.txt");
		Path outcomes = own.resolve("outcomes.txt");
		Files.deleteIfExists(outcomes);
		long start = System.nanoTime();
		ProcessBuilder builder = new ProcessBuilder(command(target, own, outcomes, corpus, seeds));
		builder.environment().put(MAY_CONNECT, "true");
		Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
		int exitCode = process.waitFor();
		long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
		if (exitCode != 0) {
			report(own, log);
			throw new IllegalStateException("The target '" + target.folder() + "' has found a fault: see " + log);
		}
		Count count = Count.of(log, outcomes, seconds);
		System.out.println(target.folder() + ": " + count);
		write(target, count);
	}

	private List<String> command(FuzzTargets target, Path own, Path outcomes, Path corpus, Path seeds) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx1g", "-XX:+EnableDynamicAgentLoading", "-XX:-PrintWarnings"));
		if (Runtime.version().feature() >= 22) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-Dfuzz.target=" + target.name(), "-Dfuzz.outcomes=" + outcomes,
				"-Dfuzz.sample=" + Math.max(1000, this.inputs / 200), "-cp", System.getProperty("java.class.path")));
		command.addAll(List.of(JAZZER, "--target_class=" + GuidedFuzz.class.getName(),
				"--instrumentation_includes=" + CODE, "--instrumentation_excludes=" + OTHERS,
				"--custom_hook_includes=" + CODE, "--trace=cov:cmp:div:gep", "--reproducer_path=" + own));
		command.addAll(List.of("-artifact_prefix=" + own + File.separator, "-runs=" + this.inputs, "-max_len=512",
				"-timeout=120", "-print_final_stats=1", corpus.toString(), seeds.toString()));
		return command;
	}

	private static void report(Path own, Path log) throws IOException {
		try (Stream<String> lines = Files.lines(log); Stream<Path> files = Files.list(own)) {
			lines.filter((line) -> !line.startsWith("#")).limit(100).forEach(System.err::println);
			for (Path file : files.filter((path) -> path.getFileName().toString().matches("(crash|timeout)-.*"))
				.sorted(Comparator.comparing((path) -> path.toFile().lastModified()))
				.toList()) {
				System.err.println("Keep it as " + HexFormat.of().formatHex(Files.readAllBytes(file)));
			}
		}
	}

	/**
	 * Replace the row of a target, and leave those of the others.
	 */
	private void write(FuzzTargets target, Count count) throws IOException {
		Path file = Path.of("src/jmh/results/fuzz-jdk-" + Runtime.version().feature() + ".md");
		Map<String, String> rows = new TreeMap<>();
		if (Files.exists(file)) {
			Files.readAllLines(file)
				.stream()
				.filter((line) -> line.startsWith("| `"))
				.forEach((line) -> rows.put(line.split("`")[1], line));
		}
		rows.put(target.folder(), count.row(target));
		StringBuilder text = new StringBuilder();
		text.append("# What the fuzz targets have run, JDK ").append(Runtime.version().feature()).append("\n\n");
		text.append("Written by `mvn -Dfuzz=1000000 -pl mempool-autoconfigure integration-test`, on ")
			.append(Runtime.getRuntime().availableProcessors())
			.append(" processors, with Jazzer ")
			.append(System.getProperty("jazzer.version", ""))
			.append(" and\n")
			.append(System.getProperty("java.vm.name"))
			.append(' ')
			.append(System.getProperty("java.version"))
			.append(". Each row is one run, which ends at the first fault: a row has found none.\n");
		text.append("Edges are the places of this project's code that a run has passed through, features those with "
				+ "how often;\nkept is how many inputs do something that no other does. Faults are those that the target "
				+ "has found since it is\nthere: they are mended, and have tests of their own.\n\n");
		text.append("| target | date | inputs | seconds | edges | features | kept | faults found | outcomes |\n"
				+ "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
		rows.values().forEach((row) -> text.append(row).append('\n'));
		text.append("\n## Faults that were found\n\n");
		for (FuzzTargets each : FuzzTargets.values()) {
			each.found()
				.forEach((fault) -> text.append("- `").append(each.folder()).append("`: ").append(fault).append('\n'));
		}
		Files.writeString(file, text);
	}

	/**
	 * What a run has done.
	 */
	private record Count(long inputs, long seconds, String edges, String features, String kept, String outcomes) {

		static Count of(Path log, Path outcomes, long seconds) throws IOException {
			Matcher last = null;
			for (String line : Files.readAllLines(log)) {
				Matcher matcher = PROGRESS.matcher(line);
				last = matcher.matches() ? matcher : last;
			}
			if (last == null) {
				throw new IllegalStateException("The run has not ended: see " + log);
			}
			long inputs = 0;
			List<String> words = new ArrayList<>();
			for (String line : Files.readAllLines(outcomes)) {
				String[] parts = line.split(" ", 2);
				inputs += Long.parseLong(parts[0]);
				words.add(parts[1] + " " + number(Long.parseLong(parts[0])));
			}
			return new Count(inputs, seconds, last.group(1), last.group(2), last.group(3), String.join(", ", words));
		}

		private static String number(long value) {
			return String.format(Locale.ROOT, "%,d", value);
		}

		String row(FuzzTargets target) {
			return "| `" + target.folder() + "` | " + LocalDate.now() + " | " + number(this.inputs) + " | "
					+ number(this.seconds) + " | " + this.edges + " | " + this.features + " | " + this.kept + " | "
					+ target.found().size() + " | " + this.outcomes + " |";
		}

	}

}
