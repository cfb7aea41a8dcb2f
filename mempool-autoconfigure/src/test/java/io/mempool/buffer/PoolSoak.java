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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;
import io.mempool.testing.Buffers;
import io.mempool.testing.Garbage;
import io.mempool.testing.Started;
import io.mempool.testing.Together;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that do at random all that may be done, and what may not. The owner of a buffer
 * stamps all of it, and finds its stamp at the end: the memory had no other owner. At the
 * end the counters reconcile.
 */
final class PoolSoak implements Callable<Void> {

	private static final long NANOS = 400_000_000;

	private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();

	private static final long ENOUGH = 1000;

	private static final int MAX_IDLE = 4;

	private static final int MAX_TOTAL = 9;

	static final long LIMIT = 8000;

	private static final List<List<Integer>> TABLES = List.of(List.of(32, 128, 512), List.of(32, 512),
			List.of(64, 512));

	private static final int[] SIZES = { 0, 1, 31, 32, 33, 127, 128, 129, 511, 512, 513, 900 };

	private final AtomicLong stamps = new AtomicLong();

	private final AtomicLong misuses = new AtomicLong();

	private final AtomicLong served = new AtomicLong();

	private final AtomicReference<@Nullable Contested> contested = new AtomicReference<>();

	private final BufferPoolBuilder builder;

	private final int threads;

	private final Runner runner;

	/**
	 * Soak a pool in which a broken hit path shows.
	 */
	PoolSoak() {
		this(builder(ExhaustionPolicy.FAIL).clearing(Clearing.NEVER), 4, Together::run);
	}

	PoolSoak(BufferPoolBuilder builder, int threads, Runner runner) {
		this.builder = builder;
		this.threads = threads;
		this.runner = runner;
	}

	static BufferPoolBuilder builder(ExhaustionPolicy policy) {
		Caps caps = new Caps(MAX_IDLE, MAX_TOTAL, 2);
		return BufferPool.builder("soak")
			.tiers(List.of(new BufferTier(32, caps), new BufferTier(128, caps), new BufferTier(512, caps)))
			.policy(policy)
			.maxWait(Duration.ofMillis(3));
	}

	@Override
	public Void call() throws Exception {
		Budget budget = BufferPool.budget("mempool.budget.heap", LIMIT + 2000);
		try (BufferPool pool = this.builder.budget(budget).build();
				BufferPool rival = BufferPool.builder("rival").tiers(64, 1000).budget(budget).build()) {
			AtomicBoolean done = new AtomicBoolean();
			Started<List<PoolStatistics>> violations = Started.of(() -> watch(pool, done));
			try {
				this.runner.run(this.threads, (thread) -> new Worker(pool, rival, thread).work());
			}
			finally {
				done.set(true);
			}
			assertThat(violations.result()).isEmpty();
			assertThat(this.served).as("enough was done to mean something").hasValueGreaterThan(ENOUGH);
			assertBalanced(pool, budget, rival);
		}
		assertThat(budget.used()).isZero();
		return null;
	}

	private List<PoolStatistics> watch(BufferPool pool, AtomicBoolean done) throws InterruptedException {
		List<PoolStatistics> violations = new ArrayList<>();
		PoolStatistics before = pool.statistics();
		while (!done.get()) {
			PoolStatistics now = pool.statistics();
			if (!holds(now) || !growsFrom(before, now)) {
				violations.add(now);
			}
			before = now;
			Thread.sleep(1);
		}
		return violations;
	}

	private static boolean holds(PoolStatistics now) {
		boolean capped = now.settings().policy() != ExhaustionPolicy.ALLOCATE;
		return (now.usedBytes() <= now.settings().limit() || now.idleBytes() == 0) && now.leasedBytes() >= 0
				&& now.tiers().stream().allMatch((tier) -> holds(tier, capped));
	}

