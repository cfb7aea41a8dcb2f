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

package io.mempool.fuzz;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.mempool.advice.TierAdvice;
import io.mempool.advice.TierAdvisor;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.LayoutArithmetic;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PoolStatistics;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.buffer.TierPresets;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import io.mempool.sizes.SizeHistogram;
import io.mempool.sizes.SizeHistogramBuilder;

/**
 * Sizes, caps, limits and budgets at the limits of their types: what is computed from
 * them is what follows without these limits, and what cannot be is refused with a reason.
 */
final class SizesTarget implements FuzzTarget {

	// More is refused by every pool of this target before memory is taken
	private static final int LIMIT = 1024 * 1024;

	@Override
	public String run(FuzzInput input) throws Exception {
		return switch (input.below(8)) {
			case 0 -> layout(input);
			case 1 -> footprints(input);
			case 2 -> presets(input);
			case 3 -> caps(input);
			case 4, 5 -> pool(input);
			default -> histogram(input);
		};
	}

	private static String layout(FuzzInput input) {
		LayoutArithmetic layout = new LayoutArithmetic(input.below(4), input.below(12), input.below(4), input.below(6),
				Math.max(1, input.number() & Long.MAX_VALUE));
		do {
			layout.check(Math.min(input.integer() & Integer.MAX_VALUE, BufferTier.MAXIMUM_SIZE));
		}
		while (!input.isAtEnd());
		return "layouts";
	}

	private static String footprints(FuzzInput input) {
		int capacity = Math.min(input.integer() & Integer.MAX_VALUE, BufferTier.MAXIMUM_SIZE);
		int count = input.integer() & Integer.MAX_VALUE;
		for (MemoryKind kind : MemoryKind.values()) {
			BigInteger all = BigInteger.valueOf(capacity).multiply(BigInteger.valueOf(count));
			BigInteger footprint = BigInteger.valueOf(kind.footprint(capacity, count));
			Checks.check(footprint.compareTo(all) >= 0, "Several buffers take less than their capacities", capacity,
					count, footprint);
			Checks.check(kind.footprint(capacity) >= capacity, "A buffer takes less than its capacity", capacity);
		}
		return "footprints";
	}

	private static String presets(FuzzInput input) throws Exception {
		int minimum = input.integer();
		int maximum = input.integer();
		boolean wrong = minimum <= 0 || minimum > maximum;
		if (Checks.failsIf(wrong, IllegalArgumentException.class, "Powers of two from " + minimum + " to " + maximum,
				() -> checkAscending(TierPresets.powersOfTwo(minimum, maximum), minimum, maximum))) {
			boolean many = BigInteger.valueOf(maximum)
				.add(BigInteger.valueOf(minimum))
				.subtract(BigInteger.ONE)
				.divide(BigInteger.valueOf(minimum))
				.compareTo(BigInteger.valueOf(TierPresets.MAXIMUM_MULTIPLES)) > 0;
			Checks.failsIf(many, IllegalArgumentException.class, "Multiples of " + minimum + " up to " + maximum,
					() -> checkAscending(TierPresets.multiplesOf(minimum, maximum), minimum, maximum));
		}
		return wrong ? "presets are refused" : "presets";
	}

	private static void checkAscending(List<Integer> sizes, int minimum, int maximum) {
		for (int i = 0; i < sizes.size(); i++) {
			Checks.check(sizes.get(i) >= ((i > 0) ? sizes.get(i - 1) + 1 : minimum), "Sizes are not ascending", sizes);
			Checks.check(TierPresets.defaultMaxIdle(sizes.get(i)) > 0, "No idle buffers", sizes.get(i));
		}
		Checks.same(sizes.get(sizes.size() - 1), maximum, "The last size");
	}

	private static String caps(FuzzInput input) throws Exception {
		int maxIdle = input.integer();
		int maxTotal = input.integer();
		int preallocate = input.integer();
		int size = input.integer();
		boolean wrong = maxIdle < 0 || maxIdle > Caps.MAXIMUM_IDLE || maxTotal < 1 || preallocate < 0
				|| preallocate > maxIdle || preallocate > maxTotal;
		Checks.failsIf(wrong, IllegalArgumentException.class,
				"Caps of " + maxIdle + ", " + maxTotal + " and " + preallocate,
				() -> new Caps(maxIdle, maxTotal, preallocate));
		Checks.failsIf(size <= 0 || size > BufferTier.MAXIMUM_SIZE, IllegalArgumentException.class,
				"A tier of " + size + " bytes", () -> BufferTier.of(size));
		return wrong ? "caps are refused" : "caps";
	}

	private static String pool(FuzzInput input) throws Exception {
		int[] tiers = new int[input.between(1, 4)];
		Set<Integer> sizes = new HashSet<>();
		boolean wrong = false;
		for (int i = 0; i < tiers.length; i++) {
			tiers[i] = input.integer();
			wrong |= tiers[i] <= 0 || tiers[i] > BufferTier.MAXIMUM_SIZE || !sizes.add(tiers[i]);
		}
		long limit = input.oneIn(4) ? input.number() : LIMIT;
		long budget = input.oneIn(4) ? input.number() : Long.MAX_VALUE;
		BufferPoolBuilder builder = BufferPool.builder("sizes").policy(ExhaustionPolicy.FAIL);
		if (!Checks.failsIf(wrong, IllegalArgumentException.class, "Tiers of " + sizes, () -> builder.tiers(tiers))
				|| !Checks.failsIf(limit <= 0, IllegalArgumentException.class, "A limit of " + limit,
						() -> builder.limit(limit))
				|| !Checks.failsIf(budget <= 0, IllegalArgumentException.class, "A budget of " + budget,
						() -> builder.budget(BufferPool.budget("test.budget", budget)))) {
			return "pools are refused";
		}
		BufferPool pool;
		try {
			pool = builder.build();
		}
		catch (IllegalArgumentException ex) {
			long smallest = sizes.stream().mapToLong((size) -> MemoryKind.HEAP.footprint(size)).min().orElseThrow();
			Checks.check(smallest > limit, "A pool was refused", ex.getMessage(), smallest, limit);
			return "pools without room are refused";
		}
		try (pool) {
			while (!input.isAtEnd()) {
				acquire(pool, input.integer(), Math.min(limit, budget));
			}
		}
		return "pools";
	}

