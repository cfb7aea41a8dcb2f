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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Buffers;
import io.mempool.testing.Garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What must be true of the bytes that a pool counts, in a heap of 256 MiB that G1 divides
 * into regions of 1 MiB. A program, since the heap of the tests is another one.
 */
enum HonestBytes {

	PLAIN_ARRAYS_COUNT_THEIR_HEADERS_ALIGNMENT_AND_PADDING {

		@Override
		void verify() {
			BufferPool pool = pool(1000).build();
			PooledBuffer pooled = pool.acquire(1000);
			assertUsed(pool, HEADER + 1000 + PADDING);
			// One that is not put back is not padded
			PooledBuffer oversized = pool.acquire(1001);
			assertUsed(pool, HEADER + 1000 + PADDING + align(HEADER + 1001));
			oversized.release();
			pooled.release();
			assertUsed(pool, HEADER + 1000 + PADDING);
		}

	},

	TRANSIENT_BUFFER_OF_A_TIER_COUNTS_ITS_EXACT_SIZE {

		@Override
		void verify() {
			BufferPool pool = pool(1000).caps(new Caps(1, 1, 0)).build();
			PooledBuffer pooled = pool.acquire(1000);
			PooledBuffer temporary = pool.acquire(300);
			assertUsed(pool, HEADER + 1000 + PADDING + align(HEADER + 300));
			temporary.release();
			pooled.release();
		}

	},

	UNPOOLED_TWIN_COUNTS_EXACT_SIZES {

		@Override
		void verify() {
			BufferPool twin = pool(1000, BLOCK).pooling(false).build();
			PooledBuffer small = twin.acquire(300);
			assertUsed(twin, align(HEADER + 300));
			small.release();
			PooledBuffer large = twin.acquire(BLOCK * 2);
			assertUsed(twin, REGION);
			large.release();
			assertUsed(twin, 0);
		}

	},

	LARGE_ARRAY_COUNTS_WHOLE_REGIONS {

		@Override
		void verify() {
			BufferPool pool = pool(1000).build();
			assertTakes(pool, REGION / 2 - HEADER, REGION / 2);
			assertTakes(pool, REGION / 2 - HEADER + 1, REGION);
			assertTakes(pool, REGION - HEADER, REGION);
			assertTakes(pool, REGION - HEADER + 1, 2 * REGION);
			assertTakes(pool, REGION, 2 * REGION);
		}

		private static void assertTakes(BufferPool pool, int size, long bytes) {
			PooledBuffer buffer = pool.acquire(size);
			assertUsed(pool, bytes);
			buffer.release();
		}

	},

	NO_LESS_IS_COUNTED_THAN_BUFFERS_CAN_HOLD {

		@Override
		void verify() {
			Random random = new Random(5);
			BufferPool pool = pool(100, 5000, BLOCK, 2 * BLOCK).limit(40L * REGION).build();
			List<PooledBuffer> held = new ArrayList<>();
			for (int i = 0; i < 5000; i++) {
				PooledBuffer buffer = (random.nextInt(5) < 3) ? pool.tryAcquire(random.nextInt(3 * BLOCK)) : null;
				if (buffer != null) {
					held.add(buffer);
				}
				else if (!held.isEmpty()) {
					PooledBuffer last = held.remove(random.nextInt(held.size()));
					if (random.nextInt(10) == 0) {
						last.discard();
					}
					else {
						last.release();
					}
				}
				if (random.nextInt(200) == 0) {
					pool.trim();
				}
				PoolStatistics now = pool.statistics();
				assertThat(now.usedBytes()).isBetween(now.capacityBytes(), now.settings().limit());
				assertThat(now.leasedBytes()).isEqualTo(held.stream().mapToLong(PooledBuffer::capacity).sum());
			}
			held.forEach(PooledBuffer::release);
			pool.trim();
			assertUsed(pool, 0);
		}

	},

