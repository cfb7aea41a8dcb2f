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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * How fast an application is beside a server without pools that gets the same requests in
 * the same moments: what else the machine does slows down both.
 */
final class Pace implements AutoCloseable {

	private static final int SIZE = 16 * 1024;

	private static final int STEPS = 15;

	static {
		// Or it waits for acknowledgements that its client delays
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private final SoakClient client;

	private final SoakClient control;

	Pace(SoakClient client) throws IOException {
		this.client = client;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", Pace::echo);
		this.server.setExecutor(this.threads);
		this.server.start();
		this.control = new SoakClient(this.server.getAddress().getPort(), 0);
	}

	private static void echo(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	/**
	 * Send the same to both in turns, and return how often the application answers while
	 * the other one answers once.
	 * @param owner stamps the content
	 */
	double relative(long owner) throws IOException, InterruptedException {
		byte[] content = Payload.of(owner, SIZE);
		double[] relative = new double[STEPS];
		for (int i = 0; i < STEPS; i++) {
			long begin = System.nanoTime();
			byte[] answer = this.client.post("/api/echo", content);
			long between = System.nanoTime();
			this.control.post("/", content);
			long end = System.nanoTime();
			Payload.verify(owner, SIZE, answer);
			relative[i] = (double) (end - between) / (between - begin);
		}
		return Curve.median(relative);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
