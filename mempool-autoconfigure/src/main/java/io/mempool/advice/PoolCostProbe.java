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

package io.mempool.advice;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Caps;

/**
 * Measures leases of pools of its own beside allocations.
 */
final class PoolCostProbe implements CostProbe {

	/*
	 * Batches of leases, cleared and not, and batches of allocations take turns, so that
	 * a pause hits a few of each. Everything acquired or allocated is stored where the
	 * compiler must assume that another thread reads it.
	 *
	 * It is favourable to allocation: what the collector does later is not in it, nor
	 * that a new array is not in the caches yet while a pooled one mostly is.
	 */

	private static final int[] SIZES = { 256, 1024, 4096, 16 * 1024, 64 * 1024, 256 * 1024 };

	private static final int WARM_UPS = 200;

	private static final int WARM_UP_BATCH = 100;

	private final MemoryKind memory;

	private final LongSupplier clock;

	private final int batchBytes;

	private final int batch;

	private final BufferPool clearing;

	private final BufferPool uncleared;

	private final AtomicReference<Object> seen = new AtomicReference<>();

	PoolCostProbe(MemoryKind memory, LongSupplier clock) {
		boolean heap = memory == MemoryKind.HEAP;
		this.memory = memory;
		this.clock = clock;
		// Direct buffers are slow to make, and go when the collector finds them
		this.batchBytes = heap ? 128 * 1024 : 64 * 1024;
		this.batch = heap ? 500 : 16;
		this.clearing = pool(memory, Clearing.ON_RELEASE);
		this.uncleared = pool(memory, Clearing.NEVER);
	}

	private static BufferPool pool(MemoryKind memory, Clearing clearing) {
		return BufferPool.builder("calibration")
			.memory(memory)
			.clearing(clearing)
			.tiers(SIZES)
			.caps(new Caps(1, Caps.UNLIMITED, 0))
			.budget(BufferPool.budget("unlimited", Long.MAX_VALUE))
			.build();
	}

	@Override
	public void warmUp() {
		for (int i = 0; i < WARM_UPS; i++) {
			lease(this.clearing, SIZES[0], WARM_UP_BATCH);
			lease(this.uncleared, SIZES[0], WARM_UP_BATCH);
			if (this.memory == MemoryKind.HEAP) {
				allocate(SIZES[0], WARM_UP_BATCH);
			}
		}
	}

	@Override
	public List<Sample> measure() {
		List<Sample> samples = new ArrayList<>(SIZES.length);
		for (int size : SIZES) {
			int count = Math.max(1, Math.min(this.batch, this.batchBytes / size));
			double cleared = nanos(count, () -> lease(this.clearing, size, count));
			double uncleared = nanos(count, () -> lease(this.uncleared, size, count));
			double allocation = nanos(count, () -> allocate(size, count));
			samples.add(new Sample(size, cleared, uncleared, allocation, false));
		}
		return samples;
	}

	private double nanos(int count, Runnable batch) {
		long begin = this.clock.getAsLong();
		batch.run();
		return (double) (this.clock.getAsLong() - begin) / count;
	}

	private void lease(BufferPool pool, int size, int count) {
		for (int i = 0; i < count; i++) {
			PooledBuffer buffer = pool.acquire(size);
			this.seen.setOpaque(buffer);
			buffer.release();
		}
	}

	private void allocate(int size, int count) {
		boolean heap = this.memory == MemoryKind.HEAP;
		for (int i = 0; i < count; i++) {
			this.seen.setOpaque(heap ? new byte[size] : ByteBuffer.allocateDirect(size));
		}
	}

	@Override
	public void close() {
		this.seen.setOpaque(null);
		this.clearing.close();
		this.uncleared.close();
	}

}