	// What is leased may exceed a cap that was lowered; then nothing is idle
	private static boolean holds(TierStatistics tier, boolean capped) {
		return tier.idle() <= tier.caps().maxIdle() && tier.leased() <= tier.peakLeased()
				&& (!capped || tier.idle() == 0 || tier.idle() + tier.leased() <= tier.caps().maxTotal());
	}

	private static boolean growsFrom(PoolStatistics before, PoolStatistics now) {
		return now.hits() >= before.hits() && now.misses() >= before.misses() && now.returned() >= before.returned()
				&& now.discarded() >= before.discarded() && now.peakLeased() >= before.peakLeased()
				&& now.doubleReleases() >= before.doubleReleases();
	}

	private void assertBalanced(BufferPool pool, Budget budget, BufferPool rival) throws InterruptedException {
		Garbage.collect();
		PoolStatistics now = pool.statistics();
		assertThat(now.leased()).as("leased").isZero();
		assertThat(now.leaked() + now.beyondTiers().leaked()).as("leaked").isZero();
		assertThat(now.leasedBytes()).as("leased bytes").isZero();
		assertThat(now.doubleReleases()).as("double releases").isEqualTo(this.misuses.get());
		List<TierStatistics> tiers = new ArrayList<>(now.tiers());
		tiers.addAll(now.formerTiers());
		for (TierStatistics tier : tiers) {
			assertThat((long) tier.idle()).as("idle of %s", tier)
				.isEqualTo(tier.returned() - tier.discarded() - tier.hits() + tier.preallocated());
			assertThat((long) tier.leased()).as("leased of %s", tier)
				.isEqualTo(tier.hits() + tier.misses() - tier.returned() - tier.leaked());
		}
		assertThat(now.hits() + now.misses() + now.oversized()).as("served").isEqualTo(this.served.get());
		long idle = tiers.stream().mapToLong((tier) -> tier.idle() * Weights.of(tier.size())).sum();
		assertThat(budget.used()).as("budget").isEqualTo(idle + rival.statistics().usedBytes());
	}

	interface Runner {

		void run(int threads, Together.Task task) throws Exception;

	}

	/**
	 * What one thread does.
	 */
	private final class Worker {

		private final BufferPool pool;

		private final BufferPool rival;

		private final SplittableRandom random;

		private final List<Owned> owned = new ArrayList<>();

		private final List<PooledBuffer> dead = new ArrayList<>();

		private Worker(BufferPool pool, BufferPool rival, int thread) {
			this.pool = pool;
			this.rival = rival;
			this.random = new SplittableRandom(4711 + thread);
		}

		private void work() {
			long start = System.nanoTime();
			while (isToGoOn(System.nanoTime() - start)) {
				int choice = this.random.nextInt(100);
				if (choice < 45 && this.owned.size() < 10) {
					acquire();
				}
				else if (!this.owned.isEmpty()) {
					use(choice);
				}
				if (choice < 3) {
					change(choice);
				}
				else if (choice < 8) {
					disturb();
				}
			}
			while (!this.owned.isEmpty()) {
				give(false);
			}
		}

		// A busy machine may let few threads run for as long as this takes
		private boolean isToGoOn(long nanos) {
			return nanos < NANOS || (PoolSoak.this.served.get() <= ENOUGH && nanos < LONGEST_NANOS);
		}

		private void acquire() {
			PooledBuffer buffer;
			try {
				int size = SIZES[this.random.nextInt(SIZES.length)];
				buffer = this.random.nextBoolean() ? this.pool.acquire(size) : this.pool.tryAcquire(size);
			}
			catch (PoolExhaustedException ex) {
				buffer = null;
			}
			if (buffer != null) {
				PoolSoak.this.served.incrementAndGet();
				this.owned.add(new Owned(buffer, PoolSoak.this.stamps.incrementAndGet()));
			}
		}

