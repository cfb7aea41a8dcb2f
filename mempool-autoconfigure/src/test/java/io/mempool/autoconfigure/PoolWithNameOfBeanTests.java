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
import java.util.stream.Stream;

import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * A pool cannot have the name of a bean of the application, of Spring or of Spring Boot.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class PoolWithNameOfBeanTests {

	@Test
	void everyNameThatABeanHasIsReported(CapturedOutput output) {
		List<String> names;
		try (ConfigurableApplicationContext context = start()) {
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			names = Stream.of(beans.getBeanDefinitionNames(), beans.getSingletonNames())
				.flatMap(Stream::of)
				.distinct()
				.filter((name) -> name.matches("[a-z0-9-]+") && !name.equals("default"))
				.toList();
		}
		assertThat(names).contains("environment", "error");
		for (String name : names) {
			int before = output.toString().length();
			assertThatException().as(name).isThrownBy(() -> start("mempool.pools." + name + ".tiers=4KB").close());
			assertThat(output.toString().substring(before)).contains("Property: mempool.pools." + name,
					"the application has a bean '" + name + "' that is no BufferPool", "Rename the pool or the bean");
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(Application.class).properties("server.port=0").properties(properties).run();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
