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

package io.mempool.diagnostics;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.diagnostics.MeasuredCosts.Sample;

/**
 * Measures what leases and allocations cost on this machine.
 */
final class Calibration {

	/*
	 * Batches of leases from a pool of its own and batches of allocations take turns, all
	 * sizes in every round, so that a pause or a late compilation hits a few rounds of
	 * everything; what counts is the median of the rounds. Everything acquired or
	 * allocated is stored where the compiler must assume that somebody looks.
	 *
	 * It is favourable to allocation: what the collector does later is not in it, nor
	 * that a new array is not in the caches yet while a pooled one mostly is.
	 */

	private static final int[] SIZES = { 256, 1024, 4096, 16 * 1024, 64 * 1024, 256 * 1024 };

	private static final int WARM_UPS = 200;

	private static final int WARM_UP_BATCH = 100;

	private final MemoryKind memory;

	private final Clearing clearing;

	private final LongSupplier clock;

	private final int rounds;

	private final int batchBytes;

	private final int batch;

	private final AtomicReference<Object> seen = new AtomicReference<>();

	Calibration(MemoryKind memory, Clearing clearing) {
		this(memory, clearing, System::nanoTime);
	}

	Calibration(MemoryKind memory, Clearing clearing, LongSupplier clock) {
		boolean heap = memory == MemoryKind.HEAP;
		this.memory = memory;
		this.clearing = clearing;
		this.clock = clock;
		// Direct buffers are slow to make, and go when the collector finds them
		this.rounds = heap ? 9 : 3;
		this.batchBytes = heap ? 512 * 1024 : 64 * 1024;
		this.batch = heap ? 1000 : 16;
	}

	MeasuredCosts measure() {
		double[][] leases = new double[SIZES.length][this.rounds];
		double[][] allocations = new double[SIZES.length][this.rounds];
		try (BufferPool pool = pool()) {
			warmUp(pool);
			for (int round = 0; round < this.rounds; round++) {
				for (int i = 0; i < SIZES.length; i++) {
					int size = SIZES[i];
					int count = Math.max(1, Math.min(this.batch, this.batchBytes / size));
					leases[i][round] = nanos(count, () -> lease(pool, size, count));
					allocations[i][round] = nanos(count, () -> allocate(size, count));
				}
			}
		}
		finally {
			this.seen.setOpaque(null);
		}
		List<Sample> samples = new ArrayList<>();
		for (int i = 0; i < SIZES.length; i++) {
			samples.add(new Sample(SIZES[i], median(leases[i]), median(allocations[i])));
		}
		return new MeasuredCosts(List.copyOf(samples));
	}

	private BufferPool pool() {
		return BufferPool.builder("calibration")
			.memory(this.memory)
			.clearing(this.clearing)
			.tiers(SIZES)
			.caps(new Caps(1, Caps.UNLIMITED, 1))
			.budget(Budget.unlimited())
			.build();
	}

	private void warmUp(BufferPool pool) {
		for (int i = 0; i < WARM_UPS; i++) {
			lease(pool, SIZES[0], WARM_UP_BATCH);
			if (this.memory == MemoryKind.HEAP) {
				allocate(SIZES[0], WARM_UP_BATCH);
			}
		}
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

	private static double median(double[] figures) {
		Arrays.sort(figures);
		return figures[figures.length / 2];
	}

}
