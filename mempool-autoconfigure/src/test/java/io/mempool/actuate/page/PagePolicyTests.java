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

package io.mempool.actuate.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps markup in names, routes and stacks from running: the policy of the page, and
 * scripts that make no markup of text.
 */
class PagePolicyTests {

	private static final Path FILES = Path.of("src/main/resources/io/mempool/actuate/page/files");

	private static String index() throws IOException {
		return Files.readString(FILES.resolve("index.html"));
	}

	private static List<Path> scripts() throws IOException {
		try (Stream<Path> files = Files.list(FILES)) {
			return files.filter((file) -> file.toString().endsWith(".js")).toList();
		}
	}

	@Test
	void policyAllowsFilesOfTheEndpointAndNothingElse() throws IOException {
		assertThat(index()).contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
				+ "script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
				+ "form-action 'none'\">");
	}

	@Test
	void policyComesBeforeAnythingThatIsLoaded() throws IOException {
		assertThat(index().indexOf("Content-Security-Policy")).isLessThan(index().indexOf("<link"))
			.isLessThan(index().indexOf("<script"));
	}

	@Test
	void pageHasNothingInlineThatThePolicyWouldRefuse() throws IOException {
		assertThat(index()).doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:")
			.doesNotContainPattern("<script(?![^>]*\\ssrc=)");
	}

	@Test
	void scriptsMakeNoMarkupAndNoCodeOfText() throws IOException {
		assertThat(scripts()).hasSizeGreaterThan(20)
			.allSatisfy((script) -> assertThat(Files.readString(script)).as(script.toString())
				.doesNotContainPattern(
						"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\\.write"
								+ "|DOMParser|srcdoc|\\beval\\(|new Function|setAttribute\\(\\s*['\"](style|on)"));
	}

	@Test
	void scriptsOnlyReadFromTheEndpoint() throws IOException {
		assertThat(scripts()).allSatisfy((script) -> assertThat(Files.readString(script)).as(script.toString())
			.doesNotContainPattern("method:|XMLHttpRequest|sendBeacon|WebSocket"));
	}

}