		private void use(int choice) {
			Owned one = this.owned.get(this.random.nextInt(this.owned.size()));
			if (choice < 55) {
				one.verify();
				PooledBuffer retained = one.buffer.retain();
				this.dead.add(one.buffer);
				one.buffer.release();
				one.buffer = retained;
			}
			else if (choice < 60 && !this.dead.isEmpty()) {
				misuse(this.dead.get(this.random.nextInt(this.dead.size())));
			}
			else if (choice < 65) {
				one.verify();
			}
			else {
				give(choice > 96);
			}
		}

		private void give(boolean discards) {
			Owned one = this.owned.remove(this.random.nextInt(this.owned.size()));
			one.verify();
			if (!discards && this.random.nextInt(4) == 0) {
				contest(new Contested(one.buffer));
				return;
			}
			if (discards) {
				one.buffer.discard();
			}
			else if (this.random.nextBoolean()) {
				one.buffer.release();
			}
			else {
				one.buffer.close();
			}
			this.dead.add(one.buffer);
			if (this.dead.size() > 8) {
				this.dead.remove(0);
			}
		}

		// Two threads release one handle: the one that left it here, and the one that
		// finds it
		private void contest(Contested mine) {
			Contested other = PoolSoak.this.contested.getAndSet(mine);
			release(mine);
			if (other != null) {
				release(other);
			}
		}

		private void release(Contested one) {
			try {
				one.buffer.release();
				assertThat(one.winners.incrementAndGet()).as("releases of %s", one.buffer).isOne();
			}
			catch (LeaseException ex) {
				PoolSoak.this.misuses.incrementAndGet();
			}
		}

		private void misuse(PooledBuffer buffer) {
			buffer.close();
			try {
				if (this.random.nextBoolean()) {
					buffer.release();
				}
				else {
					buffer.discard();
				}
				throw new AssertionError("Not refused: " + buffer);
			}
			catch (LeaseException ex) {
				PoolSoak.this.misuses.incrementAndGet();
			}
			try {
				buffer.copyIn(0, new byte[buffer.size()], 0, buffer.size());
				throw new AssertionError("Not refused: " + buffer);
			}
			catch (LeaseException ex) {
				// As expected
			}
		}

		private void change(int choice) {
			if (choice == 0) {
				this.pool.trim();
			}
			else if (choice == 1) {
				((TieredBufferPool) this.pool).expire();
			}
			else if (this.random.nextInt(8) == 0) {
				this.pool.update((settings) -> settings.maxIdle(this.random.nextInt(MAX_IDLE + 2))
					.maxTotal(1 + this.random.nextInt(MAX_TOTAL))
					.limit(LIMIT / 2 + this.random.nextLong(LIMIT))
					.tiers(Buffers.sizes(TABLES.get(this.random.nextInt(TABLES.size()))))
					.clearing(Clearing.values()[this.random.nextInt(8) / 7]));
			}
		}

		private void disturb() {
			PooledBuffer buffer = this.rival.tryAcquire(1 + this.random.nextInt(1500));
			if (buffer != null) {
				buffer.release();
			}
		}

	}

	/**
	 * A buffer that several threads release.
	 */
	private static final class Contested {

		private final PooledBuffer buffer;

		private final AtomicInteger winners = new AtomicInteger();

		private Contested(PooledBuffer buffer) {
			this.buffer = buffer;
		}

	}

	/**
	 * A buffer and the stamp all over it.
	 */
	private static final class Owned {

		private final byte[] stamp;

		private PooledBuffer buffer;

		private Owned(PooledBuffer buffer, long number) {
			this.buffer = buffer;
			this.stamp = new byte[buffer.size()];
			byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number * 0x9E3779B97F4A7C15L).array();
			for (int i = 0; i < this.stamp.length; i++) {
				this.stamp[i] = bytes[i % Long.BYTES];
			}
			buffer.copyIn(0, this.stamp, 0, this.stamp.length);
		}

		private void verify() {
			assertThat(this.buffer.toByteArray()).isEqualTo(this.stamp);
		}

	}

}
