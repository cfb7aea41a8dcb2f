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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MempoolPageWebExtension} over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.endpoints.web.exposure.include=mempool", "mempool.pools.page.max-idle=1" })
class MempoolPageTests {

	private static final String JSON = "application/vnd.spring-boot.actuator.v3+json";

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
			+ "image/webp,image/apng,*/*;q=0.8";

	private final HttpClient client = HttpClient.newHttpClient();

	private final URI endpoint;

	MempoolPageTests(@LocalServerPort int port) {
		this.endpoint = URI.create("http://localhost:" + port + "/actuator/mempool");
	}

	@ParameterizedTest
	@ValueSource(strings = { BROWSER, "text/html", "text/html;charset=utf-8", "text/*", "TEXT/HTML",
			"text/html, application/json", "text/html, application/json;q=0.9", "application/json;q=0.5, text/html",
			"text/html;q=0.3, */*;q=0.2", "text/html;q=0.2, application/json;q=0.1" })
	void requestThatPrefersHtmlGetsThePage(String accept) throws Exception {
		HttpResponse<String> response = get("", "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
		assertThat(response.body()).startsWith("<!DOCTYPE html>");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/*                                                   | application/vnd.spring-boot.actuator.v3+json
			*/*;q=0.1                                             | application/vnd.spring-boot.actuator.v3+json
			application/json                                      | application/json
			application/*                                         | application/vnd.spring-boot.actuator.v3+json
			application/vnd.spring-boot.actuator.v3+json          | application/vnd.spring-boot.actuator.v3+json
			application/vnd.spring-boot.actuator.v2+json          | application/vnd.spring-boot.actuator.v2+json
			application/json, text/html                           | application/json
			application/json, text/html;q=0.9                     | application/json
			text/html;q=0.5, application/json                     | application/json
			text/html;q=0.5, */*                                  | application/vnd.spring-boot.actuator.v3+json
			application/json, text/plain, */*                     | application/json
			text/plain, */*                                       | application/vnd.spring-boot.actuator.v3+json
			application/xml, */*;q=0.5                            | application/vnd.spring-boot.actuator.v3+json
			image/avif, image/webp, */*;q=0.8                     | application/vnd.spring-boot.actuator.v3+json
			""")
	void requestThatDoesNotPreferHtmlGetsJson(String accept, String type) throws Exception {
		assertJson(get("", "Accept", accept), type);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			text/html;q=0, application/json                       | application/json
			text/html;q=0, */*                                    | application/vnd.spring-boot.actuator.v3+json
			*/*, text/html;q=0                                    | application/vnd.spring-boot.actuator.v3+json
			text/html;q=0.0, application/json;q=0.1               | application/json
			TEXT/HTML; Q=0.000, application/json                  | application/json
			text/*;q=0, */*;q=0.3                                 | application/vnd.spring-boot.actuator.v3+json
			application/json;q=0, */*                             | application/vnd.spring-boot.actuator.v3+json
			application/json, text/html;q=0.9, image/png;q=0      | application/json
			text/html;q=0.5, application/json;q=0.8, image/*;q=0  | application/json
			text/html;q=0, application/vnd.spring-boot.actuator.v2+json | application/vnd.spring-boot.actuator.v2+json
			""")
	void requestThatRefusesHtmlOrPrefersJsonGetsJson(String accept, String type) throws Exception {
		assertJson(get("", "Accept", accept), type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/*;q=0, */*", "*/*;q=0, text/html", "application/json;q=0, text/html",
			"text/*;q=0, text/html", "text/html, application/json, image/png;q=0", "text/html;level=1;q=0, text/html",
			BROWSER + ",image/png;q=0" })
	void requestThatRefusesJsonOrPrefersHtmlGetsThePage(String accept) throws Exception {
		HttpResponse<String> response = get("", "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html;q=0", "text/html;q=0.0", "*/*;q=0", "text/*;q=0", "text/html;q=0, text/*;q=0",
			"text/*, text/html;q=0", "application/json;q=0", "text/html;q=0, image/png" })
	void requestThatRefusesAllTypesIsNotAcceptable(String accept) throws Exception {
		assertThat(get("", "Accept", accept).statusCode()).isEqualTo(406);
	}

	@Test
	void headersOfOneNameAreOne() throws Exception {
		assertJson(get("", "Accept", "text/html;q=0", "Accept", "*/*"), JSON);
	}

	@Test
	void requestWithoutTheHeaderGetsJson() throws Exception {
		assertJson(get(""), JSON);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "image/png", "application/xml" })
	void requestForAnotherTypeIsNotAcceptable(String accept) throws Exception {
		assertThat(get("", "Accept", accept).statusCode()).isEqualTo(406);
	}

	@Test
	void poolStaysJsonAlsoForBrowsersAndWhateverItsName() throws Exception {
		assertJson(get("/page", "Accept", BROWSER), JSON);
		assertJson(get("/page"), JSON);
	}

	@Test
	void linksAreWhereTheyWereAndLeadToTheFiles() throws Exception {
		String links = send(HttpRequest.newBuilder(this.endpoint.resolve("/actuator"))).body();
		assertThat(links).contains("\"mempool\":{\"href\":\"%s\",\"templated\":false}".formatted(this.endpoint));
		assertThat(links).contains("\"mempool-pool\":{\"href\":\"%s/{pool}\"".formatted(this.endpoint));
		assertThat(links).contains("\"mempool-page-file\":{\"href\":\"%s/{page}/{file}\"".formatted(this.endpoint));
	}

	@Test
	void everyFileIsServedWithItsType() throws Exception {
		try (Stream<Path> files = Files.list(Path.of("target/classes", PageFile.LOCATION))) {
			List<String> names = files.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.equals("index.html"))
				.toList();
			assertThat(names).contains("app.js", "page.css", "icon.svg", "uplot.js", "uplot.css", "uplot-license.txt");
			for (String name : names) {
				HttpResponse<String> response = get("/page/" + name, "Accept", "*/*");
				assertThat(response.statusCode()).as(name).isEqualTo(200);
				assertThat(response.headers().firstValue("Content-Type")).as(name).contains(type(name));
				assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
				assertThat(response.body()).as(name)
					.isEqualTo(Files.readString(Path.of("target/classes", PageFile.LOCATION, name)));
			}
		}
	}

