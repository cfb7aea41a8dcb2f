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
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

import io.mempool.buffer.Slab.Range;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.engine.Account;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.BlockSource;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.Tier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A buffer whose memory is the middle of a slab, between two neighbours.
 */
class CarvedBufferTests {

	private static final int SIZE = 100;

	private static final int CAPACITY = 200;

	private static final int REACH = 256;

	private static final byte[] DIGITS = "0123456789".getBytes(StandardCharsets.US_ASCII);

	private final Slabs slabs = new Slabs(HeapLayoutTests.g1(), 1 << 28, 1 << 28);

	private final Range before = this.slabs.add(this.slabs.create(this.slabs.plan(CAPACITY, Long.MAX_VALUE)), CAPACITY);

	private final Range own = claim();

	private final Range after = claim();

	private final byte[] slab = this.own.array();

	private final HeapBlock block = new HeapBlock("uploads", CAPACITY, this.own);

	private final Tier<MemoryBlock> tier = new Tier<>(new Account("uploads", SharedBudget.unlimited(), Long.MAX_VALUE),
			CAPACITY, Caps.ofIdle(1), new OneBlock(), null);

	private Range claim() {
		return Objects.requireNonNull(this.slabs.claim(CAPACITY));
	}

	private BufferLease acquire() {
		MemoryBlock idle = this.tier.claim();
		return new BufferLease(
				(idle != null) ? idle
						: new AdmissionPolicy(ExhaustionPolicy.FAIL, Duration.ofSeconds(1)).acquire(this.tier, SIZE),
				SIZE);
	}

	@BeforeEach
	void neighboursHaveWritten() {
		Arrays.fill(this.slab, (byte) 'n');
		Arrays.fill(this.slab, this.own.offset(), this.own.offset() + REACH, (byte) 0);
	}

	private void assertNeighboursKeepWhatTheyWrote() {
		byte[] expected = new byte[this.slab.length];
		Arrays.fill(expected, (byte) 'n');
		System.arraycopy(this.slab, this.own.offset(), expected, this.own.offset(), REACH);
		assertThat(Arrays.mismatch(this.slab, expected)).as("written elsewhere").isEqualTo(-1);
	}

	private byte[] memory() {
		return Arrays.copyOfRange(this.slab, this.own.offset(), this.own.offset() + REACH);
	}

	@Test
	void capacityIsTheTiersAndNotThatOfTheRange() {
		assertThat(acquire().capacity()).isEqualTo(CAPACITY);
	}

	@Test
	void arrayIsTheSlabAndTheOffsetTellsWhereTheBufferBegins() {
		BufferLease buffer = acquire();
		assertThat(buffer.array()).isSameAs(this.slab);
		assertThat(buffer.arrayOffset()).isEqualTo(this.own.offset());
		assertThat(buffer.slice(7, 10).arrayOffset()).isEqualTo(this.own.offset() + 7);
	}

	@Test
	void copiesReachTheBufferOnly() {
		BufferLease buffer = acquire();
		buffer.copyIn(5, DIGITS, 0, 10);
		buffer.copyIn(15, ByteBuffer.wrap(DIGITS));
		buffer.put(25, (byte) 'x');
		byte[] out = new byte[21];
		buffer.copyOut(5, out, 0, 10);
		buffer.copyOut(15, ByteBuffer.wrap(out, 10, 11));
		assertThat(new String(out, StandardCharsets.US_ASCII)).isEqualTo("01234567890123456789x");
		assertThat(buffer.get(25)).isEqualTo((byte) 'x');
		assertThat(this.slab[this.own.offset() + 25]).isEqualTo((byte) 'x');
		assertNeighboursKeepWhatTheyWrote();
	}

	@Test
	void streamsReachTheBufferOnly() throws Exception {
		PooledBuffer buffer = acquire().slice(5, 20);
		assertThat(buffer.readFrom(new ByteArrayInputStream(DIGITS), 3, 10)).isEqualTo(10);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		buffer.writeTo(out, 3, 10);
		assertThat(out.toByteArray()).isEqualTo(DIGITS);
		assertThat(Arrays.copyOfRange(memory(), 8, 18)).isEqualTo(DIGITS);
		assertNeighboursKeepWhatTheyWrote();
	}

	@Test
	void copyBetweenBuffersBeginsWhereTheyDo() {
		BufferLease buffer = acquire();
		buffer.copyIn(5, DIGITS, 0, 10);
		BufferLease target = (BufferLease) BufferPool.builder("target").tiers(64).build().acquire(10);
		target.copyIn(0, (BufferLease) buffer.slice(5, 10), 10);
		assertThat(target.toByteArray()).isEqualTo(DIGITS);
	}

	@Test
	void viewCannotLeaveTheBuffer() {
		ByteBuffer view = acquire().byteBuffer();
		assertThat(view.capacity()).isEqualTo(SIZE);
		assertThat(view.arrayOffset()).isEqualTo(this.own.offset());
		view.clear().put(new byte[SIZE]);
		assertThat(view.hasRemaining()).isFalse();
		assertNeighboursKeepWhatTheyWrote();
	}

	@Test
	void releaseClearsTheSize() {
		BufferLease buffer = acquire();
		Arrays.fill(this.slab, this.own.offset(), this.own.offset() + REACH, (byte) 1);
		buffer.release();
		byte[] expected = new byte[REACH];
		Arrays.fill(expected, SIZE, REACH, (byte) 1);
		assertThat(memory()).isEqualTo(expected);
		assertNeighboursKeepWhatTheyWrote();
	}

	@Test
	void releaseAfterTheArrayWasHandedOutClearsTheWholeRangeAndNothingElse() {
		BufferLease buffer = acquire();
		buffer.array();
		Arrays.fill(this.slab, this.own.offset(), this.own.offset() + REACH, (byte) 1);
		buffer.release();
		assertThat(memory()).containsOnly(0);
		assertNeighboursKeepWhatTheyWrote();
	}

	@Test
	void blockRefusesIndexesThatAreNotItsOwn() {
		assertRefused(() -> this.block.get(CAPACITY));
		assertRefused(() -> this.block.get(-1));
		assertRefused(() -> this.block.put(CAPACITY, (byte) 0));
		assertRefused(() -> this.block.view(1, CAPACITY));
		assertRefused(() -> this.block.copyIn(CAPACITY - 9, DIGITS, 0, 10));
		assertRefused(() -> this.block.copyIn(CAPACITY - 9, ByteBuffer.wrap(DIGITS), 0, 10));
		assertRefused(() -> this.block.copyOut(-1, new byte[10], 0, 10));
		assertRefused(() -> this.block.copyOut(CAPACITY - 9, ByteBuffer.allocate(10), 0, 10));
	}

	private static void assertRefused(ThrowingCallable use) {
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(use);
	}

	@Test
	void blockIsNotLargerThanItsRange() {
		assertRefused(() -> new HeapBlock("uploads", REACH + 1, this.after));
		assertThat(new HeapBlock("uploads", REACH, this.before).range()).isSameAs(this.before);
	}

	/**
	 * What makes the one block.
	 */
	private final class OneBlock implements BlockSource<MemoryBlock> {

		@Override
		public MemoryBlock create(int size) {
			return CarvedBufferTests.this.block;
		}

		@Override
		public boolean resets() {
			return true;
		}

		@Override
		public boolean reset(MemoryBlock block, int extent) {
			block.clear(extent);
			return true;
		}

	}

}
