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
import java.util.Map;
import java.util.zip.Deflater;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import io.mempool.testing.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The contract of {@link ObjectPool}: keeping, caps, policies, figures, closing.
 */
@ProvokesOutput
class ObjectPoolTests {

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

	private static void assertFigures(ObjectPool<?> pool, long hits, long misses, long returned, long discarded,
			long idle) {
		ObjectPoolStatistics now = pool.statistics();
		assertThat(List.of(now.hits(), now.misses(), now.returned(), now.discarded(), (long) now.idle()))
			.as("hits, misses, returned, discarded, idle")
			.containsExactly(hits, misses, returned, discarded, idle);
		assertThat((long) now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
		assertThat((long) now.leased()).isEqualTo(now.hits() + now.misses() - now.returned() - now.leaked());
	}

	@Test
	void objectIsMadeByTheFactoryAndUsedAgain() {
		ObjectPool<Thing> pool = builder().build();
		PooledObject<Thing> first = pool.acquire();
		Thing thing = first.get();
		assertFigures(pool, 0, 1, 0, 0, 0);
		first.release();
		assertFigures(pool, 0, 1, 1, 0, 1);
		PooledObject<Thing> second = pool.acquire();
		assertThat(second.get()).isSameAs(thing);
		assertThat(second).isNotSameAs(first);
		assertFigures(pool, 1, 1, 1, 0, 0);
		assertThat(this.factory.made()).hasSize(1);
	}

	@Test
	void poolHoldsObjectsOfAnyType() throws Exception {
		try (ObjectPool<Deflater> deflaters = ObjectPool.builder("deflaters", Deflater::new)
			.reset(Deflater::reset)
			.destroy(Deflater::end)
			.build(); ObjectPool<StringBuilder> builders = ObjectPool.builder("builders", StringBuilder::new).build()) {
			byte[] compressed = new byte[100];
			for (int i = 0; i < 3; i++) {
				try (PooledObject<Deflater> deflater = deflaters.acquire()) {
					deflater.get().setInput(new byte[1000]);
					deflater.get().finish();
					assertThat(deflater.get().deflate(compressed)).isPositive();
				}
			}
			assertThat(deflaters.statistics().misses()).isEqualTo(1);
			assertThat(builders.acquire().get().append("typed")).hasToString("typed");
		}
	}

	@Test
	void whatWasReturnedLastIsAcquiredNext() {
		ObjectPool<Thing> pool = builder().build();
		List<PooledObject<Thing>> things = acquire(pool, 3);
		for (PooledObject<Thing> thing : things) {
			Thing returned = thing.get();
			thing.release();
			PooledObject<Thing> next = pool.acquire();
			assertThat(next.get()).isSameAs(returned);
			next.release();
		}
	}

	@Test
	void withoutSettingsThereIsNoLimitAndABoundOnIdleObjects() {
		ObjectPool<Thing> pool = builder().build();
		ObjectPoolStatistics now = pool.statistics();
		assertThat(now.name()).isEqualTo(pool.name()).isEqualTo("things");
		assertThat(now.settings().policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
		assertThat(now.caps()).isEqualTo(new Caps(ObjectPoolBuilder.DEFAULT_MAX_IDLE, Caps.UNLIMITED, 0));
		assertThat(this.factory.made()).isEmpty();
	}

	// Q2: at most capacity kept, preallocated, and never emptied silently

	@Test
	void atMostMaxIdleObjectsAreKept() {
		ObjectPool<Thing> pool = builder().maxIdle(3).build();
		acquire(pool, 5).forEach(PooledObject::release);
		assertFigures(pool, 0, 5, 5, 2, 3);
		assertThat(pool.statistics().discardedBy()).isEqualTo(Map.of(DiscardReason.FULL, 2L));
		assertThat(this.factory.destroyed()).hasSize(2);
		assertThat(acquire(pool, 3)).extracting((thing) -> thing.get().isDestroyed()).containsOnly(false);
		assertFigures(pool, 3, 5, 5, 2, 0);
	}

	@Test
	void maxIdleOfZeroKeepsNone() {
		ObjectPool<Thing> pool = builder().maxIdle(0).build();
		pool.acquire().release();
		assertFigures(pool, 0, 1, 1, 1, 0);
		assertThat(this.factory.destroyed()).hasSize(1);
	}

	@Test
	void longLeasesDoNotKeepOthersFromBeingPooled() {
		ObjectPool<Thing> pool = builder().maxIdle(2).build();
		List<PooledObject<Thing>> held = acquire(pool, 10);
		acquire(pool, 2).forEach(PooledObject::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
		held.forEach(PooledObject::release);
		assertThat(pool.statistics().idle()).isEqualTo(2);
	}

	@Test
	void preallocatedObjectsAreThereFromTheStart() {
		ObjectPool<Thing> pool = builder().maxIdle(4).preallocate(3).build();
		assertThat(this.factory.made()).hasSize(3);
		assertThat(pool.statistics().preallocated()).isEqualTo(3);
		assertFigures(pool, 0, 0, 0, 0, 3);
		acquire(pool, 4).forEach(PooledObject::release);
		assertFigures(pool, 3, 1, 4, 0, 4);
	}

	@Test
	void preallocateRaisesAMaximumOfIdleObjectsThatIsNotSet() {
		assertThat(builder().preallocate(100).build().statistics().idle()).isEqualTo(100);
	}

	@Test
	void idleObjectsSurviveGarbageCollection() throws Exception {
		ObjectPool<Thing> pool = builder().preallocate(5).build();
		pool.statistics();
		Garbage.collect();
		acquire(pool, 5).forEach(PooledObject::release);
		assertFigures(pool, 5, 0, 5, 0, 5);
	}

	// Q4: overflow

	@Test
	void atTheCapATemporaryObjectIsMadeAtOnceAndDroppedOnReturn() {
		ObjectPool<Thing> pool = builder().maxTotal(2).build();
		List<PooledObject<Thing>> pooled = acquire(pool, 2);
		PooledObject<Thing> temporary = pool.acquire();
		Thing dropped = temporary.get();
		temporary.release();
		assertThat(dropped.isDestroyed()).isTrue();
		pooled.forEach(PooledObject::release);
		assertFigures(pool, 0, 3, 3, 1, 2);
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.TRANSIENT);
		assertThat(this.factory.destroyed()).containsExactly(dropped);
	}

	@Test
	void tryAcquireMakesATemporaryObjectToo() {
		ObjectPool<Thing> pool = builder().maxTotal(1).build();
		List<PooledObject<Thing>> pooled = acquire(pool, 1);
		PooledObject<Thing> temporary = pool.tryAcquire();
		assertThat(temporary).isNotNull();
		assertThat(temporary.get()).isNotSameAs(pooled.get(0).get());
	}

	@Test
	void policyFailFailsAtTheCap() {
		ObjectPool<Thing> pool = builder().maxTotal(2).maxIdle(1).policy(ExhaustionPolicy.FAIL).build();
		List<PooledObject<Thing>> things = acquire(pool, 2);
		assertThat(pool.tryAcquire()).isNull();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(pool::acquire)
			.withMessage(
					"Cannot acquire an object from pool 'things': all 2 objects (max-total) are leased (leased: 2, "
							+ "idle: 0, max-idle: 1). Release objects sooner, or raise max-total, or choose the policy "
							+ "'allocate' or 'wait'.")
			.satisfies((ex) -> {
				assertThat(ex.getPool()).isEqualTo("things");
				assertThat(ex.getTier()).isNull();
				assertThat(ex.getLeased()).isEqualTo(2);
			});
		things.get(0).release();
		assertThat(pool.acquire().get()).isNotNull();
	}

	@Test
	void acquireWithATimeFailsWhenItHasPassed() {
		ObjectPool<Thing> pool = builder().maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		PooledObject<Thing> held = pool.acquire();
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(Duration.ofMillis(5)))
			.withMessageContaining("also after waiting 5 ms");
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> pool.acquire(Duration.ZERO))
			.withMessageContaining("are leased (leased: 1");
		held.release();
	}

