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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
		assertThat(pool.update((settings) -> settings.maxIdle(3)))
			.containsExactly(new PoolChange("max-idle", "8", "3"));
		assertThat(pool.statistics().idle()).isEqualTo(3);
		assertThat(pool.statistics().caps()).isEqualTo(Caps.ofIdle(3));
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRIMMED);
		assertThat(this.factory.destroyed()).hasSize(5);
	}

	@Test
	void leasedObjectsMayExceedALowerMaxTotalAndNoneIsMadeUntilTheyDoNot() {
		ObjectPool<Thing> pool = builder().policy(ExhaustionPolicy.FAIL).build();
		List<PooledObject<Thing>> things = acquire(pool, 3);
		pool.update((settings) -> settings.maxTotal(1));
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
		pool.update((settings) -> settings.maxTotal(Caps.UNLIMITED));
		waiting.result().release();
		held.release();
	}

	@Test
	void termsAreThoseOfTheNextAcquire() {
		ObjectPool<Thing> pool = builder().maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		PooledObject<Thing> held = pool.acquire();
		List<List<PoolChange>> told = new ArrayList<>();
		pool.onUpdate(told::add);
		List<PoolChange> changes = pool
			.update((settings) -> settings.policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofMillis(2)));
		assertThat(changes).containsExactly(new PoolChange("policy", "fail", "wait"),
				new PoolChange("max-wait", "PT1S", "PT0.002S"));
		assertThat(told).containsExactly(changes);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(pool::acquire).withMessageContaining("2 ms");
		assertThat(pool.settings().policy()).isEqualTo(ExhaustionPolicy.WAIT);
		assertThat(pool.settings().maxWait()).isEqualTo(Duration.ofMillis(2));
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
		assertThat(pool.update((settings) -> settings.maxTotal(Caps.UNLIMITED))).isEmpty();
	}

	@Test
	void valuesThatCannotBeAreRefused() {
		ObjectPoolSettings settings = builder().build().settings();
		assertThatIllegalArgumentException().isThrownBy(() -> settings.maxIdle(-1)).withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> settings.maxTotal(0)).withMessageContaining("maxTotal");
		assertThatIllegalArgumentException().isThrownBy(() -> settings.maxWait(Duration.ZERO))
			.withMessageContaining("PT0S");
	}

	@Test
	void closedPoolIsNotUpdated() {
		ObjectPool<Thing> pool = builder().build();
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> pool.update((settings) -> settings.maxIdle(1)))
			.withMessage("Cannot update pool 'things': it is closed");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("fixed")
	void settingThatCannotChangeIsRefusedByItsName(String setting, UnaryOperator<ObjectPoolSettings> change,
			String values) {
		ObjectPool<Thing> pool = builder().maxIdle(4).preallocate(2).build();
		ObjectPoolSettings former = pool.settings();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> pool.update((settings) -> change.apply(settings.maxIdle(5))))
			.withMessageStartingWith("Cannot update pool 'things': '" + setting + "' cannot change while the pool runs")
			.withMessageContaining(values)
			.withMessageEndingWith("Keep it, or build another pool");
		assertThat(pool.statistics().settings()).isEqualTo(former);
	}

	static Stream<Arguments> fixed() {
		return Stream.of(
				fixed("name", (settings) -> ObjectPool.builder("others", Object::new).settings(),
						"from things to others"),
				fixed("pooling", (settings) -> settings.pooling(false), "from true to false"),
				fixed("preallocate", (settings) -> settings.preallocate(3), "from 2 to 3"),
				fixed("preallocate", (settings) -> settings.preallocate(0), "from 2 to 0"),
				fixed("leak-listener", (settings) -> settings.leakListener((leak) -> {
				}), "from none to"),
				fixed("leak-max-age", (settings) -> settings.leakMaxAge(Duration.ofSeconds(3)), "from none to PT3S"));
	}

	private static Arguments fixed(String setting, UnaryOperator<ObjectPoolSettings> change, String values) {
		return Arguments.of(setting, change, values);
	}

	@Test
	void preallocatedObjectsDoNotHinderALowerCap() {
		ObjectPool<Thing> pool = builder().maxIdle(4).preallocate(4).build();
		pool.update((settings) -> settings.maxIdle(1));
		assertThat(pool.settings().caps()).isEqualTo(new Caps(1, Caps.UNLIMITED, 1));
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void severalUpdatesAtOnceAreAppliedOneAfterTheOther() throws Exception {
		ObjectPool<Thing> pool = builder().maxIdle(0).build();
		Together.run(4, (thread) -> {
			for (int i = 0; i < 200; i++) {
				pool.update((settings) -> settings.maxIdle(settings.caps().maxIdle() + 1));
			}
		});
		assertThat(pool.settings().caps().maxIdle()).isEqualTo(800);
	}

}
