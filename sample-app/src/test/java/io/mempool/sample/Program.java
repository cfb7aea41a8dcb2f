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

package io.mempool.sample;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/**
 * A program that a test needs and not every machine has.
 */
final class Program {

	private static final long TIMEOUT_SECONDS = 30;

	private final Path file;

	private Program(Path file) {
		this.file = file;
	}

	/**
	 * Find a program, or skip the test and say so.
	 * @param name its name
	 * @param debianPackage the package that has it
	 */
	static Program require(String name, String debianPackage) {
		for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
			Path file = Path.of(folder, name);
			if (Files.isExecutable(file)) {
				return new Program(file);
			}
		}
		String reason = "Skipped, as there is no program '" + name + "' on the PATH. Install the Debian package '"
				+ debianPackage + "'";
		System.out.println(reason);
		return Assumptions.abort(reason);
	}

	ProcessBuilder with(List<String> arguments) {
		List<String> command = new ArrayList<>();
		command.add(this.file.toString());
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true);
	}

	/**
	 * Run the program to its end.
	 */
	Result run(String input, String... arguments) throws IOException, InterruptedException {
		Path output = Files.createTempFile("mempool-program-", ".out");
		Process process = with(List.of(arguments)).redirectOutput(output.toFile()).start();
		try {
			process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
			process.getOutputStream().close();
			boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			String text = Files.readString(output);
			return new Result(ended ? process.exitValue() : -1, ended ? text : text + "\nIt did not end.");
		}
		finally {
			process.destroyForcibly();
			Files.deleteIfExists(output);
		}
	}

	/**
	 * What a program said.
	 */
	record Result(int exitCode, String output) {

	}

}
