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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Sends a file of more than 100 MB through every path: the modules of the JDK that runs
 * the test.
 */
@Tag("slow")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "mempool.request.max-body-size=256MB")
class LargeFileTests {

	private static final Path FILE = Path.of(System.getProperty("java.home"), "lib", "modules");

	private static final long MINIMUM_SIZE = 100_000_000;

	private static String sha256;

	private final SampleClient client;

	private final int port;

	LargeFileTests(@LocalServerPort int port) {
		this.port = port;
		this.client = new SampleClient(port);
	}

	@BeforeAll
	static void fileShouldBeLarge() throws IOException {
		assumeTrue(Files.exists(FILE) && Files.size(FILE) >= MINIMUM_SIZE,
				() -> "The JDK that runs the test has no file of 100 MB or more at " + FILE);
		try (InputStream in = Files.newInputStream(FILE)) {
			sha256 = sha256(in);
		}
	}

	@AfterEach
	void poolsShouldBeAtRest() {
		this.client.assertThatPoolsAreAtRest();
	}

	static Stream<Arguments> variants() {
		return Stream.of("pooled", "plain")
			.flatMap((buffers) -> Stream.of(Transfer.values()).map((transfer) -> Arguments.of(buffers, transfer)));
	}

	@ParameterizedTest
	@MethodSource("variants")
	void digestShouldBeThatOfTheFile(String buffers, Transfer transfer) throws Exception {
		HttpResponse<byte[]> response = this.client.send("POST", "/api/digest?buffers=" + buffers, transfer.body(FILE));
		assertThat(SampleClient.json(response).get("bytes").asLong()).isEqualTo(Files.size(FILE));
		assertThat(SampleClient.json(response).get("sha256").asString()).isEqualTo(sha256);
	}

	@ParameterizedTest
	@MethodSource("variants")
	void gzipShouldDecompressToTheFile(String buffers, Transfer transfer) throws Exception {
		try (DuplexExchange exchange = new DuplexExchange(this.port); InputStream file = Files.newInputStream(FILE)) {
			exchange.post("/api/gzip?buffers=" + buffers, transfer, file, Files.size(FILE));
			assertThat(sha256(new GZIPInputStream(exchange.body()))).isEqualTo(sha256);
		}
	}

	@ParameterizedTest
	@MethodSource("variants")
	void echoShouldBeTheFile(String buffers, Transfer transfer) throws Exception {
		assertIsTheFile(stream("POST", "/api/echo?buffers=" + buffers, transfer.body(FILE)));
	}

	@ParameterizedTest
	@MethodSource("variants")
	void storedFileShouldBeTheFile(String buffers, Transfer transfer) throws Exception {
		String path = "/api/files/modules?buffers=" + buffers;
		HttpResponse<byte[]> stored = this.client.send("PUT", path, transfer.body(FILE));
		assertThat(SampleClient.json(stored).get("sha256").asString()).isEqualTo(sha256);
		assertIsTheFile(stream("GET", path, BodyPublishers.noBody()));
	}

	private HttpResponse<InputStream> stream(String method, String path, BodyPublisher body) throws Exception {
		return this.client.send(this.client.request(method, path, body), BodyHandlers.ofInputStream());
	}

	private static void assertIsTheFile(HttpResponse<InputStream> response) throws IOException {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(Files.size(FILE));
		try (InputStream in = response.body()) {
			assertThat(sha256(in)).isEqualTo(sha256);
		}
	}

	private static String sha256(InputStream in) throws IOException {
		MessageDigest digest = SampleClient.newDigest();
		new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
		return HexFormat.of().formatHex(digest.digest());
	}

}
