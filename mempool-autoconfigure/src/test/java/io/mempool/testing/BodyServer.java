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

package io.mempool.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A server whose responses are good and bad in the ways that clients of HTTP meet. The
 * last element of a path is the size of a body:
 * <ul>
 * <li>{@code GET /fixed/<size>}, {@code /files/<size>}, {@code /chunked/<size>}</li>
 * <li>{@code GET /missing/<size>}: status 404 with a body</li>
 * <li>{@code GET /cut/<size>}, {@code /cut-chunked/<size>}: half of the body, then the
 * connection is closed</li>
 * <li>{@code GET /stall/<size>}: half of the body, then nothing</li>
 * <li>{@code GET /status/204}: no body</li>
 * <li>{@code POST /echo}, and {@code /redirect} with status 307 to it</li>
 * <li>{@code POST /busy}: status 503 once, then as {@code /echo}</li>
 * </ul>
 */
public final class BodyServer implements AutoCloseable {

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final CountDownLatch end = new CountDownLatch(1);

	private final AtomicInteger requests = new AtomicInteger();

	private boolean busy;

	public BodyServer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		answer("/fixed/", (exchange) -> send(exchange, 200, size(exchange)));
		answer("/files/", (exchange) -> send(exchange, 200, size(exchange)));
		answer("/missing/", (exchange) -> send(exchange, 404, size(exchange)));
		answer("/status/", (exchange) -> exchange.sendResponseHeaders(size(exchange), -1));
		answer("/chunked/", BodyServer::chunked);
		answer("/cut/", BodyServer::cut);
		answer("/cut-chunked/", BodyServer::cutChunked);
		answer("/stall/", this::stall);
		answer("/echo", BodyServer::echo);
		answer("/redirect", BodyServer::redirect);
		answer("/busy", this::busy);
		this.server.start();
	}

	private void answer(String path, Answer answer) {
		this.server.createContext(path, (exchange) -> {
			this.requests.incrementAndGet();
			answer.send(exchange);
			exchange.close();
		});
	}

	/**
	 * Return the address of a path.
	 */
	public URI uri(String path) {
		return URI.create("http://localhost:" + this.server.getAddress().getPort() + path);
	}

	/**
	 * Return the bytes that a body of some size has.
	 */
	public static byte[] bytes(int size) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (i * 31 + i / 251);
		}
		return bytes;
	}

	/**
	 * Return how many requests have arrived.
	 */
	public int requests() {
		return this.requests.get();
	}

	private static int size(HttpExchange exchange) {
		String path = exchange.getRequestURI().getPath();
		return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
	}

	private static void send(HttpExchange exchange, int status, int size) throws IOException {
		exchange.sendResponseHeaders(status, (size > 0) ? size : -1);
		write(exchange, size, size);
	}

	private static void write(HttpExchange exchange, int size, int part) throws IOException {
		OutputStream out = exchange.getResponseBody();
		out.write(Arrays.copyOf(bytes(size), part));
		out.flush();
	}

	private static void chunked(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		write(exchange, size(exchange), size(exchange));
	}

	private static void cut(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, size(exchange));
		write(exchange, size(exchange), size(exchange) / 2);
		throw new IOException("closes the connection");
	}

	private static void cutChunked(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, 0);
		write(exchange, size(exchange), size(exchange) / 2);
		throw new IOException("closes the connection");
	}

	private void stall(HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, size(exchange));
		write(exchange, size(exchange), size(exchange) / 2);
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new IOException("closes the connection");
	}

	private static void echo(HttpExchange exchange) throws IOException {
		byte[] body = exchange.getRequestBody().readAllBytes();
		exchange.sendResponseHeaders(200, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
	}

	private static void redirect(HttpExchange exchange) throws IOException {
		exchange.getRequestBody().readAllBytes();
		exchange.getResponseHeaders().add("Location", "/echo");
		exchange.sendResponseHeaders(307, -1);
	}

	private synchronized void busy(HttpExchange exchange) throws IOException {
		this.busy = !this.busy;
		if (this.busy) {
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(503, -1);
		}
		else {
			echo(exchange);
		}
	}

	@Override
	public void close() {
		this.end.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private interface Answer {

		void send(HttpExchange exchange) throws IOException;

	}

}
