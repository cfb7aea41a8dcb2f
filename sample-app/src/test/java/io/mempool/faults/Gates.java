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

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests are held until the driver lets them go on.
 */
final class Gates {

	private static final long PATIENCE_SECONDS = 30;

	private final Map<String, Gate> gates = new ConcurrentHashMap<>();

	private volatile boolean open;

	Gate get(String name) {
		Gate gate = this.gates.computeIfAbsent(name, (key) -> new Gate());
		if (this.open) {
			gate.open();
		}
		return gate;
	}

	/**
	 * Return how many have arrived at each gate.
	 */
	Map<String, Integer> arrivals() {
		Map<String, Integer> arrivals = new TreeMap<>();
		this.gates.forEach((name, gate) -> arrivals.put(name, gate.arrivals.get()));
		return arrivals;
	}

	/**
	 * Forget all gates.
	 */
	void reset() {
		openAll();
		this.gates.clear();
		this.open = false;
	}

	/**
	 * Open all gates, those of the future included.
	 */
	void openAll() {
		this.open = true;
		this.gates.values().forEach(Gate::open);
	}

	static final class Gate {

		private final AtomicInteger arrivals = new AtomicInteger();

		private final CompletableFuture<Void> opened = new CompletableFuture<>();

		void open() {
			this.opened.complete(null);
		}

		boolean isOpen() {
			return this.opened.isDone();
		}

		/**
		 * Arrive, and return what completes when the gate opens.
		 */
		CompletableFuture<Void> arrive() {
			this.arrivals.incrementAndGet();
			return this.opened.copy();
		}

		/**
		 * Arrive, and wait until the gate opens, also if interrupted.
		 */
		void pass() {
			CompletableFuture<Void> gate = arrive();
			boolean interrupted = false;
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
			while (!gate.isDone() && System.nanoTime() < end) {
				try {
					gate.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				catch (ExecutionException | TimeoutException ex) {
					throw new IllegalStateException("A gate stayed closed", ex);
				}
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
