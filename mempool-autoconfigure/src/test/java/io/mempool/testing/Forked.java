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

package io.mempool.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the tests that ran in a virtual machine of its own.
 *
 * @param exitCode its exit code
 * @param output what it printed, errors included
 */
public record Forked(int exitCode, String output) {

	private static final String CLASS_PATH = System.getProperty("java.class.path");

	/**
	 * Run a program to its end.
	 * @param main its class
	 * @param options options of the virtual machine
	 * @param arguments its arguments
	 */
	public static Forked run(Class<?> main, List<String> options, String... arguments)
			throws IOException, InterruptedException {
		return run(CLASS_PATH, main, options, arguments);
	}

	/**
	 * Run a program to its end, with classes that replace those of this project.
	 * @param directory where these classes are, see {@link Flaw#compileTo}
	 * @param main its class
	 * @param options options of the virtual machine
	 * @param arguments its arguments
	 */
	public static Forked run(Path directory, Class<?> main, List<String> options, String... arguments)
			throws IOException, InterruptedException {
		return run(directory + File.pathSeparator + CLASS_PATH, main, options, arguments);
	}

	private static Forked run(String classPath, Class<?> main, List<String> options, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Forked(process.waitFor(), output);
	}

}
