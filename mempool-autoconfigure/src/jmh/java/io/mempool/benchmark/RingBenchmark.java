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

import io.mempool.ring.LockedRingQueue;
import io.mempool.ring.Ring;
import io.mempool.ring.RingQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A push into a ring of 256 elements that is full.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class RingBenchmark {

	private static final int CAPACITY = 256;

	private static final Integer ELEMENT = 1000;

	private final Ring<Integer> lockFree = new RingQueue<>(CAPACITY);

	private final Ring<Integer> locked = new LockedRingQueue<>(CAPACITY);

	// One more than a power of two, for which the place of a push is a division
	private final Ring<Integer> odd = new RingQueue<>(CAPACITY + 1);

	@Benchmark
	public Integer lockFree() {
		return this.lockFree.push(ELEMENT);
	}

	@Benchmark
	public Integer lockFreeOdd() {
		return this.odd.push(ELEMENT);
	}

	@Benchmark
	public Integer locked() {
		return this.locked.push(ELEMENT);
	}

}
