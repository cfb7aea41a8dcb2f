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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.TierStatistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Compares a pool, step by step, with a model that knows nothing of slots, words and
 * places but what a user is promised. One thread; operations at random, from fixed seeds.
 * A sequence that fails is made as short as it gets by leaving steps out.
 */
final class PoolAgainstModel implements Callable<Void> {

	private static final int SEQUENCES = 100;

	private static final int STEPS = 150;

	private static final int[] TIERS = { 16, 64, 256 };

	private static final int[] SIZES = { 0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 400 };

	private static final int MAX_IDLE = 2;

	private static final int MAX_TOTAL = 4;

	private static final long LIMIT = 900;

	private final List<Variant> variants = List.of(
			new Variant(ExhaustionPolicy.FAIL, MemoryKind.HEAP, Clearing.ON_RELEASE, LIMIT),
			new Variant(ExhaustionPolicy.FAIL, MemoryKind.HEAP, Clearing.NEVER, LIMIT),
			new Variant(ExhaustionPolicy.ALLOCATE, MemoryKind.HEAP, Clearing.NEVER, Long.MAX_VALUE),
			new Variant(ExhaustionPolicy.ALLOCATE, MemoryKind.OFF_HEAP, Clearing.ON_RELEASE, LIMIT));

	@Override
	public Void call() {
		for (Variant variant : this.variants) {
			for (int seed = 0; seed < SEQUENCES; seed++) {
				SplittableRandom random = new SplittableRandom(seed);
				List<Step> steps = IntStream.range(0, STEPS).mapToObj((i) -> Step.random(random)).toList();
				if (failure(variant, steps) != null) {
					List<Step> shortest = shortest(variant, steps);
					fail("Seed %d, %s: %s%n%s", seed, variant, shortest, failure(variant, shortest));
				}
			}
		}
		return null;
	}

	private static Throwable failure(Variant variant, List<Step> steps) {
		try {
			new Run(variant).run(steps);
			return null;
		}
		catch (AssertionError | RuntimeException ex) {
			return ex;
		}
	}

	private static List<Step> shortest(Variant variant, List<Step> steps) {
		List<Step> shortest = new ArrayList<>(steps);
		for (int i = shortest.size() - 1; i >= 0; i--) {
			Step left = shortest.remove(i);
			if (failure(variant, shortest) == null) {
				shortest.add(i, left);
			}
		}
		return shortest;
	}

	/**
	 * What kind of pool.
	 */
	private record Variant(ExhaustionPolicy policy, MemoryKind memory, Clearing clearing, long limit) {

	}

	private enum Operation {

		ACQUIRE, TRY_ACQUIRE, RELEASE, CLOSE, DISCARD, RETAIN, SLICE, MISUSE, TRIM, CLOSE_POOL

	}

	/**
	 * One operation.
	 *
	 * @param operation what to do
	 * @param choice with what, of as much as there is then
	 */
	private record Step(Operation operation, int choice) {

		static Step random(SplittableRandom random) {
			int percent = random.nextInt(1000);
			int choice = random.nextInt(1 << 20);
			if (percent < 250) {
				return new Step(Operation.ACQUIRE, choice);
			}
			if (percent < 400) {
				return new Step(Operation.TRY_ACQUIRE, choice);
			}
			if (percent < 600) {
				return new Step(Operation.RELEASE, choice);
			}
			if (percent < 750) {
				return new Step(Operation.CLOSE, choice);
			}
			if (percent < 780) {
				return new Step(Operation.DISCARD, choice);
			}
			if (percent < 840) {
				return new Step(Operation.RETAIN, choice);
			}
			if (percent < 900) {
				return new Step(Operation.SLICE, choice);
			}
			if (percent < 970) {
				return new Step(Operation.MISUSE, choice);
			}
			return new Step((percent < 998) ? Operation.TRIM : Operation.CLOSE_POOL, choice);
		}

	}

	/**
	 * A block in use, as the model sees it.
	 */
	private static final class Loan {

		private final int tier;

		private final long weight;

		private final boolean passing;

		private final byte stamp;

		private int references = 1;

		private boolean doubtful;

		private Loan(int tier, long weight, boolean passing, byte stamp) {
			this.tier = tier;
			this.weight = weight;
			this.passing = passing;
			this.stamp = stamp;
		}

		private byte[] bytes(int size) {
			byte[] bytes = new byte[size];
			Arrays.fill(bytes, this.stamp);
			return bytes;
		}

	}

	/**
	 * A handle of the pool, and the loan it should stand for.
	 */
	private record Holding(PooledBuffer buffer, Loan loan) {

	}

	/**
	 * What the model counts for a tier; the last one is for what is beyond the tiers.
	 */
	private static final class Books {

		private long hits;

		private long misses;

		private long returned;

		private int idle;

		private int leased;

		private int pooled;

		private long doubleReleases;

		private final Map<DiscardReason, Long> discards = new TreeMap<>();

		private void discard(DiscardReason reason) {
			this.discards.merge(reason, 1L, Long::sum);
		}

	}

