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

import java.lang.reflect.Method;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.zip.Deflater;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.buffer.BufferPool;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.DeprecatedConfigurationProperty;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the pools of objects that applications build by
 * {@link ObjectPoolBuilderFactory}.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class ObjectPoolAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class))
		.withUserConfiguration(PoolsConfiguration.class);

	private static Caps capsOf(ObjectPool<?> pool) {
		return pool.statistics().caps();
	}

	@Test
	void poolsAreInjectedByTheTypeOfTheirObjects() {
		this.contextRunner.withUserConfiguration(InjectionConfiguration.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.deflaters().name()).isEqualTo("deflaters");
			assertThat(injected.digests().name()).isEqualTo("sha-256");
			try (PooledObject<MessageDigest> digest = injected.digests().acquire()) {
				assertThat(digest.get().digest(new byte[3])).hasSize(32);
			}
			assertThat(injected.all()).containsOnlyKeys("deflaters", "digests");
		});
	}

	@Test
	void withoutPropertiesPoolsAreWhatTheApplicationMakesThem() {
		this.contextRunner.run((context) -> {
			assertThat(capsOf(context.getBean("deflaters", ObjectPool.class))).isEqualTo(Caps.ofIdle(1024));
			assertThat(capsOf(context.getBean("digests", ObjectPool.class))).isEqualTo(new Caps(8, 16, 0));
		});
	}

	@Test
	void propertiesTakePrecedenceOverWhatTheApplicationSets() {
		this.contextRunner
			.withPropertyValues("mempool.objects.deflaters.max-idle=5", "mempool.objects.deflaters.max-total=6",
					"mempool.objects.deflaters.preallocate=4", "mempool.objects.sha-256.max-total=1",
					"mempool.objects.sha-256.policy=wait", "mempool.objects.sha-256.max-wait=5ms",
					"mempool.objects.sha-256.idle-timeout=30s")
			.run((context) -> {
				ObjectPool<?> deflaters = context.getBean("deflaters", ObjectPool.class);
				assertThat(capsOf(deflaters)).isEqualTo(new Caps(5, 6, 4));
				assertThat(deflaters.statistics().idle()).isEqualTo(4);
				ObjectPool<?> digests = context.getBean("digests", ObjectPool.class);
				assertThat(capsOf(digests)).isEqualTo(new Caps(8, 1, 0));
				assertThat(digests.settings().policy()).isEqualTo(ExhaustionPolicy.WAIT);
				assertThat(digests.settings().idleTimeout()).isEqualTo(Duration.ofSeconds(30));
				assertThat(deflaters.settings().idleTimeout()).isNull();
				try (PooledObject<?> digest = digests.acquire()) {
					assertThat(digest.isAlive()).isTrue();
					assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(digests::acquire)
						.withMessageContaining("after waiting 5 ms");
				}
			});
	}

	@Test
	void formerNameOfPreallocateIsReadWithAWarning(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.objects.deflaters.prefill=4").run((context) -> {
			assertThat(capsOf(context.getBean("deflaters", ObjectPool.class)))
				.isEqualTo(new Caps(1024, Caps.UNLIMITED, 4));
			assertThat(output).contains("'mempool.objects.deflaters.prefill' is the former name of "
					+ "'mempool.objects.deflaters.preallocate', and will no longer be read in version 0.2");
		});
	}

	@Test
	void preallocateTakesPrecedenceOverItsFormerName(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("mempool.objects.deflaters.prefill=4", "mempool.objects.deflaters.preallocate=2")
			.run((context) -> {
				assertThat(capsOf(context.getBean("deflaters", ObjectPool.class)))
					.isEqualTo(new Caps(1024, Caps.UNLIMITED, 2));
				assertThat(output).contains("has no effect because both are set");
			});
	}

	@Test
	void presentNamesAreReadWithoutAWarning(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.objects.deflaters.preallocate=4")
			.run((context) -> assertThat(output).doesNotContain("former name"));
	}

	@Test
	void formerNameIsDeprecatedWithItsReplacement() throws Exception {
		Method former = MempoolProperties.ObjectPool.class.getMethod("getPrefill");
		assertThat(former.isAnnotationPresent(Deprecated.class)).isTrue();
		assertThat(former.getAnnotation(DeprecatedConfigurationProperty.class).replacement())
			.isEqualTo("mempool.objects.<name>.preallocate");
	}

	@Test
	void poolWithoutSettingsMayBeNamed() {
		this.contextRunner.withPropertyValues("mempool.objects.deflaters=")
			.run((context) -> assertThat(capsOf(context.getBean("deflaters", ObjectPool.class)))
				.isEqualTo(Caps.ofIdle(1024)));
	}

	@Test
	void poolingCanBeSwitchedOffForAllPoolsOrForOne() {
		this.contextRunner.withPropertyValues("mempool.pooling=false", "mempool.objects.deflaters.pooling=true")
			.run((context) -> assertThat(context.getBeansOfType(ObjectPool.class).values())
				.allSatisfy((pool) -> assertThat(pool.settings().pooling()).isFalse()));
		this.contextRunner.withPropertyValues("mempool.objects.deflaters.pooling=false").run((context) -> {
			assertThat(context.getBean("deflaters", ObjectPool.class).settings().pooling()).isFalse();
			assertThat(context.getBean("digests", ObjectPool.class).settings().pooling()).isTrue();
		});
	}

	@Test
	void poolsAreClosedWithTheContextAndReportWhatIsStillLeased(CapturedOutput output) {
		ObjectPool<?>[] pool = new ObjectPool<?>[1];
		PooledObject<?>[] lease = new PooledObject<?>[1];
		this.contextRunner.run((context) -> {
			pool[0] = context.getBean("deflaters", ObjectPool.class);
			lease[0] = pool[0].acquire();
			context.getBean("digests", ObjectPool.class).acquire().close();
		});
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool[0].acquire());
		assertThat(output).contains("Pool 'deflaters' was closed while 1 of its objects were leased")
			.doesNotContain("Pool 'sha-256' was closed while");
		assertThat(lease[0].isAlive()).isTrue();
	}

	@Test
	void poolThatIsNoBeanIsClosedWithTheContextToo() {
		ObjectPool<?>[] pool = new ObjectPool<?>[1];
		this.contextRunner.run((context) -> pool[0] = context.getBean(ObjectPoolBuilderFactory.class)
			.builder("private", Object::new)
			.build());
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool[0].acquire());
	}

	@Test
	void settingsOfAPoolThatIsNotBuiltAreWarnedOf(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.objects.deflater.max-idle=5").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output)
				.contains("'mempool.objects.deflater' has no effect: the application has built no such object pool "
						+ "(but: deflaters, sha-256). Correct the name, or build the pool by "
						+ "ObjectPoolBuilderFactory.builder(\"deflater\", ...)");
		});
	}

	@Test
	void variableFindsThePoolThatTheApplicationNames(CapturedOutput output) {
		this.contextRunner.withInitializer(variable("MEMPOOL_OBJECTS_SHA256_MAXIDLE", "5")).run((context) -> {
			assertThat(capsOf(context.getBean("digests", ObjectPool.class)).maxIdle()).isEqualTo(5);
			assertThat(output).doesNotContain("has no effect");
		});
	}

	@Test
	void variableThatMeansNoPoolIsWarnedOfByItsName(CapturedOutput output) {
		this.contextRunner.withInitializer(variable("MEMPOOL_OBJECTS_SHA_512_MAX_IDLE", "5"))
			.run((context) -> assertThat(output).contains("'mempool.objects.sha512' has no effect",
					"(set by \"MEMPOOL_OBJECTS_SHA_512_MAX_IDLE\" from property source \"systemEnvironment\")"));
	}

	@Test
	void variableThatMayMeanTwoPoolsIsReported() {
		this.contextRunner.withUserConfiguration(OtherShaConfiguration.class)
			.withInitializer(variable("MEMPOOL_OBJECTS_SHA256_MAXIDLE", "5"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("'sha-256'")
				.hasMessageContaining("'sha256'"));
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> variable(String name, String value) {
		return (context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, value)));
	}

	@Test
	void settingsOfAPoolThatMayBeBuiltLaterAreNotWarnedOf(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(LazyConfiguration.class)
			.withPropertyValues("mempool.objects.late.max-idle=5")
			.run((context) -> {
				assertThat(output).doesNotContain("has no effect");
				assertThat(capsOf(context.getBean("lazyPool", ObjectPool.class)).maxIdle()).isEqualTo(5);
			});
	}

	@Test
	void settingsOfPoolsThatWereBuiltAreNotWarnedOf(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.objects.deflaters.max-idle=5")
			.run((context) -> assertThat(output).doesNotContain("has no effect"));
	}

	@Test
	void twoObjectPoolsCannotHaveTheSameName() {
		this.contextRunner.withUserConfiguration(SecondDeflatersConfiguration.class)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(PoolNameConflictException.class)
				.rootCause()
				.hasMessageContaining("The application builds two object pools 'deflaters'"));
	}

	@Test
	void objectPoolCannotHaveTheNameOfABufferPoolOfTheApplication() {
		this.contextRunner.withUserConfiguration(BufferPoolConfiguration.class)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(PoolNameConflictException.class)
				.rootCause()
				.hasMessageContaining("There is a buffer pool 'sha-256', and the application has an object pool "
						+ "'sha-256' as well"));
	}

	@Test
	void poolsThatWereBuiltWithoutTheFactoryAreShownToo() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(MempoolEndpointAutoConfiguration.class))
			.withUserConfiguration(OwnPoolConfiguration.class)
			.withPropertyValues("management.endpoints.web.exposure.include=mempool")
			.run((context) -> assertThat(context.getBean(MempoolEndpoint.class).mempool().objects())
				.containsOnlyKeys("deflaters", "own", "sha-256"));
	}

	record Injected(ObjectPool<Deflater> deflaters, ObjectPool<MessageDigest> digests, Map<String, ObjectPool<?>> all) {

	}

	@Configuration(proxyBeanMethods = false)
	static class PoolsConfiguration {

		@Bean
		ObjectPool<Deflater> deflaters(ObjectPoolBuilderFactory pools) {
			return pools.builder("deflaters", Deflater::new).reset(Deflater::reset).destroy(Deflater::end).build();
		}

		@Bean
		ObjectPool<MessageDigest> digests(ObjectPoolBuilderFactory pools) {
			return pools.builder("sha-256", () -> MessageDigest.getInstance("SHA-256"))
				.reset(MessageDigest::reset)
				.maxIdle(8)
				.maxTotal(16)
				.maxWait(Duration.ofSeconds(5))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectionConfiguration {

		@Bean
		Injected injected(ObjectPool<Deflater> deflaters, ObjectPool<MessageDigest> sha,
				Map<String, ObjectPool<?>> all) {
			return new Injected(deflaters, sha, all);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherShaConfiguration {

		@Bean
		ObjectPool<Object> other(ObjectPoolBuilderFactory pools) {
			return pools.builder("sha256", Object::new).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		@Lazy
		ObjectPool<Object> lazyPool(ObjectPoolBuilderFactory pools) {
			return pools.builder("late", Object::new).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondDeflatersConfiguration {

		@Bean
		ObjectPool<Object> other(ObjectPoolBuilderFactory pools) {
			return pools.builder("deflaters", Object::new).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BufferPoolConfiguration {

		@Bean("sha-256")
		BufferPool mine() {
			return BufferPool.builder("sha-256").tiers(64).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPoolConfiguration {

		@Bean
		ObjectPool<Object> ownPool() {
			return ObjectPool.builder("own", Object::new).build();
		}

	}

}
