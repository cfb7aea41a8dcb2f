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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Speaks to the application as any client does.
 */
class SampleClient {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	SampleClient(int port) {
		this.port = port;
	}

	HttpResponse<byte[]> send(String method, String path, BodyPublisher body) throws Exception {
		return send(request(method, path, body), BodyHandlers.ofByteArray());
	}

	<T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) throws Exception {
		return this.client.send(request.build(), handler);
	}

	HttpRequest.Builder request(String method, String path, BodyPublisher body) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.method(method, body)
			.timeout(Duration.ofMinutes(2));
	}

	HttpResponse<byte[]> get(String path) throws Exception {
		return send("GET", path, BodyPublishers.noBody());
	}

	/**
	 * Check that all memory has come back, and that the figures of every pool and tier
	 * agree with each other.
	 */
	void assertThatPoolsAreAtRest() {
		// A client may have the whole response before the request has ended
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			JsonNode pools = json(get("/actuator/mempool")).get("pools");
			assertThat(pools.propertyNames()).contains("uploads");
			for (JsonNode pool : pools) {
				assertThat(pool.get("leased").asLong()).as("leased").isZero();
				assertThat(pool.get("leasedBytes").asLong()).as("leasedBytes").isZero();
				assertThat(pool.get("leaked").asLong()).as("leaked").isZero();
				assertThat(pool.get("doubleReleases").asLong()).as("doubleReleases").isZero();
				assertReconciles(pool);
				pool.get("tiers").forEach(SampleClient::assertReconciles);
			}
		});
	}

	private static void assertReconciles(JsonNode figures) {
		long hits = figures.get("hits").asLong();
		long returned = figures.get("returned").asLong();
		assertThat(figures.get("idle").asLong()).as("idle in %s", figures)
			.isEqualTo(returned - figures.get("discarded").asLong() - hits + figures.get("preallocated").asLong());
		assertThat(figures.get("leased").asLong()).as("leased in %s", figures)
			.isEqualTo(hits + figures.get("misses").asLong() - returned - figures.get("leaked").asLong());
	}

	static JsonNode json(HttpResponse<byte[]> response) {
		return JSON.readTree(response.body());
	}

	static void assertProblem(HttpResponse<byte[]> response, int status) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(json(response).get("status").asInt()).isEqualTo(status);
	}

	static void assertDigest(HttpResponse<byte[]> response, byte[] content) {
		assertThat(json(response).get("bytes").asLong()).isEqualTo(content.length);
		assertThat(json(response).get("sha256").asString()).isEqualTo(sha256(content));
	}

	static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	static String sha256(byte[] content) {
		return HexFormat.of().formatHex(newDigest().digest(content));
	}

	static MessageDigest newDigest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * How a body is sent.
	 */
	enum Transfer {

		WITH_LENGTH {

			@Override
			BodyPublisher body(byte[] content) {
				return BodyPublishers.ofByteArray(content);
			}

			@Override
			BodyPublisher body(Path file) throws IOException {
				return BodyPublishers.ofFile(file);
			}

		},

		CHUNKED {

			@Override
			BodyPublisher body(byte[] content) {
				return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
			}

			@Override
			BodyPublisher body(Path file) {
				return BodyPublishers.fromPublisher(withLength(file));
			}

		};

		abstract BodyPublisher body(byte[] content);

		abstract BodyPublisher body(Path file) throws IOException;

		private static BodyPublisher withLength(Path file) {
			try {
				return BodyPublishers.ofFile(file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
