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

package io.mempool.object;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolChange;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many idle objects a pool keeps if that was not set: as many as are used at once.
 */
class GrowingMaxIdleTests {

	private static final int FIRST = ObjectPoolBuilder.DEFAULT_MAX_IDLE;

	private final Thing.Factory factory = new Thing.Factory();

	private final List<ObjectPool<?>> pools = new ArrayList<>();

	@AfterEach
	void close() {
		this.pools.forEach(ObjectPool::close);
	}

	private ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", this.factory).destroy(Thing::destroy);
	}

	private ObjectPool<Thing> build(ObjectPoolBuilder<Thing> builder) {
		ObjectPool<Thing> pool = builder.build();
		this.pools.add(pool);
		return pool;
	}

	private static long missesOfWave(ObjectPool<Thing> pool, int held) {
		long before = pool.statistics().misses();
		List<PooledObject<Thing>> wave = new ArrayList<>();
		for (int i = 0; i < held; i++) {
			wave.add(pool.acquire());
		}
		wave.forEach(PooledObject::release);
		return pool.statistics().misses() - before;
	}

	private static int maxIdle(ObjectPool<?> pool) {
		return pool.statistics().caps().maxIdle();
	}

	@Test
	void hundredsHeldAtOnceAreAllKept() {
		ObjectPool<Thing> pool = build(builder());
		assertThat(missesOfWave(pool, 300)).isEqualTo(300);
		assertThat(missesOfWave(pool, 300)).isZero();
		assertThat(maxIdle(pool)).isEqualTo(FIRST);
	}

	@Test
	void moreThanThatAreKeptOnceTheyAreNeededAgain() {
		ObjectPool<Thing> pool = build(builder());
		int held = 3 * FIRST;
		assertThat(missesOfWave(pool, held)).isEqualTo(held);
		assertThat(pool.statistics().idle()).isEqualTo(FIRST);
		assertThat(missesOfWave(pool, held)).isEqualTo(held - FIRST);
		assertThat(pool.statistics().idle()).isEqualTo(held);
		assertThat(maxIdle(pool)).isEqualTo(held);
		assertThat(missesOfWave(pool, held)).isZero();
		assertThat(pool.settings().caps().maxIdle()).isEqualTo(FIRST);
		assertThat(pool.settings().maxIdleGrows()).isTrue();
	}

	@Test
	void burstThatHappensOnceLeavesNoMoreThanTheFirstNumber() {
		ObjectPool<Thing> pool = build(builder());
		missesOfWave(pool, 3 * FIRST);
		for (int i = 0; i < 3; i++) {
			assertThat(missesOfWave(pool, FIRST)).isZero();
		}
		assertThat(pool.statistics().idle()).isEqualTo(FIRST);
		assertThat(maxIdle(pool)).isEqualTo(FIRST);
	}

	@Test
	void growthFollowsWhatIsNeededAndNoMore() {
		ObjectPool<Thing> pool = build(builder());
		missesOfWave(pool, 3 * FIRST);
		missesOfWave(pool, FIRST + 7);
		assertThat(maxIdle(pool)).isEqualTo(FIRST + 7);
	}

	@Test
	void numberThatIsSetStays() {
		ObjectPool<Thing> pool = build(builder().maxIdle(5));
		for (int i = 0; i < 5; i++) {
			missesOfWave(pool, 20);
			assertThat(pool.statistics().idle()).isEqualTo(5);
		}
		assertThat(maxIdle(pool)).isEqualTo(5);
		assertThat(pool.settings().maxIdleGrows()).isFalse();
	}

	@Test
	void firstNumberStaysIfItIsSet() {
		ObjectPool<Thing> pool = build(builder().maxIdle(FIRST));
		for (int i = 0; i < 3; i++) {
			missesOfWave(pool, FIRST + 10);
		}
		assertThat(pool.statistics().idle()).isEqualTo(FIRST);
	}

	@Test
	void noneIsKeptBeyondMaxTotal() {
		ObjectPool<Thing> pool = build(builder().maxTotal(FIRST + 3));
		for (int i = 0; i < 3; i++) {
			missesOfWave(pool, FIRST + 10);
		}
		assertThat(pool.statistics().idle()).isEqualTo(FIRST + 3);
		assertThat(pool.statistics().caps()).isEqualTo(new Caps(FIRST + 3, FIRST + 3, 0));
	}

	@Test
	void whatHasGrownSurvivesTheUpdateOfAnotherSetting() {
		ObjectPool<Thing> pool = grown(builder(), 2 * FIRST);
		pool.update((settings) -> settings.maxWait(Duration.ofSeconds(3)));
		assertThat(pool.statistics().idle()).isEqualTo(2 * FIRST);
		assertThat(maxIdle(pool)).isEqualTo(2 * FIRST);
		assertThat(missesOfWave(pool, 2 * FIRST)).isZero();
	}

	@Test
	void updateThatSetsTheNumberEndsTheGrowth() {
		ObjectPool<Thing> pool = grown(builder(), 2 * FIRST);
		assertThat(pool.update((settings) -> settings.maxIdle(10)))
			.containsExactly(new PoolChange("max-idle", "1024 and growing", "10"));
		assertThat(pool.statistics().idle()).isEqualTo(10);
		for (int i = 0; i < 3; i++) {
			missesOfWave(pool, 20);
		}
		assertThat(pool.statistics().idle()).isEqualTo(10);
	}

	@Test
	void updateThatSetsTheFirstNumberEndsTheGrowthToo() {
		ObjectPool<Thing> pool = grown(builder(), 2 * FIRST);
		assertThat(pool.update((settings) -> settings.maxIdle(FIRST)))
			.containsExactly(new PoolChange("max-idle", "1024 and growing", "1024"));
		assertThat(pool.statistics().idle()).isEqualTo(FIRST);
	}

	@Test
	void whatHasGrownIsTrimmedAndGrowsNoFurtherForThat() {
		ObjectPool<Thing> pool = grown(builder(), 2 * FIRST);
		assertThat(pool.trim()).isEqualTo(2 * FIRST);
		assertThat(missesOfWave(pool, 2 * FIRST)).isEqualTo(2 * FIRST);
		assertThat(missesOfWave(pool, 2 * FIRST)).isZero();
		assertThat(maxIdle(pool)).isEqualTo(2 * FIRST);
	}

	@Test
	void whatHasGrownExpires() {
		SingleTierObjectPool<Thing> pool = (SingleTierObjectPool<Thing>) grown(
				builder().idleTimeout(Duration.ofHours(1)), 2 * FIRST);
		pool.expire();
		pool.expire();
		assertThat(pool.statistics().idle()).isZero();
		assertThat(pool.statistics().discardedBy()).containsEntry(DiscardReason.EXPIRED, 2L * FIRST);
	}

	private ObjectPool<Thing> grown(ObjectPoolBuilder<Thing> builder, int idle) {
		ObjectPool<Thing> pool = build(builder);
		missesOfWave(pool, idle);
		missesOfWave(pool, idle);
		assertThat(pool.statistics().idle()).isEqualTo(idle);
		return pool;
	}

	@Test
	void idleObjectsNeverExceedTheCapWhileItGrows() throws Exception {
		ObjectPool<Thing> pool = build(builder().preallocate(FIRST));
		AtomicInteger running = new AtomicInteger(3);
		Together.run(4, (thread) -> {
			if (thread < 3) {
				for (int i = 1; i <= 5; i++) {
					missesOfWave(pool, FIRST / 2 + 40 * i);
				}
				running.decrementAndGet();
				return;
			}
			int before = FIRST;
			while (running.get() > 0) {
				ObjectPoolStatistics now = pool.statistics();
				assertThat(now.idle()).isLessThanOrEqualTo(now.caps().maxIdle());
				assertThat(now.caps().maxIdle()).isBetween(before, 3 * FIRST);
				before = now.caps().maxIdle();
			}
		});
		ObjectPoolStatistics end = pool.statistics();
		assertThat(end.leased()).isZero();
		assertThat((long) end.idle()).isEqualTo(end.returned() - end.discarded() - end.hits() + end.preallocated());
	}

}
