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

package io.mempool.testing;

import io.mempool.buffer.BufferPool;
import io.mempool.core.DiscardReason;
import io.mempool.core.Lease;
import io.mempool.object.ObjectPool;
import io.mempool.slice.Slice;
import io.mempool.slice.SlicingAllocator;

/**
 * Pools and a way to each kind of {@link Lease}, every one of which counts {@code SIZE}
 * bytes, or none.
 */
public final class LeaseSource {

	public static final int SIZE = 10;

	private final BufferPool buffers = BufferPool.builder("buffers").tiers(64, 1024).build();

	private final ObjectPool<Thing> objects = ObjectPool.builder("objects", new Thing.Factory())
		.reset(Thing::reset)
		.destroy(Thing::destroy)
		.build();

	private final SlicingAllocator allocator = new SlicingAllocator(this.buffers, 4, 1024);

	public BufferPool buffers() {
		return this.buffers;
	}

	/**
	 * Return how often a lease was released that had been released before.
	 */
	public long doubleReleases() {
		return this.buffers.statistics().doubleReleases() + this.objects.statistics().doubleReleases();
	}

	/**
	 * Return how many blocks and objects were not to be lent again.
	 */
	public long inDoubt() {
		return this.buffers.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L)
				+ this.objects.statistics().discardedBy().getOrDefault(DiscardReason.IN_DOUBT, 0L);
	}

	/**
	 * Return how much is leased when no area is carved any more.
	 */
	public long leased() {
		this.allocator.close();
		return this.buffers.statistics().leased() + this.objects.statistics().leased();
	}

	/**
	 * A kind of lease.
	 */
	public enum Kind {

		BUFFER(SIZE) {

			@Override
			public Lease acquire(LeaseSource source) {
				return source.buffers.acquire(SIZE);
			}

		},

		PART_OF_A_BUFFER(SIZE) {

			@Override
			public Lease acquire(LeaseSource source) {
				try (var whole = source.buffers.acquire(64)) {
					return whole.slice(20, SIZE);
				}
			}

		},

		OBJECT(0) {

			@Override
			public Lease acquire(LeaseSource source) {
				return source.objects.acquire();
			}

		},

		SLICE(SIZE) {

			@Override
			public Lease acquire(LeaseSource source) {
				return source.allocator.allocate(SIZE);
			}

		},

		SLICE_OF_A_BUFFER(SIZE) {

			@Override
			public Lease acquire(LeaseSource source) {
				return Slice.of(source.buffers.acquire(SIZE));
			}

		};

		private final int size;

		Kind(int size) {
			this.size = size;
		}

		public int size() {
			return this.size;
		}

		public abstract Lease acquire(LeaseSource source);

	}

}