	private static void acquire(BufferPool pool, int size, long room) throws Exception {
		if (size < 0) {
			Checks.fails(IllegalArgumentException.class, "A buffer of " + size + " bytes", () -> pool.acquire(size));
			Checks.fails(IllegalArgumentException.class, "A buffer of " + size + " bytes", () -> pool.tryAcquire(size));
			return;
		}
		long capacity = pool.tiers()
			.stream()
			.mapToLong(BufferTier::size)
			.filter((tier) -> tier >= size)
			.findFirst()
			.orElse(Math.max(1, size));
		// A buffer that is not kept may take less
		boolean tooMuch = capacity > Math.min(room, BufferTier.MAXIMUM_SIZE);
		boolean fits = !tooMuch && MemoryKind.HEAP.footprint((int) capacity) <= room;
		if (!tooMuch && capacity > LIMIT) {
			return;
		}
		try (PooledBuffer buffer = pool.acquire(size)) {
			Checks.check(!tooMuch, "More was lent than there is room for", size, room);
			Checks.same(buffer.size(), size, "The size of a buffer");
			Checks.check(buffer.capacity() >= size, "The capacity is less than the size", buffer);
			checkStatistics(pool.statistics(), 1, room);
		}
		catch (PoolExhaustedException | SizeLimitExceededException ex) {
			Checks.check(!fits, "There was room for a buffer", size, room, ex.getMessage());
			Checks.check(ex.getCause() == null, "Memory was asked for beyond a limit", size, room, ex.getMessage());
		}
		catch (IllegalArgumentException ex) {
			Checks.check(size > BufferTier.MAXIMUM_SIZE, "A buffer was refused", size, ex.getMessage());
		}
		checkStatistics(pool.statistics(), 0, room);
	}

	private static void checkStatistics(PoolStatistics statistics, long leased, long room) {
		Checks.same(statistics.leased(), leased, "What is leased");
		Checks.check(statistics.leasedBytes() + statistics.idleBytes() <= room, "More is kept than there is room for",
				statistics, room);
	}

	private static String histogram(FuzzInput input) throws Exception {
		SizeHistogramBuilder builder = SizeHistogram.builder();
		BigInteger bytes = BigInteger.ZERO;
		BigInteger count = BigInteger.ZERO;
		while (!input.isAtEnd()) {
			int size = input.integer();
			long more = input.number();
			BigInteger nextBytes = bytes.add(BigInteger.valueOf(size).multiply(BigInteger.valueOf(more)));
			BigInteger nextCount = count.add(BigInteger.valueOf(more));
			BigInteger most = BigInteger.valueOf(SizeHistogramBuilder.MAXIMUM_BYTES);
			boolean wrong = size < 0 || more < 0 || nextBytes.compareTo(most) > 0 || nextCount.compareTo(most) > 0;
			if (Checks.failsIf(wrong, IllegalArgumentException.class, more + " requests of " + size,
					() -> builder.add(size, more))) {
				bytes = nextBytes;
				count = nextCount;
			}
		}
		SizeHistogram histogram = builder.build();
		Checks.same(BigInteger.valueOf(histogram.bytes()), bytes, "The bytes of all sizes");
		Checks.same(BigInteger.valueOf(histogram.total()), count, "The number of all sizes");
		int before = -1;
		for (SizeHistogram.Bucket bucket : histogram.buckets()) {
			Checks.check(bucket.from() > before && bucket.from() <= bucket.largest() && bucket.largest() <= bucket.to(),
					"A bucket is not where it belongs", bucket);
			before = bucket.to();
		}
		return advise(input, histogram, count);
	}

	private static String advise(FuzzInput input, SizeHistogram histogram, BigInteger count) {
		List<BufferTier> tiers = new ArrayList<>();
		Set<Integer> sizes = new HashSet<>();
		for (SizeHistogram.Bucket bucket : histogram.buckets()) {
			int size = Math.max(1, Math.min(bucket.largest(), BufferTier.MAXIMUM_SIZE));
			if (tiers.size() < 4 && sizes.add(size)) {
				tiers.add(BufferTier.of(size));
			}
		}
		if (tiers.isEmpty()) {
			return "histograms of nothing";
		}
		TierAdvice advice = TierAdvisor.of("sizes", tiers, histogram).advise();
		if (advice == null) {
			return "histograms without advice";
		}
		Checks.check(
				advice.requests() >= 0 && advice.now().lentBytes() >= 0 && advice.now().wastedBytes() >= 0
						&& advice.advised().lentBytes() >= 0 && advice.advised().wastedBytes() >= 0,
				"A figure is negative", advice);
		Checks.check(BigInteger.valueOf(advice.requests()).compareTo(count) <= 0, "More requests than there were",
				advice, count);
		Checks.check(advice.advised().lentBytes() <= advice.now().lentBytes(), "The advice lends more", advice);
		Checks.check(advice.advised().tiers().size() <= tiers.size(), "More tiers are advised", advice);
		return "histograms with advice";
	}

}
