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
import io.mempool.core.Budget;
import io.mempool.engine.Nearest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.unit.DataSize;

/**
 * Where bodies of HTTP messages are read, and how large they may be, checked.
 */
final class BodyDefinition {

	static final String MAX_SIZE = "max-body-size";

	private static final DataSize DEFAULT_MAX_SIZE = DataSize.ofMegabytes(10);

	private final String prefix;

	private final BufferPoolFactory pools;

	private final String pool;

	private final int maxSize;

	/**
	 * Check the settings.
	 * @param prefix the name of their group, with a dot
	 * @param pool the name of a pool
	 * @param maxSize how large a body may be, {@code null} if not set
	 * @param beanFactory what knows all pools
	 * @param pools the pools that properties describe
	 */
	BodyDefinition(String prefix, String pool, @Nullable DataSize maxSize, BeanFactory beanFactory,
			BufferPoolFactory pools) {
		this.prefix = prefix;
		this.pools = pools;
		this.pool = checkPool(pool, beanFactory);
		this.maxSize = checkMaxSize(maxSize);
	}

	private String checkPool(String pool, BeanFactory beanFactory) {
		if (beanFactory.containsBean(pool) && beanFactory.isTypeMatch(pool, BufferPool.class)) {
			return pool;
		}
		Set<String> names = new TreeSet<>(Set.of((beanFactory instanceof ListableBeanFactory listable)
				? listable.getBeanNamesForType(BufferPool.class, true, false) : new String[0]));
		String nearest = Nearest.of(pool, names);
		throw new InvalidMempoolPropertyException(this.prefix + "pool",
				"there is no pool '" + pool + "', only " + String.join(", ", names),
				(nearest != null) ? "Write '" + nearest + "', or add that pool."
						: "Set the name of a pool below 'mempool.pools', or add that pool.");
	}

	private int checkMaxSize(@Nullable DataSize size) {
		long bytes = ((size != null) ? size : DEFAULT_MAX_SIZE).toBytes();
		if (bytes <= 0 || bytes > Integer.MAX_VALUE - 8) {
			throw new InvalidMempoolPropertyException(this.prefix + MAX_SIZE,
					"the size must be positive and below 2 GiB", "Set a size such as 10MB.");
		}
		PoolDefinition definition = definition();
		if (size != null && definition != null) {
			checkRoom(MAX_SIZE, "a body", (int) bytes, definition);
		}
		return (int) bytes;
	}

	/**
	 * Fail if the pool can never lend a size.
	 * @param key the key of the size
	 * @param what what has the size
	 * @param size bytes
	 * @param pool the pool
	 */
	void checkRoom(String key, String what, int size, PoolDefinition pool) {
		Budget budget = this.pools.budgets().of(this.pools.budgets().memory(pool));
		long needed = pool.needed(size);
		String reason = what + " of " + size + " bytes takes " + needed + " bytes of the pool '" + pool.name()
				+ "', but ";
		if (needed > pool.limit()) {
			throw new InvalidMempoolPropertyException(this.prefix + key,
					reason + "its limit is " + pool.limit() + " bytes",
					"Set a smaller size, or raise '" + pool.limitProperty() + "'.");
		}
		if (budget != null && needed > budget.limit()) {
			throw new InvalidMempoolPropertyException(this.prefix + key,
					reason + "the budget of all pools is " + budget.limit() + " bytes",
					"Set a smaller size, or raise '" + budget.name() + "'.");
		}
	}

	/**
	 * Return the name of the pool.
	 */
	String pool() {
		return this.pool;
	}

	/**
	 * Return the pool as properties describe it, {@code null} if they do not.
	 */
	@Nullable PoolDefinition definition() {
		return this.pools.definition(this.pool);
	}

	/**
	 * Return the size of the largest body that is read into one buffer.
	 */
	int maxSize() {
		return this.maxSize;
	}

}