	POOL_AT_ITS_LIMIT_REFUSES_BEFORE_THE_JVM_DOES {

		@Override
		void verify() {
			Random random = new Random(7);
			BufferPool pool = pool(4096, BLOCK, REGION, 3 * REGION).limit(200L * REGION).build();
			for (int round = 0; round < 4; round++) {
				List<PooledBuffer> held = new ArrayList<>();
				assertThatExceptionOfType(PoolExhaustedException.class).isThrownBy(() -> {
					for (;;) {
						held.add(pool.acquire(random.nextInt(3 * REGION)));
					}
				}).withMessageContaining("the pool's limit").withNoCause();
				assertThat(pool.statistics().usedBytes()).isLessThanOrEqualTo(200L * REGION);
				held.forEach(PooledBuffer::release);
				held.clear();
			}
			pool.close();
			assertUsed(pool, 0);
		}

	},

	SLAB_COUNTS_ONCE_FOR_ALL_OF_ITS_BLOCKS {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			List<PooledBuffer> buffers = new ArrayList<>();
			for (int i = 0; i < BLOCKS_OF_SLAB; i++) {
				buffers.add(pool.acquire(BLOCK));
				assertUsed(pool, REGION);
				assertThat(pool.statistics().capacityBytes()).isEqualTo((i + 1) * (long) BLOCK);
			}
			buffers.add(pool.acquire(BLOCK));
			assertThat(pool.statistics().usedBytes()).isGreaterThan(REGION)
				.satisfies((used) -> assertThat(used % REGION).isZero());
			buffers.forEach(PooledBuffer::release);
		}

	},

	TRIM_GIVES_A_SLAB_BACK_WITH_ITS_LAST_BLOCK {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			PooledBuffer held = slabOfWhichOneIsLeased(pool);
			assertThat(pool.trim()).as("bytes that the runtime gets back").isZero();
			assertThat(pool.statistics().idle()).isZero();
			assertUsed(pool, REGION);
			held.release();
			assertThat(pool.trim()).as("bytes that the runtime gets back").isEqualTo(REGION);
			assertUsed(pool, 0);
		}

	},

	TRIM_TELLS_HOW_MUCH_IT_FREES_OF_ALL_KINDS_OF_TIERS {

		@Override
		void verify() {
			BufferPool pool = pool(1000, BLOCK, 2 * BLOCK).build();
			Buffers.acquire(pool, 1000, 3).forEach(PooledBuffer::release);
			List.of(pool.acquire(BLOCK), pool.acquire(2 * BLOCK)).forEach(PooledBuffer::release);
			long used = pool.statistics().usedBytes();
			assertThat(used).isEqualTo(3L * (HEADER + 1000 + PADDING) + REGION);
			assertThat(pool.trim()).isEqualTo(used);
			assertUsed(pool, 0);
		}

	},

	SLAB_GOES_WHEN_ITS_BLOCKS_DECAY {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			PooledBuffer held = slabOfWhichOneIsLeased(pool);
			expire(pool);
			expire(pool);
			assertThat(pool.statistics().idle()).isZero();
			assertUsed(pool, REGION);
			held.release();
			expire(pool);
			expire(pool);
			assertUsed(pool, 0);
		}

		private static void expire(BufferPool pool) {
			((TieredBufferPool) pool).expire();
		}

	},

	SLAB_GOES_WITH_THE_LAST_BLOCK_THAT_LOWER_CAPS_ALLOW {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			PooledBuffer held = slabOfWhichOneIsLeased(pool);
			pool.update((settings) -> settings.maxIdle(0));
			assertUsed(pool, REGION);
			held.release();
			assertUsed(pool, 0);
		}

	},

	SLAB_GOES_FOR_A_LOWER_LIMIT {

		@Override
		void verify() {
			BufferPool pool = pool(1000, BLOCK).build();
			slabOfWhichOneIsLeased(pool).release();
			pool.acquire(1000).release();
			pool.update((settings) -> settings.limit(REGION));
			assertThat(pool.statistics().usedBytes()).isLessThanOrEqualTo(REGION);
		}

	},

	SLAB_GOES_WHEN_ITS_TIERS_HAVE_GONE {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			PooledBuffer held = slabOfWhichOneIsLeased(pool);
			pool.update((settings) -> settings.tiers(1000));
			assertUsed(pool, REGION);
			held.release();
			assertUsed(pool, 0);
		}

	},

	SLAB_GOES_WHEN_THE_POOL_IS_CLOSED {

		@Override
		void verify() {
			Budget budget = BufferPool.budget("mempool.budget.heap", 8L * REGION);
			BufferPool pool = pool(BLOCK).budget(budget).build();
			PooledBuffer held = slabOfWhichOneIsLeased(pool);
			pool.close();
			assertThat(budget.used()).isEqualTo(REGION);
			held.release();
			assertUsed(pool, 0);
			assertThat(budget.used()).isZero();
		}

	},

	SLAB_OF_A_LOST_LEASE_GOES_AND_ITS_MEMORY_IS_NOT_USED_AGAIN {

		@Override
		void verify() throws InterruptedException {
			BufferPool pool = pool(BLOCK).clearing(Clearing.NEVER).build();
			PooledBuffer held = loseOneOfASlab(pool);
			Garbage.collectUntil(() -> pool.statistics().leaked() == 1);
			assertThat(pool.statistics().leaked()).isEqualTo(1);
			assertUsed(pool, REGION);
			PooledBuffer other = pool.acquire(BLOCK);
			assertThat(Buffers.markOf(other)).as("another owner's bytes").isZero();
			assertThat(pool.statistics().usedBytes()).as("the slab of the lost block is not used again")
				.isEqualTo(3L * REGION);
			other.release();
			held.release();
			pool.trim();
			assertUsed(pool, 0);
		}

		// In a method of its own, so that no local variable keeps it
		private static PooledBuffer loseOneOfASlab(BufferPool pool) {
			PooledBuffer held = pool.acquire(BLOCK);
			Buffers.mark(pool.acquire(BLOCK), 7);
			return held;
		}

	},

	SLAB_OF_A_BLOCK_IN_DOUBT_GOES_WITH_ITS_OTHER_BLOCKS {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).build();
			PooledBuffer held = pool.acquire(BLOCK);
			PooledBuffer doubtful = pool.acquire(BLOCK);
			ByteBuffer view = doubtful.byteBuffer();
			doubtful.discard();
			assertUsed(pool, REGION);
			PooledBuffer other = pool.acquire(BLOCK);
			assertThat(other.array()).isNotSameAs(view.array());
			other.release();
			held.release();
			pool.trim();
			assertUsed(pool, 0);
		}

	},

	PREALLOCATED_BLOCKS_SHARE_SLABS {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).caps(new Caps(6, 6, 6)).limit(4L * REGION).build();
			assertThat(pool.statistics().idle()).isEqualTo(6);
			assertThat(pool.statistics().usedBytes()).isLessThanOrEqualTo(4L * REGION);
			Buffers.acquire(pool, BLOCK, 6).forEach(PooledBuffer::release);
			assertThat(pool.statistics().misses()).isZero();
			pool.close();
			assertUsed(pool, 0);
		}

	},

	PREALLOCATED_SLABS_BEYOND_THE_BUDGET_ARE_REFUSED_AND_LEAVE_NOTHING {

		@Override
		void verify() {
			Budget budget = BufferPool.budget("mempool.budget.heap", 2L * REGION);
			BufferPoolBuilder builder = pool(BLOCK).caps(new Caps(9, 9, 9)).budget(budget);
			assertThatIllegalArgumentException().isThrownBy(builder::build)
				.withMessageContaining("Cannot preallocate 9 blocks of " + BLOCK + " bytes for pool 'honest'")
				.withMessageContaining("mempool.budget.heap");
			assertThat(budget.used()).isZero();
		}

	},

	LIMIT_BELOW_ANY_SLAB_LENDS_ARRAYS_OF_THEIR_OWN {

		@Override
		void verify() {
			BufferPool pool = pool(BLOCK).limit(REGION / 2).policy(ExhaustionPolicy.FAIL).build();
			PooledBuffer only = pool.acquire(BLOCK);
			assertThat(pool.statistics().usedBytes()).isBetween((long) BLOCK, REGION / 2L);
			assertThat(pool.tryAcquire(BLOCK)).isNull();
			only.release();
			pool.acquire(BLOCK).release();
			assertThat(pool.statistics().hits()).isEqualTo(1);
		}

	},

	IDLE_SLABS_OF_ONE_POOL_ARE_GIVEN_UP_FOR_ANOTHER {

		@Override
		void verify() {
			Budget budget = BufferPool.budget("mempool.budget.heap", 6L * REGION);
			BufferPool first = pool(BLOCK).budget(budget).build();
			BufferPool second = BufferPool.builder("second").tiers(BLOCK).budget(budget).build();
			int most = lendAll(first);
			assertThat(most).isGreaterThanOrEqualTo(5 * BLOCKS_OF_SLAB);
			assertThat(lendAll(second)).as("blocks that the other pool could lend").isEqualTo(most);
			assertThat(first.statistics().idle()).isZero();
			assertUsed(first, 0);
			assertThat(first.statistics().discardedBy()).containsKey(DiscardReason.RECLAIMED);
		}

		private static int lendAll(BufferPool pool) {
			List<PooledBuffer> held = new ArrayList<>();
			for (PooledBuffer buffer = pool.tryAcquire(BLOCK); buffer != null; buffer = pool.tryAcquire(BLOCK)) {
				held.add(buffer);
			}
			held.forEach(PooledBuffer::release);
			return held.size();
		}

	},

	SLAB_OF_WHICH_A_BLOCK_IS_LEASED_IS_NOT_GIVEN_UP_FOR_ANOTHER_POOL {

		@Override
		void verify() {
			Budget budget = BufferPool.budget("mempool.budget.heap", REGION);
			BufferPool first = pool(BLOCK).budget(budget).build();
			BufferPool second = BufferPool.builder("second").tiers(1000).budget(budget).build();
			PooledBuffer held = slabOfWhichOneIsLeased(first);
			assertThat(second.tryAcquire(1000)).isNull();
			assertThat(first.statistics().idle()).as("giving it up would free nothing").isEqualTo(BLOCKS_OF_SLAB - 1);
			held.release();
			assertThat(second.tryAcquire(1000)).isNotNull();
			assertUsed(first, 0);
		}

	};

	private static final int REGION = 1024 * 1024;

	private static final int HEADER = 16;

	private static final int PADDING = 64;

	// An array of its own would waste an eighth
	private static final int BLOCK = 300 * 1024;

	private static final int BLOCKS_OF_SLAB = 3;

	abstract void verify() throws Exception;

	private static BufferPoolBuilder pool(int... tiers) {
		return BufferPool.builder("honest").tiers(tiers);
	}

	private static PooledBuffer slabOfWhichOneIsLeased(BufferPool pool) {
		List<PooledBuffer> buffers = Buffers.acquire(pool, BLOCK, BLOCKS_OF_SLAB);
		buffers.subList(1, BLOCKS_OF_SLAB).forEach(PooledBuffer::release);
		assertUsed(pool, REGION);
		return buffers.get(0);
	}

	private static void assertUsed(BufferPool pool, long bytes) {
		assertThat(pool.statistics().usedBytes()).as("used bytes").isEqualTo(bytes);
	}

	private static long align(long bytes) {
		return (bytes + 7) / 8 * 8;
	}

	public static void main(String[] args) {
		for (HonestBytes one : values()) {
			String failure = "holds";
			try {
				one.verify();
			}
			catch (Throwable ex) {
				failure = String.valueOf(ex).replace(System.lineSeparator(), " ") + " at " + List.of(ex.getStackTrace())
					.stream()
					.filter((frame) -> frame.getFileName() != null && frame.getFileName().equals("HonestBytes.java"))
					.findFirst()
					.orElse(null);
			}
			System.out.println(one.name() + ": " + failure);
		}
	}

}
