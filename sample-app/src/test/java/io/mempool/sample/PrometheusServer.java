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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A Prometheus of its own, on a port of its own: another one on this machine is not in
 * its way. Ends with the test, or with the JVM.
 */
final class PrometheusServer implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("msg=\"Listening on\".* address=(127\\.0\\.0\\.1:\\d+)");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process process;

	private final Path log;

	private final Thread killer;

	private final String address;

	/**
	 * Start it, and wait until it answers.
	 * @param program the program
	 * @param folder the folder of its configuration, where it keeps its data as well
	 */
	PrometheusServer(Program program, Path folder) throws IOException {
		this.log = folder.resolve("prometheus.log");
		this.process = program
			.with(List.of("--config.file=" + folder.resolve("prometheus.yml"),
					"--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:0"))
			.redirectOutput(this.log.toFile())
			.start();
		this.killer = new Thread(this.process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(this.killer);
		try {
			this.address = await().atMost(Duration.ofSeconds(20)).until(this::findAddress, (found) -> !found.isEmpty());
			await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(this::isReady);
		}
		catch (RuntimeException ex) {
			ex.addSuppressed(new IllegalStateException("Prometheus says: " + log()));
			close();
			throw ex;
		}
	}

	private String findAddress() throws IOException {
		assertThat(this.process.isAlive()).as("Prometheus runs: %s", log()).isTrue();
		Matcher matcher = ADDRESS.matcher(log());
		return matcher.find() ? matcher.group(1) : "";
	}

	private String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isReady() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + this.address + "/-/ready")).build();
		return this.client.send(request, BodyHandlers.discarding()).statusCode() == 200;
	}

	/**
	 * Evaluate an expression.
	 */
	List<Sample> query(String expression) {
		List<Sample> samples = new ArrayList<>();
		for (JsonNode result : get("query?query=" + encode(expression)).get("result")) {
			samples.add(new Sample(labels(result.get("metric")),
					Double.parseDouble(result.get("value").get(1).asString())));
		}
		return samples;
	}

	/**
	 * Evaluate an expression that has one value.
	 */
	double value(String expression) {
		List<Sample> samples = query(expression);
		assertThat(samples).as(expression).hasSize(1);
		return samples.get(0).value();
	}

	/**
	 * Return the values of a label.
	 */
	List<String> labelValues(String label, String selector) {
		List<String> values = new ArrayList<>();
		get("label/" + label + "/values?match[]=" + encode(selector)).forEach((value) -> values.add(value.asString()));
		return values;
	}

	/**
	 * Return the labels of alerts that are pending or fire, the state among them.
	 */
	List<Map<String, String>> alerts() {
		List<Map<String, String>> alerts = new ArrayList<>();
		for (JsonNode alert : get("alerts").get("alerts")) {
			Map<String, String> labels = labels(alert.get("labels"));
			labels.put("state", alert.get("state").asString());
			alerts.add(labels);
		}
		return alerts;
	}

	/**
	 * Return the health of each rule by its name.
	 */
	Map<String, String> rules() {
		Map<String, String> health = new TreeMap<>();
		for (JsonNode group : get("rules").get("groups")) {
			group.get("rules")
				.forEach((rule) -> health.put(rule.get("name").asString(), rule.get("health").asString()
						+ (rule.has("lastError") ? ": " + rule.get("lastError").asString() : "")));
		}
		return health;
	}

	private static Map<String, String> labels(JsonNode node) {
		Map<String, String> labels = new TreeMap<>();
		node.properties().forEach((label) -> labels.put(label.getKey(), label.getValue().asString()));
		return labels;
	}

	private JsonNode get(String path) {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://" + this.address + "/api/v1/" + path.replace("[]", "%5B%5D")))
			.timeout(Duration.ofSeconds(20))
			.build();
		try {
			JsonNode answer = JSON.readTree(this.client.send(request, BodyHandlers.ofByteArray()).body());
			assertThat(answer.get("status").asString()).as("%s: %s", path, answer).isEqualTo("success");
			return answer.get("data");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		Runtime.getRuntime().removeShutdownHook(this.killer);
	}

	/**
	 * One series of a result.
	 */
	record Sample(Map<String, String> labels, double value) {

	}

}
