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

import java.time.Duration;
import java.util.Map;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.buffer.TierPresets;
import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MempoolAutoConfiguration}.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class MempoolAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class));

	@Test
	void poolsAreGatheredOnlyForBeansThatLookAtThem() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(ApplicationPools.class));
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MempoolHealthContributorAutoConfiguration.class,
					MempoolMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("management.health.mempool.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(ApplicationPools.class));
	}

	@Test
	void withoutPropertiesThereIsOneDefaultPoolSizedFromTheHeap() {
		this.contextRunner.run((context) -> {
			assertThat(context).getBeans(BufferPool.class).containsOnlyKeys("default");
			BufferPool pool = context.getBean(BufferPool.class);
			assertThat(pool.tiers()).extracting(BufferTier::size).isEqualTo(TierPresets.fromHeap());
			assertThat(pool.settings().limit()).isEqualTo(Long.MAX_VALUE);
			assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
		});
	}

	@Test
	void defaultPoolIsNotCreatedBeforeItIsNeeded() {
		this.contextRunner
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("default")).isFalse());
	}

	@Test
	void namedPoolsAreBeansOfTheirNames() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.tiers=4KB, 64KB, 1MB", "mempool.pools.codec-2.preset=stream")
			.withUserConfiguration(InjectionConfiguration.class)
			.run((context) -> {
				Injected injected = context.getBean(Injected.class);
				assertThat(injected.uploads().name()).isEqualTo("uploads");
				assertThat(injected.uploads().tiers()).extracting(BufferTier::size)
					.containsExactly(4096, 65536, 1048576);
				assertThat(injected.all()).containsOnlyKeys("default", "uploads", "codec-2");
				assertThat(injected.primary()).isSameAs(context.getBean("default"));
			});
	}

	@Test
	void shortFormOfTiersMayBeAList() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.tiers[0]=64KB", "mempool.pools.uploads.tiers[1]=4KB")
			.run((context) -> assertThat(context.getBean("uploads", BufferPool.class).tiers())
				.extracting(BufferTier::size)
				.containsExactly(4096, 65536));
	}

	@Test
	void plainNumberIsASizeInBytes() {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("yaml",
						Map.of("mempool.pools.a.tiers", 4096, "mempool.pools.b.tiers[0]", 8192))))
			.run((context) -> {
				assertThat(context.getBean("a", BufferPool.class).maximumSize()).isEqualTo(4096);
				assertThat(context.getBean("b", BufferPool.class).maximumSize()).isEqualTo(8192);
			});
	}

	@Test
	void longFormOfTiersHasCapsOfItsOwnOverThoseOfThePoolOverThoseOfAll() {
		this.contextRunner
			.withPropertyValues("mempool.defaults.max-idle=5", "mempool.defaults.max-total=50",
					"mempool.pools.uploads.max-total=60", "mempool.pools.uploads.tiers[0].size=4KB",
					"mempool.pools.uploads.tiers[1].size=64KB", "mempool.pools.uploads.tiers[1].max-idle=7",
					"mempool.pools.uploads.tiers[1].max-total=70", "mempool.pools.uploads.tiers[1].preallocate=2")
			.run((context) -> assertThat(context.getBean("uploads", BufferPool.class).tiers())
				.containsExactly(new BufferTier(4096, new Caps(5, 60, 0)), new BufferTier(65536, new Caps(7, 70, 2))));
	}

	@Test
	void idleTimeoutIsThatOfThePoolOrOfAllPools() {
		this.contextRunner
			.withPropertyValues("mempool.defaults.idle-timeout=1m", "mempool.pools.uploads.tiers=4KB",
					"mempool.pools.codec.idle-timeout=30s")
			.run((context) -> {
				assertThat(context.getBean("uploads", BufferPool.class).settings().idleTimeout())
					.isEqualTo(Duration.ofMinutes(1));
				assertThat(context.getBean("codec", BufferPool.class).settings().idleTimeout())
					.isEqualTo(Duration.ofSeconds(30));
			});
	}

	@Test
	void idleMemoryIsKeptUnlessConfigured() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(BufferPool.class).settings().idleTimeout()).isNull());
	}

	@Test
	void preallocationRaisesAMaximumOfIdleBuffersThatIsNotSet() {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=1MB", "mempool.pools.uploads.preallocate=40")
			.run((context) -> assertThat(context.getBean("uploads", BufferPool.class).statistics().idle())
				.isEqualTo(40));
	}

	@Test
	void powersOfTwoAreImpliedBySizes() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.min-size=100B", "mempool.pools.uploads.max-size=1000B")
			.run((context) -> assertThat(context.getBean("uploads", BufferPool.class).tiers())
				.extracting(BufferTier::size)
				.containsExactly(128, 256, 512, 1000));
	}

	@Test
	void poolTakesTiersOfDefaultsUnlessItSetsItsOwn() {
		this.contextRunner
			.withPropertyValues("mempool.defaults.preset=stream", "mempool.pools.a.limit=1MB",
					"mempool.pools.b.tiers=8KB")
			.run((context) -> {
				assertThat(context.getBean("a", BufferPool.class).maximumSize()).isEqualTo(131072);
				assertThat(context.getBean("b", BufferPool.class).maximumSize()).isEqualTo(8192);
			});
	}

	@Test
	void poolWithoutSettingsHasThoseOfDefaults() {
		this.contextRunner.withPropertyValues("mempool.defaults.tiers=8KB", "mempool.pools.plain=")
			.run((context) -> assertThat(context.getBean("plain", BufferPool.class).maximumSize()).isEqualTo(8192));
	}

	@Test
	void poolCanBeSetByEnvironmentVariables() {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("MEMPOOL_POOLS_UPLOADS_TIERS", "8KB"))))
			.run((context) -> assertThat(context.getBean("uploads", BufferPool.class).maximumSize()).isEqualTo(8192));
	}

	@Test
	void variableFindsThePoolThatAFileNames() {
		this.contextRunner.withPropertyValues("mempool.pools.my-pool.tiers=4KB", "mempool.pools.my-pool.limit=1MB")
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("MEMPOOL_POOLS_MYPOOL_LIMIT", "2MB"))))
			.run((context) -> {
				assertThat(context).getBeans(BufferPool.class).containsOnlyKeys("default", "my-pool");
				assertThat(context.getBean("my-pool", BufferPool.class).settings().limit()).isEqualTo(2 << 20);
			});
	}

	@Test
	void unusedPoolCostsNothing() {
		this.contextRunner
			.withPropertyValues("mempool.budget.heap=32MB", "mempool.defaults.preallocate=4",
					"mempool.pools.uploads.tiers=4KB")
			.run((context) -> {
				Budget heap = context.getBean(BufferPoolFactory.class).budgets().of(MemoryKind.HEAP);
				assertThat(heap).isNotNull();
				assertThat(heap.used())
					.isEqualTo(context.getBean("uploads", BufferPool.class).statistics().usedBytes());
			});
	}

	@Test
	void defaultPoolThatDoesNotFitTheBudgetIsReportedWhenItIsUsed() {
		this.contextRunner
			.withPropertyValues("mempool.budget.heap=32MB", "mempool.pools.default.tiers=1MB",
					"mempool.pools.default.preallocate=64")
			.run((context) -> assertThatException().isThrownBy(() -> context.getBean(BufferPool.class))
				.havingRootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.withMessageContaining("the pools preallocate %1$d bytes together ('default' %1$d)",
						MemoryRoom.taken(MemoryKind.HEAP, 1 << 20, 64)));
	}

	@Test
	void poolThatABeanReplacesPreallocatesNothing() {
		this.contextRunner
			.withPropertyValues("mempool.budget.heap=32MB", "mempool.pools.uploads.tiers=1MB",
					"mempool.pools.uploads.preallocate=64")
			.withUserConfiguration(OwnUploadsConfiguration.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void budgetOfTheHeapIsHalfOfItUnlessSet() {
		this.contextRunner.run((context) -> {
			Budget heap = context.getBean(BufferPoolFactory.class).budgets().of(MemoryKind.HEAP);
			assertThat(heap).isNotNull();
			assertThat(heap.limit()).isEqualTo(Runtime.getRuntime().maxMemory() / 2);
		});
	}

	@Test
	void policyAndWaitAreApplied() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.tiers=4KB", "mempool.pools.uploads.max-total=1",
					"mempool.pools.uploads.policy=wait", "mempool.pools.uploads.max-wait=5ms")
			.run((context) -> {
				BufferPool pool = context.getBean("uploads", BufferPool.class);
				assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.WAIT);
				try (PooledBuffer buffer = pool.acquire(1)) {
					assertThatExceptionOfType(PoolExhaustedException.class)
						.isThrownBy(() -> pool.acquire(buffer.size()))
						.withMessageContaining("after waiting 5 ms");
				}
			});
	}

	@Test
	void clearingCanBeSwitchedOff() {
		this.contextRunner.withPropertyValues("mempool.pools.a.clear=never", "mempool.pools.a.tiers=4KB")
			.run((context) -> {
				BufferPool pool = context.getBean("a", BufferPool.class);
				try (PooledBuffer buffer = pool.acquire(1)) {
					buffer.copyIn(0, new byte[] { 7 }, 0, 1);
				}
				assertThat(pool.acquire(1).toByteArray()).as(Clearing.NEVER.toString()).containsExactly(7);
			});
	}

	@Test
	void poolingCanBeSwitchedOffForAllPools() {
		this.contextRunner
			.withPropertyValues("mempool.pooling=false", "mempool.pools.a.tiers=4KB", "mempool.pools.a.pooling=true")
			.run((context) -> assertThat(context.getBeansOfType(BufferPool.class).values())
				.allSatisfy((pool) -> assertThat(pool.settings().pooling()).isFalse()));
	}

	@Test
	void poolingCanBeSwitchedOffForOnePool() {
		this.contextRunner.withPropertyValues("mempool.pools.a.pooling=false").run((context) -> {
			assertThat(context.getBean("a", BufferPool.class).settings().pooling()).isFalse();
			assertThat(context.getBean("default", BufferPool.class).settings().pooling()).isTrue();
		});
	}

	@Test
	void budgetHoldsOverAllPools() {
		this.contextRunner
			.withPropertyValues("mempool.budget.heap=96KB", "mempool.pools.a.tiers=64KB", "mempool.pools.b.tiers=64KB")
			.run((context) -> {
				BufferPool b = context.getBean("b", BufferPool.class);
				try (PooledBuffer buffer = context.getBean("a", BufferPool.class).acquire(65536)) {
					assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> b.acquire(buffer.size()))
						.withMessageContaining("mempool.budget.heap");
				}
				assertThat(b.acquire(65536).isAlive()).as("memory of pool a was given up").isTrue();
			});
	}

	@Test
	void memoryCanLieOutsideOfTheHeap() {
		this.contextRunner
			.withPropertyValues("mempool.pools.a.memory=off-heap", "mempool.pools.a.page-aligned=true",
					"mempool.pools.a.tiers=10000B")
			.run((context) -> {
				BufferPool pool = context.getBean("a", BufferPool.class);
				assertThat(pool.memory()).isEqualTo(MemoryKind.OFF_HEAP);
				try (PooledBuffer buffer = pool.acquire(1)) {
					assertThat(buffer.byteBuffer().alignmentOffset(0, 4096)).isZero();
				}
			});
	}

	@Test
	void memoryOutsideOfTheHeapHasABudgetOfItsOwn() {
		this.contextRunner
			.withPropertyValues("mempool.budget.heap=64KB", "mempool.budget.off-heap=128KB",
					"mempool.pools.a.memory=off-heap", "mempool.pools.a.tiers=128KB")
			.run((context) -> {
				BufferPool pool = context.getBean("a", BufferPool.class);
				try (PooledBuffer buffer = pool.acquire(100_000)) {
					assertThatExceptionOfType(PoolExhaustedException.class)
						.isThrownBy(() -> pool.acquire(buffer.size()))
						.withMessageContaining("mempool.budget.off-heap");
				}
			});
	}

	@Test
	void memoryOutsideOfTheHeapHasABudgetByDefault() {
		this.contextRunner.withPropertyValues("mempool.pools.a.memory=off-heap").run((context) -> {
			Budget budget = context.getBean(BufferPoolFactory.class).budgets().of(MemoryKind.OFF_HEAP);
			assertThat(budget).isNotNull();
			assertThat(budget.limit()).isEqualTo(OffHeapMemory.maximum());
		});
	}

	@Test
	void blocksHaveOneSizeAndFailWhenAllAreLeased() {
		this.contextRunner
			.withPropertyValues("mempool.pools.a.preset=blocks", "mempool.pools.a.max-total=3",
					"mempool.pools.a.preallocate=2")
			.run((context) -> {
				BufferPool pool = context.getBean("a", BufferPool.class);
				assertThat(pool.tiers()).containsExactly(new BufferTier(4096, new Caps(3, 3, 2)));
				assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.FAIL);
				assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> pool.acquire(4097));
			});
	}

	@Test
	void numberOfRecentSizesCanBeSet() {
		this.contextRunner.withPropertyValues("mempool.pools.a.recent-sizes=3").run((context) -> {
			BufferPool pool = context.getBean("a", BufferPool.class);
			for (int size = 1; size <= 7; size++) {
				pool.acquire(size).release();
			}
			assertThat(pool.recentSizes()).containsExactly(5, 6, 7);
		});
	}

	@Test
	void recentSizesOfSeveralThreadsAreInOrderIfTheyAreExact() {
		this.contextRunner
			.withPropertyValues("mempool.defaults.recent-sizes-exact=true", "mempool.pools.a.recent-sizes=12",
					"mempool.pools.b.recent-sizes-exact=false")
			.run((context) -> {
				BufferPool pool = context.getBean("a", BufferPool.class);
				for (int size = 1; size <= 16; size++) {
					int next = size;
					Thread thread = new Thread(() -> pool.acquire(next).release());
					thread.start();
					thread.join();
				}
				assertThat(pool.recentSizes()).containsExactly(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
				assertThat(pool.settings()).asString().contains("recent-sizes=RecentSizes[exact, capacity=12]");
				assertThat(context.getBean("b", BufferPool.class).settings()).asString()
					.contains("recent-sizes=RecentSizes[lock-free, capacity=256]");
				assertThat(context.getBean("default", BufferPool.class).settings()).asString()
					.contains("recent-sizes=RecentSizes[exact, capacity=256]");
			});
	}

	@Test
	void poolBeanOfTheApplicationReplacesThePoolOfItsName() {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.withUserConfiguration(OwnUploadsConfiguration.class)
			.run((context) -> {
				assertThat(context).getBeans(BufferPool.class).containsOnlyKeys("default", "uploads");
				assertThat(context.getBean("uploads", BufferPool.class).maximumSize()).isEqualTo(123);
			});
	}

	@Test
	void poolBeanOfTheApplicationReplacesTheDefaultPool() {
		this.contextRunner.withUserConfiguration(OwnDefaultConfiguration.class)
			.run((context) -> assertThat(context.getBean(BufferPool.class).maximumSize()).isEqualTo(456));
	}

	@Test
	void otherPoolBeanOfTheApplicationIsOneMorePool() {
		this.contextRunner.withUserConfiguration(OwnUploadsConfiguration.class).run((context) -> {
			assertThat(context).getBeans(BufferPool.class).containsOnlyKeys("default", "uploads");
			assertThat(context.getBean(BufferPool.class).name()).isEqualTo("default");
		});
	}

	@Test
	void primaryPoolBeanOfTheApplicationStaysTheOnlyPrimaryOne() {
		this.contextRunner.withUserConfiguration(OwnPrimaryConfiguration.class)
			.run((context) -> assertThat(context.getBean(BufferPool.class).name()).isEqualTo("mine"));
	}

	@Test
	void customizersAreCalledForEveryPoolAfterItsProperties() {
		this.contextRunner.withPropertyValues("mempool.pools.a.tiers=4KB", "mempool.pools.b.tiers=4KB")
			.withUserConfiguration(CustomizerConfiguration.class)
			.run((context) -> {
				assertThat(context.getBean("a", BufferPool.class).maximumSize()).isEqualTo(16);
				assertThat(context.getBean("b", BufferPool.class).maximumSize()).isEqualTo(4096);
			});
	}

	@Test
	void poolsAreClosedWithTheContextAndReportWhatIsStillLeased(CapturedOutput output) {
		BufferPool[] pool = new BufferPool[1];
		PooledBuffer[] buffer = new PooledBuffer[1];
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB").run((context) -> {
			pool[0] = context.getBean("uploads", BufferPool.class);
			buffer[0] = pool[0].acquire(10);
		});
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool[0].acquire(1));
		assertThat(output).contains("Pool 'uploads' was closed while 1 of its buffers (4096 bytes) were leased");
		assertThat(buffer[0].isAlive()).isTrue();
	}

	@Test
	void closingReportsNothingIfAllWasReturned(CapturedOutput output) {
		this.contextRunner.withPropertyValues("mempool.pools.uploads.tiers=4KB")
			.run((context) -> context.getBean("uploads", BufferPool.class).acquire(10).release());
		assertThat(output).doesNotContain("was closed while");
	}

	record Injected(BufferPool uploads, Map<String, BufferPool> all, BufferPool primary) {

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectionConfiguration {

		@Bean
		Injected injected(@Qualifier("uploads") BufferPool uploads, Map<String, BufferPool> all, BufferPool primary) {
			return new Injected(uploads, all, primary);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnUploadsConfiguration {

		@Bean
		BufferPool uploads() {
			return BufferPool.builder("uploads").tiers(123).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDefaultConfiguration {

		@Bean("default")
		BufferPool mine() {
			return BufferPool.builder("default").tiers(456).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPrimaryConfiguration {

		@Bean
		@Primary
		BufferPool mine() {
			return BufferPool.builder("mine").tiers(789).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerConfiguration {

		@Bean
		BufferPoolCustomizer customizer() {
			return (builder) -> {
				if (builder.name().equals("a")) {
					builder.tiers(16);
				}
			};
		}

	}

}
