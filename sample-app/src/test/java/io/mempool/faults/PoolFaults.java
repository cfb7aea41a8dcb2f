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

import io.mempool.faults.Hooks.Hook;

/**
 * Leases that are misused or lost, pools that are exhausted, hooks that fail.
 */
final class PoolFaults {

	private static final int WAITING = 64;

	private PoolFaults() {
	}

	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>(leases());
		faults.addAll(exhaustion());
		faults.addAll(callbacks());
		return faults;
	}

	private static List<Fault> leases() {
		return List.of(
				experiment("a lease is released twice", "double-release", 8, "an error that is counted",
						(times) -> Expected.acquired("uploads", times).andDoubleReleases("uploads", times)),
				experiment("a lease off the heap is released twice", "double-release-off-heap", 8,
						"an error that is counted",
						(times) -> Expected.acquired("native", times).andDoubleReleases("native", times)),
				experiment("a stale handle is released after its memory has a new owner", "stale-release", 8,
						"an error; the new owner keeps its memory",
						(times) -> Expected.acquired("uploads", 3L * times).andDoubleReleases("uploads", times)),
				experiment("a stale handle of memory off the heap is released", "stale-release-off-heap", 8,
						"an error; the new owner keeps its memory",
						(times) -> Expected.acquired("native", 3L * times).andDoubleReleases("native", times)),
				experiment("eight threads release one lease", "racing-release", 8, "one wins, seven errors are counted",
						(times) -> Expected.acquired("uploads", times).andDoubleReleases("uploads", 7L * times)),
				experiment("a lease is used after its release", "use-after-release", 8, "an error",
						(times) -> Expected.acquired("uploads", times)),
				experiment("a lease is lost", "lose", 4, "found by the collector, and counted",
						(times) -> Expected.acquired("uploads", times).andLeaked("uploads", times)),
				experiment("a lease off the heap is lost", "lose-off-heap", 4, "found by the collector, and counted",
						(times) -> Expected.acquired("native", times).andLeaked("native", times)),
				experiment("a retained handle is lost", "lose-retained", 4, "found by the collector, and counted",
						(times) -> Expected.acquired("uploads", times).andLeaked("uploads", times)),
				experiment("an object is lost", "lose-object", 4, "found by the collector, and counted",
						(times) -> Expected.acquired("hooked", times).andLeaked("hooked", times)),
				experiment("a task that holds a scope is lost", "lose-task", 4,
						"found by the collector; its memory is used again",
						(times) -> Expected.acquired("uploads", times).andCollected()),
				experiment("threads that wait are interrupted", "interrupt", 4,
						"an error with the flag set; the others keep their places",
						(times) -> Expected.acquired("waiting", 10L * times)));
	}

	private static Fault experiment(String name, String experiment, int times, String holds, Expectation expectation) {
		return experiment(name, experiment, times, holds, Failure.EXCEPTION, expectation);
	}

	private static Fault experiment(String name, String experiment, int times, String holds, Failure failure,
			Expectation expectation) {
		return Fault.of(name, times, holds, (driver, count) -> {
			driver.experiment(experiment, count, failure);
			return expectation.after(count);
		});
	}

	private static List<Fault> exhaustion() {
		return List
			.of(Fault.of("64 requests wait for two blocks", 1, "all are served, two at a time", (driver, times) -> {
				for (int i = 0; i < times; i++) {
					String gate = "waiting" + i;
					AtomicInteger served = new AtomicInteger();
					List<Future<?>> clients = hold(driver, "waiting", gate);
					clients.addAll(stamps(driver, "waiting", gate, served, new AtomicInteger()));
					driver.awaitFigure("waiting", "waiting", WAITING);
					driver.open(gate);
					Driver.await(clients);
					Driver.require(served.get() == WAITING, served + " of " + WAITING + " were served");
				}
				return Expected.acquired("waiting", (WAITING + 2L) * times);
			}), Fault.of("64 requests wait in vain", 1, "503 for each, which is counted", (driver, times) -> {
				driver.update("waiting", "{\"maxWait\": \"300ms\"}");
				for (int i = 0; i < times; i++) {
					refuse(driver, "waiting", "vain" + i);
				}
				driver.update("waiting", "{\"maxWait\": \"30s\"}");
				return Expected.acquired("waiting", 2L * times).andExhausted("waiting", (long) WAITING * times);
			}), Fault.of("64 clients hang up while their requests wait", 1, "none of them keeps what it got",
					(driver, times) -> {
						for (int i = 0; i < times; i++) {
							String gate = "gone" + i;
							List<Future<?>> holders = hold(driver, "waiting", gate);
							List<Wire> wires = new ArrayList<>();
							for (int k = 0; k < WAITING; k++) {
								wires.add(driver.connect()
									.send(Wire.get(stamp("waiting", gate, Driver.owner()) + 10_000)));
							}
							driver.awaitFigure("waiting", "waiting", WAITING);
							for (Wire wire : wires) {
								wire.close();
							}
							driver.open(gate);
							Driver.await(holders);
							driver.awaitFigure("waiting", "waiting", 0);
							driver.awaitFigure("waiting", "leased", 0);
						}
						return Expected.acquiredBetween("waiting", 2L * times, (WAITING + 2L) * times)
							.andInDoubtAtMost("waiting", (WAITING + 2L) * times);
					}), Fault.of("64 requests find a pool exhausted that fails", 1, "503 for each, which is counted",
							(driver, times) -> {
								for (int i = 0; i < times; i++) {
									refuse(driver, "failing", "failing" + i);
								}
								return Expected.acquired("failing", 2L * times)
									.andExhausted("failing", (long) WAITING * times);
							}),
					Fault.of("64 requests find a pool exhausted that allocates", 1, "all are served, at once",
							(driver, times) -> {
								for (int i = 0; i < times; i++) {
									String gate = "allocating" + i;
									AtomicInteger served = new AtomicInteger();
									List<Future<?>> clients = hold(driver, "allocating", gate);
									clients.addAll(stamps(driver, "allocating", gate, served, new AtomicInteger()));
									driver.awaitArrivals(gate, WAITING + 2);
									driver.open(gate);
									Driver.await(clients);
									Driver.require(served.get() == WAITING, served + " of " + WAITING + " were served");
								}
								return Expected.acquired("allocating", (WAITING + 2L) * times);
							}),
					reach("the budget is reached", "uploads", 1_000_000, 24),
					reach("the limit of a pool is reached", "limited", 60_000, 40),
					reach("the budget off the heap is reached", "native", 1_000_000, 24),
					Fault.of("a request takes more than it may", 4, "500; what it had is given back",
							(driver, times) -> {
								// One after the other: together they reach the budget
								for (int i = 0; i < times; i++) {
									try (Wire wire = driver.connect()) {
										int status = wire.send(Wire.get("/faults/greedy")).read().status();
										Driver.require(status == 500, "Answered with " + status);
									}
									driver.awaitFigure("uploads", "leased", 0);
								}
								return Expected.acquired("uploads", 6L * times).andInDoubtAtMost("uploads", 6L * times);
							}));
	}

	/**
	 * Hold memory until no more is lent: as many requests are refused as are counted, and
	 * as many served as are counted.
	 */
	private static Fault reach(String name, String pool, int size, int requests) {
		return Fault.of(name, 1, "503 for some, as many as are counted; never more is taken", (driver, times) -> {
			long served = 0;
			long refused = 0;
			for (int i = 0; i < times; i++) {
				AtomicInteger ok = new AtomicInteger();
				AtomicInteger full = new AtomicInteger();
				String gate = "reach" + i;
				// A request answers before it gives its memory back
				driver.awaitFigure(pool, "leased", 0);
				List<Future<?>> clients = driver.start(requests, (client) -> stamp(driver, pool, size, gate, ok, full));
				Driver.until(() -> driver.figures().arrivals(gate) + full.get() == requests,
						"all are served or refused");
				driver.open(gate);
				Driver.await(clients);
				Driver.require(ok.get() > 0 && full.get() > 0, ok + " were served, and " + full + " refused");
				served += ok.get();
				refused += full.get();
			}
			return Expected.acquired(pool, served).andExhausted(pool, refused);
		});
	}

	private static void refuse(Driver driver, String pool, String gate) throws Exception {
		AtomicInteger served = new AtomicInteger();
		AtomicInteger refused = new AtomicInteger();
		List<Future<?>> holders = hold(driver, pool, gate);
		Driver.await(stamps(driver, pool, gate, served, refused));
		driver.open(gate);
		Driver.await(holders);
		Driver.require(refused.get() == WAITING, refused + " of " + WAITING + " were refused");
	}

	private static List<Future<?>> hold(Driver driver, String pool, String gate) throws IOException {
		AtomicInteger served = new AtomicInteger();
		driver.awaitFigure(pool, "leased", 0);
		List<Future<?>> holders = driver.start(2,
				(client) -> stamp(driver, pool, 10_000, gate, served, new AtomicInteger()));
		driver.awaitArrivals(gate, 2);
		return holders;
	}

	private static List<Future<?>> stamps(Driver driver, String pool, String gate, AtomicInteger served,
			AtomicInteger refused) {
		return driver.start(WAITING, (client) -> stamp(driver, pool, 10_000, gate, served, refused));
	}

	private static void stamp(Driver driver, String pool, int size, String gate, AtomicInteger served,
			AtomicInteger refused) throws IOException {
		try (Wire wire = driver.connect()) {
			wire.send(Wire.get(stamp(pool, gate, Driver.owner()) + size));
			int status = wire.read().status();
			Driver.require(status == 200 || status == 503, "Answered with " + status);
			((status == 200) ? served : refused).incrementAndGet();
		}
	}

	private static String stamp(String pool, String gate, long owner) {
		return "/faults/stamp?pool=" + pool + "&gate=" + gate + "&owner=" + owner + "&size=";
	}

	private static List<Fault> callbacks() {
		List<Fault> faults = new ArrayList<>();
		for (Failure failure : Failure.values()) {
			faults.add(experiment(failure + " kills a thread with a scope", "die", 2, "its memory is given back",
					failure, (times) -> Expected.acquired("uploads", 8L * times)));
			faults.add(experiment(failure + " kills a thread with a lease", "die-holding", 2, "found by the collector",
					failure, (times) -> Expected.acquired("uploads", times).andLeaked("uploads", times)));
			for (Hook hook : Hook.values()) {
				faults.add(experiment(failure + " in the hook " + hook + " of an object", "hook-" + hook, 2,
						"one object is lost, at most", failure, (times) -> afterHook(hook, failure, times)));
			}
			faults.add(experiment(failure + " in a listener of a pool", "listener", 2,
					"the acquire is refused or served as without", failure,
					(times) -> Expected.acquired("failing", 2L * times)
						.andExhausted("failing", times)
						.andAcquired("tuned", 2L * times)));
			faults.add(experiment(failure + " in a logger", "logger", 2,
					"what is logged is done and counted all the same", failure,
					(times) -> Expected.acquired("uploads", 2L * times)
						.andDoubleReleases("uploads", times)
						.andLeaked("uploads", times)
						.andAcquired("failing", 2L * times)
						.andExhausted("failing", times)
						.andAcquired("tuned", times)
						.andAcquired("hooked", 2L * times)));
		}
		return faults;
	}

	private static Expected afterHook(Hook hook, Failure failure, int times) {
		Expected expected = Expected.acquiredBetween("hooked", times, 4L * times);
		// A heap that is full is an exhaustion as of a limit
		boolean exhausted = hook == Hook.CREATE && failure == Failure.OUT_OF_MEMORY;
		return exhausted ? expected.andExhausted("hooked", times) : expected;
	}

	/**
	 * By how much figures change.
	 */
	@FunctionalInterface
	private interface Expectation {

		Expected after(int times);

	}

}
