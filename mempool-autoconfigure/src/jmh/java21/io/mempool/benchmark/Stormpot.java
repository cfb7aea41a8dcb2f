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

package io.mempool.benchmark;

import java.time.Duration;

import stormpot.Allocator;
import stormpot.Pool;
import stormpot.PoolTap;
import stormpot.Pooled;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * Stormpot, as its documentation recommends for platform threads, or for virtual ones.
 */
public final class Stormpot implements Subject {

	private static final Timeout TIMEOUT = new Timeout(Duration.ofSeconds(10));

	private final Pool<Pooled<byte[]>> pool;

	private final PoolTap<Pooled<byte[]>> tap;

	/**
	 * Create the subject.
	 * @param size bytes per array
	 */
	public Stormpot(int size) {
		this.pool = Pool.from(new Allocator<Pooled<byte[]>>() {

			@Override
			public Pooled<byte[]> allocate(Slot slot) {
				return new Pooled<>(slot, new byte[size]);
			}

			@Override
			public void deallocate(Pooled<byte[]> pooled) {
				// Left to the collector
			}

		}).setSize(256).build();
		this.tap = this.pool.getThreadSafeTap();
	}

	@Override
	public Object acquire(int size) throws InterruptedException {
		return this.tap.claim(TIMEOUT);
	}

	@Override
	public void release(Object handle) {
		((Pooled<?>) handle).release();
	}

	@Override
	public void close() throws InterruptedException {
		this.pool.shutdown().await(TIMEOUT);
	}

}
