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

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Sizes as they occur: those of the files in the image of the running JDK, in random
 * order.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MixedSizesBenchmark {

	@Benchmark
	public void pair(MixedState state, Turn turn, Blackhole blackhole) throws Exception {
		Object handle = state.source.acquire(state.sizes[turn.next++ & (MixedState.COUNT - 1)]);
		blackhole.consume(handle);
		state.source.release(handle);
	}

	/**
	 * The subject and the sizes.
	 */
	@State(Scope.Benchmark)
	public static class MixedState {

		static final int COUNT = 4096;

		private static final int SMALLEST = 256;

		private static final int LARGEST = 1024 * 1024;

		/**
		 * The name of the subject.
		 */
		@Param("mempool")
		public String subject = "";

		final int[] sizes = new int[COUNT];

		Subject source = Subject.NOTHING;

		@Setup
		public void create() throws Exception {
			int[] all = sizesOfFiles();
			Random random = new Random(42);
			for (int i = 0; i < COUNT; i++) {
				this.sizes[i] = all[random.nextInt(all.length)];
			}
			this.source = Subjects.create(this.subject, SMALLEST, LARGEST, Subjects.MAX_IDLE);
		}

		private static int[] sizesOfFiles() throws IOException {
			Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
			try (Stream<Path> files = Files.walk(root)) {
				return files.filter(Files::isRegularFile)
					.mapToLong(MixedState::size)
					.filter((size) -> size > 0 && size <= LARGEST)
					.mapToInt(Math::toIntExact)
					.toArray();
			}
		}

		private static long size(Path file) {
			try {
				return Files.size(file);
			}
			catch (IOException ex) {
				return 0;
			}
		}

	}

	/**
	 * Where a thread is in the sequence.
	 */
	@State(Scope.Thread)
	public static class Turn {

		int next;

	}

}
