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

package io.mempool.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.core.Budget;
import io.mempool.engine.Nearest;
import io.mempool.web.servlet.RequestScopes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.unit.DataSize;

/**
 * The memory of requests, checked.
 */
final class RequestDefinition {

	private static final String PREFIX = MempoolProperties.PREFIX + ".request.";

	private static final String AREA_SIZE = "slices.area-size";

	// An area has no more unless that is set
	private static final int MOST_RESERVE = 64 * 1024 - 1;

	private static final DataSize DEFAULT_BODY_SIZE = DataSize.ofMegabytes(10);

	private final String pool;

	private final long limit;

	private final int maxBodySize;

	private final int reserve;

	private final int areaSize;

	/**
	 * Check the settings.
	 * @param properties the settings
	 * @param beanFactory what knows all pools
	 * @param pools the pools that properties describe
	 */
	RequestDefinition(MempoolProperties.Request properties, BeanFactory beanFactory, BufferPoolFactory pools) {
		this.pool = pool(properties.getPool(), beanFactory);
		this.limit = limit(properties.getLimit());
		this.maxBodySize = maxBodySize(properties.getMaxBodySize(), pools);
		this.areaSize = areaSize(properties.getSlices().getAreaSize(), pools);
		this.reserve = reserve(properties.getSlices().getReserve());
	}

	private static String pool(String pool, BeanFactory beanFactory) {
		if (beanFactory.containsBean(pool) && beanFactory.isTypeMatch(pool, BufferPool.class)) {
			return pool;
		}
		Set<String> pools = new TreeSet<>(Set.of((beanFactory instanceof ListableBeanFactory listable)
				? listable.getBeanNamesForType(BufferPool.class, true, false) : new String[0]));
		String nearest = Nearest.of(pool, pools);
		throw new InvalidMempoolPropertyException(PREFIX + "pool",
				"there is no pool '" + pool + "', only " + String.join(", ", pools),
				(nearest != null) ? "Write '" + nearest + "', or add that pool."
						: "Set the name of a pool below 'mempool.pools', or add that pool.");
	}

	private static long limit(@Nullable DataSize limit) {
		PropertyDefinition.checkLimit(PREFIX + "limit", limit);
		return (limit != null) ? limit.toBytes() : Long.MAX_VALUE;
	}

	private int maxBodySize(@Nullable DataSize size, BufferPoolFactory pools) {
		long bytes = ((size != null) ? size : DEFAULT_BODY_SIZE).toBytes();
		if (bytes <= 0 || bytes > Integer.MAX_VALUE - 8) {
			throw new InvalidMempoolPropertyException(PREFIX + "max-body-size",
					"the size must be positive and below 2 GiB", "Set a size such as 10MB.");
		}
		PoolDefinition definition = pools.definition(this.pool);
		if (size != null && definition != null) {
			checkRoom("max-body-size", "a body", (int) bytes, definition, pools);
		}
		return (int) bytes;
	}

	private int areaSize(@Nullable DataSize size, BufferPoolFactory pools) {
		if (size == null) {
			return RequestScopes.DEFAULT_AREA_SIZE;
		}
		PoolDefinition definition = pools.definition(this.pool);
		long largest = (definition != null) ? definition.maximumSize() : BufferTier.MAXIMUM_SIZE;
		if (size.toBytes() <= 0 || size.toBytes() > largest) {
			throw new InvalidMempoolPropertyException(
					PREFIX + AREA_SIZE, "the size must be from 1 to " + largest
							+ " bytes, which the largest tier of the pool '" + this.pool + "' has",
					"Set a size of one of its tiers, or give the pool a larger one.");
		}
		if (definition != null) {
			checkRoom(AREA_SIZE, "an area", (int) size.toBytes(), definition, pools);
		}
		return (int) size.toBytes();
	}

	private int reserve(@Nullable DataSize size) {
		long bytes = (size != null) ? size.toBytes() : 0;
		long most = (this.areaSize > 0) ? this.areaSize - 1 : MOST_RESERVE;
		if (bytes < 0 || bytes > most) {
			throw new InvalidMempoolPropertyException(PREFIX + "slices.reserve",
					"the reserve must be from 0 to " + most + " bytes"
							+ ((this.areaSize > 0) ? ", since an area has " + this.areaSize : ""),
					"Set a size such as 16B, or remove the property for none.");
		}
		return (int) bytes;
	}

	private static void checkRoom(String key, String what, int size, PoolDefinition pool, BufferPoolFactory pools) {
		Budget budget = pools.budgets().of(pools.budgets().memory(pool));
		long needed = pool.needed(size);
		String reason = what + " of " + size + " bytes takes " + needed + " bytes of the pool '" + pool.name()
				+ "', but ";
		if (needed > pool.limit()) {
			throw new InvalidMempoolPropertyException(PREFIX + key, reason + "its limit is " + pool.limit() + " bytes",
					"Set a smaller size, or raise '" + pool.limitProperty() + "'.");
		}
		if (budget != null && needed > budget.limit()) {
			throw new InvalidMempoolPropertyException(PREFIX + key,
					reason + "the budget of all pools is " + budget.limit() + " bytes",
					"Set a smaller size, or raise '" + budget.name() + "'.");
		}
	}

	/**
	 * Return the name of the pool of requests.
	 */
	String pool() {
		return this.pool;
	}

	/**
	 * Return how many bytes a request may hold.
	 */
	long limit() {
		return this.limit;
	}

	/**
	 * Return the size of the largest body that is read into one buffer.
	 */
	int maxBodySize() {
		return this.maxBodySize;
	}

	/**
	 * Return how many free bytes precede each slice.
	 */
	int reserve() {
		return this.reserve;
	}

	/**
	 * Return how many bytes an area of slices has,
	 * {@link RequestScopes#DEFAULT_AREA_SIZE} if the pool decides.
	 */
	int areaSize() {
		return this.areaSize;
	}

}
