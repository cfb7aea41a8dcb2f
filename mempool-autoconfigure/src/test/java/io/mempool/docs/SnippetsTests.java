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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SnippetsTests {

	@TempDir
	Path root;

	@BeforeEach
	void source() throws IOException {
		Files.writeString(this.root.resolve("Foo.java"), """
				class Foo {
					// tag::method[]
					int foo() {

						return 1;
					}
					// end::method[]
				}
				""");
	}

	@Test
	void aBlockIsReplacedByItsRegionWithoutTheIndentationOfTheSource() throws IOException {
		assertThat(Snippets.included("""
				Text
				<!-- snippet: Foo.java#method -->
				```java
				int old();
				```
				More
				""", this.root)).isEqualTo("""
				Text
				<!-- snippet: Foo.java#method -->
				```java
				int foo() {

				    return 1;
				}
				```
				More
				""");
	}

	@Test
	void anEmptyBlockIsFilled() throws IOException {
		assertThat(Snippets.included("<!-- snippet: Foo.java#method -->\n```java\n```\n", this.root))
			.contains("int foo()");
	}

	@Test
	void aBlockWithoutASourceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Snippets.included("```java\nint a;\n```\n", this.root))
			.withMessageContaining("int a;");
	}

	@Test
	void aRegionThatDoesNotExistIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Snippets.included("<!-- snippet: Foo.java#other -->\n```java\n```\n", this.root))
			.withMessage("Foo.java has no region 'other'");
	}

	@Test
	void linksToFilesAreFoundAndThoseToTheWebAreNot() {
		assertThat(Snippets.links("[a](objects.md#x) [b](https://example.org) [c](#d) ![e](../f.png)"))
			.containsExactly("objects.md", "../f.png");
	}

}
