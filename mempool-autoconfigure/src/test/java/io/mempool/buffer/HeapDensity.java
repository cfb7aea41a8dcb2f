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
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.testing.Buffers;

/**
 * A program that lends as much as a limit of 200 MiB allows, in a heap of 256 MiB if it
 * is started so. Prints the fewest MiB that were lent when the pool was exhausted, and
 * afterwards in each round of a steady state: everything is released, trimmed, tiers are
 * changed and changed back, blocks decay.
 */
public final class HeapDensity {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private static final long LIMIT = 200L * MIB;

	private static final int ROUNDS = 6;

	private static final List<Integer> MIX = List.of(512 * KIB, MIB, 2 * MIB, 4 * MIB);

	private final Random random = new Random(11);

	private final List<Integer> tiers;

	private final TieredBufferPool pool;

	private HeapDensity(List<Integer> tiers) {
		this.tiers = tiers;
		this.pool = (TieredBufferPool) BufferPool.builder("density")
			.tiers(Buffers.sizes(tiers))
			.caps(Caps.ofIdle(400))
			.limit(LIMIT)
			.policy(ExhaustionPolicy.FAIL)
			.build();
	}

	public static void main(String[] args) {
		List<Integer> tiers = args[0].equals("mix") ? MIX : List.of(Integer.parseInt(args[0]));
		HeapDensity density = new HeapDensity(tiers);
		long first = density.lend(true);
		long steady = Long.MAX_VALUE;
		for (int round = 0; round < ROUNDS; round++) {
			density.change(round);
			steady = Math.min(steady, density.lend(round % 2 == 0));
		}
		System.out.println(first / MIB + " " + steady / MIB);
	}

	private void change(int round) {
		switch (round % 3) {
			case 0 -> this.pool.trim();
			case 1 -> {
				this.pool.expire();
				this.pool.expire();
			}
			default -> {
				this.pool.update((settings) -> settings.tiers(256 * KIB, 3 * MIB));
				lend(true);
				this.pool.update((settings) -> settings.tiers(Buffers.sizes(this.tiers)));
			}
		}
	}

	// Holds until nothing more is to be had of any tier, and counts the blocks'
	// capacities
	private long lend(boolean scattered) {
		List<PooledBuffer> held = new ArrayList<>();
		List<Integer> sizes = new ArrayList<>(this.pool.tiers().stream().map(BufferTier::size).toList());
		long bytes = 0;
		while (!sizes.isEmpty()) {
			Integer size = sizes.get(this.random.nextInt(sizes.size()));
			try {
				PooledBuffer buffer = this.pool.acquire(size);
				held.add(buffer);
				bytes += buffer.capacity();
			}
			catch (PoolExhaustedException ex) {
				sizes.remove(size);
			}
		}
		if (scattered) {
			Collections.shuffle(held, this.random);
		}
		held.forEach(PooledBuffer::release);
		return bytes;
	}

}
