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

package io.mempool.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What Jetty expects of its buffers, and what the pools promise.
 */
class PooledByteBufferPoolTests {

	private final BufferPool heap = BufferPool.builder("jetty-heap").tiers(1024, 8192).build();

	private final BufferPool direct = BufferPool.builder("jetty-direct")
		.tiers(1024, 8192)
		.memory(MemoryKind.OFF_HEAP)
		.build();

	private final PooledByteBufferPool pool = new PooledByteBufferPool(this.heap, this.direct);

	@AfterEach
	void close() {
		this.heap.close();
		this.direct.close();
	}

	private BufferPool pool(boolean direct) {
		return direct ? this.direct : this.heap;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bufferIsEmptyAndHasTheCapacityAndTheKindThatWereAskedFor(boolean direct) {
		RetainableByteBuffer buffer = this.pool.acquire(5000, direct);
		assertThat(buffer.capacity()).isEqualTo(5000);
		assertThat(buffer.getByteBuffer().position()).isZero();
		assertThat(buffer.getByteBuffer().limit()).isZero();
		assertThat(buffer.isDirect()).isEqualTo(direct);
		assertThat(pool(direct).statistics().leased()).isOne();
		assertThat(pool(!direct).statistics().leased()).isZero();
		assertThat(buffer.release()).isTrue();
		assertThat(pool(direct).statistics().leased()).isZero();
		assertThat(pool(direct).statistics().idle()).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void memoryReturnsWithTheLastRelease(boolean direct) {
		RetainableByteBuffer buffer = this.pool.acquire(1000, direct);
		buffer.retain();
		assertThat(buffer.release()).isFalse();
		assertThat(pool(direct).statistics().leased()).isOne();
		assertThat(buffer.release()).isTrue();
		assertThat(pool(direct).statistics().leased()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void staleReleaseAfterTheMemoryHasANewOwnerIsRefused(boolean direct) {
		RetainableByteBuffer former = this.pool.acquire(1000, direct);
		former.release();
		RetainableByteBuffer.Mutable present = this.pool.acquire(1000, direct);
		assertThat(pool(direct).statistics().hits()).as("the same memory").isOne();
		present.append(ByteBuffer.wrap("mine".getBytes(StandardCharsets.US_ASCII)));
		assertThatIllegalStateException().isThrownBy(former::release);
		assertThatIllegalStateException().isThrownBy(former::retain);
		RetainableByteBuffer next = this.pool.acquire(1000, direct);
		assertThat(next.getByteBuffer().clear()).isNotEqualTo(present.getByteBuffer());
		assertThat(StandardCharsets.US_ASCII.decode(present.getByteBuffer().duplicate()).toString()).isEqualTo("mine");
		next.release();
		present.release();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sliceKeepsTheMemory(boolean direct) {
		RetainableByteBuffer.Mutable buffer = this.pool.acquire(1000, direct);
		buffer.append(ByteBuffer.wrap("content".getBytes(StandardCharsets.US_ASCII)));
		RetainableByteBuffer slice = buffer.slice();
		buffer.release();
		assertThat(pool(direct).statistics().leased()).isOne();
		assertThat(StandardCharsets.US_ASCII.decode(slice.getByteBuffer()).toString()).isEqualTo("content");
		slice.release();
		assertThat(pool(direct).statistics().leased()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void copyIsPooledToo(boolean direct) {
		RetainableByteBuffer.Mutable buffer = this.pool.acquire(1000, direct);
		buffer.append(ByteBuffer.wrap("content".getBytes(StandardCharsets.US_ASCII)));
		RetainableByteBuffer copy = buffer.copy();
		assertThat(pool(direct).statistics().leased()).isEqualTo(2);
		buffer.release();
		assertThat(StandardCharsets.US_ASCII.decode(copy.getByteBuffer()).toString()).isEqualTo("content");
		copy.release();
		assertThat(pool(direct).statistics().leased()).isZero();
	}

	@Test
	void nextOwnerReadsNothingOfTheFormerOne() {
		RetainableByteBuffer.Mutable former = this.pool.acquire(1000, true);
		former.append(ByteBuffer.allocate(1000).put(999, (byte) 1));
		former.release();
		RetainableByteBuffer next = this.pool.acquire(1000, true);
		assertThat(next.getByteBuffer().clear()).isEqualTo(ByteBuffer.allocate(1000));
		next.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALLOCATE", "FAIL", "WAIT" })
	void whatALimitRefusesIsNotPooledAndDoesNotWaitWhateverThePolicy(ExhaustionPolicy policy) {
		try (BufferPool small = BufferPool.builder("small").tiers(1024).limit(1200).policy(policy).build()) {
			PooledByteBufferPool pool = new PooledByteBufferPool(small, this.direct);
			RetainableByteBuffer first = pool.acquire(1024, false);
			RetainableByteBuffer second = pool.acquire(1024, false);
			assertThat(second.capacity()).isEqualTo(1024);
			assertThat(second.isDirect()).isFalse();
			assertThat(small.statistics().leased()).isOne();
			assertThat(small.statistics().exhausted()).isOne();
			second.release();
			first.release();
			assertThat(small.statistics().leased()).isZero();
		}
	}

	@Test
	void whatTheBudgetRefusesIsNotPooled() {
		try (BufferPool small = BufferPool.builder("small")
			.tiers(1024)
			.memory(MemoryKind.OFF_HEAP)
			.budget(BufferPool.budget("budget", 1500))
			.build()) {
			PooledByteBufferPool pool = new PooledByteBufferPool(this.heap, small);
			RetainableByteBuffer first = pool.acquire(1024, true);
			RetainableByteBuffer second = pool.acquire(1024, true);
			assertThat(second.isDirect()).isTrue();
			assertThat(small.statistics().leased()).isOne();
			second.release();
			first.release();
		}
	}

	@Test
	void sizeThatThePoolDoesNotServeIsNotPooled() {
		try (BufferPool blocks = BufferPool.builder("blocks").tiers(1024).oversized(false).build()) {
			RetainableByteBuffer buffer = new PooledByteBufferPool(blocks, this.direct).acquire(2000, false);
			assertThat(buffer.capacity()).isEqualTo(2000);
			buffer.release();
		}
	}

	@Test
	void closedPoolDoesNotFailTheRestOfAConnection() {
		RetainableByteBuffer leased = this.pool.acquire(1000, true);
		this.direct.close();
		RetainableByteBuffer buffer = this.pool.acquire(1000, true);
		assertThat(buffer.isDirect()).isTrue();
		buffer.release();
		leased.release();
		assertThat(this.direct.statistics().leased()).isZero();
	}

	@Test
	void clearDiscardsIdleMemory() {
		this.pool.acquire(1000, false).release();
		this.pool.acquire(1000, true).release();
		this.pool.clear();
		assertThat(this.heap.statistics().idle()).isZero();
		assertThat(this.direct.statistics().idle()).isZero();
	}

}
