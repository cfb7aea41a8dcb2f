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

import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Control;

/**
 * One thread acquires, another releases what it was handed.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOffBenchmark {

	@Benchmark
	@Group("handOff")
	public void acquire(SubjectState state, Way way, Control control) throws Exception {
		Object handle = state.source.acquire(state.size);
		while (!way.queue.offer(handle)) {
			if (control.stopMeasurement) {
				state.source.release(handle);
				return;
			}
			Thread.onSpinWait();
		}
	}

	@Benchmark
	@Group("handOff")
	public void release(SubjectState state, Way way, Control control) throws Exception {
		Object handle = way.queue.poll();
		while (handle == null) {
			if (control.stopMeasurement) {
				return;
			}
			Thread.onSpinWait();
			handle = way.queue.poll();
		}
		state.source.release(handle);
	}

	/**
	 * The way from one thread to the other.
	 */
	@State(Scope.Group)
	public static class Way {

		final SpscArrayQueue<Object> queue = new SpscArrayQueue<>(64);

	}

}
