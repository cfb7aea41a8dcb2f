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

import java.util.List;
import java.util.stream.Stream;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Filters of a registry change, merge or deny meters. What is left stays right, in a
 * registry of its own and in one that is part of a composite.
 */
@ProvokesOutput
class MeterFilterTests {

	@ParameterizedTest
	@EnumSource
	void meterWithoutItsTierShowsTheSumOverTheTiers(Place place) {
		MeterRegistry registry = filtered(MeterFilter.ignoreTags("tier"));
		try (BufferPool pool = BufferPool.builder("codec").tiers(4096, 65536).caps(new Caps(3, 7, 0)).build()) {
			new BufferPoolMetrics(pool).bindTo(place.bindingOf(registry));
			try (PooledBuffer small = pool.acquire(100); PooledBuffer large = pool.acquire(60_000)) {
				assertThat(small.size()).isLessThan(large.size());
				awaitValue(2, registry, "mempool.buffers", "state", "leased");
				awaitValue(2, registry, "mempool.acquisitions", "result", "miss");
				assertThat(value(registry, "mempool.buffers.idle.limit")).isEqualTo(6);
				assertThat(value(registry, "mempool.buffers.total.limit")).isEqualTo(14);
			}
			awaitValue(2, registry, "mempool.buffers", "state", "idle");
		}
	}

