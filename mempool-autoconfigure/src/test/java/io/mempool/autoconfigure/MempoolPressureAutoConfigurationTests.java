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
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.mempool.actuate.endpoint.PoolAudit;
import io.mempool.buffer.BufferPool;
import io.mempool.core.DiscardReason;
import io.mempool.pressure.HeapPressure;
import io.mempool.spring.PoolTrimmedEvent;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools of an application give memory back when its heap is nearly full. In the tests
 * that is when one percent of it is used.
 */
@ProvokesOutput
@Tag("garbage")
class MempoolPressureAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MempoolAutoConfiguration.class, MempoolPressureAutoConfiguration.class,
				MempoolEventsAutoConfiguration.class, MempoolEndpointAutoConfiguration.class))
		.withPropertyValues("mempool.pools.uploads.tiers=1KB", "management.endpoints.web.exposure.include=mempool");

	private static long pressed(BufferPool pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.PRESSURE, 0L);
	}

	@Test
	void thresholdIsNineTenthsUnlessSet() {
		this.runner.run((context) -> assertThat(context.getBean(HeapPressure.class).heapAbove()).isEqualTo(90));
		this.runner.withPropertyValues("mempool.pressure.heap-above=75%")
			.run((context) -> assertThat(context.getBean(HeapPressure.class).heapAbove()).isEqualTo(75));
	}

	@Test
	void propertySwitchesItOff() {
		this.runner.withPropertyValues("mempool.pressure.enabled=off")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HeapPressure.class));
	}

	@Test
	void memoryThatGoesBackIsAReasonAnEventAndAnAuditEntry() {
		this.runner.withPropertyValues("mempool.pressure.heap-above=1")
			.withUserConfiguration(Listeners.class)
			.run((context) -> {
				BufferPool pool = context.getBean("uploads", BufferPool.class);
				Listeners listeners = context.getBean(Listeners.class);
				pool.acquire(1024).release();
				Garbage.collectUntil(
						() -> pressed(pool) == 1 && !listeners.trimmed.isEmpty() && !listeners.audited.isEmpty());
				assertThat(listeners.trimmed).singleElement()
					.satisfies((event) -> assertThat(event.reason()).isEqualTo(DiscardReason.PRESSURE));
				AuditApplicationEvent audited = listeners.audited.get(0);
				assertThat(audited.getAuditEvent().getType()).isEqualTo(PoolAudit.RELIEVED);
				Map<String, Object> data = audited.getAuditEvent().getData();
				assertThat(data).containsEntry("pool", "uploads")
					.containsEntry("reason", "pressure")
					.containsEntry("trimmedBytes", listeners.trimmed.get(0).bytes());
				assertThat((long) data.get("heapAfterCollectionBytes"))
					.isGreaterThan((long) data.get("thresholdBytes"));
			});
	}

	@Test
	void poolsOfAContextThatWasClosedKeepTheirMemory() throws Exception {
		BufferPool outliving = BufferPool.builder("outliving").tiers(1024).build();
		outliving.acquire(1024).release();
		this.runner.withPropertyValues("mempool.pressure.heap-above=1")
			.withBean("outliving", BufferPool.class, () -> outliving,
					(definition) -> definition.setDestroyMethodName(""))
			.run((context) -> Garbage.collectUntil(() -> pressed(outliving) == 1));
		assertThat(pressed(outliving)).isEqualTo(1);
		outliving.acquire(1024).release();
		Garbage.collect();
		assertThat(outliving.statistics().idle()).isEqualTo(1);
		outliving.close();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		private final List<PoolTrimmedEvent> trimmed = new CopyOnWriteArrayList<>();

		private final List<AuditApplicationEvent> audited = new CopyOnWriteArrayList<>();

		@EventListener
		void trimmed(PoolTrimmedEvent event) {
			this.trimmed.add(event);
		}

		@EventListener
		void audited(AuditApplicationEvent event) {
			this.audited.add(event);
		}

	}

}
