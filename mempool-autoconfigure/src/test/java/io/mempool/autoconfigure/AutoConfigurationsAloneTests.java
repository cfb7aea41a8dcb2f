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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each auto-configuration may be excluded or replaced without harm to the others.
 */
@Tag("slow")
class AutoConfigurationsAloneTests {

	private static final String[] PROPERTIES = { "server.port=0", "spring.jmx.enabled=true",
			"management.endpoints.web.exposure.include=*", "management.endpoints.jmx.exposure.include=*",
			"management.health.mempool.enabled=true", "mempool.pools.uploads.tiers=4KB",
			"spring.main.banner-mode=off" };

	static Stream<String> autoConfigurations() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.mempool."))
			.distinct();
	}

	@ParameterizedTest
	@MethodSource("autoConfigurations")
	void servletApplicationStartsWithoutIt(String excluded) throws Exception {
		try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET,
				"spring.autoconfigure.exclude=" + excluded)) {
			assertThat(context.getBeanNamesForType(Class.forName(excluded))).isEmpty();
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:"
					+ context.getEnvironment().getProperty("local.server.port") + "/actuator/health"))
				.build();
			assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@MethodSource("autoConfigurations")
	void applicationWithoutAWebServerStartsWithoutIt(String excluded) throws Exception {
		try (ConfigurableApplicationContext context = start(WebApplicationType.NONE,
				"spring.autoconfigure.exclude=" + excluded)) {
			assertThat(context.getBeanNamesForType(Class.forName(excluded))).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REACTIVE")
	void applicationStartsWithAFactoryOfObjectPoolsOfItsOwn(WebApplicationType type) {
		try (ConfigurableApplicationContext context = start(type, new Class<?>[] { OwnFactoryConfiguration.class })) {
			assertThat(context.getBean(ObjectPoolBuilderFactory.class).builder("own", Object::new).name())
				.isEqualTo("own");
			assertThat(context.getBeanNamesForType(ObjectPoolFactory.class)).isEmpty();
		}
	}

	private static ConfigurableApplicationContext start(WebApplicationType type, String... properties) {
		return start(type, new Class<?>[0], properties);
	}

	private static ConfigurableApplicationContext start(WebApplicationType type, Class<?>[] configurations,
			String... properties) {
		String[] arguments = Stream.of(PROPERTIES, properties)
			.flatMap(Stream::of)
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		return new SpringApplicationBuilder(Application.class).sources(configurations)
			.web(type)

			.run(arguments);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactoryConfiguration {

		@Bean
		ObjectPoolBuilderFactory ownFactory() {
			return new ObjectPoolBuilderFactory() {

				@Override
				public <T> ObjectPoolBuilder<T> builder(String name, Callable<? extends T> factory) {
					return ObjectPool.builder(name, factory);
				}

			};
		}

	}

}
