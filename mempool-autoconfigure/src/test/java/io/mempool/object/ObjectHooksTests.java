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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Factories and hooks are foreign code: whatever they do, the pool stays sound.
 */
class ObjectHooksTests {

	private final Thing.Factory factory = new Thing.Factory();

	private ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", this.factory).destroy(Thing::destroy);
	}

	private static void assertAtRest(ObjectPool<?> pool) {
		ObjectPoolStatistics now = pool.statistics();
		assertThat(now.leased()).isZero();
		assertThat((long) now.idle()).isEqualTo(now.returned() - now.discarded() - now.hits() + now.preallocated());
		assertThat(now.hits() + now.misses() - now.returned() - now.leaked()).isZero();
	}

	// Factory

	@Test
	void failureOfTheFactoryIsToldToTheAcquirerAndCostsNoPlace() {
		AtomicBoolean broken = new AtomicBoolean(true);
		ObjectPool<Thing> pool = ObjectPool.builder("things", () -> {
			if (broken.get()) {
				throw new IOException("no more things");
			}
			return this.factory.call();
		}).maxTotal(1).policy(ExhaustionPolicy.FAIL).build();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(PooledObjectException.class).isThrownBy(pool::acquire)
				.withMessage("Cannot create an object for pool 'things': java.io.IOException: no more things")
				.withCauseInstanceOf(IOException.class);
		}
		assertThat(pool.statistics().discardedBy()).containsEntry(DiscardReason.FAILED, 3L);
		broken.set(false);
		pool.acquire().release();
		assertAtRest(pool);
	}

	@Test
	void factoryThatReturnsNullFails() {
		ObjectPool<Thing> pool = ObjectPool.<Thing>builder("things", () -> null).build();
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(pool::acquire)
			.withMessageContaining("The factory returned null");
		assertAtRest(pool);
	}

	@Test
	void errorOfTheFactoryIsThrownAsItIs() {
		StackOverflowError error = new StackOverflowError();
		ObjectPool<Thing> pool = ObjectPool.<Thing>builder("things", () -> {
			throw error;
		}).build();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(pool::acquire).isSameAs(error);
		assertAtRest(pool);
	}

	@Test
	void preallocationIsAllOrNothing() {
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(
				() -> ObjectPool.builder("things", () -> failingAt(3)).destroy(Thing::destroy).preallocate(5).build());
		assertThat(this.factory.made()).hasSize(3);
		assertThat(this.factory.destroyed()).hasSize(3);
	}

	private Thing failingAt(int number) {
		if (this.factory.made().size() == number) {
			throw new IllegalStateException("enough");
		}
		return this.factory.call();
	}

	@Test
	void factoryMayUseThePoolItself() {
		List<ObjectPool<Thing>> self = new ArrayList<>();
		ObjectPool<Thing> pool = ObjectPool.builder("things", () -> {
			if (this.factory.made().isEmpty()) {
				this.factory.call();
				self.get(0).acquire().release();
			}
			return this.factory.call();
		}).build();
		self.add(pool);
		pool.acquire().release();
		assertThat(pool.statistics().idle()).isEqualTo(2);
		assertAtRest(pool);
	}

	@Test
	void interruptedFactoryKeepsTheInterruptFlag() {
		ObjectPool<Thing> pool = ObjectPool.<Thing>builder("things", () -> {
			throw new InterruptedException();
		}).build();
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(pool::acquire);
		assertThat(Thread.interrupted()).isTrue();
	}

	// Reset

	@Test
	void objectThatCannotBeResetIsDestroyedAndItsOwnerTold() {
		ObjectPool<Thing> pool = builder().reset((thing) -> {
			throw new IOException("stuck");
		}).build();
		PooledObject<Thing> lease = pool.acquire();
		Thing thing = lease.get();
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(lease::release)
			.withMessage(
					"Cannot reset an object of pool 'things', so that it was destroyed: java.io.IOException: stuck")
			.withCauseInstanceOf(IOException.class);
		assertThat(lease.isAlive()).isFalse();
		assertThat(thing.isDestroyed()).isTrue();
		assertThat(pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.FAILED);
		assertThat(pool.acquire().get()).isNotSameAs(thing);
	}

	@Test
	void closeOfALeaseTellsToo() {
		ObjectPool<Thing> pool = builder().reset((thing) -> {
			throw new IllegalStateException("stuck");
		}).build();
		PooledObject<Thing> lease = pool.acquire();
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(lease::close);
		lease.close();
		assertAtRest(pool);
	}

	@Test
	void errorInAResetIsThrownAsItIsAndTheObjectDestroyed() {
		ObjectPool<Thing> pool = builder().reset((thing) -> {
			throw new StackOverflowError();
		}).build();
		PooledObject<Thing> lease = pool.acquire();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(lease::release);
		assertThat(this.factory.destroyed()).hasSize(1);
		assertAtRest(pool);
	}

	@Test
	void failingResetGivesThePlaceToTheWaiter() throws Exception {
		AtomicBoolean broken = new AtomicBoolean(true);
		ObjectPool<Thing> pool = builder().reset((thing) -> {
			if (broken.get()) {
				throw new IllegalStateException("stuck");
			}
		}).maxTotal(1).policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(20)).build();
		PooledObject<Thing> lease = pool.acquire();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(pool::acquire);
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(lease::release);
		broken.set(false);
		waiting.result().release();
		assertAtRest(pool);
		assertThat(this.factory.made()).hasSize(2);
	}

	@Test
	void objectThatIsNotKeptNeedsNoReset() {
		AtomicInteger resets = new AtomicInteger();
		ObjectPool<Thing> pool = builder().reset((thing) -> resets.incrementAndGet()).pooling(false).build();
		pool.acquire().release();
		assertThat(resets).hasValue(0);
	}

	// Validation

	@Test
	void idleObjectThatIsInvalidIsDestroyedAndAnotherIdleOneTried() {
		ObjectPool<Thing> pool = builder().validation(Thing::isValid).preallocate(3).build();
		this.factory.made().get(0).spoil();
		this.factory.made().get(1).spoil();
		PooledObject<Thing> lease = pool.acquire();
		assertThat(lease.get()).isSameAs(this.factory.made().get(2));
		assertThat(this.factory.made()).hasSize(3);
		assertThat(this.factory.destroyed()).allSatisfy((thing) -> assertThat(thing.isValid()).isFalse());
		lease.release();
		assertAtRest(pool);
	}

	@Test
	void ifAllIdleObjectsAreInvalidOneIsCreated() {
		ObjectPool<Thing> pool = builder().validation(Thing::isValid).preallocate(3).build();
		this.factory.made().forEach(Thing::spoil);
		PooledObject<Thing> lease = pool.acquire();
		assertThat(lease.get().isValid()).isTrue();
		assertThat(this.factory.made()).hasSize(4);
		assertThat(this.factory.destroyed()).hasSize(3);
		assertThat(pool.statistics().discardedBy()).isEqualTo(Map.of(DiscardReason.INVALID, 3L));
		assertThat(pool.statistics().leased()).isEqualTo(1);
		lease.release();
		assertThat(pool.acquire().get().number()).isEqualTo(3);
	}

	@Test
	void whoFindsAnInvalidObjectHasItsPlaceAlsoAtTheCap() {
		ObjectPool<Thing> pool = builder().validation(Thing::isValid)
			.maxTotal(1)
			.policy(ExhaustionPolicy.FAIL)
			.preallocate(1)
			.build();
		for (int i = 0; i < 5; i++) {
			this.factory.made().get(i).spoil();
			PooledObject<Thing> lease = pool.acquire();
			assertThat(lease.get().number()).isEqualTo(i + 1);
			assertThat(pool.tryAcquire()).isNull();
			lease.release();
			assertThat(pool.statistics().idle()).isEqualTo(1);
		}
		assertAtRest(pool);
	}

	@Test
	void waiterThatIsServedAnInvalidObjectGetsAnotherInItsPlace() throws Exception {
		ObjectPool<Thing> pool = builder().validation(Thing::isValid)
			.maxTotal(1)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		PooledObject<Thing> lease = pool.acquire();
		Started<PooledObject<Thing>> first = Started.andWaiting(pool::acquire);
		Started<PooledObject<Thing>> second = Started.andWaiting(pool::acquire);
		lease.get().spoil();
		lease.release();
		PooledObject<Thing> served = first.result();
		assertThat(served.get().number()).isEqualTo(1);
		assertThat(second.isDone()).isFalse();
		served.release();
		assertThat(second.result().get().number()).isEqualTo(1);
	}

	@Test
	void newObjectIsNotValidated() {
		ObjectPool<Thing> pool = builder().validation((thing) -> false).maxTotal(1).build();
		PooledObject<Thing> lease = pool.acquire();
		Thing first = lease.get();
		lease.release();
		assertThat(pool.acquire().get()).isNotSameAs(first);
		assertThat(this.factory.made()).hasSize(2);
	}

	@Test
	void validationThatFailsMeansNo() {
		ObjectPool<Thing> pool = builder().validation((thing) -> {
			throw new IOException("no answer");
		}).preallocate(2).build();
		assertThat(pool.acquire().get().number()).isEqualTo(2);
		assertThat(this.factory.destroyed()).hasSize(2);
	}

	@Test
	void errorInAValidationIsThrownAsItIsAndTheObjectDestroyed() {
		ObjectPool<Thing> pool = builder().validation((thing) -> {
			throw new StackOverflowError();
		}).preallocate(1).build();
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(pool::acquire);
		assertThat(this.factory.destroyed()).hasSize(1);
		assertAtRest(pool);
	}

	@Test
	void factoryThatFailsToReplaceAnInvalidObjectCostsNoPlace() {
		AtomicBoolean broken = new AtomicBoolean();
		ObjectPool<Thing> pool = ObjectPool.builder("things", () -> {
			if (broken.get()) {
				throw new IOException("no more things");
			}
			return this.factory.call();
		})
			.validation(Thing::isValid)
			.destroy(Thing::destroy)
			.maxTotal(1)
			.policy(ExhaustionPolicy.FAIL)
			.preallocate(1)
			.build();
		this.factory.made().get(0).spoil();
		broken.set(true);
		assertThatExceptionOfType(PooledObjectException.class).isThrownBy(pool::acquire);
		assertThat(this.factory.destroyed()).hasSize(1);
		broken.set(false);
		pool.acquire().release();
		assertAtRest(pool);
		assertThat(pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void figuresAndCapsHoldWhileManyThreadsFindInvalidObjects() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		AtomicInteger lent = new AtomicInteger();
		ObjectPool<Thing> pool = builder().validation((thing) -> asked.incrementAndGet() % 3 != 0)
			.maxIdle(3)
			.maxTotal(4)
			.policy(ExhaustionPolicy.WAIT)
			.maxWait(Duration.ofSeconds(20))
			.build();
		Together.run(6, (thread) -> {
			for (int i = 0; i < 2000; i++) {
				try (PooledObject<Thing> lease = pool.acquire()) {
					assertThat(lent.incrementAndGet()).isLessThanOrEqualTo(4);
					assertThat(lease.get().isDestroyed()).isFalse();
					lent.decrementAndGet();
				}
			}
		});
		assertAtRest(pool);
		assertThat(pool.statistics().idle()).isLessThanOrEqualTo(3);
		assertThat((long) this.factory.destroyed().size()).isEqualTo(pool.statistics().discarded());
		assertThat((long) this.factory.made().size()).isEqualTo(pool.statistics().misses());
	}

	// Destruction

	@Test
	void failureOfADestroyHookIsLoggedAndHasNoOtherEffect() {
		List<LogRecord> logged = new ArrayList<>();
		Logger logger = Logger.getLogger(ObjectPool.class.getName());
		logger.setUseParentHandlers(false);
		logger.setFilter((record) -> !logged.add(record));
		try {
			assertThatFailingDestructionIsHarmless();
		}
		finally {
			logger.setFilter(null);
			logger.setUseParentHandlers(true);
		}
		assertThat(logged).hasSize(4).allSatisfy((record) -> {
			assertThat(record.getLevel()).isEqualTo(Level.WARNING);
			assertThat(record.getMessage()).startsWith("Failed to destroy an object of pool 'things'");
			assertThat(record.getThrown()).hasMessage("on purpose");
		});
	}

	private void assertThatFailingDestructionIsHarmless() {
		ObjectPool<Thing> pool = ObjectPool.builder("things", this.factory).destroy((thing) -> {
			thing.destroy();
			throw new StackOverflowError("on purpose");
		}).maxIdle(1).build();
		PooledObject<Thing> one = pool.acquire();
		PooledObject<Thing> two = pool.acquire();
		PooledObject<Thing> three = pool.acquire();
		one.release();
		two.release();
		three.discard();
		assertThat(this.factory.destroyed()).hasSize(2);
		assertThat(pool.trim()).isEqualTo(1);
		pool.acquire().release();
		pool.close();
		assertThat(this.factory.destroyed()).hasSize(4);
		assertAtRest(pool);
	}

	@Test
	void hookMayUseThePoolItself() {
		List<ObjectPool<Thing>> self = new ArrayList<>();
		AtomicInteger destructions = new AtomicInteger();
		ObjectPool<Thing> pool = builder().reset((thing) -> self.get(0).statistics()).destroy((thing) -> {
			if (destructions.incrementAndGet() == 1) {
				self.get(0).acquire().release();
			}
		}).build();
		self.add(pool);
		pool.acquire().discard();
		assertThat(pool.statistics().idle()).isEqualTo(1);
		assertAtRest(pool);
	}

}
