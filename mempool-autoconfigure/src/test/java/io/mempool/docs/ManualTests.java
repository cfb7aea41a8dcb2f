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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The manual is a folder of pages. What a page shows of Java is a region of a file that
 * is compiled, often of a test. {@code -Dmanual=write} copies the regions into the pages.
 */
class ManualTests {

	private static final Path INDEX = Path.of("docs", "README.md");

	@Test
	void eachPageOfTheManualShowsJavaAsItIsInAFileThatIsCompiled() throws IOException {
		boolean write = "write".equals(System.getProperty("manual"));
		List<String> stale = new ArrayList<>();
		for (Path page : Snippets.pages()) {
			String written = Files.readString(page);
			String held = Snippets.included(written, isReadme(page) ? Path.of("..") : Path.of(""));
			if (write) {
				Files.writeString(page, held);
			}
			else if (!held.equals(written)) {
				stale.add(page.toString());
			}
		}
		assertThat(stale).as("pages whose snippets differ from their source: -Dmanual=write copies them").isEmpty();
	}

	@Test
	void eachPageOfTheManualIsInItsTableOfContents() throws IOException {
		String contents = Files.readString(INDEX);
		assertThat(Snippets.pages()).filteredOn((page) -> !page.equals(INDEX) && !isReadme(page))
			.allSatisfy((page) -> assertThat(contents).contains("(" + page.getFileName() + ")"));
	}

	@Test
	void eachLinkOfTheManualToAFileLeadsToOne() throws IOException {
		List<String> dead = new ArrayList<>();
		for (Path page : Snippets.pages()) {
			for (String link : Snippets.links(Files.readString(page))) {
				if (!Files.exists(page.resolveSibling(link))) {
					dead.add(page + ": " + link);
				}
			}
		}
		assertThat(dead).isEmpty();
	}

	@Test
	void readmeIsShort() throws IOException {
		assertThat(Files.size(Snippets.README)).isLessThan(12 * 1024);
	}

	private static boolean isReadme(Path page) {
		return page.equals(Snippets.README);
	}

}
