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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.Budget;
import io.mempool.core.LeakListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;

/**
 * Builds the pools that properties describe, and closes them with the context. Its pools
 * depend on it, and so does nothing that the web server may still need: that has stopped
 * by then.
 */
class BufferPoolFactory implements DisposableBean {

	private static final Log logger = LogFactory.getLog(BufferPoolFactory.class);

	static final String DEFAULT_POOL = "default";

	private final Map<String, PoolDefinition> definitions = new LinkedHashMap<>();

	private final Set<String> configured;

	private final List<BufferPoolCustomizer> customizers;

	private final boolean pooling;

	private final Budgets budgets;

	private final LeakDefinition leaks;

	private final List<BufferPool> pools = new CopyOnWriteArrayList<>();

	private final List<Consumer<BufferPool>> listeners = new CopyOnWriteArrayList<>();

	BufferPoolFactory(MempoolProperties properties, List<BufferPoolCustomizer> customizers, LeakListener leaks) {
		this.configured = Set.copyOf(properties.getPools().keySet());
		this.customizers = customizers;
		this.pooling = properties.isPooling();
		define(DEFAULT_POOL, new MempoolProperties.Pool(), properties);
		properties.getPools().forEach((name, pool) -> define(name, pool, properties));
		this.budgets = new Budgets(properties.getBudget(), this.definitions.values(), this.pooling);
		this.leaks = new LeakDefinition(properties, leaks);
	}

	private void define(String name, MempoolProperties.Pool pool, MempoolProperties properties) {
		this.definitions.put(name, new PoolDefinition(name, pool, properties.getDefaults()));
	}

	/**
	 * Return whether properties name a pool.
	 */
	boolean isConfigured(String name) {
		return this.configured.contains(name);
	}

	Budgets budgets() {
		return this.budgets;
	}

	/**
	 * Build the pool of a name. Called once per bean.
	 */
	BufferPool create(String name) {
		PoolDefinition definition = this.definitions.get(name);
		if (definition == null) {
			throw new IllegalStateException("No properties describe a pool '" + name
					+ "'. If the application was processed ahead of time, process it again: pools are fixed then");
		}
		BufferPoolBuilder builder = definition.builder();
		if (!this.pooling) {
			builder.pooling(false);
		}
		Budget budget = this.budgets.of(this.pooling ? definition.memory() : MemoryKind.HEAP);
		if (budget != null) {
			builder.budget(budget);
		}
		this.leaks.applyTo(builder);
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		BufferPool pool = builder.build();
		this.pools.add(pool);
		this.listeners.forEach((listener) -> listener.accept(pool));
		return pool;
	}

	/**
	 * Let somebody know of the pools that are built from now on.
	 */
	void onCreate(Consumer<BufferPool> listener) {
		this.listeners.add(listener);
	}

	@Override
	public void destroy() {
		for (BufferPool pool : this.pools) {
			PoolStatistics statistics = pool.statistics();
			pool.close();
			if (statistics.leased() > 0) {
				logger.warn("Pool '%s' was closed while %d of its buffers (%d bytes) were leased. "
					.formatted(pool.name(), statistics.leased(), statistics.leasedBytes())
						+ "Release buffers before the application stops");
			}
		}
	}

}
