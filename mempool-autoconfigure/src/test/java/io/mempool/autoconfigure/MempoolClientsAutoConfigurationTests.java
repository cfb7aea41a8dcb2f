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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferClientConverter;
import io.mempool.spring.ResponseBodyTooLargeException;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.test.web.client.ExpectedCount;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.content;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;

/**
 * Tests for {@link MempoolClientsAutoConfiguration}.
 */
@ProvokesOutput
class MempoolClientsAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolClientsAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
			JacksonAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
			RestTemplateAutoConfiguration.class);

	private static final ParameterizedTypeReference<Map<String, String>> NAMES = new ParameterizedTypeReference<>() {
	};

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	private static AbstractApplicationContextRunner<?, ?, ?> runner(WebApplicationType type) {
		return switch (type) {
			case NONE -> new ApplicationContextRunner().withConfiguration(CONFIGURATIONS);
			case SERVLET -> new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);
			case REACTIVE -> new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS);
		};
	}

	@ParameterizedTest
	@EnumSource
	void clientStillReadsTextAndJson(WebApplicationType type) {
		runner(type).run((context) -> {
			RestClient client = client(context, "{\"name\":\"mempool\"}", MediaType.APPLICATION_JSON);
			assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("{\"name\":\"mempool\"}");
			assertThat(client.get().uri("/").retrieve().body(NAMES)).isEqualTo(Map.of("name", "mempool"));
		});
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REACTIVE")
	void clientReadsPooledBuffers(WebApplicationType type) {
		runner(type).run((context) -> {
			RestClient client = client(context, "content", MediaType.TEXT_PLAIN);
			try (PooledBuffer body = client.get().uri("/").retrieve().body(PooledBuffer.class)) {
				assertThat(body.toByteArray()).isEqualTo("content".getBytes());
				assertThat(leased(context, "default")).isOne();
			}
			assertThat(leased(context, "default")).isZero();
		});
	}

	@Test
	void reactiveApplicationHasNone() {
		runner(WebApplicationType.REACTIVE)
			.run((context) -> assertThat(context.containsBean("mempoolClientConverters")).isFalse());
	}

	@Test
	void restTemplateReadsPooledBuffers() {
		this.contextRunner.run((context) -> {
			RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
			MockRestServiceServer.bindTo(template)
				.build()
				.expect(requestTo("/"))
				.andRespond(MockRestResponseCreators.withSuccess("content", MediaType.TEXT_PLAIN));
			try (PooledBuffer body = template.getForObject("/", PooledBuffer.class)) {
				assertThat(body.size()).isEqualTo(7);
			}
		});
	}

	@Test
	void clientsHaveTheConverterAndTheServerHasNot() {
		this.contextRunner.run((context) -> {
			HttpMessageConverters.ServerBuilder server = HttpMessageConverters.forServer().registerDefaults();
			context.getBeanProvider(ServerHttpMessageConvertersCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(server));
			assertThat(server.build()).doesNotHaveAnyElementsOfTypes(PooledBufferClientConverter.class);
			assertThat(context).doesNotHaveBean(HttpMessageConverter.class);
		});
	}

	@Test
	void propertiesNameThePoolAndTheLargestBody() {
		this.contextRunner
			.withPropertyValues("mempool.pools.answers.tiers=4KB", "mempool.clients.pool=answers",
					"mempool.clients.max-body-size=10B")
			.run((context) -> {
				try (PooledBuffer body = client(context, "content", MediaType.TEXT_PLAIN).get()
					.uri("/")
					.retrieve()
					.body(PooledBuffer.class)) {
					assertThat(body.capacity()).isEqualTo(4096);
					assertThat(leased(context, "answers")).isOne();
				}
				assertThatExceptionOfType(ResponseBodyTooLargeException.class)
					.isThrownBy(() -> client(context, "more content", MediaType.TEXT_PLAIN).get()
						.uri("/")
						.retrieve()
						.body(PooledBuffer.class))
					.withMessageContaining("'mempool.clients.max-body-size' allows 10 bytes");
			});
	}

	@Test
	void mistakeStopsTheApplication() {
		this.contextRunner.withPropertyValues("mempool.clients.pool=nothing")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("mempool.clients.pool"));
	}

	@Test
	void clientSaysThatTheSwitchIsOff() {
		this.contextRunner.withPropertyValues("mempool.clients.enabled=false").run((context) -> {
			RestClient client = client(context, "content", MediaType.TEXT_PLAIN);
			assertThatIllegalStateException()
				.isThrownBy(() -> client.get().uri("/").retrieve().body(PooledBuffer.class))
				.withMessageContaining(
						"Cannot read a response into a PooledBuffer: 'mempool.clients.enabled' is 'false'");
			try (PooledBuffer body = context.getBean(BufferPool.class).acquire(10)) {
				assertThatIllegalStateException()
					.isThrownBy(() -> client.post().uri("/").body(body).retrieve().toBodilessEntity())
					.withMessageContaining("Cannot send a PooledBuffer: 'mempool.clients.enabled' is 'false'");
				assertThat(leased(context, "default")).isOne();
			}
		});
	}

	@Test
	void clientSendsPooledBuffersAndKeepsThemLeased() {
		this.contextRunner.run((context) -> {
			RestClient.Builder builder = context.getBean(RestClient.Builder.class);
			MockRestServiceServer.bindTo(builder)
				.build()
				.expect(content().bytes(new byte[10]))
				.andRespond(MockRestResponseCreators.withNoContent());
			try (PooledBuffer body = context.getBean(BufferPool.class).acquire(10)) {
				builder.build().post().uri("/").body(body).retrieve().toBodilessEntity();
				assertThat(leased(context, "default")).isOne();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void beanOfTheApplicationWins(boolean enabled) {
		this.contextRunner.withUserConfiguration(OwnConverters.class)
			.withPropertyValues("mempool.clients.enabled=" + enabled)
			.run((context) -> assertThat(context).getBean("mempoolClientConverters").isSameAs(OwnConverters.OWN));
	}

	@ParameterizedTest
	@ValueSource(classes = { AbstractHttpMessageConverter.class, ClientHttpMessageConvertersCustomizer.class })
	void applicationWithoutConvertersHasNone(Class<?> missing) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolClientsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mempoolClientConverters"));
	}

	private static RestClient client(ApplicationContext context, String content, MediaType type) {
		RestClient.Builder builder = context.getBean(RestClient.Builder.class);
		MockRestServiceServer.bindTo(builder)
			.build()
			.expect(ExpectedCount.manyTimes(), requestTo("/"))
			.andRespond(MockRestResponseCreators.withSuccess(content, type));
		return builder.build();
	}

	private static long leased(ApplicationContext context, String pool) {
		return context.getBean(pool, BufferPool.class).statistics().leased();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConverters {

		static final ClientHttpMessageConvertersCustomizer OWN = (builder) -> {
		};

		@Bean
		ClientHttpMessageConvertersCustomizer mempoolClientConverters() {
			return OWN;
		}

	}

}
