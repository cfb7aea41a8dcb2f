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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.ReplayApplication.Kept;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Bodies that a filter reads first, and bodies that a filter keeps, in a real container.
 * After each test nothing is leased.
 */
@ProvokesOutput
@SpringBootTest(classes = ReplayApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.pools.web.tiers=1KB, 8KB, 64KB, 256KB", "mempool.pools.web.max-idle=8",
				"mempool.pools.web.limit=8MB", "mempool.pools.web.policy=fail", "mempool.pools.other.tiers=128KB",
				"mempool.request.pool=web", "mempool.request.max-body-size=200KB" })
abstract class AbstractReplayTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("web")
	private BufferPool pool;

	@Autowired
	@Qualifier("other")
	private BufferPool other;

	@Autowired
	private RequestScopes scopes;

	@BeforeEach
	void forget() {
		ReplayApplication.kept.clear();
	}

	@AfterEach
	void everythingIsBack() {
		await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(8)).untilAsserted(() -> {
			assertThat(this.pool.statistics().leased()).isZero();
			assertThat(this.other.statistics().leased()).isZero();
			assertThat(this.scopes.statistics().open()).isZero();
		});
		assertThat(this.pool.statistics().leaked()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	// Replay

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body", "other-pool", "bytes", "text", "stream", "callable" })
	void bodyThatAFilterHasVerifiedIsReadAgainInEveryWay(String path) throws Exception {
		for (int size : new int[] { 0, 1, 1024, 70_000, 200 * 1024 }) {
			for (boolean chunked : new boolean[] { false, true }) {
				HttpResponse<byte[]> response = post("/signed/" + path, "application/octet-stream", body(size),
						chunked);
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).isEqualTo(body(size));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body" })
	void pooledReadersOfAVerifiedBodyShareItsMemory(String path) throws Exception {
		long before = acquisitions();
		post("/signed/" + path, "application/octet-stream", body(60_000), false);
		assertThat(acquisitions()).isEqualTo(before + 1);
	}

	@Test
	void verifiedBodyIsReadBySeveralReadersAsOftenAsTheyAsk() throws Exception {
		assertThat(text(post("/signed/several", "text/plain", body(5000), true))).isEqualTo("5000 5000 5000 5000 5000");
	}

	@Test
	void readerOfAVerifiedBodyBeginsAtTheFirstCharacterAtEachCall() throws Exception {
		assertThat(text(post("/signed/reader", "text/plain", bytes("abc"), false))).isEqualTo("again: aaaaaa");
	}

	@Test
	void verifiedJsonIsConverted() throws Exception {
		assertThat(text(post("/signed/json", "application/json", bytes("{\"a\":1}"), false))).isEqualTo("{\"a\":1}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/signed/form?name=q&x=1", "/logged/form?name=q&x=1" })
	void parametersOfAFormFollowThoseOfTheQuery(String path) throws Exception {
		String form = "name=M%C3%BCller+%26+Co&name=b&empty=&flag&%C3%BC=%C3%A4";
		assertThat(text(post(path, FORM, bytes(form), false)))
			.isEqualTo("{name=q, x=1, empty=, flag=, ü=ä} [q, Müller & Co, b]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body" })
	void verifiedFormIsReadAsTheClientHasSentIt(String path) throws Exception {
		String form = "name=M%c3%bcller%20&name=b&&flag";
		assertThat(text(post("/signed/" + path, FORM, bytes(form), false))).isEqualTo(form);
	}

	@ParameterizedTest
	@ValueSource(strings = { "name=%4", "name=%zz", "%" })
	void malformedFormIsAnsweredWith400(String form) throws Exception {
		assertThat(post("/signed/form", FORM, bytes(form), false).statusCode()).isEqualTo(400);
	}

	@Test
	void formOfTooManyParametersIsAnsweredWith400() throws Exception {
		assertThat(post("/signed/form", FORM, bytes("name=1&".repeat(10_001)), false).statusCode()).isEqualTo(400);
	}

	@Test
	void filterWithinTheVerifyingOneMayChangeTheBody() throws Exception {
		byte[] zipped = zip(body(50_000));
		for (String path : new String[] { "/signed/buffer", "/signed/argument", "/signed/read-body" }) {
			HttpRequest request = request(path, zipped).header("Zipped", "yes")
				.header("Content-Type", "application/octet-stream")
				.POST(BodyPublishers.ofByteArray(zipped))
				.build();
			assertThat(send(request).body()).isEqualTo(body(50_000));
		}
	}

	@Test
	void bodyWithAnotherSignatureDoesNotReachTheController() throws Exception {
		HttpRequest request = request("/signed/bytes", body(7)).POST(BodyPublishers.ofByteArray(body(6))).build();
		assertThat(send(request).statusCode()).isEqualTo(401);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bodyThatIsTooLargeToBeVerifiedIsAnsweredWith413(boolean chunked) throws Exception {
		HttpResponse<byte[]> response = post("/signed/bytes", "text/plain", body(200 * 1024 + 1), chunked);
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(text(response)).contains("mempool.request.max-body-size");
	}

	@Test
	void exhaustedPoolIsAnsweredWith503() throws Exception {
		try (BufferScope others = new BufferScope(this.pool)) {
			for (int size : new int[] { 256 * 1024, 65_536, 1024 }) {
				for (PooledBuffer next = this.pool.tryAcquire(size); next != null; next = this.pool.tryAcquire(size)) {
					others.adopt(next);
				}
			}
			assertThat(post("/signed/bytes", "text/plain", body(50_000), false).statusCode()).isEqualTo(503);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/signed/fails", "/logged/fails" })
	void errorOfAControllerIsAnsweredByTheErrorPage(String path) throws Exception {
		HttpResponse<byte[]> response = post(path, "application/octet-stream", body(5000), false);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(text(response)).contains("Internal Server Error");
	}

	@Test
	void readerAfterTheEndOfTheRequestGetsAnErrorThatSaysWhy() throws Exception {
		post("/signed/late", "application/octet-stream", body(5000), false);
		await().until(() -> this.pool.statistics().leased() == 0);
		PooledReplayRequest replayed = null;
		HttpServletRequest request = ReplayApplication.late;
		while (replayed == null && request instanceof HttpServletRequestWrapper wrapper) {
			replayed = (request instanceof PooledReplayRequest found) ? found : null;
			request = (HttpServletRequest) wrapper.getRequest();
		}
		PooledReplayRequest late = replayed;
		assertThat(late).isNotNull();
		assertThatIllegalStateException().isThrownBy(late::getInputStream).withMessageContaining("has ended");
		assertThatIllegalStateException().isThrownBy(late::getReader).withMessageContaining("has ended");
		assertThatIllegalStateException().isThrownBy(late::content).withMessageContaining("has ended");
	}

	@Test
	void partsOfAVerifiedBodyAreRefused() throws Exception {
		byte[] parts = bytes(
				"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nz\r\n--x--\r\n");
		assertThat(post("/signed/part", "multipart/form-data; boundary=x", parts, false).statusCode()).isEqualTo(500);
	}

	@ParameterizedTest
	@ValueSource(strings = { "signed", "logged" })
	void clientThatHangsUpWhileItSends(String prefix) throws Exception {
		for (boolean reset : new boolean[] { false, true }) {
			Socket socket = new Socket("localhost", this.port);
			socket.getOutputStream()
				.write(bytes("POST /" + prefix + "/bytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
						+ "x".repeat(20_000)));
			await().until(() -> this.pool.statistics().leased() > 0);
			if (reset) {
				socket.setSoLinger(true, 0);
			}
			socket.close();
		}
	}

	// What controllers read

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body", "other-pool", "bytes", "text", "stream" })
	void whatAControllerReadsIsKept(String path) throws Exception {
		for (int size : new int[] { 0, 1, 1024, 70_000 }) {
			for (boolean chunked : new boolean[] { false, true }) {
				HttpResponse<byte[]> response = post("/logged/" + path, "application/octet-stream", body(size),
						chunked);
				assertThat(response.body()).isEqualTo(body(size));
				assertKept(body(size), false);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body" })
	void keptBodySharesTheMemoryOfPooledReaders(String path) throws Exception {
		long before = large();
		post("/logged/" + path, "application/octet-stream", body(60_000), false);
		assertThat(large()).isEqualTo(before + 1);
		assertKept(body(60_000), false);
	}

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "argument", "read-body", "bytes" })
	void bodyIsBothVerifiedAndKept(String path) throws Exception {
		HttpRequest request = request("/signed/" + path, body(60_000)).header("Log", "yes")
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofByteArray(body(60_000)))
			.build();
		assertThat(send(request).body()).isEqualTo(body(60_000));
		assertKept(body(60_000), false);
	}

	@Test
	void exactlyWhatWasReadIsKept() throws Exception {
		post("/logged/ten", "application/octet-stream", body(5000), false);
		assertKept(body(10), false);
		post("/logged/nothing", "application/octet-stream", body(5000), false);
		assertKept(new byte[0], false);
	}

	@ParameterizedTest
	@ValueSource(strings = { "buffer", "read-body", "bytes", "stream" })
	void whatIsOverTheLimitIsReadAndNotKept(String path) throws Exception {
		HttpRequest request = request("/logged/" + path, body(0)).header("Limit", "1500")
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofByteArray(body(5000)))
			.build();
		assertThat(send(request).body()).isEqualTo(body(5000));
		assertKept(body(1500), true);
	}

	@Test
	void poolWithoutMemoryFailsNoReader() throws Exception {
		try (BufferScope others = new BufferScope(this.pool)) {
			for (int size : new int[] { 256 * 1024, 65_536, 8192, 1024 }) {
				for (PooledBuffer next = this.pool.tryAcquire(size); next != null; next = this.pool.tryAcquire(size)) {
					others.adopt(next);
				}
			}
			assertThat(post("/logged/bytes", "text/plain", body(50_000), false).body()).isEqualTo(body(50_000));
		}
	}

	@Test
	void formIsKeptWithoutItsQuery() throws Exception {
		post("/logged/form?name=q&x=1", FORM, bytes("name=M%C3%BCller+%26+Co&name=b&empty="), false);
		Kept kept = ReplayApplication.kept.poll(8, TimeUnit.SECONDS);
		assertThat(new String(kept.content(), StandardCharsets.US_ASCII).split("&"))
			.containsExactlyInAnyOrder("name=M%C3%BCller+%26+Co", "name=b", "empty=");
	}

	private static void assertKept(byte[] content, boolean truncated) throws InterruptedException {
		Kept kept = ReplayApplication.kept.poll(8, TimeUnit.SECONDS);
		assertThat(kept.content()).isEqualTo(content);
		assertThat(kept.truncated()).isEqualTo(truncated);
	}

	private long acquisitions() {
		return this.pool.statistics().hits() + this.pool.statistics().misses();
	}

	private long large() {
		return this.pool.statistics()
			.tiers()
			.stream()
			.filter((tier) -> tier.size() > 1024)
			.mapToLong((tier) -> tier.hits() + tier.misses())
			.sum();
	}

	private HttpResponse<byte[]> post(String path, String type, byte[] body, boolean chunked) throws Exception {
		HttpRequest.BodyPublisher publisher = BodyPublishers.ofByteArray(body);
		return send(request(path, body).header("Content-Type", type)
			.POST(chunked ? BodyPublishers.fromPublisher(publisher) : publisher)
			.build());
	}

	private HttpRequest.Builder request(String path, byte[] signed) {
		String signature = HexFormat.of().formatHex(ReplayApplication.sign(PooledBuffer.wrap(signed)));
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.version(HttpClient.Version.HTTP_1_1)
			.timeout(Duration.ofSeconds(30))
			.header("Signature", signature);
	}

	private HttpResponse<byte[]> send(HttpRequest request) throws Exception {
		try {
			return this.client.send(request, BodyHandlers.ofByteArray());
		}
		catch (IOException ex) {
			// A container closes the connection of a body that it refused, perhaps while
			// the client takes it for another request
			return this.client.send(request, BodyHandlers.ofByteArray());
		}
	}

	private static byte[] body(int size) {
		byte[] body = new byte[size];
		Arrays.fill(body, (byte) 'b');
		return body;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	private static byte[] zip(byte[] content) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
			zipped.write(content);
		}
		return out.toByteArray();
	}

}
