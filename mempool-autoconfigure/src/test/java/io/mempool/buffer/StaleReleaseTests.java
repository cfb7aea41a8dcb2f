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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.LeaseException;
import io.mempool.testing.Together;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Owner 1 releases, owner 2 acquires the same block, owner 1 releases again, owner 3
 * acquires: owners 2 and 3 must not share memory. With clearing and without, as the ways
 * home differ.
 */
@ParameterizedClass
@EnumSource(Clearing.class)
class StaleReleaseTests {

	private static final int ROUNDS = 20_000;

	private static final int COUNT = 4000;

	private static final int LARGE = 1 << 20;

	private final BufferPool pool;

	StaleReleaseTests(Clearing clearing) {
		this.pool = BufferPool.builder("uploads").tiers(64).caps(Caps.ofIdle(2)).clearing(clearing).build();
	}

	@Test
	void secondReleaseIsRefusedAndCounted() {
		PooledBuffer buffer = this.pool.acquire(10);
		buffer.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release);
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(2);
		assertThat(this.pool.statistics().returned()).isEqualTo(1);
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
	}

	@Test
	void ownerTwoKeepsItsMemoryToItself() {
		PooledBuffer first = this.pool.acquire(10);
		byte[] memory = first.array();
		first.release();
		PooledBuffer second = this.pool.acquire(10);
		assertThat(second.array()).as("the same block").isSameAs(memory);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(first::release);
		PooledBuffer third = this.pool.acquire(10);
		assertThat(third.array()).isNotSameAs(second.array());
		assertThat(second.isAlive()).isTrue();
		assertThat(second.referenceCount()).isEqualTo(1);
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(1);
		second.release();
		third.release();
	}

	@Test
	void staleHandleCannotRetainCloseOrDiscardWhatOwnerTwoHolds() {
		PooledBuffer first = this.pool.acquire(10);
		first.release();
		PooledBuffer second = this.pool.acquire(10);
		first.close();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(first::discard);
		assertThatExceptionOfType(LeaseException.class).isThrownBy(first::retain);
		assertThat(second.referenceCount()).isEqualTo(1);
		second.release();
		assertThat(this.pool.statistics().idle()).isEqualTo(1);
		assertThat(this.pool.statistics().discarded()).isZero();
	}

	@Test
	void staleHandleCannotReadOrWriteWhatOwnerTwoHolds() {
		PooledBuffer first = this.pool.acquire(10);
		first.release();
		PooledBuffer second = this.pool.acquire(10);
		byte[] mine = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
		second.copyIn(0, mine, 0, 10);
		byte[] loot = new byte[10];
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> first.copyOut(0, loot, 0, 10));
		assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> first.copyIn(0, new byte[10], 0, 10));
		assertThat(loot).containsOnly(0);
		assertThat(second.toByteArray()).isEqualTo(mine);
		second.release();
	}

	@Test
	void staleHandleOfASharedLeaseIsJustAsDead() {
		PooledBuffer first = this.pool.acquire(10);
		PooledBuffer other = first.retain();
		first.release();
		assertThatExceptionOfType(LeaseException.class).isThrownBy(first::release);
		assertThat(other.referenceCount()).isEqualTo(1);
		other.release();
		PooledBuffer second = this.pool.acquire(10);
		List.of(first, other)
			.forEach((stale) -> assertThatExceptionOfType(LeaseException.class).isThrownBy(stale::release));
		assertThat(second.isAlive()).isTrue();
		second.release();
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(3);
	}

	@Test
	void exactlyOneOfTwoThreadsReleases() throws Exception {
		PooledBuffer[] buffers = new PooledBuffer[COUNT];
		AtomicInteger refused = new AtomicInteger();
		BufferPool many = BufferPool.builder("uploads").tiers(64).caps(Caps.ofIdle(COUNT)).build();
		Arrays.setAll(buffers, (i) -> many.acquire(10));
		Together.run(2, (thread) -> {
			for (PooledBuffer buffer : buffers) {
				try {
					buffer.release();
				}
				catch (LeaseException ex) {
					refused.incrementAndGet();
				}
			}
		});
		assertThat(refused).hasValue(COUNT);
		assertThat(many.statistics().doubleReleases()).isEqualTo(COUNT);
		assertThat(many.statistics().returned()).isEqualTo(COUNT);
		assertThat(many.statistics().idle()).isEqualTo(COUNT);
	}

	@Test
	void staleReleasesOfOneThreadNeverTakeMemoryFromAnother() throws Exception {
		// Thread 0 releases twice whatever it acquires, the second time while thread 1
		// may hold the block already; thread 1 checks that no other thread writes to its
		// buffers
		AtomicInteger refused = new AtomicInteger();
		Together.run(2, (thread) -> {
			byte[] stamp = new byte[64];
			Arrays.fill(stamp, (byte) (thread + 1));
			for (int i = 0; i < ROUNDS; i++) {
				PooledBuffer buffer = this.pool.acquire(64);
				buffer.copyIn(0, stamp, 0, 64);
				PooledBuffer next = (i % 2 == 0) ? this.pool.acquire(64) : null;
				if (next != null) {
					next.copyIn(0, stamp, 0, 64);
				}
				assertThat(Arrays.equals(buffer.toByteArray(), stamp)).isTrue();
				buffer.release();
				if (thread == 0) {
					try {
						buffer.release();
					}
					catch (LeaseException ex) {
						refused.incrementAndGet();
					}
				}
				if (next != null) {
					assertThat(Arrays.equals(next.toByteArray(), stamp)).isTrue();
					next.release();
				}
			}
		});
		assertThat(refused).hasValue(ROUNDS);
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(ROUNDS);
		assertThat(this.pool.statistics().leased()).isZero();
	}

	@Test
	void copyOutThatRacesTheReleaseSeesNothingOfTheNextOwner() throws Exception {
		BufferPool large = BufferPool.builder("uploads").tiers(LARGE).caps(Caps.ofIdle(1)).build();
		byte[] mine = new byte[LARGE];
		Arrays.fill(mine, (byte) 1);
		byte[] theirs = new byte[LARGE];
		Arrays.fill(theirs, (byte) 2);
		for (int round = 0; round < 30; round++) {
			PooledBuffer buffer = large.acquire(LARGE);
			buffer.copyIn(0, mine, 0, LARGE);
			Together.run(2, (thread) -> {
				if (thread == 0) {
					Thread.sleep(1);
					buffer.release();
					PooledBuffer next = large.acquire(LARGE);
					next.copyIn(0, theirs, 0, LARGE);
					next.release();
					return;
				}
				byte[] copy = new byte[LARGE];
				while (copyOut(buffer, copy)) {
					assertThat(Arrays.equals(copy, mine)).isTrue();
				}
			});
		}
	}

	@Test
	void copyInThatRacesTheReleaseWritesNothingIntoTheNextOwnersMemory() throws Exception {
		BufferPool large = BufferPool.builder("uploads").tiers(LARGE).caps(Caps.ofIdle(1)).build();
		byte[] mine = new byte[LARGE];
		Arrays.fill(mine, (byte) 1);
		byte[] theirs = new byte[LARGE];
		Arrays.fill(theirs, (byte) 2);
		for (int round = 0; round < 30; round++) {
			PooledBuffer buffer = large.acquire(LARGE);
			Together.run(2, (thread) -> {
				if (thread == 0) {
					Thread.sleep(1);
					buffer.release();
					PooledBuffer next = large.acquire(LARGE);
					next.copyIn(0, theirs, 0, LARGE);
					Thread.sleep(1);
					assertThat(Arrays.equals(next.toByteArray(), theirs)).isTrue();
					next.release();
					return;
				}
				boolean alive = true;
				while (alive) {
					alive = copyIn(buffer, mine);
				}
			});
		}
	}

	private static boolean copyOut(PooledBuffer buffer, byte[] target) {
		try {
			buffer.copyOut(0, target, 0, target.length);
			return true;
		}
		catch (LeaseException ex) {
			return false;
		}
	}

	private static boolean copyIn(PooledBuffer buffer, byte[] source) {
		try {
			buffer.copyIn(0, source, 0, source.length);
			return true;
		}
		catch (LeaseException ex) {
			return false;
		}
	}

	@Test
	void exactlyOneOfReleaseCloseAndDiscardEndsALeaseThatIsCopiedMeanwhile() throws Exception {
		for (int round = 0; round < 300; round++) {
			PooledBuffer buffer = this.pool.acquire(64);
			AtomicInteger refused = new AtomicInteger();
			Together.run(3, (thread) -> {
				try {
					switch (thread) {
						case 0 -> buffer.release();
						case 1 -> buffer.discard();
						default -> buffer.copyIn(0, new byte[64], 0, 64);
					}
				}
				catch (LeaseException ex) {
					if (thread < 2) {
						refused.incrementAndGet();
					}
				}
			});
			assertThat(refused).hasValue(1);
			assertThat(buffer.isAlive()).isFalse();
		}
		assertThat(this.pool.statistics().leased()).isZero();
		assertThat(this.pool.statistics().returned()).isEqualTo(300);
		assertThat(this.pool.statistics().doubleReleases()).isEqualTo(300);
	}

	@Test
	void secondReleaseOfAHandleWhoseRetainWasIgnoredSaysThatRetainReturnsAHandle() {
		try (BufferPool pool = BufferPool.builder("uploads").build()) {
			PooledBuffer buffer = pool.acquire(10);
			PooledBuffer ignored = buffer.retain();
			buffer.release();
			String said = "it was released before. Other handles of the same memory are alive: retain(), slice() and "
					+ "share() return a handle of their own, and each handle is released once";
			assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release).withMessageContaining(said);
			assertThatExceptionOfType(LeaseException.class).isThrownBy(() -> buffer.get(0)).withMessageContaining(said);
			ignored.release();
			assertThatExceptionOfType(LeaseException.class).isThrownBy(buffer::release)
				.withMessageContaining("it was released before. Let one owner release it once");
			try (PooledBuffer next = pool.acquire(10)) {
				assertThat(next.size()).isEqualTo(10);
				assertThatExceptionOfType(LeaseException.class).isThrownBy(ignored::release)
					.withMessageContaining("it was released before. Let one owner release it once");
			}
		}
	}

}
