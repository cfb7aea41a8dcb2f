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

package io.mempool.scope;

import java.nio.charset.StandardCharsets;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.DiscardReason;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Slices that are carved through a {@link BufferScope}.
 */
class SlicesOfScopeTests {

	private final BufferPool pool = BufferPool.builder("areas").tiers(64, 1 << 16).build();

	private final BufferScope scope = new BufferScope(this.pool, 1000);

	private long leased() {
		return this.pool.statistics().leased();
	}

	@Test
	void slicesAndAreasGoBackWithTheScope() {
		SlicingAllocator allocator = this.scope.slicingAllocator();
		Slice slice = allocator.copy("0123456789".getBytes(StandardCharsets.UTF_8));
		assertThat(slice.freePrefix()).isZero();
		assertThat(allocator.areaSize()).isEqualTo(1 << 16);
		assertThat(leased()).isOne();
		this.scope.close();
		assertThat(slice.isAlive()).isFalse();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().idle()).isOne();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
	}

	@Test
	void reserveAndSizeOfAreasCanBeChosen() {
		SlicingAllocator allocator = this.scope.slicingAllocator(this.pool, 8, 64);
		Slice first = allocator.allocate(24);
		assertThat(first.freePrefix()).isEqualTo(8);
		allocator.allocate(24);
		assertThat(leased()).isOne();
		allocator.allocate(24);
		assertThat(leased()).isEqualTo(2);
		this.scope.close();
		assertThat(leased()).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> this.scope.slicingAllocator(this.pool, 8, 1 << 17))
			.withMessageContaining("'areaSize'");
	}

	@Test
	void whatIsReleasedEarlyIsForgotten() {
		SlicingAllocator allocator = this.scope.slicingAllocator(this.pool, 0, 64);
		for (int i = 0; i < 1000; i++) {
			allocator.allocate(60).release();
		}
		assertThat(this.scope.size()).as("the area").isOne();
		assertThat(this.scope.remaining()).isEqualTo(1000);
		allocator.close();
		assertThat(this.scope.size()).isZero();
		this.scope.close();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().misses()).isOne();
	}

	@Test
	void detachedSliceOutlivesTheScope() {
		Slice slice = this.scope.detach(this.scope.slicingAllocator().allocate(10));
		this.scope.close();
		slice.putInt(0, 1);
		assertThat(leased()).isOne();
		slice.release();
		assertThat(leased()).isZero();
	}

	@Test
	void slicesCountTowardsTheLimitWithTheirSizes() {
		SlicingAllocator allocator = this.scope.slicingAllocator(this.pool, 100, 1 << 16);
		allocator.allocate(600);
		assertThat(this.scope.remaining()).isEqualTo(400);
		Slice small = allocator.allocate(300);
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> allocator.allocate(200));
		small.release();
		Slice next = allocator.allocate(200);
		assertThat(leased()).as("a refused slice costs no space").isOne();
		assertThat(next.freePrefix()).isEqualTo(100);
		this.scope.close();
		assertThat(leased()).isZero();
	}

	@Test
	void sliceLargerThanAnAreaIsOwnedToo() {
		BufferScope unlimited = new BufferScope(this.pool);
		Slice slice = unlimited.slicingAllocator(this.pool, 8, 64).allocate(100_000);
		assertThat(slice.isTransient()).isTrue();
		unlimited.close();
		assertThat(slice.isAlive()).isFalse();
		assertThat(leased()).isZero();
	}

	@Test
	void closedScopeCarvesNothing() {
		SlicingAllocator allocator = this.scope.slicingAllocator();
		allocator.allocate(10);
		this.scope.close();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> allocator.allocate(10))
			.withMessageContaining("its unit of work has ended");
		SlicingAllocator late = this.scope.slicingAllocator();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> late.allocate(10));
		assertThat(leased()).isZero();
	}

	@Test
	void abandonedScopeDoesNotLendItsAreasAgain() {
		this.scope.slicingAllocator().allocate(10);
		this.scope.abandon();
		assertThat(leased()).isZero();
		assertThat(this.pool.statistics().discardedBy()).containsOnlyKeys(DiscardReason.IN_DOUBT);
	}

	@Test
	void noAreaIsLostIfTheScopeEndsWhileSlicesAreCarved() throws Exception {
		for (int round = 0; round < 200; round++) {
			BufferScope ending = new BufferScope(this.pool);
			SlicingAllocator allocator = ending.slicingAllocator(this.pool, 0, 64);
			Together.run(2, (thread) -> {
				if (thread == 0) {
					ending.close();
					return;
				}
				try {
					for (int i = 0; i < 20; i++) {
						allocator.allocate(40);
					}
				}
				catch (PoolClosedException | LeaseException ex) {
					// The scope ended first
				}
			});
			assertThat(leased()).isZero();
		}
	}

}