	/**
	 * A pool and its model, from the beginning.
	 */
	private static final class Run {

		private final Variant variant;

		private final BufferPool pool;

		private final Books[] books = new Books[TIERS.length + 1];

		private final List<Holding> holdings = new ArrayList<>();

		private final List<Holding> dead = new ArrayList<>();

		private long used;

		private boolean closed;

		private byte lastStamp;

		Run(Variant variant) {
			this.variant = variant;
			this.pool = BufferPool.builder("model")
				.memory(variant.memory())
				.tiers(TIERS)
				.caps(new Caps(MAX_IDLE, MAX_TOTAL, 0))
				.policy(variant.policy())
				.clearing(variant.clearing())
				.limit(variant.limit())
				.build();
			for (int i = 0; i < this.books.length; i++) {
				this.books[i] = new Books();
			}
		}

		void run(List<Step> steps) {
			try {
				for (Step step : steps) {
					take(step);
					verifyStamps();
					verifyFigures();
				}
			}
			finally {
				this.holdings.forEach((holding) -> holding.buffer().close());
				this.pool.close();
			}
		}

		private void take(Step step) {
			switch (step.operation()) {
				case ACQUIRE -> acquire(SIZES[step.choice() % SIZES.length]);
				case TRY_ACQUIRE -> tryAcquire(SIZES[step.choice() % SIZES.length]);
				case TRIM -> trim();
				case CLOSE_POOL -> closePool();
				case MISUSE -> {
					if (!this.dead.isEmpty()) {
						misuse(this.dead.get(step.choice() % this.dead.size()));
					}
				}
				default -> {
					if (!this.holdings.isEmpty()) {
						use(step.operation(), this.holdings.get(step.choice() % this.holdings.size()));
					}
				}
			}
		}

		private void acquire(int size) {
			Outcome expected = expect(size);
			try {
				hold(this.pool.acquire(size), expected);
				assertThat(expected.refusal()).as("should have been refused: acquire(%d)", size).isNull();
			}
			catch (PoolExhaustedException | PoolClosedException ex) {
				assertThat(ex.getClass()).as("refused: acquire(%d)", size).isEqualTo(expected.refusal());
			}
		}

		private void tryAcquire(int size) {
			Outcome expected = expect(size);
			try {
				PooledBuffer buffer = this.pool.tryAcquire(size);
				if (buffer == null) {
					assertThat(expected.refusal()).as("tryAcquire(%d)", size).isEqualTo(PoolExhaustedException.class);
				}
				else {
					assertThat(expected.refusal()).as("should have been refused: tryAcquire(%d)", size).isNull();
					hold(buffer, expected);
				}
			}
			catch (PoolClosedException ex) {
				assertThat(expected.refusal()).as("tryAcquire(%d)", size).isEqualTo(PoolClosedException.class);
			}
		}

		private void hold(PooledBuffer buffer, Outcome expected) {
			Loan loan = expected.loan();
			if (this.variant.clearing() == Clearing.ON_RELEASE) {
				assertThat(buffer.toByteArray()).isEqualTo(new byte[buffer.size()]);
			}
			if (loan != null) {
				buffer.copyIn(0, loan.bytes(buffer.size()), 0, buffer.size());
			}
			this.holdings.add(new Holding(buffer, loan));
		}

		/**
		 * What the promises say of an acquire, and the books as they are after it.
		 */
		private Outcome expect(int size) {
			if (this.closed) {
				return new Outcome(null, PoolClosedException.class);
			}
			int tier = 0;
			while (tier < TIERS.length && TIERS[tier] < size) {
				tier++;
			}
			Books books = this.books[tier];
			boolean oversized = tier == TIERS.length;
			if (books.idle > 0) {
				books.idle--;
				books.hits++;
				return lend(tier, TIERS[tier], false);
			}
			boolean full = !oversized && books.pooled >= MAX_TOTAL;
			if (full && this.variant.policy() != ExhaustionPolicy.ALLOCATE) {
				return new Outcome(null, PoolExhaustedException.class);
			}
			boolean passing = oversized || full;
			long weight = passing ? size : TIERS[tier];
			if (!makeRoom(weight)) {
				return new Outcome(null, PoolExhaustedException.class);
			}
			books.misses++;
			books.pooled += passing ? 0 : 1;
			this.used += weight;
			return lend(tier, weight, passing);
		}

		private Outcome lend(int tier, long weight, boolean passing) {
			this.books[tier].leased++;
			return new Outcome(new Loan(tier, weight, passing, ++this.lastStamp), null);
		}

		// Idle memory goes first, largest blocks before others, and only if that is
		// enough
		private boolean makeRoom(long weight) {
			long missing = (this.variant.limit() == Long.MAX_VALUE) ? 0 : weight - (this.variant.limit() - this.used);
			long idle = 0;
			for (int tier = 0; tier < TIERS.length; tier++) {
				idle += (long) this.books[tier].idle * TIERS[tier];
			}
			if (missing > idle) {
				return false;
			}
			for (int tier = TIERS.length - 1; tier >= 0; tier--) {
				while (missing > 0 && this.books[tier].idle > 0) {
					drop(tier, DiscardReason.RECLAIMED);
					missing -= TIERS[tier];
				}
			}
			return true;
		}

