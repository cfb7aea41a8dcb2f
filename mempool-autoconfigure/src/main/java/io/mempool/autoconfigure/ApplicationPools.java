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

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.Budget;
import io.mempool.object.ObjectPool;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pools of an application, whoever built them. A bean where somebody looks at them.
 */
final class ApplicationPools {

	private final ConfigurableListableBeanFactory beanFactory;

	private final BufferPoolFactory bufferPools;

	private final ObjectPoolFactory objectPools;

	ApplicationPools(ConfigurableListableBeanFactory beanFactory, BufferPoolFactory bufferPools,
			ObjectPoolFactory objectPools) {
		this.beanFactory = beanFactory;
		this.bufferPools = bufferPools;
		this.objectPools = objectPools;
	}

	/**
	 * Return the pools of buffers by name. The default pool that nobody has configured or
	 * used would only be in the way.
	 */
	Map<String, BufferPool> buffers() {
		Map<String, BufferPool> pools = new TreeMap<>();
		String[] names = this.beanFactory.getBeanNamesForType(BufferPool.class);
		for (String name : names) {
			if (names.length == 1 || this.bufferPools.isConfigured(name) || this.beanFactory.containsSingleton(name)) {
				pools.put(name, this.beanFactory.getBean(name, BufferPool.class));
			}
		}
		return pools;
	}

	/**
	 * Return the pools of objects by name: those that are no beans, and those that were
	 * built without the factory.
	 */
	Map<String, ObjectPool<?>> objects() {
		Map<String, ObjectPool<?>> pools = new TreeMap<>();
		for (ObjectPool<?> pool : this.beanFactory.getBeansOfType(ObjectPool.class).values()) {
			pools.put(pool.name(), pool);
		}
		pools.putAll(this.objectPools.pools());
		return pools;
	}

	/**
	 * Return the budgets by the kind of memory that they limit.
	 */
	Map<MemoryKind, Budget> budgets() {
		return this.bufferPools.budgets().asMap();
	}

	/**
	 * Visit all pools, and from now on those that are built later, each of them once:
	 * looking for a pool may build it.
	 */
	void forEach(Consumer<BufferPool> buffers, Consumer<ObjectPool<?>> objects) {
		Set<Object> visited = ConcurrentHashMap.newKeySet();
		Consumer<BufferPool> buffersOnce = (pool) -> visit(pool, visited, buffers);
		Consumer<ObjectPool<?>> objectsOnce = (pool) -> visit(pool, visited, objects);
		this.bufferPools.onCreate(buffersOnce);
		this.objectPools.onCreate(objectsOnce);
		buffers().values().forEach(buffersOnce);
		objects().values().forEach(objectsOnce);
	}

	private static <T> void visit(T pool, Set<Object> visited, Consumer<T> visitor) {
		if (visited.add(pool)) {
			visitor.accept(pool);
		}
	}

}
