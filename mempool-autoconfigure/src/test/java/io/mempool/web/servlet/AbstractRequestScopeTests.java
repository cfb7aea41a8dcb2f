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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.DiscardReason;
import io.mempool.testing.Started;
import io.mempool.web.servlet.RequestTestApplication.AsyncController;
import io.mempool.web.servlet.RequestTestApplication.Stamper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a request acquires is given back when it ends, however it ends: in a real
 * container.
 */
@SpringBootTest(classes = RequestTestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.pools.web.min-size=1KB", "mempool.pools.web.max-size=1MB",
				"mempool.pools.web.max-idle=8", "mempool.pools.other.tiers=2KB", "mempool.request.pool=web",
				"mempool.request.limit=1500KB", "mempool.request.max-body-size=1MB", "logging.level.root=off" })
abstract class AbstractRequestScopeTests {

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
	private Stamper stamper;

	@Autowired
	private RequestScopes scopes;

	@AfterEach
	void everythingIsBack() {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> {
				assertThat(this.pool.statistics().leased()).isZero();
				assertThat(this.other.statistics().leased()).isZero();
				assertThat(this.scopes.statistics().open()).isZero();
			});
		assertThat(this.pool.statistics().leaked()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sync/singleton", "/sync/argument", "/sync/other-pool", "/async/callable",
			"/async/callable-acquires-first", "/async/deferred" })
	void requestThatSucceedsGivesItsMemoryBackToBeUsedAgain(String path) throws Exception {
		assertThat(get(path).body()).startsWith("stamped");
		awaitIdle();
		long discarded = this.pool.statistics().discarded();
		assertThat(get(path).statusCode()).isEqualTo(200);
		awaitIdle();
		assertThat(this.pool.statistics().discarded()).isEqualTo(discarded);
	}

	@Test
	void requestThatAcquiresNothingAcquiresNothing() throws Exception {
		long before = acquisitions();
		assertThat(get("/sync/nothing").body()).isEqualTo("nothing");
		assertThat(acquisitions()).isEqualTo(before);
	}

	@Test
	void requestKeepsNothingOfWhatWasReleasedEarly() throws Exception {
		assertThat(get("/sync/released-early").body()).isEqualTo("0");
	}

	@ParameterizedTest
	@CsvSource({ "/sync/throw,500", "/sync/send-error,418", "/async/callable-throws,500", "/async/deferred-fails,500" })
	void errorPageHasAScopeOfItsOwn(String path, int status) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.body()).isEqualTo("error page holds 1");
	}

	@Test
	void synchronousRequestThatFailsHasItsMemoryUsedAgain() throws Exception {
		long inDoubt = inDoubt();
		get("/sync/throw");
		awaitIdle();
		assertThat(inDoubt()).isEqualTo(inDoubt);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/async/callable-times-out", "/async/deferred-times-out" })
	void memoryOfARequestThatTimedOutIsNotUsedAgain(String path) throws Exception {
		CompletableFuture<String> straggler = new CompletableFuture<>();
		AsyncController.straggler.set(straggler);
		AsyncController.requestEnded.set(new CountDownLatch(1));
		long inDoubt = inDoubt();
		long scopesInDoubt = this.scopes.statistics().inDoubt();
		assertThat(get(path).statusCode()).isEqualTo(503);
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(inDoubt()).isEqualTo(inDoubt + 1);
			assertThat(this.scopes.statistics().inDoubt()).isEqualTo(scopesInDoubt + 1);
		});
		AsyncController.requestEnded.get().countDown();
		assertThat(straggler.get(20, TimeUnit.SECONDS)).as("a write through the lease of the ended request")
			.isEqualTo("refused");
		for (int i = 0; i < 20; i++) {
			assertThat(get("/sync/singleton").statusCode()).as("memory is clean").isEqualTo(200);
		}
	}

	@Test
	void memoryOfARequestGoesBackWhenTheTaskItHandedOverHasEnded() throws Exception {
		CompletableFuture<String> task = new CompletableFuture<>();
		AsyncController.task.set(task);
		AsyncController.taskMayEnd.set(new CountDownLatch(1));
		assertThat(get("/async/hands-over").body()).isEqualTo("handed over");
		for (int i = 0; i < 20; i++) {
			assertThat(get("/sync/singleton").statusCode()).as("memory is that of one request").isEqualTo(200);
		}
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(this.pool.statistics().leased()).as("the task's alone").isEqualTo(1);
			assertThat(this.scopes.statistics().open()).isEqualTo(1);
		});
		AsyncController.taskMayEnd.get().countDown();
		assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo("kept");
		awaitIdle();
	}

	@Test
	void streamedResponseGivesItsMemoryBackWhenItIsComplete() throws Exception {
		HttpResponse<String> response = get("/async/stream/10");
		assertThat(response.body()).isEqualTo("x".repeat(10 * RequestTestApplication.SIZE));
	}

	@Test
	void streamedResponseGivesItsMemoryBackWhenTheClientHangsUp() throws Exception {
		try (Socket socket = new Socket("localhost", this.port)) {
			write(socket, "GET /async/stream/1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(socket.getInputStream().readNBytes(5000)).hasSize(5000);
			assertThat(this.pool.statistics().leased()).isPositive();
		}
	}

	@Test
	void serverSentEventsGiveTheirMemoryBackWhenTheyAreComplete() throws Exception {
		assertThat(get("/async/sse").body()).contains("stamped 1", "stamped 2", "stamped 3");
	}

	@Test
	void serverSentEventsWithoutATimeOutGiveTheirMemoryBackWhenTheApplicationNoticesThatTheClientHasGone()
			throws Exception {
		try (Socket socket = new Socket("localhost", this.port)) {
			write(socket, "GET /async/sse-until-gone HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(socket.getInputStream().readNBytes(3000)).hasSize(3000);
			assertThat(this.pool.statistics().leased()).isPositive();
		}
	}

	@Test
	void clientThatHangsUpInItsBodyLeavesNothingLeased() throws Exception {
		long before = acquisitions();
		hangUpInBody();
		await().untilAsserted(() -> assertThat(acquisitions()).isGreaterThan(before));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 1023, 1024, 1025, 100_000, 1_048_575, 1_048_576 })
	void bodyIsReadWholeWithAndWithoutItsLength(int size) throws Exception {
		byte[] body = new byte[size];
		Arrays.fill(body, (byte) 'b');
		assertThat(post("/sync/echo", BodyPublishers.ofByteArray(body)).body()).isEqualTo(body);
		assertThat(post("/sync/echo", chunked(body)).body()).isEqualTo(body);
	}

	@Test
	void bodyOverItsLimitIsRefusedWith413() throws Exception {
		HttpResponse<byte[]> response = post("/sync/echo", chunked(new byte[1_048_577]));
		assertThat(response.statusCode()).isEqualTo(413);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\"status\":413")
			.contains("1048576 bytes");
	}

	@Test
	void bodyWhoseLengthIsOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
		// A client that sends the body might find a closed connection, and no answer
		try (Socket socket = new Socket("localhost", this.port)) {
			socket.setSoTimeout(30_000);
			write(socket, "POST /sync/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n");
			StringBuilder response = new StringBuilder();
			for (int next; response.indexOf("}") < 0 && (next = socket.getInputStream().read()) >= 0;) {
				response.append((char) next);
			}
			assertThat(response.toString()).startsWith("HTTP/1.1 413 ")
				.containsIgnoringCase("content-type: application/problem+json")
				.contains("\"status\":413")
				.contains("1048576 bytes");
		}
	}

	@Test
	void bodyIsReadOnce() throws Exception {
		assertThat(post("/sync/read-twice", BodyPublishers.ofString("body")).statusCode()).isEqualTo(500);
	}

	@Test
	void bodyThatWasReadAsAFormIsNotTakenForAnEmptyOne() throws Exception {
		HttpRequest request = request("/sync/form-first").header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("field=value"))
			.build();
		assertThat(this.client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(500);
	}

	@Test
	void requestOverItsLimitIsAnsweredWith500() throws Exception {
		HttpResponse<String> response = get("/sync/over-limit");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	@Test
	void exhaustedPoolIsAnsweredWith503WithoutTellingDetails() throws Exception {
		HttpResponse<String> response = get("/sync/exhausted");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(response.body()).contains("\"status\":503", "\"pool\":\"uploads\"").doesNotContain("secret");
	}

	@Test
	void applicationMayMapErrorsItself() throws Exception {
		assertThat(get("/mapped").statusCode()).isEqualTo(429);
		assertThat(get("/mapped").body()).isEqualTo("mapped by the application");
	}

	@Test
	void injectedBuffersExplainThemselvesOutsideOfARequest() throws Exception {
		assertThat(Started.of(() -> this.stamper.stamp(1)).failure()).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("No request is bound to the thread")
			.hasMessageContaining("take RequestBuffers as an argument")
			.hasMessageContaining("new BufferScope(pool)");
	}

	@Test
	void thousandRequestsOfAllKindsLeaveNothingBehindAndShareNothing() throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		List<PoolStatistics> samples = new ArrayList<>();
		Thread sampler = new Thread(() -> {
			while (!done.get()) {
				samples.add(this.pool.statistics());
				LockSupport.parkNanos(1_000_000);
			}
		});
		sampler.start();
		ExecutorService clients = Executors.newFixedThreadPool(48);
		try {
			List<Future<String>> outcomes = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				outcomes.add(clients.submit(requestOfKind(i)));
			}
			for (Future<String> outcome : outcomes) {
				assertThat(outcome.get(60, TimeUnit.SECONDS)).isEqualTo("as expected");
			}
		}
		finally {
			clients.shutdownNow();
			done.set(true);
			sampler.join();
		}
		assertThat(samples).isNotEmpty()
			.allSatisfy((sample) -> assertThat(sample.tiers())
				.allSatisfy((tier) -> assertThat(tier.idle()).isLessThanOrEqualTo(tier.caps().maxIdle())));
		awaitIdle();
		PoolStatistics end = this.pool.statistics();
		assertThat(end.leaked()).isZero();
		assertThat(end.idle()).isEqualTo(end.returned() - end.discarded() - end.hits() + end.preallocated());
		assertThat(end.hits() + end.misses() - end.returned() - end.leaked()).isZero();
	}

	private Callable<String> requestOfKind(int number) {
		int stamp = 1 + number % 100;
		return () -> switch (number % 12) {
			case 0 -> expect("/sync/singleton?stamp=" + stamp, 200);
			case 1 -> expect("/sync/argument?stamp=" + stamp, 200);
			case 2 -> expect("/sync/throw?stamp=" + stamp, 500);
			case 3 -> expect("/async/callable?stamp=" + stamp, 200);
			case 4 -> expect("/async/callable-throws", 500);
			case 5 -> expect("/async/deferred?stamp=" + stamp, 200);
			case 6 -> expect("/async/deferred-fails", 500);
			case 7 -> expect("/async/deferred-keeps-writing", 503);
			case 8 -> expect("/async/stream/3", 200);
			case 9 -> expect("/async/sse", 200);
			case 10 -> hangUpInBody();
			default -> {
				byte[] body = new byte[1 + number * 700];
				Arrays.fill(body, (byte) stamp);
				boolean same = Arrays.equals(body, post("/sync/echo", chunked(body)).body());
				yield same ? "as expected" : "a body that was not sent";
			}
		};
	}

	private String expect(String path, int status) throws Exception {
		try {
			HttpResponse<String> response = get(path);
			return (response.statusCode() == status) ? "as expected"
					: path + ": " + response.statusCode() + response.body();
		}
		catch (IOException ex) {
			return path + ": " + ex;
		}
	}

	private String hangUpInBody() throws IOException {
		try (Socket socket = new Socket("localhost", this.port)) {
			write(socket, "POST /sync/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n"
					+ "half".repeat(10_000));
		}
		return "as expected";
	}

	private static void write(Socket socket, String text) throws IOException {
		OutputStream out = socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.client.send(request(path).build(), BodyHandlers.ofString());
	}

	private HttpResponse<byte[]> post(String path, HttpRequest.BodyPublisher body) throws Exception {
		HttpRequest request = request(path).POST(body).build();
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

	private static HttpRequest.BodyPublisher chunked(byte[] body) {
		return BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
	}

	private long acquisitions() {
		PoolStatistics statistics = this.pool.statistics();
		return statistics.hits() + statistics.misses() + statistics.oversized();
	}

	private long inDoubt() {
		return this.pool.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	private void awaitIdle() {
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
	}

}
