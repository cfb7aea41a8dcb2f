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
import io.mempool.diagnostics.LeakReports;
import io.mempool.object.ObjectPool;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link BufferPool}s, and of what
 * tunes {@link ObjectPool}s.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@EnableConfigurationProperties(MempoolProperties.class)
@Import(BufferPoolRegistrar.class)
public final class MempoolAutoConfiguration {

	static final String FACTORY_BEAN = "mempoolBufferPoolFactory";

	@Bean
	@ConditionalOnMissingBean
	LeakReports mempoolLeakReports(ObjectProvider<CurrentWork> currentWork) {
		CurrentWork unknown = () -> null;
		Supplier<CurrentWork> known = SingletonSupplier.of(() -> currentWork.getIfAvailable(() -> unknown));
		return new LeakReports(() -> known.get().get());
	}

	@Bean(FACTORY_BEAN)
	BufferPoolFactory mempoolBufferPoolFactory(MempoolProperties properties,
			ObjectProvider<BufferPoolCustomizer> customizers, LeakReports leaks) {
		return new BufferPoolFactory(properties, customizers.orderedStream().toList(), leaks);
	}

	@Bean
	ObjectPoolFactory mempoolObjectPoolBuilderFactory(MempoolProperties properties,
			ConfigurableListableBeanFactory beanFactory, LeakReports leaks) {
		return new ObjectPoolFactory(properties, beanFactory, leaks);
	}

}
