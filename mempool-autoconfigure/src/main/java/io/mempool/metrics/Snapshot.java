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

package io.mempool.metrics;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Figures that are read anew when they have become old: one look at a pool serves all of
 * its meters, so that what a scrape sees belongs together.
 *
 * @param <T> the type of the figures
 */
final class Snapshot<T> {

	private static final long LIFETIME_NANOS = 100_000_000L;

	private final Supplier<T> source;

	private volatile Reading<T> reading;

	Snapshot(Supplier<T> source) {
		this.source = source;
		this.reading = read();
	}

	/**
	 * Return whether there are figures. There are none of a mock, whatever its type says.
	 */
	static boolean isKnown(@Nullable Object figures) {
		return figures != null;
	}

	T get() {
		Reading<T> reading = this.reading;
		return (System.nanoTime() - reading.time() > LIFETIME_NANOS) ? refresh() : reading.figures();
	}

	T refresh() {
		Reading<T> reading = read();
		this.reading = reading;
		return reading.figures();
	}

	private Reading<T> read() {
		return new Reading<>(this.source.get(), System.nanoTime());
	}

	private record Reading<T>(T figures, long time) {

	}

}