	@ParameterizedTest
	@EnumSource
	void meterWithoutItsTierOutlivesEachOfTheTiers(Place place) {
		MeterRegistry registry = filtered(MeterFilter.ignoreTags("tier"));
		try (BufferPool pool = BufferPool.builder("codec")
			.tiers(4096, 65536)
			.caps(new Caps(3, 7, 0))
			.policy(ExhaustionPolicy.WAIT)
			.build()) {
			new BufferPoolMetrics(pool).bindTo(place.bindingOf(registry));
			List<Meter.Id> before = ids(registry);
			pool.update((settings) -> settings.tiers(65536));
			assertThat(ids(registry)).containsExactlyInAnyOrderElementsOf(before);
			assertThat(value(registry, "mempool.buffers.idle.limit")).isEqualTo(3);
			pool.update((settings) -> settings.tiers(4096, 8192));
			assertThat(ids(registry)).containsExactlyInAnyOrderElementsOf(before);
			pool.acquire(100).release();
			awaitValue(1, registry, "mempool.buffers", "state", "idle");
			awaitValue(1, registry, "mempool.acquisitions", "result", "miss");
		}
		assertThat(registry.getMeters()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void meterWithoutItsPoolShowsTheSumOverThePoolsAndOutlivesEachOfThem(Place place) {
		MeterRegistry registry = filtered(MeterFilter.ignoreTags("pool"));
		MeterRegistry binding = place.bindingOf(registry);
		BufferPool first = BufferPool.builder("first").tiers(4096).limit(1 << 20).build();
		try (BufferPool second = BufferPool.builder("second").tiers(4096).limit(2 << 20).build()) {
			new BufferPoolMetrics(first).bindTo(binding);
			new BufferPoolMetrics(second).bindTo(binding);
			first.acquire(10).release();
			second.acquire(10).release();
			awaitValue(2, registry, "mempool.acquisitions", "result", "miss");
			assertThat(value(registry, "mempool.memory.limit")).isEqualTo(3 << 20);
			first.close();
			assertThat(value(registry, "mempool.memory.limit")).isEqualTo(2 << 20);
			assertThat(value(registry, "mempool.acquisitions", "result", "miss")).isEqualTo(2);
		}
		assertThat(registry.getMeters()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void totalWithoutItsReasonShowsTheSumOverTheReasons(Place place) {
		MeterRegistry registry = filtered(MeterFilter.ignoreTags("reason", "tier"));
		try (BufferPool pool = BufferPool.builder("codec").tiers(4096).caps(new Caps(0, 1, 0)).build()) {
			new BufferPoolMetrics(pool).bindTo(place.bindingOf(registry));
			pool.acquire(10).release();
			pool.acquire(10).discard();
			awaitValue(pool.statistics().discarded(), registry, "mempool.discards");
			assertThat(pool.statistics().discardedBy()).hasSize(2);
		}
	}

	@ParameterizedTest
	@MethodSource("filtersAndPlaces")
	void filterOfAnyKindLeavesNothingBehindWhenThePoolIsClosed(MeterFilter filter, Place place) {
		MeterRegistry registry = filtered(filter);
		MeterRegistry binding = place.bindingOf(registry);
		try (BufferPool pool = BufferPool.builder("codec").tiers(4096, 65536).build()) {
			new BufferPoolMetrics(pool).bindTo(binding);
			pool.update((settings) -> settings.tiers(65536));
			pool.update((settings) -> settings.tiers(4096, 8192));
			assertThat(registry.getMeters()).isNotEmpty();
		}
		assertThat(registry.getMeters()).isEmpty();
		assertThat(binding.getMeters()).isEmpty();
	}

	// Some filters count what they have seen: a new one each time
	static Stream<Arguments> filtersAndPlaces() {
		return Stream.of(Place.values()).flatMap((place) -> filters().map((filter) -> Arguments.of(filter, place)));
	}

	private static Stream<MeterFilter> filters() {
		return Stream.of(MeterFilter.replaceTagValues("tier", (tier) -> tier.equals("oversized") ? tier : "tier"),
				MeterFilter.renameTag("mempool", "pool", "name"),
				MeterFilter.commonTags(Tags.of("application", "x", "pool", "other")), MeterFilter.ignoreTags("tier"),
				MeterFilter.ignoreTags("pool", "tier", "memory", "state", "result", "reason"),
				MeterFilter.denyNameStartsWith("mempool.discards"), MeterFilter.maximumAllowableMetrics(10));
	}

	@ParameterizedTest
	@EnumSource
	void prometheusScrapesTheSum(Place place) {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		registry.config().meterFilter(MeterFilter.ignoreTags("tier"));
		try (BufferPool pool = BufferPool.builder("codec").tiers(4096, 65536).build()) {
			new BufferPoolMetrics(pool).bindTo(place.bindingOf(registry));
			pool.acquire(100).release();
			pool.acquire(60_000).release();
			pool.update((settings) -> settings.tiers(65536));
			await().untilAsserted(() -> assertThat(registry.scrape()).contains(
					"mempool_acquisitions_total{memory=\"heap\",pool=\"codec\",result=\"miss\"} 2.0",
					"mempool_buffers{memory=\"heap\",pool=\"codec\",state=\"idle\"} 1.0"));
		}
		assertThat(registry.scrape()).doesNotContain("mempool_");
	}

	private static MeterRegistry filtered(MeterFilter filter) {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(filter);
		return registry;
	}

	private static List<Meter.Id> ids(MeterRegistry registry) {
		return registry.getMeters().stream().map(Meter::getId).toList();
	}

	private static void awaitValue(double value, MeterRegistry registry, String name, String... tags) {
		await().untilAsserted(() -> assertThat(value(registry, name, tags)).isEqualTo(value));
	}

	private static double value(MeterRegistry registry, String name, String... tags) {
		return registry.get(name).tags(tags).meter().measure().iterator().next().getValue();
	}

	/**
	 * Where the registry stands that the meters of a pool are bound to.
	 */
	enum Place {

		ALONE {

			@Override
			MeterRegistry bindingOf(MeterRegistry registry) {
				return registry;
			}

		},

		IN_COMPOSITE {

			@Override
			MeterRegistry bindingOf(MeterRegistry registry) {
				CompositeMeterRegistry composite = new CompositeMeterRegistry();
				composite.add(new SimpleMeterRegistry());
				composite.add(registry);
				return composite;
			}

		};

		abstract MeterRegistry bindingOf(MeterRegistry registry);

	}

}
