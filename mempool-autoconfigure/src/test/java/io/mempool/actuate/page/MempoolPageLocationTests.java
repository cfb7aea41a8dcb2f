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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for where the page of {@link MempoolPageWebExtension} can be.
 */
class MempoolPageLocationTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/manage/mempool        | management.endpoints.web.base-path=/manage
					/mempool               | management.endpoints.web.base-path=/
					/mempool               | management.endpoints.web.base-path=/ management.server.port=0
					/actuator/mempool      | management.server.port=0
					/admin/manage/mempool  | management.server.port=0 management.server.base-path=/admin management.endpoints.web.base-path=/manage
					/app/actuator/mempool  | server.servlet.context-path=/app
					/api/actuator/mempool  | spring.mvc.servlet.path=/api
					/actuator/pools        | management.endpoints.web.path-mapping.mempool=pools
					/actuator/a/b          | management.endpoints.web.path-mapping.mempool=a/b
					/actuator/x:y%22&z     | management.endpoints.web.path-mapping.mempool=x:y"&z
					/pools                 | management.endpoints.web.path-mapping.mempool=pools management.endpoints.web.base-path=/
					""")
	void pageFindsItsFilesAndTheJson(String path, String properties) throws Exception {
		List<String> all = new ArrayList<>(List.of("server.port=0", "management.endpoints.web.exposure.include=mempool",
				"mempool.pools.uploads.max-idle=1"));
		all.addAll(Arrays.asList(properties.split(" ")));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.properties(all.toArray(String[]::new))
			.run()) {
			String port = context.getEnvironment()
				.getProperty("local.management.port", context.getEnvironment().getProperty("local.server.port"));
			URI page = URI.create("http://localhost:" + port + path);
			HttpResponse<String> html = get(page, "text/html");
			assertThat(html.statusCode()).isEqualTo(200);
			URI script = null;
			for (String link : links(html.body())) {
				URI file = page.resolve(link);
				assertThat(get(file, "*/*").statusCode()).as(file.toString()).isEqualTo(200);
				script = link.endsWith("app.js") ? file : script;
			}
			assertThat(script).as("the script, which is where the JSON is found from").isNotNull();
			String endpoint = script.resolve("..").toString().replaceFirst("/$", "");
			assertThat(endpoint).isEqualTo(page.toString());
			assertThat(get(URI.create(endpoint), "application/json").body()).contains("\"uploads\":{");
			assertThat(get(URI.create(endpoint + "/uploads"), "application/json").body()).startsWith("{\"memory\":");
		}
	}

	private static List<String> links(String html) {
		return Pattern.compile("(?:href|src)=\"([^#\"][^\"]*)\"")
			.matcher(html)
			.results()
			.map((MatchResult match) -> match.group(1).replace("&amp;", "&"))
			.toList();
	}

	private HttpResponse<String> get(URI uri, String accept) throws Exception {
		return this.client.send(HttpRequest.newBuilder(uri).header("Accept", accept).build(), BodyHandlers.ofString());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
