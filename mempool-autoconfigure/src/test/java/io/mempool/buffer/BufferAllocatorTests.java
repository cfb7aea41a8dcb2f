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

import io.mempool.core.LeaseException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The holder of one buffer. Its rules (G5) are held for every pool by
 * {@link AbstractBufferPoolTests}.
 */
class BufferAllocatorTests {

	private final BufferPool pool = BufferPool.builder("uploads").tiers(64).build();

	private final BufferAllocator allocator = this.pool.allocator();

	@Test
	void errorsTellThePoolWhatWasDoneAndWhatToDo() {
		assertThatExceptionOfType(LeaseException.class).isThrownBy(this.allocator::buffer)
			.withMessage("Cannot read the buffer of an allocator of pool 'uploads': it holds none. Allocate one first");
		assertThatExceptionOfType(LeaseException.class).isThrownBy(this.allocator::release)
			.withMessage(
					"Cannot release the buffer of an allocator of pool 'uploads': it holds none. Allocate one first");
		this.allocator.allocate(10);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.allocator.allocate(20))
			.withMessage("Cannot allocate 20 bytes from pool 'uploads': the allocator holds a buffer of 10 bytes. "
					+ "Release it first");
		this.allocator.release();
	}

	@Test
	void refusedAllocationLeavesTheBufferThatIsHeld() {
		PooledBuffer held = this.allocator.allocate(10);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> this.allocator.allocate(20));
		assertThat(this.allocator.buffer()).isSameAs(held);
		assertThat(held.isAlive()).isTrue();
		assertThat(this.pool.statistics().leased()).isEqualTo(1);
		this.allocator.release();
	}

	@Test
	void failedAllocationLeavesTheAllocatorEmpty() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.allocator.allocate(-1));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(this.allocator::buffer);
		this.allocator.allocate(1);
		this.allocator.release();
	}

	@Test
	void closeReleasesWhatIsHeldAndMayBeRepeated() {
		this.allocator.allocate(10);
		this.allocator.close();
		this.allocator.close();
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().doubleReleases()).isZero();
		this.allocator.allocate(10);
		this.allocator.close();
	}

	@Test
	void releaseBehindItsBackIsReportedOnceAndThenOver() {
		this.allocator.allocate(10).release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(this.allocator::release);
		this.allocator.allocate(10);
		this.allocator.release();
		assertThat(this.pool.statistics().leased()).isZero();
	}

}
