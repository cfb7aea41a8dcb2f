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

import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileController} in a real container.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class FileTests {

	private final SampleClient client;

	private final int port;

	FileTests(@LocalServerPort int port) {
		this.client = new SampleClient(port);
		this.port = port;
	}

	@AfterEach
	void poolsShouldBeAtRest() {
		this.client.assertThatPoolsAreAtRest();
	}

	static Stream<Arguments> files() {
		return Stream.of("?buffers=pooled", "?buffers=plain", "")
			.flatMap((query) -> Stream.of(Transfer.values())
				.flatMap((transfer) -> Stream.of(0, 1, 65_536, 3_000_000)
					.map((size) -> Arguments.of(query, transfer, size))));
	}

	@ParameterizedTest
	@MethodSource("files")
	void storedFileShouldComeBack(String query, Transfer transfer, int size) throws Exception {
		byte[] content = SampleClient.bytes(size);
		String path = "/api/files/" + UUID.randomUUID() + ".bin";
		HttpResponse<byte[]> stored = this.client.send("PUT", path + query, transfer.body(content));
		assertThat(stored.statusCode()).isEqualTo(201);
		assertThat(stored.headers().firstValue("Location")).contains(path);
		SampleClient.assertDigest(stored, content);
		HttpResponse<byte[]> sent = this.client.get(path + query);
		assertThat(sent.statusCode()).isEqualTo(200);
		assertThat(sent.headers().firstValue("Content-Type")).contains("application/octet-stream");
		assertThat(sent.headers().firstValueAsLong("Content-Length")).hasValue(size);
		assertThat(sent.body()).isEqualTo(content);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "plain" })
	void storedFileShouldReplaceFormerOne(String buffers) throws Exception {
		String path = "/api/files/" + UUID.randomUUID() + "?buffers=" + buffers;
		assertThat(this.client.send("PUT", path, BodyPublishers.ofString("the former one")).statusCode())
			.isEqualTo(201);
		HttpResponse<byte[]> replaced = this.client.send("PUT", path, BodyPublishers.ofString("short"));
		assertThat(replaced.statusCode()).isEqualTo(200);
		SampleClient.assertDigest(replaced, "short".getBytes(StandardCharsets.UTF_8));
		assertThat(this.client.get(path).body()).asString().isEqualTo("short");
	}

	@Test
	void fileThatWasNotSentCompletelyShouldNotReplaceFormerOne() throws Exception {
		String path = "/api/files/" + UUID.randomUUID();
		this.client.send("PUT", path, BodyPublishers.ofString("the former one"));
		try (Socket socket = new Socket("localhost", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(("PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nbeginning")
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
		}
		this.client.assertThatPoolsAreAtRest();
		assertThat(this.client.get(path).body()).asString().isEqualTo("the former one");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pooled", "plain" })
	void unknownFileShouldNotBeFound(String buffers) throws Exception {
		SampleClient.assertProblem(this.client.get("/api/files/" + UUID.randomUUID() + "?buffers=" + buffers), 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT" })
	void otherKindOfBuffersShouldBeBadRequest(String method) throws Exception {
		SampleClient.assertProblem(
				this.client.send(method, "/api/files/name?buffers=other", BodyPublishers.ofString("content")), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "%2e%2e", ".hidden", "%2ehidden", "a%20b", "a%00b" })
	void nameThatIsNotSafeShouldBeBadRequest(String name) throws Exception {
		assertThat(this.client.get("/api/files/" + name).statusCode()).isIn(400, 404);
		assertThat(this.client.send("PUT", "/api/files/" + name, BodyPublishers.ofString("content")).statusCode())
			.isIn(400, 404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "..", ".", "../name", "a/../../name", "..%2fname", "%2e%2e%2fname", "%252e%252e%252fname",
			"..%5cname", "%2e%2e/%2e%2e/etc/passwd", "%2fetc%2fpasswd", "/etc/passwd", "..;/name",
			"%c0%ae%c0%ae%c0%afname" })
	void pathOutOfTheFolderShouldBeRefused(String path) throws Exception {
		for (String method : new String[] { "GET", "PUT" }) {
			HttpResponse<byte[]> response = this.client.send(method, "/api/files/" + path,
					BodyPublishers.ofString("content"));
			assertThat(response.statusCode()).as(method).isBetween(400, 499);
		}
	}

}
