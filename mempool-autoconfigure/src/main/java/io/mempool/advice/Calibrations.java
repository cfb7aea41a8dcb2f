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

package io.mempool.advice;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.mempool.buffer.MemoryKind;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of each kind of memory, or of other things, last.
 *
 * @param <K> what is measured
 */
final class Calibrations<K> {

	/*
	 * A measurement keeps a processor busy for up to a second. One is made at a time, as
	 * two would measure each other, and none within the rest after the last one of its
	 * kind. What is not steady is measured again by itself, each time after twice the
	 * rest: a page that stays open costs a busy machine less and less.
	 */

	static final Calibrations<MemoryKind> OF_JVM = new Calibrations<>(new ConcurrentHashMap<>(), Calibration::measure,
			System::nanoTime);

	static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

	static final long LONGEST_REST_NANOS = 64 * REST_NANOS;

	private final Map<K, Measurement> known;

	private static final ReentrantLock measuring = new ReentrantLock();

	private final Function<K, MeasuredCosts> measure;

	private final LongSupplier clock;

	Calibrations(Map<K, Measurement> known, Function<K, MeasuredCosts> measure, LongSupplier clock) {
		this.known = known;
		this.measure = measure;
		this.clock = clock;
	}

	/**
	 * Return what memory costs, if that was measured.
	 */
	@Nullable MeasuredCosts known(K memory) {
		Measurement last = this.known.get(memory);
		return (last != null) ? last.costs() : null;
	}

	/**
	 * Return what memory costs: what is known if it is steady, or was measured a moment
	 * ago.
	 * @return the costs, or {@code null} if there is no memory to measure them
	 */
	@Nullable MeasuredCosts of(K memory) {
		Measurement last = this.known.get(memory);
		if (last != null && (last.costs().steady() || isWithin(last.rest(), last))) {
			return last.costs();
		}
		return again(memory);
	}

	/**
	 * Measure what memory costs, unless that was done a moment ago.
	 * @return the costs, or {@code null} if there is no memory to measure them
	 */
	@Nullable MeasuredCosts again(K memory) {
		measuring.lock();
		try {
			Measurement last = this.known.get(memory);
			if (last != null && isWithin(REST_NANOS, last)) {
				return last.costs();
			}
			MeasuredCosts costs = this.measure.apply(memory);
			long rest = (last != null && !last.costs().steady()) ? Math.min(2 * last.rest(), LONGEST_REST_NANOS)
					: REST_NANOS;
			this.known.put(memory, new Measurement(costs, this.clock.getAsLong(), rest));
			return costs;
		}
		catch (OutOfMemoryError ex) {
			// The next call tries again
			return known(memory);
		}
		finally {
			measuring.unlock();
		}
	}

	private boolean isWithin(long nanos, Measurement last) {
		return this.clock.getAsLong() - last.end() < nanos;
	}

	/**
	 * What was measured at one time.
	 *
	 * @param costs the costs
	 * @param end when the measurement ended
	 * @param rest after which time it is repeated by itself if it is not steady
	 */
	record Measurement(MeasuredCosts costs, long end, long rest) {

	}

}
