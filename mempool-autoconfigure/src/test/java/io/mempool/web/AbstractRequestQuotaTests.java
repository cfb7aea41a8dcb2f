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

package io.mempool.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.scope.QuotaExceededException;
import io.mempool.scope.ScopeQuota;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * {@code mempool.request.quota} on each web stack.
 */
@ProvokesOutput
public abstract class AbstractRequestQuotaTests {

	private static final String FORWARDED = "X-Forwarded-For";

	protected static final String CLIENT = "Client";

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private BufferPool pool;

	@Autowired
	private Tasks tasks;

	/**
	 * Return the settings of the stack.
	 */
	protected abstract RequestSettings settings();

	/**
	 * Return whether the endpoint shows details.
	 */
	protected abstract boolean showsKeys();

	@AfterEach
	void everythingIsBack() {
		this.tasks.run();
		ScopeQuota quota = settings().quota();
		assertThat(quota).isNotNull();
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
			assertThat(this.pool.statistics().leased()).isZero();
			assertThat(quota.statistics(10).keys()).isZero();
			assertThat(quota.statistics(10).held()).isZero();
		});
	}

	private HttpResponse<String> post(String path, int length, String header, String value)
			throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.header(header, value)
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofByteArray(new byte[length]))
			.build(), BodyHandlers.ofString());
	}

	private int keep(int bytes, String header, String value) throws IOException, InterruptedException {
		return post("/keep?bytes=" + bytes, 0, header, value).statusCode();
	}

	@Test
	void requestsOfOneClientHoldNoMoreThanTheQuotaTogether() throws Exception {
		assertThat(keep(60_000, CLIENT, "one")).isEqualTo(200);
		assertThat(keep(60_000, CLIENT, "one")).isEqualTo(503);
		assertThat(keep(60_000, CLIENT, "two")).isEqualTo(200);
		this.tasks.run();
		assertThat(keep(60_000, CLIENT, "one")).isEqualTo(200);
	}

	@Test
	void refusalSaysWhichQuotaAndNothingOfWhatOthersHold() throws Exception {
		keep(60_000, CLIENT, "secret client");
		HttpResponse<String> refused = post("/keep?bytes=60000", 0, CLIENT, "secret client");
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
		assertThat(refused.body()).contains("\"property\":\"mempool.request.quota\"")
			.doesNotContain("secret client", "60000", "102400", "default");
	}

	@Test
	void bodyThatFindsNoRoomIsRefused() throws Exception {
		keep(60_000, CLIENT, "one");
		assertThat(post("/body", 30_000, CLIENT, "one").body()).isEqualTo("30000");
		assertThat(post("/body", 90_000, CLIENT, "one").statusCode()).isEqualTo(503);
		assertThat(post("/body", 90_000, CLIENT, "two").body()).isEqualTo("90000");
	}

	@Test
	void bodyLargerThanTheQuotaIsNoReasonToTryAgain() throws Exception {
		HttpResponse<String> refused = post("/body", 102_401, CLIENT, "one");
		assertThat(refused.statusCode()).isEqualTo(413);
		assertThat(refused.body()).contains("\"property\":\"mempool.request.quota\"");
		assertThat(keep(102_401, CLIENT, "one")).isEqualTo(500);
	}

	@Test
	void taskThatAcquiresAfterItsRequestCountsForTheSameClient() throws Exception {
		assertThat(post("/later?bytes=60000", 0, CLIENT, "one").statusCode()).isEqualTo(200);
		assertThat(keep(60_000, CLIENT, "one")).isEqualTo(200);
		assertThatExceptionOfType(QuotaExceededException.class).isThrownBy(this.tasks::runFirst);
		this.tasks.run();
		assertThat(post("/later?bytes=60000", 0, CLIENT, "one").statusCode()).isEqualTo(200);
		this.tasks.runFirst();
	}

	@Test
	void requestWithoutKeyHasNoQuota() throws Exception {
		assertThat(keep(102_401, CLIENT, "none")).isEqualTo(200);
		assertThat(post("/body", 102_401, CLIENT, "none").body()).isEqualTo("102401");
	}

	@Test
	void keyThatFailsCostsItsRequestOnly() throws Exception {
		assertThat(keep(1, CLIENT, "unknown")).isEqualTo(401);
		assertThat(keep(1, CLIENT, "broken")).isEqualTo(500);
		assertThat(keep(1, CLIENT, "one")).isEqualTo(200);
	}

	@Test
	void addressThatAProxyForwardsIsTheDefaultKey() throws Exception {
		assertThat(keep(60_000, FORWARDED, "10.0.0.1")).isEqualTo(200);
		assertThat(keep(60_000, FORWARDED, "10.0.0.1")).isEqualTo(503);
		assertThat(keep(60_000, FORWARDED, "10.0.0.2")).isEqualTo(200);
	}

	@Test
	void endpointAndMeterShowTheQuota(@Autowired MeterRegistry registry) throws Exception {
		keep(60_000, CLIENT, "client 1");
		keep(30_000, CLIENT, "client 2");
		keep(60_000, CLIENT, "client 1");
		String description = this.client
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/actuator/mempool")).build(),
					BodyHandlers.ofString())
			.body();
		assertThat(description)
			.contains("\"limitBytes\":102400,\"keys\":2,\"heldBytes\":90000,\"largestBytes\":60000,\"refusals\":");
		assertThat(registry.get("mempool.quota.refusals").functionCounter().count()).isPositive();
		assertThat(description.contains("{\"key\":\"client 1\",\"heldBytes\":60000,\"requests\":1}"))
			.isEqualTo(showsKeys());
		assertThat(description.contains("client 1")).isEqualTo(showsKeys());
	}

	/**
	 * Return the key of a client that names itself, or else has an address.
	 */
	protected static @Nullable Object key(@Nullable String client, Supplier<? extends @Nullable Object> address) {
		return switch ((client != null) ? client : "") {
			case "" -> address.get();
			case "none" -> null;
			case "unknown" -> throw new ResponseStatusException(HttpStatus.UNAUTHORIZED);
			case "broken" -> throw new IllegalStateException("broken");
			default -> client;
		};
	}

	/**
	 * Work of requests that has not been done.
	 */
	public static final class Tasks {

		private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		public void add(Runnable task) {
			this.tasks.add(task);
		}

		void runFirst() {
			this.tasks.remove().run();
		}

		void run() {
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				task.run();
			}
		}

	}

}
