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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.engine.WithoutPeriodicLook;
import io.mempool.testing.Buffers;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Waiting for one of few buffers: kept when returned, without clearing, not kept, and
 * unpooled, as their ways home differ.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("pools")
class WaitingTests {

	private static final int TOTAL = 2;

	private final BufferPool pool;

	WaitingTests(String name, BufferPoolBuilder builder) {
		this.pool = builder.policy(ExhaustionPolicy.WAIT).maxWait(Duration.ofSeconds(20)).build();
	}

	static Stream<Arguments> pools() {
		return Stream.of(Arguments.of("kept", builder(TOTAL, TOTAL)),
				Arguments.of("never cleared", builder(TOTAL, TOTAL).clearing(Clearing.NEVER)),
				Arguments.of("half of them kept", builder(1, TOTAL)), Arguments.of("not kept", builder(0, TOTAL)),
				Arguments.of("limited", builder(TOTAL, Caps.UNLIMITED).limit(TOTAL * Weights.of(64))),
				Arguments.of("unpooled", builder(TOTAL, TOTAL).pooling(false)));
	}

	private static BufferPoolBuilder builder(int maxIdle, int maxTotal) {
		return BufferPool.builder("uploads").tiers(List.of(new BufferTier(64, new Caps(maxIdle, maxTotal, 0))));
	}

	private PooledBuffer acquire() {
		return this.pool.acquire(64);
	}

	private List<PooledBuffer> acquireAll() {
		return Buffers.acquire(this.pool, 64, TOTAL);
	}

	private void assertAtRest() {
		PoolStatistics now = this.pool.statistics();
		assertThat(now.leased()).isZero();
		assertThat(now.usedBytes()).isEqualTo(now.idle() * Weights.of(64));
		Buffers.acquire(this.pool, 64, TOTAL).forEach(PooledBuffer::release);
	}

