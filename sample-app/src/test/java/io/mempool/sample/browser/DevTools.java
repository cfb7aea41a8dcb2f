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

import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Commands to a browser and the events that it sends, as JSON over a web socket.
 */
class DevTools implements WebSocket.Listener {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

	private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();

	private final AtomicInteger ids = new AtomicInteger();

	private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();

	private final StringBuilder message = new StringBuilder();

	/**
	 * Send a command, and wait for the answer.
	 */
	JsonNode send(String method, String session, Map<String, ?> parameters) {
		CompletableFuture<JsonNode> answer = post(method, session, parameters);
		JsonNode received = answer.orTimeout(30, TimeUnit.SECONDS).join();
		if (received.has("error")) {
			throw new IllegalStateException(method + ": " + received.get("error"));
		}
		return received.get("result");
	}

	/**
	 * Send a command. Also for threads that must not wait, such as that of a listener.
	 */
	synchronized CompletableFuture<JsonNode> post(String method, String session, Map<String, ?> parameters) {
		int id = this.ids.incrementAndGet();
		Map<String, Object> command = new LinkedHashMap<>();
		command.put("id", id);
		command.put("method", method);
		command.put("params", parameters);
		if (session != null) {
			command.put("sessionId", session);
		}
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.answers.put(id, answer);
		this.socket.join().sendText(JSON.writeValueAsString(command), true).join();
		return answer;
	}

	/**
	 * Hear the events of the browser. Listeners are called by the thread that reads.
	 */
	void listen(Consumer<JsonNode> listener) {
		this.listeners.add(listener);
	}

	@Override
	public void onOpen(WebSocket webSocket) {
		this.socket.complete(webSocket);
		webSocket.request(1);
	}

	@Override
	public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.message.append(data);
		if (last) {
			JsonNode received = JSON.readTree(this.message.toString());
			this.message.setLength(0);
			CompletableFuture<JsonNode> answer = received.has("id") ? this.answers.remove(received.get("id").asInt())
					: null;
			if (answer != null) {
				answer.complete(received);
			}
			else {
				this.listeners.forEach((listener) -> listener.accept(received));
			}
		}
		webSocket.request(1);
		return null;
	}

}
