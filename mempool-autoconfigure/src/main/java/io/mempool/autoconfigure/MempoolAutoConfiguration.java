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
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemorySource;
import io.mempool.core.LeakListener;
import io.mempool.engine.WaitingThreads;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of {@link BufferPool}s, and of what
 * tunes {@link ObjectPool}s. Comes late, so that a pool with the name of a bean of
 * another auto-configuration is noticed.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@Conditional(OnMempoolEnabledCondition.class)
@EnableConfigurationProperties(MempoolProperties.class)
@Import({ BufferPoolRegistrar.class, PoolBeans.class })
public final class MempoolAutoConfiguration {

	static final String FACTORY_BEAN = "mempoolBufferPoolFactory";

	@Bean
	@ConditionalOnMissingBean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static MempoolBinding mempoolBinding(Environment environment) {
		return new MempoolBinding(environment);
	}

	@Bean
	@ConditionalOnMissingBean
	LeakReports mempoolLeakReports(ObjectProvider<CurrentWork> currentWork, ObjectProvider<LeakListener> reporters) {
		CurrentWork unknown = () -> null;
		Supplier<CurrentWork> known = SingletonSupplier.of(() -> currentWork.getIfAvailable(() -> unknown));
		// Not before a leak: a reporter may need a pool
		Supplier<List<LeakListener>> others = SingletonSupplier
			.of(() -> reporters.orderedStream((type) -> !LeakReports.class.isAssignableFrom(type)).toList());
		return new LeakReports(() -> known.get().get(), others);
	}

	@Bean(FACTORY_BEAN)
	@ConditionalOnMissingBean
	BufferPoolFactory mempoolBufferPoolFactory(MempoolProperties properties,
			ObjectProvider<BufferPoolCustomizer> customizers, ObjectProvider<MemorySource> sources, LeakReports leaks,
			RegisteredPools registered, Environment environment) {
		List<BufferPoolCustomizer> all = Stream
			.concat(Stream.of(new MemorySourceCustomizer(sources)), customizers.orderedStream())
			.toList();
		return new BufferPoolFactory(properties, all, leaks, registered, environment);
	}

	@Bean
	@ConditionalOnMissingBean(ObjectPoolBuilderFactory.class)
	ObjectPoolFactory mempoolObjectPoolBuilderFactory(MempoolProperties properties,
			ConfigurableListableBeanFactory beanFactory, LeakReports leaks, Environment environment) {
		return new ObjectPoolFactory(properties, beanFactory, leaks, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	static StartReport mempoolStartReport(ObjectProvider<PoolBeans> beans,
			ObjectProvider<BufferPoolFactory> bufferPools, ObjectProvider<ObjectPoolFactory> objectPools,
			ObjectProvider<PagePath> path) {
		return new StartReport(() -> new ApplicationPools(beans.getObject(), bufferPools.getObject(), objectPools),
				() -> path.stream().findFirst().map(PagePath::get).orElse(null));
	}

	/**
	 * Keeps event loops from waiting for memory.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Schedulers.class)
	@Lazy(false)
	static class EventLoops {

		EventLoops() {
			// Loads the class when a thread first has to wait
			WaitingThreads.bar(() -> Schedulers.isInNonBlockingThread(),
					"Call acquireLater(..) of the RequestBuffers of WebFlux, or acquire in a thread of "
							+ "Schedulers.boundedElastic()");
		}

	}

}
