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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.BodyServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link PooledBufferClientConverter}, with each library and a real server.
 */
@ParameterizedClass
@EnumSource(ClientLibrary.class)
class PooledBufferClientConverterTests {

	private static final int MB = 1024 * 1024;

	// Nothing but the tests of time-outs reaches it
	private static final Duration LONG = Duration.ofSeconds(20);

	private static BodyServer server;

	@Parameter
	private ClientLibrary library;

	private final BufferPool pool = BufferPool.builder("answers").powersOfTwo(4096, 2 * MB).build();

	private ClientHttpRequestFactory requests;

	private RestClient client;

	@BeforeAll
	static void startServer() {
		server = new BodyServer();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void createClient() {
		this.client = client(LONG, new PooledBufferClientConverter(this.pool, MB)).build();
	}

	private RestClient.Builder client(Duration readTimeout, PooledBufferClientConverter converter) {
		stop();
		this.requests = this.library.requestFactory(readTimeout);
		try {
			if (this.requests instanceof InitializingBean bean) {
				bean.afterPropertiesSet();
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return RestClient.builder()
			.requestFactory(this.requests)
			.configureMessageConverters((converters) -> converters.addCustomConverter(converter));
	}

	private void stop() {
		try {
			if (this.requests instanceof DisposableBean bean) {
				bean.destroy();
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@AfterEach
	void nothingIsLeased() {
		// A library may still write in a thread of its own
		Awaitility.await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		this.pool.close();
		stop();
	}

	private RestClient.ResponseSpec get(String path) {
		return this.client.get().uri(server.uri(path)).retrieve();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/fixed/1", "/fixed/5000", "/fixed/1048576", "/chunked/1", "/chunked/300000",
			"/chunked/1048576" })
	void bodyIsOneBufferOfItsSize(String path) {
		int size = Integer.parseInt(path.replaceAll(".*/", ""));
		try (PooledBuffer body = get(path).body(PooledBuffer.class)) {
			assertThat(body.toByteArray()).isEqualTo(BodyServer.bytes(size));
		}
	}

	@Test
	void callerOwnsTheBuffer() {
		PooledBuffer body = get("/fixed/5000").body(PooledBuffer.class);
		assertThat(this.pool.statistics().leased()).isOne();
		body.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/fixed/0", "/chunked/0", "/status/204" })
	void emptyBodyIsNull(String path) {
		assertThat(get(path).body(PooledBuffer.class)).isNull();
		assertThat(get(path).toEntity(PooledBuffer.class).getBody()).isNull();
	}

	@Test
	void exchangeAndEntityHaveTheBuffer() {
		PooledBuffer exchanged = this.client.get()
			.uri(server.uri("/fixed/5000"))
			.exchange((request, response) -> response.bodyTo(PooledBuffer.class));
		ResponseEntity<PooledBuffer> entity = get("/fixed/5000").toEntity(PooledBuffer.class);
		try (exchanged; PooledBuffer body = entity.getBody()) {
			assertThat(exchanged.toByteArray()).isEqualTo(body.toByteArray()).hasSize(5000);
			assertThat(entity.getHeaders().getContentLength()).isEqualTo(5000);
		}
	}

	@Test
	void errorHasItsBody() {
		assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
			.isThrownBy(() -> get("/missing/5000").body(PooledBuffer.class))
			.satisfies((ex) -> {
				try (PooledBuffer body = ex.getResponseBodyAs(PooledBuffer.class)) {
					assertThat(body.toByteArray()).isEqualTo(BodyServer.bytes(5000));
				}
			});
	}

	@Test
	void errorThatIsHandledIsReadIntoABuffer() {
		try (PooledBuffer body = get("/missing/5000").onStatus(HttpStatusCode::isError, (request, response) -> {
		}).body(PooledBuffer.class)) {
			assertThat(body.toByteArray()).isEqualTo(BodyServer.bytes(5000));
		}
	}

	@Test
	void bodyThatIsTooLargeFailsBeforeMemoryIsAcquired() {
		assertThatExceptionOfType(ResponseBodyTooLargeException.class)
			.isThrownBy(() -> get("/fixed/1048577").body(PooledBuffer.class))
			.withMessage("The response has 1048577 bytes, which cannot be read into a buffer of pool 'answers': "
					+ "'mempool.clients.max-body-size' allows 1048576 bytes. Raise 'mempool.clients.max-body-size', "
					+ "or read the response as a stream")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(MB));
		assertThat(this.pool.statistics().misses()).isZero();
	}

	@Test
	void bodyThatIsTooLargeAndNotAnnouncedFailsAtTheLimit() {
		assertThatExceptionOfType(ResponseBodyTooLargeException.class)
			.isThrownBy(() -> get("/chunked/1048577").body(PooledBuffer.class))
			.withMessageStartingWith("The response has more than 1048576 bytes")
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("mempool.clients.max-body-size"));
	}

	@Test
	void clientIsUsableAfterABodyThatWasTooLarge() {
		assertThatException().isThrownBy(() -> get("/fixed/1048577").body(PooledBuffer.class));
		assertThatException().isThrownBy(() -> get("/chunked/1048577").body(PooledBuffer.class));
		bodyIsOneBufferOfItsSize("/fixed/5000");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/cut/1000000", "/cut-chunked/1000000" })
	void connectionThatIsLostIsAnError(String path) {
		assertThatExceptionOfType(RestClientException.class).isThrownBy(() -> get(path).body(PooledBuffer.class))
			.withRootCauseInstanceOf(IOException.class);
	}

	@Test
	void serverThatStopsInTheMiddleIsAnError() {
		this.client = client(Duration.ofMillis(300), new PooledBufferClientConverter(this.pool, MB)).build();
		assertThatException().isThrownBy(() -> get("/stall/1000000").body(PooledBuffer.class))
			.isInstanceOfAny(RestClientException.class, UncheckedIOException.class);
	}

	@Test
	void poolThatIsExhaustedIsAnError() {
		try (BufferPool small = BufferPool.builder("small")
			.tiers(MB)
			.limit(2 * MB)
			.policy(ExhaustionPolicy.FAIL)
			.build()) {
			this.client = client(LONG, new PooledBufferClientConverter(small, MB)).build();
			PooledBuffer other = small.acquire(MB);
			assertThatExceptionOfType(PoolExhaustedException.class)
				.isThrownBy(() -> get("/fixed/1000000").body(PooledBuffer.class));
			other.release();
			assertThat(small.statistics().leased()).isZero();
			assertThatNoException().isThrownBy(() -> get("/fixed/1000000").body(PooledBuffer.class).release());
		}
	}

	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void bufferThatIsSentStaysWithTheCaller(MemoryKind memory) {
		try (BufferPool sent = pool(memory); PooledBuffer body = body(sent, MB)) {
			for (int i = 0; i < 2; i++) {
				try (PooledBuffer echo = post("/echo", body)) {
					assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(MB));
				}
			}
			assertThat(sent.statistics().leased()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void redirectSendsTheBufferAgain(MemoryKind memory) {
		assumeTrue(this.library.redirects());
		try (BufferPool sent = pool(memory);
				PooledBuffer body = body(sent, MB);
				PooledBuffer echo = post("/redirect", body)) {
			assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(MB));
		}
	}

	@ParameterizedTest
	@EnumSource(MemoryKind.class)
	void retrySendsTheBufferAgain(MemoryKind memory) {
		assumeTrue(this.library.retries());
		try (BufferPool sent = pool(memory);
				PooledBuffer body = body(sent, MB);
				PooledBuffer echo = post("/busy", body)) {
			assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(MB));
		}
	}

	@Test
	void bufferThatIsEmptyIsSent() {
		try (PooledBuffer body = this.pool.acquire(0)) {
			assertThat(post("/echo", body)).isNull();
		}
	}

	@Test
	void bufferThatWasReleasedIsNotSent() {
		PooledBuffer body = body(this.pool, 5000);
		body.release();
		int before = server.requests();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> post("/echo", body));
		assertThat(server.requests()).isEqualTo(before);
	}

	@Test
	void interceptorSeesBodies() {
		this.client = client(LONG, new PooledBufferClientConverter(this.pool, MB))
			.requestInterceptor((request, body, execution) -> {
				assertThat(body).isEqualTo(BodyServer.bytes(5000));
				return execution.execute(request, body);
			})
			.build();
		try (PooledBuffer body = body(this.pool, 5000); PooledBuffer echo = post("/echo", body)) {
			assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(5000));
		}
	}

	@Test
	void httpInterfaceTakesAndReturnsBuffers() {
		Api api = HttpServiceProxyFactory
			.builderFor(RestClientAdapter.create(this.client.mutate().baseUrl(server.uri("").toString()).build()))
			.build()
			.createClient(Api.class);
		try (PooledBuffer body = api.get(); PooledBuffer echo = api.echo(body).getBody()) {
			assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(5000));
		}
		assertThat(api.nothing().getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
	}

	@Test
	void restTemplateTakesAndReturnsBuffers() {
		RestTemplate template = new RestTemplate(List.of(new PooledBufferClientConverter(this.pool, MB)));
		template.setRequestFactory(this.requests);
		HttpHeaders headers = new HttpHeaders();
		headers.setContentType(MediaType.APPLICATION_OCTET_STREAM);
		try (PooledBuffer body = template.getForObject(server.uri("/fixed/5000"), PooledBuffer.class);
				PooledBuffer echo = template.postForObject(server.uri("/echo"), new HttpEntity<>(body, headers),
						PooledBuffer.class)) {
			assertThat(echo.toByteArray()).isEqualTo(BodyServer.bytes(5000));
		}
	}

	private PooledBuffer post(String path, PooledBuffer body) {
		return this.client.post().uri(server.uri(path)).body(body).retrieve().body(PooledBuffer.class);
	}

	private static BufferPool pool(MemoryKind memory) {
		return BufferPool.builder("sent").memory(memory).tiers(MB).build();
	}

	private static PooledBuffer body(BufferPool pool, int size) {
		PooledBuffer body = pool.acquire(size);
		body.copyIn(0, BodyServer.bytes(size));
		return body;
	}

	interface Api {

		@GetExchange("/fixed/5000")
		PooledBuffer get();

		@GetExchange("/status/204")
		ResponseEntity<PooledBuffer> nothing();

		@PostExchange("/echo")
		ResponseEntity<PooledBuffer> echo(@RequestBody PooledBuffer body);

	}

}
