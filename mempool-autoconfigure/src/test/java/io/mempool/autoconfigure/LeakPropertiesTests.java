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
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakKind;
import io.mempool.core.UnitOfWork;
import io.mempool.leaks.LeakReports;
import io.mempool.object.ObjectPool;
import io.mempool.testing.ProvokesOutput;
import io.mempool.web.servlet.RequestScopeFilter;
import io.mempool.web.servlet.RequestScopes;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what properties say about leaks.
 */
@ProvokesOutput
class LeakPropertiesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class))
		.withUserConfiguration(ObjectsConfiguration.class)
		.withPropertyValues("mempool.pools.uploads.tiers=4KB");

	private final WebApplicationContextRunner webContextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolWebAutoConfiguration.class));

	@Test
	void detectionIsSimpleUnlessConfigured() {
		this.contextRunner.run((context) -> {
			assertThat(uploads(context).settings().leakDetection()).isEqualTo(LeakDetection.SIMPLE);
			assertThat(objects(context, "plain").settings().leakDetection()).isEqualTo(LeakDetection.SIMPLE);
		});
	}

	@Test
	void detectionIsThatOfAllPoolsUnlessTheApplicationSaysOtherwise() {
		this.contextRunner.withPropertyValues("mempool.leak-detection=advanced").run((context) -> {
			assertThat(uploads(context).settings().leakDetection()).isEqualTo(LeakDetection.ADVANCED);
			assertThat(objects(context, "plain").settings().leakDetection()).isEqualTo(LeakDetection.ADVANCED);
			assertThat(objects(context, "hunted").settings().leakDetection()).isEqualTo(LeakDetection.PARANOID);
		});
	}

	@Test
	void leaseThatIsOpenForTooLongIsReported() {
		this.contextRunner.withPropertyValues("mempool.leak-detection=paranoid", "mempool.leaks.max-age=1ms")
			.run((context) -> {
				PooledBuffer held = uploads(context).acquire(100);
				LeakReports leaks = context.getBean(LeakReports.class);
				Awaitility.await().until(() -> !leaks.of("uploads").isEmpty());
				assertThat(leaks.of("uploads")).singleElement()
					.satisfies((leak) -> assertThat(leak.kind()).isEqualTo(LeakKind.AGE));
				held.release();
			});
	}

	@Test
	void whatRequestsLeaveIsReportedIfConfigured() {
		this.webContextRunner.withPropertyValues("mempool.request.report-unreleased=true").run((context) -> {
			serveRequestThatReleasesNothing(context);
			LeakReports reports = context.getBean(LeakReports.class);
			Awaitility.await().until(() -> !reports.of("default").isEmpty());
			assertThat(reports.of("default")).singleElement().satisfies((leak) -> {
				assertThat(leak.kind()).isEqualTo(LeakKind.SCOPE);
				assertThat(leak.size()).isEqualTo(100);
				assertThat(leak.work()).startsWith("POST ");
			});
		});
	}

	@Test
	void whatRequestsLeaveIsTheirOwnBusinessUnlessConfigured() {
		this.webContextRunner.run((context) -> {
			serveRequestThatReleasesNothing(context);
			assertThat(context.getBean(LeakReports.class).of("default")).isEmpty();
		});
	}

	@Test
	void reportsOfTheApplicationWin() {
		this.contextRunner.withUserConfiguration(OwnReportsConfiguration.class)
			.withPropertyValues("mempool.leak-detection=paranoid", "mempool.leaks.max-age=1ms")
			.run((context) -> {
				assertThat(context).hasSingleBean(LeakReports.class);
				PooledBuffer held = uploads(context).acquire(100);
				LeakReports leaks = context.getBean("ownReports", LeakReports.class);
				Awaitility.await().until(() -> !leaks.of("uploads").isEmpty());
				assertThat(leaks.of("uploads").get(0).work()).isEqualTo("job");
				held.release();
			});
	}

	private static void serveRequestThatReleasesNothing(ApplicationContext context) throws Exception {
		RequestScopes scopes = context.getBean(RequestScopes.class);
		RequestScopeFilter filter = (RequestScopeFilter) context.getBean(FilterRegistrationBean.class).getFilter();
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/uploads");
		filter.doFilter(request, new MockHttpServletResponse(), new MockFilterChain() {

			@Override
			public void doFilter(ServletRequest request, ServletResponse response) {
				scopes.of(request).acquire(100);
			}

		});
	}

	private static BufferPool uploads(ApplicationContext context) {
		return context.getBean("uploads", BufferPool.class);
	}

	private static ObjectPool<?> objects(ApplicationContext context, String name) {
		return context.getBean(name, ObjectPool.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class ObjectsConfiguration {

		@Bean
		ObjectPool<StringBuilder> plain(ObjectPoolBuilderFactory pools) {
			return pools.builder("plain", StringBuilder::new).build();
		}

		@Bean
		ObjectPool<StringBuilder> hunted(ObjectPoolBuilderFactory pools) {
			return pools.builder("hunted", StringBuilder::new).leakDetection(LeakDetection.PARANOID).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnReportsConfiguration {

		@Bean
		LeakReports ownReports() {
			return new LeakReports(() -> new UnitOfWork("job", null));
		}

	}

}
