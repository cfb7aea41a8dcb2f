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

package io.mempool.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;

/**
 * Any bytes that a socket brings to a server: chunks, lengths, parts and ranges, whole or
 * mutilated. A whole request has the right answer, each one ends, and no memory stays
 * with it.
 */
final class HttpRequestsTarget implements FuzzTarget {

	private static final int SIZE = 1000;

	private static final int PATIENCE_MILLIS = 20_000;

	private static final byte[] CONTENT = content();

	private final ConfigurableApplicationContext context = start();

	private final int port = this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

	private final BufferPool pool = this.context.getBean("uploads", BufferPool.class);

	private static byte[] content() {
		byte[] content = new byte[SIZE];
		for (int i = 0; i < SIZE; i++) {
			content[i] = (byte) (31 * i + i / 256);
		}
		return content;
	}

	private static ConfigurableApplicationContext start() {
		ClassLoader classes = HttpRequestsTarget.class.getClassLoader();
		Thread thread = Thread.currentThread();
		ClassLoader former = thread.getContextClassLoader();
		thread.setContextClassLoader(classes);
		try {
			return new SpringApplication(new DefaultResourceLoader(classes), Application.class).run("--server.port=0",
					"--server.address=localhost", "--logging.level.root=off", "--mempool.request.pool=uploads",
					"--mempool.pools.uploads.tiers=64B,1KB,8KB", "--mempool.pools.uploads.limit=4MB",
					"--mempool.request.max-body-size=16KB", "--spring.mvc.problemdetails.enabled=true");
		}
		finally {
			thread.setContextClassLoader(former);
		}
	}

	@Override
	public String run(FuzzInput input) throws Exception {
		byte[] body = input.bytes(input.size(input.oneIn(16) ? 20_000 : 600));
		Message message = switch (input.below(3)) {
			case 0 -> Message.plain(input, body);
			case 1 -> Message.multipart(input, body);
			default -> Message.range(input);
		};
		byte[] sent = message.bytes();
		boolean whole = !input.oneIn(2);
		if (!whole) {
			sent = mutilated(input, sent);
		}
		byte[] received = exchange(sent);
		awaitRest();
		if (!whole) {
			return "mutilated is " + status(received);
		}
		if (message.expected() != null) {
			Checks.check(status(received).equals(message.status()) && endsWith(received, message.expected()),
					"The answer to a whole request", text(sent), text(received));
		}
		return message.kind() + " is " + status(received);
	}

