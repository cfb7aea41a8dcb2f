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
import java.util.TreeMap;

import io.mempool.actuate.MempoolEndpoint;
import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the {@link MempoolEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(MempoolEndpoint.class)
public final class MempoolEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MempoolEndpoint mempoolEndpoint(ConfigurableListableBeanFactory beanFactory, BufferPoolFactory bufferPools,
			ObjectPoolFactory objectPools) {
		return new MempoolEndpoint(() -> buffers(beanFactory, bufferPools), () -> objects(beanFactory, objectPools),
				bufferPools.budgets().asMap());
	}

	// The default pool that nobody has configured or used would only be in the way
	private static Map<String, BufferPool> buffers(ConfigurableListableBeanFactory beanFactory,
			BufferPoolFactory factory) {
		Map<String, BufferPool> pools = new TreeMap<>();
		String[] names = beanFactory.getBeanNamesForType(BufferPool.class);
		for (String name : names) {
			if (names.length == 1 || factory.isConfigured(name) || beanFactory.containsSingleton(name)) {
				pools.put(name, beanFactory.getBean(name, BufferPool.class));
			}
		}
		return pools;
	}

	// Those that are no beans, and those that were built without the factory
	private static Map<String, ObjectPool<?>> objects(ListableBeanFactory beanFactory, ObjectPoolFactory factory) {
		Map<String, ObjectPool<?>> pools = new TreeMap<>();
		for (ObjectPool<?> pool : beanFactory.getBeansOfType(ObjectPool.class).values()) {
			pools.put(pool.name(), pool);
		}
		pools.putAll(factory.pools());
		return pools;
	}

}
