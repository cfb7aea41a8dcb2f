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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.scope.BufferScope;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Pools of blocks of one size: the vectors of stealthpool, as idle and allocated blocks.
 */
@ParameterizedClass
@EnumSource(MemoryKind.class)
class BlockPoolTests {

	@Parameter
	private MemoryKind memory;

	// What is unreachable is taken back
	private final List<PooledBuffer> held = new ArrayList<>();

	@Test
	void blocksArePreallocatedAndCreatedUpToTheirNumber() {
		BufferPool blocks = BufferPool.builder("blocks").memory(this.memory).blocks(4096, 3, 2).build();
		assertIdleAndAllocated(blocks, 2, 2);
		acquire(blocks);
		assertIdleAndAllocated(blocks, 1, 2);
		acquire(blocks);
		assertIdleAndAllocated(blocks, 0, 2);
		PooledBuffer third = acquire(blocks);
		assertThat(third.size()).isEqualTo(third.capacity());
		assertIdleAndAllocated(blocks, 0, 3);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> blocks.acquire(4096));
		blocks.close();
	}

	@Test
	void onlyTheHandleItselfCanReturnItsBlock() {
		BufferPool blocks = BufferPool.builder("blocks").memory(this.memory).blocks(4096, 2, 2).build();
		acquire(blocks);
		PooledBuffer second = acquire(blocks);
		assertIdleAndAllocated(blocks, 0, 2);
		PooledBuffer part = second.slice(2, 100);
		part.release();
		assertIdleAndAllocated(blocks, 0, 2);
		second.copyIn(0, new byte[] { 7 }, 0, 1);
		second.release();
		assertIdleAndAllocated(blocks, 1, 2);
		assertThatIllegalStateException().isThrownBy(second::release);
		assertIdleAndAllocated(blocks, 1, 2);
		acquire(blocks);
		assertIdleAndAllocated(blocks, 0, 2);
		blocks.close();
	}

	@Test
	void blockThatComesBackIsHandedOutAgain() {
		BufferPool blocks = BufferPool.builder("blocks")
			.memory(this.memory)
			.clearing(Clearing.NEVER)
			.blocks(4096, 1, 0)
			.build();
		PooledBuffer only = blocks.acquire(4096);
		assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> blocks.acquire(4096));
		only.copyIn(0, new byte[] { 7 }, 0, 1);
		only.release();
		assertIdleAndAllocated(blocks, 1, 1);
		assertThat(blocks.acquire(4096).toByteArray()).startsWith(7);
		blocks.close();
	}

	@Test
	void moreBlocksThanMayExistAreNotPreallocated() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> BufferPool.builder("blocks").blocks(4096, 3, 4));
	}

	@Test
	void closingTwiceIsHarmless() {
		BufferPool blocks = BufferPool.builder("blocks").memory(this.memory).blocks(4096, 2, 2).build();
		blocks.close();
		blocks.close();
		assertIdleAndAllocated(blocks, 0, 0);
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> blocks.acquire(4096));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MIN_VALUE })
	void sizesThatAreNotPositiveAreRefused(int size) {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> BufferPool.builder("blocks").blocks(size, 3, 0))
			.withMessageContaining("'size' must be positive");
	}

	// Requests that are larger than a block

	private BufferPool strict() {
		return BufferPool.builder("blocks").memory(this.memory).blocks(4096, 3, 1).build();
	}

	private static void assertRefused(BufferPool blocks, ThrowingCallable request) {
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(request)
			.withMessage(
					"Cannot acquire 4097 bytes from pool 'blocks': it lends no more than its largest block, which has "
							+ "4096 bytes. Acquire several blocks, or use a pool with larger ones")
			.satisfies((ex) -> assertThat(ex.getLimit()).isEqualTo(4096));
		PoolStatistics now = blocks.statistics();
		assertThat(now.oversized()).isZero();
		assertThat(now.exhausted()).isZero();
	}

	@Test
	void requestLargerThanABlockIsRefusedHoweverItIsMade() {
		BufferPool blocks = strict();
		assertRefused(blocks, () -> blocks.acquire(4097));
		assertRefused(blocks, () -> blocks.tryAcquire(4097));
		assertRefused(blocks, () -> blocks.acquire(4097, Duration.ofSeconds(20)));
		assertIdleAndAllocated(blocks, 1, 1);
	}

	@Test
	void unpooledTwinRefusesItToo() {
		BufferPool twin = BufferPool.builder("blocks").memory(this.memory).blocks(4096, 3, 1).pooling(false).build();
		assertRefused(twin, () -> twin.acquire(4097));
		assertThat(twin.acquire(4096).capacity()).isEqualTo(4096);
	}

	@Test
	void scopeThatIsRefusedABlockHoldsNothing() {
		BufferPool blocks = strict();
		try (BufferScope scope = new BufferScope(blocks, 10_000)) {
			assertRefused(blocks, () -> scope.acquire(4097));
			assertThat(scope.size()).isZero();
			assertThat(scope.remaining()).isEqualTo(10_000);
		}
	}

	@Test
	void streamThatCannotGrowBeyondABlockKeepsWhatWasWritten() {
		BufferPool blocks = strict();
		PooledOutputStream out = blocks.outputStream();
		out.write(new byte[4096], 0, 4096);
		assertRefused(blocks, () -> out.write(1));
		PooledBuffer block = out.toBuffer();
		assertThat(block.size()).isEqualTo(4096);
		block.release();
	}

	@Test
	void streamThatExpectsMoreThanABlockBeginsWithOne() {
		BufferPool blocks = strict();
		PooledOutputStream out = new PooledOutputStream(blocks, 10_000, 20_000);
		out.write(new byte[4096], 0, 4096);
		assertRefused(blocks, () -> out.write(1));
		assertThat(out.size()).isEqualTo(4096);
		out.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4095, 4096 })
	void contentThatFitsABlockIsRead(int size) throws Exception {
		BufferPool blocks = strict();
		try (PooledBuffer content = read(blocks, -1, size)) {
			assertThat(content.size()).isEqualTo(size);
		}
		assertThat(blocks.statistics().leased()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 10, 4097 })
	void contentLargerThanABlockIsRefusedWhateverWasAnnounced(int announced) {
		BufferPool blocks = strict();
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> read(blocks, announced, 4097))
			.withMessageContaining("largest block, which has 4096 bytes");
		assertThat(blocks.statistics().leased()).isZero();
		assertThat(blocks.statistics().exhausted()).isZero();
	}

	private static PooledBuffer read(BufferPool blocks, int announced, int size) throws IOException {
		return new ContentReader(blocks, announced, 20_000).read(new ByteArrayInputStream(new byte[size]));
	}

	@Test
	void largestRequestFollowsTheTiers() {
		BufferPool blocks = strict();
		blocks.update((settings) -> settings.tiers(4097));
		blocks.acquire(4097).release();
		assertThatExceptionOfType(SizeLimitExceededException.class).isThrownBy(() -> blocks.acquire(4098))
			.withMessageContaining("4097 bytes");
	}

	@Test
	void poolOfBlocksServesLargerRequestsIfItIsToldTo() {
		BufferPool blocks = BufferPool.builder("blocks").memory(this.memory).blocks(4096, 3, 0).oversized(true).build();
		blocks.acquire(4097).release();
		assertThat(blocks.statistics().oversized()).isEqualTo(1);
	}

	@Test
	void poolOfTiersCanRefuseLargerRequestsToo() {
		BufferPool tiers = BufferPool.builder("blocks").memory(this.memory).tiers(64, 4096).oversized(false).build();
		assertRefused(tiers, () -> tiers.acquire(4097));
	}

	private PooledBuffer acquire(BufferPool blocks) {
		PooledBuffer block = blocks.acquire(4096);
		this.held.add(block);
		return block;
	}

	private static void assertIdleAndAllocated(BufferPool pool, long idle, long allocated) {
		PoolStatistics statistics = pool.statistics();
		assertThat(statistics.idle()).as("idle").isEqualTo(idle);
		assertThat(statistics.idle() + statistics.leased()).as("allocated").isEqualTo(allocated);
	}

}
