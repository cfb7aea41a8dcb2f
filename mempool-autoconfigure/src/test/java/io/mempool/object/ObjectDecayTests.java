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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.DiscardReason;
import io.mempool.core.PoolChange;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Thing;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Idle objects that no acquire needs are destroyed. Most tests say themselves when the
 * time is over.
 */
@ProvokesOutput
class ObjectDecayTests {

	private static final Duration NEVER = Duration.ofDays(1);

	private final Thing.Factory factory = new Thing.Factory();

	private ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", this.factory).destroy(Thing::destroy);
	}

	private ObjectPool<Thing> afterBurst(int count) {
		ObjectPool<Thing> pool = builder().idleTimeout(NEVER).build();
		burst(pool, count);
		return pool;
	}

	private static void burst(ObjectPool<Thing> pool, int count) {
		acquire(pool, count).forEach(PooledObject::release);
	}

	private static List<PooledObject<Thing>> acquire(ObjectPool<Thing> pool, int count) {
		List<PooledObject<Thing>> things = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			things.add(pool.acquire());
		}
		return things;
	}

	private static void timeOut(ObjectPool<Thing> pool) {
		((SingleTierObjectPool<Thing>) pool).expire();
	}

	private static long expired(ObjectPool<Thing> pool) {
		return pool.statistics().discardedBy().getOrDefault(DiscardReason.EXPIRED, 0L);
	}

	@Test
	void allAreDestroyedAfterABurstAndTwoTimeOutsOfSilence() {
		ObjectPool<Thing> pool = afterBurst(10);
		timeOut(pool);
		assertThat(pool.statistics().idle()).as("not idle for a whole time-out yet").isEqualTo(10);
		assertThat(this.factory.destroyed()).isEmpty();
		timeOut(pool);
		assertThat(pool.statistics().idle()).isZero();
		assertThat(this.factory.destroyed()).hasSize(10);
		assertThat(expired(pool)).isEqualTo(10);
	}

	@ParameterizedTest
	@CsvSource({ "0, 20, 0", "5, 20, 5", "20, 20, 20", "5, 5, 5" })
	void asManyStayAsThePoolPreallocates(int preallocate, int burst, int kept) {
		ObjectPool<Thing> pool = builder().preallocate(preallocate).idleTimeout(NEVER).build();
		burst(pool, burst);
		for (int i = 0; i < 5; i++) {
			timeOut(pool);
		}
		assertThat(pool.statistics().idle()).isEqualTo(kept);
	}

	@Test
	void leasedObjectIsNotTouchedAndIsKeptWhenItReturns() {
		ObjectPool<Thing> pool = afterBurst(5);
		PooledObject<Thing> held = pool.acquire();
		timeOut(pool);
		timeOut(pool);
		assertThat(held.get().isDestroyed()).isFalse();
		assertThat(pool.statistics().idle()).isZero();
		held.release();
		timeOut(pool);
		assertThat(pool.statistics().idle()).as("returned within this time-out").isEqualTo(1);
		timeOut(pool);
		assertThat(pool.statistics().idle()).isZero();
	}

	@Test
	void objectsThatAreNeededStay() {
		ObjectPool<Thing> pool = afterBurst(20);
		for (int i = 0; i < 6; i++) {
			timeOut(pool);
			burst(pool, 7);
		}
		assertThat(pool.statistics().idle()).isEqualTo(7);
		assertThat(this.factory.made()).as("none had to be created again").hasSize(20);
	}

	@Test
	void objectsGoByThemselvesWithoutTraffic() {
		ObjectPool<Thing> pool = builder().idleTimeout(Duration.ofMillis(5)).build();
		burst(pool, 10);
		Awaitility.await().until(() -> this.factory.destroyed().size() == 10);
		assertThat(expired(pool)).isEqualTo(10);
		pool.close();
	}

	@Test
	void objectsAreKeptUnlessATimeOutIsSet() {
		assertThat(builder().build().settings().idleTimeout()).isNull();
		assertThat(builder().idleTimeout(NEVER).build().settings().idleTimeout()).isEqualTo(NEVER);
	}

	@Test
	void updateBeginsAndEndsDecay() {
		ObjectPool<Thing> pool = builder().build();
		burst(pool, 10);
		assertThat(pool.update((settings) -> settings.idleTimeout(Duration.ofMillis(5))))
			.containsExactly(new PoolChange("idle-timeout", "none", "PT0.005S"));
		Awaitility.await().until(() -> pool.statistics().idle() == 0);
		assertThat(pool.update((settings) -> settings.idleTimeout(null)))
			.containsExactly(new PoolChange("idle-timeout", "PT0.005S", "none"));
		assertThat(pool.settings().idleTimeout()).isNull();
		long expired = expired(pool);
		burst(pool, 10);
		pool.update((settings) -> settings.idleTimeout(NEVER));
		assertThat(pool.update((settings) -> settings.maxIdle(9))).hasSize(1);
		assertThat(pool.settings().idleTimeout()).isEqualTo(NEVER);
		assertThat(pool.statistics().idle()).isEqualTo(9);
		assertThat(expired(pool)).isEqualTo(expired);
		pool.close();
	}

	@Test
	void unpooledTwinHasTheSettingAndNothingThatCouldExpire() {
		ObjectPool<Thing> pool = builder().idleTimeout(Duration.ofMillis(5)).pooling(false).build();
		burst(pool, 3);
		assertThat(pool.update((settings) -> settings.idleTimeout(NEVER))).hasSize(1);
		assertThat(pool.settings().idleTimeout()).isEqualTo(NEVER);
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.UNPOOLED);
	}

	@Test
	void forgottenPoolIsNotHeldByItsTimeOut() throws Exception {
		WeakReference<ObjectPool<Thing>> forgotten = new WeakReference<>(afterBurst(3));
		Garbage.collectUntil(() -> forgotten.get() == null);
		assertThat(forgotten.get()).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void timeOutMustBePositive(long seconds) {
		Duration time = Duration.ofSeconds(seconds);
		assertThatIllegalArgumentException().isThrownBy(() -> builder().idleTimeout(time))
			.withMessage("'idleTimeout' must be positive but is " + time);
		assertThatIllegalArgumentException().isThrownBy(() -> builder().build().settings().idleTimeout(time))
			.withMessage("'idleTimeout' must be positive but is " + time);
	}

}
