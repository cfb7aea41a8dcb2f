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

package io.mempool.test;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.core.OpenLease;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

/**
 * A pool of either kind as a check sees it. Equal to another if the pools are.
 */
final class CheckedPool {

	private final Object pool;

	private final String name;

	private final Supplier<List<OpenLease>> openLeases;

	private final LongSupplier leased;

	private final LongSupplier leaked;

	private CheckedPool(Object pool, String name, Supplier<List<OpenLease>> openLeases, LongSupplier leased,
			LongSupplier leaked) {
		this.pool = pool;
		this.name = name;
		this.openLeases = openLeases;
		this.leased = leased;
		this.leaked = leaked;
	}

	/**
	 * Return a pool as a check sees it.
	 * @param pool any object
	 * @return {@code null} if it is no pool, or has no name because it is a mock
	 */
	static @Nullable CheckedPool of(@Nullable Object pool) {
		if (pool instanceof BufferPool buffers) {
			return of(buffers, buffers.name(), buffers::openLeases, () -> buffers.statistics().leased(),
					() -> buffers.statistics().leaked());
		}
		if (pool instanceof ObjectPool<?> objects) {
			return of(objects, objects.name(), objects::openLeases, () -> objects.statistics().leased(),
					() -> objects.statistics().leaked());
		}
		return null;
	}

	private static @Nullable CheckedPool of(Object pool, @Nullable String name, Supplier<List<OpenLease>> openLeases,
			LongSupplier leased, LongSupplier leaked) {
		return (name != null) ? new CheckedPool(pool, name, openLeases, leased, leaked) : null;
	}

	/**
	 * Return the name of the pool.
	 */
	String name() {
		return this.name;
	}

	/**
	 * Return the open leases, {@code null} if the pool does not list them: its leak
	 * detection is lower, or it is of another make.
	 */
	@Nullable List<OpenLease> openLeases() {
		try {
			return this.openLeases.get();
		}
		catch (IllegalStateException | UnsupportedOperationException ex) {
			return null;
		}
	}

	/**
	 * Return how many leases are open.
	 */
	long leased() {
		return this.leased.getAsLong();
	}

	/**
	 * Return how many leases were lost.
	 */
	long leaked() {
		return this.leaked.getAsLong();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CheckedPool checked && checked.pool.equals(this.pool);
	}

	@Override
	public int hashCode() {
		return this.pool.hashCode();
	}

}
