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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BodyController} in a real container.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "mempool.protection=standard")
class BodyTests {

	private final SampleClient client;

	private final int port;

	BodyTests(@LocalServerPort int port) {
		this.port = port;
		this.client = new SampleClient(port);
	}

	@AfterEach
	void poolsShouldBeAtRest() {
		this.client.assertThatPoolsAreAtRest();
	}

	static Stream<Arguments> bodies() {
		return Stream.of("?buffers=pooled", "?buffers=plain", "")
			.flatMap((query) -> Stream.of(Transfer.values())
				.flatMap((transfer) -> Stream.of(0, 1, 65_535, 65_536, 65_537, 3_000_000)
					.map((size) -> Arguments.of(query, transfer, size))));
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void digestShouldTellSizeAndChecksum(String query, Transfer transfer, int size) throws Exception {
		byte[] content = SampleClient.bytes(size);
		HttpResponse<byte[]> response = this.client.send("POST", "/api/digest" + query, transfer.body(content));
		assertThat(response.statusCode()).isEqualTo(200);
		SampleClient.assertDigest(response, content);
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void gzipShouldCompressWhatCanBeDecompressed(String query, Transfer transfer, int size) throws Exception {
		byte[] content = SampleClient.bytes(size);
		try (DuplexExchange exchange = new DuplexExchange(this.port)) {
			exchange.post("/api/gzip" + query, transfer, new ByteArrayInputStream(content), size);
			assertThat(exchange.status()).isEqualTo("HTTP/1.1 200");
			assertThat(exchange.headers()).containsEntry("content-type", "application/gzip");
			assertThat(new GZIPInputStream(exchange.body())).hasBinaryContent(content);
		}
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void echoShouldSendTheBodyBackWithItsLength(String query, Transfer transfer, int size) throws Exception {
		byte[] content = SampleClient.bytes(size);
		HttpResponse<byte[]> response = this.client.send("POST", "/api/echo" + query, transfer.body(content));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
		assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
		assertThat(response.body()).isEqualTo(content);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "plain" })
	void echoShouldKeepTheContentType(String buffers) throws Exception {
		HttpResponse<byte[]> response = this.client
			.send(this.client.request("POST", "/api/echo?buffers=" + buffers, BodyPublishers.ofString("{}"))
				.header("Content-Type", "application/json"), BodyHandlers.ofByteArray());
		assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
		assertThat(response.body()).asString().isEqualTo("{}");
	}

	@ParameterizedTest
	@CsvSource({ "digest,?buffers=plain", "gzip,?buffers=plain", "echo,?buffers=plain", "echo,?buffers=pooled",
			"echo,''" })
	void bodyThatIsCalledFormShouldBeBytesLikeAnyOther(String path, String query) throws Exception {
		HttpResponse<byte[]> response = this.client
			.send(this.client.request("POST", "/api/" + path + query, BodyPublishers.ofString("a=b"))
				.header("Content-Type", "application/x-www-form-urlencoded"), BodyHandlers.ofByteArray());
		assertThat(response.statusCode()).isEqualTo(200);
		switch (path) {
			case "digest" -> assertThat(SampleClient.json(response).get("bytes").asLong()).isEqualTo(3);
			case "echo" -> assertThat(response.body()).asString().isEqualTo("a=b");
			default -> assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body()))).hasContent("a=b");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "digest", "gzip", "echo" })
	void otherKindOfBuffersShouldBeBadRequest(String path) throws Exception {
		HttpResponse<byte[]> response = this.client.send("POST", "/api/" + path + "?buffers=other",
				BodyPublishers.ofString("content"));
		SampleClient.assertProblem(response, 400);
	}

	@Test
	void digestShouldReuseOneBufferOfThePool() throws Exception {
		this.client.send("POST", "/api/digest", BodyPublishers.ofString("first"));
		this.client.assertThatPoolsAreAtRest();
		long hits = hits();
		this.client.send("POST", "/api/digest", BodyPublishers.ofString("second"));
		this.client.assertThatPoolsAreAtRest();
		assertThat(hits()).isEqualTo(hits + 1);
		this.client.send("POST", "/api/digest?buffers=plain", BodyPublishers.ofString("third"));
		this.client.assertThatPoolsAreAtRest();
		assertThat(hits()).isEqualTo(hits + 1);
	}

	private long hits() throws Exception {
		return SampleClient.json(this.client.get("/actuator/mempool/uploads")).get("hits").asLong();
	}

}