	// Q5: nothing of one owner is there for the next

	@Test
	void objectIsResetBeforeItsNextOwnerHasIt() {
		ObjectPool<Thing> pool = builder().build();
		PooledObject<Thing> first = pool.acquire();
		Thing thing = first.get();
		thing.mark(42);
		first.release();
		assertThat(thing.mark()).as("already when it is idle").isZero();
		PooledObject<Thing> second = pool.acquire();
		assertThat(second.get()).isSameAs(thing);
	}

	@Test
	void objectIsResetWhicheverWayItComesHome() {
		ObjectPool<Thing> pool = builder().maxIdle(1).build();
		for (int round = 0; round < 3; round++) {
			List<PooledObject<Thing>> things = acquire(pool, 3);
			// Guarded leases take the slow way home
			pool.statistics();
			pool.statistics();
			assertThat(things).extracting((thing) -> thing.get().mark()).containsOnly(0);
			things.forEach((thing) -> thing.get().mark(7));
			things.forEach(PooledObject::close);
		}
		assertThat(pool.statistics().hits()).isEqualTo(2);
	}

	@Test
	void withoutResetHookObjectsComeBackAsTheyAre() {
		ObjectPool<Thing> pool = ObjectPool.builder("things", this.factory).build();
		try (PooledObject<Thing> thing = pool.acquire()) {
			thing.get().mark(42);
		}
		assertThat(pool.acquire().get().mark()).isEqualTo(42);
	}

	// Giving up

