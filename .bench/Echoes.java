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

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Posts bodies one after the other over one connection, checks that each comes back, and
 * prints the milliseconds of the first, the 10th, the 100th and all of them. They include
 * what this program takes, which is as new as the server.
 */
final class Echoes {

	private final byte[] body;

	private final byte[] answer;

	private Echoes(int size) {
		this.body = new byte[size];
		this.answer = new byte[size];
		new Random(1).nextBytes(this.body);
	}

	public static void main(String[] args) throws IOException {
		Echoes echoes = new Echoes(Integer.parseInt(args[3]));
		double[] millis = echoes.post(Integer.parseInt(args[0]), args[1], Integer.parseInt(args[2]));
		System.out.printf(Locale.ROOT, "%.3f %.3f %.3f %.3f%n", millis[0], millis[Math.min(9, millis.length - 1)],
				millis[Math.min(99, millis.length - 1)], Arrays.stream(millis).sum());
	}

	private double[] post(int port, String memory, int count) throws IOException {
		String head = "POST /api/echo?buffers=" + memory + " HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: application/octet-stream\r\nContent-Length: " + this.body.length + "\r\n\r\n";
		double[] millis = new double[count];
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setTcpNoDelay(true);
			DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65536));
			OutputStream out = socket.getOutputStream();
			for (int i = 0; i < count; i++) {
				long begin = System.nanoTime();
				out.write(head.getBytes(StandardCharsets.US_ASCII));
				out.write(this.body);
				read(in);
				millis[i] = (System.nanoTime() - begin) / 1e6;
			}
		}
		return millis;
	}

	private void read(DataInputStream in) throws IOException {
		int length = -1;
		String status = line(in);
		if (!status.contains(" 200")) {
			throw new IOException("Not echoed: " + status);
		}
		boolean chunked = false;
		for (String line = line(in); !line.isEmpty(); line = line(in)) {
			String lower = line.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Integer.parseInt(lower.substring(15).strip());
			}
			chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
		}
		if (chunked) {
			int done = 0;
			for (int chunk = size(in); chunk > 0; chunk = size(in)) {
				in.readFully(this.answer, done, chunk);
				done += chunk;
				line(in);
			}
			line(in);
			length = done;
		}
		else {
			in.readFully(this.answer, 0, length);
		}
		if (length != this.body.length || !Arrays.equals(this.answer, this.body)) {
			throw new IOException("Another body came back, of " + length + " bytes");
		}
	}

	private static int size(DataInputStream in) throws IOException {
		return Integer.parseInt(line(in), 16);
	}

	private static String line(DataInputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

}
