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
import java.util.Set;

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.actuate.endpoint.MempoolEndpointWebExtension;
import io.mempool.actuate.page.MempoolPageWebExtension;
import io.mempool.actuate.page.PageAcceptWebFilter;
import io.mempool.actuate.page.PageFile;
import io.mempool.leaks.LeakReports;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MempoolPageConfigurations}.
 */
class MempoolPageConfigurationsTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(MempoolAutoConfiguration.class,
			MempoolEndpointAutoConfiguration.class);

	private static final String EXPOSED = "management.endpoints.web.exposure.include=mempool";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void runInServletApplicationShouldHavePage() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasSingleBean(MempoolPageWebExtension.class));
	}

	@Test
	void runInReactiveApplicationShouldHavePage() {
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasSingleBean(MempoolPageWebExtension.class)
				.hasSingleBean(PageAcceptWebFilter.class));
	}

	@Test
	void runInReactiveApplicationWithOwnPageShouldNotFilterItsRequests() {
		MempoolEndpoint endpoint = new MempoolEndpoint(Map::of, Map::of, Map.of(), new LeakReports(), Show.NEVER);
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues(EXPOSED)
			.withBean("mine", MempoolEndpointWebExtension.class,
					() -> new MempoolEndpointWebExtension(endpoint, Show.NEVER, Set.of()))
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpointWebExtension.class)
				.doesNotHaveBean(PageAcceptWebFilter.class));
	}

	@Test
	void runWithoutWebShouldHaveNoPage() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class)
				.doesNotHaveBean(MempoolPageWebExtension.class));
	}

	@Test
	void runWithoutSpringMvcShouldHaveNoPage() {
		this.contextRunner.withPropertyValues(EXPOSED)
			.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class)
				.doesNotHaveBean(MempoolPageWebExtension.class));
	}

	@Test
	void runWhenExposedElsewhereOnlyShouldHaveNoPage() {
		this.contextRunner
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=mempool")
			.run((context) -> assertThat(context).hasSingleBean(MempoolEndpoint.class)
				.doesNotHaveBean(MempoolPageWebExtension.class));
	}

	@Test
	void runWithOwnPageShouldBackOff() {
		MempoolEndpoint endpoint = new MempoolEndpoint(Map::of, Map::of, Map.of(), new LeakReports(), Show.NEVER);
		this.contextRunner.withPropertyValues(EXPOSED)
			.withBean("mine", MempoolPageWebExtension.class,
					() -> new MempoolPageWebExtension(endpoint, Show.NEVER, Set.of(), () -> "/", PageFile::toResponse))
			.run((context) -> assertThat(context).hasSingleBean(MempoolPageWebExtension.class).hasBean("mine"));
	}

}
