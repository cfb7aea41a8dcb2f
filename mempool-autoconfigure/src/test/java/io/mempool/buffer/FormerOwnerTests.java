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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.mempool.core.Caps;
import io.mempool.testing.Garbage;
import io.mempool.testing.ProvokesOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An owner finds zeros, whichever way the memory went from its former owner to this one:
 * through the free list, or past it to the allocator and back.
 */
@Tag("garbage")
@ProvokesOutput
class FormerOwnerTests {

	private static final int BUFFERS = 4;

	private static final byte MARK = 77;

	static List<Arguments> ways() {
		List<Arguments> ways = new ArrayList<>();
		for (Memory memory : Memory.values()) {
			for (Way way : Way.values()) {
				for (Access access : Access.values()) {
					if (access != Access.ARRAY || memory.kind == MemoryKind.HEAP) {
						ways.add(Arguments.of(memory, way, access));
					}
				}
			}
		}
		return ways;
	}

	@ParameterizedTest
	@MethodSource("ways")
	void ownerFindsNothingOfTheFormerOne(Memory memory, Way way, Access access) throws InterruptedException {
		try (BufferPool pool = way.pool(memory)) {
			for (int round = 0; round < way.rounds(); round++) {
				for (int size : List.of(memory.size, memory.size / 2, memory.size / 2 + 1)) {
					assertThat(markAll(pool, size, way, access)).as("buffers with bytes of former owners").isZero();
					way.afterRound(pool, memory);
				}
			}
		}
	}

	/**
	 * Let several owners mark all bytes that they may use, and end their leases.
	 * @return how many of them found bytes of former owners
	 */
	private static int markAll(BufferPool pool, int size, Way way, Access access) {
		List<PooledBuffer> buffers = new ArrayList<>();
		int found = 0;
		for (int i = 0; i < BUFFERS; i++) {
			PooledBuffer buffer = pool.acquire(size);
			found += Arrays.equals(buffer.toByteArray(), new byte[size]) ? 0 : 1;
			access.mark(buffer);
			buffers.add(buffer);
		}
		buffers.forEach(way.end);
		return found;
	}

	@ParameterizedTest
	@EnumSource(Clearing.class)
	void slabLendsTheSameBytesAgainThoughNoBlockIsKept(Clearing clearing) {
		BufferPool pool = Way.NOT_KEPT.builder(Memory.CARVED).clearing(clearing).build();
		// The first slab has room for one block
		try (pool;
				PooledBuffer first = pool.acquire(Memory.CARVED.size);
				PooledBuffer second = pool.acquire(Memory.CARVED.size)) {
			assumeTrue(second.array().length > 2 * first.size(), "The collector needs no slabs");
			Set<Integer> offsets = new HashSet<>();
			boolean marked = false;
			int acquired = 0;
			while (offsets.size() == acquired) {
				try (PooledBuffer buffer = pool.acquire(Memory.CARVED.size)) {
					acquired++;
					offsets.add(buffer.arrayOffset());
					marked = buffer.array()[buffer.arrayOffset()] == MARK;
					buffer.array()[buffer.arrayOffset()] = MARK;
				}
			}
			// The mark is there where nothing is cleared, so that it would be seen
			assertThat(marked).isEqualTo(clearing == Clearing.NEVER);
		}
	}

	@Test
	void markOfEveryAccessIsSeenIfNothingIsCleared() {
		for (Access access : Access.values()) {
			BufferPool pool = Way.KEPT.builder(Memory.HEAP).clearing(Clearing.NEVER).build();
			markAll(pool, Memory.HEAP.size, Way.KEPT, access);
			assertThat(markAll(pool, Memory.HEAP.size, Way.KEPT, access)).isPositive();
		}
	}

	enum Memory {

		HEAP(MemoryKind.HEAP, 4096), CARVED(MemoryKind.HEAP, 1 << 20), OFF_HEAP(MemoryKind.OFF_HEAP, 8192),
		LARGE_OFF_HEAP(MemoryKind.OFF_HEAP, 1 << 20);