	@Test
	void discardedObjectIsDestroyedAndItsPlaceIsFree() {
		ObjectPool<Thing> pool = builder().maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		PooledObject<Thing> broken = pool.acquire();
		Thing thing = broken.get();
		thing.mark(1);
		broken.discard();
		assertThat(thing.isDestroyed()).isTrue();
		assertThat(thing.mark()).as("not reset").isEqualTo(1);
		assertThat(broken.isAlive()).isFalse();
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.IN_DOUBT);
		assertThat(pool.acquire().get()).isNotSameAs(thing);
	}

	@Test
	void trimDestroysIdleObjectsOnly() {
		ObjectPool<Thing> pool = builder().preallocate(3).build();
		PooledObject<Thing> held = pool.acquire();
		assertThat(pool.trim()).isEqualTo(2);
		assertThat(this.factory.destroyed()).hasSize(2).doesNotContain(held.get());
		assertThat(pool.trim()).isZero();
		held.release();
		assertFigures(pool, 1, 0, 1, 2, 1);
	}

	@Test
	void closedPoolDestroysIdleObjectsAtOnceAndLeasedOnesWhenTheyAreReleased() {
		ObjectPool<Thing> pool = builder().preallocate(3).build();
		PooledObject<Thing> held = pool.acquire();
		Thing thing = held.get();
		pool.close();
		pool.close();
		assertThat(this.factory.destroyed()).hasSize(2).doesNotContain(thing);
		thing.mark(3);
		assertThat(held.get().mark()).isEqualTo(3);
		held.release();
		assertThat(thing.isDestroyed()).isTrue();
		assertFigures(pool, 1, 0, 1, 3, 0);
	}

	@Test
	void listenerIsCalledOnceAfterThePoolWasClosed() {
		ObjectPool<Thing> pool = builder().build();
		List<Thread> calls = new ArrayList<>();
		pool.onClose(() -> {
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(pool::acquire);
			calls.add(Thread.currentThread());
		});
		assertThat(calls).isEmpty();
		pool.close();
		pool.close();
		assertThat(calls).containsExactly(Thread.currentThread());
	}

	@Test
	void listenerOfAClosedPoolIsCalledAtOnce() {
		ObjectPool<Thing> pool = builder().build();
		pool.close();
		List<String> calls = new ArrayList<>();
		pool.onClose(() -> calls.add("closed"));
		assertThat(calls).containsExactly("closed");
	}

	@Test
	void listenerThatFailsKeepsNoOtherFromBeingCalled() {
		ObjectPool<Thing> pool = builder().build();
		List<String> calls = new ArrayList<>();
		pool.onClose(() -> {
			throw new IllegalStateException("as asked");
		});
		pool.onClose(() -> calls.add("closed"));
		pool.close();
		assertThat(calls).containsExactly("closed");
	}

	@Test
	void closedPoolRefusesToLend() {
		ObjectPool<Thing> pool = builder().preallocate(1).build();
		pool.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(pool::acquire)
			.withMessage("Cannot acquire an object from pool 'things': the pool is closed");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(pool::tryAcquire);
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.acquire(Duration.ofSeconds(1)));
	}

	@Test
	void unpooledTwinHasTheSameRulesButFreshObjects() {
		ObjectPool<Thing> pool = builder().maxTotal(2)
			.preallocate(2)
			.policy(ExhaustionPolicy.FAIL)
			.pooling(false)
			.build();
		assertThat(this.factory.made()).isEmpty();
		List<PooledObject<Thing>> things = acquire(pool, 2);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(pool::acquire);
		things.forEach(PooledObject::release);
		assertThat(this.factory.destroyed()).hasSize(2);
		acquire(pool, 2).forEach(PooledObject::release);
		assertThat(this.factory.made()).hasSize(4);
		assertThat(pool.settings().pooling()).isFalse();
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.UNPOOLED);
	}

	@Test
	void peakIsWhatWasLeasedAtOnce() {
		ObjectPool<Thing> pool = builder().build();
		acquire(pool, 7).forEach(PooledObject::release);
		acquire(pool, 3).forEach(PooledObject::release);
		assertThat(pool.statistics().peakLeased()).isEqualTo(7);
	}

	@Test
	void poolsAndLeasesDescribeThemselves() {
		ObjectPool<Thing> pool = builder().build();
		PooledObject<Thing> thing = pool.acquire();
		assertThat(pool).hasToString("ObjectPool[name=things]");
		assertThat(thing).hasToString("PooledObject[pool=things, type=" + Thing.class.getName() + "]");
		thing.release();
		assertThat(thing).hasToString("PooledObject[pool=things, released]");
	}

	// Builder

	@ParameterizedTest
	@ValueSource(strings = { "", "Things", "my things", "my_things", "dinge-äöü" })
	void nameHasLowerCaseLettersDigitsAndDashesOnly(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> ObjectPool.builder(name, this.factory))
			.withMessage("'name' must consist of lower-case letters, digits and dashes but is '" + name + "'");
	}

	@Test
	void settingsThatMakeNoSenseAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxIdle(-1)).withMessageContaining("'maxIdle'");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxTotal(0))
			.withMessageContaining("'maxTotal'");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().preallocate(-1))
			.withMessageContaining("'preallocate'");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxWait(Duration.ZERO))
			.withMessageContaining("'maxWait'");
	}

	@Test
	void preallocateMustFitTheCapsInWhateverOrderTheyAreSet() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().preallocate(3).maxIdle(2).build())
			.withMessage("'preallocate' must not exceed maxIdle (2) or maxTotal (unlimited) but is 3");
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxTotal(2).preallocate(3).build())
			.withMessage("'preallocate' must not exceed maxIdle (1024) or maxTotal (2) but is 3");
		assertThat(this.factory.made()).isEmpty();
	}

}
