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

import io.mempool.spring.PoolEventPublisher;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the application events of pools.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = MempoolAutoConfiguration.class)
@ConditionalOnBean(BufferPoolFactory.class)
@Import(ApplicationPools.class)
public final class MempoolEventsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolEventPublisher mempoolPoolEventPublisher(ApplicationEventPublisher events) {
		return new PoolEventPublisher(events);
	}

	@Bean
	@ConditionalOnMissingBean
	PoolListenerRegistrar mempoolPoolListenerRegistrar(ApplicationPools pools, PoolEventPublisher listener) {
		return new PoolListenerRegistrar(pools, listener);
	}

}