		private final MemoryKind kind;

		private final int size;

		Memory(MemoryKind kind, int size) {
			this.kind = kind;
			this.size = size;
		}

	}

	enum Access {

		ARRAY {

			@Override
			void mark(PooledBuffer buffer) {
				int start = buffer.arrayOffset();
				Arrays.fill(buffer.array(), start, start + buffer.capacity(), MARK);
			}

		},

		VIEW {

			@Override
			void mark(PooledBuffer buffer) {
				ByteBuffer view = buffer.byteBuffer();
				view.put(marks(view.remaining()));
			}

		},

		COPY {

			@Override
			void mark(PooledBuffer buffer) {
				buffer.copyIn(0, marks(buffer.size()), 0, buffer.size());
			}

		};

		abstract void mark(PooledBuffer buffer);

		private static byte[] marks(int count) {
			byte[] marks = new byte[count];
			Arrays.fill(marks, MARK);
			return marks;
		}

	}

	/**
	 * The way of the memory from one owner to the next.
	 */
	enum Way {

		KEPT(BUFFERS, PooledBuffer::release),

		HALF_KEPT(BUFFERS / 2, PooledBuffer::release),

		NOT_KEPT(0, PooledBuffer::release),

		CLOSED(1, PooledBuffer::close),

		DISCARDED(BUFFERS, PooledBuffer::discard),

		TRIMMED(BUFFERS, PooledBuffer::release) {

			@Override
			void afterRound(BufferPool pool, Memory memory) {
				pool.trim();
			}

		},

		COLLECTED(BUFFERS, PooledBuffer::release) {

			// A collection takes long
			@Override
			int rounds() {
				return 1;
			}

			@Override
			void afterRound(BufferPool pool, Memory memory) throws InterruptedException {
				pool.trim();
				Garbage.collect();
			}

		},

		TIERS_REPLACED(BUFFERS, PooledBuffer::release) {

			@Override
			void afterRound(BufferPool pool, Memory memory) {
				boolean one = pool.statistics().tiers().size() == 1;
				int[] sizes = one ? new int[] { memory.size / 2, memory.size } : new int[] { memory.size };
				pool.update((settings) -> settings.tiers(sizes));
			}

		},

		CAP_LOWERED(BUFFERS, PooledBuffer::release) {

			@Override
			void afterRound(BufferPool pool, Memory memory) {
				pool.update((settings) -> settings.maxIdle(0));
				pool.update((settings) -> settings.maxIdle(BUFFERS));
			}

		},

		OVERSIZED(BUFFERS, PooledBuffer::release) {

			@Override
			BufferPoolBuilder builder(Memory memory) {
				return super.builder(memory).tiers(64);
			}

		},

		UNPOOLED(BUFFERS, PooledBuffer::release) {

			@Override
			BufferPoolBuilder builder(Memory memory) {
				return super.builder(memory).pooling(false);
			}

		},

		OVER_MAX_TOTAL(1, PooledBuffer::release) {

			@Override
			BufferPoolBuilder builder(Memory memory) {
				return super.builder(memory).caps(new Caps(1, 1, 0));
			}

		};

		private final int maxIdle;

		private final Consumer<PooledBuffer> end;

		Way(int maxIdle, Consumer<PooledBuffer> end) {
			this.maxIdle = maxIdle;
			this.end = end;
		}

		int rounds() {
			return 3;
		}

		final BufferPool pool(Memory memory) {
			return builder(memory).build();
		}

		BufferPoolBuilder builder(Memory memory) {
			return BufferPool.builder("uploads")
				.memory(memory.kind)
				.tiers(memory.size / 2, memory.size)
				.caps(Caps.ofIdle(this.maxIdle));
		}

		void afterRound(BufferPool pool, Memory memory) throws InterruptedException {
		}

	}

}
