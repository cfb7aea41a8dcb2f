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

package io.mempool.faults;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A connection whose client sends what it likes.
 */
final class Wire implements Closeable {

	static final int PATIENCE_MILLIS = 20_000;

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	Wire(int port) throws IOException {
		this(port, 0);
	}

	/**
	 * Connect.
	 * @param port of the server
	 * @param receiveBuffer how much the client takes in before it reads, 0 if as usual
	 */
	Wire(int port, int receiveBuffer) throws IOException {
		this.socket = new Socket();
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(PATIENCE_MILLIS);
		this.socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 4096);
		this.out = this.socket.getOutputStream();
	}

	static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
	}

	static String post(String path, long length, String... headers) {
		return post(path, "Content-Length: " + length, headers);
	}

	static String chunked(String path, String... headers) {
		return post(path, "Transfer-Encoding: chunked", headers);
	}

	static String post(String path, String framing, String... headers) {
		StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		boolean typed = false;
		for (String header : headers) {
			head.append(header).append("\r\n");
			typed |= header.startsWith("Content-Type:");
		}
		if (!typed) {
			head.append("Content-Type: application/octet-stream\r\n");
		}
		return head.append(framing).append("\r\n\r\n").toString();
	}

	Wire send(String text) throws IOException {
		return send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	Wire send(byte[] bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
		return this;
	}

	/**
	 * Send in pieces, one a millisecond.
	 */
	Wire sendSlowly(byte[] bytes, int pieces) throws IOException {
		int size = (bytes.length + pieces - 1) / pieces;
		for (int start = 0; start < bytes.length; start += size) {
			this.out.write(bytes, start, Math.min(size, bytes.length - start));
			java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
		}
		return this;
	}

	/**
	 * Send no more, but read on.
	 */
	Wire halfClose() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	/**
	 * Close as a client does that has crashed.
	 */
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	Wire patience(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
		return this;
	}

	/**
	 * Read exactly as many bytes, of whatever they are.
	 */
	void skip(int count) throws IOException {
		byte[] read = this.in.readNBytes(count);
		if (read.length < count) {
			throw new EOFException("After " + new String(read, StandardCharsets.ISO_8859_1));
		}
	}

	/**
	 * Read a whole answer, slowly if {@code pause} is more than 0 nanoseconds.
	 */
	Answer read(long pause) throws IOException {
		String line = line();
		while (line.startsWith("HTTP/1.1 100")) {
			line();
			line = line();
		}
		int status = Integer.parseInt(line.split(" ")[1]);
		Map<String, String> headers = new TreeMap<>();
		for (line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		if (headers.containsKey("content-length")) {
			copy(Integer.parseInt(headers.get("content-length")), body, pause);
		}
		else if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
			for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
				copy(size, body, pause);
				line();
			}
			line();
		}
		else if (status != 204 && status != 304) {
			this.in.transferTo(body);
		}
		return new Answer(status, headers, body.toByteArray());
	}

	Answer read() throws IOException {
		return read(0);
	}

	/**
	 * Read an answer, or see that the server closes the connection without one, or before
	 * its end.
	 * @return the status; 0 if there was none
	 */
	int statusOrClosed() throws IOException {
		try {
			return read().status();
		}
		catch (java.net.SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			// Closed, or cut off in the middle of the answer
			return 0;
		}
	}

	private void copy(int size, OutputStream body, long pause) throws IOException {
		byte[] bytes = new byte[4096];
		for (int rest = size; rest > 0;) {
			int count = this.in.read(bytes, 0, Math.min(rest, bytes.length));
			if (count < 0) {
				throw new EOFException();
			}
			body.write(bytes, 0, count);
			rest -= count;
			if (pause > 0) {
				java.util.concurrent.locks.LockSupport.parkNanos(pause);
			}
		}
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = this.in.read(); c != '\n'; c = this.in.read()) {
			if (c < 0) {
				throw new EOFException();
			}
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * What the server says.
	 */
	record Answer(int status, Map<String, String> headers, byte[] body) {

		String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

	}

}
