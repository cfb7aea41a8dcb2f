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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Snippets of a page. A block of Java has a line before it that names its source, a file
 * and a region in it: {@code <!-- snippet: src/test/java/Foo.java#region -->}. The region
 * lies between the lines {@code // tag::region[]} and {@code // end::region[]}.
 */
final class Snippets {

	static final Path README = Path.of("..", "README.md");

	private static final String JAVA = "```java\n";

	private static final Pattern BLOCK = Pattern.compile(
			"(?:<!-- snippet: (?<file>[^#\\n]+)#(?<region>[\\w-]+) -->\\n)?```java\\n(?:.*?\\n)??```\\n",
			Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");

	private Snippets() {
	}

	/**
	 * Return the page with each block of Java as its source has it.
	 * @param page the text of the page
	 * @param root the folder in which sources are looked up
	 * @return the page
	 * @throws IOException if a source cannot be read
	 * @throws IllegalArgumentException if a block names no source, or one that has no
	 * such region
	 */
	static String included(String page, Path root) throws IOException {
		Matcher blocks = BLOCK.matcher(page);
		StringBuilder result = new StringBuilder();
		while (blocks.find()) {
			String file = blocks.group("file");
			if (file == null) {
				throw new IllegalArgumentException("no '<!-- snippet: file#region -->' before: " + blocks.group());
			}
			String region = blocks.group("region");
			String source = Files.readString(root.resolve(file));
			blocks.appendReplacement(result, Matcher.quoteReplacement(
					"<!-- snippet: " + file + "#" + region + " -->\n" + JAVA + region(source, region, file) + "```\n"));
		}
		return blocks.appendTail(result).toString();
	}

	/**
	 * Return the files of the project that the page links to.
	 * @param page the text of the page
	 * @return the links, without anchors
	 */
	static List<String> links(String page) {
		return LINK.matcher(page).results().map((link) -> link.group(1)).toList();
	}

	/**
	 * Return the pages of the manual, and README.
	 */
	static List<Path> pages() {
		try (Stream<Path> files = Files.list(Path.of("docs"))) {
			return Stream.concat(Stream.of(README), files)
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String content(Path page) {
		try {
			return Files.readString(page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String region(String source, String region, String file) {
		List<String> lines = new ArrayList<>();
		boolean inside = false;
		boolean ended = false;
		for (String line : source.lines().toList()) {
			if (line.strip().equals("// end::" + region + "[]")) {
				inside = false;
				ended = true;
			}
			if (inside && !line.strip().matches("// (?:tag|end)::.*")) {
				lines.add(line.replace("\t", "    "));
			}
			if (line.strip().equals("// tag::" + region + "[]")) {
				inside = true;
			}
		}
		if (!ended || lines.isEmpty()) {
			throw new IllegalArgumentException(file + " has no region '" + region + "'");
		}
		int indentation = lines.stream()
			.filter((line) -> !line.isBlank())
			.mapToInt((line) -> line.length() - line.stripLeading().length())
			.min()
			.orElse(0);
		return lines.stream()
			.map((line) -> line.isBlank() ? "\n" : line.substring(indentation) + "\n")
			.collect(Collectors.joining());
	}

}
