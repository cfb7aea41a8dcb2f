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

import java.util.Arrays;

import io.mempool.core.Caps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Arrays of blocks, and what keeps two of them apart.
 */
class HeapSourceTests {

	private static final int LINE = 64;

	private final BufferPool pool = BufferPool.builder("uploads").tiers(512, 8192).caps(Caps.ofIdle(2)).build();

	@ParameterizedTest
	@ValueSource(ints = { 512, 8192 })
	void noTwoPooledBlocksShareALine(int capacity) {
		PooledBuffer buffer = this.pool.acquire(capacity);
		assertThat(buffer.array().length - buffer.arrayOffset() - capacity).isGreaterThanOrEqualTo(LINE);
		assertThat(buffer.capacity()).isEqualTo(capacity);
	}

	@Test
	void apartnessCostsTwoPercentOfAnEightKibibyteBlockAtMost() {
		assertThat(this.pool.acquire(8192).array()).hasSizeLessThan(8192 * 102 / 100);
	}

	@Test
	void transientBuffersAreExact() {
		assertThat(this.pool.acquire(10_000).array()).hasSize(10_000);
		assertThat(BufferPool.builder("twin").tiers(512).pooling(false).build().acquire(512).array()).hasSize(512);
	}

	@Test
	void whatTheRawArrayReachesBehindTheCapacityIsClearedToo() {
		PooledBuffer buffer = this.pool.acquire(10);
		byte[] memory = buffer.array();
		Arrays.fill(memory, (byte) 1);
		buffer.release();
		assertThat(memory).containsOnly(0);
	}

	@Test
	void tiersOfAnUpdateAreKeptApartToo() {
		this.pool.update((settings) -> settings.tiers(1024));
		assertThat(this.pool.acquire(1024).array()).hasSize(1024 + LINE);
	}

}
