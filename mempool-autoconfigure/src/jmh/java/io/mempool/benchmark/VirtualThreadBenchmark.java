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

/**
 * Ten thousand virtual threads acquire and release a few times each, and give others a
 * turn while they hold.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VirtualThreadBenchmark {

	private static final int THREADS = 10_000;

	private static final int PAIRS = 8;

	@Benchmark
	@OperationsPerInvocation(THREADS * PAIRS)
	public void pairs(SubjectState state, Hits hits) throws Exception {
		try (AutoCloseable closing = submit(state)) {
			// Closing waits for all
		}
		hits.hitRates += state.source.hitRate();
		hits.batches++;
	}

	private static AutoCloseable submit(SubjectState state) throws ReflectiveOperationException {
		// By reflection: Java 21
		ExecutorService executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		for (int i = 0; i < THREADS; i++) {
			executor.submit(() -> {
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
		return (AutoCloseable) (Object) executor;
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

		@Setup(Level.Iteration)
		public void reset() {
			this.hitRates = 0;
			this.batches = 0;
		}

	}

}
