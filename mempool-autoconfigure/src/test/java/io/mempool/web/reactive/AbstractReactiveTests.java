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

package io.mempool.web.reactive;

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
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.DiscardReason;
import io.mempool.core.OpenLease;
import io.mempool.scope.ScopeStatistics;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests to WebFlux on a real server: what they own is back afterwards, whatever
 * happened to them.
 */
@ProvokesOutput
@SpringBootTest(classes = ReactiveApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.main.web-application-type=reactive", "mempool.leak-detection=paranoid",
				"mempool.pools.default.tiers=4KB,64KB,512KB", "mempool.pools.default.limit=16MB",
				"mempool.pools.default.policy=fail", "mempool.request.max-body-size=300KB",
				"mempool.request.limit=900KB", "mempool.pools.waiting.tiers=4KB", "mempool.pools.waiting.max-total=1",
				"mempool.pools.waiting.max-idle=1", "mempool.pools.waiting.policy=wait",
				"mempool.pools.waiting.max-wait=20s" })
abstract class AbstractReactiveTests {

	private static final int PARTS = 8192;

	final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@LocalServerPort
	int port;

	@Autowired
	@Qualifier("default")
	BufferPool pool;

	@Autowired
	@Qualifier("waiting")
	BufferPool waiting;

	@Autowired
	RequestScopes scopes;

	@Autowired
	ReactiveApplication.SlowController slow;

