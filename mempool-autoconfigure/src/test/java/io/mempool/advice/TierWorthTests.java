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
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TierWorth}.
 */
class TierWorthTests {

	// A lease costs 20 ns whatever its size, half of it for clearing, an allocation 10 at
	// 100 bytes, 100 at 1000 and 10,000 at 100,000
	private final MemoryCosts costs = new MeasuredCosts(List.of(new Sample(100, 20, 10, 10, true),
			new Sample(1000, 20, 10, 100, true), new Sample(100_000, 20, 10, 10_000, false)));

	@Test
	void everyHitSavesWhatIsRequestedOfTheTierOnAverage() {
		// 1 miss and 3 hits of 1750 bytes on average, 1 miss of 5000
		List<TierWorth> worth = worth(pool(4096, 8192, 16_384), 1000, 2000, 3000, 1000, 5000);
		assertThat(worth).extracting(TierWorth::tier).containsExactly(4096, 8192, 16_384);
		assertThat(worth).extracting(TierWorth::bytesSaved).containsExactly(3L * 1750, 0L, 0L);
	}

	@Test
	void tierWhoseSizeIsAllocatedFasterIsWarnedOf() {
		List<TierWorth> worth = worth(pool(100, 150, 1000, 10_000), 10);
		assertThat(worth).extracting(TierWorth::leaseNanos).containsOnly(20L);
		assertThat(worth).extracting(TierWorth::allocationNanos).containsExactly(10L, 15L, 100L, 1000L);
		assertThat(worth.get(1).warning()).isEqualTo("new byte[150] takes 15 ns on this machine, a lease of this tier "
				+ "20 ns with clearing and 10 ns without: do not pool requests of 150 bytes");
		assertThat(worth).extracting((tier) -> tier.warning() != null).containsExactly(true, true, false, false);
	}

	@Test
	void tierThatPaysWithoutClearingIsNotWarnedOfIfItIsNotCleared() {
		TierWorth worth = worth(pool(150).clearing(Clearing.NEVER), 10).get(0);
		assertThat(worth.leaseNanos()).isEqualTo(10);
		assertThat(worth.warning()).isNull();
	}

	@Test
	void leasesAreToldWithClearingAndWithout() {
		TierWorth worth = worth(pool(1000), 10).get(0);
		assertThat(worth.clearedLeaseNanos()).isEqualTo(20);
		assertThat(worth.unclearedLeaseNanos()).isEqualTo(10);
	}

	@Test
	void figuresThatAreNotSteadySaySo() {
		assertThat(worth(pool(1000, 1001), 10)).extracting(TierWorth::steady).containsExactly(true, false);
	}

	@Test
	void figuresThatAreNotSteadyAreNotWarnedOf() {
		// As a JVM is just after its start: C1 only, on a busy machine
		MemoryCosts unsteady = new MeasuredCosts(
				List.of(new Sample(4096, 4894, 3000, 2332, false), new Sample(8192, 9000, 6000, 5000, false)));
		try (BufferPool pool = pool(4096, 8192, 1_000_000).build()) {
			assertThat(TierWorth.of(pool.statistics(), pool.requestedSizes(), Clearing.ON_RELEASE, unsteady))
				.extracting(TierWorth::warning)
				.containsOnlyNulls();
		}
	}

	@Test
	void offHeapTierIsComparedWithDirectBuffers() {
		List<TierWorth> worth = worth(pool(100).memory(MemoryKind.OFF_HEAP), 10);
		assertThat(worth.get(0).warning()).startsWith("ByteBuffer.allocateDirect(100) takes 10 ns");
	}

	@Test
	void poolThatDoesNotPoolSavesNothing() {
		try (BufferPool pool = pool(4096).pooling(false).build()) {
			assertThat(TierWorth.of(pool.statistics(), pool.requestedSizes(), Clearing.NEVER)).isEmpty();
		}
	}

	@Test
	void figuresAreThoseOfThisMachine() {
		try (BufferPool pool = pool(4096).build()) {
			List<TierWorth> worth = TierWorth.of(pool.statistics(), pool.requestedSizes(), Clearing.ON_RELEASE);
			MemoryCosts measured = Calibrations.OF_JVM.known(MemoryKind.HEAP);
			assertThat(worth).singleElement()
				.extracting(TierWorth::leaseNanos)
				.isEqualTo(Math.round(measured.leaseNanos(4096, Clearing.ON_RELEASE)));
		}
	}

	private static BufferPoolBuilder pool(int... tiers) {
		return BufferPool.builder("test").tiers(tiers);
	}

	private List<TierWorth> worth(BufferPoolBuilder builder, int... sizes) {
		try (BufferPool pool = builder.build()) {
			for (int size : sizes) {
				pool.acquire(size).release();
			}
			return TierWorth.of(pool.statistics(), pool.requestedSizes(), pool.settings().clearing(), this.costs);
		}
	}

}
