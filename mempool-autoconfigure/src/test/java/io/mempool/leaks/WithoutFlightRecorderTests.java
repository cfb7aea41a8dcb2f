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

package io.mempool.leaks;

import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.testing.Forked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools in a runtime that has no flight recorder, or records nothing.
 */
class WithoutFlightRecorderTests {

	@Test
	void poolsWorkInARuntimeThatHasNothingButTheBase() throws Exception {
		assertThat(Forked.run(Main.class, List.of("--limit-modules", "java.base")))
			.isEqualTo(new Forked(0, "no flight recorder, 1 hit, 1 trimmed"));
	}

	@Test
	void recorderIsNotLoadedBeforeItRecords() throws Exception {
		List<String> options = List.of("-Xlog:class+load:stdout");
		assertThat(Forked.run(Main.class, options).output()).contains("io.mempool.engine.PoolEvents ")
			.contains("a flight recorder, 1 hit, 1 trimmed")
			.doesNotContain("jdk.jfr.Event ");
	}

	/**
	 * What that runtime runs.
	 */
	public static final class Main {

		private Main() {
		}

		public static void main(String[] args) {
			BufferPool pool = BufferPool.builder("uploads").tiers(100).build();
			pool.acquire(100).release();
			PooledBuffer hit = pool.acquire(100);
			pool.acquire(100).discard();
			hit.release();
			long trimmed = pool.trim() / Weights.of(100);
			System.out.print((ModuleLayer.boot().findModule("jdk.jfr").isEmpty() ? "no" : "a") + " flight recorder, "
					+ pool.statistics().hits() + " hit, " + trimmed + " trimmed");
		}

	}

}
