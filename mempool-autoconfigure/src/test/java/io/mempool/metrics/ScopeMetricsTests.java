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

import java.util.concurrent.atomic.AtomicReference;

import io.mempool.scope.ScopeStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ScopeMetrics}.
 */
class ScopeMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void openScopesAreALevelAndEndedOnesACountByOutcome() {
		AtomicReference<ScopeStatistics> scopes = new AtomicReference<>(new ScopeStatistics(0, 0, 0));
		new ScopeMetrics(scopes::get, Tags.of("kind", "request")).bindTo(this.registry);
		assertThat(ended("released")).isZero();
		scopes.set(new ScopeStatistics(5, 2, 1));
		await().untilAsserted(() -> assertThat(ended("released")).isEqualTo(5));
		assertThat(ended("in-doubt")).isEqualTo(2);
		assertThat(this.registry.get("mempool.scopes.open").tags("kind", "request").gauge().value()).isEqualTo(1);
	}

	@Test
	void metersSurviveACollectionOfTheirBinder() {
		new ScopeMetrics(() -> new ScopeStatistics(3, 0, 0)).bindTo(this.registry);
		System.gc();
		assertThat(ended("released")).isEqualTo(3);
	}

	private double ended(String outcome) {
		return this.registry.get("mempool.scopes.ended").tags("outcome", outcome).functionCounter().count();
	}

}
