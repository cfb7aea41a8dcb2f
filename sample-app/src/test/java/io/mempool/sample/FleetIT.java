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

package io.mempool.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.mempool.sample.PrometheusServer.Sample;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * A fleet under watch: two instances, one of which does not pool, and a real Prometheus
 * with the configuration, rules and dashboard in {@code monitoring}, but less patient.
 */
class FleetIT {

	private static final String JOB = "mempool-sample";

	private static final int REQUESTS = 600;

	private static final Deque<AutoCloseable> running = new ArrayDeque<>();

	private static SampleInstance pooled;

	private static SampleInstance unpooled;

	private static PrometheusServer prometheus;

	@BeforeAll
	static void startAndLoadTheFleet(@TempDir Path folder) throws Exception {
		Program program = Program.require("prometheus", "prometheus");
		pooled = start("mempool.pools.uploads.pooling=true");
		unpooled = start("mempool.pools.uploads.pooling=false");
		copyConfiguration(folder);
		prometheus = new PrometheusServer(program, folder);
		running.push(prometheus);
		eventually(() -> assertThat(prometheus.value("sum(up{job=\"mempool-sample\"})")).isEqualTo(2));
		load();
		pooled.client().assertThatPoolsAreAtRest();
		unpooled.client().assertThatPoolsAreAtRest();
		for (SampleInstance instance : List.of(pooled, unpooled)) {
			double acquisitions = acquisitions(instance.client(), "uploads");
			eventually(() -> assertThat(
					prometheus.value("sum(mempool_acquisitions_total{instance=\"%s\"})".formatted(instance.name())))
				.isEqualTo(acquisitions));
		}
	}

	// With all that a dashboard shows: limits, budgets, caps, and a policy that waits
	private static SampleInstance start(String pooling) throws Exception {
		SampleInstance instance = new SampleInstance("mempool.budget.heap=64MB", "mempool.request.max-body-size=2MB",
				"mempool.pools.uploads.max-total=8", "mempool.pools.uploads.policy=wait",
				"mempool.pools.uploads.max-wait=50ms", "mempool.objects.digests.policy=wait",
				"management.endpoint.mempool.access=unrestricted", pooling);
		running.push(instance);
		// Below the size of the largest body, which a limit in the configuration cannot
		// be
		instance.client()
			.send(instance.client()
				.request("POST", "/actuator/mempool/uploads", BodyPublishers.ofString("{\"limit\": \"1MB\"}"))
				.header("Content-Type", "application/json"), BodyHandlers.discarding());
		return instance;
	}

	private static void copyConfiguration(Path folder) throws IOException {
		for (String file : List.of("prometheus.yml", "recording-rules.yml", "alert-rules.yml")) {
			Files.copy(Path.of("monitoring", file), folder.resolve(file));
		}
		Path configuration = folder.resolve("prometheus.yml");
		String patient = Files.readString(configuration);
		assertThat(patient).contains("scrape_interval: 15s", "evaluation_interval: 15s");
		Files.writeString(configuration, patient.replace("interval: 15s", "interval: 1s"));
		Files.writeString(folder.resolve("targets.yml"),
				"- targets: ['%s', '%s']%n".formatted(pooled.name(), unpooled.name()));
	}

