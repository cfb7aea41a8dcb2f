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

import io.mempool.pressure.HeapPressure;
import io.mempool.pressure.HeapReliefListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Adds all pools of the application and all listeners to {@link HeapPressure}.
 */
final class PressureRegistrar implements SmartInitializingSingleton {

	private final HeapPressure pressure;

	private final ApplicationPools pools;

	private final ObjectProvider<HeapReliefListener> listeners;

	PressureRegistrar(HeapPressure pressure, ApplicationPools pools, ObjectProvider<HeapReliefListener> listeners) {
		this.pressure = pressure;
		this.pools = pools;
		this.listeners = listeners;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.listeners.orderedStream().forEach(this.pressure::addListener);
		this.pools.forEach(this.pressure::add, this.pressure::add);
	}

}
