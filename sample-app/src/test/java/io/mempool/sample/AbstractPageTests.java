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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import io.mempool.sample.browser.BrowserPage;
import io.mempool.sample.browser.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the endpoint in a browser, with a strict policy for what a page may do.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "management.endpoint.mempool.access=unrestricted",
				"management.endpoint.mempool.show-details=always" })
@Import(PageConfiguration.class)
abstract class AbstractPageTests {

	/**
	 * Where pictures of what was tested go, for people to look at.
	 */
	private static final Path PICTURES = Path.of("target", "page");

	@TempDir
	private static Path profile;

	private static Chromium chromium;

	final SampleClient client;

	final String endpoint;

	BrowserPage page;

	AbstractPageTests(int port) {
		this.client = new SampleClient(port);
		this.endpoint = "http://localhost:" + port + "/actuator/mempool";
	}

	@BeforeAll
	static void startBrowser() throws Exception {
		Optional<Path> executable = Chromium.find();
		if (executable.isEmpty()) {
			System.out.println("The page is not tested: no Chromium is installed (Debian package chromium)");
		}
		Assumptions.assumeTrue(executable.isPresent(), "no Chromium is installed");
		chromium = Chromium.start(executable.get(), profile);
	}

	@AfterAll
	static void stopBrowser() {
		if (chromium != null) {
			chromium.close();
		}
	}

	@BeforeEach
	void openPage() {
		this.page = chromium.open();
		this.page.show(1400, 900, "light");
	}

	@AfterEach
	void closePage() {
		this.page.close();
	}

	void goTo(String pool) {
		this.page.goTo(this.endpoint + pool);
		this.page.until("document.querySelector('#state').innerText === 'Live'");
	}

	void everySecond() {
		this.page.evaluate("document.querySelector('#interval').value = '1000';"
				+ "document.querySelector('#interval').dispatchEvent(new Event('change'))");
	}

	/**
	 * Return an expression of what a tile says below its name.
	 */
	static String tile(String name) {
		return "[...document.querySelectorAll('.tile')].find((tile) => tile.innerText.startsWith('%s\\n'))"
			.formatted(name) + ".innerText.substring(%d)".formatted(name.length() + 1);
	}

	/**
	 * Return an expression of the text in a column of a pool's row.
	 */
	static String cell(String pool, String column) {
		return """
				[...document.querySelectorAll('.pools tbody tr')].find((row) => row.querySelector('th').innerText === '%s')
					.querySelector('[data-title="%s"]').innerText"""
			.formatted(pool, column);
	}

	/**
	 * Check what is seen in windows of two widths and in both schemes of colours, and
	 * take pictures.
	 */
	void look(String name) throws IOException {
		assertNothingIsWrong();
		for (int width : new int[] { 1400, 400 }) {
			for (String scheme : List.of("light", "dark")) {
				this.page.show(width, 900, scheme);
				// Until it is laid out and drawn
				this.page.evaluate(
						"new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
				String picture = name + "-" + width + "-" + scheme;
				this.page.screenshot(PICTURES.resolve(picture + ".png"));
				assertThat(this.page.evaluate("document.documentElement.scrollWidth").asInt()).as(picture)
					.isLessThanOrEqualTo(width);
				// Each width and each scheme once
				if (width > 1000 == scheme.equals("light")) {
					assertThat(this.page.inaccessible()).as(picture).isEmpty();
				}
			}
		}
	}

	void assertNothingIsWrong() {
		assertThat(this.page.complaints()).isEmpty();
		Predicate<String> own = (url) -> url.equals(this.endpoint) || url.startsWith(this.endpoint + "/")
				|| url.startsWith(this.endpoint + "#") || url.equals("about:blank");
		assertThat(this.page.requests()).isNotEmpty().allMatch(own);
	}

	JsonNode json(String path) throws Exception {
		return SampleClient.json(this.client.get("/actuator/mempool" + path));
	}

}
