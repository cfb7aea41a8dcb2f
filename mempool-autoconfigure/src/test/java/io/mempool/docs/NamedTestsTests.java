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

package io.mempool.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each test that the manual names exists.
 */
class NamedTestsTests {

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(?:#(\\w+))?`");

	@Test
	void eachTestThatTheManualNamesExists() throws IOException {
		Map<String, String> sources = sources();
		List<MatchResult> named = Snippets.pages().stream().flatMap(NamedTestsTests::named).toList();
		assertThat(named).hasSizeGreaterThan(100)
			.allSatisfy((test) -> assertThat(sources.getOrDefault(test.group(1), "")).as(test.group())
				.contains((test.group(2) != null) ? "void " + test.group(2) + "(" : "class " + test.group(1)));
	}

	private static Stream<MatchResult> named(Path page) {
		return TEST.matcher(Snippets.content(page)).results();
	}

	private static Map<String, String> sources() throws IOException {
		Path tests = Path.of("src", "test", "java");
		try (Stream<Path> own = Files.walk(tests);
				Stream<Path> ofSample = Files.walk(Path.of("..", "sample-app").resolve(tests))) {
			return Stream.concat(own, ofSample)
				.filter((file) -> file.toString().endsWith("Tests.java"))
				.collect(Collectors.toMap((file) -> file.getFileName().toString().replace(".java", ""),
						Snippets::content, String::concat));
		}
	}

}
