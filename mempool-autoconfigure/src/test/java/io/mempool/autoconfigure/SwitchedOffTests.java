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

import java.util.Arrays;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.testing.BodyServer;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.RequestBuffers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An application with {@code mempool.enabled} off.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class SwitchedOffTests {

	private static ConfigurableApplicationContext start(WebApplicationType type, Class<?>... configurations) {
		return new SpringApplicationBuilder(Application.class).sources(configurations)
			.web(type)
			.properties("server.port=0", "mempool.enabled=false", "mempool.pools.uploads.tiers=4KB",
					"mempool.jetty.enabled=true", "mempool.propagation.enabled=true",
					"management.endpoints.web.exposure.include=*", "management.health.mempool.enabled=true")
			.run();
	}

	@ParameterizedTest
	@EnumSource
	void nothingOfMempoolIsLeftButWhatSaysWhy(WebApplicationType type) {
		try (ConfigurableApplicationContext context = start(type)) {
			assertThat(Arrays.stream(context.getBeanDefinitionNames())
				.map(context::getType)
				.filter((bean) -> bean != null && bean.getName().startsWith("io.mempool.")
						&& !bean.getName().contains("SwitchedOffTests"))
				.map(Class::getName))
				.allMatch((bean) -> bean.matches("io\\.mempool\\.autoconfigure\\."
						+ "(Disabled|Mempool(Bodies|Clients|Codecs|WebFlux)AutoConfiguration).*"));
			assertThat(context.getBeansOfType(BufferPool.class)).isEmpty();
			assertThat(context.getBeanNamesForType(MempoolProperties.class)).isEmpty();
			assertThat(context.containsBean("mempoolEndpoint")).isFalse();
		}
	}

	@Test
	void poolThatIsInjectedIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(WebApplicationType.NONE, NeedsPool.class).close());
		assertThat(output).contains("APPLICATION FAILED TO START",
				"'" + NeedsPool.class.getName() + "' required a bean of type 'io.mempool.buffer.BufferPool'",
				"Property: mempool.enabled", "Value: \"false\"", "Set 'mempool.enabled' to 'true'");
	}

	@Test
	void otherBeanThatIsMissingIsNotExplainedByIt(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(WebApplicationType.NONE, NeedsThread.class).close());
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("mempool.enabled");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/buffers" })
	void argumentOfAControllerSaysWhy(String path) {
		try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET, Controller.class)) {
			assertThat(MockMvcTester.from((WebApplicationContext) context).post().uri(path).content("body")).hasFailed()
				.failure()
				.rootCause()
				.hasMessageContaining("'mempool.enabled' is 'false'");
		}
	}

	@Test
	void answerOfAClientSaysWhy() {
		try (ConfigurableApplicationContext context = start(WebApplicationType.NONE);
				BodyServer server = new BodyServer()) {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThatException()
				.isThrownBy(() -> client.get().uri(server.uri("/fixed/10")).retrieve().body(PooledBuffer.class))
				.withMessageContaining("'mempool.enabled' is 'false'");
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ServletWebServerFactory servletWebServerFactory() {
			return new TomcatServletWebServerFactory();
		}

		@Bean
		ReactiveWebServerFactory reactiveWebServerFactory() {
			return new NettyReactiveWebServerFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsPool {

		NeedsPool(BufferPool pool) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsThread {

		NeedsThread(Thread thread) {
		}

	}

	@RestController
	static class Controller {

		@PostMapping("/body")
		String body(@RequestBody PooledBuffer body) {
			return "not reached";
		}

		@PostMapping("/buffers")
		String buffers(RequestBuffers buffers) {
			return "not reached";
		}

	}

}
