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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How a client leaves in the middle.
 */
enum HangUp {

	/**
	 * While it sends a body of known length.
	 */
	UPLOAD {

		@Override
		void exercise(SoakClient client, long owner, int size, SplittableRandom random) throws IOException {
			byte[] request = request("Content-Length: " + (size + 1), Payload.of(owner, size));
			client.hangUp(cut(request, size, random), 0, random.nextBoolean());
		}

	},

	/**
	 * While it sends a chunk.
	 */
	CHUNK {

		@Override
		void exercise(SoakClient client, long owner, int size, SplittableRandom random) throws IOException {
			byte[] chunk = (Integer.toHexString(size + 1) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			byte[] request = request("Transfer-Encoding: chunked", chunk, Payload.of(owner, size));
			client.hangUp(cut(request, size, random), 0, random.nextBoolean());
		}

	},

	/**
	 * While it reads the answer.
	 */
	DOWNLOAD {

		@Override
		void exercise(SoakClient client, long owner, int size, SplittableRandom random) throws IOException {
			byte[] request = request("Content-Length: " + size, Payload.of(owner, size));
			client.hangUp(request, random.nextInt(size), random.nextBoolean());
		}

	},

	/**
	 * While it sends a frame.
	 */
	FRAME {

		@Override
		void exercise(SoakClient client, long owner, int size, SplittableRandom random) throws IOException {
			ByteArrayOutputStream frame = new ByteArrayOutputStream();
			frame.writeBytes(SoakClient.frameHeader(size + 1));
			frame.writeBytes(Payload.of(owner, size));
			SoakClient.hangUp(client.connectForFrames(), frame.toByteArray(), 0, random.nextBoolean());
		}

	};

	/**
	 * Begin something, and hang up before its end.
	 */
	abstract void exercise(SoakClient client, long owner, int size, SplittableRandom random) throws IOException;

	private static byte[] request(String length, byte[]... parts) {
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		request.writeBytes(("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		for (byte[] part : parts) {
			request.writeBytes(part);
		}
		return request.toByteArray();
	}

	private static byte[] cut(byte[] request, int size, SplittableRandom random) {
		return Arrays.copyOf(request, request.length - random.nextInt(size));
	}

}
