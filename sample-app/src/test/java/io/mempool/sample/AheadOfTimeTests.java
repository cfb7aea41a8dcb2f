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

import java.io.File;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import io.mempool.sample.SampleClient.Transfer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application, processed ahead of time and run from the classes that this generates:
 * what a native image consists of, in a JVM.
 */
@Tag("slow")
class AheadOfTimeTests {

	private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

	@TempDir
	private static Path folder;

	private static Process application;

	private static SampleClient client;

	@BeforeAll
	static void processAndStart() throws Exception {
		Path sources = folder.resolve("sources");
		Path classes = folder.resolve("classes");
		run("process", System.getProperty("java.class.path"), SpringApplicationAotProcessor.class.getName(),
				AheadOfTimeApplication.class.getName(), sources.toString(), classes.toString(), classes.toString(),
				"io.mempool", "sample");
		compile(sources, classes);
		application = start("run", classes + File.pathSeparator + System.getProperty("java.class.path"),
				"-Dspring.aot.enabled=true", AheadOfTimeApplication.class.getName(), "--server.port=0",
				"--logging.level.root=info");
		await().atMost(Duration.ofMinutes(2))
			.failFast(() -> assertThat(application.isAlive()).as(log("run")).isTrue())
			.untilAsserted(() -> assertThat(log("run")).containsPattern(PORT));
		Matcher port = PORT.matcher(log("run"));
		assertThat(port.find()).isTrue();
		client = new SampleClient(Integer.parseInt(port.group(1)));
	}

	@AfterAll
	static void stop() throws InterruptedException {
		if (application != null) {
			application.destroy();
			application.waitFor(20, TimeUnit.SECONDS);
		}
	}

	private static String log(String name) throws IOException {
		return Files.readString(folder.resolve(name + ".log"));
	}

	private static Process start(String name, String classPath, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(folder.resolve(name + ".log").toFile())
			.start();
	}

	private static void run(String name, String classPath, String... arguments) throws Exception {
		Process process = start(name, classPath, arguments);
		try {
			assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(log(name)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void compile(Path sources, Path classes) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-parameters", "-d",
				classes.toString(), "-cp", classes + File.pathSeparator + System.getProperty("java.class.path")));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
		assertThat(result).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void bodiesAreServed(Transfer transfer) throws Exception {
		byte[] content = SampleClient.bytes(300_000);
		SampleClient.assertDigest(client.send("POST", "/api/digest", transfer.body(content)), content);
		assertThat(client.send("POST", "/api/gzip", transfer.body(content)).statusCode()).isEqualTo(200);
		assertThat(client.send("POST", "/api/echo", transfer.body(content)).body()).isEqualTo(content);
		client.assertThatPoolsAreAtRest();
	}

	@ParameterizedTest
	@ValueSource(strings = { "value", "stage" })
	void methodsHaveScopes(String result) throws Exception {
		assertThat(text("/jobs/" + result)).as(log("run")).isEqualTo("buffer of the scope");
		client.assertThatPoolsAreAtRest();
	}

	@Test
	void endpointPageAndMetersAreServed() throws Exception {
		assertThat(SampleClient.json(client.get("/actuator/mempool/uploads")).get("tiers")).hasSize(4);
		HttpResponse<String> page = client.send(
				client.request("GET", "/actuator/mempool", BodyPublishers.noBody()).header("Accept", "text/html"),
				BodyHandlers.ofString());
		assertThat(page.body()).contains("<html");
		assertThat(text("/actuator/prometheus")).contains("mempool_acquisitions_total");
	}

	private static String text(String path) throws Exception {
		return new String(client.get(path).body(), StandardCharsets.UTF_8);
	}

}
