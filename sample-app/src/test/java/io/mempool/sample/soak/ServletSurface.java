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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

import io.mempool.sample.soak.Payload.WrongContentException;
import tools.jackson.databind.JsonNode;

/**
 * The surfaces of the sample application, and of what the soak adds to it.
 */
enum ServletSurface implements Surface {

	/**
	 * A body of known length that is held whole.
	 */
	ECHO(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.post("/api/echo", Payload.of(owner, size)));
		}

	},

	/**
	 * A body of unknown length that is held whole: it moves from tier to tier.
	 */
	CHUNKED(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.send("POST", "/api/echo", "application/octet-stream",
					SoakClient.chunked(Payload.of(owner, size))));
		}

	},

	/**
	 * A body that is streamed through a chunk, with a pooled object.
	 */
	DIGEST(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			byte[] content = Payload.of(owner, size);
			verifyDigest(content, client.post("/api/digest", content));
		}

	},

	/**
	 * A body that is compressed. The client does not read while it sends: it has to be
	 * small.
	 */
	GZIP(256 * 1024 + 1) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			byte[] compressed = client.post("/api/gzip", Payload.of(owner, size));
			try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
				Payload.verify(owner, size, in.readAllBytes());
			}
		}

	},

	/**
	 * A file that is stored and sent back. Each thread has a file of its own.
	 */
	FILE(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			byte[] content = Payload.of(owner, size);
			String path = "/api/files/" + Thread.currentThread().getName();
			verifyDigest(content,
					client.send("PUT", path, "application/octet-stream", BodyPublishers.ofByteArray(content)));
			Payload.verify(owner, size, client.get(path));
		}

	},

	/**
	 * JSON that is parsed where it lies, and written into memory of the request.
	 */
	JSON(256 * 1024) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			int lines = size / 50;
			byte[] answer = client.send("POST", "/soak/json", "application/json",
					BodyPublishers.ofString(json(owner, 0, lines)));
			if (!new String(answer, StandardCharsets.UTF_8).equals(json(owner, 1, lines))) {
				throw new WrongContentException("JSON of owner %x came back with other lines".formatted(owner));
			}
		}

	},

	/**
	 * A part of a multipart request.
	 */
	PART(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			String boundary = "soak-%x".formatted(owner);
			ByteArrayOutputStream body = new ByteArrayOutputStream(size + 200);
			body.writeBytes(
					ascii("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
							+ "Content-Type: application/octet-stream\r\n\r\n"));
			body.writeBytes(Payload.of(owner, size));
			body.writeBytes(ascii("\r\n--" + boundary + "--\r\n"));
			Payload.verify(owner, size, client.send("POST", "/soak/part", "multipart/form-data; boundary=" + boundary,
					BodyPublishers.ofByteArray(body.toByteArray())));
		}

	},

	/**
	 * Memory off the heap, for which requests wait.
	 */
	OFF_HEAP(Sizes.OVERSIZED) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws Exception {
			Payload.verify(owner, size, client.post("/soak/off-heap", Payload.of(owner, size)));
		}

	},

	/**
	 * Frames over a socket.
	 */
	FRAMES(1024 * 1024) {

		@Override
		public void exercise(SoakClient client, long owner, int size) throws IOException {
			// More than what the buffers of sockets take would have to be read meanwhile
			int count = (size <= 8192) ? 1 + (int) (owner % 4) : 1;
			Payload.verify(owner, size, client.frames(Payload.of(owner, size), count));
		}

	};

	private final int maximum;

	ServletSurface(int maximum) {
		this.maximum = maximum;
	}

	@Override
	public int maximum() {
		return this.maximum;
	}

	private static void verifyDigest(byte[] content, byte[] answer) throws NoSuchAlgorithmException {
		JsonNode digest = SoakClient.json(answer);
		String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
		if (digest.get("bytes").asLong() != content.length || !digest.get("sha256").asString().equals(expected)) {
			throw new WrongContentException("%s is not the digest %s of what was sent".formatted(digest, expected));
		}
	}

	private static String json(long owner, int first, int lines) {
		StringBuilder json = new StringBuilder("[");
		for (int line = 0; line < lines; line++) {
			json.append((line > 0) ? "," : "")
				.append("{\"owner\":\"%x\",\"line\":".formatted(owner))
				.append(first + line)
				.append('}');
		}
		return json.append(']').toString();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