	private static byte[] mutilated(FuzzInput input, byte[] sent) {
		if (input.oneIn(4)) {
			return Arrays.copyOf(sent, input.size(sent.length));
		}
		return input.mutate(text(sent)).getBytes(StandardCharsets.ISO_8859_1);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	// The server sees the end of what is sent, and closes the connection
	private byte[] exchange(byte[] sent) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			// No port is left to wait
			socket.setSoLinger(true, 0);
			ByteArrayOutputStream received = new ByteArrayOutputStream();
			try {
				socket.getOutputStream().write(sent);
				socket.shutdownOutput();
				InputStream in = socket.getInputStream();
				in.transferTo(received);
			}
			catch (java.net.SocketTimeoutException ex) {
				throw new AssertionError("No end of the answer to: " + text(sent), ex);
			}
			catch (IOException ex) {
				// The server has closed the connection before it read all
			}
			return received.toByteArray();
		}
	}

	private void awaitRest() throws InterruptedException {
		long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
		while (this.pool.statistics().leased() > 0) {
			Checks.check(System.nanoTime() < end, "Memory stays with a request", this.pool.statistics());
			Thread.sleep(0, 50_000);
		}
	}

	private static String status(byte[] received) {
		String line = text(Arrays.copyOf(received, Math.min(received.length, 12)));
		return line.startsWith("HTTP/1.1 ") ? line.substring(9) : "nothing";
	}

	private static boolean endsWith(byte[] received, byte[] end) {
		int start = received.length - end.length;
		return start >= 0 && Arrays.equals(received, start, received.length, end, 0, end.length);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * A request, and the answer that it must have.
	 *
	 * @param kind what it is
	 * @param bytes what is sent
	 * @param status the status of the answer
	 * @param expected the end of the answer, {@code null} if it is not known
	 */
	private record Message(String kind, byte[] bytes, String status, byte @Nullable [] expected) {

		static Message plain(FuzzInput input, byte[] body) throws IOException {
			return post(input, "plain", "/body", "application/octet-stream", body, body);
		}

		static Message multipart(FuzzInput input, byte[] body) throws IOException {
			ByteArrayOutputStream parts = new ByteArrayOutputStream();
			String boundary = input.pick("b", "----b", "'b'", "b.".repeat(30));
			for (int count = input.below(3); count > 0; count--) {
				part(parts, boundary, "other" + count, input.bytes(input.size(50)));
			}
			part(parts, boundary, "file", body);
			ascii(parts, "--" + boundary + "--" + (input.flag() ? "\r\n" : ""));
			byte[] all = parts.toByteArray();
			boolean parsed = !contains(all, boundary, body);
			return post(input, "multipart", "/part", "multipart/form-data; boundary=\"" + boundary + "\"", all,
					parsed ? body : null);
		}

		private static boolean contains(byte[] all, String boundary, byte[] body) {
			return text(body).contains("--" + boundary) || body.length == 0 || all.length > 16 * 1024;
		}

		private static void part(ByteArrayOutputStream out, String boundary, String name, byte[] content)
				throws IOException {
			ascii(out, "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name
					+ "\"; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\n");
			out.write(content);
			ascii(out, "\r\n");
		}

		private static Message post(FuzzInput input, String kind, String path, String type, byte[] body,
				byte @Nullable [] expected) throws IOException {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			ascii(out, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type
					+ "\r\n");
			if (input.flag()) {
				ascii(out, "Content-Length: " + body.length + "\r\n\r\n");
				out.write(body);
			}
			else {
				kind = "chunked " + kind;
				ascii(out, "Transfer-Encoding: chunked\r\n\r\n");
				chunks(input, out, body);
			}
			boolean fits = body.length > 0 && body.length <= 16 * 1024;
			return new Message(kind, out.toByteArray(), "200", fits ? expected : null);
		}

		private static void chunks(FuzzInput input, ByteArrayOutputStream out, byte[] body) throws IOException {
			for (int position = 0; position < body.length;) {
				int length = Math.min(body.length - position, 1 + input.below(700));
				String size = Integer.toHexString(length);
				ascii(out, (input.flag() ? size : "0" + size.toUpperCase(java.util.Locale.ROOT))
						+ (input.oneIn(8) ? ";a=b" : "") + "\r\n");
				out.write(body, position, length);
				ascii(out, "\r\n");
				position += length;
			}
			ascii(out, "0\r\n" + (input.oneIn(8) ? "Trailer: a\r\n" : "") + "\r\n");
		}

		static Message range(FuzzInput input) throws IOException {
			int start = input.size(SIZE - 1);
			int end = Math.min(SIZE - 1, start + input.size(SIZE - 1));
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			ascii(out, "GET /range HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=" + start + "-"
					+ end + "\r\n\r\n");
			return new Message("range", out.toByteArray(), "206", Arrays.copyOfRange(CONTENT, start, end + 1));
		}

		private static void ascii(ByteArrayOutputStream out, String text) throws IOException {
			out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Application {

	}

	@RestController
	static class Controller {

		private final BufferPool pool;

		Controller(@Qualifier("uploads") BufferPool pool) {
			this.pool = pool;
		}

		@PostMapping("/body")
		PooledBuffer body(@RequestBody PooledBuffer body) {
			return body;
		}

		@PostMapping("/part")
		PooledBuffer part(@RequestPart PooledBuffer file) {
			return file;
		}

		@GetMapping("/range")
		PooledBuffer range() {
			PooledBuffer buffer = this.pool.acquire(SIZE);
			buffer.copyIn(0, CONTENT);
			return buffer;
		}

	}

}
