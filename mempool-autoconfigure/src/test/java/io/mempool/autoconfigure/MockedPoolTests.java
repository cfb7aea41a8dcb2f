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

import io.mempool.actuate.endpoint.MempoolEndpoint;
import io.mempool.buffer.BufferPool;
import io.mempool.object.ObjectPool;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * Pools that a test of an application replaces by mocks and spies.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "mempool.pools.uploads.tiers=4KB", "mempool.pools.codec.tiers=4KB",
				"management.endpoints.web.exposure.include=*", "management.health.mempool.enabled=true",
				"mempool.request.pool=uploads" })
class MockedPoolTests {

	@MockitoBean("uploads")
	private BufferPool uploads;

	@MockitoBean("default")
	private BufferPool defaultPool;

	@MockitoBean("further")
	private BufferPool further;

	@MockitoBean("mocked")
	private ObjectPool<?> mocked;

	@MockitoSpyBean("codec")
	private BufferPool codec;

	@MockitoSpyBean("objects")
	private ObjectPool<Object> objects;

	@Autowired
	private MempoolEndpoint endpoint;

	@Autowired
	private MeterRegistry registry;

	@Test
	void poolsThatAreNotMockedAreShownAndMetered() {
		this.codec.acquire(10).release();
		this.objects.acquire().close();
		verify(this.codec).acquire(10);
		var shown = this.endpoint.mempool();
		assertThat(shown.pools()).containsOnlyKeys("codec");
		assertThat(shown.objects()).containsOnlyKeys("objects");
		assertThat(this.registry.get("mempool.buffers.idle.limit").gauge().value())
			.isEqualTo(this.codec.tiers().get(0).caps().maxIdle());
	}

	@Test
	void mockIsNoPoolOfTheEndpoint() {
		assertThat(this.endpoint.pool("uploads")).isNull();
		assertThat(this.endpoint.pool("mocked")).isNull();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ObjectPool<Object> objects(ObjectPoolBuilderFactory pools) {
			return pools.builder("objects", Object::new).build();
		}

		@Bean
		ObjectPool<Object> mocked(ObjectPoolBuilderFactory pools) {
			return pools.builder("mocked", Object::new).build();
		}

	}

}
