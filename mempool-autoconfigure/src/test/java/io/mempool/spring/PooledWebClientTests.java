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

package io.mempool.spring;

import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.testing.ProvokesOutput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.http.ResponseEntity;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientException;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Pooled buffers as bodies of a {@link WebClient}, over HTTP.
 */
@ParameterizedClass
@MethodSource("clients")
@ProvokesOutput
class PooledWebClientTests {

	private static final int MAXIMUM = 300_000;

	private static final int LARGE = 200_000;

	private static DisposableServer server;

	@Parameter(0)
	MemoryKind memory;

	@Parameter(1)
	ClientHttpConnector connector;

	private BufferPool pool;

	private WebClient client;

	static Stream<Arguments> clients() {
		return Stream.of(MemoryKind.values())
			.flatMap((memory) -> Stream
				.of(new ReactorClientHttpConnector(HttpClient.create().followRedirect(true)),
						new JdkClientHttpConnector(
								java.net.http.HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build()))
				.map((connector) -> Arguments.of(memory, connector)));
	}

	@BeforeAll
	static void startServer() {
		server = HttpServer.create()
			.port(0)
			.route((routes) -> routes.get("/bytes/{size}", PooledWebClientTests::announced)
				.head("/bytes/{size}", (request, response) -> response.header("Content-Length", request.param("size")))
				.get("/chunked/{size}", (request, response) -> response.send(pieces(request)))
				.get("/empty", (request, response) -> response.status(204))
				.get("/missing", (request, response) -> response.status(404).send(bytes(1000)))
				.get("/stalled/{size}", PooledWebClientTests::stalled)
				.get("/reset/{size}", PooledWebClientTests::reset)
				.post("/echo", (request, response) -> response.send(request.receive().aggregate().retain()))
				.post("/redirect", (request, response) -> response.status(307).header("Location", "/echo"))
				.post("/unavailable", (request, response) -> request.receive().then(response.status(503).send())))
			.bindNow();
	}

	private static Publisher<Void> announced(HttpServerRequest request, HttpServerResponse response) {
		return response.header("Content-Length", request.param("size")).send(bytes(size(request)));
	}

	private static Publisher<Void> stalled(HttpServerRequest request, HttpServerResponse response) {
		return response.header("Content-Length", request.param("size"))
			.send(bytes(size(request) / 2).concatWith(Flux.never()), (piece) -> true);
	}

	private static Publisher<Void> reset(HttpServerRequest request, HttpServerResponse response) {
		return response.header("Content-Length", request.param("size"))
			.send(bytes(size(request) / 2), (piece) -> true)
			.then()
			.then(Mono.fromRunnable(() -> response.withConnection((connection) -> connection.channel().close())));
	}

	private static Flux<ByteBuf> pieces(HttpServerRequest request) {
		ByteBuf content = Unpooled.wrappedBuffer(content(size(request)));
		return Flux.generate((sink) -> {
			if (content.isReadable()) {
				sink.next(content.readRetainedSlice(Math.min(8000, content.readableBytes())));
			}
			else {
				sink.complete();
			}
		});
	}

	private static int size(HttpServerRequest request) {
		return Integer.parseInt(request.param("size"));
	}

	private static Flux<ByteBuf> bytes(int size) {
		return Flux.just(Unpooled.wrappedBuffer(content(size)));
	}

	private static byte[] content(int size) {
		byte[] content = new byte[size];
		new Random(1).nextBytes(content);
		return content;
	}

	@AfterAll
	static void stopServer() {
		server.disposeNow();
	}

	@BeforeEach
	void createClient() {
		this.pool = BufferPool.builder("bodies").memory(this.memory).tiers(4096, 65_536, 524_288).build();
		this.client = WebClient.builder()
			.clientConnector(this.connector)
			.baseUrl("http://localhost:" + server.port())
			.codecs((codecs) -> {
				codecs.customCodecs().register(new PooledBufferHttpMessageReader(() -> this.pool, MAXIMUM));
				codecs.customCodecs().register(PooledBufferEncoder.borrowing());
			})
			.build();
	}

