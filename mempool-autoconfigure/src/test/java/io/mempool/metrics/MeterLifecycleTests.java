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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.object.ObjectPool;
import io.mempool.scope.ScopeStatistics;
import io.mempool.testing.ProvokesOutput;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * When meters begin and end: with their pool, with their binder, or never.
 */
@ProvokesOutput
class MeterLifecycleTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void closedPoolHasNoMeters() {
		try (BufferPool pool = bind("codec")) {
			assertThat(this.registry.getMeters()).isNotEmpty();
			pool.acquire(10).release();
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void closedPoolOfObjectsHasNoMeters() {
		try (ObjectPool<Object> pool = ObjectPool.builder("codecs", Object::new).build()) {
			new ObjectPoolMetrics(pool).bindTo(this.registry);
			assertThat(this.registry.getMeters()).isNotEmpty();
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void poolThatWasClosedBeforeHasNoMeters() {
		BufferPool pool = pool("codec");
		pool.close();
		new BufferPoolMetrics(pool).bindTo(this.registry);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void closedPoolIsNotReachableThroughTheRegistry() {
		WeakReference<BufferPool> closed = bindAndClose();
		await().atMost(Duration.ofSeconds(20)).until(() -> {
			System.gc();
			return closed.refersTo(null);
		});
		assertThat(this.registry.isClosed()).isFalse();
	}

	private WeakReference<BufferPool> bindAndClose() {
		BufferPool pool = bind("codec");
		pool.close();
		return new WeakReference<>(pool);
	}

	@Test
	void newPoolOfTheSameNameShowsItsOwnFigures() {
		BufferPool first = bind("codec");
		first.acquire(10).release();
		first.acquire(10).release();
		first.close();
		try (BufferPool second = bind("codec"); PooledBuffer held = second.acquire(10)) {
			assertThat(held.isAlive()).isTrue();
			awaitGauge(1, "mempool.buffers", "tier", "4096", "state", "leased");
			assertThat(count("mempool.acquisitions", "tier", "4096", "result", "miss")).isEqualTo(1);
			assertThat(count("mempool.acquisitions", "tier", "4096", "result", "hit")).isZero();
		}
	}

	@Test
	void openPoolsOfOneNameAreShownAsTheirSumAndEachEndsAlone() {
		BufferPool first = bind("codec");
		try (BufferPool second = bind("codec")) {
			try (PooledBuffer one = first.acquire(10); PooledBuffer other = second.acquire(10)) {
				assertThat(one.size()).isEqualTo(other.size());
				awaitGauge(2, "mempool.buffers", "tier", "4096", "state", "leased");
			}
			first.close();
			awaitGauge(1, "mempool.buffers", "tier", "4096", "state", "idle");
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	@SuppressWarnings("try")
	void limitOfSeveralPoolsIsTheSumOfThoseThatHaveOne() {
		BufferPool second = BufferPool.builder("codec").tiers(4096).limit(2 << 20).build();
		try (BufferPool first = BufferPool.builder("codec").tiers(4096).limit(1 << 20).build();
				BufferPool unlimited = BufferPool.builder("codec").tiers(4096).build()) {
			for (BufferPool pool : List.of(unlimited, first, second)) {
				new BufferPoolMetrics(pool).bindTo(this.registry);
			}
			awaitGauge(3 << 20, "mempool.memory.limit");
			second.close();
			awaitGauge(1 << 20, "mempool.memory.limit");
		}
	}

	@Test
	void totalThatIsStillShownDoesNotGoDownWhenOneOfItsPoolsEnds() {
		BufferPool first = bind("codec");
		try (BufferPool second = bind("codec")) {
			first.acquire(10).release();
			second.acquire(10).release();
			awaitCount(2, "mempool.acquisitions", "tier", "4096", "result", "miss");
			first.close();
			assertThat(count("mempool.acquisitions", "tier", "4096", "result", "miss")).isEqualTo(2);
		}
	}

	@Test
	void poolThatIsBoundTwiceIsCountedOnce() {
		try (BufferPool pool = bind("codec")) {
			BufferPoolMetrics again = new BufferPoolMetrics(pool);
			again.bindTo(this.registry);
			pool.acquire(10).release();
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "miss");
			again.close();
			assertThat(count("mempool.acquisitions", "tier", "4096", "result", "miss")).isEqualTo(1);
			pool.acquire(10).release();
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "hit");
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void closedBinderHasNoMetersAndRegistersNoMore() {
		try (BufferPool pool = pool("codec")) {
			MeterRegistry other = new SimpleMeterRegistry();
			try (BufferPoolMetrics metrics = new BufferPoolMetrics(pool)) {
				metrics.bindTo(this.registry);
				metrics.bindTo(other);
			}
			pool.update((settings) -> settings.limit(1 << 20));
			assertThat(this.registry.getMeters()).isEmpty();
			assertThat(other.getMeters()).isEmpty();
		}
	}

	@Test
	void closedBinderOfABudgetOrOfScopesHasNoMeters() {
		try (BudgetMetrics budget = new BudgetMetrics(MemoryKind.HEAP, BufferPool.budget("heap", 10_000));
				ScopeMetrics scopes = new ScopeMetrics(() -> new ScopeStatistics(3, 2, 1))) {
			budget.bindTo(this.registry);
			scopes.bindTo(this.registry);
			assertThat(this.registry.get("mempool.budget.limit").gauge().value()).isEqualTo(10_000);
			assertThat(this.registry.get("mempool.scopes.open").gauge().value()).isEqualTo(1);
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void poolsThatComeAndGoLeaveNothing() {
		for (int i = 0; i < 100; i++) {
			try (BufferPool pool = bind("tenant-" + i)) {
				pool.acquire(10).release();
			}
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void metersOfOthersStay() {
		Gauge other = Gauge.builder("other", () -> 1).register(this.registry);
		bind("codec").close();
		assertThat(this.registry.getMeters()).containsExactly(other);
	}

	@Test
	void metersThatTheRegistryWasClearedOfDoNotTakeTheirSuccessorsAlong() {
		BufferPool first = bind("codec");
		this.registry.clear();
		try (BufferPool second = bind("codec")) {
			second.acquire(10).release();
			first.close();
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "miss");
		}
	}

	@Test
	void closedPoolHasNoMetersInTheChildrenOfACompositeEither() {
		CompositeMeterRegistry outer = new CompositeMeterRegistry();
		CompositeMeterRegistry inner = new CompositeMeterRegistry();
		outer.add(inner);
		inner.add(this.registry);
		try (BufferPool pool = pool("codec")) {
			new BufferPoolMetrics(pool).bindTo(outer);
			pool.acquire(10).release();
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "miss");
		}
		assertThat(outer.getMeters()).isEmpty();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void metersOfChildrenAreLeftToTheCompositeUnlessTheyAreMerged() {
		List<Meter.Id> added = new ArrayList<>();
		List<Meter.Id> removed = new ArrayList<>();
		this.registry.config().onMeterAdded((meter) -> added.add(meter.getId()));
		this.registry.config().onMeterRemoved((meter) -> removed.add(meter.getId()));
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		composite.add(this.registry);
		try (BufferPool pool = pool("codec")) {
			new BufferPoolMetrics(pool).bindTo(composite);
			pool.update((settings) -> settings.maxIdle(3));
			assertThat(added).doesNotHaveDuplicates().hasSameSizeAs(composite.getMeters());
			assertThat(removed).isEmpty();
		}
	}

	@Test
	void registryThatIsAddedToACompositeLaterHasTheMetersUntilThePoolIsClosed() {
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		try (BufferPool pool = pool("codec")) {
			new BufferPoolMetrics(pool).bindTo(composite);
			composite.add(this.registry);
			pool.acquire(10).release();
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "miss");
			pool.update((settings) -> settings.tiers(4096, 8192));
			awaitCount(1, "mempool.acquisitions", "tier", "4096", "result", "miss");
			awaitCount(0, "mempool.acquisitions", "tier", "8192", "result", "miss");
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void mockOfAPoolHasNoMeters() {
		new BufferPoolMetrics(mock(BufferPool.class)).bindTo(this.registry);
		new ObjectPoolMetrics(mock(ObjectPool.class)).bindTo(this.registry);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	private static BufferPool pool(String name) {
		return BufferPool.builder(name).tiers(4096).build();
	}

	private BufferPool bind(String name) {
		BufferPool pool = pool(name);
		new BufferPoolMetrics(pool).bindTo(this.registry);
		return pool;
	}

	// Figures may be some milliseconds old
	private void awaitCount(double count, String name, String... tags) {
		await().untilAsserted(() -> assertThat(count(name, tags)).isEqualTo(count));
	}

	private void awaitGauge(double value, String name, String... tags) {
		await().untilAsserted(() -> assertThat(this.registry.get(name).tags(tags).gauge().value()).isEqualTo(value));
	}

	private double count(String name, String... tags) {
		Meter meter = this.registry.get(name).tags(tags).meter();
		return meter.measure().iterator().next().getValue();
	}

}
