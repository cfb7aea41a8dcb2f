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

import io.mempool.faults.Wire.Answer;

/**
 * Clients that hang up, that are slow, or that do not wait for answers.
 */
final class ConnectionFaults {

	// A body moves to the next of four tiers as it arrives
	private static final int TIERS = 4;

	private static final int BODY = 300_000;

	private ConnectionFaults() {
	}

	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>(hangUps());
		faults.addAll(slowClients());
		faults.addAll(pipelines());
		return faults;
	}

	private static List<Fault> hangUps() {
		return List.of(Fault.of("client hangs up in the head", 8, "nothing is acquired", (driver, times) -> {
			hangUp(driver, times, (wire) -> wire.send("POST " + driver.echo() + " HTTP/1.1\r\nHost: lo"));
			return Expected.nothing();
		}), Fault.of("client hangs up after the head", 8, "one buffer a request at most", (driver, times) -> {
			hangUp(driver, times, (wire) -> wire.send(Wire.post(driver.echo(), BODY)));
			return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
		}), Fault.of("client hangs up in the body", 16, "what has arrived is given back", (driver, times) -> {
			hangUp(driver, times,
					(wire) -> wire.send(Wire.post(driver.echo(), BODY)).send(Stamp.of(Driver.owner(), BODY / 2)));
			return growing(times);
		}), Fault.of("client resets the connection in the body", 16, "what has arrived is given back",
				(driver, times) -> {
					hangUp(driver, times,
							(wire) -> wire.send(Wire.post(driver.echo(), BODY))
								.send(Stamp.of(Driver.owner(), BODY / 2))
								.reset());
					return growing(times);
				}), Fault.of("client hangs up in a body of chunks", 16, "what has arrived is given back",
						(driver, times) -> {
							hangUp(driver, times,
									(wire) -> wire.send(Wire.chunked(driver.echo()) + "8000\r\n")
										.send(Stamp.of(Driver.owner(), 0x8000))
										.send("\r\n8000\r\n0123"));
							return growing(times);
						}),
				Fault.of("client hangs up while its handler works", 8, "one buffer a request, and no other owner of it",
						ConnectionFaults::hangUpWhileTheHandlerWorks),
				Fault.of("client hangs up while its answer is sent", 8, "one buffer a request", (driver, times) -> {
					hangUp(driver, times, (wire) -> {
						wire.send(Wire.get("/faults/large?size=1000000&owner=" + Driver.owner()));
						wire.skip(1000);
					});
					return Expected.acquired("uploads", times).andInDoubtAtMost("uploads", times);
				}), Fault.of("client resets the connection while its answer is sent", 8, "one buffer a request",
						(driver, times) -> {
							hangUp(driver, times, (wire) -> {
								wire.send(Wire.get("/faults/large?size=1000000&owner=" + Driver.owner()));
								wire.skip(1000);
								wire.reset();
							});
							return Expected.acquired("uploads", times).andInDoubtAtMost("uploads", times);
						}),
				Fault.of("client hangs up in a streamed answer", 8, "what is streamed is given back",
						(driver, times) -> {
							int parts = 500;
							driver.repeat(times, (client) -> {
								try (Wire wire = driver.connect()) {
									wire.send(Wire.get("/faults/stream?parts=" + parts + "&owner=" + Driver.owner()));
									wire.skip(1000);
								}
							});
							long most = driver.stack().isReactive() ? (long) times * parts : times;
							return Expected.acquiredBetween("uploads", times, most)
								.andInDoubtAtMost("uploads", most)
								.orDropped(driver.stack(), "uploads", times);
						}),
				Fault.of("client closes its half of the connection after the body", 8,
						"the answer has its own bytes, or none is sent", (driver, times) -> {
							driver.repeat(times, (client) -> {
								long owner = Driver.owner();
								try (Wire wire = driver.connect()) {
									wire.send(Wire.post(driver.echo(), 1000)).send(Stamp.of(owner, 1000)).halfClose();
									ownOrNone(wire, owner, 1000);
								}
							});
							return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
						}),
				Fault.of("client closes its half of the connection in the body", 8, "no body is taken for whole",
						(driver, times) -> {
							driver.repeat(times, (client) -> {
								try (Wire wire = driver.connect()) {
									wire.send(Wire.post(driver.echo(), BODY))
										.send(Stamp.of(Driver.owner(), 1000))
										.halfClose();
									refused(wire);
								}
							});
							return growing(times);
						}));
	}

	private static Expected hangUpWhileTheHandlerWorks(Driver driver, int times) throws Exception {
		String path = "/faults/held?gate=works&owner=";
		List<Wire> wires = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			long owner = Driver.owner();
			wires.add(driver.connect().send(Wire.post(path + owner, 1000)).send(Stamp.of(owner, 1000)));
		}
		driver.awaitArrivals("works", times);
		for (Wire wire : wires) {
			wire.close();
		}
		driver.echoIsRight(1000);
		driver.open("works");
		return Expected.acquired("uploads", times + 1).andInDoubtAtMost("uploads", times);
	}

	private static List<Fault> slowClients() {
		return List.of(Fault.of("client sends slowly", 8, "the answer has its own bytes", (driver, times) -> {
			driver.repeat(times, (client) -> {
				long owner = Driver.owner();
				try (Wire wire = driver.connect()) {
					wire.send(Wire.post(driver.echo(), 20_000)).sendSlowly(Stamp.of(owner, 20_000), 40);
					Driver.own(wire.read(), owner, 20_000);
				}
			});
			return Expected.acquiredBetween("uploads", times, (long) TIERS * times);
		}), Fault.of("client reads slowly", 4, "the answer has its own bytes", (driver, times) -> {
			driver.repeat(times, (client) -> {
				long owner = Driver.owner();
				try (Wire wire = driver.connect(4096)) {
					wire.send(Wire.get("/faults/large?size=250000&owner=" + owner));
					Driver.own(wire.read(200_000), owner, 250_000);
				}
			});
			return Expected.acquired("uploads", times);
		}), Fault.of("clients do not read", 4, "others are answered meanwhile, and they themselves later",
				ConnectionFaults::stall),
				Fault.of("announced bodies never come", 32,
						"memory is that of what has arrived, not of what was announced", ConnectionFaults::announce),
				Fault.of("a body over the limit is announced", 8, "413 or no answer; nothing is acquired",
						(driver, times) -> {
							driver.repeat(times, (client) -> {
								try (Wire wire = driver.connect()) {
									int status = wire.send(Wire.post(driver.echo(), 3_000_000)).statusOrClosed();
									Driver.require(status == 413 || status == 0, "Answered with " + status);
								}
							});
							return Expected.nothing();
						}),
				Fault.of("a body over the limit comes in chunks", 4, "413 or no answer", (driver, times) -> {
					// One after the other: together they reach the budget
					for (int i = 0; i < times; i++) {
						sendTooMuch(driver);
						driver.awaitFigure("uploads", "leased", 0);
					}
					return Expected.acquiredBetween("uploads", times, (TIERS + 1L) * times)
						.andInDoubtAtMost("uploads", (TIERS + 1L) * times);
				}),
				Fault.of("client asks to continue and hangs up", 8, "one buffer a request at most", (driver, times) -> {
					hangUp(driver, times,
							(wire) -> wire.send(Wire.post(driver.echo(), BODY, "Expect: 100-continue")).skip(12));
					return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
				}), Fault.of("heads never end", 30, "others are answered meanwhile", (driver, times) -> {
					List<Wire> wires = new ArrayList<>();
					for (int i = 0; i < Math.min(times, 60); i++) {
						wires.add(driver.connect().send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
					}
					driver.echoIsRight(1000);
					for (Wire wire : wires) {
						wire.close();
					}
					return Expected.acquired("uploads", 1);
				}));
	}

	private static void sendTooMuch(Driver driver) throws IOException {
		try (Wire wire = driver.connect()) {
			wire.send(Wire.chunked(driver.echo()));
			try {
				for (int i = 0; i < 50; i++) {
					wire.send("10000\r\n").send(Stamp.of(1, 0x10000)).send("\r\n");
				}
			}
			catch (IOException ex) {
				// Closed before all of it was sent
			}
			int status = wire.statusOrClosed();
			Driver.require(status == 413 || status == 0, "Answered with " + status);
		}
	}

	private static Expected stall(Driver driver, int times) throws Exception {
		int clients = Math.min(times, 8);
		List<Wire> wires = new ArrayList<>();
		List<Long> owners = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			owners.add(Driver.owner());
			wires.add(driver.connect(4096).send(Wire.get("/faults/large?size=250000&owner=" + owners.get(i))));
		}
		driver.echoIsRight(1000);
		for (int i = 0; i < clients; i++) {
			try (Wire wire = wires.get(i)) {
				Driver.own(wire.read(), owners.get(i), 250_000);
			}
		}
		return Expected.acquired("uploads", clients + 1);
	}

	private static Expected announce(Driver driver, int times) throws Exception {
		int clients = Math.min(times, 32);
		List<Wire> wires = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			wires.add(driver.connect().send(Wire.post(driver.echo(), 2_000_000) + "beginning"));
		}
		driver.awaitFigure("uploads", "leased", clients);
		long leased = driver.figures().of("uploads", "leasedBytes");
		for (Wire wire : wires) {
			wire.close();
		}
		Driver.require(leased <= clients * 65_536L,
				leased + " bytes are leased for " + clients + " bodies of which 9 bytes have come");
		return Expected.acquired("uploads", clients).andInDoubtAtMost("uploads", clients);
	}

	private static List<Fault> pipelines() {
		return List.of(Fault.of("requests are pipelined", 4, "answers come in order, each with its own bytes",
				(driver, times) -> {
					driver.repeat(times, (client) -> {
						List<Long> owners = new ArrayList<>();
						try (Wire wire = driver.connect()) {
							for (int i = 0; i < 8; i++) {
								owners.add(Driver.owner());
								wire.send(Wire.post(driver.echo(), 1000)).send(Stamp.of(owners.get(i), 1000));
							}
							for (long owner : owners) {
								Driver.own(wire.read(), owner, 1000);
							}
						}
					});
					return Expected.acquired("uploads", 8L * times);
				}), Fault.of("a pipelined request fails", 4,
						"500 for that one; the others have their own bytes, or none", (driver, times) -> {
							driver.repeat(times, (client) -> {
								long owner = Driver.owner();
								String post = Wire.post(driver.echo(), 1000);
								byte[] body = Stamp.of(owner, 1000);
								try (Wire wire = driver.connect()) {
									wire.send(post).send(body);
									wire.send(Wire.get("/faults/throw/controller?failure=EXCEPTION"));
									wire.send(post).send(body);
									Driver.own(wire.read(), owner, 1000);
									Answer failed = wire.read();
									Driver.require(failed.status() == 500, "Answered with " + failed.status());
									ownOrNone(wire, owner, 1000);
								}
							});
							return Expected.acquiredBetween("uploads", 2L * times, 3L * times)
								.andInDoubtAtMost("uploads", times);
						}),
				Fault.of("a pipelined request is malformed", 4, "nothing behind it is taken for a request",
						(driver, times) -> {
							driver.repeat(times, (client) -> {
								long owner = Driver.owner();
								String post = Wire.post(driver.echo(), 1000);
								byte[] body = Stamp.of(owner, 1000);
								try (Wire wire = driver.connect()) {
									wire.send(post)
										.send(body)
										.send("THIS IS NO REQUEST\r\n\r\n")
										.send(post)
										.send(body)
										.halfClose();
									ownOrNone(wire, owner, 1000);
									refused(wire);
								}
							});
							return Expected.acquiredAtMost("uploads", times).andInDoubtAtMost("uploads", times);
						}),
				Fault.of("client pipelines requests and hangs up", 4, "one buffer a request at most",
						(driver, times) -> {
							hangUp(driver, times, (wire) -> {
								for (int i = 0; i < 8; i++) {
									wire.send(Wire.post(driver.echo(), 1000)).send(Stamp.of(Driver.owner(), 1000));
								}
							});
							return Expected.acquiredAtMost("uploads", 8L * times)
								.andInDoubtAtMost("uploads", 8L * times);
						}));
	}

	private static Expected growing(int times) {
		return Expected.acquiredAtMost("uploads", (long) TIERS * times)
			.andInDoubtAtMost("uploads", (long) TIERS * times);
	}

	static void ownOrNone(Wire wire, long owner, int size) throws IOException {
		Answer answer;
		try {
			answer = wire.read();
		}
		catch (java.net.SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException ex) {
			return;
		}
		if (answer.status() == 200) {
			Driver.own(answer, owner, size);
		}
	}

	static void refused(Wire wire) throws IOException {
		int status = wire.statusOrClosed();
		Driver.require(status == 0 || status >= 400, "Answered with " + status);
	}

	private static void hangUp(Driver driver, int times, Sending sending) throws Exception {
		driver.repeatInRounds(times, "uploads", (client) -> {
			try (Wire wire = driver.connect()) {
				sending.send(wire);
			}
		});
	}

	@FunctionalInterface
	private interface Sending {

		void send(Wire wire) throws IOException;

	}

}
