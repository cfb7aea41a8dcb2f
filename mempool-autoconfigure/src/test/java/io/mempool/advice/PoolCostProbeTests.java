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
import java.util.concurrent.atomic.AtomicLong;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.MemoryKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolCostProbe}.
 */
class PoolCostProbeTests {

	@Test
	void costIsTheTimeOfABatchSharedByThoseInIt() {
		AtomicLong now = new AtomicLong();
		try (CostProbe probe = new PoolCostProbe(MemoryKind.HEAP, () -> now.getAndAdd(1000))) {
			List<Sample> samples = probe.measure();
			// Batches of 500, 128, 32, 8, 2 and 1
			assertThat(samples).extracting(Sample::size).containsExactly(256, 1024, 4096, 16_384, 65_536, 262_144);
			assertThat(samples).extracting(Sample::clearedNanos)
				.containsExactly(2.0, 1000 / 128.0, 1000 / 32.0, 125.0, 500.0, 1000.0);
			assertThat(samples).allMatch((sample) -> sample.unclearedNanos() == sample.clearedNanos()
					&& sample.allocationNanos() == sample.clearedNanos());
		}
	}

	@ParameterizedTest
	@EnumSource
	void allKindsOfMemoryAreMeasured(MemoryKind memory) {
		try (CostProbe probe = new PoolCostProbe(memory, System::nanoTime)) {
			probe.warmUp();
			assertThat(probe.measure()).hasSize(6)
				.allMatch((sample) -> sample.clearedNanos() >= 0 && sample.unclearedNanos() >= 0)
				.anyMatch((sample) -> sample.clearedNanos() > 0 && sample.allocationNanos() > 0);
		}
	}

}
