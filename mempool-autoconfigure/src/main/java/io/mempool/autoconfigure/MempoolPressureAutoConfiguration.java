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
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link HeapPressure}: all pools
 * of the application on the heap give idle memory back when the heap is nearly full.
 * Beans that are a {@link HeapReliefListener} hear of it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@Conditional(OnPressureEnabledCondition.class)
@ConditionalOnBean(BufferPoolFactory.class)
@Import(ApplicationPools.class)
public final class MempoolPressureAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	HeapPressure mempoolHeapPressure(MempoolProperties properties) {
		return new PressureDefinition(properties.getPressure()).create();
	}

	@Bean
	@ConditionalOnMissingBean
	PressureRegistrar mempoolPressureRegistrar(HeapPressure pressure, ApplicationPools pools,
			ObjectProvider<HeapReliefListener> listeners) {
		return new PressureRegistrar(pressure, pools, listeners);
	}

}
