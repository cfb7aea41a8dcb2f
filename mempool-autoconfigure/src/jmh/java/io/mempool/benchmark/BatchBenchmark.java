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

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Each thread acquires sixteen, and releases them in another order (hold 16).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBenchmark {

	private static final int HELD = 16;

	// Has no factor in common with the number held: every one once, neighbours apart
	private static final int STEP = 5;

	// Two lines of references at least: no other thread writes there
	private static final int PADDING = 32;

	@Benchmark
	@OperationsPerInvocation(HELD)
	public void batch(SubjectState state, Held held) throws Exception {
		for (int i = 0; i < HELD; i++) {
			held.handles[PADDING + i] = state.source.acquire(state.size);
		}
		for (int i = 0; i < HELD; i++) {
			state.source.release(held.handles[PADDING + ((i * STEP) & (HELD - 1))]);
		}
	}

	/**
	 * What a thread holds.
	 */
	@State(Scope.Thread)
	public static class Held {

		final Object[] handles = new Object[PADDING + HELD + PADDING];

	}

}