	@AfterEach
	void everythingIsBack() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> {
				assertThat(this.pool.openLeases()).isEmpty();
				assertThat(this.pool.statistics().leased()).isZero();
				assertThat(this.waiting.statistics().leased()).isZero();
				assertThat(this.scopes.statistics().open()).isZero();
			});
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.timeout(Duration.ofSeconds(30));
	}

	HttpResponse<byte[]> post(String path, BodyPublisher body) throws IOException, InterruptedException {
		return this.client.send(request(path).POST(body).build(), BodyHandlers.ofByteArray());
	}

	HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = request(path);
		return this.client.send(((headers.length > 0) ? request.headers(headers) : request).build(),
				BodyHandlers.ofByteArray());
	}

	static byte[] content(int size) {
		byte[] content = new byte[size];
		ThreadLocalRandom.current().nextBytes(content);
		return content;
	}

	// Without an announced length
	static BodyPublisher inChunks(byte[] content) {
		List<byte[]> parts = new ArrayList<>();
		for (int i = 0; i < content.length; i += PARTS) {
			parts.add(Arrays.copyOfRange(content, i, Math.min(content.length, i + PARTS)));
		}
		return BodyPublishers.ofByteArrays(parts);
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/mono", "/entity", "/argument", "/later", "/buffers", "/scope", "/function",
			"/function/read" })
	void bodyIsTakenAndReturned(String path) throws Exception {
		for (int size : new int[] { 1, 4096, 100_000, 300 * 1024 }) {
			byte[] content = content(size);
			HttpResponse<byte[]> announced = post(path, BodyPublishers.ofByteArray(content));
			assertThat(announced.statusCode()).as(text(announced).substring(0, Math.min(300, announced.body().length)))
				.isEqualTo(200);
			assertThat(announced.body()).isEqualTo(content);
			assertThat(post(path, inChunks(content)).body()).isEqualTo(content);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/mono", "/entity", "/argument", "/later", "/buffers", "/scope", "/function",
			"/function/read" })
	void emptyBodyIsABufferOfSizeZero(String path) throws Exception {
		HttpResponse<byte[]> response = post(path, BodyPublishers.noBody());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/argument", "/entity", "/function", "/tagged" })
	void answerHasItsLength(String path) throws Exception {
		HttpResponse<byte[]> response = path.equals("/tagged") ? get(path)
				: post(path, BodyPublishers.ofByteArray(new byte[10]));
		assertThat(response.headers().firstValue("Content-Length")).contains("10");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/mono", "/entity", "/argument", "/buffers", "/function", "/function/read",
			"/filter" })
	void bodyOverTheMaximumIsAnsweredWith413ThatNamesPoolAndProperty(String path) throws Exception {
		byte[] content = new byte[300 * 1024 + 1];
		for (BodyPublisher body : List.of(BodyPublishers.ofByteArray(content), inChunks(content))) {
			HttpResponse<byte[]> response = postMore(path, body);
			assertThat(response.statusCode()).isEqualTo(413);
			assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
			assertThat(text(response)).contains("\"pool\":\"default\"",
					"\"property\":\"mempool.request.max-body-size\"", "\"instance\":\"" + path + "\"");
		}
	}

	// Jetty closes the connection, since it did not read the body. What a client sends
	// after that may cost it the answer
	private HttpResponse<byte[]> postMore(String path, BodyPublisher body) throws Exception {
		for (int attempt = 1;; attempt++) {
			try {
				return HttpClient.newHttpClient().send(request(path).POST(body).build(), BodyHandlers.ofByteArray());
			}
			catch (IOException ex) {
				if (attempt == 5) {
					throw ex;
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/argument", "/function", "/filter" })
	void exhaustedPoolIsAnsweredWith503AndAdviceToTryAgain(String path) throws Exception {
		List<PooledBuffer> others = fillPool();
		try {
			HttpResponse<byte[]> response = post(path, BodyPublishers.ofByteArray(new byte[200_000]));
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).contains("1");
			assertThat(text(response)).contains("\"property\":\"mempool.pools.default.limit\"");
		}
		finally {
			others.forEach(PooledBuffer::release);
		}
	}

	private List<PooledBuffer> fillPool() {
		List<PooledBuffer> others = new ArrayList<>();
		for (int size : new int[] { 512 * 1024, 64 * 1024, 4096 }) {
			for (PooledBuffer other = this.pool.tryAcquire(size); other != null; other = this.pool.tryAcquire(size)) {
				others.add(other);
			}
		}
		return others;
	}

	@Test
	void functionThatExceedsTheLimitOfTheRequestIsAnsweredWithAProblemDocument() throws Exception {
		HttpResponse<byte[]> response = get("/function/exhausted");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(text(response)).contains("\"property\":\"mempool.request.limit\"");
	}

	@Test
	void partIsTakenAsItIs() throws Exception {
		byte[] content = content(50_000);
		byte[] head = ("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		byte[] tail = "\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII);
		HttpRequest request = request("/part").header("Content-Type", "multipart/form-data; boundary=b")
			.POST(BodyPublishers.ofByteArrays(List.of(head, content, tail)))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(content);
	}

	@Test
	void streamOfBuffersIsSentOneAfterTheOther() throws Exception {
		assertThat(text(get("/stream"))).isEqualTo("abc");
	}

	@Test
	void bodyCanBeReadOnce() throws Exception {
		assertThat(post("/twice", BodyPublishers.ofString("body")).statusCode()).isEqualTo(500);
	}

	@Test
	void bodyThatNoSubscriberReadsTakesNoMemory() throws Exception {
		long before = this.pool.statistics().acquisitions();
		assertThat(text(post("/ignored", BodyPublishers.ofByteArray(new byte[100_000])))).isEqualTo("ignored");
		assertThat(this.pool.statistics().acquisitions()).isEqualTo(before);
	}

	@Test
	void requestThatAcquiresNothingOpensNoScope() throws Exception {
		ScopeStatistics before = this.scopes.statistics();
		assertThat(text(get("/plain"))).isEqualTo("plain");
		assertThat(this.scopes.statistics()).isEqualTo(before);
	}

	@Test
	void answerThatTheClientHasOrDoesNotAcceptGoesBack() throws Exception {
		assertThat(get("/tagged", "If-None-Match", "\"1\"").statusCode()).isEqualTo(304);
		assertThat(get("/text", "Accept", "image/png").statusCode()).isEqualTo(406);
		HttpRequest head = request("/tagged").method("HEAD", BodyPublishers.noBody()).build();
		HttpResponse<byte[]> response = this.client.send(head, BodyHandlers.ofByteArray());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Length")).contains("10");
	}

	private long inDoubt() {
		return this.pool.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	@Test
	void memoryOfACompleteRequestIsLentAgain() throws Exception {
		post("/body", BodyPublishers.ofByteArray(new byte[100_000]));
		everythingIsBack();
		long before = inDoubt();
		post("/body", BodyPublishers.ofByteArray(new byte[100_000]));
		everythingIsBack();
		assertThat(inDoubt()).isEqualTo(before);
	}

	@Test
	void requestThatNoHandlerOfExceptionsRescuesEndsInDoubt() throws Exception {
		long before = this.scopes.statistics().inDoubt();
		assertThat(post("/failing", BodyPublishers.ofByteArray(new byte[1000])).statusCode()).isEqualTo(500);
		await().until(() -> this.scopes.statistics().inDoubt() == before + 1);
		assertThat(post("/body", inChunks(new byte[300 * 1024 + 1])).statusCode()).isEqualTo(413);
		everythingIsBack();
		assertThat(this.scopes.statistics().inDoubt()).isEqualTo(before + 1);
	}

	@Test
	void leaseIsNamedAfterItsRequest() throws Exception {
		String id = UUID.randomUUID().toString();
		CompletableFuture<HttpResponse<byte[]>> response = this.client.sendAsync(
				request("/slow?id=" + id).POST(BodyPublishers.ofString("body")).build(), BodyHandlers.ofByteArray());
		this.slow.arrived(id).await();
		assertThat(this.pool.openLeases()).extracting(OpenLease::toString)
			.anySatisfy((lease) -> assertThat(lease).contains("POST /slow"));
		this.slow.released(id).countDown();
		assertThat(text(response.join())).isEqualTo("body");
	}

	// Clients that go

	Socket open(String path, int length) throws IOException {
		Socket socket = new Socket("localhost", this.port);
		socket.getOutputStream()
			.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	// With a reset instead of an end
	static void hangUp(Socket socket) throws IOException {
		socket.setSoLinger(true, 0);
		socket.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/mono", "/argument", "/buffers", "/function", "/filter" })
	void clientThatHangsUpWhileItUploadsLeavesNothing(String path) throws Exception {
		Socket socket = open(path, 200_000);
		OutputStream out = socket.getOutputStream();
		out.write(new byte[100_000]);
		out.flush();
		await().until(() -> this.pool.statistics().leased() > 0);
		hangUp(socket);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/large?size=500000", "/parts" })
	void clientThatHangsUpWhileItsAnswerIsSentLeavesNothing(String path) throws Exception {
		for (int i = 0; i < 20; i++) {
			Socket socket = new Socket("localhost", this.port);
			socket.setReceiveBufferSize(1024);
			socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			assertThat(socket.getInputStream().read()).isPositive();
			hangUp(socket);
		}
	}

	@Test
	void subscriberThatCancelsLeavesNothing() throws Exception {
		Socket socket = open("/cut", 200_000);
		socket.getOutputStream().write(new byte[100_000]);
		byte[] start = socket.getInputStream().readNBytes(12);
		assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
		hangUp(socket);
	}

	// Waiting

	@ParameterizedTest
	@ValueSource(strings = { "/waiting/later", "/waiting/body" })
	void requestThatWaitsForMemoryLetsItsEventLoopGoOn(String path) throws Exception {
		PooledBuffer other = this.waiting.acquire(10);
		List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
		// More than there are event loops
		for (int i = 0; i < 10; i++) {
			HttpRequest.Builder request = request(path);
			responses.add(this.client.sendAsync(
					(path.endsWith("body") ? request.POST(BodyPublishers.ofByteArray(new byte[10])) : request.GET())
						.build(),
					BodyHandlers.ofByteArray()));
		}
		await().until(() -> this.waiting.statistics().waiting() == 10);
		assertThat(text(get("/plain"))).isEqualTo("plain");
		other.release();
		assertThat(responses).allSatisfy((response) -> assertThat(response.join().statusCode()).isEqualTo(200));
	}

}
