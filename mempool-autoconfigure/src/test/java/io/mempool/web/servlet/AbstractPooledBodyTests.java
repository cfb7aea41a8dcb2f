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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.web.servlet.PooledBodyApplication.FaultController;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Controllers take and return pooled buffers, in a real container. After each test
 * nothing is leased, and the memory is clean.
 */
@SpringBootTest(classes = PooledBodyApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.pools.web.tiers=1KB, 8KB, 64KB, 1MB, 8MB", "mempool.pools.web.max-idle=8",
				"mempool.pools.web.limit=24MB", "mempool.pools.web.policy=fail", "mempool.request.pool=web",
				"mempool.request.limit=9000000B", "mempool.request.max-body-size=1MB",
				"spring.servlet.multipart.max-file-size=4MB", "spring.servlet.multipart.max-request-size=8MB",
				"logging.level.root=off" })
abstract class AbstractPooledBodyTests {

	private static final int MAXIMUM = 1 << 20;

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("web")
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@AfterEach
	void everythingIsBackAndClean() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(8))
			.untilAsserted(() -> {
				assertThat(this.pool.statistics().leased()).isZero();
				assertThat(this.scopes.statistics().open()).isZero();
			});
		assertThat(this.pool.statistics().leaked()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		for (int size : new int[] { 1024, 8192, 65_536, MAXIMUM }) {
			try (PooledBuffer next = this.pool.acquire(size)) {
				assertThat(next.toByteArray()).as("memory that the next owner reads").isEqualTo(new byte[size]);
			}
		}
	}

	static Stream<String> echoes() {
		return Stream.concat(bodies(), Stream.of("/echo/callable", "/echo/future", "/echo/future-entity",
				"/echo/object", "/functional-async"));
	}

	// Each way to take a body
	static Stream<String> bodies() {
		return Stream.of("/echo/body", "/echo/entity", "/echo/request-entity", "/echo/argument", "/echo/optional",
				"/functional");
	}

	@ParameterizedTest
	@MethodSource("echoes")
	void bodyIsTakenAndReturnedWithAndWithoutItsLength(String path) throws Exception {
		for (int size : new int[] { 1, 1024, 100_000, MAXIMUM }) {
			byte[] body = body(size);
			for (boolean chunked : new boolean[] { false, true }) {
				HttpResponse<byte[]> response = post(path, publisher(body, chunked));
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.body()).isEqualTo(body);
				assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("echoes")
	void emptyBodyIsABufferOfNoBytes(String path) throws Exception {
		for (BodyPublisher body : new BodyPublisher[] { BodyPublishers.noBody(),
				BodyPublishers.ofByteArray(new byte[0]), publisher(new byte[0], true) }) {
			HttpResponse<byte[]> response = post(path, body);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(0);
		}
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void bodyThatIsAnnouncedAsTooLargeIsRefusedBeforeItArrives(String path) throws Exception {
		try (Socket socket = connect()) {
			write(socket, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (MAXIMUM + 1)
					+ "\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n");
			assertThat(readUntil(socket, "mempool.request.max-body-size")).startsWith("HTTP/1.1 413")
				.contains("application/problem+json");
		}
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void bodyThatTurnsOutTooLargeIsRefusedWith413(String path) throws Exception {
		HttpResponse<byte[]> response = post(path, publisher(body(MAXIMUM + 1), true));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(text(response)).contains("mempool.request.max-body-size");
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void exhaustedPoolIsAnsweredWith503(String path) throws Exception {
		try (BufferScope others = new BufferScope(this.pool)) {
			for (int size : new int[] { 8 << 20, MAXIMUM, 65_536 }) {
				for (PooledBuffer next = this.pool.tryAcquire(size); next != null; next = this.pool.tryAcquire(size)) {
					others.adopt(next);
				}
			}
			HttpResponse<byte[]> response = post(path, publisher(body(900_000), false));
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(text(response)).contains("mempool.pools.web.limit");
		}
	}

	@Test
	void bodyCountsTowardsWhatTheRequestMayHold() throws Exception {
		HttpResponse<byte[]> response = post("/fault/over-limit", publisher(body(1000), false));
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(text(response)).contains("mempool.request.limit");
	}

	@Test
	void bodyIsComparedWithWhatTheRequestMayHoldOnceIfTheRequestBecomesAsynchronous() throws Exception {
		assertThat(post("/fault/nearly-over-limit", publisher(body(600_000), false)).body()).hasSize(600_000);
	}

	@Test
	void bodyThatIsStreamedIsNotLimitedByABufferFromElsewhere() throws Exception {
		assertThat(text(post("/fault/attribute", publisher(body(2 * MAXIMUM), false)))).isEqualTo("2097152");
	}

	@Test
	void bodyThatWasTakenIsNotReadAgain() throws Exception {
		assertThat(post("/fault/read-after", publisher(body(1000), false)).statusCode()).isEqualTo(500);
	}

	@Test
	void adviceOfTheApplicationMayChangeTheBodyAndItsLength() throws Exception {
		HttpRequest request = request("/echo/body").header("Shorten", "yes").POST(publisher(body(1000), false)).build();
		HttpResponse<byte[]> response = send(request);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).hasSize(3);
	}

	@Test
	void lengthOfTheAnswerIsThatOfTheBuffer() throws Exception {
		HttpResponse<byte[]> response = post("/echo/wrong-length", publisher(body(1000), false));
		assertThat(response.body()).isEqualTo(body(1000));
	}

	@ParameterizedTest
	@CsvSource({ "/content,*/*,application/octet-stream", "/content,image/png,image/png",
			"/content/text,*/*,text/plain" })
	void typeOfTheAnswerIsWhatTheClientAcceptsAndTheControllerProduces(String path, String accepted, String type)
			throws Exception {
		HttpResponse<byte[]> response = send(request(path).header("Accept", accepted).build());
		assertThat(text(response)).isEqualTo(PooledBodyApplication.CONTENT);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
	}

	@Test
	void answerThatIsNotAcceptedIsAnsweredWith406() throws Exception {
		HttpRequest request = request("/content/text").header("Accept", "application/json").build();
		assertThat(send(request).statusCode()).isEqualTo(406);
	}

	@Test
	void headOfAnAnswerHasItsLengthAndNoBody() throws Exception {
		HttpResponse<byte[]> response = send(
				request("/content").method("HEAD", BodyPublishers.noBody()).header("Range", "bytes=2-4").build());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(10);
		assertThat(response.headers().firstValue("Accept-Ranges")).hasValue("bytes");
		assertThat(response.body()).isEmpty();
	}

	@Test
	void answerThatTheClientHasIsAnsweredWith304() throws Exception {
		HttpResponse<byte[]> response = send(request("/content/tagged").header("If-None-Match", "\"v1\"").build());
		assertThat(response.statusCode()).isEqualTo(304);
		assertThat(response.body()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "bytes=0-0,0,0-0", "bytes=2-4,234,2-4", "bytes=7-,789,7-9", "bytes=-3,789,7-9",
			"bytes=5-500,56789,5-9", "bytes=-500,0123456789,0-9", "bytes=9-9,9,9-9" })
	void rangeIsAnsweredWithThatPart(String range, String part, String positions) throws Exception {
		for (String path : new String[] { "/content", "/content/tagged", "/content/foreign" }) {
			HttpResponse<byte[]> response = send(request(path).header("Range", range).build());
			assertThat(response.statusCode()).isEqualTo(206);
			assertThat(text(response)).isEqualTo(part);
			assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes " + positions + "/10");
			assertThat(response.headers().allValues("Content-Length")).containsExactly(String.valueOf(part.length()));
			assertThat(response.headers().allValues("Accept-Ranges")).containsExactly("bytes");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=10-", "bytes=10-20", "bytes=-0", "bytes=5000000000-" })
	void rangeBeyondTheEndIsAnsweredWith416(String range) throws Exception {
		for (String path : new String[] { "/content", "/content/tagged" }) {
			HttpResponse<byte[]> response = send(request(path).header("Range", range).build());
			assertThat(response.statusCode()).isEqualTo(416);
			assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes */10");
			assertThat(response.headers().allValues("Content-Length")).containsExactly("0");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=0-1,3-4", "bytes=4-2", "bytes=x", "lines=1-2" })
	void severalRangesAndThoseThatCannotBeReadAreAnsweredWhole(String range) throws Exception {
		assertWhole(send(request("/content").header("Range", range).build()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "/content/tagged|\"v1\"|206", "/content/tagged|\"v2\"|200",
			"/content/tagged|W/\"v1\"|200", "/content/weak|W/\"v1\"|200", "/content|\"v1\"|200",
			"/content/tagged|Mon, 30 Nov 2026 00:00:00 GMT|206", "/content/tagged|Mon, 30 Nov 2026 00:00:01 GMT|200",
			"/content/tagged|no date|200", "/content|Mon, 30 Nov 2026 00:00:00 GMT|200" })
	void rangeOfAnotherContentIsAnsweredWhole(String path, String condition, int status) throws Exception {
		HttpResponse<byte[]> response = send(
				request(path).header("Range", "bytes=2-4").header("If-Range", condition).build());
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(text(response)).isEqualTo((status == 206) ? "234" : PooledBodyApplication.CONTENT);
	}

	@Test
	void rangeIsForGetAndStatus200Only() throws Exception {
		HttpResponse<byte[]> created = send(request("/content/created").header("Range", "bytes=2-4").build());
		assertThat(created.statusCode()).isEqualTo(201);
		assertThat(text(created)).isEqualTo(PooledBodyApplication.CONTENT);
		assertWhole(send(request("/content").header("Range", "bytes=2-4").POST(BodyPublishers.noBody()).build()));
		assertWhole(send(request("/content/without-ranges").header("Range", "bytes=2-4").build()));
	}

	@Test
	void emptyAnswerHasNoRange() throws Exception {
		HttpResponse<byte[]> response = send(request("/content/empty").header("Range", "bytes=0-").build());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(0);
	}

	private static void assertWhole(HttpResponse<byte[]> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(text(response)).isEqualTo(PooledBodyApplication.CONTENT);
		assertThat(response.headers().firstValue("Content-Range")).isEmpty();
	}

	@Test
	void bufferOfAnotherImplementationIsWrittenAndClosed() throws Exception {
		assertThat(text(send(request("/content/foreign").build()))).isEqualTo(PooledBodyApplication.CONTENT);
	}

	// Parts of a body

	@ParameterizedTest
	@ValueSource(strings = { "/echo/part", "/echo/file" })
	void partIsTakenAndReturned(String path) throws Exception {
		for (int size : new int[] { 0, 1, 8192, 100_000, MAXIMUM }) {
			HttpResponse<byte[]> response = postParts(path, body(size));
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).isEqualTo(body(size));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/echo/part", "/echo/file" })
	void partThatIsTooLargeIsRefusedWith413(String path) throws Exception {
		HttpResponse<byte[]> response = postParts(path, body(MAXIMUM + 1));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(text(response)).contains("mempool.request.max-body-size");
	}

	@Test
	void severalPartsAreTaken() throws Exception {
		assertThat(text(postParts("/echo/parts", body(1000)))).isEqualTo("1000 and 4");
	}

	@Test
	void severalFilesAreTakenAndEachIsLimited() throws Exception {
		assertThat(text(postParts("/echo/files", body(1000), body(0), body(MAXIMUM)))).isEqualTo("1000 0 1048576 ");
		assertThat(postParts("/echo/files", body(1000), body(MAXIMUM + 1), body(10)).statusCode()).isEqualTo(413);
	}

	@Test
	void fileThatExceedsWhatTheRequestMayHoldIsRefusedWith413() throws Exception {
		HttpResponse<byte[]> response = postParts("/fault/file-over-limit", body(600_000));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(text(response)).contains("mempool.request.limit");
	}

	@Test
	void partTakesMemoryOfItsSizeAtOnce() throws Exception {
		long before = acquisitions();
		postParts("/echo/part", body(60_000));
		assertThat(acquisitions()).isEqualTo(before + 1);
	}

	// Faults

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatHangsUpWhileItSends(boolean reset) throws Exception {
		for (String path : bodies().toList()) {
			Socket socket = connect();
			write(socket, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n" + "x".repeat(20_000));
			await().until(() -> this.pool.statistics().leased() > 0);
			hangUp(socket, reset);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatHangsUpWhileTheControllerWorks(boolean reset) throws Exception {
		FaultController.entered.set(new CountDownLatch(1));
		FaultController.proceed.set(new CountDownLatch(1));
		Socket socket = connect();
		write(socket,
				"POST /fault/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
		assertThat(FaultController.entered.get().await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.pool.statistics().leased()).isOne();
		hangUp(socket, reset);
		FaultController.proceed.get().countDown();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatHangsUpWhileItSendsAPartOrWaitsForItsAnswer(boolean reset) throws Exception {
		String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
				+ "x".repeat(100_000) + "\r\n--x--\r\n";
		String head = "POST /fault/slow-part HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + part.length() + "\r\n\r\n";
		FaultController.entered.set(new CountDownLatch(1));
		FaultController.proceed.set(new CountDownLatch(1));
		Socket sending = connect();
		write(sending, head + part.substring(0, 50_000));
		hangUp(sending, reset);
		Socket waiting = connect();
		write(waiting, head + part);
		assertThat(FaultController.entered.get().await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.pool.statistics().leased()).isOne();
		hangUp(waiting, reset);
		FaultController.proceed.get().countDown();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatHangsUpWhileItReads(boolean reset) throws Exception {
		Socket socket = connect();
		write(socket, "GET /content/large/8000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(socket.getInputStream().readNBytes(5000)).hasSize(5000);
		assertThat(this.pool.statistics().leased()).isOne();
		hangUp(socket, reset);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatHangsUpWhileItReadsARange(boolean reset) throws Exception {
		Socket socket = connect();
		write(socket, "GET /content/large/8000000 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=10-\r\n\r\n");
		assertThat(socket.getInputStream().readNBytes(5000)).hasSize(5000);
		assertThat(this.pool.statistics().leased()).isOne();
		hangUp(socket, reset);
	}

	@Test
	void adviceOfTheApplicationThatFailsLeavesNothingLeased() throws Exception {
		for (String range : new String[] { "bytes=0-1", "none" }) {
			HttpRequest request = request("/content").header("Fail", "yes").header("Range", range).build();
			assertThat(send(request).statusCode()).isEqualTo(500);
		}
	}

	@Test
	void controllerThatFailsLeavesNothingLeased() throws Exception {
		assertThat(post("/fault/throws", publisher(body(1000), false)).statusCode()).isEqualTo(500);
	}

	@Test
	void resultThatComesTooLateLeavesNothingLeased() throws Exception {
		assertThat(post("/fault/lost", publisher(body(1000), false)).statusCode()).isEqualTo(503);
	}

	@Test
	void bufferThatWasReleasedIsAnErrorBeforeAnythingIsSent() throws Exception {
		HttpResponse<byte[]> response = post("/fault/released", publisher(body(1000), false));
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).isNotEmpty();
	}

	private long acquisitions() {
		return this.pool.statistics().hits() + this.pool.statistics().misses();
	}

	private static byte[] body(int size) {
		byte[] body = new byte[size];
		Arrays.fill(body, (byte) 'b');
		return body;
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	private static BodyPublisher publisher(byte[] body, boolean chunked) {
		BodyPublisher publisher = BodyPublishers.ofByteArray(body);
		return chunked ? BodyPublishers.fromPublisher(publisher) : publisher;
	}

	private HttpResponse<byte[]> post(String path, BodyPublisher body) throws Exception {
		return send(request(path).header("Content-Type", "application/octet-stream").POST(body).build());
	}

	private HttpResponse<byte[]> postParts(String path, byte[]... files) throws Exception {
		List<BodyPublisher> parts = new ArrayList<>();
		parts.add(BodyPublishers.ofString("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ntext\r\n"));
		for (byte[] file : files) {
			parts.add(BodyPublishers
				.ofString("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"));
			parts.add(BodyPublishers.ofByteArray(file));
			parts.add(BodyPublishers.ofString("\r\n"));
		}
		parts.add(BodyPublishers.ofString("--x--\r\n"));
		return send(request(path).header("Content-Type", "multipart/form-data; boundary=x")
			.POST(BodyPublishers.concat(parts.toArray(BodyPublisher[]::new)))
			.build());
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

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.version(HttpClient.Version.HTTP_1_1)
			.timeout(Duration.ofSeconds(30));
	}

	private Socket connect() throws IOException {
		return new Socket("localhost", this.port);
	}

	private static void write(Socket socket, String text) throws IOException {
		OutputStream out = socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	// A container that has answered may still wait for the body
	private static String readUntil(Socket socket, String end) throws IOException {
		socket.setSoTimeout(10_000);
		StringBuilder text = new StringBuilder();
		while (text.indexOf(end) < 0) {
			int next = socket.getInputStream().read();
			if (next < 0) {
				break;
			}
			text.append((char) next);
		}
		return text.toString();
	}

	// By FIN, or by RST
	private static void hangUp(Socket socket, boolean reset) throws IOException {
		if (reset) {
			socket.setSoLinger(true, 0);
		}
		socket.close();
	}

}
