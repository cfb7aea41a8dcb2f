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

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

import io.mempool.object.ObjectPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartReportTests {

	private static void start(String level, String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("server.port=0", "logging.level." + StartReport.class.getName() + "=" + level));
		arguments.addAll(List.of(properties));
		String[] options = arguments.stream().map((argument) -> "--" + argument).toArray(String[]::new);
		try (ConfigurableApplicationContext context = new SpringApplication(Application.class).run(options)) {
			assertThat(context.isActive()).isTrue();
		}
	}

	@Test
	void poolsAndTheirPageAreLoggedOnce(CapturedOutput output) {
		start("info", "mempool.pools.uploads.tiers=4KB,64KB,100B", "mempool.pools.uploads.limit=128MB",
				"mempool.pools.channel.memory=off-heap", "mempool.pools.channel.tiers=1MB",
				"mempool.objects.checksums.max-idle=16", "mempool.budget.heap=200MB",
				"mempool.pools.channel.max-idle=4", "mempool.budget.off-heap=10MB",
				"management.endpoints.web.exposure.include=mempool");
		assertThat(output).containsOnlyOnce("Pool 'uploads': heap, tiers 100B, 4KB, 64KB, limit 128MB")
			.containsOnlyOnce("Pool 'channel': off-heap, tiers 1MB")
			.containsOnlyOnce("Pool 'checksums': objects, max-idle 16")
			.containsOnlyOnce("Budget of all pools: heap 200MB, off-heap 10MB")
			.containsOnlyOnce("Pools are shown at /actuator/mempool");
	}

	@Test
	void reportBuildsNoPool(CapturedOutput output) {
		start("info");
		assertThat(output).contains("Budget of all pools: heap").doesNotContain("Pool 'default'");
	}

	@Test
	void pageThatIsNotExposedIsNotNamed(CapturedOutput output) {
		start("info", "mempool.pools.uploads.tiers=4KB");
		assertThat(output).contains("Pool 'uploads'").doesNotContain("shown at");
	}

	@Test
	void reportCanBeSwitchedOff(CapturedOutput output) {
		start("warn", "mempool.pools.uploads.tiers=4KB");
		assertThat(output).doesNotContain("Pool 'uploads'");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ObjectPool<CRC32> checksums(ObjectPoolBuilderFactory pools) {
			return pools.builder("checksums", CRC32::new).reset(CRC32::reset).build();
		}

	}

}
