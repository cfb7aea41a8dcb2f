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

package io.mempool.security;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What clients send is in no answer of the endpoint, though it shows all details: neither
 * while a buffer holds it, nor when it was lost, or written after the release.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "management.endpoint.mempool.show-details=always",
				"management.endpoints.web.exposure.include=mempool", "mempool.pools.uploads.tiers=4KB",
				"mempool.leak-detection=paranoid", "logging.level.io.mempool=off" })
class EndpointContentsTests {

	private static final String SECRET = "correct-horse-battery-staple";

	private final HttpClient client = HttpClient.newHttpClient();

	private final int port;

	private final Controller controller;

	private final BufferPool uploads;

	@Autowired
	EndpointContentsTests(@LocalServerPort int port, Controller controller, @Qualifier("uploads") BufferPool uploads) {
		this.port = port;
		this.controller = controller;
		this.uploads = uploads;
	}

	@AfterEach
	void releaseWhatIsHeld() {
		this.controller.held.forEach(PooledBuffer::release);
		this.controller.held.clear();
	}

	private void send(String path) throws Exception {
		URI uri = uri(path + "/" + SECRET + "?secret=" + SECRET);
		HttpRequest request = HttpRequest.newBuilder(uri)
			.header("X-Secret", SECRET)
			.header("Cookie", "secret=" + SECRET)
			.header("Content-Type", "text/plain")
			.POST(BodyPublishers.ofString(SECRET))
			.build();
		assertThat(this.client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

	private String get(String path) throws Exception {
		return this.client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()).body();
	}

	private String answers() throws Exception {
		return get("/actuator/mempool") + get("/actuator/mempool?tiers=all") + get("/actuator/mempool/uploads");
	}

	@Test
	void whatABufferHoldsIsNotShown() throws Exception {
		send("/hold");
		assertThat(answers()).contains("\"leased\":1").doesNotContain(SECRET);
	}

	@Test
	void whatALostLeaseHeldIsNotShown() throws Exception {
		send("/lose");
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			System.gc();
			return answers().contains("POST /lose/{name}");
		});
		assertThat(answers()).contains("Controller.lose").doesNotContain(SECRET);
	}

	@Test
	void whatIsWrittenAfterTheReleaseIsNotShown() throws Exception {
		send("/late");
		this.uploads.trim();
		await().atMost(Duration.ofSeconds(20)).until(() -> answers().contains("POST /late/{name}"));
		assertThat(answers()).contains("Controller.late").doesNotContain(SECRET);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Application {

	}

	@RestController
	static class Controller {

		private final BufferPool uploads;

		private final List<PooledBuffer> held = new ArrayList<>();

		Controller(@Qualifier("uploads") BufferPool uploads) {
			this.uploads = uploads;
		}

		@PostMapping("/hold/{name}")
		void hold(@PathVariable String name, @RequestBody String body) {
			PooledBuffer buffer = this.uploads.acquire(100);
			buffer.byteBuffer().put(bytes(name, body));
			this.held.add(buffer);
		}

		@PostMapping("/lose/{name}")
		void lose(@PathVariable String name, @RequestBody String body) {
			this.uploads.acquire(100).byteBuffer().put(bytes(name, body));
		}

		@PostMapping("/late/{name}")
		void late(@PathVariable String name, @RequestBody String body) {
			PooledBuffer buffer = this.uploads.acquire(100);
			byte[] array = buffer.array();
			int offset = buffer.arrayOffset();
			buffer.release();
			byte[] bytes = bytes(name, body);
			System.arraycopy(bytes, 0, array, offset, bytes.length);
		}

		private static byte[] bytes(String name, String body) {
			return (name + " " + body).getBytes(StandardCharsets.UTF_8);
		}

	}

}
