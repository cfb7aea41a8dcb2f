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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.mempool.core.PoolListener;
import io.mempool.spring.PoolEventPublisher;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Lets the listener hear of all pools of the application, until the context is closed.
 */
final class PoolListenerRegistrar implements SmartInitializingSingleton, DisposableBean {

	private final ApplicationPools pools;

	private final PoolEventPublisher listener;

	private final Set<Runnable> endings = ConcurrentHashMap.newKeySet();

	private volatile boolean ended;

	PoolListenerRegistrar(ApplicationPools pools, PoolEventPublisher listener) {
		this.pools = pools;
		this.listener = listener;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.pools.forEach(
				(pool) -> register(pool::addListener, () -> pool.removeListener(this.listener), pool::onClose),
				(pool) -> register(pool::addListener, () -> pool.removeListener(this.listener), pool::onClose));
	}

	private void register(Consumer<PoolListener> addListener, Runnable ending, Consumer<Runnable> onClose) {
		addListener.accept(this.listener);
		// Not this object, which a pool that outlives the context would hold
		Set<Runnable> endings = this.endings;
		endings.add(ending);
		onClose.accept(() -> endings.remove(ending));
		if (this.ended) {
			ending.run();
		}
	}

	@Override
	public void destroy() {
		this.ended = true;
		this.endings.forEach(Runnable::run);
		this.endings.clear();
	}

}
