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

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.Clearing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MeasuredCosts}.
 */
class MeasuredCostsTests {

	@Test
	void costsBetweenTwoSizesLieOnAStraightLine() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 30, 20), sample(400, 70, 60));
		assertThat(costs.leaseNanos(100, Clearing.ON_RELEASE)).isEqualTo(20);
		assertThat(costs.leaseNanos(150, Clearing.ON_RELEASE)).isEqualTo(25);
		assertThat(costs.leaseNanos(300, Clearing.ON_RELEASE)).isEqualTo(50);
		assertThat(costs.allocationNanos(350)).isEqualTo(50);
	}

	@Test
	void costsBeyondWhatWasMeasuredGoOnAsTheyWere() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 20, 110));
		assertThat(costs.leaseNanos(1000, Clearing.ON_RELEASE)).isEqualTo(20);
		assertThat(costs.allocationNanos(300)).isEqualTo(210);
		assertThat(costs.allocationNanos(1)).isZero();
	}

	@Test
	void noiseDoesNotMakeLargeBuffersCheap() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 19, 20));
		assertThat(costs.leaseNanos(1 << 30, Clearing.ON_RELEASE)).isEqualTo(19);
	}

	@Test
	void leasesCostWithoutClearingWhatTheyCostWithoutClearing() {
		MeasuredCosts costs = costs(new Sample(100, 20, 5, 10, true), new Sample(200, 40, 15, 20, true));
		assertThat(costs.leaseNanos(150, Clearing.NEVER)).isEqualTo(10);
	}

	@Test
	void figuresBetweenTwoSizesAreSteadyIfThoseOfBothAre() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 20, 10), new Sample(400, 20, 20, 10, false));
		assertThat(costs.isSteady(50)).isTrue();
		assertThat(costs.isSteady(200)).isTrue();
		assertThat(costs.isSteady(201)).isFalse();
		assertThat(costs.isSteady(1000)).isFalse();
		assertThat(costs.steady()).isFalse();
	}

	@Test
	void allocationIsQuickerOnlyByMoreThanSteadyFiguresMayDiffer() {
		MeasuredCosts costs = costs(sample(100, 125, 100), sample(200, 126, 100));
		assertThat(costs.isAllocationQuicker(100, Clearing.ON_RELEASE)).isFalse();
		assertThat(costs.isAllocationQuicker(200, Clearing.ON_RELEASE)).isTrue();
	}

	@Test
	void allocationIsNotQuickerByFiguresThatAreNotSteady() {
		MeasuredCosts costs = costs(sample(100, 4894, 2332), new Sample(200, 4894, 4894, 2332, false));
		assertThat(costs.isAllocationQuicker(150, Clearing.ON_RELEASE)).isFalse();
	}

	@Test
	void allocationIsNotQuickerByFiguresThatWereNotMeasured() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 40, 10));
		assertThat(costs.isAllocationQuicker(200, Clearing.ON_RELEASE)).isTrue();
		assertThat(costs.isAllocationQuicker(201, Clearing.ON_RELEASE)).isFalse();
	}

	@Test
	void poolingPaysFromWhereBothCostTheSame() {
		MeasuredCosts costs = costs(sample(100, 20, 10), sample(200, 20, 30), sample(400, 20, 60));
		assertThat(costs.payingFrom(Clearing.ON_RELEASE)).isEqualTo(150);
		assertThat(costs(sample(100, 20, 21), sample(200, 20, 30)).payingFrom(Clearing.ON_RELEASE)).isZero();
	}

	@Test
	void whereLargeSizesDoNotPayThereIsNoSuchSize() {
		assertThat(costs(sample(100, 20, 30), sample(200, 20, 10)).payingFrom(Clearing.ON_RELEASE)).isNull();
	}

	@Test
	void onlyWhatIsSteadyTellsFromWhereItPays() {
		Sample unsteady = new Sample(400, 20, 20, 1, false);
		assertThat(costs(sample(100, 20, 10), sample(200, 20, 30), unsteady).payingFrom(Clearing.ON_RELEASE))
			.isEqualTo(150);
		assertThat(costs(sample(100, 20, 10), unsteady).payingFrom(Clearing.ON_RELEASE)).isNull();
		assertThat(costs(new Sample(50, 20, 20, 30, false), sample(100, 20, 30)).payingFrom(Clearing.ON_RELEASE))
			.isNull();
	}

	private static MeasuredCosts costs(Sample... samples) {
		return new MeasuredCosts(List.of(samples));
	}

	private static Sample sample(int size, double lease, double allocation) {
		return new Sample(size, lease, lease, allocation, true);
	}

}
