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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.mempool.advice.TierAdvice;
import io.mempool.advice.TierAdvisor;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.sizes.SizeHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The YAML of {@link TierAdvice} makes the pool that is advised.
 */
class AdvisedTiersTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class));

	@Test
	void yamlOfAPoolMakesItsAdvisedTiers() {
		try (BufferPool pool = BufferPool.builder("uploads")
			.tiers(List.of(new BufferTier(4096, new Caps(5, 9, 2)), new BufferTier(65536, Caps.ofIdle(7)),
					new BufferTier(4 << 20, Caps.ofIdle(3))))
			.policy(ExhaustionPolicy.WAIT)
			.build()) {
			List.of(3000, 3000, 10 * 1024, 2 << 20).forEach((size) -> pool.acquire(size).release());
			TierAdvice advice = TierAdvisor.of(pool).advise();
			assertThat(advice.yaml()).contains("size: 3000B", "max-total: 9", "preallocate: 2", "size: 10KB",
					"size: 2MB", "policy: wait");
			this.contextRunner
				.withInitializer(
						(context) -> context.getEnvironment().getPropertySources().addFirst(yaml(advice.yaml())))
				.run((context) -> {
					BufferPool advised = context.getBean("uploads", BufferPool.class);
					assertThat(advised.tiers()).isEqualTo(advice.advised().tiers());
					assertThat(advised.settings().policy()).isEqualTo(ExhaustionPolicy.WAIT);
				});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "uploads", "on", "no", "null", "1", "1-2", "007", "y" })
	void yamlFitsEveryName(String name) {
		SizeHistogram requested = SizeHistogram.builder().add(3000, 2).add(20_000, 2).build();
		TierAdvice advice = TierAdvisor.of(name, List.of(BufferTier.of(4096), BufferTier.of(65536)), requested)
			.advise();
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(yaml(advice.yaml())))
			.run((context) -> assertThat(context.getBean(name, BufferPool.class).tiers())
				.isEqualTo(advice.advised().tiers()));
	}

	private static PropertySource<?> yaml(String yaml) {
		try {
			return new YamlPropertySourceLoader()
				.load("advice", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.get(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
