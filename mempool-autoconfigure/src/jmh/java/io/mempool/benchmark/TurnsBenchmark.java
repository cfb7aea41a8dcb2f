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

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Our pool and another subject in turns of some microseconds, in one virtual machine: the
 * machine is equally fast for both. Each has a loop of its own, so that the compiler
 * knows what it calls. Inside of two pools of ours it does not: where they differ, both
 * ask which one it is.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class TurnsBenchmark {

	private static final int PAIRS = 2000;

	private Subject ours = Subject.NOTHING;

	@Setup
	public void create(SubjectState state) throws Exception {
		this.ours = Subjects.create("mempool", state.size, state.size, Subjects.MAX_IDLE);
	}

	@TearDown
	public void close() throws Exception {
		this.ours.close();
	}

	@Benchmark
	@OperationsPerInvocation(2 * PAIRS)
	public void turns(SubjectState state, Turns turns, Blackhole blackhole) throws Exception {
		long begin = System.nanoTime();
		takeOurTurn(this.ours, state.size, blackhole);
		long middle = System.nanoTime();
		takeTheirTurn(state.source, state.size, blackhole);
		turns.add(middle - begin, System.nanoTime() - middle);
	}

	private static void takeOurTurn(Subject subject, int size, Blackhole blackhole) throws Exception {
		for (int i = 0; i < PAIRS; i++) {
			Object handle = subject.acquire(size);
			blackhole.consume(handle);
			subject.release(handle);
		}
	}

	private static void takeTheirTurn(Subject subject, int size, Blackhole blackhole) throws Exception {
		for (int i = 0; i < PAIRS; i++) {
			Object handle = subject.acquire(size);
			blackhole.consume(handle);
			subject.release(handle);
		}
	}

	/**
	 * Nanoseconds, summed over the turns.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Turns {

		public double ours;

		public double theirs;

		public double pairs;

		void add(long ours, long theirs) {
			this.ours += ours;
			this.theirs += theirs;
			this.pairs += PAIRS;
		}

	}

}
