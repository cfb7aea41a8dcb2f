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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.PoolStatistics;
import io.mempool.core.Budget;
import io.mempool.core.LeakListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;

/**
 * Builds the pools that properties describe, and closes them with the context. Its pools
 * depend on it, and so does nothing that the web server may still need: that has stopped
 * by then.
 */
class BufferPoolFactory implements DisposableBean {

	private static final Log logger = LogFactory.getLog(BufferPoolFactory.class);

	private final Map<String, PoolDefinition> definitions = new LinkedHashMap<>();

	private final List<BufferPoolCustomizer> customizers;

	private final boolean pooling;

	private final Budgets budgets;

	private final RegisteredPools registered;

	private final List<PoolDefinition> eager;

	private final LeakDefinition leaks;

	private final List<BufferPool> pools = new CopyOnWriteArrayList<>();

	BufferPoolFactory(MempoolProperties properties, List<BufferPoolCustomizer> customizers, LeakListener leaks,
			RegisteredPools registered, Environment environment) {
		this.customizers = customizers;
		this.pooling = properties.isPooling();
		define(PoolNames.DEFAULT, new MempoolProperties.Pool(), properties);
		JettyDefinition.pools(properties).forEach((name, pool) -> define(name, pool, properties));
		this.budgets = new Budgets(properties.getBudget(), this.definitions.values(), this.pooling);
		this.registered = registered;
		this.eager = this.definitions.values().stream().filter((pool) -> isEager(pool, registered)).toList();
		this.budgets.check(this.eager);
		this.leaks = new LeakDefinition(properties, leaks);
		reportUnregistered(environment);
	}

	// The default pool may never be used, and the application builds its own beans
	private static boolean isEager(PoolDefinition pool, RegisteredPools registered) {
		return !pool.name().equals(PoolNames.DEFAULT) && registered.isBuilt(pool.name());
	}

	private void reportUnregistered(Environment environment) {
		for (String name : this.definitions.keySet()) {
			if (!this.registered.contains(name)) {
				String property = MempoolProperties.PREFIX + ".pools." + name;
				logger.warn("'" + property + "' has no effect: the application was processed ahead of time, when no "
						+ "property named this pool. Process the application again with this property, or remove it"
						+ WrittenProperties.of(environment).originOf(property));
			}
		}
	}

	private void define(String name, MempoolProperties.Pool pool, MempoolProperties properties) {
		this.definitions.put(name,
				new PoolDefinition(name, pool, properties.getDefaults(), properties.getProtection()));
	}

	/**
	 * Return the definition of a pool, {@code null} if it is a bean of the application.
	 */
	@Nullable PoolDefinition definition(String name) {
		return this.registered.isBuilt(name) ? this.definitions.get(name) : null;
	}

	Budgets budgets() {
		return this.budgets;
	}

	/**
	 * Build the pool of a name. Called once per bean.
	 */
	BufferPool create(String name) {
		PoolDefinition definition = PoolDefinition.checkNamed(name, this.definitions.get(name));
		if (!this.eager.contains(definition)) {
			this.budgets.check(Stream.concat(this.eager.stream(), Stream.of(definition)).toList());
		}
		BufferPoolBuilder builder = definition.builder();
		if (!this.pooling) {
			builder.pooling(false);
		}
		Budget budget = this.budgets.of(this.budgets.memory(definition));
		if (budget != null) {
			builder.budget(budget);
		}
		this.leaks.applyTo(builder);
		this.customizers.forEach((customizer) -> customizer.customize(builder));
		BufferPool pool = builder.build();
		this.pools.add(pool);
		return pool;
	}

	@Override
	public void destroy() {
		for (BufferPool pool : this.pools) {
			PoolStatistics statistics = pool.statistics();
			pool.close();
			if (statistics.leased() > 0) {
				logger.warn("Pool '%s' was closed while %s of its buffers (%s bytes) were leased. "
					.formatted(pool.name(), statistics.leased(), statistics.leasedBytes())
						+ "Release buffers before the application stops");
			}
		}
	}

}
