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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MempoolMetricsAutoConfiguration}.
 */
@ProvokesOutput
class MempoolMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				MempoolAutoConfiguration.class, MempoolMetricsAutoConfiguration.class));

	@Test
	void runShouldBindPoolsAndBudgetsBeforeAnybodyUsesThem() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.tiers=4KB", "mempool.pools.files.memory=off-heap",
					"mempool.pools.files.tiers=64KB", "mempool.budget.off-heap=16MB")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("mempool.acquisitions").tags("pool", "uploads", "tier", "4096").meters())
					.isNotEmpty();
				assertThat(registry.get("mempool.acquisitions").tags("pool", "files", "memory", "off-heap").meters())
					.isNotEmpty();
				assertThat(registry.get("mempool.budget.limit").tag("memory", "off-heap").gauge().value())
					.isEqualTo(16 << 20);
			});
	}

	@Test
	void runWithLazyInitializationShouldBindAllTheSame() {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).get("mempool.acquisitions").tags("pool", "uploads").meters())
				.isNotEmpty());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void runWithLazyInitializationShouldBindEachPoolOnceWhenItIsBuilt(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.withUserConfiguration(ObjectsConfiguration.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("mempool.buffers").tags("pool", "uploads").meters()).isNotEmpty();
				assertThat(registry.find("mempool.objects").tags("pool", "codecs").meters()).isEmpty();
				context.getBean("codecs");
				assertThat(registry.get("mempool.objects").tags("pool", "codecs").meters()).isNotEmpty();
				assertThat(output).doesNotContain("already registered");
			});
	}

	@Test
	void runShouldLeaveOutADefaultPoolUntilItsFirstUse() {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("mempool.acquisitions").tags("pool", "default").meters()).isEmpty();
			context.getBean("default", BufferPool.class).acquire(10).close();
			assertThat(registry.find("mempool.acquisitions").tags("pool", "default").meters()).isNotEmpty();
		});
	}

	@Test
	void runShouldBindPoolsOfObjectsAlsoIfTheyAreBuiltLater() {
		this.contextRunner.withUserConfiguration(ObjectsConfiguration.class).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("mempool.objects").tags("pool", "codecs").meters()).isNotEmpty();
			context.getBean(ObjectPoolBuilderFactory.class).builder("late", Object::new).build();
			assertThat(registry.find("mempool.objects").tags("pool", "late").meters()).isNotEmpty();
		});
	}

	@Test
	void runInAWebApplicationShouldBindTheScopesOfRequests() {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							SimpleMetricsExportAutoConfiguration.class, MempoolAutoConfiguration.class,
							MempoolWebAutoConfiguration.class, MempoolMetricsAutoConfiguration.class))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				RequestScopes scopes = context.getBean(RequestScopes.class);
				new RequestScopeFilter(scopes).doFilter(new MockHttpServletRequest(), new MockHttpServletResponse(),
						(request, response) -> {
							scopes.of(request).acquire(10).close();
							await().untilAsserted(
									() -> assertThat(registry.get("mempool.scopes.open").gauge().value()).isEqualTo(1));
						});
				assertThat(registry.get("mempool.scopes.ended").tags("outcome", "in-doubt").functionCounter().count())
					.isZero();
			});
	}

	@Test
	void runWithoutServletsShouldHaveNoMetersOfRequests() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("jakarta.servlet"))
			.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.find("mempool.acquisitions").meters()).isNotEmpty();
				assertThat(registry.find("mempool.scopes.open").meters()).isEmpty();
			});
	}

	@Test
	void runWithoutMicrometerShouldHavePoolsButNoMeters() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer")).run((context) -> {
			assertThat(context).hasSingleBean(BufferPool.class);
			assertThat(context).doesNotHaveBean("mempoolMetrics");
		});
	}

	@Test
	void runWithoutRegistryShouldHaveNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean("mempoolMetrics"));
	}

	@Test
	void registryThatOutlivesContextsShouldKeepNothingOfThem() {
		SimpleMeterRegistry shared = new SimpleMeterRegistry();
		try (BufferPool own = BufferPool.builder("own").tiers(4096).build()) {
			WebApplicationContextRunner runner = new WebApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class,
						MempoolWebAutoConfiguration.class, MempoolMetricsAutoConfiguration.class))
				.withBean("registry", MeterRegistry.class, () -> shared,
						(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
				.withBean("own", BufferPool.class, () -> own,
						(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
				.withUserConfiguration(ObjectsConfiguration.class, RegistryConfiguration.class)
				.withPropertyValues("mempool.pools.uploads.tiers=4KB");
			runner.run((outer) -> {
				outer.getBean("uploads", BufferPool.class).acquire(10).release();
				runner.run((inner) -> assertThat(shared.get("mempool.budget.limit").gauge().value())
					.isEqualTo(2.0 * (Runtime.getRuntime().maxMemory() / 2)));
				assertThat(shared.get("mempool.objects.idle.limit").gauge().value()).isPositive();
				assertThat(shared.get("mempool.buffers.idle.limit").tag("pool", "own").gauge().value()).isPositive();
				assertThat(shared.get("mempool.scopes.open").gauge().value()).isZero();
				assertThat(shared.get("mempool.budget.limit").gauge().value())
					.isEqualTo(Runtime.getRuntime().maxMemory() / 2);
			});
			assertThat(shared.getMeters()).isEmpty();
			assertThat(own.acquire(10).isAlive()).isTrue();
		}
	}

	@Test
	void poolThatOutlivesContextsShouldHoldNoneOfThem() {
		try (BufferPool own = BufferPool.builder("own").tiers(4096).build()) {
			List<WeakReference<ApplicationContext>> contexts = new ArrayList<>();
			this.contextRunner
				.withBean("own", BufferPool.class, () -> own,
						(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
				.run((context) -> {
					assertThat(context.getBean(MeterRegistry.class).get("mempool.buffers").meters()).isNotEmpty();
					contexts.add(new WeakReference<>(context.getSourceApplicationContext()));
				});
			await().atMost(Duration.ofSeconds(20)).until(() -> {
				System.gc();
				return contexts.get(0).refersTo(null);
			});
			assertThat(own.acquire(10).isAlive()).isTrue();
		}
	}

	@Test
	void runWithOwnMetersShouldBackOff() {
		this.contextRunner.withUserConfiguration(OwnMetersConfiguration.class)
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).find("mempool.acquisitions").meters())
				.isEmpty());
	}

	@Configuration(proxyBeanMethods = false)
	static class ObjectsConfiguration {

		@Bean
		ObjectPool<Object> codecs(ObjectPoolBuilderFactory factory) {
			return factory.builder("codecs", Object::new).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RegistryConfiguration {

		// As Spring Boot does, for a registry that is used by contexts one in another
		@Bean
		SmartInitializingSingleton binding(MeterRegistry registry, ObjectProvider<MeterBinder> binders) {
			return () -> binders.forEach((binder) -> binder.bindTo(registry));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMetersConfiguration {

		@Bean
		MeterBinder mempoolMetrics() {
			return (registry) -> {
			};
		}

	}

}
