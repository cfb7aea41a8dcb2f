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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.Budget;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The pools of an application by their names, from all builders. A bean where something
 * shows them. Pools that do not exist yet are left out, and looking builds none.
 */
final class ApplicationPools {

	private final PoolBeans beans;

	private final BufferPoolFactory bufferPools;

	private final @Nullable ObjectPoolFactory objectPools;

	ApplicationPools(PoolBeans beans, BufferPoolFactory bufferPools, ObjectProvider<ObjectPoolFactory> objectPools) {
		this.beans = beans;
		this.bufferPools = bufferPools;
		this.objectPools = objectPools.getIfAvailable();
	}

	/**
	 * Return the pools of buffers by name.
	 */
	Map<String, BufferPool> buffers() {
		return this.beans.buffers();
	}

	/**
	 * Return the pools of objects by name: also those that are no beans, and those that
	 * were built without the factory.
	 */
	Map<String, ObjectPool<?>> objects() {
		Map<String, ObjectPool<?>> pools = this.beans.objects();
		if (this.objectPools != null) {
			pools.putAll(this.objectPools.pools());
		}
		return pools;
	}

	/**
	 * Return the budgets by the kind of memory that they limit.
	 */
	Map<MemoryKind, Budget> budgets() {
		return this.bufferPools.budgets().asMap();
	}

	/**
	 * Visit all pools that exist, and from now on those that are built later. Of several
	 * with one name, only the first is visited before it is closed.
	 */
	void forEach(Consumer<BufferPool> buffers, Consumer<ObjectPool<?>> objects) {
		Map<String, Object> visited = new ConcurrentHashMap<>();
		Consumer<Object> visitor = (pool) -> {
			if (pool instanceof BufferPool bufferPool && begin(visited, bufferPool, bufferPool::onClose)) {
				buffers.accept(bufferPool);
			}
			else if (pool instanceof ObjectPool<?> objectPool && begin(visited, objectPool, objectPool::onClose)) {
				objects.accept(objectPool);
			}
		};
		this.beans.onCreate(visitor);
		if (this.objectPools != null) {
			this.objectPools.onCreate(visitor::accept);
		}
		buffers().values().forEach(visitor);
		objects().values().forEach(visitor);
	}

	private static boolean begin(Map<String, Object> visited, Object pool, Consumer<Runnable> onClose) {
		String name = PoolBeans.nameOf(pool);
		if (name == null || visited.putIfAbsent(name, pool) != null) {
			return false;
		}
		onClose.accept(() -> visited.remove(name, pool));
		return true;
	}

}
