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

package io.mempool.buffer;

import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolStatistics;
import io.mempool.object.PooledObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the figures that {@link PoolStatistics} and {@link ObjectPoolStatistics} find
 * and derive.
 */
class PoolStatisticsTests {

	@ParameterizedTest
	@CsvSource({ "0, 100", "99, 100", "100, 100", "101, 200", "200, 200", "201, 2147483647" })
	void tierOfASizeIsTheOneThatServesIt(int size, int capacity) {
		try (BufferPool pool = BufferPool.builder("a").tiers(100, 200).build()) {
			pool.acquire(size).release();
			PoolStatistics statistics = pool.statistics();
			assertThat(statistics.tier(size).size()).isEqualTo(capacity);
			assertThat(statistics.tier(size).misses()).isOne();
		}
	}

	@Test
	void negativeSizeHasNoTier() {
		try (BufferPool pool = BufferPool.builder("a").tiers(100).build()) {
			PoolStatistics statistics = pool.statistics();
			assertThatIllegalArgumentException().isThrownBy(() -> statistics.tier(-1))
				.withMessageContaining("-1")
				.withMessageContaining("'a'");
		}
	}

	@Test
	void tiersThatWereRequestedOrHaveIdleBlocksAreActive() {
		try (BufferPool pool = BufferPool.builder("a")
			.tiers(List.of(new BufferTier(100, Caps.ofIdle(1)), new BufferTier(200, new Caps(1, 1, 1)),
					new BufferTier(300, Caps.ofIdle(1)), new BufferTier(400, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.FAIL)
			.build()) {
			assertThat(pool.statistics().activeTiers()).extracting(TierStatistics::size).containsExactly(200);
			pool.acquire(300).release();
			try (PooledBuffer leased = pool.acquire(400)) {
				assertThat(leased.size()).isEqualTo(400);
			}
			pool.trim();
			assertThat(pool.statistics().activeTiers()).extracting(TierStatistics::size).containsExactly(300, 400);
			assertThat(pool.statistics().tiers()).hasSize(4);
		}
	}

	@Test
	void acquisitionsHaveAllResultsAndHitRateIsTheShareOfHits() {
		try (BufferPool pool = BufferPool.builder("a")
			.tiers(List.of(new BufferTier(100, new Caps(1, 1, 0)), new BufferTier(200, Caps.ofIdle(1))))
			.policy(ExhaustionPolicy.FAIL)
			.build()) {
			pool.acquire(10).release();
			try (PooledBuffer hit = pool.acquire(10)) {
				assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(hit.size()));
			}
			pool.acquire(150).release();
			pool.acquire(300).release();
			PoolStatistics statistics = pool.statistics();
			assertThat(statistics.acquisitions()).isEqualTo(5);
			assertThat(statistics.hitRate()).isEqualTo(0.2);
			assertThat(statistics.tier(10).acquisitions()).isEqualTo(3);
			assertThat(statistics.tier(10).hitRate()).isEqualTo(1.0 / 3);
			assertThat(statistics.tier(300).acquisitions()).isOne();
		}
	}

	@Test
	void acquisitionsOfFormerTiersStay() {
		try (BufferPool pool = BufferPool.builder("a").tiers(100, 200).build()) {
			pool.acquire(10).release();
			pool.update((settings) -> settings.tiers(200));
			assertThat(pool.statistics().acquisitions()).isOne();
		}
	}

	@Test
	void hitRateIsNoNumberBeforeTheFirstAcquire() {
		try (BufferPool pool = BufferPool.builder("a").tiers(100).build();
				ObjectPool<Object> objects = ObjectPool.builder("b", Object::new).build()) {
			assertThat(pool.statistics().acquisitions()).isZero();
			assertThat(pool.statistics().hitRate()).isNaN();
			assertThat(pool.statistics().tier(10).hitRate()).isNaN();
			assertThat(objects.statistics().hitRate()).isNaN();
		}
	}

	@Test
	void objectPoolHasTheSameFigures() {
		try (ObjectPool<Object> pool = ObjectPool.builder("b", Object::new)
			.maxTotal(1)
			.policy(ExhaustionPolicy.FAIL)
			.build()) {
			pool.acquire().close();
			try (PooledObject<Object> hit = pool.acquire()) {
				assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(pool::acquire);
				assertThat(hit.isAlive()).isTrue();
			}
			ObjectPoolStatistics statistics = pool.statistics();
			assertThat(statistics.acquisitions()).isEqualTo(3);
			assertThat(statistics.hitRate()).isEqualTo(1.0 / 3);
		}
	}

}
