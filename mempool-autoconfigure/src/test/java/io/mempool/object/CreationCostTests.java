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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.testing.Thing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link CreationCost}.
 */
class CreationCostTests {

	private final AtomicInteger made = new AtomicInteger();

	private final AtomicLong now = new AtomicLong();

	private ObjectPoolBuilder<Object> builder() {
		return ObjectPool.builder("things", () -> {
			this.made.incrementAndGet();
			this.now.addAndGet(10);
			return new Object();
		});
	}

	private static CreationCost costOf(ObjectPool<?> pool) {
		for (int i = 0; i < 100; i++) {
			pool.acquire().discard();
		}
		return pool.creationCost();
	}

	@Test
	void nothingIsKnownBeforeTheFirstObject() {
		try (ObjectPool<Object> pool = builder().build()) {
			assertThat(pool.creationCost().quickestNanos()).isZero();
			assertThat(pool.creationCost().isRepeatable()).isFalse();
		}
	}

	@Test
	void quickestCreationIsKnown() {
		try (ObjectPool<Object> pool = builder().build()) {
			CreationCost cost = costOf(pool);
			assertThat(cost.quickestNanos()).isPositive();
			cost.add(Long.MAX_VALUE);
			cost.add(3);
			cost.add(4);
			assertThat(cost.quickestNanos()).isEqualTo(3);
		}
	}

	@Test
	void quickCreationOfMemoryIsRepeated() {
		try (ObjectPool<Object> pool = builder().build()) {
			CreationCost cost = pool.creationCost();
			cost.add(CreationCost.REPEATABLE_NANOS);
			assertThat(cost.isRepeatable()).isTrue();
			assertThat(cost.measure(7, this.now::get)).isEqualTo(70);
			assertThat(this.made).hasValue(7);
			assertThat(pool.statistics().misses()).isZero();
		}
	}

	@Test
	void slowCreationIsNotRepeated() {
		try (ObjectPool<Object> pool = builder().build()) {
			pool.creationCost().add(CreationCost.REPEATABLE_NANOS + 1);
			assertNotRepeated(pool);
		}
	}

	@Test
	void creationOfWhatHasToBeDestroyedIsNotRepeated() {
		try (ObjectPool<Object> pool = builder().destroy((object) -> {
		}).build()) {
			pool.creationCost().add(1);
			assertNotRepeated(pool);
		}
	}

	@Test
	void creationOfWhatIsValidatedIsNotRepeated() {
		try (ObjectPool<Object> pool = builder().validation((object) -> true).build()) {
			pool.creationCost().add(1);
			assertNotRepeated(pool);
		}
	}

	private void assertNotRepeated(ObjectPool<?> pool) {
		assertThat(pool.creationCost().isRepeatable()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> pool.creationCost().measure(1, this.now::get))
			.withMessageContaining("pool 'things'");
		assertThat(this.made).hasValue(0);
	}

	@Test
	void failureOfTheFactoryIsThatOfAnAcquire() {
		try (ObjectPool<Object> pool = ObjectPool.builder("things", () -> {
			throw new IllegalStateException("as asked");
		}).build()) {
			pool.creationCost().add(1);
			assertThatExceptionOfType(PooledObjectException.class)
				.isThrownBy(() -> pool.creationCost().measure(1, this.now::get))
				.withMessageContaining("as asked");
		}
	}

	@Test
	void textTellsNoObject() {
		try (ObjectPool<Thing> pool = ObjectPool.builder("things", new Thing.Factory()).build()) {
			pool.creationCost().add(7);
			assertThat(pool.creationCost()).hasToString("CreationCost[pool=things, quickestNanos=7]");
		}
	}

}
