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

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.Weights;
import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BufferPoolMetrics} and {@link BudgetMetrics}.
 */
@ProvokesOutput
class BufferPoolMetricsTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final List<BufferPool> pools = new ArrayList<>();

	@AfterEach
	void closePools() {
		this.pools.forEach(BufferPool::close);
	}

	@Test
	void acquisitionsAreCountedByResult() {
		BufferPool pool = bind(BufferPool.builder("web")
			.tiers(1000)
			.caps(new Caps(1, 2, 0))
			.limit(4000)
			.policy(ExhaustionPolicy.FAIL));
		PooledBuffer first = pool.acquire(10);
		PooledBuffer second = pool.acquire(10);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(10));
		first.close();
		pool.acquire(10).close();
		second.close();
		pool.acquire(1500).close();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(5000));
		awaitCount("mempool.acquisitions", 2, "tier", "1000", "result", "miss");
		awaitCount("mempool.acquisitions", 1, "tier", "1000", "result", "hit");
		awaitCount("mempool.acquisitions", 1, "tier", "1000", "result", "exhausted");
		awaitCount("mempool.acquisitions", 1, "tier", "oversized", "result", "oversized");
		awaitCount("mempool.acquisitions", 1, "tier", "oversized", "result", "exhausted");
		awaitCount("mempool.releases", 3, "tier", "1000");
		awaitCount("mempool.discards", 1, "tier", "1000", "reason", "full");
	}

	@Test
	void levelsAndTheirLimitsAreGauges() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000).caps(new Caps(5, 7, 0)).limit(9000));
		PooledBuffer buffer = pool.acquire(10);
		pool.acquire(20).close();
		PooledBuffer oversized = pool.acquire(2000);
		awaitGauge("mempool.buffers", 1, "tier", "1000", "state", "leased");
		awaitGauge("mempool.buffers", 1, "tier", "1000", "state", "idle");
		awaitGauge("mempool.buffers", 1, "tier", "oversized", "state", "leased");
		awaitGauge("mempool.buffers.idle.limit", 5, "tier", "1000");
		awaitGauge("mempool.buffers.total.limit", 7, "tier", "1000");
		awaitGauge("mempool.memory.used", 2 * Weights.of(1000) + Weights.ofTransient(2000), "pool", "web");
		awaitGauge("mempool.memory.pending", 0, "pool", "web", "memory", "heap");
		awaitGauge("mempool.memory.limit", 9000, "memory", "heap");
		buffer.close();
		oversized.close();
	}

	@Test
	void memoryThatIsNotYetFreedIsAGauge() {
		BufferPool pool = bind(BufferPool.builder("web").memory(MemoryKind.OFF_HEAP).tiers(1000));
		PooledBuffer buffer = pool.acquire(1000);
		ByteBuffer view = buffer.byteBuffer();
		buffer.discard();
		awaitGauge("mempool.memory.pending", 1000, "pool", "web", "memory", "off-heap");
		awaitGauge("mempool.memory.used", 1000, "pool", "web", "memory", "off-heap");
		Reference.reachabilityFence(view);
	}

	@Test
	void whatHasNoLimitHasNoMeterOfOne() {
		bind(BufferPool.builder("web").tiers(1000));
		assertThatNoMeterIsNamed("mempool.buffers.total.limit", "mempool.memory.limit");
	}

	@Test
	void doubleReleasesAreCounted() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		PooledBuffer buffer = pool.acquire(10);
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release);
		awaitCount("mempool.double.releases", 1, "tier", "1000");
	}

	@Test
	void leaksAreCounted() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		pool.acquire(10);
		pool.statistics();
		pool.statistics();
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			System.gc();
			assertThat(search("mempool.leaks", "tier", "1000").functionCounter().count()).isEqualTo(1);
		});
	}

	@Test
	void waitersAreCountedAndTimedWhereThePoolWaits() throws Exception {
		BufferPool pool = bind(BufferPool.builder("web")
			.tiers(1000)
			.caps(new Caps(1, 1, 0))
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20)));
		PooledBuffer buffer = pool.acquire(10);
		Thread waiter = new Thread(() -> pool.acquire(10).close());
		waiter.start();
		awaitGauge("mempool.waiting", 1, "tier", "1000");
		buffer.close();
		waiter.join();
		awaitGauge("mempool.waiting", 0, "tier", "1000");
		assertThat(search("mempool.wait", "tier", "1000").functionTimer().count()).isEqualTo(1);
		assertThat(search("mempool.wait", "tier", "1000").functionTimer().totalTime(TimeUnit.MILLISECONDS))
			.isPositive();
	}

	@Test
	void poolThatNeverWaitsHasNoMetersOfWaiting() {
		bind(BufferPool.builder("web").tiers(1000));
		assertThatNoMeterIsNamed("mempool.waiting", "mempool.wait");
	}

	@Test
	void tiersThatComeHaveMetersAndThoseThatGoKeepTheirTotals() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000, 2000));
		pool.acquire(10).close();
		PooledBuffer lent = pool.acquire(20);
		Meter untouched = search("mempool.acquisitions", "tier", "2000", "result", "miss").functionCounter();
		pool.update((settings) -> settings.tiers(2000, 3000));
		assertThat(search("mempool.buffers", "tier", "3000", "state", "idle").gauge().value()).isZero();
		assertThat(search("mempool.buffers.idle.limit", "tier", "3000").gauge().value()).isPositive();
		assertThat(this.registry.find("mempool.buffers").tags("tier", "1000", "state", "idle").meters()).isEmpty();
		assertThat(this.registry.find("mempool.buffers.idle.limit").tags("tier", "1000").meters()).isEmpty();
		assertThat(search("mempool.acquisitions", "tier", "1000", "result", "hit").functionCounter().count())
			.isEqualTo(1);
		assertThat(search("mempool.buffers", "tier", "1000", "state", "leased").gauge().value()).isEqualTo(1);
		assertThat(search("mempool.acquisitions", "tier", "2000", "result", "miss").functionCounter())
			.isSameAs(untouched);
		lent.close();
		awaitGauge("mempool.buffers", 0, "tier", "1000", "state", "leased");
		awaitCount("mempool.releases", 2, "tier", "1000");
		pool.acquire(2500).close();
		awaitCount("mempool.acquisitions", 1, "tier", "3000", "result", "miss");
	}

	@Test
	void tierThatComesBackGoesOnCounting() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000, 2000));
		pool.acquire(10).close();
		pool.update((settings) -> settings.tiers(2000));
		pool.update((settings) -> settings.tiers(1000, 2000));
		pool.acquire(10).close();
		awaitCount("mempool.acquisitions", 2, "tier", "1000", "result", "miss");
		awaitGauge("mempool.buffers", 1, "tier", "1000", "state", "idle");
	}

	@Test
	void limitsAppearAndDisappearWithThoseOfThePool() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		pool.update((settings) -> settings.limit(8000).maxTotal(3));
		assertThat(search("mempool.memory.limit").gauge().value()).isEqualTo(8000);
		assertThat(search("mempool.buffers.total.limit", "tier", "1000").gauge().value()).isEqualTo(3);
		pool.update((settings) -> settings.limit(9000));
		assertThat(search("mempool.memory.limit").gauge().value()).isEqualTo(9000);
		pool.update((settings) -> settings.limit(Long.MAX_VALUE).maxTotal(Caps.UNLIMITED));
		assertThatNoMeterIsNamed("mempool.buffers.total.limit", "mempool.memory.limit");
	}

	@Test
	void metersOfWaitingAppearAndDisappearWithThePolicy() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		pool.update((settings) -> settings.policy(ExhaustionPolicy.WAIT));
		assertThat(search("mempool.waiting", "tier", "1000").gauge().value()).isZero();
		assertThat(search("mempool.wait", "tier", "oversized").functionTimer().count()).isZero();
		pool.update((settings) -> settings.policy(ExhaustionPolicy.FAIL));
		assertThatNoMeterIsNamed("mempool.waiting", "mempool.wait");
	}

	@Test
	void updateLeavesMetersThatAreStillWanted() {
		List<Meter.Id> added = new ArrayList<>();
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		this.registry.config().onMeterAdded((meter) -> added.add(meter.getId()));
		pool.update((settings) -> settings.maxIdle(3));
		assertThat(added).isEmpty();
		assertThat(search("mempool.buffers.idle.limit", "tier", "1000").gauge().value()).isEqualTo(3);
	}

	@Test
	void metersSurviveACollectionOfTheirBinder() {
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000));
		System.gc();
		pool.acquire(10).close();
		awaitCount("mempool.acquisitions", 1, "tier", "1000", "result", "miss");
	}

	@Test
	void budgetHasMeters() {
		Budget budget = BufferPool.budget("heap", 10_000);
		BufferPool pool = bind(BufferPool.builder("web").tiers(1000).budget(budget));
		new BudgetMetrics(MemoryKind.HEAP, budget).bindTo(this.registry);
		pool.acquire(10).close();
		awaitGauge("mempool.budget.used", Weights.of(1000), "memory", "heap");
		awaitGauge("mempool.budget.limit", 10_000, "memory", "heap");
	}

	@Test
	void metersOfOneNameHaveTheSameTagKeys() {
		bind(BufferPool.builder("web").tiers(1000, 2000).limit(100_000));
		bind(BufferPool.builder("files").memory(MemoryKind.OFF_HEAP).tiers(4096).policy(ExhaustionPolicy.WAIT));
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(keys(meter)).as(meter.getId().getName())
				.isEqualTo(keys(this.registry.get(meter.getId().getName()).meters().iterator().next())));
	}

	@Test
	void prometheusScrapesAllOfIt() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		BufferPool web = pool(BufferPool.builder("web").tiers(1000, 2000).limit(100_000));
		BufferPool files = pool(BufferPool.builder("files")
			.memory(MemoryKind.OFF_HEAP)
			.tiers(4096)
			.caps(new Caps(2, 3, 1))
			.policy(ExhaustionPolicy.WAIT));
		new BufferPoolMetrics(web).bindTo(prometheus);
		new BufferPoolMetrics(files).bindTo(prometheus);
		Supplier<String> scrape = () -> prometheus.scrape();
		web.acquire(1500).close();
		web.update((settings) -> settings.tiers(2000, 3000));
		await().untilAsserted(() -> assertThat(scrape.get()).contains(
				"mempool_acquisitions_total{memory=\"heap\",pool=\"web\",result=\"miss\",tier=\"2000\"} 1.0",
				"mempool_acquisitions_total{memory=\"heap\",pool=\"web\",result=\"miss\",tier=\"1000\"} 0.0",
				"mempool_acquisitions_total{memory=\"heap\",pool=\"web\",result=\"miss\",tier=\"3000\"} 0.0",
				"mempool_buffers{memory=\"off-heap\",pool=\"files\",state=\"idle\",tier=\"4096\"} 1.0",
				"mempool_buffers_total_limit{memory=\"off-heap\",pool=\"files\",tier=\"4096\"} 3.0",
				"mempool_memory_used_bytes{memory=\"heap\",pool=\"web\"} " + (double) Weights.of(2000),
				"mempool_memory_pending_bytes{memory=\"off-heap\",pool=\"files\"} 0.0",
				"mempool_memory_limit_bytes{memory=\"heap\",pool=\"web\"} 100000.0",
				"mempool_discards_total{memory=\"heap\",pool=\"web\",reason=\"in-doubt\",tier=\"1000\"} 0.0",
				"mempool_leaks_total{", "mempool_double_releases_total{", "mempool_releases_total{",
				"mempool_waiting_threads{", "mempool_wait_seconds_count{", "mempool_wait_seconds_sum{"));
	}

	private void assertThatNoMeterIsNamed(String... names) {
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getName()).isNotIn((Object[]) names));
	}

	private static List<String> keys(Meter meter) {
		return meter.getId().getTags().stream().map((tag) -> tag.getKey()).toList();
	}

	private BufferPool bind(BufferPoolBuilder builder) {
		BufferPool pool = pool(builder);
		new BufferPoolMetrics(pool).bindTo(this.registry);
		return pool;
	}

	private BufferPool pool(BufferPoolBuilder builder) {
		BufferPool pool = builder.build();
		this.pools.add(pool);
		return pool;
	}

	// Figures may be some milliseconds old
	private void awaitCount(String name, double count, String... tags) {
		await().untilAsserted(() -> assertThat(search(name, tags).functionCounter().count()).as(name).isEqualTo(count));
	}

	private void awaitGauge(String name, double value, String... tags) {
		await().untilAsserted(() -> assertThat(search(name, tags).gauge().value()).as(name).isEqualTo(value));
	}

	private RequiredSearch search(String name, String... tags) {
		return this.registry.get(name).tags(tags);
	}

}
