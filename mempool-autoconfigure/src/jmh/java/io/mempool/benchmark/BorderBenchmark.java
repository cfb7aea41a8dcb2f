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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.mempool.buffer.PooledBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Each thread acquires, writes the first and the last byte, and releases. Where the end
 * of one buffer and the beginning of the next share a line of the processor, two threads
 * take it from each other.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BorderBenchmark {

	@Benchmark
	public void pair(SubjectState state, Neighbours neighbours, Blackhole blackhole) throws Exception {
		Object handle = state.source.acquire(state.size);
		if (handle instanceof PooledBuffer buffer) {
			ByteBuffer view = buffer.byteBuffer();
			view.put(0, (byte) 1);
			view.put(state.size - 1, (byte) 1);
		}
		else {
			byte[] array = (byte[]) handle;
			array[0] = 1;
			array[state.size - 1] = 1;
		}
		blackhole.consume(handle);
		state.source.release(handle);
	}

	/**
	 * Buffers that are as near to each other as they get: copied by the collector.
	 */
	@State(Scope.Benchmark)
	public static class Neighbours {

		private static final int COUNT = 2;

		private static final int GARBAGE = 2 << 10;

		@Setup
		public void settle(SubjectState state) throws Exception {
			List<Object> handles = new ArrayList<>();
			for (int i = 0; i < COUNT; i++) {
				handles.add(state.source.acquire(state.size));
			}
			for (Object handle : handles) {
				state.source.release(handle);
			}
			handles.clear();
			long kept = 0;
			for (int i = 0; i < GARBAGE; i++) {
				kept += new byte[512 << 9].length;
			}
			if (kept == 0) {
				throw new IllegalStateException();
			}
		}

	}

}
