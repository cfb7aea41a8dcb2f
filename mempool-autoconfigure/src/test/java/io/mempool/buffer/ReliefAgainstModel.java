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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.TierStatistics;
import io.mempool.engine.Account;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.Relief;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what two pools give back under pressure with a model that knows each block:
 * which are idle, and which were used since the last look. One thread; operations at
 * random, from fixed seeds.
 */
public final class ReliefAgainstModel implements Callable<Void> {

	private static final int SEQUENCES = 300;

	private static final int STEPS = 30;

	private static final int[][] TIERS = { { 64, 1024 }, { 256, 4096 } };

	private static final int MOST_IDLE = 6;

	private final HeapSource source = new HeapSource("model", Clearing.ON_RELEASE);

	@Override
	public Void call() {
		for (int seed = 0; seed < SEQUENCES; seed++) {
			Run run = new Run(new SplittableRandom(seed));
			try {
				run.run();
			}
			catch (AssertionError ex) {
				throw new AssertionError("Seed " + seed + ": " + ex.getMessage(), ex);
			}
			finally {
				run.pools.forEach(BufferPool::close);
			}
		}
		return null;
	}

	/**
	 * A tier of the model.
	 */
	private static final class ModelTier {

		private final BufferPool pool;

		private final int size;

		// Each idle block by its memory, and whether it was used since the last look
		private final Map<Object, Boolean> used = new IdentityHashMap<>();

		private ModelTier(BufferPool pool, int size) {
			this.pool = pool;
			this.size = size;
		}

		private void use(int count) {
			List<PooledBuffer> buffers = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				PooledBuffer buffer = this.pool.acquire(this.size);
				buffers.add(buffer);
				this.used.put(buffer.byteBuffer().array(), true);
			}
			buffers.forEach(PooledBuffer::release);
		}

		private TierStatistics statistics() {
			return this.pool.statistics()
				.tiers()
				.stream()
				.filter((tier) -> tier.size() == this.size)
				.findFirst()
				.orElseThrow();
		}

	}

	private final class Run {

		private final SplittableRandom random;

		private final List<BufferPool> pools = new ArrayList<>();

		// Largest first
		private final List<ModelTier> tiers = new ArrayList<>();

		private final List<Account> accounts = new ArrayList<>();

		Run(SplittableRandom random) {
			this.random = random;
			for (int[] sizes : TIERS) {
				BufferPool pool = BufferPool.builder("model").tiers(sizes).caps(Caps.ofIdle(MOST_IDLE)).build();
				this.pools.add(pool);
				this.accounts.add(((AccountedPool) pool).account());
				for (int size : sizes) {
					this.tiers.add(new ModelTier(pool, size));
				}
			}
			this.tiers.sort((one, other) -> other.size - one.size);
		}

		void run() {
			for (int step = 0; step < STEPS; step++) {
				switch (this.random.nextInt(4)) {
					case 0, 1 ->
						this.tiers.get(this.random.nextInt(this.tiers.size())).use(1 + this.random.nextInt(MOST_IDLE));
					case 2 -> look();
					default -> give(1 + this.random.nextInt(12_000));
				}
			}
		}

		private void look() {
			new Relief(this.accounts).look();
			this.tiers.forEach((tier) -> tier.used.replaceAll((block, used) -> false));
		}

		private void give(long bytes) {
			long[] expected = new long[this.tiers.size()];
			long open = bytes;
			for (boolean used : new boolean[] { false, true }) {
				for (int i = 0; i < expected.length; i++) {
					ModelTier tier = this.tiers.get(i);
					long weight = ReliefAgainstModel.this.source.weigh(tier.size);
					long count = tier.used.values().stream().filter((value) -> value == used).count();
					for (; count > 0 && open > 0; count--) {
						expected[i]++;
						open -= weight;
					}
				}
			}
			long[] before = pressed();
			long given = new Relief(this.accounts).give(bytes).values().stream().mapToLong(Long::longValue).sum();
			long[] after = pressed();
			for (int i = 0; i < expected.length; i++) {
				ModelTier tier = this.tiers.get(i);
				assertThat(after[i] - before[i]).as("blocks of %s given for %s bytes", tier.size, bytes)
					.isEqualTo(expected[i]);
			}
			assertThat(given).as("bytes given").isEqualTo(bytes - open);
			learn();
		}

		private long[] pressed() {
			return this.tiers.stream()
				.mapToLong((tier) -> tier.statistics().discardedBy().getOrDefault(DiscardReason.PRESSURE, 0L))
				.toArray();
		}

		// Which of several equal blocks are gone
		private void learn() {
			for (ModelTier tier : this.tiers) {
				tier.used.clear();
				tier.use(tier.statistics().idle());
			}
			look();
		}

	}

}
