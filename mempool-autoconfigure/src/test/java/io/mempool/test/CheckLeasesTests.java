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

package io.mempool.test;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.mempool.buffer.BufferPool;
import io.mempool.core.LeakDetection;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.RequestBuffers;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring tests that leave leases behind fail, in every way that a request is made.
 */
@ProvokesOutput
class CheckLeasesTests {

	private static final int SIZE = 100;

	@ParameterizedTest
	@ValueSource(classes = { WithMockMvc.class, WithoutFilters.class, OnTomcat.class, OnJetty.class })
	void requestThatLeavesALeaseFailsItsTestAndNoOther(Class<?> type) {
		Outcome outcome = Outcome.of(type);
		assertThat(outcome.failed()).containsExactly("leaves()");
		assertThat(outcome.succeeded()).isNotEmpty().doesNotContain("leaves()");
		assertThat(outcome.failure()).isInstanceOf(AssertionError.class)
			.hasMessageContaining("Test 'leaves' left a lease behind")
			.hasMessageContaining("of pool 'default', acquired ")
			.hasMessageContaining("\tat " + Leaks.class.getName() + ".leak(");
	}

	@Test
	void leaseIsShownWithTheRouteOfItsRequest() {
		assertThat(Outcome.of(OnTomcat.class).failure()).hasMessageContaining("in GET /leak (");
	}

	@Test
	void annotationOnAMethodChecksThatMethod() {
		Outcome outcome = Outcome.of(OneMethod.class);
		assertThat(outcome.failed()).containsExactly("checked()");
		assertThat(outcome.succeeded()).containsExactly("unchecked()");
	}

	@Test
	void nestedTestsAreCheckedAsTheirEnclosingOnes() {
		assertThat(Outcome.of(Outer.class).failed()).containsExactly("leaves()");
	}

	@Test
	void testWithoutTheAnnotationIsNeitherCheckedNorTraced() {
		Outcome outcome = Outcome.of(Unchecked.class);
		assertThat(outcome.failed()).isEmpty();
		assertThat(outcome.succeeded()).containsExactly("leaves()");
	}

	@Test
	void poolsThatAreLazyStayLazy() {
		assertThat(Outcome.of(WithLazyPool.class).failed()).isEmpty();
	}

	@Test
	void testThatClosesItsContextIsChecked() {
		assertThat(Outcome.of(Dirty.class).failure()).hasMessageContaining("Test 'leaves' left a lease behind");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Leaks.class)
	static class Application {

	}

	@RestController
	static class Leaks {

		private final BufferPool pool;

		Leaks(@Qualifier("default") BufferPool pool) {
			this.pool = pool;
		}

		@GetMapping("/leak")
		String leak() {
			return String.valueOf(this.pool.acquire(SIZE).size());
		}

		@GetMapping("/scope")
		String scope(RequestBuffers buffers) {
			return String.valueOf(buffers.acquire(SIZE).size());
		}

		@GetMapping("/callable")
		Callable<String> callable(RequestBuffers buffers) {
			return () -> String.valueOf(buffers.acquire(SIZE).size());
		}

		@GetMapping("/deferred")
		DeferredResult<String> deferred(RequestBuffers buffers) {
			DeferredResult<String> result = new DeferredResult<>();
			CompletableFuture.runAsync(() -> result.setResult(String.valueOf(buffers.acquire(SIZE).size())));
			return result;
		}

		@GetMapping("/late")
		String late() {
			var buffer = this.pool.acquire(SIZE);
			CompletableFuture.runAsync(() -> {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
				buffer.release();
			});
			return String.valueOf(buffer.size());
		}

	}

	@CheckLeases(timeout = 50, unit = TimeUnit.MILLISECONDS)
	@SpringBootTest(classes = Application.class)
	@AutoConfigureMockMvc
	static class WithMockMvc {

		@Autowired
		private MockMvcTester mvc;

		@Test
		void leaves() {
			assertThat(this.mvc.get().uri("/leak")).hasStatusOk();
		}

		@Test
		void leavesNothing() {
			assertThat(this.mvc.get().uri("/scope")).hasStatusOk();
		}

		@Test
		@CheckLeases
		void leavesNothingAsynchronously() {
			assertThat(this.mvc.get().uri("/callable").exchange()).hasStatusOk();
			assertThat(this.mvc.get().uri("/deferred").exchange()).hasStatusOk();
		}

	}

	@CheckLeases(timeout = 50, unit = TimeUnit.MILLISECONDS)
	@SpringBootTest(classes = Application.class)
	@AutoConfigureMockMvc
	static class WithoutFilters {

		@Autowired
		private Leaks leaks;

		private MockMvcTester mvc() {
			return MockMvcTester.of(this.leaks);
		}

		@Test
		void leaves() {
			assertThat(mvc().get().uri("/leak")).hasStatusOk();
		}

		@Test
		@CheckLeases
		void endsLate() {
			assertThat(mvc().get().uri("/late")).hasStatusOk();
		}

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
	@AutoConfigureRestTestClient
	abstract static class OnServer {

		@Autowired
		private RestTestClient client;

		void get(String path) {
			this.client.get().uri(path).exchange().expectStatus().isOk();
		}

		@Test
		@CheckLeases(timeout = 50, unit = TimeUnit.MILLISECONDS)
		void leaves() {
			get("/leak");
		}

		@Test
		void leavesNothing() {
			get("/scope");
			get("/callable");
			get("/deferred");
			get("/late");
		}

	}

	@CheckLeases
	static class OnTomcat extends OnServer {

	}

	@CheckLeases
	@Import(OnJetty.Server.class)
	static class OnJetty extends OnServer {

		@Configuration(proxyBeanMethods = false)
		static class Server {

			@Bean
			JettyServletWebServerFactory jetty() {
				return new JettyServletWebServerFactory(0);
			}

		}

	}

	@SpringBootTest(classes = Application.class)
	@TestMethodOrder(MethodName.class)
	static class OneMethod {

		@Autowired
		@Qualifier("default")
		private BufferPool pool;

		@Test
		@CheckLeases(timeout = 0)
		void checked() {
			this.pool.acquire(SIZE).isAlive();
		}

		@Test
		void unchecked() {
			this.pool.acquire(SIZE).isAlive();
		}

	}

	@CheckLeases(timeout = 0)
	@SpringBootTest(classes = Application.class)
	static class Outer {

		@Nested
		class Inner {

			@Autowired
			@Qualifier("default")
			private BufferPool pool;

			@Test
			void leaves() {
				this.pool.acquire(SIZE).isAlive();
			}

		}

	}

	@SpringBootTest(classes = Application.class)
	static class Unchecked {

		@Autowired
		@Qualifier("default")
		private BufferPool pool;

		@Test
		void leaves() {
			assertThat(this.pool.settings().leakDetection()).isEqualTo(LeakDetection.SIMPLE);
			this.pool.acquire(SIZE).isAlive();
		}

	}

	@CheckLeases
	@SpringBootTest(classes = { Application.class, WithLazyPool.Pools.class })
	static class WithLazyPool {

		@Test
		void usesNoPool() {
		}

		@Configuration(proxyBeanMethods = false)
		static class Pools {

			@Bean
			@Lazy
			BufferPool expensive() {
				throw new IllegalStateException("built");
			}

		}

	}

	@CheckLeases(timeout = 0)
	@SpringBootTest(classes = Application.class)
	static class Dirty {

		@Autowired
		@Qualifier("default")
		private BufferPool pool;

		@Test
		@DirtiesContext
		void leaves() {
			this.pool.acquire(SIZE).isAlive();
		}

	}

}
