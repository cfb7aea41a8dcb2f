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

package io.mempool.actuate.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

import io.mempool.autoconfigure.MempoolAutoConfiguration;
import io.mempool.autoconfigure.MempoolEndpointAutoConfiguration;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.Weights;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MempoolEndpoint} over JMX.
 */
class MempoolEndpointJmxTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, EndpointAutoConfiguration.class,
				JmxEndpointAutoConfiguration.class, MempoolAutoConfiguration.class,
				MempoolEndpointAutoConfiguration.class))
		.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=mempool",
				"mempool.pools.uploads.tiers=4KB", "mempool.pools.uploads.max-idle=4");

	@Test
	void poolIsDescribed() {
		this.contextRunner.run((context) -> assertThat(invoke(context, "pool", Map.of("pool", "uploads")))
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("memory", "heap"));
	}

	@Test
	void poolIsChangedByWhatIsNotEmpty() {
		this.contextRunner.withPropertyValues("management.endpoint.mempool.access=UNRESTRICTED").run((context) -> {
			Object answer = invoke(context, "update", Map.of("pool", "uploads", "maxIdle", "2", "limit", ""));
			assertThat(answer).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsEntry("pool", "uploads")
				.containsEntry("changes", List.of(Map.of("setting", "max-idle", "from", "4", "to", "2")));
			assertThat(context.getBean("uploads", BufferPool.class).tiers().get(0).caps().maxIdle()).isEqualTo(2);
		});
	}

	@Test
	void mistakeIsRefusedWithItsReason() {
		this.contextRunner.withPropertyValues("management.endpoint.mempool.access=UNRESTRICTED")
			.run((context) -> assertThatExceptionOfType(ReflectionException.class)
				.isThrownBy(() -> invoke(context, "update", Map.of("pool", "uploads", "maxIdle", "many")))
				.withMessageContaining("'maxIdle' cannot be 'many'"));
	}

	@Test
	void idleMemoryIsTrimmed() {
		this.contextRunner.withPropertyValues("management.endpoint.mempool.access=UNRESTRICTED").run((context) -> {
			context.getBean("uploads", BufferPool.class).acquire(1).release();
			assertThat(invoke(context, "trim", Map.of("pool", "uploads"))).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsEntry("trimmedBytes", Weights.of(4096));
		});
	}

	@Test
	void changesAreNotOfferedUnlessAccessIsGranted() {
		this.contextRunner.run((context) -> assertThat(server(context).getMBeanInfo(name()).getOperations())
			.extracting(MBeanOperationInfo::getName)
			.containsExactlyInAnyOrder("mempool", "pool"));
	}

	private static Object invoke(AssertableApplicationContext context, String operation, Map<String, String> arguments)
			throws Exception {
		List<Object> values = new ArrayList<>();
		List<String> types = new ArrayList<>();
		for (MBeanOperationInfo info : server(context).getMBeanInfo(name()).getOperations()) {
			if (info.getName().equals(operation)) {
				for (MBeanParameterInfo parameter : info.getSignature()) {
					values.add(arguments.get(parameter.getName()));
					types.add(parameter.getType());
				}
			}
		}
		return server(context).invoke(name(), operation, values.toArray(), types.toArray(new String[0]));
	}

	private static MBeanServer server(AssertableApplicationContext context) {
		return context.getBean(MBeanServer.class);
	}

	private static ObjectName name() throws Exception {
		return new ObjectName("org.springframework.boot:type=Endpoint,name=Mempool");
	}

}
