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

package io.mempool.sample.browser;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * A headless Chromium with a profile of its own, which sends requests only where a test
 * sends it.
 */
public final class Chromium implements AutoCloseable {

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

	private static final List<String> FLAGS = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
			"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--remote-debugging-port=0");

	private final Process process;

	private final DevTools tools;

	private Chromium(Process process, DevTools tools) {
		this.process = process;
		this.tools = tools;
	}

	/**
	 * Find the browser on the path.
	 * @return its executable, if it is installed
	 */
	public static Optional<Path> find() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.flatMap((directory) -> NAMES.stream().map((name) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Start a browser.
	 * @param executable what to run
	 * @param profile an empty directory
	 * @return the browser
	 */
	public static Chromium start(Path executable, Path profile) throws IOException {
		List<String> command = new ArrayList<>(List.of(executable.toString()));
		command.addAll(FLAGS);
		command.add("--user-data-dir=" + profile);
		command.add("about:blank");
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(profile.resolve("chromium.log").toFile())
			.start();
		try {
			List<String> port = port(process, profile);
			URI uri = URI.create("ws://127.0.0.1:" + port.get(0) + port.get(1));
			DevTools tools = new DevTools();
			HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, tools).join();
			return new Chromium(process, tools);
		}
		catch (RuntimeException ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * The port and path that the browser writes when it is ready.
	 */
	private static List<String> port(Process process, Path profile) {
		Path file = profile.resolve("DevToolsActivePort");
		return await().atMost(Duration.ofSeconds(30)).until(() -> {
			if (!process.isAlive()) {
				throw new IllegalStateException("Chromium ended: " + Files.readString(profile.resolve("chromium.log")));
			}
			return Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
		}, (lines) -> lines.size() == 2);
	}

	/**
	 * Open an empty page, that shares nothing with others.
	 * @return the page
	 */
	public BrowserPage open() {
		String context = this.tools.send("Target.createBrowserContext", null, Map.of())
			.get("browserContextId")
			.asString();
		String target = this.tools
			.send("Target.createTarget", null, Map.of("url", "about:blank", "browserContextId", context))
			.get("targetId")
			.asString();
		String session = this.tools.send("Target.attachToTarget", null, Map.of("targetId", target, "flatten", true))
			.get("sessionId")
			.asString();
		return new BrowserPage(this.tools, session, target);
	}

	@Override
	public void close() {
		List<ProcessHandle> all = Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList();
		this.process.destroy();
		this.process.onExit().completeOnTimeout(this.process, 10, TimeUnit.SECONDS).join();
		all.forEach(ProcessHandle::destroyForcibly);
		all.forEach((each) -> each.onExit().join());
	}

}
