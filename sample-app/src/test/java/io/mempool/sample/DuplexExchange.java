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

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.mempool.sample.SampleClient.Transfer;

/**
 * One request whose response is read while its body is still being sent, which the client
 * of the JDK does not do.
 */
class DuplexExchange implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);

	private String status = "";

	private final Map<String, String> headers = new HashMap<>();

	DuplexExchange(int port) throws IOException {
		this.socket = new Socket("localhost", port);
		this.socket.setSoTimeout(60_000);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	void post(String path, Transfer transfer, InputStream body, long length) throws IOException {
		this.sending = CompletableFuture.runAsync(() -> send(path, transfer, body, length));
		String line = readLine();
		this.status = line.trim();
		for (line = readLine(); !line.isEmpty(); line = readLine()) {
			String[] header = line.split(": ", 2);
			this.headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
		}
	}

	String status() {
		return this.status;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	InputStream body() throws IOException {
		String length = this.headers.get("content-length");
		return (length != null) ? new ByteArrayInputStream(this.in.readNBytes(Integer.parseInt(length)))
				: new ChunkedInputStream();
	}

	private void send(String path, Transfer transfer, InputStream body, long length) {
		boolean chunked = transfer == Transfer.CHUNKED;
		try {
			OutputStream out = new BufferedOutputStream(this.socket.getOutputStream());
			write(out, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
					+ (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n");
			byte[] part = new byte[50_000];
			for (int count = body.read(part); count > 0; count = body.read(part)) {
				write(out, chunked ? Integer.toHexString(count) + "\r\n" : "");
				out.write(part, 0, count);
				write(out, chunked ? "\r\n" : "");
			}
			write(out, chunked ? "0\r\n\r\n" : "");
			out.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(OutputStream out, String text) throws IOException {
		out.write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				throw new IOException("The response ended after '" + line + "'");
			}
			line.append((char) next);
		}
		return line.toString().stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		this.sending.join();
	}

	/**
	 * The body of a response with the transfer-encoding chunked, which is any that does
	 * not fit the buffer of the container.
	 */
	private final class ChunkedInputStream extends InputStream {

		private int remaining = -1;

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) > 0) ? one[0] & 0xFF : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			if (this.remaining < 0) {
				this.remaining = Integer.parseInt(readLine(), 16);
			}
			if (this.remaining == 0) {
				return -1;
			}
			int count = DuplexExchange.this.in.read(target, offset, Math.min(length, this.remaining));
			if (count < 0) {
				throw new IOException("The response ended within a chunk");
			}
			this.remaining -= count;
			if (this.remaining == 0) {
				readLine();
				this.remaining = -1;
			}
			return count;
		}

	}

}
