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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

import io.mempool.buffer.BufferPool;
import io.mempool.sample.browser.BrowserPage;
import io.mempool.sample.browser.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the endpoint and its page with hundreds of pools.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ManyPoolsTests {

	private static final int MANY = 500;

	private static final String ROWS = "document.querySelectorAll('.pools tbody tr').length";

	private static final String SHOWN = "document.querySelectorAll('.pools tbody tr, nav:not([hidden]) li').length";

	@TempDir
	private static Path profile;

	private static Chromium chromium;

	private final String endpoint;

	@Autowired
	@Qualifier("many-300")
	private BufferPool one;

	ManyPoolsTests(@LocalServerPort int port) {
		this.endpoint = "http://localhost:" + port + "/actuator/mempool";
	}

	@BeforeAll
	static void startBrowser() throws Exception {
		Optional<Path> executable = Chromium.find();
		if (executable.isPresent()) {
			chromium = Chromium.start(executable.get(), profile);
		}
	}

	@AfterAll
	static void stopBrowser() {
		if (chromium != null) {
			chromium.close();
		}
	}

	private static BrowserPage open() {
		Assumptions.assumeTrue(chromium != null, "no Chromium is installed");
		return chromium.open();
	}

	@DynamicPropertySource
	static void pools(DynamicPropertyRegistry registry) {
		IntStream.range(0, MANY).forEach((i) -> registry.add("mempool.pools.many-%03d.max-idle".formatted(i), () -> 4));
	}

	@Test
	void endpointDescribesEachPoolInAFewKilobytes() throws Exception {
		String json = get("");
		JsonNode pools = JsonMapper.shared().readTree(json).get("pools");
		assertThat(pools.size()).isGreaterThanOrEqualTo(MANY);
		assertThat(json.length() / pools.size()).isLessThan(6 * 1024);
	}

	@Test
	void pageStaysUsable() throws Exception {
		this.one.acquire(100).discard();
		for (int i = 0; i < 3; i++) {
			this.one.acquire(100).release();
		}
		try (BrowserPage page = open()) {
			page.show(1400, 900, "light");
			page.goTo(this.endpoint);
			page.until(SHOWN + " >= " + MANY);
			assertThat(page.text("#filter ~ [role=status]")).matches("(5\\d\\d) of \\1 pools");
			type(page, "y-30");
			assertThat(page.evaluate(SHOWN).asInt()).isEqualTo(10);
			type(page, "MANY-300");
			assertThat(page.evaluate(SHOWN).asInt()).isEqualTo(1);
			page.evaluate("document.querySelector('.pools a').click()");
			page.until("document.querySelector('main h2').innerText === 'many-300'");
			type(page, "no such pool");
			assertThat(page.text("#filter ~ [role=status]")).startsWith("0 of");
			assertThat(page.evaluate(SHOWN).asInt()).isZero();
			assertThat(page.text("main h2")).isEqualTo("many-300");
			assertThat(remembered(page)).isEqualTo("100 of 100, 36 of 100");
			type(page, "");
			assertThat(page.evaluate(SHOWN).asInt()).isGreaterThanOrEqualTo(MANY);
			assertThat(page.complaints()).isEmpty();
		}
	}

	@Test
	void fiftyPoolsHaveRoomOnAPhone() throws Exception {
		try (BrowserPage page = open()) {
			page.changeAnswers("*/actuator/mempool", ManyPoolsTests::fifty);
			for (int width : new int[] { 1400, 400 }) {
				page.show(width, 900, "light");
				page.goTo(this.endpoint);
				page.until(ROWS + " === 50");
				assertThat(page.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
				assertThat(page.inaccessible()).isEmpty();
				page.screenshot(Path.of("target", "page", "fifty-" + width + "-light.png"));
			}
			assertThat(page.evaluate("document.querySelector('.pools tbody tr').getBoundingClientRect().top").asInt())
				.isLessThan(450);
			assertThat(page.complaints()).isEmpty();
		}
	}

	/**
	 * Leave out all but fifty pools.
	 */
	private static String fifty(String json) {
		ObjectNode answer = (ObjectNode) JsonMapper.shared().readTree(json);
		ObjectNode pools = (ObjectNode) answer.get("pools");
		pools.retain(pools.propertyNames().stream().limit(50).toList());
		answer.remove("objects");
		return answer.toString();
	}

	/**
	 * How much the page remembers of the pool that is looked at, and of another one, when
	 * it has heard of 500 a hundred times.
	 */
	private static String remembered(BrowserPage page) {
		return page
			.evaluate(
					"""
							import(document.querySelector('script').src.replace('app.js', 'history.js')).then(({ History }) => {
								const history = new History();
								const names = Array.from({ length: 500 }, (_, i) => `pool-${i}`);
								for (let at = 0; at < 100; at++) {
									history.add({ budget: {}, pools: Object.fromEntries(names.map((name) => [name, { hits: at }])) },
											at, 'pool-7');
								}
								return ['pool-7', 'pool-8'].map((name) => history.levels(({ pools }) => pools[name]?.hits))
									.map((levels) => `${levels.filter((hits) => hits !== null).length} of ${levels.length}`).join(', ');
							})""")
			.asString();
	}

	private static void type(BrowserPage page, String text) {
		page.evaluate("document.querySelector('#filter').value = '%s'; ".formatted(text)
				+ "document.querySelector('#filter').dispatchEvent(new Event('input'))");
	}

	private String get(String path) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(this.endpoint + path)).build(), BodyHandlers.ofString())
			.body();
	}

}
