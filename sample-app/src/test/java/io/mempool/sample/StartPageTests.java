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

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the first page of the application.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class StartPageTests {

	private final SampleClient client;

	StartPageTests(@LocalServerPort int port) {
		this.client = new SampleClient(port);
	}

	@Test
	void rootLeadsToThePoolsAndNamesThePaths() throws Exception {
		String page = body(this.client.get("/"));
		assertThat(page).contains("/api/echo", "/api/digest", "/api/gzip", "/api/files/{name}");
		List<String> links = Pattern.compile("href=\"([^\"]+)\"")
			.matcher(page)
			.results()
			.map((link) -> link.group(1))
			.toList();
		assertThat(links).containsExactlyInAnyOrder("actuator/mempool", "actuator/health", "actuator/prometheus");
	}

	@ParameterizedTest
	@ValueSource(strings = { "actuator/mempool", "actuator/health" })
	void linkLeadsSomewhere(String link) throws Exception {
		assertThat(this.client.get("/" + link).statusCode()).isEqualTo(200);
	}

	@Test
	void unknownPathIsAProblem() throws Exception {
		SampleClient.assertProblem(this.client.get("/nothing"), 404);
	}

	private static String body(HttpResponse<byte[]> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		return new String(response.body(), StandardCharsets.UTF_8);
	}

}
