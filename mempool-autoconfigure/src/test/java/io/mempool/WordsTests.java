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

package io.mempool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code, messages and manuals are written for engineers whose first language may not be
 * English: threads, callers and owners are nouns there.
 */
class WordsTests {

	private static final Path PROJECT = Path.of("..");

	private static final Set<String> EXTENSIONS = Set.of("java", "js", "html", "md", "yml", "xml", "properties",
			"json");

	// In sentences, and in names such as poolThat...Uses
	private static final Pattern PRONOUNS = Pattern.compile(
			"\\b(?:[Ww]ho|[Ww]hom|[Ww]hoever|[Ss]omebody|[Nn]obody|[Ee]verybody)\\b|[a-z](?:Who(?:ever|m)?(?=[A-Z(])"
					+ "|(?:Some|No|Every)body(?![a-z]))");

	@Test
	void noSentenceAndNoNameHasAPersonForAThreadACallerOrAnOwner() throws IOException {
		try (Stream<Path> files = texts()) {
			assertThat(files.flatMap(WordsTests::pronouns)).isEmpty();
		}
	}

	@Test
	void textsAreFound() throws IOException {
		try (Stream<Path> files = texts()) {
			assertThat(files.map((file) -> PROJECT.relativize(file).toString().replace('\\', '/')))
				.contains("README.md", ".github/CONTRIBUTING.md", "sample-app/src/main/resources/application.yml")
				.anyMatch((file) -> file.endsWith("/engine/Slot.java"));
		}
	}

	private static Stream<Path> texts() throws IOException {
		List<Path> texts = new ArrayList<>();
		Files.walkFileTree(PROJECT, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
				return (folder.endsWith("target") || folder.endsWith(".git")) ? FileVisitResult.SKIP_SUBTREE
						: FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (EXTENSIONS.contains(extension(file)) && !file.endsWith("WordsTests.java")) {
					texts.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

			// Other tests leave files of the JVM here for a moment
			@Override
			public FileVisitResult visitFileFailed(Path file, IOException failure) {
				return FileVisitResult.CONTINUE;
			}

		});
		return texts.stream();
	}

	private static String extension(Path file) {
		String name = file.getFileName().toString();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private static Stream<String> pronouns(Path file) {
		try {
			List<String> lines = Files.readAllLines(file);
			return IntStream.range(0, lines.size())
				.filter((i) -> PRONOUNS.matcher(lines.get(i)).find())
				.mapToObj((i) -> PROJECT.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
