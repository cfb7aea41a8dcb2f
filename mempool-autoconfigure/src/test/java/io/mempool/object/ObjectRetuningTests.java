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

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Changing settings of a pool of objects that is in use.
 */
class ObjectRetuningTests {

	private final Thing.Factory factory = new Thing.Factory();

	private ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", this.factory).reset(Thing::reset).destroy(Thing::destroy);
	}

	private static List<PooledObject<Thing>> acquire(ObjectPool<Thing> pool, int count) {
		List<PooledObject<Thing>> things = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			things.add(pool.acquire());
		}
		return things;
	}

	@Test
	void idleObjectsBeyondALowerMaxIdleAreDestroyed() {
		ObjectPool<Thing> pool = builder().maxIdle(8).build();
		acquire(pool, 8).forEach(PooledObject::release);
		assertThat(pool.update().maxIdle(3).apply()).containsExactly(new PoolChange("max-idle", "8", "3"));
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(pool.statistics().caps()).isEqualTo(Caps.ofIdle(3));
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRIMMED);
		assertThat(this.factory.destroyed()).hasSize(5);
	}

	@Test
	void leasedObjectsMayExceedALowerMaxTotalAndNoneIsMadeUntilTheyDoNot() {
		ObjectPool<Thing> pool = builder().policy(ExhaustionPolicy.FAIL).build();
		List<PooledObject<Thing>> things = acquire(pool, 3);
		pool.update().maxTotal(1).apply();
		things.get(0).release();
		things.get(1).release();
		assertThat(pool.tryAcquire()).isNull();
		assertThat(pool.statistics().idle()).isZero();
		things.get(2).release();
		assertThat(pool.statistics().idle()).isEqualTo(1);
		pool.acquire().release();
		assertThat(this.factory.made()).hasSize(3);
	}

	@Test
	void higherMaxTotalLetsAWaiterThrough() throws Exception {
		ObjectPool<Thing> pool = builder().maxTotal(1)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		PooledObject<Thing> held = pool.acquire();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(pool::acquire);
		pool.update().maxTotal(Caps.UNLIMITED).apply();
		waiting.result().release();
		held.release();
	}

	@Test
	void termsAreThoseOfTheNextAcquire() {
		ObjectPool<Thing> pool = builder().maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		PooledObject<Thing> held = pool.acquire();
		List<List<PoolChange>> told = new ArrayList<>();
		pool.onUpdate(told::add);
		List<PoolChange> changes = pool.update().policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofMillis(2)).apply();
		assertThat(changes).containsExactly(new PoolChange("policy", "fail", "wait"),
				new PoolChange("max-wait", "PT1S", "PT0.002S"));
		assertThat(told).containsExactly(changes);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(pool::acquire).withMessageContaining("2 ms");
		assertThat(pool.statistics().policy()).isEqualTo(ExhaustionPolicy.WAIT);
		assertThat(pool.statistics().maxWait()).isEqualTo(Duration.ofMillis(2));
		assertThat(pool.statistics().exhaustedFor()).isPositive();
		held.release();
		assertThat(pool.statistics().exhaustedFor()).isZero();
	}

	@Test
	void updateThatChangesNothingSaysSo() {
		ObjectPool<Thing> pool = builder().build();
		pool.onUpdate((changes) -> {
			throw new AssertionError(changes);
		});
		assertThat(pool.update().maxIdle(ObjectPoolBuilder.DEFAULT_MAX_IDLE).apply()).isEmpty();
	}

	@Test
	void valuesThatCannotBeAreRefused() {
		ObjectPoolUpdate update = builder().build().update();
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxIdle(-1)).withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxTotal(0)).withMessageContaining("maxTotal");
		assertThatIllegalArgumentException().isThrownBy(() -> update.maxWait(Duration.ZERO))
			.withMessageContaining("PT0S");
	}

	@Test
	void updateIsAppliedOnceAndNotToAClosedPool() {
		ObjectPool<Thing> pool = builder().build();
		ObjectPoolUpdate update = pool.update();
		update.apply();
		assertThatIllegalStateException().isThrownBy(update::apply).withMessageContaining("update()");
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.update().maxIdle(1).apply())
			.withMessage("Cannot update pool 'things': it is closed");
	}

}
