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

package io.mempool.object;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * What it costs to create an object of a pool: the time that the pool itself saw, and a
 * way to measure it where that does no harm. Safe for use by several threads.
 *
 * @since 0.1.0
 * @see ObjectPool#creationCost()
 */
public final class CreationCost {

	/**
	 * How long the quickest creation may have taken that is repeated in order to measure
	 * it, in nanoseconds. Nothing that asks another machine or the disk is as quick.
	 */
	public static final long REPEATABLE_NANOS = 5_000;

	private static final long UNKNOWN = Long.MAX_VALUE;

	private final ObjectSource<?> source;

	// Two threads may write at once, and one figure is as good as the other
	private volatile long quickest = UNKNOWN;

	// What is created to be measured: the compiler must assume that another thread reads
	// it
	private final AtomicReference<Object> seen = new AtomicReference<>();

	CreationCost(ObjectSource<?> source) {
		this.source = source;
	}

	void add(long nanos) {
		if (nanos < this.quickest) {
			this.quickest = nanos;
		}
	}

	/**
	 * Return how long the quickest creation took that the pool needed.
	 * @return nanoseconds, {@code 0} if none was needed yet
	 */
	public long quickestNanos() {
		long quickest = this.quickest;
		return (quickest != UNKNOWN) ? quickest : 0;
	}

	/**
	 * Return whether creation can be repeated: objects have neither a destroy hook nor a
	 * validation, so they are memory and nothing else, and the quickest one took no
	 * longer than {@value #REPEATABLE_NANOS} ns.
	 * @return whether {@link #measure} creates anything
	 */
	public boolean isRepeatable() {
		return !this.source.destroys() && !this.source.validates() && this.quickest <= REPEATABLE_NANOS;
	}

	/**
	 * Create objects and drop them.
	 * @param count how many
	 * @param clock returns the time in nanoseconds
	 * @return nanoseconds for all of them
	 * @throws IllegalStateException if creation is not {@linkplain #isRepeatable()
	 * repeatable}
	 * @throws PooledObjectException if the factory fails
	 */
	public long measure(int count, LongSupplier clock) {
		if (!isRepeatable()) {
			throw new IllegalStateException("The creation of an object of pool '" + this.source.pool()
					+ "' cannot be repeated: it has a destroy hook or a validation, or is slow");
		}
		long begin = clock.getAsLong();
		for (int i = 0; i < count; i++) {
			this.seen.setOpaque(this.source.call());
		}
		long nanos = clock.getAsLong() - begin;
		this.seen.setOpaque(null);
		return nanos;
	}

	@Override
	public String toString() {
		return "CreationCost[pool=" + this.source.pool() + ", quickestNanos=" + quickestNanos() + "]";
	}

}