	@Test
	void releaseLetsAWaiterThrough() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> waiting = Started.andWaiting(this::acquire);
		buffers.get(0).release();
		waiting.result().release();
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void discardLetsAWaiterThrough() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> waiting = Started.andWaiting(this::acquire);
		buffers.get(0).discard();
		waiting.result().release();
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void lastOfSeveralReferencesLetsAWaiterThrough() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		PooledBuffer retained = buffers.get(0).retain();
		Started<PooledBuffer> waiting = Started.andWaiting(this::acquire);
		buffers.get(0).release();
		Thread.sleep(5);
		assertThat(waiting.isDone()).isFalse();
		retained.release();
		waiting.result().release();
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void waitersAreWokenAndNeedNotLookByThemselves() throws Exception {
		int rounds = 40;
		for (int i = 0; i < rounds; i++) {
			List<PooledBuffer> buffers = acquireAll();
			Started<PooledBuffer> waiting = Started.andWaiting(this::acquire);
			buffers.get(i % 2).release();
			waiting.result().release();
			buffers.get((i + 1) % 2).release();
		}
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void waitersAreWokenByTheOneBeforeThem() throws Exception {
		int rounds = 30;
		for (int i = 0; i < rounds; i++) {
			List<PooledBuffer> buffers = acquireAll();
			Started<PooledBuffer> first = Started.andWaiting(this::acquire);
			Started<PooledBuffer> second = Started.andWaiting(this::acquire);
			buffers.forEach(PooledBuffer::release);
			PooledBuffer served = first.result();
			second.result().release();
			served.release();
		}
	}

	@Test
	void firstComeIsFirstServed() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Started<Integer>> waiting = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			int number = i;
			waiting.add(Started.andWaiting(() -> {
				PooledBuffer buffer = acquire();
				order.add(number);
				Thread.sleep(2);
				buffer.release();
				return number;
			}));
		}
		buffers.get(0).release();
		for (Started<Integer> one : waiting) {
			one.result();
		}
		assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void waiterIsNotOvertaken() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> waiting = Started.andWaiting(this::acquire);
		assertThat(this.pool.tryAcquire(64)).isNull();
		buffers.get(0).release();
		PooledBuffer served = waiting.result();
		assertThat(this.pool.tryAcquire(64)).isNull();
		served.release();
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void waiterThatGivesUpLetsTheNextOneThrough() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> hasty = Started.andWaiting(() -> this.pool.acquire(64, Duration.ofMillis(600)));
		Started<PooledBuffer> patient = Started.andWaiting(this::acquire);
		assertThat(hasty.failure()).isInstanceOf(PoolExhaustedException.class);
		buffers.get(0).release();
		patient.result().release();
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void waiterInTheMiddleOfTheLineMayGiveUp() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> first = Started.andWaiting(this::acquire);
		Started<PooledBuffer> second = Started.andWaiting(() -> this.pool.acquire(64, Duration.ofMillis(500)));
		Started<PooledBuffer> third = Started.andWaiting(this::acquire);
		assertThat(second.failure()).isInstanceOf(PoolExhaustedException.class);
		buffers.forEach(PooledBuffer::release);
		first.result().release();
		third.result().release();
		assertAtRest();
	}

	@Test
	void interruptionOfATimedAcquireIsChecked() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> waiting = Started.andWaiting(() -> this.pool.acquire(64, Duration.ofSeconds(20)));
		assertThat(waiting.interrupt().failure()).isInstanceOf(InterruptedException.class);
		buffers.forEach(PooledBuffer::release);
		assertAtRest();
	}

	@Test
	void interruptionOfAnAcquireIsUncheckedAndSetsTheFlagAgain() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<Boolean> waiting = Started.andWaiting(() -> {
			assertThatExceptionOfType(AcquireInterruptedException.class).isThrownBy(this::acquire)
				.withMessageContaining("64 bytes from pool 'uploads'")
				.withCauseInstanceOf(InterruptedException.class);
			return Thread.currentThread().isInterrupted();
		});
		assertThat(waiting.interrupt().result()).isTrue();
		buffers.forEach(PooledBuffer::release);
		assertAtRest();
	}

	@Test
	void interruptedWaiterLeavesTheLineToTheOthers() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		Started<PooledBuffer> first = Started.andWaiting(() -> this.pool.acquire(64, Duration.ofSeconds(20)));
		Started<PooledBuffer> second = Started.andWaiting(this::acquire);
		first.interrupt();
		buffers.get(0).release();
		second.result().release();
		// It may have been served before it was interrupted: nothing may get lost then
		try {
			first.result().release();
		}
		catch (Exception ex) {
			assertThat(ex).hasCauseInstanceOf(InterruptedException.class);
		}
		buffers.get(1).release();
		assertAtRest();
	}

	@Test
	void interruptedThreadMayAcquireWhatNeedsNoWaiting() {
		Thread.currentThread().interrupt();
		try {
			acquire().release();
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void closeEndsTheWaitOfAll() throws Exception {
		List<PooledBuffer> buffers = acquireAll();
		List<Started<PooledBuffer>> waiting = List.of(Started.andWaiting(this::acquire),
				Started.andWaiting(this::acquire),
				Started.andWaiting(() -> this.pool.acquire(64, Duration.ofSeconds(20))));
		this.pool.close();
		for (Started<PooledBuffer> one : waiting) {
			assertThat(one.failure()).isInstanceOf(PoolClosedException.class);
		}
		buffers.forEach(PooledBuffer::release);
		assertThat(this.pool.statistics().usedBytes()).isZero();
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void noWakeUpIsLost() throws Exception {
		acquireAndRelease(4, 15_000, Together::run);
		assertAtRest();
	}

	@Test
	@ExtendWith(WithoutPeriodicLook.class)
	void noWakeUpIsLostBetweenTheLookAndTheEnrolment() throws Exception {
		// One of the two buffers is held: now and then one thread waits, seldom both
		PooledBuffer held = acquire();
		acquireAndRelease(2, 40_000, Together::run);
		held.release();
		assertAtRest();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	@ExtendWith(WithoutPeriodicLook.class)
	void noWakeUpOfAVirtualThreadIsLost() throws Exception {
		acquireAndRelease(32, 2000, Together::runVirtual);
		assertAtRest();
	}

	private void acquireAndRelease(int threads, int rounds, Runner runner) throws Exception {
		AtomicInteger lent = new AtomicInteger();
		runner.run(threads, (thread) -> {
			for (int i = 0; i < rounds; i++) {
				PooledBuffer buffer = acquire();
				assertThat(lent.incrementAndGet()).isLessThanOrEqualTo(TOTAL);
				lent.decrementAndGet();
				buffer.release();
			}
		});
	}

	interface Runner {

		void run(int threads, Together.Task task) throws Exception;

	}

}
