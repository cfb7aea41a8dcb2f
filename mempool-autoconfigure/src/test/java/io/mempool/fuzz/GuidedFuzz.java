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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.springframework.boot.logging.LoggingSystem;

/**
 * What Jazzer calls with inputs that it derives from the code they have run.
 */
public final class GuidedFuzz {

	private static final Map<String, Long> outcomes = new TreeMap<>();

	private static FuzzTarget target;

	private GuidedFuzz() {
	}

	public static void fuzzerInitialize() {
		// Refuses all
		LoggingSystem.get(GuidedFuzz.class.getClassLoader()).beforeInitialize();
		target = FuzzTargets.valueOf(System.getProperty("fuzz.target")).create();
	}

	public static void fuzzerTestOneInput(byte[] bytes) throws Exception {
		outcomes.merge(target.run(new FuzzInput(bytes)), 1L, Long::sum);
	}

	public static void fuzzerTearDown() throws Exception {
		target.close();
		write(Path.of(System.getProperty("fuzz.outcomes")));
	}

	private static void write(Path file) throws IOException {
		Files.writeString(file,
				outcomes.entrySet()
					.stream()
					.map((entry) -> entry.getValue() + " " + entry.getKey() + "\n")
					.collect(Collectors.joining()));
	}

}
