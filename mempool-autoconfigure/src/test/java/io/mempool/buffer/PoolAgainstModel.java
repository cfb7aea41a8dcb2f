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
import io.mempool.testing.Buffers;

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

	private static final List<Integer> TIERS = List.of(16, 64, 256);

	private static final List<List<Integer>> TABLES = List.of(TIERS, List.of(64), List.of(32, 256), List.of(16, 100));

	private static final int OVERSIZED = Integer.MAX_VALUE;

	private static final int[] SIZES = { 0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 400 };

	private static final int MAX_IDLE = 2;

	private static final int MAX_TOTAL = 4;

	private static final long LIMIT = 1_800;

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

		ACQUIRE, TRY_ACQUIRE, RELEASE, CLOSE, DISCARD, RETAIN, SLICE, MISUSE, TRIM, EXPIRE, MAX_IDLE, MAX_TOTAL, LIMIT,
		TIERS, CLEARING, POLICY, CLOSE_POOL

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
			if (percent < 940) {
				return new Step(Operation.MISUSE, choice);
			}
			if (percent < 998) {
				int rare = Operation.CLOSE_POOL.ordinal() - Operation.TRIM.ordinal();
				return new Step(Operation.values()[Operation.TRIM.ordinal() + percent % rare], choice);
			}
			return new Step(Operation.CLOSE_POOL, choice);
		}

	}

	/**
	 * A block in use, as the model sees it.
	 */
	private static final class Loan {

		private final Books counters;

		// Which of the tiers that had these books
		private final int generation;

		private final long weight;

		private final boolean passing;

		private final byte stamp;

		private int references = 1;

		private boolean doubtful;

		private Loan(Books counters, long weight, boolean passing, byte stamp) {
			this.counters = counters;
			this.generation = counters.generation;
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
	 * What the model counts for the tiers of one size.
	 */
	private static final class Books {

		private final int size;

		private int generation;

		private int maxIdle;

		private int maxTotal;

		// What has been idle all the time since blocks last expired: no more than the
		// least number there was, and exactly that if none was taken
		private int leastIdle;

		private boolean untouched;

		private long hits;

		private long misses;

		private long returned;

		private int idle;

		private int leased;

		private int pooled;

		// Of those, discarded in doubt and not yet gone
		private int pending;

		private long doubleReleases;

		private final Map<DiscardReason, Long> discards = new TreeMap<>();

		private Books(int size) {
			this.size = size;
		}

		private int places() {
			return Math.min(this.maxIdle, this.maxTotal);
		}

		private void take() {
			this.idle--;
			this.leastIdle = Math.min(this.leastIdle, this.idle);
			this.untouched = false;
		}

		private void discard(DiscardReason reason) {
			this.discards.merge(reason, 1L, Long::sum);
		}

	}

	/**
	 * A pool and its model, from the beginning.
	 */
	private static final class Run {

		private final BufferPool pool;

		private final Map<Integer, Books> counters = new TreeMap<>();

		private List<Integer> tiers = TIERS;

		private ExhaustionPolicy policy;

		private Clearing clearing;

		private long limit;

		private final MemoryKind memory;

		private final List<Holding> holdings = new ArrayList<>();

		private final List<Holding> dead = new ArrayList<>();

		private long used;

		private long pending;

		private final List<ByteBuffer> inDoubt = new ArrayList<>();

		private boolean closed;

		private byte lastStamp;

		Run(Variant variant) {
			this.policy = variant.policy();
			this.clearing = variant.clearing();
			this.limit = variant.limit();
			this.memory = variant.memory();
			this.pool = BufferPool.builder("model")
				.memory(variant.memory())
				.tiers(TIERS.stream().mapToInt(Integer::intValue).toArray())
				.caps(new Caps(MAX_IDLE, MAX_TOTAL, 0))
				.policy(variant.policy())
				.clearing(variant.clearing())
				.limit(variant.limit())
				.build();
			for (int size : TIERS) {
				this.counters.put(size, new Books(size));
				this.counters.get(size).maxIdle = MAX_IDLE;
				this.counters.get(size).maxTotal = MAX_TOTAL;
			}
			this.counters.put(OVERSIZED, new Books(OVERSIZED));
		}

		private Books counters(int index) {
			return this.counters.get(this.tiers.get(index));
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
				case EXPIRE -> expire();
				case MAX_IDLE, MAX_TOTAL, LIMIT, TIERS, CLEARING, POLICY -> {
					if (!this.closed) {
						retune(step.operation(), step.choice());
					}
				}
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
			if (this.clearing == Clearing.ON_RELEASE) {
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
			Books counters = this.counters
				.get(this.tiers.stream().filter((tier) -> tier >= size).findFirst().orElse(OVERSIZED));
			boolean oversized = counters.size == OVERSIZED;
			if (counters.idle > 0) {
				counters.take();
				counters.hits++;
				return lend(counters, weigh(counters.size), false);
			}
			boolean full = !oversized && counters.pooled >= counters.maxTotal;
			if (full && this.policy != ExhaustionPolicy.ALLOCATE) {
				return new Outcome(null, PoolExhaustedException.class);
			}
			boolean passing = oversized || full;
			long weight = passing ? weighTransient(size) : weigh(counters.size);
			if (!makeRoom(weight)) {
				return new Outcome(null, PoolExhaustedException.class);
			}
			counters.misses++;
			counters.pooled += passing ? 0 : 1;
			this.used += weight;
			return lend(counters, weight, passing);
		}

		// What the runtime really takes
		private long weigh(int size) {
			return (this.memory == MemoryKind.HEAP) ? new HeapSource("model", this.clearing).weigh(size) : size;
		}

		private long weighTransient(int size) {
			return (this.memory == MemoryKind.HEAP) ? new HeapSource("model", this.clearing).weighTransient(size)
					: size;
		}

		private Outcome lend(Books counters, long weight, boolean passing) {
			counters.leased++;
			return new Outcome(new Loan(counters, weight, passing, ++this.lastStamp), null);
		}

		// Idle memory goes first, largest blocks before others, and only if that is
		// enough
		private boolean makeRoom(long weight) {
			long missing = (this.limit == Long.MAX_VALUE) ? 0 : weight - (this.limit - this.used);
			long idle = 0;
			for (int size : this.tiers) {
				idle += this.counters.get(size).idle * weigh(size);
			}
			if (missing > idle) {
				return false;
			}
			dropLargest(missing, DiscardReason.RECLAIMED);
			return true;
		}

		private void dropLargest(long bytes, DiscardReason reason) {
			long missing = bytes;
			for (int i = this.tiers.size() - 1; i >= 0; i--) {
				while (missing > 0 && counters(i).idle > 0) {
					drop(counters(i), reason);
					missing -= weigh(this.tiers.get(i));
				}
			}
		}

		private void dropAll(DiscardReason reason) {
			for (int size : this.tiers) {
				dropTo(this.counters.get(size), 0, reason);
			}
		}

		private void dropTo(Books counters, int idle, DiscardReason reason) {
			while (counters.idle > idle) {
				drop(counters, reason);
			}
		}

		private void drop(Books counters, DiscardReason reason) {
			counters.take();
			counters.pooled--;
			counters.discard(reason);
			this.used -= weigh(counters.size);
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
					if (!this.closed) {
						this.inDoubt.add(holding.buffer().byteBuffer());
					}
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
			Books counters = loan.counters;
			counters.leased--;
			counters.returned++;
			DiscardReason reason = null;
			if (loan.doubtful) {
				reason = DiscardReason.IN_DOUBT;
			}
			else if (loan.passing) {
				reason = DiscardReason.TRANSIENT;
			}
			else if (loan.generation != counters.generation) {
				reason = DiscardReason.TRIMMED;
			}
			else if (this.closed) {
				reason = DiscardReason.CLOSED;
			}
			else if (counters.pooled - counters.pending > counters.maxTotal || this.used - this.pending > this.limit
					|| counters.idle == counters.places()) {
				reason = DiscardReason.FULL;
			}
			if (reason == null) {
				counters.idle++;
				return;
			}
			counters.discard(reason);
			if (reason == DiscardReason.IN_DOUBT && this.memory == MemoryKind.OFF_HEAP && !this.closed) {
				// A view of it is kept, so that it counts to the end. Not in a closed
				// pool, whose memory is gone already
				this.pending += loan.weight;
				counters.pending += loan.passing ? 0 : 1;
				return;
			}
			counters.pooled -= loan.passing ? 0 : 1;
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
				holding.loan().counters.doubleReleases++;
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
			long before = this.used;
			dropAll(DiscardReason.TRIMMED);
			assertThat(this.pool.trim()).as("trimmed").isEqualTo(before - this.used);
		}

		private void expire() {
			((TieredBufferPool) this.pool).expire();
			for (TierStatistics tier : this.pool.statistics().tiers()) {
				Books counters = this.counters.get(tier.size());
				int expired = counters.idle - tier.idle();
				assertThat(expired).as("expired of %s", tier)
					.isBetween(counters.untouched ? counters.leastIdle : 0, counters.leastIdle);
				dropTo(counters, tier.idle(), DiscardReason.EXPIRED);
				counters.leastIdle = counters.idle;
				counters.untouched = true;
			}
		}

		private void retune(Operation operation, int choice) {
			this.pool.update((settings) -> retuned(settings, operation, choice));
			if (operation == Operation.TIERS) {
				changeTiers(TABLES.get(choice % TABLES.size()), false);
			}
			if (operation == Operation.CLEARING) {
				boolean changes = this.clearing != Clearing.values()[choice % 2];
				this.clearing = Clearing.values()[choice % 2];
				changeTiers(this.tiers, changes);
			}
			for (BufferTier tier : this.pool.tiers()) {
				Books counters = this.counters.get(tier.size());
				counters.maxIdle = (operation == Operation.MAX_IDLE) ? choice % 4 : tier.caps().maxIdle();
				counters.maxTotal = (operation == Operation.MAX_TOTAL) ? 1 + choice % 6 : tier.caps().maxTotal();
				dropTo(counters,
						Math.max(0,
								counters.idle - Math.max(0, counters.pooled - counters.pending - counters.maxTotal)),
						DiscardReason.TRIMMED);
				dropTo(counters, counters.places(), DiscardReason.TRIMMED);
			}
			if (this.limit != Long.MAX_VALUE) {
				dropLargest(this.used - this.pending - this.limit, DiscardReason.TRIMMED);
			}
		}

		private BufferPoolSettings retuned(BufferPoolSettings settings, Operation operation, int choice) {
			return switch (operation) {
				case MAX_IDLE -> settings.maxIdle(choice % 4);
				case MAX_TOTAL -> settings.maxTotal(1 + choice % 6);
				case LIMIT -> {
					// Enough for a block of the smallest tier of any table
					this.limit = 150 + choice % 2_000;
					yield settings.limit(this.limit);
				}
				case TIERS -> settings.tiers(Buffers.sizes(TABLES.get(choice % TABLES.size())));
				case CLEARING -> settings.clearing(Clearing.values()[choice % 2]);
				default -> {
					this.policy = ExhaustionPolicy.values()[choice % 2 * ExhaustionPolicy.FAIL.ordinal()];
					yield settings.policy(this.policy);
				}
			};
		}

		private void changeTiers(List<Integer> next, boolean all) {
			for (int size : this.tiers) {
				if (all || !next.contains(size)) {
					Books counters = this.counters.get(size);
					dropTo(counters, 0, DiscardReason.TRIMMED);
					counters.generation++;
				}
			}
			this.tiers = next;
			next.forEach((size) -> this.counters.computeIfAbsent(size, Books::new));
		}

		private void closePool() {
			this.pool.close();
			this.closed = true;
			dropAll(DiscardReason.CLOSED);
		}

		// Off-heap memory is gone with its pool
		private void verifyStamps() {
			if (this.closed && this.memory == MemoryKind.OFF_HEAP) {
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
			assertThat(now.tiers()).extracting(TierStatistics::size).isEqualTo(this.tiers);
			List<TierStatistics> all = new ArrayList<>(now.tiers());
			all.addAll(now.formerTiers());
			all.add(now.beyondTiers());
			assertThat(all).hasSameSizeAs(this.counters.keySet());
			all.forEach((tier) -> verifyFigures(tier, this.counters.get(tier.size())));
			assertThat(now.usedBytes()).as("used bytes").isEqualTo(this.used);
			assertThat(now.pendingBytes()).as("pending bytes").isEqualTo(this.pending);
		}

		private static void verifyFigures(TierStatistics tier, Books counters) {
			assertThat(new Figures(tier.hits(), tier.misses(), tier.returned(), tier.idle(), tier.leased(),
					tier.doubleReleases(), new TreeMap<>(tier.discardedBy())))
				.isEqualTo(new Figures(counters.hits, counters.misses, counters.returned, counters.idle,
						counters.leased, counters.doubleReleases, counters.discards));
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
