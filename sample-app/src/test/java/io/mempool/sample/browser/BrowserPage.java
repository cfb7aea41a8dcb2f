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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import tools.jackson.databind.JsonNode;

import static org.awaitility.Awaitility.await;

/**
 * A page in the browser, with what it asked for and what went wrong in it.
 */
public final class BrowserPage implements AutoCloseable {

	private final DevTools tools;

	private final String session;

	private final String target;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<String> complaints = new CopyOnWriteArrayList<>();

	// Null to hold answers
	private volatile UnaryOperator<String> answer = UnaryOperator.identity();

	BrowserPage(DevTools tools, String session, String target) {
		this.tools = tools;
		this.session = session;
		this.target = target;
		tools.listen(this::hear);
		for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
			send(domain + ".enable", Map.of());
		}
	}

	private void hear(JsonNode event) {
		if (!this.session.equals(event.path("sessionId").asString(null))) {
			return;
		}
		JsonNode parameters = event.get("params");
		switch (event.get("method").asString()) {
			case "Network.requestWillBeSent" -> this.requests.add(parameters.get("request").get("url").asString());
			case "Runtime.exceptionThrown" -> this.complaints.add(parameters.get("exceptionDetails").toString());
			case "Log.entryAdded" -> this.complaints.add(parameters.get("entry").toString());
			case "Runtime.consoleAPICalled" -> this.complaints.add(parameters.get("args").toString());
			case "Fetch.requestPaused" -> changeAnswer(parameters.get("requestId").asString());
			default -> {
			}
		}
	}

	private void changeAnswer(String request) {
		UnaryOperator<String> change = this.answer;
		if (change == null) {
			return;
		}
		this.tools.post("Fetch.getResponseBody", this.session, Map.of("requestId", request)).thenAccept((body) -> {
			String content = body.get("result").get("body").asString();
			if (body.get("result").get("base64Encoded").asBoolean()) {
				content = new String(Base64.getDecoder().decode(content), StandardCharsets.UTF_8);
			}
			String changed = change.apply(content);
			this.tools.post("Fetch.fulfillRequest", this.session, Map.of("requestId", request, "responseCode", 200,
					"body", Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.UTF_8))));
		});
	}

	/**
	 * Go to an address, and wait until it is loaded.
	 * @param url the address
	 */
	public void goTo(String url) {
		send("Page.navigate", Map.of("url", url));
		until("document.readyState === 'complete' && location.href.startsWith('http')");
	}

	/**
	 * Evaluate an expression.
	 * @param script the expression, which may be a promise
	 * @return its value
	 */
	public JsonNode evaluate(String script) {
		JsonNode result = send("Runtime.evaluate",
				Map.of("expression", script, "returnByValue", true, "awaitPromise", true, "userGesture", true));
		if (result.has("exceptionDetails")) {
			throw new IllegalStateException(script + ": " + result.get("exceptionDetails"));
		}
		return result.get("result").path("value");
	}

	/**
	 * Return the text of the first element that a selector finds.
	 * @param selector the selector
	 * @return the text, or an empty string if there is no such element
	 */
	public String text(String selector) {
		return evaluate("document.querySelector(`%s`)?.innerText ?? ''".formatted(selector)).asString();
	}

	/**
	 * Wait until a condition holds.
	 * @param script an expression
	 */
	public void until(String script) {
		await(script).atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(50))
			.until(() -> evaluate("Boolean(" + script + ")").asBoolean());
	}

	/**
	 * Press a key and let it go.
	 * @param key its name
	 * @param code its code
	 */
	public void press(String key, int code) {
		Map<String, Object> event = Map.of("key", key, "code", key, "windowsVirtualKeyCode", code, "text",
				key.equals("Enter") ? "\r" : "");
		for (String type : List.of("keyDown", "keyUp")) {
			Map<String, Object> typed = new HashMap<>(event);
			typed.put("type", type);
			send("Input.dispatchKeyEvent", typed);
		}
	}

	/**
	 * Set the size of the window and the scheme of colours.
	 * @param width its width in pixels
	 * @param height its height in pixels
	 * @param scheme 'light' or 'dark'
	 */
	public void show(int width, int height, String scheme) {
		send("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		send("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Take the network away, or give it back.
	 * @param offline whether no server can be reached
	 */
	public void setOffline(boolean offline) {
		send("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	/**
	 * Change what the server answers to scripts.
	 * @param pattern the addresses, with asterisks
	 * @param change what to make of an answer
	 */
	public void changeAnswers(String pattern, UnaryOperator<String> change) {
		this.answer = change;
		send("Fetch.enable", Map.of("patterns",
				List.of(Map.of("urlPattern", pattern, "resourceType", "Fetch", "requestStage", "Response"))));
	}

	/**
	 * Hold what the server answers to scripts: they wait for it.
	 * @param pattern the addresses, with asterisks
	 */
	public void holdAnswers(String pattern) {
		changeAnswers(pattern, null);
	}

	/**
	 * Return what axe-core finds that is serious or worse: a rule, and the elements that
	 * break it.
	 * @return violations
	 */
	public List<String> inaccessible() {
		if (!evaluate("Boolean(window.axe)").asBoolean()) {
			evaluate(Axe.script() + "; 0");
		}
		JsonNode violations = evaluate("""
				axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
					.filter(({ impact }) => impact === 'serious' || impact === 'critical')
					.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`))""");
		// How axe-core reads colours is no fault of the page
		this.complaints.removeIf((complaint) -> complaint.contains("willReadFrequently"));
		return violations.valueStream().map(JsonNode::asString).toList();
	}

	/**
	 * Write a picture of what is seen.
	 * @param file where to: PNG or, if it is named so, WebP
	 */
	public void screenshot(Path file) throws IOException {
		JsonNode picture = send("Page.captureScreenshot",
				file.toString().endsWith(".webp") ? Map.of("format", "webp", "quality", 80) : Map.of("format", "png"));
		Files.createDirectories(file.getParent());
		Files.write(file, Base64.getDecoder().decode(picture.get("data").asString()));
	}

	/**
	 * Return what the page asked for.
	 * @return addresses
	 */
	public List<String> requests() {
		return this.requests;
	}

	/**
	 * Return what is in the console: errors, violations of policies, and whatever a
	 * script writes there.
	 * @return complaints
	 */
	public List<String> complaints() {
		return this.complaints;
	}

	private JsonNode send(String method, Map<String, ?> parameters) {
		return this.tools.send(method, this.session, parameters);
	}

	@Override
	public void close() {
		this.tools.send("Target.closeTarget", null, Map.of("targetId", this.target));
	}

}
