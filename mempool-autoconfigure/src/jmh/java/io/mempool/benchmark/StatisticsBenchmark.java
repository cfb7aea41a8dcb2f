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

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs acquiring threads that another thread reads the figures.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StatisticsBenchmark {

	private static final long READS_PER_SECOND = 100;

	@Benchmark
	public void unread(Pool pool, Blackhole blackhole) {
		pool.pair(blackhole);
	}

	@Benchmark
	public void read(ReadPool pool, Blackhole blackhole) {
		pool.pair(blackhole);
	}

	/**
	 * A pool whose figures are not read.
	 */
	@State(Scope.Benchmark)
	public static class Pool {

		final BufferPool buffers = Subjects.pool(Plan.SIZE);

		void pair(Blackhole blackhole) {
			PooledBuffer buffer = this.buffers.acquire(Plan.SIZE);
			blackhole.consume(buffer);
			buffer.release();
		}

		@TearDown
		public void close() {
			this.buffers.close();
		}

	}

	/**
	 * A pool whose figures are read all the time.
	 */
	@State(Scope.Benchmark)
	public static class ReadPool extends Pool {

		private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();

		@Setup
		public void read() {
			this.reader.scheduleAtFixedRate(this.buffers::statistics, 0, TimeUnit.SECONDS.toNanos(1) / READS_PER_SECOND,
					TimeUnit.NANOSECONDS);
		}

		@TearDown
		public void stop() {
			this.reader.shutdownNow();
		}

	}

}
