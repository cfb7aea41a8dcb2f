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

import java.util.EnumSet;
import java.util.function.Consumer;

import io.mempool.buffer.BufferPool;
import io.mempool.slice.SlicingAllocator;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.CurrentRequestBuffers;
import io.mempool.web.servlet.RequestBuffers;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.DispatcherType;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MempoolWebAutoConfiguration}.
 */
@ProvokesOutput
class MempoolWebAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolWebAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void servletApplicationHasBuffersOfTheRequestAndTheirFilter() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(RequestBuffers.class).hasSingleBean(WebMvcConfigurer.class);
			FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
			assertThat(filter.getFilter()).isInstanceOf(RequestScopeFilter.class);
			assertThat(filter.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE + 10);
			assertThat(filter.determineDispatcherTypes()).isEqualTo(EnumSet.allOf(DispatcherType.class));
		});
	}

	@Test
	void orderOfTheFilterCanBeSet() {
		this.contextRunner.withPropertyValues("mempool.request.filter-order=42")
			.run((context) -> assertThat(context.getBean(FilterRegistrationBean.class).getOrder()).isEqualTo(42));
	}

	@Test
	void requestScopeCanBeSwitchedOff() {
		this.contextRunner.withPropertyValues("mempool.request.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(RequestBuffers.class).doesNotHaveBean(FilterRegistrationBean.class);
			assertThat(context).hasSingleBean(BufferPool.class);
		});
	}

	@Test
	void requestScopeIsOnIfItsSwitchIsEmpty() {
		this.contextRunner.withPropertyValues("mempool.request.enabled=${ANY:}")
			.run((context) -> assertThat(context).hasSingleBean(RequestBuffers.class));
	}

	@Test
	void switchThatIsNeitherOnNorOffIsReported() {
		this.contextRunner.withPropertyValues("mempool.request.enabled=perhaps")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("'perhaps' is neither true nor false"));
	}

	@Test
	void slicesOfRequestsAreCarvedAsPropertiesSay() {
		this.contextRunner
			.withPropertyValues("mempool.request.slices.reserve=4B", "mempool.request.slices.area-size=8KB")
			.run((context) -> inRequest(context, (buffers) -> {
				SlicingAllocator allocator = buffers.slicingAllocator();
				assertThat(allocator.reserve()).isEqualTo(4);
				assertThat(allocator.areaSize()).isEqualTo(8192);
				allocator.allocate(10).putInt(0, 1);
			}));
	}

	@Test
	void slicesOfRequestsHaveNoReserveAndTheAreasOfThePoolUnlessTheyAreSet() {
		this.contextRunner.withPropertyValues("mempool.pools.default.tiers=4KB,128KB")
			.run((context) -> inRequest(context, (buffers) -> {
				assertThat(buffers.slicingAllocator().reserve()).isZero();
				assertThat(buffers.slicingAllocator().areaSize()).isEqualTo(128 * 1024);
			}));
	}

	@Test
	void areaThatThePoolOfRequestsCannotHaveIsReported() {
		this.contextRunner
			.withPropertyValues("mempool.pools.default.tiers=4KB,8KB", "mempool.request.slices.area-size=9KB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("from 1 to 8192 bytes"));
	}

	@Test
	void areaWithoutRoomForAnythingButItsReserveIsReported() {
		this.contextRunner
			.withPropertyValues("mempool.request.slices.reserve=4KB", "mempool.request.slices.area-size=4KB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("from 0 to 4095 bytes, since an area has 4096"));
	}

	/**
	 * Use the memory of a request, as an argument of a controller and as the bean, and
	 * check that all of it is back at its end.
	 */
	private static void inRequest(WebApplicationContext context, Consumer<RequestBuffers> use) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest();
		context.getBean(FilterRegistrationBean.class)
			.getFilter()
			.doFilter(request, new MockHttpServletResponse(), (filtered, response) -> {
				use.accept(context.getBean(RequestScopes.class).of(filtered));
				RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
				try {
					use.accept(context.getBean(RequestBuffers.class));
				}
				finally {
					RequestContextHolder.resetRequestAttributes();
				}
			});
		assertThat(context.getBean(BufferPool.class).statistics().leased()).isZero();
	}

	@Test
	void applicationThatIsNotWebHasPoolsOnly() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS).run((context) -> {
			assertThat(context).doesNotHaveBean(RequestBuffers.class);
			assertThat(context).hasSingleBean(BufferPool.class);
		});
	}

	@Test
	void applicationWithoutSpringWebHasPoolsOnly() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(RequestContextHolder.class)).run((context) -> {
			assertThat(context).doesNotHaveBean(RequestBuffers.class);
			assertThat(context).hasSingleBean(BufferPool.class);
		});
	}

	@Test
	void applicationWithoutWebMvcHasTheFilter() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(WebMvcConfigurer.class))
			.run((context) -> assertThat(context).hasSingleBean(FilterRegistrationBean.class)
				.hasSingleBean(RequestBuffers.class)
				.doesNotHaveBean("mempoolExceptionHandler"));
	}

	@Test
	void unknownPoolOfRequestsIsExplained() {
		this.contextRunner.withPropertyValues("mempool.request.pool=nothing")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining("mempool.request.pool")
				.hasMessageContaining("there is no pool 'nothing'"));
	}

	@Test
	void limitOfRequestsMustBePositive() {
		this.contextRunner.withPropertyValues("mempool.request.limit=0B")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("mempool.request.limit")
				.hasMessageContaining("must be positive"));
	}

	@Test
	void bodySizeOfRequestsMustFitABuffer() {
		this.contextRunner.withPropertyValues("mempool.request.max-body-size=3GB")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("mempool.request.max-body-size")
				.hasMessageContaining("below 2 GiB"));
	}

	@Test
	void beansOfTheApplicationWin() {
		this.contextRunner.withUserConfiguration(OwnBeansConfiguration.class).run((context) -> {
			assertThat(context).getBean(RequestBuffers.class).isSameAs(context.getBean("ownBuffers"));
			assertThat(context).hasSingleBean(RequestScopes.class).hasBean("ownScopes");
			assertThat(context).hasSingleBean(RequestScopeFilter.class)
				.doesNotHaveBean(FilterRegistrationBean.class)
				.doesNotHaveBean(CurrentRequestBuffers.class);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeansConfiguration {

		@Bean
		RequestBuffers ownBuffers() {
			return mock(RequestBuffers.class);
		}

		@Bean
		RequestScopes ownScopes(BufferPool pool) {
			return new RequestScopes(() -> pool, 1000, 1000);
		}

		@Bean
		RequestScopeFilter ownFilter(RequestScopes scopes) {
			return new RequestScopeFilter(scopes);
		}

	}

}
