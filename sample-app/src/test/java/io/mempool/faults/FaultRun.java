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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Drives faults at one server, one kind after the other, and judges what is left of each.
 */
final class FaultRun implements AutoCloseable {

	private final boolean longRun;

	private final ServerProcess server;

	private final Driver driver;

	private long patience = 20;

	FaultRun(Stack stack, boolean virtual, boolean longRun, String... properties)
			throws IOException, InterruptedException {
		this.longRun = longRun;
		// The second compiler earns nothing in seconds
		List<String> options = longRun ? List.of() : List.of("-XX:TieredStopAtLevel=1");
		this.server = new ServerProcess(stack, virtual, options, properties);
		try {
			this.driver = new Driver(stack, this.server.number("Port"));
		}
		catch (IOException | RuntimeException ex) {
			this.server.close();
			throw ex;
		}
	}

	/**
	 * Set for how many seconds a fault may be on its way to rest.
	 */
	void patience(long seconds) {
		this.patience = seconds;
	}

	/**
	 * Drive one kind of fault.
	 */
	Outcome run(Fault fault) {
		int times = fault.times(this.longRun);
		long begin = System.nanoTime();
		List<String> broken = new ArrayList<>();
		try {
			this.driver.begin();
			Figures before = this.driver.figures();
			Expected expected = null;
			try {
				expected = fault.script().drive(this.driver, times);
			}
			catch (Exception ex) {
				broken.add("the fault itself: " + ex);
				broken.addAll(this.driver.figures().complaints());
			}
			this.driver.end();
			broken.addAll(judge(before, expected));
		}
		catch (IOException | RuntimeException ex) {
			broken.add("the server cannot be asked: " + ex);
		}
		return new Outcome(fault, times, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), broken);
	}

	private List<String> judge(Figures before, Expected expected) throws IOException {
		Figures after = atRest(before, expected);
		List<String> broken = new ArrayList<>(after.held());
		broken.addAll(after.unbalanced());
		broken.addAll(after.complaints());
		if (expected != null) {
			broken.addAll(after.unexpected(before, expected));
		}
		try {
			this.driver.echoIsRight(1000);
			this.driver.echoIsRight(70_000);
		}
		catch (IOException | RuntimeException ex) {
			broken.add("the service does not answer: " + ex);
		}
		return broken;
	}

	/**
	 * Wait until nothing is held and all is found that is expected to be lost.
	 */
	private Figures atRest(Figures before, Expected expected) throws IOException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(this.patience);
		while (true) {
			Figures figures = this.driver.figures();
			boolean found = expected == null || figures.unexpected(before, expected).isEmpty();
			if ((figures.held().isEmpty() && found && figures.samples() > 0) || System.nanoTime() > end) {
				return figures;
			}
			if (figures.isPending() || (expected != null && expected.collects())) {
				this.driver.collect();
			}
			LockSupport.parkNanos(5_000_000);
		}
	}

	/**
	 * Close the server while requests are in all stages, which ends it.
	 */
	Outcome shutdown() {
		Fault fault = ServerFaults.SHUTDOWN;
		int times = fault.times();
		long begin = System.nanoTime();
		List<String> broken = new ArrayList<>();
		try {
			this.driver.begin();
			List<Future<?>> clients = ServerFaults.startRequestsOfAllKinds(this.driver, times);
			this.driver.shutdown();
			int exitCode = this.server.exitCode();
			if (exitCode != 0) {
				broken.add("it ended with " + exitCode);
			}
			int left = this.server.number("Leased or waiting");
			if (left != 0) {
				broken.add(left + " leases and waiting threads were left");
			}
			Driver.await(clients);
		}
		catch (Exception ex) {
			broken.add("the fault itself: " + ex);
		}
		return new Outcome(fault, times, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), broken);
	}

	@Override
	public void close() throws IOException {
		try (this.server; this.driver) {
			// Both
		}
	}

	/**
	 * What became of a fault.
	 *
	 * @param fault the fault
	 * @param times how often it was driven
	 * @param millis how long that took, until all was at rest
	 * @param broken what did not hold
	 */
	record Outcome(Fault fault, int times, long millis, List<String> broken) {

		boolean held() {
			return this.broken.isEmpty();
		}

	}

}
