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

import java.util.Collections;
import java.util.WeakHashMap;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.object.CreationCost;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;
import io.mempool.object.PooledObjectException;
import org.jspecify.annotations.Nullable;

/**
 * What pooling objects saves, and whether it is worth it.
 *
 * @param leaseNanos how long an acquire and a release take on this machine, in
 * nanoseconds, without the hooks of the pool; {@code null} if that was not measured,
 * because objects are not quick to create, or more than memory
 * @param creationNanos how long it takes to create an object, in nanoseconds, without
 * what the collector has to do later: measured, or else that of the quickest creation
 * that the pool needed
 * @param steady whether these times were measured and are steady. If not, they prove
 * nothing
 * @param warning why the pool is not worth it, or {@code null} if it is, or if that is
 * not certain
 * @since 0.1.0
 */
public record ObjectWorth(@Nullable Long leaseNanos, long creationNanos, boolean steady, @Nullable String warning) {

	/**
	 * How many acquires a pool has served before it is judged.
	 */
	public static final long LEAST_ACQUISITIONS = 1_000;

	private static final Calibrations<CreationCost> MEASURED = new Calibrations<>(
			Collections.synchronizedMap(new WeakHashMap<>()), Calibration::measure, System::nanoTime);

	/**
	 * Judge a pool that is in use. If its objects are quick to create and are nothing but
	 * memory, the first call measures that, as {@link TierWorth} does with buffers: it
	 * creates some thousand objects and drops them.
	 * @param pool the pool
	 * @return the result, {@code null} if the pool does not pool, has served fewer than
	 * {@value #LEAST_ACQUISITIONS} acquires, or has created no object yet
	 */
	public static @Nullable ObjectWorth of(ObjectPool<?> pool) {
		CreationCost cost = costToMeasure(pool);
		try {
			MeasuredCosts costs = (cost != null) ? MEASURED.of(cost) : null;
			return (costs != null) ? of(costs) : observed(pool);
		}
		catch (PooledObjectException ex) {
			// Its factory fails now and then
			return observed(pool);
		}
	}

	/**
	 * Measure again, as on a machine that has become quiet. Does nothing if that was done
	 * within the last 10 seconds.
	 * @param pool the pool
	 */
	public static void measureAgain(ObjectPool<?> pool) {
		CreationCost cost = costToMeasure(pool);
		try {
			if (cost != null) {
				MEASURED.again(cost);
			}
		}
		catch (PooledObjectException ex) {
			// Its factory fails now and then
		}
	}

	private static @Nullable CreationCost costToMeasure(ObjectPool<?> pool) {
		CreationCost cost = pool.creationCost();
		return (cost != null && cost.isRepeatable() && isJudged(pool)) ? cost : null;
	}

	private static boolean isJudged(ObjectPool<?> pool) {
		ObjectPoolStatistics statistics = pool.statistics();
		return statistics.settings().pooling() && statistics.acquisitions() >= LEAST_ACQUISITIONS;
	}

	/**
	 * What the pool saw of creations that are too expensive, or mean too much, to be
	 * repeated.
	 */
	private static @Nullable ObjectWorth observed(ObjectPool<?> pool) {
		CreationCost cost = pool.creationCost();
		if (cost == null || cost.quickestNanos() == 0 || !isJudged(pool)) {
			return null;
		}
		return new ObjectWorth(null, cost.quickestNanos(), false, null);
	}

	static ObjectWorth of(MeasuredCosts costs) {
		Sample sample = costs.samples().get(0);
		long lease = Math.round(sample.unclearedNanos());
		long creation = Math.round(sample.allocationNanos());
		boolean certain = sample.steady() && Calibration.tolerated(sample.allocationNanos()) < sample.unclearedNanos();
		return new ObjectWorth(lease, creation, sample.steady(), certain ? warning(lease, creation) : null);
	}

	private static String warning(long lease, long creation) {
		return "To create an object takes " + creation + " ns on this machine, a lease " + lease
				+ " ns without its reset: create these objects, or lease many of them at once in an ObjectBatch";
	}

}
