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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.PooledBufferMessageConverter;
import io.mempool.web.servlet.PooledRequestBodyAdvice;
import io.mempool.web.servlet.PooledResponseBodyAdvice;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MempoolBodiesAutoConfiguration}.
 */
@ProvokesOutput
class MempoolBodiesAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolWebAutoConfiguration.class, MempoolBodiesAutoConfiguration.class,
			HttpMessageConvertersAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	// MockMvc leaves them behind when a request fails
	@AfterEach
	void resetRequestAttributes() {
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void serverHasTheConverterAndClientsHaveNot() {
		this.contextRunner.run((context) -> {
			HttpMessageConverters.ServerBuilder server = HttpMessageConverters.forServer().registerDefaults();
			context.getBeanProvider(ServerHttpMessageConvertersCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(server));
			HttpMessageConverters.ClientBuilder client = HttpMessageConverters.forClient().registerDefaults();
			context.getBeanProvider(ClientHttpMessageConvertersCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(client));
			assertThat(server.build()).hasAtLeastOneElementOfType(PooledBufferMessageConverter.class);
			assertThat(client.build()).doesNotHaveAnyElementsOfTypes(PooledBufferMessageConverter.class);
			assertThat(context.getBeansOfType(HttpMessageConverter.class).values())
				.doesNotHaveAnyElementsOfTypes(PooledBufferMessageConverter.class);
		});
	}

	@Test
	void applicationThatIsNotServletHasNone() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean("mempoolServerConverters"));
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean("mempoolServerConverters"));
	}

	@ParameterizedTest
	@ValueSource(classes = { WebMvcConfigurer.class, ServerHttpMessageConvertersCustomizer.class })
	void applicationWithoutSpringMvcOrConvertersHasNone(Class<?> missing) {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class,
					MempoolBodiesAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RequestBuffers.class)
				.doesNotHaveBean("mempoolServerConverters"));
	}

	@Test
	void beansOfTheApplicationWin() {
		this.contextRunner.withUserConfiguration(OwnBeans.class).run((context) -> {
			assertThat(context).getBean("mempoolServerConverters").isSameAs(OwnBeans.CONVERTERS);
			assertThat(context).getBean(PooledRequestBodyAdvice.class).isSameAs(context.getBean("ownRequest"));
			assertThat(context).getBean(PooledResponseBodyAdvice.class).isSameAs(context.getBean("ownResponse"));
		});
	}

	@Test
	void switchThatIsOffRemovesAll() {
		this.contextRunner.withPropertyValues("mempool.request.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PooledRequestBodyAdvice.class)
				.doesNotHaveBean(PooledResponseBodyAdvice.class)
				.doesNotHaveBean("mempoolBodyConfigurer"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/empty", "/argument", "/buffers", "/answer" })
	void argumentAndAnswerSayThatTheSwitchIsOff(String path) {
		this.contextRunner.withPropertyValues("mempool.request.enabled=false")
			.withUserConfiguration(Controller.class)
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from((WebApplicationContext) context.getSourceApplicationContext());
				assertThat(path.equals("/answer") ? mvc.get().uri(path)
						: mvc.post().uri(path).content(path.equals("/empty") ? "" : "body"))
					.hasFailed()
					.failure()
					.rootCause()
					.hasMessageContaining("'mempool.request.enabled' is 'false'");
				assertThat(context.getBean(BufferPool.class).statistics().leased()).isZero();
			});
	}

	@RestController
	static class Controller {

		private final BufferPool pool;

		Controller(BufferPool pool) {
			this.pool = pool;
		}

		@PostMapping({ "/body", "/empty" })
		String body(@RequestBody PooledBuffer body) {
			return "not reached";
		}

		@PostMapping("/argument")
		String argument(PooledBuffer body) {
			return "not reached";
		}

		@PostMapping("/buffers")
		String buffers(RequestBuffers buffers) {
			return "not reached";
		}

		@GetMapping("/answer")
		PooledBuffer answer() {
			return this.pool.acquire(10);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		static final ServerHttpMessageConvertersCustomizer CONVERTERS = (builder) -> {
		};

		@Bean
		ServerHttpMessageConvertersCustomizer mempoolServerConverters() {
			return CONVERTERS;
		}

		@Bean
		PooledRequestBodyAdvice ownRequest(RequestScopes scopes) {
			return new PooledRequestBodyAdvice(scopes);
		}

		@Bean
		PooledResponseBodyAdvice ownResponse(RequestScopes scopes) {
			return new PooledResponseBodyAdvice(scopes, false);
		}

	}

}
