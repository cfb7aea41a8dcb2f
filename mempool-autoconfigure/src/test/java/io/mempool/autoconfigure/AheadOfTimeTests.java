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
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.mempool.actuate.endpoint.AdviceDescriptor;
import io.mempool.actuate.endpoint.ChangeDescriptor;
import io.mempool.actuate.endpoint.LeakDescriptor;
import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.ObjectPoolDescriptor;
import io.mempool.actuate.endpoint.PoolDescriptor;
import io.mempool.actuate.endpoint.ProblemDescriptor;
import io.mempool.actuate.endpoint.TierDescriptor;
import io.mempool.actuate.endpoint.TrimDescriptor;
import io.mempool.autoconfigure.MempoolProperties.Tier;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.PoolChange;
import io.mempool.object.ObjectPool;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application that was processed ahead of time has the same pools.
 */
@ProvokesOutput
class AheadOfTimeTests {

	private static final TestPropertyValues PROPERTIES = TestPropertyValues.of(
			"management.endpoints.web.exposure.include=mempool", "management.health.mempool.enabled=true",
			"mempool.pools.uploads.tiers[0].size=4KB", "mempool.pools.uploads.tiers[0].max-idle=3",
			"mempool.pools.short-form.tiers=8KB, 64KB", "mempool.objects.builders.max-idle=2");

	@Test
	@CompileWithForkedClassLoader
	void poolsOfPropertiesAreBuilt() {
		run((context) -> {
			BufferPool uploads = context.getBean("uploads", BufferPool.class);
			assertThat(uploads.tiers()).singleElement().satisfies((tier) -> {
				assertThat(tier.size()).isEqualTo(4096);
				assertThat(tier.caps().maxIdle()).isEqualTo(3);
			});
			try (PooledBuffer buffer = uploads.acquire(100)) {
				assertThat(buffer.size()).isEqualTo(100);
			}
			assertThat(context.getBean(ObjectPool.class).statistics().caps().maxIdle()).isEqualTo(2);
			assertThat(context.getBean(BufferPool.class).name()).isEqualTo("default");
		});
	}

	@Test
	@CompileWithForkedClassLoader
	void shortFormOfTiersIsReadWithoutReflection() {
		run((context) -> assertThat(context.getBean("short-form", BufferPool.class).tiers())
			.extracting(BufferTier::size)
			.containsExactly(8192, 65536));
		assertThat(Tier.class.getDeclaredMethods()).extracting(Method::getName).doesNotContain("valueOf");
	}

	@Test
	@CompileWithForkedClassLoader
	void propertyInAnotherFormFindsItsPool() {
		run((context) -> assertThat(context.getBean("short-form", BufferPool.class).settings().limit())
			.isEqualTo(1 << 20), "mempool.pools.shortForm.limit=1MB");
	}

	@Test
	@CompileWithForkedClassLoader
	@ExtendWith(OutputCaptureExtension.class)
	void poolThatWasAddedAfterwardsIsReported(CapturedOutput output) {
		run((context) -> {
			assertThat(context.containsBean("extra")).isFalse();
			assertThat(output)
				.contains("'mempool.pools.extra' has no effect: the application was processed ahead of time")
				.contains("set by \"mempool.pools.extra.tiers\" from property source")
				.doesNotContain("'mempool.pools.uploads' has no effect");
		}, "mempool.pools.extra.tiers=4KB");
	}

	@Test
	void poolWhosePropertiesAreGoneIsReported() {
		StandardEnvironment environment = new StandardEnvironment();
		BufferPoolFactory factory = new BufferPoolFactory(new MempoolProperties(), List.of(), (leak) -> {
		}, new RegisteredPools(List.of("default", "gone"), List.of()), environment);
		assertThatExceptionOfType(InvalidMempoolPropertyException.class).isThrownBy(() -> factory.create("gone"))
			.withMessageContaining("Property 'mempool.pools.gone' is invalid")
			.withMessageContaining("process the application again");
	}

	@Test
	@CompileWithForkedClassLoader
	void endpointDescribesThem() {
		run((context) -> {
			Map<String, PoolDescriptor> pools = context.getBean(MempoolEndpoint.class).mempool().pools();
			assertThat(pools).containsOnlyKeys("uploads", "short-form");
			assertThat(context.containsBean("mempoolHealthIndicator")).isTrue();
		});
	}

	@Test
	void whatTheEndpointReturnsCanBeWrittenInANativeImage() {
		TestGenerationContext generation = new TestGenerationContext(Application.class);
		process(generation);
		assertThat(generation.getRuntimeHints()).satisfies(readable(PoolDescriptor.class, "tiers"))
			.satisfies(readable(TierDescriptor.class, "maxTotal"))
			.satisfies(readable(LeakDescriptor.class, "stack"))
			.satisfies(readable(AdviceDescriptor.Plan.class, "wastedPercent"))
			.satisfies(readable(ObjectPoolDescriptor.class, "preallocated"))
			.satisfies(readable(ChangeDescriptor.class, "principal"))
			.satisfies(readable(PoolChange.class, "setting"))
			.satisfies(readable(TrimDescriptor.class, "trimmedBytes"))
			.satisfies(readable(ProblemDescriptor.class, "detail"));
	}

	private static Consumer<RuntimeHints> readable(Class<?> type, String member) {
		return (hints) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(type, member))
			.accepts(hints);
	}

	private static ClassName process(TestGenerationContext generation) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		PROPERTIES.applyTo(context);
		context.register(Application.class);
		return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
	}

	private static void run(Consumer<GenericApplicationContext> test, String... later) {
		TestGenerationContext generation = new TestGenerationContext(Application.class);
		ClassName initializer = process(generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				context.setClassLoader(compiled.getClassLoader());
				PROPERTIES.and(later).applyTo(context);
				initialize(compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()), context);
				context.refresh();
				test.accept(context);
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static void initialize(ApplicationContextInitializer<?> initializer, GenericApplicationContext context) {
		((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EndpointAutoConfiguration.class, MempoolAutoConfiguration.class,
			MempoolEndpointAutoConfiguration.class, MempoolHealthContributorAutoConfiguration.class })
	static class Application {

		@Bean
		ObjectPool<StringBuilder> builders(ObjectPoolBuilderFactory pools) {
			return pools.builder("builders", StringBuilder::new).build();
		}

	}

}
