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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.mempool.faults.Wire.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients of one server.
 */
final class Driver implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final int CLIENTS = 8;

	private final Stack stack;

	private final int port;

	private final ExecutorService clients = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "client");
		thread.setDaemon(true);
		return thread;
	});

	private Wire control;

	Driver(Stack stack, int port) throws IOException {
		this.stack = stack;
		this.port = port;
		this.control = new Wire(port);
	}

	Stack stack() {
		return this.stack;
	}

	Wire connect() throws IOException {
		return new Wire(this.port);
	}

	Wire connect(int receiveBuffer) throws IOException {
		return new Wire(this.port, receiveBuffer);
	}

	static long owner() {
		return ThreadLocalRandom.current().nextLong(1L << 56, Long.MAX_VALUE);
	}

	/**
	 * Return where a body is echoed.
	 */
	String echo() {
		return this.stack.echo();
	}

	// Asks: all through one connection, which a full server knows already. Reactor Netty
	// has no limit, and (seen with 1.3.7, also without mempool) at times forgets the
	// second request after one that was answered by another thread
	private synchronized Answer ask(String request) throws IOException {
		if (this.stack.isReactive()) {
			try (Wire wire = connect()) {
				return wire.send(request).read();
			}
		}
		for (int attempt = 1;; attempt++) {
			try {
				return this.control.send(request).read();
			}
			catch (IOException ex) {
				this.control.close();
				if (attempt == 3) {
					throw ex;
				}
				this.control = connect();
			}
		}
	}

	private Answer command(String path) throws IOException {
		Answer answer = ask(Wire.post(path, 0));
		require(answer.status() == 200, path + " was answered with " + answer.status() + " " + answer.text());
		return answer;
	}

	private JsonNode json(String path) throws IOException {
		Answer answer = ask(Wire.get(path));
		require(answer.status() == 200, path + " was answered with " + answer.status() + " " + answer.text());
		return JSON.readTree(answer.body());
	}

	Figures figures() throws IOException {
		return new Figures(json("/actuator/mempool"), json("/probe"));
	}

	void begin() throws IOException {
		command("/probe/begin");
	}

	/**
	 * Let everything go on that is held.
	 */
	void end() throws IOException {
		command("/probe/end");
	}

	void open(String gate) throws IOException {
		command("/probe/open?gate=" + gate);
	}

	void collect() throws IOException {
		command("/probe/collect");
	}

	void shutdown() throws IOException {
		command("/probe/shutdown");
	}

	/**
	 * Have the server do something as often.
	 */
	void experiment(String name, int times, Failure failure) throws IOException {
		command("/probe/do/" + name + "?times=" + times + "&failure=" + failure.name());
	}

	/**
	 * Change a pool.
	 * @param settings JSON
	 */
	void update(String pool, String settings) throws IOException {
		byte[] body = settings.getBytes(StandardCharsets.UTF_8);
		Answer answer = ask(
				Wire.post("/actuator/mempool/" + pool, body.length, "Content-Type: application/json") + settings);
		boolean same = answer.status() == 400 && answer.text().contains("is as requested already");
		require(same || answer.status() == 200,
				settings + " was answered with " + answer.status() + " " + answer.text());
	}

	void trim(String pool) throws IOException {
		Answer answer = ask("DELETE /actuator/mempool/" + pool + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
		require(answer.status() == 200, "A trim was answered with " + answer.status());
	}

	void awaitArrivals(String gate, int count) throws IOException {
		until(() -> figures().arrivals(gate) == count, count + " requests have arrived at the gate " + gate);
	}

	void awaitFigure(String pool, String figure, long value) throws IOException {
		until(() -> figures().of(pool, figure) == value, figure + " of '" + pool + "' is " + value);
	}

	// Clients

	/**
	 * Send a body, and see that it comes back.
	 */
	void echoIsRight(int size) throws IOException {
		try (Wire wire = connect()) {
			echoIsRight(wire, size);
		}
	}

	void echoIsRight(Wire wire, int size) throws IOException {
		long owner = owner();
		own(wire.send(Wire.post(echo(), size)).send(Stamp.of(owner, size)).read(), owner, size);
	}

	/**
	 * See that an answer has the bytes of its own request.
	 */
	static void own(Answer answer, long owner, int size) {
		require(answer.status() == 200, "Answered with " + answer.status() + " " + start(answer));
		require(answer.body().length == size, answer.body().length + " bytes came back, of " + size);
		ownPart(answer.body(), owner);
	}

	static void ownPart(byte[] part, long owner) {
		int foreign = Stamp.foreign(owner, part);
		require(foreign < 0, "Byte " + foreign + " of an answer is that of another request");
	}

	private static String start(Answer answer) {
		String text = answer.text();
		return text.substring(0, Math.min(300, text.length()));
	}

	/**
	 * Let eight clients do something as often all together.
	 */
	void repeat(int times, Task task) throws Exception {
		all(Math.min(CLIENTS, times), (client) -> {
			for (int i = client; i < times; i += CLIENTS) {
				task.run(i);
			}
		});
	}

	/**
	 * Let eight clients do something at once, and others when nothing is leased: what all
	 * leave behind at once could be more than the budget.
	 */
	void repeatInRounds(int times, String pool, Task task) throws Exception {
		for (int done = 0; done < times; done += CLIENTS) {
			all(Math.min(CLIENTS, times - done), task);
			awaitFigure(pool, "leased", 0);
		}
	}

	/**
	 * Let as many clients do something at once.
	 */
	void all(int count, Task task) throws Exception {
		await(start(count, task));
	}

	List<Future<?>> start(int count, Task task) {
		List<Future<?>> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int client = i;
			started.add(this.clients.submit(() -> {
				task.run(client);
				return null;
			}));
		}
		return started;
	}

	static void await(List<Future<?>> started) throws Exception {
		for (Future<?> client : started) {
			try {
				client.get(2 * Wire.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException ex) {
				throw new Exception("A client failed: " + ex.getCause(), ex.getCause());
			}
		}
	}

	static void until(Condition condition, String what) throws IOException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Wire.PATIENCE_MILLIS);
		while (!condition.holds()) {
			require(System.nanoTime() < end, "Not after 20 seconds: " + what);
			LockSupport.parkNanos(5_000_000);
		}
	}

	static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

	@Override
	public void close() throws IOException {
		this.clients.shutdownNow();
		this.control.close();
	}

	/**
	 * What a client does.
	 */
	@FunctionalInterface
	interface Task {

		void run(int client) throws Exception;

	}

	/**
	 * Something that becomes true.
	 */
	@FunctionalInterface
	interface Condition {

		boolean holds() throws IOException;

	}

}
