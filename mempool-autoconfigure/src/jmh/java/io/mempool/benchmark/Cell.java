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

/**
 * One thing to measure.
 *
 * @param benchmark the class of the benchmark, and the method where it has several
 * @param subject what is measured; empty where the benchmark is of one thing only
 * @param size bytes asked for; {@code 0} where the benchmark decides
 * @param threads how many threads run it
 */
record Cell(String benchmark, String subject, int size, int threads) {

	static Cell of(Class<?> benchmark, String subject, int size, int threads) {
		return new Cell(benchmark.getSimpleName(), subject, size, threads);
	}

	static Cell ofMethod(Class<?> benchmark, String method, String subject, int size, int threads) {
		return new Cell(benchmark.getSimpleName() + "." + method, subject, size, threads);
	}

	static Cell ofMethod(Class<?> benchmark, String method, int threads) {
		return new Cell(benchmark.getSimpleName() + "." + method, "", 0, threads);
	}

}
