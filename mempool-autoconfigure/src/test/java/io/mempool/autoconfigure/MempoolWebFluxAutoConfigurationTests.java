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
import java.util.concurrent.CopyOnWriteArrayList;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.engine.WaitingThreads;
import io.mempool.metrics.ScopeMetrics;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.MemoryExceptionHandler;
import io.mempool.web.RequestSettings;
import io.mempool.web.reactive.MemoryWebExceptionHandler;
import io.mempool.web.reactive.RequestBuffers;
import io.mempool.web.reactive.RequestMemoryConfigurer;
import io.mempool.web.reactive.RequestScopeWebFilter;
import io.mempool.web.reactive.RequestScopes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.WebFluxConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link MempoolWebFluxAutoConfiguration}.
 */
@ProvokesOutput
class MempoolWebFluxAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolWebFluxAutoConfiguration.class, MempoolWebAutoConfiguration.class,
			MempoolBodiesAutoConfiguration.class, MempoolMetricsAutoConfiguration.class,
			HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void reactiveApplicationHasMemoryOfRequests() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(RequestScopes.class)
				.hasSingleBean(RequestMemoryConfigurer.class)
				.hasSingleBean(MemoryExceptionHandler.class)
				.hasSingleBean(MemoryWebExceptionHandler.class)
				.doesNotHaveBean(io.mempool.web.servlet.RequestScopes.class);
			assertThat(context.getBean(RequestScopeWebFilter.class).getOrder())
				.isEqualTo(Ordered.HIGHEST_PRECEDENCE + 10);
		});
	}

	@Test
	void eventLoopsNeverWaitInALazyApplicationEither() {
		WaitingThreads.bar(() -> false, "");
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("mempool.pools.uploads.tiers=4KB", "mempool.pools.uploads.max-total=1",
					"mempool.pools.uploads.policy=wait")
			.run((context) -> {
				BufferPool pool = context.getBean("uploads", BufferPool.class);
				try (PooledBuffer other = pool.acquire(10)) {
					Mono<PooledBuffer> next = Mono.fromCallable(() -> pool.acquire(10))
						.subscribeOn(Schedulers.parallel());
					assertThat(catchThrowable(next::block)).hasMessageContaining("must not wait");
					assertThat(other.isAlive()).isTrue();
				}
			});
	}

	@Test
	void propertiesOfRequestsApply() {
		this.contextRunner
			.withPropertyValues("mempool.pools.uploads.max-idle=1", "mempool.request.pool=uploads",
					"mempool.request.filter-order=42", "mempool.request.limit=2MB", "mempool.request.max-body-size=1MB")
			.run((context) -> {
				assertThat(context.getBean(RequestScopeWebFilter.class).getOrder()).isEqualTo(42);
				RequestSettings settings = context.getBean(RequestScopes.class).settings();
				assertThat(settings.pool().get().name()).isEqualTo("uploads");
				assertThat(settings.limit()).isEqualTo(2 << 20);
				assertThat(settings.maxBodySize()).isEqualTo(1 << 20);
			});
	}

	@Test
	void mistakeInAPropertyIsReported() {
		this.contextRunner.withPropertyValues("mempool.request.pool=nothing")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("there is no pool 'nothing'"));
	}

	@Test
	void scopesOfRequestsHaveMeters() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).getBean("mempoolScopeMetrics").isInstanceOf(ScopeMetrics.class));
	}

	@Test
	void applicationsOfOtherKindsHaveNone() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(BufferPool.class).doesNotHaveBean(RequestScopes.class));
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).hasSingleBean(io.mempool.web.servlet.RequestScopes.class)
				.doesNotHaveBean(RequestScopes.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { WebFluxConfigurer.class, Mono.class })
	void applicationWithoutWebFluxOrReactorHasNone(Class<?> missing) {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolWebFluxAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(BufferPool.class)
				.doesNotHaveBean(RequestScopes.class));
	}

	@Test
	void reactiveApplicationNeedsNoServlets() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web.servlet"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RequestScopeWebFilter.class));
	}

	@Test
	void servletApplicationNeedsNoReactor() {
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader("reactor", "org.springframework.web.reactive"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(io.mempool.web.servlet.RequestScopes.class));
	}

	@Test
	void beansOfTheApplicationWin() {
		this.contextRunner.withUserConfiguration(OwnBeans.class).run((context) -> {
			assertThat(context).getBean(RequestScopes.class).isSameAs(context.getBean("ownScopes"));
			assertThat(context).getBean(RequestScopeWebFilter.class).isSameAs(context.getBean("ownFilter"));
			assertThat(context).getBean(RequestMemoryConfigurer.class).isSameAs(context.getBean("ownConfigurer"));
			assertThat(context).getBean(MemoryWebExceptionHandler.class).isSameAs(context.getBean("ownHandler"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/argument", "/buffers", "/later", "/answer" })
	void argumentAndAnswerSayThatTheSwitchIsOff(String path) {
		this.contextRunner.withPropertyValues("mempool.request.enabled=false")
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web.servlet"))
			.withUserConfiguration(Controller.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(RequestScopes.class).doesNotHaveBean(RequestScopeWebFilter.class);
				WebTestClient client = WebTestClient.bindToApplicationContext(context).build();
				(path.equals("/answer") ? client.get().uri(path) : client.post().uri(path).bodyValue("body")).exchange()
					.expectStatus()
					.isEqualTo(500);
				assertThat(context.getBean(Controller.class).failures).singleElement()
					.satisfies((failure) -> assertThat(failure)
						.hasMessageContaining("'mempool.request.enabled' is 'false'"));
				assertThat(context.getBean(BufferPool.class).statistics().leased()).isZero();
			});
	}

	@RestController
	static class Controller {

		private final List<Throwable> failures = new CopyOnWriteArrayList<>();

		private final BufferPool pool;

		Controller(BufferPool pool) {
			this.pool = pool;
		}

		@ExceptionHandler
		ResponseEntity<Void> failed(IllegalStateException ex) {
			this.failures.add(ex);
			return ResponseEntity.internalServerError().build();
		}

		@PostMapping("/body")
		String body(@RequestBody PooledBuffer body) {
			return "not reached";
		}

		@PostMapping("/argument")
		String argument(PooledBuffer body) {
			return "not reached";
		}

		@PostMapping("/later")
		Mono<String> later(Mono<PooledBuffer> body) {
			return body.map(PooledBuffer::toString);
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

		@Bean
		RequestScopes ownScopes(BufferPool pool) {
			return new RequestScopes(new RequestSettings(() -> pool, 1000, 1000));
		}

		@Bean
		RequestScopeWebFilter ownFilter(RequestScopes scopes) {
			return new RequestScopeWebFilter(scopes, 1);
		}

		@Bean
		RequestMemoryConfigurer ownConfigurer(RequestScopes scopes) {
			return new RequestMemoryConfigurer(scopes);
		}

		@Bean
		MemoryWebExceptionHandler ownHandler(MemoryExceptionHandler handler, ServerCodecConfigurer codecs) {
			return new MemoryWebExceptionHandler(handler, codecs);
		}

	}

}
