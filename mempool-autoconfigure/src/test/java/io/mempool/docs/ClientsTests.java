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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBodyHandlers;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScope;
import io.mempool.spring.PooledBufferClientConverter;
import io.mempool.test.CheckLeases;
import io.mempool.testing.BodyServer;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code of the page on clients.
 */
@CheckLeases
@ProvokesOutput
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "mempool.clients.max-body-size=1MB", "mempool.request.limit=500KB" })
class ClientsTests {

	private static final HttpClient BROWSER = HttpClient.newHttpClient();

	@Autowired
	private RestClient client;

	@Autowired
	private Files files;

	@Autowired
	private BufferPool pool;

	@Autowired
	private BodyServer upstream;

	@LocalServerPort
	private int port;

	@Test
	void responseIsRead() {
		RestClient client = this.client;
		int id = 5000;
		// tag::get[]
		try (PooledBuffer file = client.get().uri("/files/{id}", id).retrieve().body(PooledBuffer.class)) {
			store(file);
		}
		// end::get[]
	}

	private static void store(PooledBuffer file) {
		assertThat(file.toByteArray()).isEqualTo(BodyServer.bytes(5000));
	}

	@Test
	void interfaceTakesAndReturnsBuffers() {
		try (PooledBuffer file = this.files.get(5000)) {
			this.files.post(file);
			store(file);
		}
	}

	@Test
	void requestIsSent() {
		RestClient client = this.client;
		BufferPool pool = this.pool;
		byte[] title = "title".getBytes();
		// tag::post[]
		try (PooledBuffer report = pool.acquire(100_000)) {
			report.copyIn(0, title);
			client.post().uri("/echo").body(report).retrieve().toBodilessEntity();
		}
		// end::post[]
	}

	@Test
	void clientOfAnotherBuilderReadsBuffers() {
		BufferPool pool = this.pool;
		// tag::builder[]
		RestClient client = RestClient.builder()
			.configureMessageConverters((converters) -> converters.registerDefaults()
				.addCustomConverter(new PooledBufferClientConverter(pool, 10 << 20)))
			.build();
		// end::builder[]
		try (PooledBuffer file = client.get().uri(uri()).retrieve().body(PooledBuffer.class)) {
			store(file);
		}
	}

	private URI uri() {
		return this.upstream.uri("/files/5000");
	}

	@Test
	void clientOfTheJdkReadsBuffers() throws Exception {
		BufferPool pool = this.pool;
		HttpClient client = BROWSER;
		HttpRequest request = HttpRequest.newBuilder(uri()).build();
		// tag::jdk[]
		BodyHandler<PooledBuffer> pooled = PooledBodyHandlers.ofPooledBuffer(pool, 10 << 20);
		try (PooledBuffer file = client.send(request, pooled).body()) {
			store(file);
		}
		// end::jdk[]
	}

	@Test
	void scopeOwnsWhatTheClientOfTheJdkReads() throws Exception {
		BufferPool pool = this.pool;
		HttpClient client = BROWSER;
		HttpRequest request = HttpRequest.newBuilder(uri()).build();
		// tag::jdk-scope[]
		try (BufferScope scope = new BufferScope(pool)) {
			CompletableFuture<HttpResponse<PooledBuffer>> response = client.sendAsync(request,
					PooledBodyHandlers.ofPooledBuffer(pool, 10 << 20, scope::adopt));
			store(response.get(10, TimeUnit.SECONDS).body());
		}
		// end::jdk-scope[]
	}

	@Test
	void clientOfTheJdkSendsBuffers() throws Exception {
		HttpClient client = BROWSER;
		URI uri = this.upstream.uri("/echo");
		try (PooledBuffer report = this.files.get(5000)) {
			// tag::jdk-post[]
			BodyPublisher body = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(report::inputStream),
					report.size());
			client.send(HttpRequest.newBuilder(uri).POST(body).build(), BodyHandlers.discarding());
			// end::jdk-post[]
			assertThat(client.send(HttpRequest.newBuilder(uri).POST(body).build(), BodyHandlers.ofByteArray()).body())
				.isEqualTo(BodyServer.bytes(5000));
		}
	}

	@Test
	void proxyAnswersWithTheBufferOfItsClient() throws Exception {
		HttpResponse<byte[]> response = proxy("/proxy/300000");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(BodyServer.bytes(300_000));
		assertThat(proxy("/proxy/0").statusCode()).isEqualTo(204);
	}

	@Test
	void proxyAnswersWithARange() throws Exception {
		HttpResponse<byte[]> response = proxy("/proxy/300000", "Range", "bytes=2-4");
		assertThat(response.statusCode()).isEqualTo(206);
		assertThat(response.body()).hasSize(3);
	}

	@Test
	void responseThatIsTooLargeForTheProxyIsABadGateway() throws Exception {
		HttpResponse<byte[]> response = proxy("/proxy/2000000");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(new String(response.body())).contains("\"property\":\"mempool.clients.max-body-size\"",
				"exceeds 1048576 bytes");
	}

	@Test
	void responseThatTheRequestMayNotHoldIsAnError() throws Exception {
		HttpResponse<byte[]> response = proxy("/proxy/600000");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(new String(response.body())).contains("\"property\":\"mempool.request.limit\"");
	}

	private HttpResponse<byte[]> proxy(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return BROWSER.send(request.build(), BodyHandlers.ofByteArray());
	}

	// tag::interface[]
	interface Files {

		@GetExchange("/files/{id}")
		PooledBuffer get(@PathVariable int id);

		@PostExchange("/echo")
		void post(@RequestBody PooledBuffer file);

	}
	// end::interface[]

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(ProxyController.class)
	static class Application {

		@Bean
		BodyServer upstream() {
			return new BodyServer();
		}

		@Bean
		RestClient client(RestClient.Builder builder, BodyServer upstream) {
			return builder.baseUrl(upstream.uri("").toString()).build();
		}

		@Bean
		Files files(RestClient client) {
			return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
				.build()
				.createClient(Files.class);
		}

	}

}
