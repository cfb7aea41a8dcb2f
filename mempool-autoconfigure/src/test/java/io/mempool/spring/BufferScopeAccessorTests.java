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

package io.mempool.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.MempoolScopeAutoConfiguration;
import io.mempool.autoconfigure.MempoolWebAutoConfiguration;
import io.mempool.buffer.BufferPool;
import io.mempool.core.PoolClosedException;
import io.mempool.scope.BufferScope;
import io.mempool.scope.BufferScopes;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scopes that context propagation carries to other threads.
 */
class BufferScopeAccessorTests {

	private static final String ENABLED = "mempool.propagation.enabled=true";

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class,
				MempoolScopeAutoConfiguration.class));

	private static Runnable captured(Runnable task) {
		return ContextSnapshotFactory.builder().build().captureAll().wrap(task);
	}

	private static void runInAnotherThread(Runnable task) throws InterruptedException {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			task.run();
			if (BufferScopes.find() != null) {
				failure.set(new AssertionError("The scope stays bound"));
			}
		});
		thread.setUncaughtExceptionHandler((which, ex) -> failure.set(ex));
		thread.start();
		thread.join();
		assertThat(failure).hasValue(null);
	}

	private static List<Object> keys() {
		List<Object> keys = new ArrayList<>();
		ContextRegistry.getInstance().getThreadLocalAccessors().forEach((accessor) -> keys.add(accessor.key()));
		return keys;
	}

	@Test
	void scopeOfAThreadIsThatOfTheOther() {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			try (BufferScope scope = new BufferScope(context.getBean(BufferPool.class))) {
				BufferScopes.Binding binding = BufferScopes.bind(scope);
				Runnable task = captured(() -> assertThat(BufferScopes.current()).isSameAs(scope));
				binding.close();
				runInAnotherThread(task);
			}
		});
	}

	@Test
	void scopeThatHasEndedRefusesTheOtherThread() {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			BufferScope scope = new BufferScope(context.getBean(BufferPool.class));
			BufferScopes.Binding binding = BufferScopes.bind(scope);
			Runnable task = captured(() -> assertThatExceptionOfType(PoolClosedException.class)
				.isThrownBy(() -> BufferScopes.current().acquire(1))
				.withMessageContaining("its unit of work has ended"));
			binding.close();
			scope.close();
			runInAnotherThread(task);
		});
	}

	@Test
	void scopeThatHasEndedIsNotCaptured() {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			BufferScope scope = new BufferScope(context.getBean(BufferPool.class));
			scope.close();
			BufferScopes.Binding binding = BufferScopes.bind(scope);
			Runnable task = captured(() -> assertThat(BufferScopes.find()).isNull());
			binding.close();
			runInAnotherThread(task);
		});
	}

	@Test
	void scopeOfARequestIsCarriedAndTheRequestIsNot() {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			RequestScopes scopes = context.getBean(RequestScopes.class);
			RequestBuffers buffers = context.getBean(RequestBuffers.class);
			MockHttpServletRequest request = new MockHttpServletRequest();
			MockFilterChain chain = new MockFilterChain(new HttpServlet() {

				private static final long serialVersionUID = 1L;

				@Override
				public void service(ServletRequest served, ServletResponse response) {
					RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
					try {
						BufferScope scope = buffers.scope();
						runInAnotherThread(captured(() -> {
							assertThat(RequestContextHolder.getRequestAttributes()).isNull();
							assertThat(buffers.scope()).isSameAs(scope);
							assertThat(buffers.acquire(10).isAlive()).isTrue();
						}));
					}
					catch (InterruptedException ex) {
						throw new IllegalStateException(ex);
					}
					finally {
						RequestContextHolder.resetRequestAttributes();
					}
				}

			}, new RequestScopeFilter(scopes));
			chain.doFilter(request, new MockHttpServletResponse());
			assertThat(context.getBean(BufferPool.class).statistics().leased()).isZero();
			assertThat(context.getBean(BufferPool.class).statistics().acquisitions()).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "mempool.pooling=true", "mempool.propagation.enabled=false", "mempool.propagation.enabled=" })
	void nothingIsCarriedUnlessItIsEnabled(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).doesNotHaveBean(BufferScopeAccessor.class);
			assertThat(keys()).doesNotContain(BufferScopeAccessor.KEY);
		});
	}

	@Test
	void accessorIsRegisteredUntilTheContextIsClosed() {
		this.runner.withPropertyValues(ENABLED)
			.run((context) -> assertThat(keys()).containsOnlyOnce(BufferScopeAccessor.KEY));
		assertThat(keys()).doesNotContain(BufferScopeAccessor.KEY);
	}

	@Test
	void applicationStartsWithoutContextPropagation() {
		this.runner.withPropertyValues(ENABLED)
			.withClassLoader(new FilteredClassLoader(ThreadLocalAccessor.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PooledScopeAdvisor.class));
	}

	@Test
	void accessorOfTheApplicationReplacesIt() {
		BufferScopeAccessor mine = new BufferScopeAccessor(() -> null);
		this.runner.withPropertyValues(ENABLED).withBean(BufferScopeAccessor.class, () -> mine).run((context) -> {
			assertThat(context).getBean(BufferScopeAccessor.class).isSameAs(mine);
			assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).contains(mine);
		});
	}

}
