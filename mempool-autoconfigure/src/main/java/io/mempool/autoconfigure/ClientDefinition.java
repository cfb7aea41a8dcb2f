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

import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.function.SingletonSupplier;

/**
 * The memory of HTTP clients, checked.
 */
final class ClientDefinition {

	private static final String PREFIX = MempoolProperties.PREFIX + ".clients.";

	static final String ENABLED_PROPERTY = PREFIX + "enabled";

	private final BodyDefinition body;

	private final Supplier<BufferPool> pool;

	/**
	 * Check the settings.
	 * @param properties the settings
	 * @param beanFactory what knows all pools
	 * @param pools the pools that properties describe
	 */
	ClientDefinition(MempoolProperties.Clients properties, BeanFactory beanFactory, BufferPoolFactory pools) {
		this.body = new BodyDefinition(PREFIX, properties.getPool(), properties.getMaxBodySize(), beanFactory, pools);
		this.pool = SingletonSupplier.of(() -> beanFactory.getBean(this.body.pool(), BufferPool.class));
	}

	/**
	 * Return what supplies the pool of clients, when the first of them needs it.
	 */
	Supplier<BufferPool> pool() {
		return this.pool;
	}

	/**
	 * Return the size of the largest answer that is read into one buffer.
	 */
	int maxBodySize() {
		return this.body.maxSize();
	}

}
