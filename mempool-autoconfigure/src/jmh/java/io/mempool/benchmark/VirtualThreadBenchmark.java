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

package io.mempool.benchmark;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Ten thousand virtual threads acquire and release a few times each, and give others a
 * turn once: between two pairs, or while they hold, so that all of them hold at once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VirtualThreadBenchmark {

	private static final int THREADS = 10_000;

	private static final int PAIRS = 8;

	@Benchmark
	@OperationsPerInvocation(THREADS * PAIRS)
	public void pairs(SubjectState state, Hits hits, Blackhole blackhole) throws Exception {
		runAll(() -> {
			for (int pair = 0; pair < PAIRS; pair++) {
				if (pair == PAIRS / 2) {
					Thread.yield();
				}
				Object handle = state.source.acquire(state.size);
				blackhole.consume(handle);
				state.source.release(handle);
			}
			return null;
		});
		hits.add(state.source.hitRate());
	}

	@Benchmark
	@OperationsPerInvocation(THREADS * PAIRS)
	public void holding(Crowd state) throws Exception {
		runAll(() -> {
			for (int pair = 0; pair < PAIRS; pair++) {
				Object handle = state.source.acquire(state.size);
				if (pair == PAIRS / 2) {
					Thread.yield();
				}
				state.source.release(handle);
			}
			return null;
		});
	}

	private static void runAll(Callable<?> task) throws Exception {
		// By reflection: Java 21. Closing waits for all
		try (AutoCloseable closing = (AutoCloseable) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null)) {
			ExecutorService executor = (ExecutorService) closing;
			for (int i = 0; i < THREADS; i++) {
				executor.submit(task);
			}
		}
	}

	/**
	 * A subject that keeps as much as all threads together hold.
	 */
	public static class Crowd extends SubjectState {

		@Override
		int maxIdle() {
			return THREADS;
		}

	}

	/**
	 * What the pool says of the acquires, summed over the batches.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Hits {

		/**
		 * Percent of the acquires.
		 */
		public double hitRates;

		/**
		 * How many percentages were added.
		 */
		public double batches;

		void add(double hitRate) {
			this.hitRates += hitRate;
			this.batches++;
		}

		@Setup(Level.Iteration)
		public void reset() {
			this.hitRates = 0;
			this.batches = 0;
		}

	}

}
