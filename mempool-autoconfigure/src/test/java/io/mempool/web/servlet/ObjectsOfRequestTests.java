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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.mempool.autoconfigure.ObjectPoolBuilderFactory;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.slice.Slice;
import io.mempool.test.CheckLeases;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Objects that a request acquires are given back when it ends, however it ends: in a real
 * container.
 */
@CheckLeases(timeout = 20)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mempool.objects.things.max-idle=100", "logging.level.root=off" })
class ObjectsOfRequestTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private ObjectPool<Thing> pool;

	@AfterEach
	void everythingIsBack() {
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.pool.statistics().leased()).isZero());
		assertThat(this.pool.statistics().leaked()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "/argument,200", "/injected,200", "/callable,200", "/throws,500", "/released-early,200" })
	void objectsGoBackToBeUsedAgain(String path, int status) throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThat(get(path).statusCode()).isEqualTo(status);
			everythingIsBack();
		}
		assertThat(this.pool.statistics().hits()).isPositive();
		assertThat(this.pool.statistics().discardedBy()).doesNotContainKey(DiscardReason.FULL);
	}

	@Test
	void objectsOfARequestThatTimedOutAreNotUsedAgain() throws Exception {
		long before = inDoubt();
		assertThat(get("/times-out").statusCode()).isEqualTo(503);
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(inDoubt()).isEqualTo(before + 10));
	}

	@Test
	void detachedObjectOutlivesItsRequest() throws Exception {
		assertThat(get("/detached").statusCode()).isEqualTo(200);
		PooledObject<Thing> detached = ThingController.detached;
		assertThat(detached.isAlive()).isTrue();
		detached.release();
	}

	@Test
	void sliceThatARequestAdoptsEndsWithIt() throws Exception {
		assertThat(get("/slice").body()).isEqualTo("10 bytes");
		await().atMost(Duration.ofSeconds(20)).until(() -> !ThingController.adopted.isAlive());
	}

	@Test
	void exhaustedPoolIsAnsweredWith503() throws Exception {
		HttpResponse<String> response = get("/exhausted");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
	}

	@Tag("slow")
	@Test
	void manyRequestsShareNothing() throws Exception {
		List<String> paths = List.of("/argument", "/throws", "/callable", "/injected", "/released-early");
		ExecutorService clients = Executors.newFixedThreadPool(8);
		try {
			List<Future<String>> bodies = new ArrayList<>();
			for (int i = 0; i < 400; i++) {
				String path = paths.get(i % paths.size());
				bodies.add(clients.submit(() -> get(path).body()));
			}
			for (Future<String> body : bodies) {
				assertThat(body.get(60, TimeUnit.SECONDS)).doesNotContain("shared");
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	private long inDoubt() {
		return this.pool.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	private HttpResponse<String> get(String path) throws Exception {
		URI uri = URI.create("http://localhost:" + this.port + path);
		return this.client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
				BodyHandlers.ofString());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(ThingController.class)
	static class Application {

		@Bean
		ObjectPool<Thing> things(ObjectPoolBuilderFactory pools) {
			return pools.builder("things", new Thing.Factory()).reset(Thing::reset).destroy(Thing::destroy).build();
		}

		@Bean
		ObjectPool<StringBuilder> few(ObjectPoolBuilderFactory pools) {
			return pools.builder("few", StringBuilder::new).maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		}

	}

	@RestController
	static class ThingController {

		static volatile PooledObject<Thing> detached;

		static volatile Slice adopted;

		private final RequestBuffers buffers;

		private final ObjectPool<Thing> things;

		private final ObjectPool<StringBuilder> few;

		ThingController(RequestBuffers buffers, ObjectPool<Thing> things, ObjectPool<StringBuilder> few) {
			this.buffers = buffers;
			this.things = things;
			this.few = few;
		}

		// A thing that has a mark already, or has another one later, has another owner
		private String use(RequestBuffers buffers) {
			int mark = System.identityHashCode(buffers.scope()) | 1;
			List<Thing> mine = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				Thing thing = buffers.acquire(this.things);
				if (thing.mark() != 0) {
					return "shared";
				}
				thing.mark(mark);
				mine.add(thing);
			}
			Thread.yield();
			return mine.stream().allMatch((thing) -> thing.mark() == mark) ? "mine" : "shared";
		}

		@GetMapping("/argument")
		String argument(RequestBuffers buffers) {
			return use(buffers);
		}

		@GetMapping("/injected")
		String injected() {
			return use(this.buffers);
		}

		@GetMapping("/callable")
		Callable<String> callable(RequestBuffers buffers) {
			return () -> use(buffers);
		}

		@GetMapping("/throws")
		String fail(RequestBuffers buffers) {
			throw new UnsupportedOperationException(use(buffers));
		}

		@GetMapping("/slice")
		String slice(RequestBuffers buffers) {
			adopted = buffers.adopt(Slice.of(buffers.detach(buffers.acquire(10))));
			return adopted.toByteArray().length + " bytes";
		}

		@GetMapping("/released-early")
		String releasedEarly(RequestBuffers buffers) {
			for (int i = 0; i < 100; i++) {
				buffers.detach(this.things, buffers.acquire(this.things)).release();
			}
			return (buffers.scope().size() == 0) ? "mine" : "kept";
		}

		@GetMapping("/detached")
		String detached(RequestBuffers buffers) {
			detached = buffers.detach(this.things, buffers.acquire(this.things));
			return "mine";
		}

		@GetMapping("/times-out")
		DeferredResult<String> timesOut(RequestBuffers buffers) {
			use(buffers);
			return new DeferredResult<>(500L);
		}

		@GetMapping("/exhausted")
		String exhausted(RequestBuffers buffers) {
			buffers.acquire(this.few).append("one");
			return buffers.acquire(this.few).append("two").toString();
		}

	}

}
