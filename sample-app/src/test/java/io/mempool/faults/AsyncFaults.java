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

import java.util.List;

import io.mempool.faults.Wire.Answer;

/**
 * Requests that end in another thread, or not in time.
 */
final class AsyncFaults {

	private AsyncFaults() {
	}

	static List<Fault> all() {
		return List.of(timeOut("a task of the container times out and writes on", "/faults/late/callable"),
				timeOut("a producer writes on after the time-out of its request", "/faults/late/deferred").onServlets(),
				Fault.of("a result never comes", 4, "an error at the time-out; all of it is in doubt",
						(driver, times) -> {
							driver.all(times, (client) -> timesOut(driver, "/faults/late/forgotten"));
							return Expected.acquired("uploads", times).andInDoubt("uploads", times);
						}),
				Fault.of("a result comes from another thread", 8, "one buffer a request, none in doubt",
						(driver, times) -> {
							driver.repeat(times, (client) -> answer(driver, "/faults/late/result", "stamped"));
							return Expected.acquired("uploads", times);
						}),
				Fault.of("a stream of events ends", 4, "one buffer a request, none in doubt", (driver, times) -> {
					driver.repeat(times, (client) -> answer(driver, "/faults/late/events?count=20", "xxx"));
					return Expected.acquired("uploads", times);
				}),
				Fault.of("the client of a stream of events hangs up", 4, "one buffer a request", (driver, times) -> {
					driver.repeat(times, (client) -> {
						try (Wire wire = driver.connect()) {
							wire.send(Wire.get("/faults/late/events?count=3000&owner=" + Driver.owner()));
							wire.skip(5000);
						}
					});
					return Expected.acquired("uploads", times)
						.andInDoubtAtMost("uploads", times)
						.orDropped(driver.stack(), "uploads", times);
				}), Fault.of("a streamed answer ends", 4, "its own bytes", (driver, times) -> {
					int parts = 10;
					driver.repeat(times, (client) -> {
						long owner = Driver.owner();
						try (Wire wire = driver.connect()) {
							Driver.own(wire.send(Wire.get("/faults/stream?parts=" + parts + "&owner=" + owner)).read(),
									owner, parts * 8000);
						}
					});
					return Expected.acquired("uploads", driver.stack().isReactive() ? (long) parts * times : times);
				}));
	}

	private static Fault timeOut(String name, String path) {
		return Fault.of(name, 4,
				"an error; all of it is in doubt, and its memory is lent to no other request meanwhile",
				(driver, times) -> {
					int others = 20;
					int clients = Math.min(times, 40);
					driver.all(clients, (client) -> timesOut(driver, path));
					driver.awaitFigure("uploads", "leased", 0);
					for (int i = 0; i < others; i++) {
						long owner = Driver.owner();
						try (Wire wire = driver.connect()) {
							Driver.own(wire.send(Wire.get("/faults/large?size=5000&owner=" + owner)).read(), owner,
									5000);
						}
					}
					driver.open("late");
					return Expected.acquired("uploads", clients + others).andInDoubt("uploads", clients);
				});
	}

	private static void timesOut(Driver driver, String path) throws java.io.IOException {
		try (Wire wire = driver.connect()) {
			int status = wire.send(Wire.get(path + "?gate=late&owner=" + Driver.owner())).read().status();
			Driver.require(status >= 500, "Answered with " + status);
		}
	}

	private static void answer(Driver driver, String path, String content) throws java.io.IOException {
		try (Wire wire = driver.connect()) {
			Answer answer = wire.send(Wire.get(path + (path.contains("?") ? "&" : "?") + "owner=" + Driver.owner()))
				.read();
			Driver.require(answer.status() == 200 && answer.text().contains(content),
					"Answered with " + answer.status() + " " + answer.text());
		}
	}

}