	private static void load() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(2);
		try {
			for (Future<Integer> answered : clients.invokeAll(List.of(digests(pooled), digests(unpooled)))) {
				assertThat(answered.get(60, TimeUnit.SECONDS)).isEqualTo(REQUESTS);
			}
		}
		finally {
			clients.shutdownNow();
		}
		// More than the limit of the pool, so that it can never be served
		SampleClient.assertProblem(
				pooled.client().send("POST", "/api/echo", BodyPublishers.ofByteArray(new byte[1_500_000])), 413);
	}

	private static Callable<Integer> digests(SampleInstance instance) {
		return () -> {
			int answered = 0;
			while (answered < REQUESTS && instance.client()
				.send("POST", "/api/digest", BodyPublishers.ofString("body"))
				.statusCode() == 200) {
				answered++;
			}
			return answered;
		};
	}

	@AfterAll
	static void stopTheFleet() throws Exception {
		while (!running.isEmpty()) {
			running.pop().close();
		}
	}

	static Stream<SampleInstance> instances() {
		return Stream.of(pooled, unpooled);
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("instances")
	void buffersShouldBeWhatTheEndpointSays(SampleInstance instance) {
		eventually(() -> assertBuffers(instance, json(instance.client(), "uploads")));
	}

	private static void assertBuffers(SampleInstance instance, JsonNode pool) {
		String labels = "instance=\"%s\", pool=\"uploads\"".formatted(instance.name());
		assertSum("mempool_acquisitions_total{%s, result=\"hit\"}", labels, pool.get("hits"));
		assertSum("mempool_acquisitions_total{%s, result=\"miss\"}", labels, pool.get("misses"));
		assertSum("mempool_acquisitions_total{%s, result=\"oversized\"}", labels, pool.get("oversized"));
		assertSum("mempool_acquisitions_total{%s, result=\"exhausted\"}", labels, pool.get("exhausted"));
		assertSum("mempool_releases_total{%s, tier!=\"oversized\"}", labels, pool.get("returned"));
		assertSum("mempool_discards_total{%s, tier!=\"oversized\"}", labels, pool.get("discarded"));
		assertSum("mempool_leaks_total{%s, tier!=\"oversized\"}", labels, pool.get("leaked"));
		assertSum("mempool_double_releases_total{%s}", labels, pool.get("doubleReleases"));
		assertSum("mempool_buffers{%s, state=\"leased\"}", labels, pool.get("leased"));
		assertSum("mempool_buffers{%s, state=\"idle\"}", labels, pool.get("idle"));
		assertSum("mempool_waiting_threads{%s}", labels, pool.get("waiting"));
		assertSum("mempool_memory_limit_bytes{%s}", labels, pool.get("limitBytes"));
		assertSum("mempool_memory_used_bytes{%s}", labels, pool.get("usedBytes"));
		assertSum("mempool_memory_pending_bytes{%s}", labels, pool.get("pendingBytes"));
		for (Map.Entry<String, JsonNode> reason : pool.get("discardedBy").properties()) {
			assertSum("mempool_discards_total{%s, tier!=\"oversized\", reason=\"" + reason.getKey() + "\"}", labels,
					reason.getValue());
		}
		for (JsonNode tier : pool.get("tiers")) {
			String ofTier = labels + ", tier=\"" + tier.get("size").asInt() + "\"";
			assertSum("mempool_acquisitions_total{%s, result=\"hit\"}", ofTier, tier.get("hits"));
			assertSum("mempool_buffers_idle_limit{%s}", ofTier, tier.get("maxIdle"));
			assertSum("mempool_buffers_total_limit{%s}", ofTier, tier.get("maxTotal"));
		}
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("instances")
	void objectsShouldBeWhatTheEndpointSays(SampleInstance instance) {
		eventually(() -> assertObjects(instance, json(instance.client(), "digests")));
	}

	private static void assertObjects(SampleInstance instance, JsonNode pool) {
		String labels = "instance=\"%s\", pool=\"digests\"".formatted(instance.name());
		assertThat(pool.get("hits").asLong()).isGreaterThanOrEqualTo(REQUESTS - 1);
		assertSum("mempool_objects_acquisitions_total{%s, result=\"hit\"}", labels, pool.get("hits"));
		assertSum("mempool_objects_acquisitions_total{%s, result=\"miss\"}", labels, pool.get("misses"));
		assertSum("mempool_objects_releases_total{%s}", labels, pool.get("returned"));
		assertSum("mempool_objects{%s, state=\"leased\"}", labels, pool.get("leased"));
		assertSum("mempool_objects{%s, state=\"idle\"}", labels, pool.get("idle"));
	}

	@ParameterizedTest(autoCloseArguments = false)
	@MethodSource("instances")
	void budgetShouldBeWhatTheEndpointSays(SampleInstance instance) {
		String labels = "instance=\"%s\", memory=\"heap\"".formatted(instance.name());
		eventually(() -> {
			JsonNode budget = SampleClient.json(instance.client().get("/actuator/mempool")).get("budget").get("heap");
			assertSum("mempool_budget_used_bytes{%s}", labels, budget.get("usedBytes"));
			assertSum("mempool_budget_limit_bytes{%s}", labels, budget.get("limitBytes"));
		});
	}

	@Test
	void everyRequestShouldHaveReleasedItsScope() {
		for (SampleInstance instance : List.of(pooled, unpooled)) {
			String labels = "instance=\"%s\"".formatted(instance.name());
			assertThat(prometheus.value("mempool_scopes_ended_total{%s, outcome=\"released\"}".formatted(labels)))
				.isGreaterThanOrEqualTo(REQUESTS);
			assertThat(prometheus.value("mempool_scopes_ended_total{%s, outcome=\"in-doubt\"}".formatted(labels)))
				.isZero();
		}
	}

	@Test
	void hitRatesShouldBeRecordedForEachInstanceEachPoolAndTheFleet() throws Exception {
		double hits = 0;
		double acquisitions = 0;
		for (SampleInstance instance : List.of(pooled, unpooled)) {
			double buffers = acquisitions(instance.client(), "uploads");
			double all = buffers + acquisitions(instance.client(), "digests");
			double hit = hits(instance.client(), "uploads") + hits(instance.client(), "digests");
			assertHitRate("instance_pool:%s{instance=\"" + instance.name() + "\", pool=\"uploads\"}",
					hits(instance.client(), "uploads") / buffers);
			assertHitRate("instance:%s{instance=\"" + instance.name() + "\"}", hit / all);
			hits += hit;
			acquisitions += all;
		}
		assertHitRate("job:%s", hits / acquisitions);
		assertHitRate("pool:%s{pool=\"digests\"}", (REQUESTS - 1.0) / REQUESTS);
		assertThat(hits / acquisitions).as("the instance that does not pool is part of it").isBetween(0.7, 0.8);
	}

	@Test
	void leasedBufferShouldBeSeenUntilItIsBack() throws Exception {
		String leased = "mempool_buffers{instance=\"%s\", state=\"leased\", tier=\"65536\"}".formatted(pooled.name());
		String open = "mempool_scopes_open{instance=\"%s\"}".formatted(pooled.name());
		try (Socket socket = new Socket("localhost", pooled.port())) {
			socket.setSoTimeout(20_000);
			OutputStream out = socket.getOutputStream();
			out.write("POST /api/digest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nhalf"
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			eventually(() -> assertThat(prometheus.value(leased)).isEqualTo(1));
			assertThat(prometheus.value(open)).isEqualTo(1);
			out.write("done".getBytes(StandardCharsets.US_ASCII));
			out.flush();
			assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 200");
		}
		eventually(() -> assertThat(prometheus.value("sum(mempool_buffers{state=\"leased\"})")).isZero());
		assertThat(prometheus.value(open)).isZero();
	}

	@Test
	void alertsShouldNameTheInstanceAndThePool() {
		eventually(() -> {
			assertAlert("MempoolExhausted", pooled);
			assertAlert("MempoolHitRateLow", unpooled);
		});
		assertThat(prometheus.alerts()).hasSize(2);
	}

	private static void assertAlert(String name, SampleInstance instance) {
		assertThat(prometheus.alerts()).anySatisfy((alert) -> assertThat(alert).containsEntry("alertname", name)
			.containsEntry("job", JOB)
			.containsEntry("instance", instance.name())
			.containsEntry("pool", "uploads")
			.hasEntrySatisfying("state", (state) -> assertThat(state).isIn("pending", "firing")));
	}

	@Test
	void rulesShouldBeHealthy() {
		eventually(() -> assertThat(prometheus.rules()).hasSizeGreaterThan(10)
			.allSatisfy((rule, health) -> assertThat(health).isEqualTo("ok")));
	}

	@Test
	void everyPanelOfTheDashboardShouldShowSomething() {
		assertThat(new Dashboard().expressions()).allSatisfy((where,
				expression) -> assertThat(prometheus.query(Dashboard.everything(expression, JOB))).isNotEmpty());
	}

	@Test
	void variablesOfTheDashboardShouldOfferTheFleet() {
		assertThat(offered("application")).containsExactly(JOB);
		assertThat(offered("instance")).containsExactlyInAnyOrder(pooled.name(), unpooled.name());
		assertThat(offered("pool")).containsExactlyInAnyOrder("uploads", "deflaters", "digests");
	}

	private static List<String> offered(String variable) {
		Dashboard.LabelQuery query = new Dashboard().query(variable);
		return prometheus.labelValues(query.label(), Dashboard.everything(query.selector(), JOB));
	}

	private static JsonNode json(SampleClient client, String pool) throws Exception {
		return SampleClient.json(client.get("/actuator/mempool/" + pool));
	}

	private static double hits(SampleClient client, String pool) throws Exception {
		return json(client, pool).get("hits").asDouble();
	}

	private static double acquisitions(SampleClient client, String pool) throws Exception {
		JsonNode figures = json(client, pool);
		JsonNode oversized = figures.get("oversized");
		return figures.get("hits").asDouble() + figures.get("misses").asDouble() + figures.get("exhausted").asDouble()
				+ ((oversized != null) ? oversized.asDouble() : 0);
	}

	private static void assertSum(String selector, String labels, JsonNode figure) {
		String expression = "sum(" + selector.formatted(labels) + ")";
		assertThat(prometheus.value(expression)).as(expression).isEqualTo(figure.asDouble());
	}

	// Of five minutes, by two clocks that do not tick at once
	private static void assertHitRate(String rule, double rate) {
		String expression = rule.formatted("mempool_hits_per_acquisitions:ratio_rate5m");
		eventually(() -> {
			List<Sample> samples = prometheus.query(expression);
			assertThat(samples).as(expression).hasSize(1);
			assertThat(samples.get(0).value()).as(expression).isCloseTo(rate, within(0.02));
		});
	}

	private static void eventually(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
	}

}
