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

package io.mempool.docs;

import java.time.Duration;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferEncoder;
import io.mempool.spring.PooledBufferHttpMessageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WebClientManualTests {

	private static final int MAXIMUM = 1024 * 1024;

	private final BufferPool pool = BufferPool.builder("answers").build();

	private DisposableServer server;

	private WebClient client;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.port(0)
			.route((routes) -> routes
				.get("/report", (request, response) -> response.send(Mono.just(Unpooled.wrappedBuffer(new byte[10]))))
				.post("/report",
						(request, response) -> response.send(request.receive().aggregate().map(ByteBuf::retain))))
			.bindNow();
		this.client = client(this.pool).mutate().baseUrl("http://localhost:" + this.server.port()).build();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow();
		// Netty ends its reference to what it sent after the response has come
		await().untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
	}

	// tag::without-boot[]
	static WebClient client(BufferPool pool) {
		return WebClient.builder().codecs((codecs) -> {
			codecs.customCodecs().register(new PooledBufferHttpMessageReader(() -> pool, MAXIMUM));
			codecs.customCodecs().register(PooledBufferEncoder.borrowing());
		}).build();
	}
	// end::without-boot[]

	// tag::get[]
	Mono<Integer> size(WebClient client) {
		return client.get().uri("/report").retrieve().bodyToMono(PooledBuffer.class).map((report) -> {
			try (report) {
				return report.size();
			}
		}).timeout(Duration.ofSeconds(5));
	}
	// end::get[]

	// tag::asynchronous[]
	Mono<String> store(WebClient client) {
		return Mono.usingWhen(client.get().uri("/report").retrieve().bodyToMono(PooledBuffer.class), this::store,
				(report) -> Mono.fromRunnable(report::close));
	}
	// end::asynchronous[]

	private Mono<String> store(PooledBuffer report) {
		return Mono.fromSupplier(() -> "stored " + report.size()).delayElement(Duration.ofMillis(1));
	}

	// tag::post[]
	Mono<Void> send(WebClient client, PooledBuffer report) {
		return client.post()
			.uri("/report")
			.bodyValue(report)
			.retrieve()
			.toBodilessEntity()
			.then()
			.doFinally((signal) -> report.close());
	}
	// end::post[]

	@Test
	void reads() {
		assertThat(size(this.client).block()).isEqualTo(10);
		assertThat(store(this.client).block()).isEqualTo("stored 10");
	}

	@Test
	void sends() {
		send(this.client, this.pool.acquire(10)).block();
	}

	@Test
	void callsInterfaces() {
		Reports reports = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(this.client))
			.build()
			.createClient(Reports.class);
		try (PooledBuffer report = reports.get().block()) {
			assertThat(report).isNotNull();
			reports.send(report).block();
		}
	}

	// tag::interface[]
	interface Reports {

		@GetExchange("/report")
		Mono<PooledBuffer> get();

		@PostExchange("/report")
		Mono<Void> send(@RequestBody PooledBuffer report);

	}
	// end::interface[]

}
