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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.spring.PooledBufferHttpMessageReader;
import io.mempool.testing.ProvokesOutput;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.mock.http.client.reactive.MockClientHttpRequest;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link MempoolCodecsAutoConfiguration}.
 */
@ProvokesOutput
class MempoolCodecsAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolCodecsAutoConfiguration.class, CodecsAutoConfiguration.class,
			ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void webClientReadsAndWritesPooledBuffersInEachKindOfApplication() {
		this.runner.run(MempoolCodecsAutoConfigurationTests::assertPooled);
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run(MempoolCodecsAutoConfigurationTests::assertPooled);
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run(MempoolCodecsAutoConfigurationTests::assertPooled);
	}

	private static void assertPooled(ApplicationContext context) {
		echo(context, 10);
		assertThat(context.getBean("default", BufferPool.class).statistics().leased()).isZero();
		assertThat(context.getBean("default", BufferPool.class).statistics().misses()).isEqualTo(2);
	}

	private static void echo(ApplicationContext context, int size) {
		DisposableServer server = HttpServer.create()
			.port(0)
			.route((routes) -> routes.post("/",
					(request, response) -> response.send(request.receive().aggregate().map(ByteBuf::retain))))
			.bindNow();
		WebClient client = context.getBean(WebClient.Builder.class)
			.baseUrl("http://localhost:" + server.port())
			.build();
		Mono<String> text = client.post().uri("/").bodyValue("text").retrieve().bodyToMono(String.class);
		assertThat(text.block()).as("the other codecs are there").isEqualTo("text");
		try (PooledBuffer body = context.getBean("default", BufferPool.class).acquire(size);
				PooledBuffer answer = client.post()
					.uri("/")
					.bodyValue(body)
					.retrieve()
					.bodyToMono(PooledBuffer.class)
					.block()) {
			assertThat(answer).isNotNull();
			assertThat(answer.size()).isEqualTo(size);
		}
		finally {
			server.disposeNow();
		}
	}

	@Test
	void propertiesChooseThePool() {
		this.runner.withPropertyValues("mempool.pools.answers.tiers=4KB", "mempool.clients.pool=answers")
			.run((context) -> {
				echo(context, 10);
				assertThat(context.getBean("answers", BufferPool.class).recentSizes()).containsExactly(10);
			});
	}

	@Test
	void poolThatDoesNotExistFailsTheStart() {
		this.runner.withPropertyValues("mempool.clients.pool=answers")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("mempool.clients.pool"));
	}

	@Test
	void serverGetsNoCodecOfClients() {
		this.runner.run((context) -> {
			ServerCodecConfigurer server = ServerCodecConfigurer.create();
			context.getBeanProvider(CodecCustomizer.class).forEach((customizer) -> customizer.customize(server));
			assertThat(server.getReaders()).noneMatch(PooledBufferHttpMessageReader.class::isInstance);
			ResolvableType type = ResolvableType.forClass(PooledBuffer.class);
			assertThat(server.getWriters()).filteredOn((writer) -> writer.canWrite(type, MediaType.IMAGE_PNG))
				.isEmpty();
		});
	}

	@Test
	void backsOffByName() {
		CodecCustomizer own = (configurer) -> {
		};
		this.runner.withBean("mempoolClientCodecs", CodecCustomizer.class, () -> own)
			.run((context) -> assertThat(context.getBean("mempoolClientCodecs")).isSameAs(own));
	}

	@Test
	void clientThatIsSwitchedOffSaysSo() {
		this.runner.withPropertyValues("mempool.clients.enabled=false").run((context) -> {
			ExchangeStrategies strategies = ExchangeStrategies.builder()
				.codecs((codecs) -> context.getBeanProvider(CodecCustomizer.class)
					.forEach((customizer) -> customizer.customize(codecs)))
				.build();
			Mono<PooledBuffer> read = ClientResponse.create(HttpStatus.OK, strategies)
				.body("content")
				.build()
				.bodyToMono(PooledBuffer.class);
			assertThat(catchThrowable(read::block)).hasMessageContaining("'mempool.clients.enabled' is 'false'");
			try (PooledBuffer buffer = PooledBuffer.wrap(new byte[1])) {
				Mono<Void> write = ClientRequest.create(HttpMethod.POST, URI.create("/"))
					.body(BodyInserters.fromValue(buffer))
					.build()
					.writeTo(new MockClientHttpRequest(HttpMethod.POST, "/"), strategies);
				assertThat(catchThrowable(write::block)).hasMessageContaining("'mempool.clients.enabled' is 'false'");
				assertThat(buffer.isAlive()).isTrue();
			}
		});
	}

	@Test
	void worksWithoutNetty() {
		this.runner
			.withClassLoader(new FilteredClassLoader("io.netty", "reactor.netty",
					"org.springframework.core.io.buffer.NettyDataBufferFactory"))
			.run(MempoolCodecsAutoConfigurationTests::assertPooledCustomizer);
	}

	private static void assertPooledCustomizer(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed().hasBean("mempoolClientCodecs");
	}

	@Test
	void isIdleWithoutReactorOrWithoutCodecs() {
		this.runner.withClassLoader(new FilteredClassLoader("reactor.core"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mempoolClientCodecs"));
		this.runner.withClassLoader(new FilteredClassLoader(CodecCustomizer.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mempoolClientCodecs"));
	}

}
