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

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.MemoryKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Calibration}, on a machine and with costs of their own.
 */
class CalibrationTests {

	private static final int ROUNDS = 9;

	private static final long MILLISECOND = 1_000_000;

	private final TestMachine machine = new TestMachine();

	@Test
	void figuresThatStayAreSteadyAsSoonAsTheBlocksOfOneWindowAgree() {
		TestProbe probe = new TestProbe((round) -> 100);
		MeasuredCosts costs = measure(probe);
		assertThat(costs.samples()).containsExactly(new Sample(1024, 100, 50, 200, true),
				new Sample(4096, 100, 50, 200, true));
		assertThat(costs.steady()).isTrue();
		assertThat(probe.round).isEqualTo(Calibration.WINDOW * ROUNDS);
	}

	@Test
	void figuresThatFallAreMeasuredUntilTheyStay() {
		// As those of code that is compiled twice
		TestProbe probe = new TestProbe((round) -> (round < 3 * ROUNDS) ? 5000 : (round < 6 * ROUNDS) ? 800 : 100);
		MeasuredCosts costs = measure(probe);
		assertThat(costs.samples().get(0)).isEqualTo(new Sample(1024, 100, 50, 200, true));
		assertThat(probe.round).isEqualTo((6 + Calibration.WINDOW) * ROUNDS);
	}

	@Test
	void figuresThatDriftAreNotSteady() {
		TestProbe probe = new TestProbe((round) -> 1000 * Math.pow(0.9, round / ROUNDS));
		MeasuredCosts costs = measure(probe);
		assertThat(costs.samples()).extracting(Sample::steady).containsOnly(false);
		assertThat(costs.steady()).isFalse();
	}

	@Test
	void oneKindOfFigureThatIsNotSteadyIsEnough() {
		TestProbe probe = new TestProbe((round) -> 100);
		probe.allocation = (round) -> ((round / ROUNDS) % 2 == 0) ? 100 : 200;
		assertThat(measure(probe).samples()).extracting(Sample::steady).containsOnly(false);
	}

	@Test
	void sizesAreSteadyOrNotOfTheirOwn() {
		TestProbe probe = new TestProbe((round) -> 100);
		probe.largest = (round) -> ((round / ROUNDS) % 2 == 0) ? 100 : 200;
		assertThat(measure(probe).samples()).extracting(Sample::steady).containsExactly(true, false);
	}

	@Test
	void pausesInLessThanHalfOfTheRoundsDoNotShow() {
		TestProbe probe = new TestProbe((round) -> (round % ROUNDS < ROUNDS / 2) ? 1_000_000 : 100);
		assertThat(measure(probe).samples().get(0)).isEqualTo(new Sample(1024, 100, 50, 200, true));
	}

	@Test
	void differencesThatClocksCannotTellAreNone() {
		TestProbe probe = new TestProbe((round) -> ((round / ROUNDS) % 2 == 0) ? 6 : 8);
		assertThat(measure(probe).steady()).isTrue();
	}

	@Test
	void nothingIsSteadyWhileTheJvmCompilesMuch() {
		this.machine.compiling = 0.5;
		TestProbe probe = new TestProbe((round) -> 5000);
		assertThat(measure(probe).samples()).extracting(Sample::steady).containsOnly(false);
		assertThat(this.machine.now).isBetween(Calibration.LIMIT_NANOS, Calibration.LIMIT_NANOS * 11 / 10);
	}

	@Test
	void figuresAreSteadyOnceTheJvmHasCompiled() {
		this.machine.compiling = 1;
		this.machine.compilesUntil = 300 * MILLISECOND;
		MeasuredCosts costs = measure(new TestProbe((round) -> 100));
		assertThat(costs.steady()).isTrue();
		assertThat(this.machine.now).isGreaterThan(this.machine.compilesUntil);
	}

	@Test
	void timeIsLimitedOnASlowMachineToo() {
		TestProbe probe = new TestProbe((round) -> 100);
		probe.roundNanos = 40 * MILLISECOND;
		assertThat(measure(probe).steady()).isFalse();
		assertThat(this.machine.now).isLessThan(2 * Calibration.LIMIT_NANOS);
	}

	@Test
	void numberOfBlocksIsLimitedOffTheHeap() {
		TestProbe probe = new TestProbe((round) -> round);
		probe.roundNanos = 0;
		new Calibration(MemoryKind.OFF_HEAP, probe, this.machine).measure();
		assertThat(probe.round).isEqualTo(8 * 3);
	}

	@Test
	void nothingOnTheHeapIsSteadyWhileTheJvmTouchesItForTheFirstTime() {
		this.machine.touching = true;
		assertThat(measure(new TestProbe((round) -> 100)).samples()).extracting(Sample::steady).containsOnly(false);
	}

	@Test
	void heapMattersNotToMemoryOffTheHeap() {
		this.machine.touching = true;
		MeasuredCosts costs = new Calibration(MemoryKind.OFF_HEAP, new TestProbe((round) -> 100), this.machine)
			.measure();
		assertThat(costs.steady()).isTrue();
	}

	@Test
	void probeIsWarmedUpFirstAndClosedInTheEnd() {
		TestProbe probe = new TestProbe((round) -> 100);
		measure(probe);
		assertThat(probe.events).startsWith("warmUp", "measure").endsWith("measure", "close");
	}

	private MeasuredCosts measure(TestProbe probe) {
		return new Calibration(MemoryKind.HEAP, probe, this.machine).measure();
	}

	/**
	 * Costs by the number of the round.
	 */
	private final class TestProbe implements CostProbe {

		private final List<String> events = new ArrayList<>();

		private final IntToDoubleFunction lease;

		private IntToDoubleFunction allocation;

		private IntToDoubleFunction largest;

		private long roundNanos = MILLISECOND / 2;

		private int round;

		TestProbe(IntToDoubleFunction lease) {
			this.lease = lease;
			this.allocation = (round) -> 2 * lease.applyAsDouble(round);
			this.largest = lease;
		}

		@Override
		public void warmUp() {
			this.events.add("warmUp");
		}

		@Override
		public List<Sample> measure() {
			this.events.add("measure");
			CalibrationTests.this.machine.pause(this.roundNanos);
			double allocation = this.allocation.applyAsDouble(this.round);
			List<Sample> samples = List.of(sample(1024, this.lease, allocation),
					sample(4096, this.largest, allocation));
			this.round++;
			return samples;
		}

		private Sample sample(int size, IntToDoubleFunction lease, double allocation) {
			double nanos = lease.applyAsDouble(this.round);
			return new Sample(size, nanos, nanos / 2, allocation, false);
		}

		@Override
		public void close() {
			this.events.add("close");
		}

	}

	/**
	 * A machine whose time a test advances.
	 */
	private static final class TestMachine implements Machine {

		private long now;

		private double compiling;

		private long compilesUntil = Long.MAX_VALUE;

		private boolean touching;

		@Override
		public long nanoTime() {
			return this.now;
		}

		@Override
		public long compilationMillis() {
			return (long) (this.compiling * Math.min(this.now, this.compilesUntil) / MILLISECOND);
		}

		@Override
		public long touchedHeap() {
			return 1_000_000 + (this.touching ? this.now / 1000 : 0);
		}

		@Override
		public void pause(long nanos) {
			this.now += nanos;
		}

	}

}
