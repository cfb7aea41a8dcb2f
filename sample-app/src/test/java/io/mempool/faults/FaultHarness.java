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

package io.mempool.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.faults.FaultRun.Outcome;

/**
 * Drives faults at servers, and prints what came of each as a table.
 */
public final class FaultHarness {

	private FaultHarness() {
	}

	/**
	 * Run it.
	 * @param args {@code --long}, {@code --only} with parts of the names of faults,
	 * separated by commas, {@code --stack} and {@code --threads}
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		List<String> arguments = List.of(args);
		boolean longRun = arguments.contains("--long");
		String only = value(arguments, "--only", "");
		String stacks = value(arguments, "--stack", "");
		String threads = value(arguments, "--threads", "");
		boolean held = true;
		for (Stack stack : stacks.isEmpty() ? Stack.values() : new Stack[] { Stack.of(stacks) }) {
			for (String kind : threads.isEmpty() ? List.of("platform", "virtual") : List.of(threads)) {
				boolean virtual = kind.equals("virtual");
				if (virtual && !Threads.haveVirtual()) {
					System.err.println("No virtual threads on Java " + Runtime.version().feature());
					continue;
				}
				List<Outcome> outcomes = run(stack, virtual, longRun, only);
				System.out.println(table(stack + ", " + kind + " threads", outcomes));
				held &= !outcomes.isEmpty() && outcomes.stream().allMatch(Outcome::held);
			}
		}
		System.exit(held ? 0 : 1);
	}

	private static String value(List<String> arguments, String name, String otherwise) {
		int index = arguments.indexOf(name);
		return (index >= 0 && index + 1 < arguments.size()) ? arguments.get(index + 1) : otherwise;
	}

	private static List<Outcome> run(Stack stack, boolean virtual, boolean longRun, String only)
			throws IOException, InterruptedException {
		List<Outcome> outcomes = new ArrayList<>();
		try (FaultRun run = new FaultRun(stack, virtual, longRun)) {
			for (Fault fault : Faults.of(stack)) {
				if (isChosen(fault, only)) {
					outcomes.add(report(run.run(fault)));
				}
			}
			if (isChosen(ServerFaults.SHUTDOWN, only)) {
				outcomes.add(report(run.shutdown()));
			}
		}
		return outcomes;
	}

	private static boolean isChosen(Fault fault, String only) {
		return Stream.of(only.split(",")).anyMatch(fault.name()::contains);
	}

	private static Outcome report(Outcome outcome) {
		System.err.printf("%-6s %6d ms %5d times  %s%n", outcome.held() ? "held" : "BROKEN", outcome.millis(),
				outcome.times(), outcome.fault());
		outcome.broken().forEach((broken) -> System.err.println("       " + broken));
		return outcome;
	}

	private static String table(String title, List<Outcome> outcomes) {
		StringBuilder table = new StringBuilder("## " + title + "\n\n| fault | times | must hold | held |\n");
		table.append("| --- | ---: | --- | --- |\n");
		for (Outcome outcome : outcomes) {
			table.append("| ")
				.append(outcome.fault().name())
				.append(" | ")
				.append(outcome.times())
				.append(" | ")
				.append(outcome.fault().holds())
				.append(" | ")
				.append(outcome.held() ? "yes" : "**no**: " + String.join("; ", outcome.broken()).replace("|", "\\|"))
				.append(" |\n");
		}
		return table.toString();
	}

}
