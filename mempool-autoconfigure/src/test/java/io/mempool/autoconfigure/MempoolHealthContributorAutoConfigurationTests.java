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

import io.mempool.actuate.endpoint.MempoolHealthIndicator;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MempoolHealthContributorAutoConfiguration}.
 */
class MempoolHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolHealthContributorAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class));

	@Test
	void runShouldNotHaveIndicatorUnlessEnabled() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(MempoolHealthIndicator.class));
	}

	@Test
	void runWithAllIndicatorsEnabledShouldNotHaveThisOne() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(MempoolHealthIndicator.class));
	}

	@Test
	void runWhenEnabledShouldHaveIndicator() {
		this.contextRunner.withPropertyValues("management.health.mempool.enabled=true").run((context) -> {
			assertThat(context).hasSingleBean(MempoolHealthIndicator.class);
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("mempool"))
				.isInstanceOf(MempoolHealthIndicator.class);
		});
	}

	@Test
	void runWithoutHealthOnTheClassPathShouldStart() {
		this.contextRunner.withPropertyValues("management.health.mempool.enabled=true")
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MempoolHealthIndicator.class));
	}

	@Test
	void runWithOwnIndicatorShouldBackOff() {
		this.contextRunner.withPropertyValues("management.health.mempool.enabled=true")
			.withUserConfiguration(OwnIndicatorConfiguration.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MempoolHealthIndicator.class));
	}

	@Test
	void indicatorIsDownAfterTheConfiguredTime() {
		this.contextRunner
			.withPropertyValues("management.health.mempool.enabled=true", "mempool.health.exhausted-for=1ms",
					"mempool.pools.uploads.tiers=4KB", "mempool.pools.uploads.policy=fail",
					"mempool.pools.uploads.max-total=1")
			.run((context) -> {
				BufferPool pool = context.getBean("uploads", BufferPool.class);
				PooledBuffer held = pool.acquire(1);
				assertThat(pool.tryAcquire(1)).isNull();
				HealthIndicator indicator = context.getBean(MempoolHealthIndicator.class);
				Awaitility.await().until(() -> status(indicator).equals(Status.DOWN));
				held.release();
				assertThat(status(indicator)).isEqualTo(Status.UP);
			});
	}

	@Test
	void indicatorIsPatientUnlessConfigured() {
		this.contextRunner.withPropertyValues("management.health.mempool.enabled=true")
			.run((context) -> assertThat(context.getBean(MempoolProperties.class).getHealth().getExhaustedFor())
				.isEqualTo(Duration.ofSeconds(10)));
	}

	private static Status status(HealthIndicator indicator) {
		Health health = indicator.health();
		assertThat(health).isNotNull();
		return health.getStatus();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnIndicatorConfiguration {

		@Bean
		HealthIndicator mempoolHealthIndicator() {
			return () -> Health.up().build();
		}

	}

}
