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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeakListener;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import io.mempool.object.ObjectPoolStatistics;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Tunes the pools of objects that the application builds, knows them by name, and closes
 * them with the context. What has a pool injected depends on this, and so is gone before.
 */
class ObjectPoolFactory implements ObjectPoolBuilderFactory, SmartInitializingSingleton, DisposableBean {

	private static final Log logger = LogFactory.getLog(ObjectPoolFactory.class);

	private static final String OBJECTS = MempoolProperties.PREFIX + ".objects";

	// By the form of the name in which environment variables can spell it
	private final Map<String, String> names = new LinkedHashMap<>();

	private final Map<String, ObjectPoolDefinition> definitions = new LinkedHashMap<>();

	private final Environment environment;

	private final Set<String> namesOfBufferPools;

	private final boolean pooling;

	private final ConfigurableListableBeanFactory beanFactory;

	private final LeakDefinition leaks;

	private final Map<String, ObjectPool<?>> pools = new ConcurrentHashMap<>();

	// For as long as something holds them, such as a lease
	private final Set<ObjectPool<?>> closed = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	// Names in the form in which environment variables can spell them
	private final Set<String> applied = ConcurrentHashMap.newKeySet();

	private final List<Consumer<ObjectPool<?>>> listeners = new CopyOnWriteArrayList<>();

	ObjectPoolFactory(MempoolProperties properties, ConfigurableListableBeanFactory beanFactory, LeakListener leaks,
			Environment environment) {
		this.environment = environment;
		this.namesOfBufferPools = properties.getPools().keySet();
		this.pooling = properties.isPooling();
		this.beanFactory = beanFactory;
		this.leaks = new LeakDefinition(properties, leaks);
		properties.getObjects().forEach((name, settings) -> {
			this.names.put(PropertyPath.uniform(name), name);
			ObjectPoolDefinition definition = new ObjectPoolDefinition(name, settings).checkName(isBufferPool(name));
			this.definitions.put(name, definition);
			if (definition.deprecation() != null) {
				logger.warn(definition.deprecation()
						+ WrittenProperties.of(environment).originOf(OBJECTS + "." + name + ".prefill"));
			}
		});
	}

	private boolean isBufferPool(String name) {
		return this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, BufferPool.class);
	}

	@Override
	public <T> ObjectPoolBuilder<T> builder(String name, Callable<? extends T> factory) {
		TunedBuilder<T> builder = new TunedBuilder<>(name, factory);
		this.leaks.applyTo(builder);
		return builder;
	}

	/**
	 * Return the pools that were built and not closed.
	 */
	Map<String, ObjectPool<?>> pools() {
		return Map.copyOf(this.pools);
	}

	/**
	 * Call a listener with each pool that is built from now on.
	 */
	void onCreate(Consumer<ObjectPool<?>> listener) {
		this.listeners.add(listener);
	}

	private void checkName(String name) {
		ObjectPoolDefinition.checkBuilt(name, isBufferPool(name), this.namesOfBufferPools.contains(name));
		if (this.pools.containsKey(name)) {
			throw new PoolNameConflictException("The application builds two object pools '" + name + "'.",
					"Rename one of the two: settings and figures of a pool are known by its name.");
		}
	}

	private @Nullable ObjectPoolDefinition definition(String pool) {
		String name = this.names.get(PropertyPath.uniform(pool));
		ObjectPoolDefinition definition = (name != null) ? this.definitions.get(name) : null;
		return (definition != null) ? definition.checkMeant(pool, this.pools.keySet()) : null;
	}

	@Override
	public void afterSingletonsInstantiated() {
		// No failure: a pool may be lazy, or left out of a test that has all properties
		Set<String> unknown = new TreeSet<>();
		this.names.forEach((uniform, name) -> {
			if (!this.applied.contains(uniform)) {
				unknown.add(name);
			}
		});
		if (!unknown.isEmpty() && !mayBuildMore()) {
			WrittenProperties written = WrittenProperties.of(this.environment);
			unknown.forEach((name) -> logger.warn(
					"'%s.%s' has no effect: the application has built no such object pool (but: %s). Correct the name, or "
						.formatted(OBJECTS, name,
								this.pools.isEmpty() ? "none" : String.join(", ", new TreeSet<>(this.pools.keySet())))
							+ "build the pool by ObjectPoolBuilderFactory.builder(\"" + name + "\", ...)"
							+ written.originOf(OBJECTS + "." + name)));
		}
	}

	private boolean mayBuildMore() {
		for (String name : this.beanFactory.getBeanNamesForType(ObjectPool.class, true, false)) {
			if (!this.beanFactory.containsSingleton(name)) {
				return true;
			}
		}
		return false;
	}

	private void ended(ObjectPool<?> pool) {
		this.closed.add(pool);
		this.pools.remove(pool.name(), pool);
	}

	@Override
	public void destroy() {
		this.pools.values().forEach(ObjectPool::close);
		for (ObjectPool<?> pool : this.closed.toArray(ObjectPool<?>[]::new)) {
			ObjectPoolStatistics statistics = pool.statistics();
			if (statistics.leased() > 0) {
				logger.warn("Pool '%s' was closed while %s of its objects were leased. They stay usable and are "
					.formatted(pool.name(), statistics.leased())
						+ "destroyed when they are released. Release them before the application stops");
			}
		}
	}

	/**
	 * A builder for which properties have the last word.
	 */
	private final class TunedBuilder<T> extends ObjectPoolBuilder<T> {

		TunedBuilder(String name, Callable<? extends T> factory) {
			super(name, factory);
			checkName(name);
		}

		@Override
		public ObjectPool<T> build() {
			checkName(name());
			ObjectPoolDefinition definition = definition(name());
			if (definition != null) {
				definition.applyTo(this);
				ObjectPoolFactory.this.applied.add(PropertyPath.uniform(name()));
			}
			if (!ObjectPoolFactory.this.pooling) {
				pooling(false);
			}
			ObjectPool<T> pool = super.build();
			ObjectPoolFactory.this.pools.put(name(), pool);
			pool.onClose(() -> ended(pool));
			ObjectPoolFactory.this.listeners.forEach((listener) -> listener.accept(pool));
			return pool;
		}

	}

}