	private static String type(String name) {
		return switch (name.substring(name.indexOf('.') + 1)) {
			case "js" -> "text/javascript;charset=UTF-8";
			case "css" -> "text/css;charset=UTF-8";
			case "svg" -> "image/svg+xml;charset=UTF-8";
			default -> "text/plain;charset=UTF-8";
		};
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			page.css | text/css,*/*;q=0.1
			page.css | text/css
			app.js   | text/javascript
			icon.svg | image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8
			""")
	void fileIsServedAsTheTypeThatIsAccepted(String name, String accept) throws Exception {
		assertThat(get("/page/" + name, "Accept", accept).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page/nothing.js", "/page/app.JS", "/page/app", "/page/index.html", "/page/page",
			"/other/app.js", "/page/app.js/more", "/page/..", "/page/%2e%2e", "/page/PageFile.class",
			"/page/..%2FPageFile.class", "/page/%2e%2e%2fPageFile.class", "/page/..;/app.js", "/page/%5c..%5capp.js",
			"/page/app.js%00.txt", "/page/" })
	void nothingElseIsServed(String path) throws Exception {
		assertThat(get(path, "Accept", "*/*").statusCode()).isIn(400, 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/page/app.js", "/page/uplot.js" })
	void browserAsksWhetherWhatItKeepsIsStillTheSame(String path) throws Exception {
		HttpResponse<String> response = get(path, "Accept", "text/html,*/*;q=0.8");
		assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
		assertThat(response.headers().allValues("Vary")).contains("Accept");
		String etag = response.headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> same = get(path, "Accept", "text/html,*/*;q=0.8", "If-None-Match", etag);
		assertThat(same.statusCode()).isEqualTo(304);
		assertThat(same.body()).isEmpty();
		assertThat(get(path, "Accept", "text/html,*/*;q=0.8", "If-None-Match", "\"other\"").statusCode())
			.isEqualTo(200);
	}

	@Test
	void pageHasNothingInline() throws Exception {
		String html = get("", "Accept", "text/html").body();
		assertThat(html).doesNotContainPattern("(?i)<script(?![^>]*\\ssrc=)")
			.doesNotContainPattern("(?i)<style")
			.doesNotContainPattern("(?i)\\s(style|on\\w+)\\s*=")
			.doesNotContainPattern("(?i)javascript:|data:");
		assertThat(html).contains("default-src 'none'");
	}

	@Test
	void pageRefersToNothingButItsOwnFiles() throws Exception {
		String html = get("", "Accept", "text/html").body();
		List<String> links = find("(?:href|src)=\"([^#\"][^\"]*)\"", html);
		assertThat(links).hasSizeGreaterThan(4).allMatch((link) -> link.startsWith("./mempool/page/"));
		for (String link : links) {
			assertServed(this.endpoint.resolve(link));
		}
	}

	@Test
	void scriptsImportNothingButEachOther() throws Exception {
		List<String> scripts = new ArrayList<>(List.of("./app.js"));
		for (int i = 0; i < scripts.size(); i++) {
			String script = get("/page/" + scripts.get(i).substring(2)).body();
			assertThat(script).doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "import(");
			find("(?m)^(?:import|export)\\b[^'\"]*?from\\s*['\"]([^'\"]+)['\"]", script).stream()
				.filter((name) -> !scripts.contains(name))
				.forEach(scripts::add);
			assertServed(this.endpoint.resolve("./mempool/page/" + scripts.get(i)));
		}
		assertThat(scripts).contains("./uplot.js", "./poller.js").allMatch((name) -> name.matches("\\./[a-z-]+\\.js"));
	}

	@Test
	void stylesReferToNothing() throws Exception {
		for (String name : List.of("page.css", "uplot.css")) {
			assertThat(get("/page/" + name).body()).doesNotContain("url(", "@import");
		}
	}

	private void assertServed(URI uri) throws Exception {
		assertThat(send(HttpRequest.newBuilder(uri)).statusCode()).as(uri.toString()).isEqualTo(200);
	}

	private static void assertJson(HttpResponse<String> response, String type) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains(type);
		assertThat(response.body()).startsWith("{\"");
	}

	private static List<String> find(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
	}

	private HttpResponse<String> get(String path, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.endpoint + path));
		return send((headers.length > 0) ? request.headers(headers) : request);
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
