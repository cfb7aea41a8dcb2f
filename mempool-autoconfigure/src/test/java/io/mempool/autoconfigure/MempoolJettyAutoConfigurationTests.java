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
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.jetty.PooledByteBufferPool;
import io.mempool.testing.ProvokesOutput;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pools of Jetty, and which connectors get them.
 */
@ProvokesOutput
@ExtendWith(OutputCaptureExtension.class)
class MempoolJettyAutoConfigurationTests {

	private static final String ENABLED = "mempool.jetty.enabled=true";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolJettyAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "mempool.pooling=true", "mempool.jetty.enabled=false", "mempool.jetty.enabled=" })
	void memoryOfJettyIsItsOwnByDefault(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).doesNotHaveBean(PooledByteBufferPool.class);
			assertThat(context).doesNotHaveBean("mempoolJettyCustomizer");
			assertThat(context.getBeansOfType(BufferPool.class)).containsOnlyKeys("default");
		});
	}

	@Test
	void poolsSuitInputAndOutputWithoutFurtherProperties() {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			assertThat(context.getBeansOfType(BufferPool.class)).containsOnlyKeys("default", "jetty-heap",
					"jetty-direct");
			BufferPool heap = context.getBean("jetty-heap", BufferPool.class);
			BufferPool direct = context.getBean("jetty-direct", BufferPool.class);
			assertThat(heap.memory()).isEqualTo(MemoryKind.HEAP);
			assertThat(direct.memory()).isEqualTo(MemoryKind.OFF_HEAP);
			for (BufferPool pool : new BufferPool[] { heap, direct }) {
				assertThat(pool.tiers()).extracting(BufferTier::size)
					.containsExactly(1024, 2048, 4096, 8192, 17 * 1024, 32 * 1024, 64 * 1024);
				assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
			}
		});
	}

	@Test
	void poolsAreConfiguredLikeAllOthers() {
		this.runner.withPropertyValues(ENABLED, "mempool.pools.jetty-heap.tiers=4KB, 16KB",
				"mempool.pools.jetty-direct.limit=1MB", "mempool.defaults.clear=never", "mempool.defaults.max-idle=3")
			.run((context) -> {
				BufferPool heap = context.getBean("jetty-heap", BufferPool.class);
				BufferPool direct = context.getBean("jetty-direct", BufferPool.class);
				assertThat(heap.tiers()).extracting(BufferTier::size).containsExactly(4096, 16_384);
				assertThat(direct.settings().limit()).isEqualTo(1 << 20);
				assertThat(direct.settings().clearing()).isEqualTo(Clearing.NEVER);
				assertThat(direct.tiers()).allMatch((tier) -> tier.caps().maxIdle() == 3);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "MEMPOOL_POOLS_JETTY_HEAP_MAX_IDLE", "MEMPOOL_POOLS_JETTYHEAP_MAXIDLE" })
	void variablesChangeThePoolsAlsoIfNoPropertyNamesThem(String variable) {
		SystemEnvironmentPropertySource variables = new SystemEnvironmentPropertySource("systemEnvironment",
				Map.of(variable, "5", "MEMPOOL_JETTY_ENABLED", "true"));
		this.runner
			.withInitializer(
					(context) -> context.getEnvironment().getPropertySources().replace("systemEnvironment", variables))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("jetty-heap", BufferPool.class).tiers())
					.allMatch((tier) -> tier.caps().maxIdle() == 5);
			});
	}

	@Test
	void policyAndTiersOfAllPoolsAreNotThoseOfJetty() {
		this.runner
			.withPropertyValues(ENABLED, "mempool.defaults.policy=fail", "mempool.defaults.memory=off-heap",
					"mempool.defaults.tiers=1MB")
			.run((context) -> {
				BufferPool heap = context.getBean("jetty-heap", BufferPool.class);
				assertThat(heap.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
				assertThat(heap.memory()).isEqualTo(MemoryKind.HEAP);
				assertThat(heap.minimumSize()).isEqualTo(1024);
			});
	}

	@ParameterizedTest
	@CsvSource({ "mempool.pools.jetty-direct.policy=fail,neither waits nor fails",
			"mempool.pools.jetty-heap.policy=wait,neither waits nor fails",
			"mempool.pools.jetty-heap.memory=off-heap,wants to have on the heap",
			"mempool.pools.jetty-direct.memory=heap,wants to have outside of the heap" })
	void settingThatJettyCannotHonourIsRefused(String property, String reason) {
		this.runner.withPropertyValues(ENABLED, property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidMempoolPropertyException.class)
				.hasMessageContaining(property.substring(0, property.indexOf('=')))
				.hasMessageContaining(reason));
	}

	@Test
	void beanOfTheApplicationTakesThePlaceOfAPool() {
		this.runner.withPropertyValues(ENABLED)
			.withBean("jetty-heap", BufferPool.class, () -> BufferPool.builder("jetty-heap").tiers(512).build())
			.run((context) -> {
				assertThat(context.getBean("jetty-heap", BufferPool.class).maximumSize()).isEqualTo(512);
				context.getBean(PooledByteBufferPool.class).acquire(500, false).release();
				assertThat(context.getBean("jetty-heap", BufferPool.class).statistics().misses()).isOne();
			});
	}

	@Test
	void withoutJettyThereAreNoPoolsAndAWarningSaysSo(CapturedOutput output) {
		this.runner.withPropertyValues(ENABLED)
			.withClassLoader(new FilteredClassLoader("org.eclipse.jetty", "org.springframework.boot.jetty"))
			.run((context) -> assertThat(context.getBeansOfType(BufferPool.class)).containsOnlyKeys("default"));
		assertThat(output).contains("'mempool.jetty.enabled' has no effect")
			.contains("the class path has no 'spring-boot-jetty'");
	}

	@Test
	void withoutPoolsThereIsNoMemoryForJetty() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MempoolJettyAutoConfiguration.class))
			.withPropertyValues(ENABLED)
			.run((context) -> assertThat(context).doesNotHaveBean(PooledByteBufferPool.class));
	}

	@Test
	void poolAndCustomizerBackOff() {
		this.runner.withPropertyValues(ENABLED)
			.withUserConfiguration(OwnBeans.class)
			.run((context) -> assertThat(context).getBeans(PooledByteBufferPool.class).containsOnlyKeys("own"));
	}

	@Test
	void customizersOfTheApplicationSeeThePooledConnectorsAndMayAddOthers(CapturedOutput output) {
		this.runner.withPropertyValues(ENABLED).run((context) -> {
			PooledByteBufferPool pool = context.getBean(PooledByteBufferPool.class);
			JettyServletWebServerFactory factory = new JettyServletWebServerFactory(0);
			JettyServerCustomizer ofApplication = (server) -> {
				assertThat(server.getConnectors()[0].getByteBufferPool()).isSameAs(pool);
				server.addConnector(new ServerConnector(server));
				server.addConnector(new ServerConnector(server, null, null, new ArrayByteBufferPool(), 1, 1,
						new HttpConnectionFactory()));
			};
			factory.addServerCustomizers(ofApplication);
			new JettyMemoryCustomizer(pool).customize(factory);
			JettyWebServer server = (JettyWebServer) factory.getWebServer();
			server.start();
			try {
				Connector[] connectors = server.getServer().getConnectors();
				assertThat(connectors).hasSize(3);
				assertThat(connectors).filteredOn((connector) -> connector.getByteBufferPool() == pool).hasSize(2);
			}
			finally {
				server.stop();
				server.destroy();
			}
		});
		assertThat(output).containsOnlyOnce("'mempool.jetty.enabled' has no effect on the connector");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		PooledByteBufferPool own() {
			BufferPool pool = BufferPool.builder("own").tiers(1024).build();
			return new PooledByteBufferPool(pool, pool);
		}

		@Bean
		WebServerFactoryCustomizer<JettyServletWebServerFactory> mempoolJettyCustomizer() {
			return (factory) -> {
			};
		}

	}

}
