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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.scope.BufferScopes;
import io.mempool.spring.PooledScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Bodies, tasks of requests and methods with scopes, all on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.threads.virtual.enabled=true")
class VirtualThreadFlowTests {

	private static final int REQUESTS = 100;

	private static final int SIZE = 5000;

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private RequestScopes scopes;

	@Autowired
	private Work work;

	@Test
	void tasksKeepTheBodiesOfRequestsThatWereAnswered() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		for (int i = 0; i < REQUESTS; i++) {
			byte[] body = new byte[SIZE];
			Arrays.fill(body, (byte) i);
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/flow"))
				.header("Content-Type", "application/octet-stream")
				.POST(BodyPublishers.ofByteArray(body))
				.build();
			responses.add(client.sendAsync(request, BodyHandlers.ofString()));
		}
		for (CompletableFuture<HttpResponse<String>> response : responses) {
			assertThat(response.get(60, TimeUnit.SECONDS).body()).isEqualTo("all on virtual threads");
		}
		assertThat(this.pool.statistics().leased()).as("bodies that tasks hold").isEqualTo(REQUESTS);
		this.work.answered.countDown();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.work.sums.size() == REQUESTS);
		assertThat(this.work.sums).allSatisfy((first, sum) -> assertThat(sum).isEqualTo((long) first * SIZE));
		await().atMost(Duration.ofSeconds(60)).until(() -> this.scopes.statistics().open() == 0);
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().leaked()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	private static boolean isVirtual() {
		return Thread.currentThread().toString().startsWith("VirtualThread");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	@Import({ Flow.class, Work.class, Jobs.class })
	static class Application {

	}

	static class Work {

		private final CountDownLatch answered = new CountDownLatch(1);

		private final Map<Integer, Long> sums = new ConcurrentHashMap<>();

		void sum(PooledBuffer body) {
			try {
				this.answered.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			long sum = 0;
			for (byte each : body.toByteArray()) {
				sum += each;
			}
			if (isVirtual()) {
				this.sums.put((int) body.get(0), sum);
			}
		}

	}

	@RestController
	static class Flow {

		private final AsyncTaskExecutor executor;

		private final Work work;

		private final Jobs jobs;

		Flow(AsyncTaskExecutor executor, Work work, Jobs jobs) {
			this.executor = executor;
			this.work = work;
			this.jobs = jobs;
		}

		@PostMapping("/flow")
		CompletableFuture<String> flow(@RequestBody PooledBuffer body, RequestBuffers buffers) {
			boolean virtual = isVirtual();
			buffers.submit(this.executor, () -> this.work.sum(body));
			return this.jobs.job().thenApply((job) -> (virtual && job) ? "all on virtual threads" : "not all");
		}

	}

	static class Jobs {

		@Async
		@PooledScope
		CompletableFuture<Boolean> job() {
			PooledBuffer buffer = BufferScopes.current().acquire(100);
			buffer.put(0, (byte) 1);
			return CompletableFuture.completedFuture(isVirtual());
		}

	}

}
