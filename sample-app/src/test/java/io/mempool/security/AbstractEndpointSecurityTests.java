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

package io.mempool.security;

import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the endpoint behind Spring Security, with the configuration that the manual
 * shows: a role reads, another one changes, and a change needs a CSRF token.
 */
abstract class AbstractEndpointSecurityTests {

	private static final String VIEWER = "viewer";

	private static final String OPERATOR = "operator";

	private static final String GUEST = "guest";

	// Each change is another one
	private static final AtomicInteger CHANGES = new AtomicInteger();

	private static final String MEMPOOL = "/actuator/mempool";

	private final CookieManager cookies = new CookieManager();

	private final HttpClient client = HttpClient.newBuilder().cookieHandler(this.cookies).build();

	private final int port;

	AbstractEndpointSecurityTests(int port) {
		this.port = port;
	}

	private HttpRequest.Builder request(String path, @Nullable String user) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		if (user != null) {
			byte[] credentials = (user + ":" + Users.PASSWORD).getBytes(StandardCharsets.UTF_8);
			request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
		}
		return request;
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private HttpResponse<String> get(String path, @Nullable String user) throws Exception {
		return send(request(path, user));
	}

	private HttpRequest.Builder change(@Nullable String user) {
		String body = "{\"maxIdle\": " + CHANGES.incrementAndGet() + "}";
		return request(MEMPOOL + "/uploads", user).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body));
	}

	// What the site of the application can do, and another site cannot: read its cookie
	private HttpRequest.Builder withToken(HttpRequest.Builder request, String user) throws Exception {
		get(MEMPOOL, user);
		String token = this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals("XSRF-TOKEN"))
			.map(HttpCookie::getValue)
			.findFirst()
			.orElseThrow();
		return request.header("X-XSRF-TOKEN", token);
	}

	@ParameterizedTest
	@ValueSource(strings = { MEMPOOL, MEMPOOL + "/uploads", MEMPOOL + "/page/page.js" })
	void readingNeedsAUserWithTheRole(String path) throws Exception {
		assertThat(get(path, null).statusCode()).isEqualTo(401);
		assertThat(get(path, GUEST).statusCode()).isEqualTo(403);
		assertThat(get(path, VIEWER).statusCode()).isNotIn(401, 403);
	}

	@Test
	void changeNeedsAUser() throws Exception {
		assertThat(send(withToken(change(null), VIEWER)).statusCode()).isEqualTo(401);
	}

	@Test
	void changeNeedsAnotherRoleThanReading() throws Exception {
		assertThat(send(withToken(change(VIEWER), VIEWER)).statusCode()).isEqualTo(403);
	}

	@Test
	void changeWithoutACsrfTokenIsRefused() throws Exception {
		get(MEMPOOL, OPERATOR);
		assertThat(send(change(OPERATOR)).statusCode()).isEqualTo(403);
	}

	@Test
	void changeWithAWrongCsrfTokenIsRefused() throws Exception {
		get(MEMPOOL, OPERATOR);
		assertThat(send(change(OPERATOR).header("X-XSRF-TOKEN", "guessed")).statusCode()).isEqualTo(403);
	}

	@Test
	void operatorChangesAPoolWithTheTokenOfTheCookie() throws Exception {
		HttpResponse<String> response = send(withToken(change(OPERATOR), OPERATOR));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		response = send(withToken(request(MEMPOOL + "/uploads", OPERATOR).DELETE(), OPERATOR));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	@Test
	void detailsAreShownToUsersWithTheRole() throws Exception {
		send(withToken(change(OPERATOR), OPERATOR));
		assertThat(get(MEMPOOL + "/uploads", OPERATOR).body()).contains("\"principal\":\"operator\"");
		assertThat(get(MEMPOOL + "/uploads", VIEWER).body()).contains("\"changes\"").doesNotContain("principal");
	}

}
