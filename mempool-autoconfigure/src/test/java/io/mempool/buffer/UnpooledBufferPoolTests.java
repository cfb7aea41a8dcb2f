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

import java.util.List;
import java.util.Map;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.testing.Figures;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The unpooled twin (G6).
 */
class UnpooledBufferPoolTests extends AbstractBufferPoolTests {

	@Override
	BufferPoolBuilder builder() {
		return BufferPool.builder("test").pooling(false);
	}

	@Override
	int capacity(int request, int tier) {
		return request;
	}

	@Override
	long weight(int tier) {
		return Weights.ofTransient(tier);
	}

	@Override
	long weightOfTransient(int size) {
		return Weights.ofTransient(size);
	}

	@Override
	Figures afterReturn() {
		return new Figures(0, 1, 1, 1, 0);
	}

	@Override
	Figures afterAcquireAgain() {
		return new Figures(0, 2, 1, 1, 0);
	}

	@Test
	void returnIsDiscardedAndCountedWithItsReason() {
		BufferPool pool = builder().tiers(16).build();
		pool.acquire(10).release();
		assertThat(pool.statistics().discardedBy()).isEqualTo(Map.of(DiscardReason.UNPOOLED, 1L));
		assertThat(pool.settings().pooling()).isFalse();
	}

	@Test
	void nothingIsPreallocated() {
		BufferPool pool = builder().tiers(List.of(new BufferTier(16, new Caps(4, 4, 4)))).limit(16).build();
		assertThat(pool.statistics().preallocated()).isZero();
		assertThat(pool.statistics().usedBytes()).isZero();
	}

	@Test
	void everyLeaseHasMemoryOfItsOwn() {
		BufferPool pool = builder().tiers(16).build();
		PooledBuffer first = pool.acquire(10);
		byte[] array = first.array();
		first.release();
		PooledBuffer second = pool.acquire(10);
		assertThat(second.array()).isNotSameAs(array);
		second.release();
	}

	@Test
	void lentBytesAreTheExactSizes() {
		BufferPool pool = builder().tiers(1024).build();
		PooledBuffer buffer = pool.acquire(10);
		assertThat(pool.statistics().leasedBytes()).isEqualTo(10);
		buffer.release();
	}

}
