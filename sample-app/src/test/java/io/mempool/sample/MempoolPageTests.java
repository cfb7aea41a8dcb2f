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

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.NumberFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of the endpoint: what it shows, and what can be done with it.
 */
class MempoolPageTests extends AbstractPageTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int TAB = 9;

	private static final int ENTER = 13;

	@Autowired
	@Qualifier("uploads")
	private BufferPool uploads;

	MempoolPageTests(@LocalServerPort int port) {
		super(port);
	}

	@Test
	void overviewHasARowForEachPool() {
		goTo("");
		List<PooledBuffer> held = List.of(this.uploads.acquire(1), this.uploads.acquire(5000));
		try {
			this.page.until(cell("uploads", "Leased") + " === '2'");
			assertThat(this.page.evaluate(cell("uploads", "Health")).asString()).isEqualTo("Healthy");
			assertThat(this.page.evaluate(cell("thumbnails", "Health")).asString()).isEqualTo("Healthy");
			assertThat(this.page.evaluate(cell("digests", "Peak leased")).asString()).matches("\\d+");
		}
		finally {
			held.forEach(PooledBuffer::close);
		}
		assertThat(this.page.text(".sentence")).isEqualTo("Healthy: nothing to do.");
		this.page.evaluate("document.querySelector('main [href=\"#/uploads\"]').click()");
		this.page.until("document.querySelector('main h2').innerText === 'uploads'");
		this.page.evaluate("document.querySelector('nav [href=\"#/\"]').click()");
		this.page.until("document.querySelector('.pools')");
		assertNothingIsWrong();
	}

	@ParameterizedTest
	@CsvSource({ "60, Problem, 1 problem.", "3600, Note, Healthy: nothing to do." })
	void leakIsAProblemThatAges(int secondsAgo, String severity, String sentence) {
		Instant last = Instant.now().minusSeconds(secondsAgo);
		this.page.changeAnswers("*/actuator/mempool", (json) -> changed(json, "/pools/uploads", """
				{ "leaked": 3, "lastLeak": "%s" }
				""".formatted(last)));
		goTo("");
		assertThat(this.page.text(".sentence")).isEqualTo(sentence);
		assertThat(this.page.text(".findings")).contains(severity, "uploads: 3 leases leaked, the last at ");
		assertThat(this.page.evaluate("document.querySelector('.findings a').hash").asString())
			.isEqualTo("#/uploads/leaks");
		assertNothingIsWrong();
	}

	@Test
	void badgeCountsProblemsOnly() {
		this.page.changeAnswers("*/actuator/mempool", (json) -> changed(json, "/pools/uploads", """
				{ "leaked": 3, "lastLeak": "%s", "doubleReleases": 2, "pooling": false }
				""".formatted(Instant.now())));
		goTo("#/digests");
		assertThat(this.page.text("nav [href='#/uploads'] .badge")).isEqualTo("1 problem");
		assertThat(this.page.evaluate("document.title").asString()).isEqualTo("(1 problem) digests · mempool");
	}

	@Test
	void findingLeadsToWhereItShows() {
		this.page.changeAnswers("*/actuator/mempool", (json) -> changed(json, "/pools/uploads", """
				{ "doubleReleases": 2 }
				"""));
		goTo("");
		this.page.evaluate("document.querySelector('.findings a').click()");
		this.page.until("document.querySelector('[data-section=totals]')?.getBoundingClientRect().top < innerHeight");
		assertThat(this.page.text("main h2")).isEqualTo("uploads");
	}

	private static String changed(String json, String pointer, String members) {
		JsonNode answer = JSON.readTree(json);
		if (answer.at(pointer) instanceof ObjectNode node) {
			node.setAll((ObjectNode) JSON.readTree(members));
		}
		return JSON.writeValueAsString(answer);
	}

	@Test
	void changedSettingsAreListedAndMarked() throws Exception {
		goTo("#/digests");
		everySecond();
		assertThat(this.page.evaluate("document.querySelector('[data-section=changes]').hidden").asBoolean()).isTrue();
		this.page.until("document.querySelector('figcaption .note').innerText.startsWith('last ')");
		change("digests", "{ \"maxIdle\": 15 }");
		change("digests", "{ \"maxIdle\": 16 }");
		this.page.until("document.querySelector('.chart').innerText.includes('settings changed 2 times')");
		assertThat(this.page.text("[data-section=changes]")).contains("max-idle", "15", "16");
		assertThat(this.page.evaluate("document.querySelector('.plot').ariaLabel").asString())
			.contains("Settings changed at ");
		assertNothingIsWrong();
	}

	private void change(String pool, String settings) throws Exception {
		HttpRequest.Builder request = this.client
			.request("POST", "/actuator/mempool/" + pool, BodyPublishers.ofString(settings))
			.header("Content-Type", "application/json");
		assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	@Test
	void ratesHaveOneDecimalAtMost() {
		goTo("");
		assertThat(module("format.js", "({ rate }) => [0, 0.04, 12.345, 99.96, 1234.5].map(rate).join('; ')"))
			.isEqualTo("0; < 0.1; 12.3; 100; 1,235");
	}

	@Test
	void silenceIsToldWithHowLongItIsKnown() {
		goTo("");
		assertThat(module("history.js", """
				({ History }) => import(document.querySelector('script').src.replace('app.js', 'traffic.js'))
					.then(({ trafficOf }) => [5, 40].map((answers) => {
						const history = new History();
						for (let i = 0; i < answers; i++) {
							history.add({ budget: {}, pools: { a: { hits: 7, misses: 1, exhausted: 0 } } }, 2 * i, 'a');
						}
						return trafficOf(history, ({ pools }) => pools.a).silence;
					}).join('; '))""")).isEqualTo("No traffic in the last 8 s; No traffic in the last minute");
	}

	@Test
	void firstAnswerDoesNotSayWhetherThereIsTraffic() {
		this.page.holdAnswers("*/actuator/mempool");
		this.page.goTo(this.endpoint);
		assertThat(module("history.js", """
				({ History }) => import(document.querySelector('script').src.replace('app.js', 'traffic.js'))
					.then(({ trafficOf }) => {
						const history = new History();
						history.add({ budget: {}, pools: { a: { hits: 7, misses: 1, exhausted: 0 } } }, 2, 'a');
						const { quiet, rate, hitRate } = trafficOf(history, ({ pools }) => pools.a);
						return [quiet, rate, hitRate].join(' ');
					})""")).isEqualTo("false – –");
	}

	/**
	 * Return what a function makes of a module of the page.
	 */
	private String module(String file, String function) {
		return this.page
			.evaluate("import(document.querySelector('script').src.replace('app.js', '" + file + "')).then(" + function
					+ ")")
			.asString();
	}

	@Test
	void sizeThatIsRareCanBeSeenBesideTheLineOfATier() {
		this.page.changeAnswers("*/actuator/mempool/uploads", (json) -> changed(json, "", """
				{ "requestedSizes": [ { "from": 4090, "to": 4096, "count": 1 },
				                      { "from": 200000, "to": 204800, "count": 10000 } ] }
				"""));
		goTo("#/uploads");
		this.page.until("document.querySelector('[data-section=sizes] canvas')");
		// Beside the line, which is drawn upon the bar, in the colour of bars
		int pixels = this.page
			.evaluate(
					"""
							(() => {
								const canvas = document.querySelector('[data-section=sizes] canvas');
								const hex = getComputedStyle(document.documentElement).getPropertyValue('--requests').trim();
								const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.substring(at, at + 2), 16));
								const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width / 2, canvas.height);
								let pixels = 0;
								for (let i = 0; i < data.length; i += 4) {
									pixels += (Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 30) ? 1 : 0;
								}
								return pixels;
							})()""")
			.asInt();
		assertThat(pixels).isPositive();
	}

	@Test
	void poolIsSeenAtOnceOnAPhone() {
		this.page.show(400, 900, "light");
		goTo("#/uploads");
		assertThat(this.page.evaluate("document.querySelector('main h2').getBoundingClientRect().top").asInt())
			.isLessThan(200);
		assertThat(this.page.evaluate("document.querySelector('.tiles').getBoundingClientRect().top").asInt())
			.isLessThan(450);
	}

	@Test
	void tableOfTiersNeedsNoScrollingOnAPhone() {
		this.page.show(400, 900, "light");
		goTo("#/uploads");
		assertThat(this.page.evaluate("""
				(() => {
					const { scrollWidth, clientWidth } = document.querySelector('[data-section=tiers] .scroll');
					return scrollWidth - clientWidth;
				})()""").asInt()).isZero();
		assertThat(this.page.text("[data-section=tiers] tbody tr:last-child")).startsWith("1 MiB");
	}

	@Test
	void noFigureOfATileWraps() {
		this.page.changeAnswers("*/actuator/mempool", (json) -> changed(json, "/pools/uploads", """
				{ "usedBytes": 1072693248, "limitBytes": 1073740800, "leased": 104857, "idle": 104857 }
				"""));
		goTo("#/uploads");
		for (int width : new int[] { 400, 700, 1400 }) {
			this.page.show(width, 900, "light");
			assertThat(this.page.evaluate(
					"""
							[...document.querySelectorAll('.tile .value')].filter((value) => value.scrollWidth > value.clientWidth
								|| value.getBoundingClientRect().height > 45).map((value) => value.innerText)"""))
				.as("%s", width)
				.isEmpty();
		}
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
		assertThat(reached).startsWith("Skip to the content", "link #/", "select interval", "Pause")
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
		assertThat(this.page.text(".sentence")).startsWith("Not known since ");
		this.page.setOffline(false);
		this.page.until("document.querySelector('#state').innerText === 'Live'");
		assertThat(this.page.text("#trouble")).isEmpty();
		assertThat(this.page.text(".sentence")).isEqualTo("Healthy: nothing to do.");
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
							    "savedPercent": 25.3,
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
		assertThat(this.page.text("main")).contains("31.2 %", "7.9 %", "25.3 % less", "10,000 requests",
				"mempool:\n  pools: " + hostile, "not worth it " + hostile, "leaked", "Some.method(Some.java:1)");
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

}
