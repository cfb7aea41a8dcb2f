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
 * The page on a reactive server, where a quality of 0 is a refusal too.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.main.web-application-type=reactive", "spring.webflux.base-path=/base",
				"management.endpoints.web.exposure.include=mempool", "mempool.pools.page.max-idle=1" })
class ReactiveMempoolPageTests {

	private static final String JSON = "application/vnd.spring-boot.actuator.v3+json";

	private final HttpClient client = HttpClient.newHttpClient();

	private final URI endpoint;

	ReactiveMempoolPageTests(@LocalServerPort int port) {
		this.endpoint = URI.create("http://localhost:" + port + "/base/actuator/mempool");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html",
			"application/*;q=0, */*", "*/*;q=0, text/html", "application/json;q=0, text/html",
			"text/html, application/json, image/png;q=0", "text/html;level=1;q=0, text/html" })
	void requestThatPrefersHtmlOrRefusesJsonGetsThePage(String accept) throws Exception {
		HttpResponse<String> response = get("", "Accept", accept);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
		assertThat(response.body()).startsWith("<!DOCTYPE html>");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/*                                                   | application/vnd.spring-boot.actuator.v3+json
			application/json                                      | application/json
			text/html;q=0, application/json                       | application/json
			text/html;q=0, */*                                    | application/vnd.spring-boot.actuator.v3+json
			*/*, text/html;q=0                                    | application/vnd.spring-boot.actuator.v3+json
			text/html;q=0.0, application/json;q=0.1               | application/json
			TEXT/HTML; Q=0.000, application/json                  | application/json
			text/*;q=0, */*;q=0.3                                 | application/vnd.spring-boot.actuator.v3+json
			application/json, text/html;q=0.9, image/png;q=0      | application/json
			text/html;q=0.5, application/json;q=0.8, image/*;q=0  | application/json
			""")
	void requestThatPrefersJsonOrRefusesHtmlGetsJson(String accept, String type) throws Exception {
		assertJson(get("", "Accept", accept), type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html;q=0", "text/html;q=0.0", "*/*;q=0", "text/*;q=0", "text/html;q=0, text/*;q=0",
			"text/*, text/html;q=0", "application/json;q=0", "text/html;q=0, image/png" })
	void requestThatRefusesBothIsNotAcceptable(String accept) throws Exception {
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

	@Test
	void otherPathsAreNotNarrowed() throws Exception {
		assertThat(get("/page/page.css", "Accept", "text/css, text/html;q=0").statusCode()).isEqualTo(200);
		assertThat(get("/page", "Accept", "application/json, text/html;q=0").statusCode()).isEqualTo(200);
	}

	private static void assertJson(HttpResponse<String> response, String type) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains(type);
		assertThat(response.body()).startsWith("{").contains("\"page\"");
	}

	private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.endpoint + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