		private void drop(int tier, DiscardReason reason) {
			this.books[tier].idle--;
			this.books[tier].pooled--;
			this.books[tier].discard(reason);
			this.used -= TIERS[tier];
		}

		private void use(Operation operation, Holding holding) {
			switch (operation) {
				case RETAIN -> this.holdings.add(new Holding(holding.buffer().retain(), holding.loan()));
				case SLICE -> {
					int half = holding.buffer().size() / 2;
					this.holdings
						.add(new Holding(holding.buffer().slice(half, holding.buffer().size() - half), holding.loan()));
				}
				case RELEASE -> {
					holding.buffer().release();
					giveUp(holding);
				}
				case CLOSE -> {
					holding.buffer().close();
					giveUp(holding);
				}
				default -> {
					holding.buffer().discard();
					holding.loan().doubtful = true;
					giveUp(holding);
				}
			}
			if (operation == Operation.RETAIN || operation == Operation.SLICE) {
				holding.loan().references++;
			}
		}

		private void giveUp(Holding holding) {
			this.holdings.remove(holding);
			this.dead.add(holding);
			Loan loan = holding.loan();
			if (--loan.references > 0) {
				return;
			}
			Books books = this.books[loan.tier];
			books.leased--;
			books.returned++;
			DiscardReason reason = null;
			if (loan.doubtful) {
				reason = DiscardReason.IN_DOUBT;
			}
			else if (loan.passing) {
				reason = DiscardReason.TRANSIENT;
			}
			else if (this.closed) {
				reason = DiscardReason.CLOSED;
			}
			else if (books.idle == MAX_IDLE) {
				reason = DiscardReason.FULL;
			}
			if (reason == null) {
				books.idle++;
				return;
			}
			books.discard(reason);
			books.pooled -= loan.passing ? 0 : 1;
			this.used -= loan.weight;
		}

		private void misuse(Holding holding) {
			PooledBuffer buffer = holding.buffer();
			buffer.close();
			assertThat(buffer.isAlive()).as("%s is dead", buffer).isFalse();
			try {
				buffer.release();
				fail("A second release was accepted: %s", buffer);
			}
			catch (LeaseException ex) {
				this.books[holding.loan().tier].doubleReleases++;
			}
			try {
				buffer.copyIn(0, new byte[buffer.size()], 0, buffer.size());
				fail("A dead handle could write: %s", buffer);
			}
			catch (LeaseException ex) {
				// As it must be
			}
		}

		private void trim() {
			long bytes = 0;
			for (int tier = 0; tier < TIERS.length; tier++) {
				while (this.books[tier].idle > 0) {
					drop(tier, DiscardReason.TRIMMED);
					bytes += TIERS[tier];
				}
			}
			assertThat(this.pool.trim()).as("trimmed").isEqualTo(bytes);
		}

		private void closePool() {
			this.pool.close();
			this.closed = true;
			for (int tier = 0; tier < TIERS.length; tier++) {
				while (this.books[tier].idle > 0) {
					drop(tier, DiscardReason.CLOSED);
				}
			}
		}

		// Off-heap memory is gone with its pool
		private void verifyStamps() {
			if (this.closed && this.variant.memory() == MemoryKind.OFF_HEAP) {
				return;
			}
			for (Holding holding : this.holdings) {
				PooledBuffer buffer = holding.buffer();
				assertThat(buffer.referenceCount()).isEqualTo(holding.loan().references);
				assertThat(buffer.toByteArray()).isEqualTo(holding.loan().bytes(buffer.size()));
			}
		}

		private void verifyFigures() {
			PoolStatistics now = this.pool.statistics();
			for (int tier = 0; tier < TIERS.length; tier++) {
				verifyFigures(now.tiers().get(tier), this.books[tier]);
			}
			verifyFigures(now.beyondTiers(), this.books[TIERS.length]);
			assertThat(now.usedBytes()).as("used bytes").isEqualTo(this.used);
		}

		private static void verifyFigures(TierStatistics tier, Books books) {
			assertThat(new Figures(tier.hits(), tier.misses(), tier.returned(), tier.idle(), tier.leased(),
					tier.doubleReleases(), new TreeMap<>(tier.discardedBy())))
				.isEqualTo(new Figures(books.hits, books.misses, books.returned, books.idle, books.leased,
						books.doubleReleases, books.discards));
		}

	}

	/**
	 * The figures of a tier, to compare at once.
	 */
	private record Figures(long hits, long misses, long returned, int idle, int leased, long doubleReleases,
			Map<DiscardReason, Long> discards) {

	}

	/**
	 * What an acquire should come to.
	 */
	private record Outcome(Loan loan, Class<? extends RuntimeException> refusal) {

	}

}
