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

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.sample.browser.BrowserPage;
import io.mempool.sample.browser.Chromium;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of the endpoint, in a browser, under load, with a strict policy for
 * what a page may do.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class MempoolPageTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int TAB = 9;

	private static final int ENTER = 13;

	@TempDir
	private static Path profile;

	private static Chromium chromium;

	private final SampleClient client;

	private final String endpoint;

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	private BrowserPage page;

	MempoolPageTests(@LocalServerPort int port) {
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

	@Test
	void figuresAreThoseOfTheJson() throws Exception {
		goTo("#/uploads");
		everySecond();
		try (Load load = new Load()) {
			this.page.until("parseInt(document.querySelector('.tile .value').innerText) > 0");
			this.page.until(series("Hits per second") + ".some((value) => Number(value) > 0)");
			assertThat(load.failure()).isNull();
		}
		List<PooledBuffer> held = List.of(this.uploads.acquire(1), this.uploads.acquire(5000));
		try {
			this.page.until(tile("Leased") + ".startsWith('2')");
			await("hits", "misses", "oversized", "returned", "discarded", "exhausted", "leaked", "doubleReleases",
					"peakLeased");
			JsonNode pool = json("/uploads");
			assertThat(this.page.text("[href='#/uploads'] .note")).contains("2 leased");
			assertThat(this.page.evaluate(tile("Memory")).asString()).contains("68 KiB leased");
			assertThat(pool.get("leasedBytes").asInt()).isEqualTo(68 * 1024);
		}
		finally {
			held.forEach(PooledBuffer::close);
		}
		this.page.until(tile("Leased") + ".startsWith('0')");
		assertNothingIsWrong();
	}

	/**
	 * Wait until the page shows what the JSON says.
	 */
	private void await(String... figures) throws Exception {
		JsonNode pool = json("/uploads");
		for (String figure : figures) {
			String expected = NumberFormat.getInstance(Locale.ENGLISH).format(pool.get(figure).asLong());
			this.page
				.until("document.querySelector('[data-figure=%s]').innerText === '%s'".formatted(figure, expected));
		}
	}

	@Test
	void tierIsShownByItself() throws Exception {
		goTo("#/uploads/65536");
		assertThat(this.page.text("main h2")).isEqualTo("uploads, tier of 64 KiB");
		int maxIdle = json("/uploads").at("/tiers/1/maxIdle").asInt();
		assertThat(this.page.evaluate(tile("Idle")).asString()).contains(" / " + maxIdle);
		assertNothingIsWrong();
	}

	@Test
	void poolOfObjectsIsShown() throws Exception {
		this.client.send("POST", "/api/gzip", BodyPublishers.ofString("content"));
		goTo("#/deflaters");
		assertThat(this.page.text("main h2")).isEqualTo("deflaters");
		this.page.until("document.querySelector('[data-figure=misses]').innerText !== '0'");
		assertThat(this.page.evaluate(tile("Idle")).asString()).contains(" / 16");
		assertNothingIsWrong();
	}

	@ParameterizedTest
	@CsvSource({ "400, light", "400, dark", "1400, light", "1400, dark" })
	void everythingHasRoomAndIsDrawn(int width, String scheme) throws Exception {
		this.client.send("POST", "/api/echo", BodyPublishers.ofByteArray(SampleClient.bytes(100_000)));
		this.page.show(width, 900, scheme);
		goTo("#/uploads");
		this.page.until("document.querySelectorAll('canvas').length >= 5");
		assertThat(this.page.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
		assertThat(this.page.evaluate("""
				[...document.querySelectorAll('main > *, .card')].filter((element) => element.offsetParent
					&& element.getBoundingClientRect().right > document.documentElement.clientWidth)
					.map((element) => element.className)""")).isEmpty();
		this.page.until("""
				[...document.querySelectorAll('canvas')].every((canvas) => canvas.getContext('2d')
					.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0))""");
		assertThat(this.page.evaluate("getComputedStyle(document.body).backgroundColor").asString())
			.matches(scheme.equals("dark") ? "rgb\\((\\d{1,2}, ?){2}\\d{1,2}\\)" : "rgb\\((2\\d\\d, ?){2}2\\d\\d\\)");
		assertNothingIsWrong();
	}

	@Test
	void everythingCanBeReachedByKeyboard() {
		goTo("#/uploads");
		List<String> reached = new ArrayList<>();
		for (String element = tab(); !element.isEmpty() && reached.size() < 100; element = tab()) {
			reached.add(element);
		}
		assertThat(reached).startsWith("Skip to the pool", "select interval", "Pause")
			.contains("link #/uploads", "link #/deflaters", "link #/uploads/65536", "Table");
		assertNothingIsWrong();
	}

	/**
	 * Go to the next element, which must show that it has the focus.
	 */
	private String tab() {
		this.page.press("Tab", TAB);
		return this.page.evaluate("""
				(() => {
					const element = document.activeElement;
					if (element === document.body) {
						return '';
					}
					if (getComputedStyle(element).outlineStyle === 'none') {
						return 'nothing to be seen: ' + element.outerHTML;
					}
					const link = element.getAttribute('href');
					return link?.startsWith('#/') ? `link ${link}` : element.id === 'interval' ? 'select interval'
						: (element.innerText || element.getAttribute('aria-label')).split('\\n')[0];
				})()""").asString();
	}

	@Test
	void keysChooseAndPauseWithoutLosingTheFocus() {
		goTo("#/uploads");
		everySecond();
		this.page.evaluate("document.querySelector('[href=\"#/digests\"]').focus()");
		this.page.press("Enter", ENTER);
		this.page.until("document.querySelector('main h2').innerText === 'digests'");
		this.page.evaluate("document.querySelector('#pause').focus()");
		this.page.press("Enter", ENTER);
		assertThat(this.page.text("#state")).isEqualTo("Paused");
		assertThat(this.page.text("#pause")).isEqualTo("Resume");
		int asked = this.page.requests().size();
		this.page.press("Enter", ENTER);
		this.page.until("document.querySelector('#state').innerText === 'Live'");
		this.page.until("performance.getEntriesByType('resource').length > 20");
		assertThat(this.page.requests()).hasSizeGreaterThan(asked);
		assertThat(this.page.evaluate("document.activeElement.id").asString()).isEqualTo("pause");
	}

	@Test
	void serverThatGoesAwayIsToldAndComesBack() {
		goTo("#/uploads");
		everySecond();
		this.page.setOffline(true);
		this.page.until("document.querySelector('#state').innerText === 'Not reachable'");
		assertThat(this.page.text("#trouble")).startsWith("The server does not answer. Nothing is known since ");
		this.page.setOffline(false);
		this.page.until("document.querySelector('#state').innerText === 'Live'");
		assertThat(this.page.text("#trouble")).isEmpty();
	}

	@Test
	void poolThatIsNotThereIsTold() {
		goTo("#/nothing");
		assertThat(this.page.text("main")).startsWith("There is no pool 'nothing' now.");
		assertThat(this.page.text("nav")).contains("uploads");
	}

	@Test
	void leaksAdviceAndWorthAreShownAsTheyAreWritten() {
		String hostile = "<img src=x onerror=alert(1)>";
		this.page.changeAnswers("*/actuator/mempool/uploads", (json) -> {
			ObjectNode details = (ObjectNode) JSON.readTree(json);
			details.setAll((ObjectNode) JSON.readTree(
					"""
							{ "leakDetection": "advanced",
							  "requestedSizes": [ { "from": 4097, "to": 4352, "count": 9000 },
							                      { "from": 2097152, "to": 2228223, "count": 1000 } ],
							  "advice": { "requests": 10000,
							    "now": { "tiers": [ { "size": 65536, "maxIdle": 16 } ], "wastedBytes": 1048576, "wastedPercent": 31.2 },
							    "advised": { "tiers": [ { "size": 4352, "maxIdle": 8 } ], "wastedBytes": 1024, "wastedPercent": 7.9 },
							    "yaml": "mempool:\\n  pools: %1$s\\n" },
							  "worth": [ { "tier": 4096, "bytesSaved": 2048, "leaseNanos": 16, "allocationNanos": 13,
							               "warning": "not worth it %1$s" } ],
							  "leaks": [ { "kind": "collected", "size": 65536, "count": 3, "ageMillis": 1200,
							               "work": "POST /api/%1$s", "id": "17", "thread": "%1$s",
							               "firstSeen": "2026-01-01T00:00:00Z", "lastSeen": "2026-01-01T00:00:01Z",
							               "stack": [ "Some.method(Some.java:1)", "%1$s" ] } ] }
							"""
						.formatted(hostile)));
			return JSON.writeValueAsString(details);
		});
		goTo("#/uploads");
		this.page.until("document.querySelector('main').innerText.includes('POST /api/" + hostile + "')");
		this.page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)");
		assertThat(this.page.text("main")).contains("31.2 %", "7.9 %", "10,000 requests",
				"mempool:\n  pools: " + hostile, "not worth it " + hostile, "collected unreleased",
				"Some.method(Some.java:1)");
		this.page.until("document.querySelector('main').innerText.includes('4,097 – 4,352')");
		assertThat(this.page.text("main")).contains("2,097,152 – 2,228,223");
		assertThat(this.page.evaluate("document.querySelectorAll('main img').length").asInt()).isZero();
		assertThat(this.page.evaluate("""
				(async () => {
					let copied;
					navigator.clipboard.writeText = async (text) => copied = text;
					[...document.querySelectorAll('button')].find((button) => button.innerText === 'Copy YAML').click();
					await new Promise((resolve) => setTimeout(resolve));
					return copied;
				})()""").asString()).isEqualTo("mempool:\n  pools: " + hostile + "\n");
		assertNothingIsWrong();
	}

	private void goTo(String pool) {
		this.page.goTo(this.endpoint + pool);
		this.page.until("document.querySelector('#state').innerText === 'Live'");
	}

	private void everySecond() {
		this.page.evaluate("document.querySelector('#interval').value = '1000';"
				+ "document.querySelector('#interval').dispatchEvent(new Event('change'))");
	}

	private static String tile(String name) {
		return "[...document.querySelectorAll('.tile')].find((tile) => tile.innerText.startsWith('%s\\n'))"
			.formatted(name) + ".innerText.substring(%d)".formatted(name.length() + 1);
	}

	/**
	 * The figures of a chart, from the table beside it.
	 */
	private static String series(String title) {
		return """
				(() => {
					const chart = [...document.querySelectorAll('.chart')]
						.find((each) => each.querySelector('h3').innerText === '%s');
					chart.querySelector('details').open = true;
					return [...chart.querySelectorAll('tbody td')].map((cell) => cell.innerText.replaceAll(',', ''));
				})()""".formatted(title);
	}

	private void assertNothingIsWrong() {
		assertThat(this.page.complaints()).isEmpty();
		Predicate<String> own = (url) -> url.equals(this.endpoint) || url.startsWith(this.endpoint + "/")
				|| url.startsWith(this.endpoint + "#") || url.equals("about:blank");
		assertThat(this.page.requests()).isNotEmpty().allMatch(own);
	}

	private JsonNode json(String path) throws Exception {
		return SampleClient.json(this.client.get("/actuator/mempool" + path));
	}

	/**
	 * Requests one after the other, until it is closed.
	 */
	private final class Load implements AutoCloseable {

		private static final int MOST = 20_000;

		private final CompletableFuture<Void> done;

		private volatile boolean closed;

		Load() {
			byte[] body = SampleClient.bytes(100_000);
			this.done = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < MOST && !this.closed; i++) {
					try {
						MempoolPageTests.this.client.send("POST", "/api/echo", BodyPublishers.ofByteArray(body));
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
				}
			});
		}

		Throwable failure() {
			return this.done.handle((result, ex) -> ex).getNow(null);
		}

		@Override
		public void close() {
			this.closed = true;
			this.done.join();
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class StrictPolicy {

		@Bean
		Filter strictPolicy() {
			return (request, response, chain) -> {
				((HttpServletResponse) response).setHeader("Content-Security-Policy", "default-src 'self'");
				chain.doFilter(request, response);
			};
		}

	}

}
