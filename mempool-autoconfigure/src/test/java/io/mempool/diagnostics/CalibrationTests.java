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

package io.mempool.diagnostics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.diagnostics.MeasuredCosts.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Calibration} and {@link MeasuredCosts}, on clocks of their own.
 */
class CalibrationTests {

	private static final int HEAP_ROUNDS = 9;

	@Test
	void costIsTheTimeOfABatchSharedByThoseInIt() {
		MeasuredCosts costs = new Calibration(MemoryKind.HEAP, Clearing.NEVER, ticking(1000, 0)).measure();
		// Batches of 1000, 512, 128, 32, 8 and 2
		assertThat(costs.samples()).extracting(Sample::size).containsExactly(256, 1024, 4096, 16_384, 65_536, 262_144);
		assertThat(costs.samples()).extracting(Sample::leaseNanos)
			.containsExactly(1.0, 1000 / 512.0, 1000 / 128.0, 1000 / 32.0, 125.0, 500.0);
		assertThat(costs.samples()).extracting(Sample::allocationNanos)
			.isEqualTo(costs.samples().stream().map(Sample::leaseNanos).toList());
	}

	@Test
	void pausesInLessThanHalfOfTheRoundsDoNotShow() {
		MeasuredCosts quiet = new Calibration(MemoryKind.HEAP, Clearing.NEVER, ticking(1000, 0)).measure();
		MeasuredCosts noisy = new Calibration(MemoryKind.HEAP, Clearing.NEVER, ticking(1000, HEAP_ROUNDS / 2))
			.measure();
		assertThat(noisy).isEqualTo(quiet);
	}

	@ParameterizedTest
	@EnumSource
	void allKindsOfMemoryAreMeasured(MemoryKind memory) {
		MeasuredCosts costs = new Calibration(memory, Clearing.ON_RELEASE, System::nanoTime).measure();
		assertThat(costs.samples()).hasSize(6)
			.allMatch((sample) -> sample.leaseNanos() >= 0 && sample.allocationNanos() >= 0)
			.anyMatch((sample) -> sample.leaseNanos() > 0 && sample.allocationNanos() > 0);
	}

	@Test
	void costsBetweenTwoSizesLieOnAStraightLine() {
		MeasuredCosts costs = new MeasuredCosts(
				List.of(new Sample(100, 20, 10), new Sample(200, 30, 20), new Sample(400, 70, 60)));
		assertThat(costs.leaseNanos(100)).isEqualTo(20);
		assertThat(costs.leaseNanos(150)).isEqualTo(25);
		assertThat(costs.leaseNanos(300)).isEqualTo(50);
		assertThat(costs.allocationNanos(350)).isEqualTo(50);
	}

	@Test
	void costsBeyondWhatWasMeasuredGoOnAsTheyWere() {
		MeasuredCosts costs = new MeasuredCosts(List.of(new Sample(100, 20, 10), new Sample(200, 20, 110)));
		assertThat(costs.leaseNanos(1000)).isEqualTo(20);
		assertThat(costs.allocationNanos(300)).isEqualTo(210);
		assertThat(costs.allocationNanos(1)).isZero();
	}

	@Test
	void noiseDoesNotMakeLargeBuffersCheap() {
		MeasuredCosts costs = new MeasuredCosts(List.of(new Sample(100, 20, 10), new Sample(200, 19, 20)));
		assertThat(costs.leaseNanos(1 << 30)).isEqualTo(19);
	}

	/**
	 * A clock that advances at every look, and jumps in the first rounds.
	 */
	private static LongSupplier ticking(long nanos, int roundsWithJumps) {
		int looksInARound = 6 * 4;
		AtomicLong now = new AtomicLong();
		AtomicLong looks = new AtomicLong();
		return () -> now.addAndGet((looks.getAndIncrement() < roundsWithJumps * looksInARound) ? 1_000_000 : nanos);
	}

}
