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

package io.mempool.metrics;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ObjectPoolMetrics}.
 */
class ObjectPoolMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void poolOfObjectsHasTheSameMetersUnderAnotherName() {
		try (ObjectPool<Object> pool = ObjectPool.builder("codecs", Object::new)
			.maxIdle(3)
			.policy(ExhaustionPolicy.WAIT)
			.build()) {
			new ObjectPoolMetrics(pool).bindTo(this.registry);
			pool.acquire().close();
			PooledObject<Object> lease = pool.acquire();
			await().untilAsserted(() -> assertThat(count("hit")).isEqualTo(1));
			assertThat(count("miss")).isEqualTo(1);
			assertThat(gauge("mempool.objects", "state", "leased")).isEqualTo(1);
			assertThat(gauge("mempool.objects", "state", "idle")).isZero();
			assertThat(gauge("mempool.objects.idle.limit")).isEqualTo(3);
			assertThat(gauge("mempool.objects.waiting")).isZero();
			lease.close();
		}
	}

	@Test
	void metersFollowTheSettingsOfThePool() {
		try (ObjectPool<Object> pool = ObjectPool.builder("codecs", Object::new).maxIdle(3).build()) {
			new ObjectPoolMetrics(pool).bindTo(this.registry);
			assertThat(this.registry.find("mempool.objects.total.limit").meters()).isEmpty();
			assertThat(this.registry.find("mempool.objects.waiting").meters()).isEmpty();
			pool.update((settings) -> settings.maxTotal(7).policy(ExhaustionPolicy.WAIT));
			assertThat(gauge("mempool.objects.total.limit")).isEqualTo(7);
			assertThat(gauge("mempool.objects.waiting")).isZero();
			pool.update((settings) -> settings.policy(ExhaustionPolicy.FAIL));
			assertThat(this.registry.find("mempool.objects.waiting").meters()).isEmpty();
		}
	}

	private double count(String result) {
		return this.registry.get("mempool.objects.acquisitions")
			.tags("pool", "codecs", "result", result)
			.functionCounter()
			.count();
	}

	private double gauge(String name, String... tags) {
		return this.registry.get(name).tags(tags).gauge().value();
	}

}
