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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.MemoryKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Calibrations}.
 */
class CalibrationsTests {

	private final Deque<MeasuredCosts> results = new ArrayDeque<>();

	private final List<MemoryKind> measured = new ArrayList<>();

	private final AtomicLong now = new AtomicLong();

	private final Calibrations<MemoryKind> calibrations = new Calibrations<>(new HashMap<>(), this::measure,
			this.now::get);

	@Test
	void steadyFiguresAreKept() {
		this.results.add(costs(true));
		MeasuredCosts first = this.calibrations.of(MemoryKind.HEAP);
		this.now.addAndGet(10 * Calibrations.REST_NANOS);
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isSameAs(first);
		assertThat(this.measured).containsExactly(MemoryKind.HEAP);
	}

	@Test
	void figuresThatAreNotSteadyAreMeasuredAgainAtTheNextQuestionAfterARest() {
		MeasuredCosts steady = costs(true);
		this.results.addAll(List.of(costs(false), steady));
		MeasuredCosts first = this.calibrations.of(MemoryKind.HEAP);
		this.now.addAndGet(Calibrations.REST_NANOS - 1);
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isSameAs(first);
		this.now.addAndGet(1);
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isSameAs(steady);
	}

	@Test
	void restBeforeFiguresThatAreNeverSteadyAreMeasuredAgainGrows() {
		for (int i = 0; i < 20; i++) {
			this.results.add(costs(false));
		}
		this.calibrations.of(MemoryKind.HEAP);
		for (long rest = Calibrations.REST_NANOS; rest <= Calibrations.LONGEST_REST_NANOS; rest *= 2) {
			int before = this.measured.size();
			this.now.addAndGet(rest - 1);
			this.calibrations.of(MemoryKind.HEAP);
			assertThat(this.measured).hasSize(before);
			this.now.addAndGet(1);
			this.calibrations.of(MemoryKind.HEAP);
			assertThat(this.measured).hasSize(before + 1);
		}
		int before = this.measured.size();
		this.now.addAndGet(Calibrations.LONGEST_REST_NANOS);
		this.calibrations.of(MemoryKind.HEAP);
		assertThat(this.measured).hasSize(before + 1);
	}

	@Test
	void steadyFiguresAreMeasuredAgainOnDemandAfterARest() {
		MeasuredCosts second = costs(true);
		this.results.addAll(List.of(costs(true), second));
		MeasuredCosts first = this.calibrations.again(MemoryKind.HEAP);
		assertThat(this.calibrations.again(MemoryKind.HEAP)).isSameAs(first);
		this.now.addAndGet(Calibrations.REST_NANOS);
		assertThat(this.calibrations.again(MemoryKind.HEAP)).isSameAs(second);
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isSameAs(second);
	}

	@Test
	void kindsOfMemoryAreMeasuredOfTheirOwn() {
		this.results.addAll(List.of(costs(true), costs(true)));
		this.calibrations.of(MemoryKind.HEAP);
		assertThat(this.calibrations.known(MemoryKind.OFF_HEAP)).isNull();
		this.calibrations.of(MemoryKind.OFF_HEAP);
		assertThat(this.measured).containsExactly(MemoryKind.HEAP, MemoryKind.OFF_HEAP);
	}

	@Test
	void withoutMemoryToMeasureThereAreNoFiguresUntilTheNextQuestion() {
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isNull();
		this.results.add(costs(true));
		assertThat(this.calibrations.of(MemoryKind.HEAP)).isNotNull();
	}

	private MeasuredCosts measure(MemoryKind memory) {
		this.measured.add(memory);
		MeasuredCosts costs = this.results.poll();
		if (costs == null) {
			throw new OutOfMemoryError("none left for this test");
		}
		return costs;
	}

	private static MeasuredCosts costs(boolean steady) {
		return new MeasuredCosts(List.of(new Sample(100, 20, 10, 10, steady), new Sample(1000, 20, 10, 100, steady)));
	}

}
