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
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.engine.WithoutPeriodicLook;
import io.mempool.testing.Started;
import io.mempool.testing.Thing;
import io.mempool.testing.Together;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Waiting for one of two objects: kept when returned, checked, not kept, and unpooled.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("pools")
class WaitingForObjectTests {

	private final ObjectPool<Thing> pool;

	// A lease that a test has no more use for would be lost, and its place free
	private List<PooledObject<Thing>> held = List.of();

	WaitingForObjectTests(String name, ObjectPoolBuilder<Thing> builder) {
		this.pool = builder.maxTotal(2).policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(20)).build();
	}

	static Stream<Arguments> pools() {
		return Stream.of(Arguments.of("kept", builder()), Arguments.of("reset", builder().reset(Thing::reset)),
				Arguments.of("never valid", builder().validation((thing) -> false)),
				Arguments.of("not kept", builder().maxIdle(0)), Arguments.of("unpooled", builder().pooling(false)));
	}

	private static ObjectPoolBuilder<Thing> builder() {
		return ObjectPool.builder("things", new Thing.Factory());
	}

	private List<PooledObject<Thing>> acquireAll() {
		this.held = List.of(this.pool.acquire(), this.pool.acquire());
		return this.held;
	}

	@AfterEach
	void heldWasNotLost() {
		assertThat(this.pool.statistics().leaked()).isZero();
		this.held.forEach(PooledObject::close);
	}

	@Test
	void releaseLetsAWaiterThrough() throws Exception {
		List<PooledObject<Thing>> things = acquireAll();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(this.pool::acquire);
		things.get(0).release();
		waiting.result().release();
	}

	@Test
	void discardLetsAWaiterThrough() throws Exception {
		List<PooledObject<Thing>> things = acquireAll();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(this.pool::acquire);
		things.get(0).discard();
		waiting.result().release();
	}

	@Test
	void firstComeIsFirstServed() throws Exception {
		List<PooledObject<Thing>> things = acquireAll();
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Started<Integer>> waiting = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			int number = i;
			waiting.add(Started.andWaiting(() -> {
				try (PooledObject<Thing> thing = this.pool.acquire()) {
					order.add(number);
					Thread.sleep(2);
					return thing.get().number();
				}
			}));
		}
		assertThat(this.pool.tryAcquire()).isNull();
		things.get(0).release();
		for (Started<Integer> one : waiting) {
			one.result();
		}
		assertThat(order).containsExactly(0, 1, 2, 3, 4);
	}

	@Test
	void timeIsLimited() throws Exception {
		acquireAll();
		long start = System.nanoTime();
		Started<PooledObject<Thing>> hasty = Started.of(() -> this.pool.acquire(Duration.ofMillis(30)));
		assertThat(hasty.failure()).isInstanceOf(PoolExhaustedException.class)
			.hasMessageContaining("also after waiting 30 ms");
		assertThat(System.nanoTime() - start).isGreaterThan(29_000_000);
	}

	@Test
	void interruptionOfATimedAcquireIsChecked() throws Exception {
		acquireAll();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(() -> this.pool.acquire(Duration.ofSeconds(20)));
		assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);
	}

	@Test
	void interruptionOfAnAcquireIsUncheckedAndSetsTheFlagAgain() throws Exception {
		acquireAll();
		Started<Boolean> waiting = Started.andWaiting(() -> {
			assertThatExceptionOfType(AcquireInterruptedException.class).isThrownBy(this.pool::acquire)
				.withMessage("Interrupted while waiting for an object from pool 'things'")
				.withCauseInstanceOf(InterruptedException.class);
			return Thread.currentThread().isInterrupted();
		});
		assertThat(waiting.interrupt().result()).isTrue();
	}

	@Test
	void closeEndsTheWait() throws Exception {
		acquireAll();
		Started<PooledObject<Thing>> waiting = Started.andWaiting(this.pool::acquire);
		this.pool.close();
		assertThat(waiting.failure()).isInstanceOf(PoolClosedException.class);
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void noWakeUpIsLost() throws Exception {
		Together.run(4, (thread) -> {
			for (int i = 0; i < 4000; i++) {
				this.pool.acquire().release();
			}
		});
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
