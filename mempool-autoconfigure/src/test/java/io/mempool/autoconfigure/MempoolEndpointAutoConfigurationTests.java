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

import java.util.Map;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolEndpointWebExtension;
import io.mempool.actuate.endpoint.PoolOperationAdvisor;
import io.mempool.buffer.BufferPool;
import io.mempool.leaks.LeakReports;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MempoolEndpointAutoConfiguration}.
 */
class MempoolEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolEndpointAutoConfiguration.class));

	@Test
	void runWhenExposedShouldHaveEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=mempool")
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class));
	}

	@Test
	void runWhenNotExposedShouldNotHaveEndpoint() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(MempoolEndpoint.class));
	}

	@Test
	void runWhenAccessIsNoneShouldNotHaveEndpoint() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"management.endpoint.mempool.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(MempoolEndpoint.class));
	}

	@Test
	void runWithoutActuatorShouldHavePoolsButNoEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(MempoolEndpoint.class);
				assertThat(context).hasSingleBean(BufferPool.class);
			});
	}

	@Test
	void runWhenExposedOverWebShouldHaveWebExtension() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=mempool")
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpointWebExtension.class)
				.hasSingleBean(PoolOperationAdvisor.class));
	}

	@Test
	void runWhenExposedOverJmxOnlyShouldNotHaveWebExtension() {
		this.contextRunner
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=mempool")
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class)
				.doesNotHaveBean(MempoolEndpointWebExtension.class)
				.hasSingleBean(PoolOperationAdvisor.class));
	}

	@Test
	void runWithOwnEndpointShouldBackOff() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=*")
			.withUserConfiguration(OwnEndpointConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class).hasBean("mine"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpointConfiguration {

		@Bean
		MempoolEndpoint mine() {
			return new MempoolEndpoint(Map::of, Map::of, Map.of(), new LeakReports(), Show.NEVER);
		}

	}

}
