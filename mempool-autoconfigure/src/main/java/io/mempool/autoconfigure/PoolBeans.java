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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pools that are beans, from the moment they exist. Nothing here creates a bean:
 * pools that are lazy stay so. A pool is known by its own name, whatever its bean is
 * called, and no two have one name.
 */
final class PoolBeans implements BeanPostProcessor, BeanFactoryAware {

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private final Map<String, Object> created = new ConcurrentHashMap<>();

	private final Map<String, Named> named = new ConcurrentHashMap<>();

	private final List<Consumer<Object>> listeners = new CopyOnWriteArrayList<>();

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (beanFactory instanceof ConfigurableListableBeanFactory listable) ? listable : null;
	}

	/**
	 * Return the name of a pool, {@code null} if it has none: a mock, whatever its type
	 * says.
	 */
	static @Nullable String nameOf(Object pool) {
		return (pool instanceof BufferPool buffers) ? buffers.name() : ((ObjectPool<?>) pool).name();
	}

	/**
	 * Return whether a pool was built by a builder. Any other wraps one, or stands for
	 * one in a test.
	 */
	static boolean isBuilt(Object pool) {
		Class<?> type = (pool instanceof BufferPool) ? BufferPool.class : ObjectPool.class;
		return pool.getClass().getPackageName().equals(type.getPackageName());
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (isPool(bean) && isSingleton(beanName)) {
			String name = nameOf(bean);
			if (name != null && isBuilt(bean)) {
				checkName(name, new Named(beanName, bean));
			}
			this.created.put(beanName, bean);
			this.listeners.forEach((listener) -> listener.accept(bean));
		}
		return bean;
	}

	private static boolean isPool(Object bean) {
		return bean instanceof BufferPool || bean instanceof ObjectPool;
	}

	private boolean isSingleton(String beanName) {
		return this.beanFactory != null && this.beanFactory.containsLocalBean(beanName)
				&& this.beanFactory.isSingleton(beanName);
	}

	private void checkName(String name, Named named) {
		Named other = this.named.putIfAbsent(name, named);
		if (other != null && !other.pool().equals(named.pool())) {
			throw new PoolNameConflictException(
					"The application has two pools '%s': the beans '%s' and '%s'.".formatted(name, other.bean(),
							named.bean()),
					"Build one of them with another name: figures, meters and logs know a pool by its own name, not by "
							+ "that of its bean.");
		}
		if (other == null) {
			// Not this object, which a pool that outlives the context would hold with the
			// context
			Map<String, Named> all = this.named;
			Runnable freeName = () -> all.remove(name, named);
			if (named.pool() instanceof BufferPool buffers) {
				buffers.onClose(freeName);
			}
			else {
				((ObjectPool<?>) named.pool()).onClose(freeName);
			}
		}
	}

	/**
	 * Return the pools of buffers that exist, by their names.
	 */
	Map<String, BufferPool> buffers() {
		return byName(BufferPool.class);
	}

	/**
	 * Return the pools of objects that exist, by their names.
	 */
	Map<String, ObjectPool<?>> objects() {
		Map<String, ObjectPool<?>> pools = new TreeMap<>();
		byName(ObjectPool.class).forEach(pools::put);
		return pools;
	}

	private <T> Map<String, T> byName(Class<T> type) {
		Map<String, T> pools = new TreeMap<>();
		for (Object bean : existing().values()) {
			String name = type.isInstance(bean) ? nameOf(bean) : null;
			// What wraps a pool has its name
			if (name != null && (isBuilt(bean) || !pools.containsKey(name))) {
				pools.put(name, type.cast(bean));
			}
		}
		return pools;
	}

	private Map<String, Object> existing() {
		Map<String, Object> existing = new TreeMap<>(this.created);
		if (this.beanFactory != null) {
			// Some are registered as they are, such as mocks
			for (String name : this.beanFactory.getSingletonNames()) {
				Object bean = this.beanFactory.getSingleton(name);
				if (bean != null && isPool(bean)) {
					existing.putIfAbsent(name, bean);
				}
			}
		}
		return existing;
	}

	/**
	 * Call a listener with each pool that becomes a bean from now on.
	 */
	void onCreate(Consumer<Object> listener) {
		this.listeners.add(listener);
	}

	private record Named(String bean, Object pool) {

	}

}
