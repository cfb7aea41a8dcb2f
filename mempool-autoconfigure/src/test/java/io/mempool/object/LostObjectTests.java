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

import io.mempool.core.ExhaustionPolicy;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Leases of objects that were dropped without a release, whether or not the object is
 * still reachable.
 */
@Tag("garbage")
@ProvokesOutput
class LostObjectTests {

	private final Thing.Factory factory = new Thing.Factory();

	private ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", this.factory)
			.reset(Thing::reset)
			.destroy(Thing::destroy)
			.policy(ExhaustionPolicy.FAIL);
	}

	// In a method of their own, so that no local variable keeps the leases
	private static List<Thing> lose(ObjectPool<Thing> pool, int count) {
		List<Thing> kept = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			kept.add(pool.acquire().get());
		}
		return kept;
	}

	@Test
	void lostLeasesAreCountedAndTheTotalsStillReconcile() throws Exception {
		ObjectPool<Thing> pool = builder().maxIdle(2).build();
		lose(pool, 5);
		PooledObject<Thing> held = pool.acquire();
		Garbage.collectUntil(() -> pool.statistics().leaked() == 5);
		ObjectPoolStatistics now = pool.statistics();
		assertThat(now.leaked()).isEqualTo(5);
		assertThat(now.leased()).isEqualTo(1);
		assertThat((long) now.leased()).isEqualTo(now.hits() + now.misses() - now.returned() - now.leaked());
		held.release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void placeComesBackButNotTheObjectThatWasKept() throws Exception {
		ObjectPool<Thing> pool = builder().maxTotal(2).build();
		List<Thing> kept = lose(pool, 2);
		List<PooledObject<Thing>> fresh = new ArrayList<>();
		Garbage.collectUntil(() -> {
			PooledObject<Thing> thing = pool.tryAcquire();
			return thing != null && fresh.add(thing) && fresh.size() == 2;
		});
		assertThat(fresh).hasSize(2).extracting(PooledObject::get).doesNotContainAnyElementsOf(kept);
		assertThat(kept).noneMatch(Thing::isDestroyed);
		assertThat(pool.statistics().leaked()).isEqualTo(2);
	}

	@Test
	void placeComesBackToAWaiter() throws Exception {
		ObjectPool<Thing> pool = builder().maxTotal(1)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		lose(pool, 1);
		Started<PooledObject<Thing>> waiting = Started.andWaiting(pool::acquire);
		Garbage.collectUntil(waiting::isDone);
		waiting.result().release();
		assertThat(pool.statistics().leaked()).isEqualTo(1);
	}

	@Test
	void heldLeaseIsNeverTakenForLost() throws Exception {
		ObjectPool<Thing> pool = builder().build();
		PooledObject<Thing> held = pool.acquire();
		for (int i = 0; i < 3; i++) {
			pool.statistics();
			Garbage.collect();
		}
		assertThat(pool.statistics().leaked()).isZero();
		held.get().mark(1);
		held.release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void objectThatReplacedAnInvalidOneCanBeLostToo() throws Exception {
		ObjectPool<Thing> pool = builder().validation(Thing::isValid).maxTotal(1).preallocate(1).build();
		this.factory.made().get(0).spoil();
		lose(pool, 1);
		Garbage.collectUntil(() -> pool.statistics().leaked() == 1);
		assertThat(pool.statistics().leaked()).isEqualTo(1);
		pool.acquire().release();
		assertThat(this.factory.made()).hasSize(3);
	}

}
