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

package io.mempool.advice;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.object.ObjectPool;
import io.mempool.object.ObjectPoolBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObjectWorth}.
 */
class ObjectWorthTests {

	private final AtomicInteger made = new AtomicInteger();

	private ObjectPoolBuilder<int[]> builder() {
		return ObjectPool.builder("arrays", () -> {
			this.made.incrementAndGet();
			return new int[1];
		});
	}

	private static void use(ObjectPool<?> pool, long acquires) {
		// The first ones created are slow: they load classes
		for (int i = 0; i < 100; i++) {
			pool.acquire().discard();
		}
		for (long i = 100; i < acquires; i++) {
			pool.acquire().release();
		}
	}

	private static ObjectWorth worth(double lease, double creation, boolean steady) {
		return ObjectWorth.of(new MeasuredCosts(List.of(new Sample(1, lease, lease, creation, steady))));
	}

	@Test
	void objectsThatAreCreatedFasterAreWarnedOf() {
		ObjectWorth worth = worth(40, 10, true);
		assertThat(worth.leaseNanos()).isEqualTo(40);
		assertThat(worth.creationNanos()).isEqualTo(10);
		assertThat(worth.steady()).isTrue();
		assertThat(worth.warning())
			.isEqualTo("To create an object takes 10 ns on this machine, a lease 40 ns without its reset: create these "
					+ "objects, or lease many of them at once in an ObjectBatch");
	}

	@Test
	void objectsThatAreCreatedMoreSlowlyAreNotWarnedOf() {
		assertThat(worth(40, 41, true).warning()).isNull();
	}

	@Test
	void figuresThatMayBeTheSameAreNotWarnedOf() {
		assertThat(worth(40, 36.5, true).warning()).isNull();
	}

	@Test
	void figuresThatAreNotSteadyAreNotWarnedOf() {
		assertThat(worth(40, 10, false).warning()).isNull();
		assertThat(worth(40, 10, false).steady()).isFalse();
	}

	@Test
	void poolInUseIsMeasured() {
		try (ObjectPool<int[]> pool = builder().build()) {
			use(pool, ObjectWorth.LEAST_ACQUISITIONS);
			ObjectWorth worth = ObjectWorth.of(pool);
			assertThat(worth).isNotNull();
			assertThat(worth.leaseNanos()).isPositive();
			assertThat(worth.creationNanos()).isNotNegative();
			assertThat(this.made).hasValueGreaterThan(1000);
			assertThat(pool.statistics().misses()).isLessThan(200);
			int made = this.made.get();
			ObjectWorth.measureAgain(pool);
			assertThat(this.made).as("measured a moment ago").hasValue(made);
		}
	}

	@Test
	void poolThatIsHardlyUsedIsNotMeasured() {
		try (ObjectPool<int[]> pool = builder().build()) {
			use(pool, ObjectWorth.LEAST_ACQUISITIONS - 1);
			int made = this.made.get();
			assertThat(ObjectWorth.of(pool)).isNull();
			ObjectWorth.measureAgain(pool);
			assertThat(this.made).hasValue(made);
		}
	}

	@Test
	void objectsThatHaveToBeDestroyedAreObservedOnly() {
		try (ObjectPool<int[]> pool = builder().destroy((array) -> {
		}).build()) {
			use(pool, ObjectWorth.LEAST_ACQUISITIONS);
			int made = this.made.get();
			ObjectWorth worth = ObjectWorth.of(pool);
			assertThat(worth).isEqualTo(new ObjectWorth(null, pool.creationCost().quickestNanos(), false, null));
			assertThat(this.made).hasValue(made);
		}
	}

	@Test
	void unpooledTwinIsNotJudged() {
		try (ObjectPool<int[]> pool = builder().pooling(false).build()) {
			use(pool, ObjectWorth.LEAST_ACQUISITIONS);
			int made = this.made.get();
			assertThat(ObjectWorth.of(pool)).isNull();
			assertThat(this.made).hasValue(made);
		}
	}

	@Test
	void factoryThatFailsMeanwhileIsObservedOnly() {
		try (ObjectPool<int[]> pool = ObjectPool.builder("arrays", () -> {
			if (this.made.incrementAndGet() > 500) {
				throw new IllegalStateException("as asked");
			}
			return new int[1];
		}).build()) {
			use(pool, ObjectWorth.LEAST_ACQUISITIONS);
			assertThat(ObjectWorth.of(pool))
				.isEqualTo(new ObjectWorth(null, pool.creationCost().quickestNanos(), false, null));
		}
	}

}
