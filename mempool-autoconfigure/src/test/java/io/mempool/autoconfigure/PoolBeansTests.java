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

import java.lang.reflect.Proxy;
import java.util.stream.Stream;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolHealthIndicator;
import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Which pools the endpoint, the health indicator and the meters know, and by which name.
 */
@ProvokesOutput
class PoolBeansTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				MempoolAutoConfiguration.class, MempoolEndpointAutoConfiguration.class,
				MempoolHealthContributorAutoConfiguration.class, MempoolMetricsAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mempool",
				"management.health.mempool.enabled=true");

	@ParameterizedTest
	@ValueSource(strings = { "default", "lazyBuffers", "lazyObjects", "factoryBuffers" })
	void lookingAtPoolsBuildsNone(String bean) {
		this.contextRunner.withUserConfiguration(LazyConfiguration.class).run((context) -> {
			assertThat(shown(context)).isEmpty();
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			assertThat(beans.containsSingleton(bean) && !beans.isFactoryBean(bean)).isFalse();
			assertThat(context.getBean(Built.class).names).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "lazy-buffers", "lazy-objects", "factory-buffers" })
	void poolThatIsLazyIsShownOnceItIsUsed(String name) {
		this.contextRunner.withUserConfiguration(LazyConfiguration.class).run((context) -> {
			use(context, name);
			assertThat(shown(context)).containsExactly(name);
			assertThat(metered(context)).containsExactly(name);
		});
	}

	private static void use(AssertableApplicationContext context, String name) {
		String bean = switch (name) {
			case "lazy-buffers" -> "lazyBuffers";
			case "lazy-objects" -> "lazyObjects";
			case "factory-buffers" -> "factoryBuffers";
			default -> name;
		};
		if (context.getBean(bean) instanceof BufferPool pool) {
			pool.acquire(10).release();
		}
	}

	@Test
	void poolOfAScopeIsNotBuiltToBeShown() {
		this.contextRunner.withUserConfiguration(PrototypeConfiguration.class).run((context) -> {
			assertThat(shown(context)).isEmpty();
			context.getBean("prototype");
			assertThat(shown(context)).isEmpty();
			assertThat(metered(context)).isEmpty();
		});
	}

	@Test
	void poolIsKnownByItsOwnNameEverywhere() {
		this.contextRunner.withUserConfiguration(OtherNameConfiguration.class).run((context) -> {
			assertThat(shown(context)).containsExactly("other", "other-objects");
			assertThat(metered(context)).containsExactly("other", "other-objects");
			MempoolEndpoint endpoint = context.getBean(MempoolEndpoint.class);
			assertThat(endpoint.pool("other")).isNotNull();
			assertThat(endpoint.pool("uploads")).isNull();
		});
	}

	@Test
	void poolsOfOneNameAreReported() {
		this.contextRunner.withUserConfiguration(OtherNameConfiguration.class)
			.withPropertyValues("mempool.pools.other.tiers=4KB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PoolNameConflictException.class)
				.hasMessageContaining("The application has two pools 'other'")
				.hasMessageContaining("'uploads'"));
	}

	@Test
	void poolsOfOneNameAndDifferentKindsAreReported() {
		this.contextRunner.withBean("buffers", BufferPool.class, () -> BufferPool.builder("same").tiers(4096).build())
			.withBean("objects", ObjectPool.class, () -> ObjectPool.builder("same", Object::new).build())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PoolNameConflictException.class)
				.hasMessageContaining("The application has two pools 'same': the beans 'buffers' and 'objects'"));
	}

	@Test
	void lazyPoolOfATakenNameIsReportedWhenItIsUsed() {
		this.contextRunner.withUserConfiguration(LazyConfiguration.class)
			.withPropertyValues("mempool.pools.lazy-buffers.tiers=4KB")
			.run((context) -> assertThatException().isThrownBy(() -> context.getBean("lazyBuffers"))
				.havingRootCause()
				.withMessageContaining("The application has two pools 'lazy-buffers'"));
	}

	@Test
	void nameOfAClosedPoolIsFree() {
		this.contextRunner.withUserConfiguration(LazyConfiguration.class)
			.withPropertyValues("mempool.pools.lazy-buffers.tiers=4KB")
			.run((context) -> {
				context.getBean("lazy-buffers", BufferPool.class).close();
				assertThat(context.getBean("lazyBuffers", BufferPool.class).name()).isEqualTo("lazy-buffers");
			});
	}

	@Test
	void beanThatWrapsAPoolIsNoSecondPool() {
		this.contextRunner.withUserConfiguration(WrapperConfiguration.class)
			.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.run((context) -> {
				context.getBean("wrapper", BufferPool.class).acquire(10).release();
				assertThat(shown(context)).containsExactly("uploads");
				assertThat(context.getBean(MeterRegistry.class)
					.get("mempool.buffers.idle.limit")
					.tag("pool", "uploads")
					.gauge()
					.value()).isEqualTo(context.getBean("uploads", BufferPool.class).tiers().get(0).caps().maxIdle());
			});
	}

	@Test
	void mockOfAPoolIsNotShownAndDisturbsNothing() {
		BufferPool named = mock();
		given(named.name()).willReturn("named");
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB").withInitializer((context) -> {
			context.getBeanFactory().registerSingleton("mock", mock(BufferPool.class));
			context.getBeanFactory().registerSingleton("mockOfObjects", mock(ObjectPool.class));
		})
			.withBean("otherMock", BufferPool.class, () -> mock())
			.withBean("namedMock", BufferPool.class, () -> named)
			.run((context) -> {
				assertThat(shown(context)).containsExactly("uploads");
				assertThat(metered(context)).containsExactly("uploads");
				assertThat(context.getBean(MempoolEndpoint.class).pool("named")).isNull();
			});
	}

	@Test
	void objectPoolCanBeClosedAndBuiltAgain() {
		this.contextRunner.run((context) -> {
			ObjectPoolBuilderFactory pools = context.getBean(ObjectPoolBuilderFactory.class);
			ObjectPool<Object> first = pools.builder("connections", Object::new).build();
			first.acquire().close();
			first.close();
			assertThat(shown(context)).isEmpty();
			assertThat(metered(context)).isEmpty();
			ObjectPool<Object> second = pools.builder("connections", Object::new).build();
			second.acquire().close();
			assertThat(shown(context)).containsExactly("connections");
			assertThat(context.getBean(MeterRegistry.class)
				.get("mempool.objects.idle.limit")
				.tag("pool", "connections")
				.gauge()
				.value()).isEqualTo(second.statistics().caps().maxIdle());
		});
	}

	private static Stream<String> shown(AssertableApplicationContext context) {
		var descriptor = context.getBean(MempoolEndpoint.class).mempool();
		Stream<String> objects = (descriptor.objects() != null) ? descriptor.objects().keySet().stream()
				: Stream.empty();
		assertThat(context.getBean(MempoolHealthIndicator.class).health().getDetails().get("pools").toString())
			.startsWith("{");
		return Stream.concat(descriptor.pools().keySet().stream(), objects);
	}

	private static Stream<String> metered(AssertableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId().getTag("pool"))
			.filter((pool) -> pool != null)
			.distinct()
			.sorted();
	}

	static class Built {

		String names = "";

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		Built built() {
			return new Built();
		}

		@Bean
		@Lazy
		BufferPool lazyBuffers(Built built) {
			built.names += "lazyBuffers";
			return BufferPool.builder("lazy-buffers").tiers(4096).build();
		}

		@Bean
		@Lazy
		ObjectPool<Object> lazyObjects(Built built, ObjectPoolBuilderFactory pools) {
			built.names += "lazyObjects";
			return pools.builder("lazy-objects", Object::new).build();
		}

		@Bean
		FactoryBean<BufferPool> factoryBuffers(Built built) {
			return new FactoryBean<>() {

				@Override
				public BufferPool getObject() {
					built.names += "factoryBuffers";
					return BufferPool.builder("factory-buffers").tiers(4096).build();
				}

				@Override
				public Class<?> getObjectType() {
					return BufferPool.class;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeConfiguration {

		@Bean
		@Scope("prototype")
		BufferPool prototype() {
			return BufferPool.builder("prototype").tiers(4096).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherNameConfiguration {

		@Bean
		BufferPool uploads() {
			return BufferPool.builder("other").tiers(4096).build();
		}

		@Bean
		ObjectPool<Object> objects(ObjectPoolBuilderFactory pools) {
			return pools.builder("other-objects", Object::new).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrapperConfiguration {

		@Bean
		@Primary
		BufferPool wrapper(@Qualifier("uploads") BufferPool uploads) {
			return (BufferPool) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BufferPool.class },
					(proxy, method, arguments) -> method.invoke(uploads, arguments));
		}

	}

}
