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

package io.mempool.scope;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * On every way to a buffer a pool records the size that was needed in the end, and
 * neither the capacity of the tier nor what was held on the way.
 */
class RecordedSizesTests {

	private static final int SIZE = 50_000;

	@ParameterizedTest(name = "{0}")
	@MethodSource("ways")
	void sizeThatWasNeededIsRecorded(String name, Way way) throws Exception {
		try (BufferPool pool = BufferPool.builder("uploads").tiers(4096, 16_384, 65_536, 262_144).build();
				BufferScope scope = new BufferScope(pool)) {
			try (PooledBuffer buffer = way.buffer(scope, pool)) {
				assertThat(buffer.size()).isEqualTo(SIZE);
			}
			assertThat(pool.recentSizes()).containsExactly(SIZE);
			assertThat(pool.requestedSizes().bytes()).isEqualTo(SIZE);
		}
	}

	static Stream<Arguments> ways() {
		return Stream.of(way("acquire", (scope, pool) -> pool.acquire(SIZE)),
				way("acquire in time", (scope, pool) -> pool.acquire(SIZE, Duration.ofSeconds(1))),
				way("tryAcquire", (scope, pool) -> pool.tryAcquire(SIZE)),
				way("scope", (scope, pool) -> scope.acquire(SIZE)),
				way("stream of a pool", (scope, pool) -> write(pool.outputStream())),
				way("stream of a scope", (scope, pool) -> write(scope.outputStream())),
				way("stream that expects less", (scope, pool) -> write(scope.outputStream(pool, 3000, 1_000_000))),
				way("stream that expects more", (scope, pool) -> write(scope.outputStream(pool, 90_000, 1_000_000))),
				way("transfer", (scope, pool) -> transfer(pool.outputStream())),
				way("reader of known length", (scope, pool) -> read(pool, SIZE)),
				way("reader of unknown length", (scope, pool) -> read(pool, -1)),
				way("reader of less than was announced", (scope, pool) -> read(pool, 90_000)));
	}

	private static Arguments way(String name, Way way) {
		return Arguments.of(name, way);
	}

	private static PooledBuffer transfer(PooledOutputStream out) throws IOException {
		out.transferFrom(new ByteArrayInputStream(new byte[SIZE]));
		return out.toBuffer();
	}

	private static PooledBuffer write(PooledOutputStream out) {
		for (int i = 0; i < SIZE; i += 1000) {
			out.write(new byte[1000], 0, 1000);
		}
		return out.toBuffer();
	}

	private static PooledBuffer read(BufferPool pool, int announced) throws IOException {
		return new ContentReader(pool, announced, 1_000_000).read(new ByteArrayInputStream(new byte[SIZE]));
	}

	/**
	 * A way to a buffer.
	 */
	interface Way {

		PooledBuffer buffer(BufferScope scope, BufferPool pool) throws Exception;

	}

}
