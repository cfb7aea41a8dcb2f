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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Changes under load, disks and servers that are full, and contexts that close.
 */
final class ServerFaults {

	private static final int LOAD = 8;

	/**
	 * The last one, see {@link FaultRun#shutdown}.
	 */
	static final Fault SHUTDOWN = Fault.of("the application closes under load", 16,
			"it ends; nothing is leased and no thread waits", (driver, times) -> Expected.nothing());

	private ServerFaults() {
	}

	static List<Fault> all() {
		return List.of(
				underLoad("caps change under load",
						(driver, round) -> driver.update("tuned",
								"{\"maxIdle\": " + round % 9 + ", \"maxTotal\": " + (1 + round % 7) + "}")),
				underLoad("limits change under load",
						(driver, round) -> driver.update("tuned",
								"{\"limit\": \"" + ((round % 2 == 0) ? "1MB" : "8MB") + "\"}")),
				underLoad("tiers change under load",
						(driver, round) -> driver.update("tuned",
								"{\"tiers\": \"" + List.of("4KB, 16KB", "16KB", "1KB, 8KB, 32KB", "4KB").get(round % 4)
										+ "\"}")),
				underLoad("a pool is trimmed under load", (driver, round) -> driver.trim("tuned")),
				underLoad("the policy changes under load",
						(driver, round) -> driver.update("tuned",
								"{\"policy\": \"" + List.of("wait", "allocate", "wait").get(round % 3)
										+ "\", \"maxTotal\": 2, \"maxWait\": \"20s\"}")),
				Fault.of("another application in the same JVM closes under load", 1,
						"its threads hear of it; the pools of the first one see nothing", (driver, times) -> {
							driver.experiment("context", times, Failure.EXCEPTION);
							return Expected.nothing();
						}),
				Fault.of("more requests than threads", 1, "all are answered, each with its own bytes",
						(driver, times) -> {
							int requests = 150;
							for (int i = 0; i < times; i++) {
								// One by one: the queue of connections has an end
								List<Wire> wires = new ArrayList<>();
								for (int k = 0; k < requests; k++) {
									wires.add(driver.connect());
								}
								driver.all(requests, (client) -> {
									try (Wire wire = wires.get(client)) {
										driver.echoIsRight(wire, 2000);
									}
								});
							}
							return Expected.acquired("uploads", (long) requests * times);
						}),
				Fault.of("more connections than the server takes", 1, "it answers when they have gone",
						(driver, times) -> {
							for (int i = 0; i < times; i++) {
								List<Wire> wires = new ArrayList<>();
								for (int k = 0; k < 160; k++) {
									wires.add(driver.connect().send("GET / HTTP/1.1\r\nHost: localhost\r\n"));
								}
								for (Wire wire : wires) {
									wire.close();
								}
								driver.echoIsRight(1000);
							}
							return Expected.acquired("uploads", times);
						}),
				Fault
					.of("the disk of the file service is full", 4, "500 or no answer, and no file",
							ServerFaults::fillDisk)
					.onServlets(),
				Fault.of("the device that a buffer is written to is full", 4, "500", (driver, times) -> {
					driver.repeat(times, (client) -> {
						try (Wire wire = driver.connect()) {
							int status = wire.send(Wire.post("/faults/full", 5000))
								.send(new byte[5000])
								.read()
								.status();
							Driver.require(status == 500, "Answered with " + status);
						}
					});
					return Expected.acquiredBetween("uploads", times, 2L * times)
						.andInDoubtAtMost("uploads", 2L * times);
				}));
	}

	/**
	 * Change a pool while eight clients use it, and set it back.
	 */
	private static Fault underLoad(String name, Change change) {
		return Fault.of(name, 20, "each request is served with its own bytes, or refused as counted",
				(driver, times) -> {
					AtomicInteger served = new AtomicInteger();
					AtomicInteger refused = new AtomicInteger();
					driver.open("load");
					List<Future<?>> clients = driver.start(LOAD, (client) -> {
						for (int i = 0; i < 2 * times; i++) {
							use(driver, 100 + (client * 4001 + i * 997) % 16_000, served, refused);
						}
					});
					for (int i = 0; i < times; i++) {
						change.make(driver, i);
					}
					Driver.await(clients);
					driver.update("tuned", "{\"policy\": \"allocate\", \"maxWait\": \"1s\", \"limit\": \"unlimited\"}");
					driver.update("tuned", "{\"tiers\": \"4KB, 16KB\"}");
					driver.update("tuned", "{\"maxTotal\": \"unlimited\", \"maxIdle\": 8}");
					return Expected.acquired("tuned", served.get()).andExhausted("tuned", refused.get());
				});
	}

	private static void use(Driver driver, int size, AtomicInteger served, AtomicInteger refused) throws IOException {
		try (Wire wire = driver.connect()) {
			int status = wire
				.send(Wire.get("/faults/stamp?pool=tuned&gate=load&size=" + size + "&owner=" + Driver.owner()))
				.read()
				.status();
			Driver.require(status == 200 || status == 503, "Answered with " + status);
			((status == 200) ? served : refused).incrementAndGet();
		}
	}

	private static Expected fillDisk(Driver driver, int times) throws Exception {
		// More than the operating system lets the process write into one file
		int size = (ServerProcess.LARGEST_FILE + 1024) * 1024;
		driver.repeat(times, (client) -> {
			try (Wire wire = driver.connect()) {
				int status;
				try {
					wire.send("PUT /api/files/full" + client + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + size
							+ "\r\n\r\n");
					for (int sent = 0; sent < size; sent += 0x10000) {
						wire.send(Stamp.of(1, 0x10000));
					}
					status = wire.statusOrClosed();
				}
				catch (IOException ex) {
					status = 0;
				}
				Driver.require(status == 0 || status == 500, "Answered with " + status);
			}
			try (Wire wire = driver.connect()) {
				int status = wire.send(Wire.get("/api/files/full" + client)).read().status();
				Driver.require(status == 404, "The file is there: " + status);
			}
		});
		return Expected.acquired("uploads", 2L * times).andAcquired("digests", times);
	}

	/**
	 * Start requests that are in the middle of something when the application closes, and
	 * that end in any way.
	 */
	static List<Future<?>> startRequestsOfAllKinds(Driver driver, int times) throws IOException {
		AtomicInteger arrived = new AtomicInteger();
		List<Future<?>> clients = driver.start(times, (client) -> {
			long owner = Driver.owner();
			try (Wire wire = driver.connect()) {
				switch (client % 4) {
					case 0 -> wire.send(Wire.post("/faults/held?gate=shutdown&owner=" + owner, 1000))
						.send(Stamp.of(owner, 1000));
					case 1 -> wire.send(Wire.post(driver.echo(), 200_000)).send(Stamp.of(owner, 50_000));
					case 2 -> wire.send(Wire.get("/faults/large?size=500000&owner=" + owner)).skip(100);
					default -> wire.send(Wire.get("/faults/stream?parts=500&owner=" + owner)).skip(100);
				}
				arrived.incrementAndGet();
				wire.statusOrClosed();
			}
		});
		Driver.until(() -> arrived.get() == times && driver.figures().arrivals("shutdown") == (times + 3) / 4,
				"all requests have begun");
		return clients;
	}

	/**
	 * A change of the pool 'tuned'.
	 */
	@FunctionalInterface
	private interface Change {

		void make(Driver driver, int round) throws IOException;

	}

}
