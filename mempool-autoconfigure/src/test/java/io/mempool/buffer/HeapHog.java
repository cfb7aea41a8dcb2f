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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.mempool.core.Caps;
import io.mempool.testing.Garbage;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;

/**
 * A program whose heap is full of small objects again and again, while threads acquire
 * and release: any allocation anywhere may fail. Prints what is left in the end.
 */
public final class HeapHog {

	private static final long NANOS = TimeUnit.SECONDS.toNanos(4);

	private static final int HELD = 8;

	private final AtomicBoolean done = new AtomicBoolean();

	private final BufferPool pool = BufferPool.builder("parts").tiers(4096).caps(Caps.ofIdle(4)).build();

	private final int size;

	private volatile @Nullable Object junk;

	private HeapHog(int size) {
		this.size = size;
	}

	public static void main(String[] args) throws Exception {
		new HeapHog(Integer.parseInt(args[0])).run();
	}

	private void run() throws Exception {
		List<Started<Integer>> threads = new ArrayList<>();
		threads.add(Started.of(this::fill));
		threads.add(Started.of(this::use));
		threads.add(Started.of(this::use));
		long end = System.nanoTime() + NANOS;
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		this.done.set(true);
		for (Started<Integer> thread : threads) {
			thread.result();
		}
		Garbage.collectUntil(() -> leased() == 0);
		PoolStatistics now = this.pool.statistics();
		this.pool.acquire(this.size).release();
		long idle = now.tiers().stream().mapToLong((tier) -> tier.idle() * Weights.of(tier.size())).sum();
		System.out.println("leased " + leased() + ", used beside idle " + (now.usedBytes() - idle));
	}

	private long leased() {
		PoolStatistics now = this.pool.statistics();
		return now.leased() + now.beyondTiers().leased();
	}

	private int fill() {
		int failures = 0;
		while (!this.done.get()) {
			try {
				Object[] head = new Object[0];
				while (!this.done.get()) {
					head = new Object[] { head, null, null, null, null };
					this.junk = head;
				}
			}
			catch (OutOfMemoryError ex) {
				failures++;
			}
			this.junk = null;
		}
		return failures;
	}

	private int use() {
		@Nullable PooledBuffer[] held = new PooledBuffer[HELD];
		int failures = 0;
		for (int i = 0; !this.done.get(); i = (i + 1) % HELD) {
			failures += use(held, i, true) ? 0 : 1;
		}
		for (int i = 0; i < HELD; i++) {
			// What fails once is done at the next attempt, or found by a collection
			use(held, i, false);
		}
		return failures;
	}

	private boolean use(@Nullable PooledBuffer[] held, int index, boolean again) {
		try {
			PooledBuffer buffer = held[index];
			held[index] = null;
			if (buffer != null) {
				buffer.close();
			}
			if (again) {
				held[index] = this.pool.acquire(this.size);
			}
			return true;
		}
		catch (OutOfMemoryError | RuntimeException ex) {
			return false;
		}
	}

}
