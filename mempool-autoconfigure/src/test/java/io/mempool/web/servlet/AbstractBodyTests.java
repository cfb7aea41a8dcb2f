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

package io.mempool.web.servlet;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.test.CheckLeases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The body is read as the controller would see it, in whatever way, or an error says that
 * it was read elsewhere.
 */
@CheckLeases(timeout = 20)
@SpringBootTest(classes = BodyTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "logging.level.root=off")
abstract class AbstractBodyTests {

	private static final String BODY = "name=content of a body";

	private static final String FORM = "application/x-www-form-urlencoded";

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@AfterEach
	void everythingIsBack() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> {
				assertThat(this.pool.statistics().leased()).isZero();
				assertThat(this.scopes.statistics().open()).isZero();
			});
	}

	static Stream<String> ways() {
		return Stream.concat(ownWays(), springsWays());
	}

	static Stream<String> ownWays() {
		return Stream.of("/argument", "/bean", "/callable", "/callable-bean", "/thread", "/thread-bean",
				"/buffer-argument", "/functional");
	}

	// Spring opens these bodies itself, and makes those of forms from their parameters
	static Stream<String> springsWays() {
		return Stream.of("/request-body", "/entity");
	}

	static Stream<Arguments> readable() {
		return Stream.concat(
				in(ways(), Arguments.of("raw", "text/plain", BODY), Arguments.of("upper-case", "text/plain", BODY),
						Arguments.of("replaying", "text/plain", BODY), Arguments.of("parameters", "text/plain", BODY),
						Arguments.of("raw", "text/plain", ""), Arguments.of("emptied", "text/plain", BODY)),
				in(ownWays(), Arguments.of("raw", FORM, BODY), Arguments.of("replaying", FORM, BODY)));
	}

	@ParameterizedTest
	@MethodSource("readable")
	void bodyIsReadAsTheControllerSeesIt(String way, boolean chunked, String source, String type, String body)
			throws Exception {
		HttpResponse<String> response = post(way, chunked, source, type, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(switch (source) {
			case "upper-case" -> body.toUpperCase(Locale.ROOT);
			case "emptied" -> "";
			default -> body;
		});
	}

	static Stream<Arguments> consumed() {
		String parts = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--x--\r\n";
		return Stream.concat(
				in(ways(), Arguments.of("consumed", "text/plain", BODY), Arguments.of("consumed", "", BODY),
						Arguments.of("consumed-behind-a-wrapper", "text/plain", BODY),
						Arguments.of("consumed-by-a-recorder", "application/json", BODY),
						Arguments.of("raw", "multipart/form-data; boundary=x", parts)),
				in(ownWays(), Arguments.of("read-as-characters", "text/plain", BODY),
						Arguments.of("parameters", FORM, BODY)));
	}

	@ParameterizedTest
	@MethodSource("consumed")
	void bodyThatWasReadElsewhereIsNoEmptyBody(String way, boolean chunked, String source, String type, String body)
			throws Exception {
		HttpResponse<String> response = post(way, chunked, source, type, body);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).contains("Cannot read the body of the request");
	}

	@ParameterizedTest
	@MethodSource("ways")
	void bodyThatWasReadInPartElsewhereIsNoShorterBody(String way) throws Exception {
		HttpResponse<String> response = post(way, false, "partly-consumed", "text/plain", BODY);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).contains("2 of its 22 bytes were read before");
	}

	@ParameterizedTest
	@CsvSource({ "raw,500", "replaying,200", "upper-case,500" })
	void bodyIsReadAfterAnArgumentThatTookItOnlyIfItIsKept(String source, int status) throws Exception {
		assertThat(post("/after-request-body", false, source, "text/plain", BODY).statusCode()).isEqualTo(status);
	}

	@Test
	void requestWithoutABodyHasAnEmptyOne() throws Exception {
		HttpRequest request = request("/argument").method("POST", BodyPublishers.noBody()).build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	@Test
	void announcedBodiesTakeMemoryAsTheyArrive() throws Exception {
		List<Socket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				Socket socket = new Socket("localhost", this.port);
				sockets.add(socket);
				write(socket, "POST /argument HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n.");
			}
			// Each of them has a buffer from a filter, too
			await().until(() -> this.pool.statistics().leased() == 2 * sockets.size());
			assertThat(this.pool.statistics().leasedBytes()).isLessThanOrEqualTo(sockets.size() * (4 + 72 * 1024L));
		}
		finally {
			for (Socket socket : sockets) {
				socket.close();
			}
		}
	}

	private static void write(Socket socket, String text) throws IOException {
		OutputStream out = socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	private static Stream<Arguments> in(Stream<String> ways, Arguments... sources) {
		return ways.flatMap((way) -> Stream.of(false, true)
			.flatMap((chunked) -> Stream.of(sources)
				.map(Arguments::get)
				.map((source) -> Arguments.of(way, chunked, source[0], source[1], source[2]))));
	}

	private HttpResponse<String> post(String path, boolean chunked, String source, String type, String body)
			throws IOException, InterruptedException {
		BodyPublisher content = BodyPublishers.ofString(body);
		HttpRequest.Builder request = request(path).header("Source", source)
			.POST(chunked ? BodyPublishers.fromPublisher(content) : content);
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.version(HttpClient.Version.HTTP_1_1)
			.timeout(Duration.ofSeconds(30));
	}

}