	@AfterEach
	void nothingIsLeased() {
		await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	private Mono<PooledBuffer> get(String path) {
		return this.client.get().uri(path).retrieve().bodyToMono(PooledBuffer.class);
	}

	private Mono<PooledBuffer> post(String path, PooledBuffer body) {
		return this.client.post().uri(path).bodyValue(body).retrieve().bodyToMono(PooledBuffer.class);
	}

	private PooledBuffer request(int size) {
		PooledBuffer buffer = this.pool.acquire(size);
		buffer.copyIn(0, content(size));
		return buffer;
	}

	// Responses

	@Test
	void responseIsReadWholeAndIsTheCallers() {
		for (String path : new String[] { "/bytes/1", "/bytes/200000", "/chunked/1", "/chunked/200000" }) {
			try (PooledBuffer body = get(path).block()) {
				assertThat(body).as(path).isNotNull();
				assertThat(body.toByteArray()).isEqualTo(content(body.size()));
				assertThat(path).endsWith("/" + body.size());
			}
		}
	}

	@Test
	void entityHasHeadersBesideTheBuffer() {
		ResponseEntity<PooledBuffer> entity = this.client.get()
			.uri("/bytes/10")
			.retrieve()
			.toEntity(PooledBuffer.class)
			.block();
		assertThat(entity).isNotNull();
		assertThat(entity.getHeaders().getContentLength()).isEqualTo(10);
		try (PooledBuffer body = entity.getBody()) {
			assertThat(body).isNotNull();
			assertThat(body.toByteArray()).isEqualTo(content(10));
		}
	}

	@Test
	void fluxHasOneBufferOfTheWholeBody() {
		Flux<Integer> sizes = this.client.get()
			.uri("/chunked/200000")
			.retrieve()
			.bodyToFlux(PooledBuffer.class)
			.map(PooledWebClientTests::sizeOfClosed);
		assertThat(sizes.collectList().block()).containsExactly(LARGE);
	}

	private static int sizeOfClosed(PooledBuffer buffer) {
		try (buffer) {
			return buffer.size();
		}
	}

	@Test
	void responseWithoutContentHasNoBuffer() {
		assertThat(get("/empty").blockOptional()).isEmpty();
		assertThat(get("/bytes/0").blockOptional()).isEmpty();
	}

	@Test
	void responseToHeadHasNoBufferWhateverItAnnounces() {
		for (int size : new int[] { 10, MAXIMUM + 1 }) {
			ResponseEntity<PooledBuffer> entity = this.client.head()
				.uri("/bytes/" + size)
				.retrieve()
				.toEntity(PooledBuffer.class)
				.block();
			assertThat(entity).isNotNull();
			assertThat(entity.getHeaders().getContentLength()).isEqualTo(size);
			assertThat(entity.getBody()).isNull();
		}
	}

	@Test
	void responseThatIsTooLargeFailsAndTheClientGoesOn() {
		for (String path : new String[] { "/bytes/300001", "/chunked/300001" }) {
			assertThat(catchThrowable(() -> get(path).block())).as(path)
				.hasRootCauseInstanceOf(SizeLimitExceededException.class)
				.hasStackTraceContaining("Raise 'mempool.clients.max-body-size'");
			assertThat(get("/bytes/10").map(PooledWebClientTests::sizeOfClosed).block()).isEqualTo(10);
		}
		assertThat(this.pool.statistics().misses()).as("nothing of the announced one was read").isLessThan(10);
	}

	@Test
	void responseWithAnErrorStatusIsNotReadIntoThePool() {
		assertThatExceptionOfType(WebClientResponseException.class).isThrownBy(() -> get("/missing").block())
			.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(404));
		assertThat(this.pool.statistics().misses()).isZero();
	}

	@Test
	void connectionThatIsResetInTheMiddleLeavesNothing() {
		assertThatExceptionOfType(WebClientException.class).isThrownBy(() -> get("/reset/200000").block());
	}

	@Test
	void cancelInTheMiddleLeavesNothing() {
		Disposable call = get("/stalled/200000").subscribe();
		await().until(() -> this.pool.statistics().leased() > 0);
		call.dispose();
	}

	@Test
	void timeOutInTheMiddleLeavesNothing() {
		assertThat(catchThrowable(() -> get("/stalled/200000").timeout(Duration.ofMillis(100)).block()))
			.hasRootCauseInstanceOf(TimeoutException.class);
	}

	@Test
	void callsThatFailInEveryWayLeaveNothing() {
		String[] paths = { "/bytes/200000", "/chunked/200000", "/bytes/300001", "/chunked/300001", "/stalled/200000",
				"/reset/200000", "/missing", "/empty" };
		Random random = new Random(1);
		Flux.range(0, 250)
			.flatMap((call) -> get(paths[call % paths.length]).map(PooledWebClientTests::sizeOfClosed)
				.timeout(Duration.ofMillis(1 + random.nextInt(50)))
				.onErrorComplete(), 16)
			.blockLast();
	}

	// Requests

	@Test
	void bufferThatIsSentStaysItsOwners() {
		try (PooledBuffer body = request(LARGE); PooledBuffer answer = post("/echo", body).block()) {
			assertThat(body.isAlive()).isTrue();
			assertThat(answer).isNotNull();
			assertThat(answer.toByteArray()).isEqualTo(content(LARGE));
		}
	}

	@Test
	void redirectSendsTheBufferAgain() {
		try (PooledBuffer body = request(LARGE); PooledBuffer answer = post("/redirect", body).block()) {
			assertThat(answer).isNotNull();
			assertThat(answer.toByteArray()).isEqualTo(content(LARGE));
		}
	}

	@Test
	void retrySendsTheBufferAgain() {
		try (PooledBuffer body = request(10)) {
			assertThat(catchThrowable(() -> post("/unavailable", body).retry(2).block()))
				.isInstanceOf(WebClientResponseException.ServiceUnavailable.class);
			assertThat(body.referenceCount()).isOne();
		}
	}

	@Test
	void releasedBufferIsNotSent() {
		PooledBuffer body = request(10);
		body.release();
		assertThat(catchThrowable(() -> post("/echo", body).block())).isNotNull();
	}

	@Test
	void httpInterfaceReadsAndWritesBuffers() {
		Api api = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(this.client))
			.build()
			.createClient(Api.class);
		assertThat(api.get(10).map(PooledWebClientTests::sizeOfClosed).block()).isEqualTo(10);
		try (PooledBuffer body = request(10); PooledBuffer answer = api.echo(body)) {
			assertThat(answer.toByteArray()).isEqualTo(content(10));
		}
	}

	interface Api {

		@GetExchange("/bytes/{size}")
		Mono<PooledBuffer> get(@PathVariable int size);

		@PostExchange("/echo")
		PooledBuffer echo(@RequestBody PooledBuffer body);

	}

}
