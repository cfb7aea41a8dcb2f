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

package io.mempool.sample.soak;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks to an application, as its clients do.
 */
final class SoakClient {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final int TIMEOUT_SECONDS = 300;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	private final int framesPort;

	/**
	 * Speak to an application.
	 * @param port where it serves HTTP
	 * @param framesPort where it serves frames, if it does
	 */
	SoakClient(int port, int framesPort) {
		this.port = port;
		this.framesPort = framesPort;
	}

	static BodyPublisher chunked(byte[] content) {
		return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
	}

	byte[] post(String path, byte[] content) throws IOException, InterruptedException {
		return send("POST", path, "application/octet-stream", BodyPublishers.ofByteArray(content));
	}

	byte[] get(String path) throws IOException, InterruptedException {
		return send("GET", path, "", BodyPublishers.noBody());
	}

	byte[] send(String method, String path, String type, BodyPublisher body) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.method(method, body)
			.timeout(Duration.ofSeconds(TIMEOUT_SECONDS));
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		HttpResponse<byte[]> response = this.client.send(request.build(), BodyHandlers.ofByteArray());
		if (response.statusCode() / 100 != 2) {
			throw new IOException("%s %s was answered with %d: %s".formatted(method, path, response.statusCode(),
					new String(response.body(), StandardCharsets.UTF_8)));
		}
		return response.body();
	}

	/**
	 * Return what the endpoint says of all pools.
	 */
	JsonNode pools() throws IOException, InterruptedException {
		return json(get("/actuator/mempool"));
	}

	static JsonNode json(byte[] content) {
		return JSON.readTree(content);
	}

	/**
	 * Change a pool at the endpoint.
	 */
	void change(String pool, String settings) throws IOException, InterruptedException {
		send("POST", "/actuator/mempool/" + pool, "application/json", BodyPublishers.ofString(settings));
	}

	/**
	 * Have a pool give its idle memory back.
	 */
	void trim(String pool) throws IOException, InterruptedException {
		send("DELETE", "/actuator/mempool/" + pool, "", BodyPublishers.noBody());
	}

	Socket connect() throws IOException {
		return connect(this.port);
	}

	Socket connectForFrames() throws IOException {
		return connect(this.framesPort);
	}

	private static Socket connect(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(TIMEOUT_SECONDS * 1000);
		return socket;
	}

	/**
	 * Send frames together, and return what comes back for the last of them.
	 */
	byte[] frames(byte[] content, int count) throws IOException {
		try (Socket socket = connectForFrames()) {
			OutputStream out = socket.getOutputStream();
			for (int i = 0; i < count; i++) {
				out.write(frameHeader(content.length));
				out.write(content);
			}
			DataInputStream in = new DataInputStream(socket.getInputStream());
			byte[] answer = content;
			for (int i = 0; i < count; i++) {
				int length = in.readInt();
				answer = in.readNBytes(length);
			}
			return answer;
		}
	}

	static byte[] frameHeader(int length) {
		return new byte[] { (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length };
	}

	/**
	 * Send the beginning of a request over a connection of its own, read the beginning of
	 * the answer, and hang up.
	 */
	void hangUp(byte[] beginning, int read, boolean reset) throws IOException {
		hangUp(connect(), beginning, read, reset);
	}

	static void hangUp(Socket connection, byte[] beginning, int read, boolean reset) throws IOException {
		try (Socket socket = connection) {
			socket.getOutputStream().write(beginning);
			InputStream in = socket.getInputStream();
			in.readNBytes(read);
			if (reset) {
				socket.setSoLinger(true, 0);
			}
		}
	}

}
