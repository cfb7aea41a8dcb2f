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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.mempool.advice.MeasuredCosts.Sample;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TierAdvisor}.
 */
class TierAdvisorTests {

	private static final int KB = 1024;

	private static final int MB = 1024 * KB;

	@Test
	void tiersBecomeTheSizesThatAreRequested() {
		TierAdvice advice = advise(pool(4 * KB, 64 * KB), 3000, 3000, 20_000, 20_000);
		assertThat(sizes(advice.now())).containsExactly(4 * KB, 64 * KB);
		assertThat(advice.now().lentBytes()).isEqualTo(2 * 4 * KB + 2 * 64 * KB);
		assertThat(advice.now().wastedBytes()).isEqualTo(2 * 4 * KB + 2 * 64 * KB - 46_000);
		assertThat(advice.now().wastedPercent()).isBetween(66.9, 67.0);
		assertThat(sizes(advice.advised())).containsExactly(3000, 20_000);
		assertThat(advice.advised().wastedBytes()).isZero();
		assertThat(advice.advised().wastedPercent()).isZero();
		assertThat(advice.requests()).isEqualTo(4);
		assertThat(advice.oversized()).isZero();
	}

	@Test
	void figuresOfVeryManyRequestsAreExact() {
		long many = (1L << 53) + 1;
		SizeHistogram requested = SizeHistogram.builder().add(3, many).add(100, many).build();
		TierPlan now = TierAdvisor.of("pool", List.of(BufferTier.of(3), BufferTier.of(100)), requested).advise().now();
		assertThat(now.lentBytes()).isEqualTo(103 * many);
		assertThat(now.wastedBytes()).isZero();
		SizeHistogram most = SizeHistogram.builder().add(1, 1L << 62).build();
		assertThat(TierAdvisor.of("pool", List.of(BufferTier.of(64)), most).tiers(1).advise().now().lentBytes())
			.isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void withoutRequestsThereIsNoAdvice() {
		assertThat(TierAdvisor.of(pool(4 * KB).build()).advise()).isNull();
		assertThat(advise(pool(4 * KB), 5000)).isNull();
	}

	@Test
	void poolThatDoesNotPoolHasExactBuffersAlready() {
		assertThat(advise(pool(4 * KB).pooling(false), 3000)).isNull();
	}

	@Test
	void goodTiersStay() {
		TierAdvice advice = advise(pool(KB, 4 * KB, 64 * KB), 4 * KB, 64 * KB);
		assertThat(sizes(advice.advised())).containsExactly(KB, 4 * KB, 64 * KB);
		assertThat(advice.advised().tiers().get(0).caps()).isEqualTo(advice.now().tiers().get(0).caps());
	}

	@Test
	void fewerTiersMayBeAskedForEvenIfTheyWasteMore() {
		try (BufferPool pool = request(pool(4 * KB, 64 * KB), 4 * KB, 64 * KB)) {
			TierAdvice advice = TierAdvisor.of(pool).tiers(1).advise();
			assertThat(sizes(advice.advised())).containsExactly(64 * KB);
			assertThat(advice.advised().wastedBytes()).isEqualTo(60 * KB);
		}
	}

	@Test
	void whatExceedsTheLargestTierHasNoPartInIt() {
		TierAdvice advice = advise(pool(4 * KB, 64 * KB), 3000, 3000, 60_000, 60_000, 64 * KB + 1, 5 * MB);
		assertThat(sizes(advice.advised())).containsExactly(3000, 60_000);
		assertThat(advice.requests()).isEqualTo(4);
		assertThat(advice.oversized()).isEqualTo(2);
	}

	@Test
	void largerTiersCanBeAskedFor() {
		try (BufferPool pool = request(pool(4 * KB, 64 * KB), 3000, 60_000, 100_000, 5 * MB, 3000, 60_000, 100_000)) {
			TierAdvice advice = TierAdvisor.of(pool).tiers(3).maximumSize(MB).advise();
			assertThat(sizes(advice.advised())).containsExactly(3000, 60_000, 100_000);
			assertThat(advice.requests()).isEqualTo(6);
			assertThat(advice.oversized()).isEqualTo(1);
			assertThat(advice.now().lentBytes()).isEqualTo(2 * 4 * KB + 2 * 64 * KB + 2 * 100_000);
		}
	}

	@Test
	void noTierExceedsTheLimitOfThePool() {
		try (BufferPool pool = request(pool(4 * KB, 64 * KB, MB).memory(MemoryKind.OFF_HEAP).limit(68 * KB), 3000, 3000,
				60_000, 60_000)) {
			assertThat(pool.tryAcquire(70_000)).isNull();
			TierAdvice advice = TierAdvisor.of(pool).advise();
			assertThat(sizes(advice.advised())).containsExactly(3000, 60_000);
			assertThat(advice.oversized()).isEqualTo(1);
		}
	}

	@Test
	void noTierExceedsTheBudgetOfThePool() {
		Budget budget = BufferPool.budget("mempool.budget.off-heap", 68 * KB);
		try (BufferPool pool = request(pool(4 * KB, 64 * KB, MB).memory(MemoryKind.OFF_HEAP).budget(budget), 3000, 3000,
				60_000, 60_000)) {
			assertThat(pool.tryAcquire(70_000)).isNull();
			assertThat(sizes(TierAdvisor.of(pool).advise().advised())).containsExactly(3000, 60_000);
		}
	}

	@Test
	@SuppressWarnings("try")
	void capsFitWhatOtherPoolsLeaveOfTheBudget() {
		Budget budget = BufferPool.budget("mempool.budget.off-heap", 200 * KB);
		List<BufferTier> tiers = List.of(new BufferTier(4 * KB, new Caps(10, Caps.UNLIMITED, 10)),
				new BufferTier(64 * KB, Caps.ofIdle(1)));
		BufferPoolBuilder other = pool(40 * KB).memory(MemoryKind.OFF_HEAP).budget(budget);
		try (BufferPool others = other.build();
				BufferPool pool = request(
						BufferPool.builder("uploads").memory(MemoryKind.OFF_HEAP).tiers(tiers).budget(budget), 4 * KB,
						64 * KB)) {
			// Each of the ten would have 64 KiB
			assertThat(capsOfOneTier(pool)).isEqualTo(new Caps(3, Caps.UNLIMITED, 3));
			PooledBuffer held = others.acquire(40 * KB);
			assertThat(capsOfOneTier(pool)).isEqualTo(new Caps(2, Caps.UNLIMITED, 2));
			held.release();
		}
	}

	private static Caps capsOfOneTier(BufferPool pool) {
		return TierAdvisor.of(pool).tiers(1).advise().advised().tiers().get(0).caps();
	}

	@Test
	void noTierTakesMoreThanTheLimitOfThePoolAllows() {
		// The capacity fits, what it really takes does not
		int capacity = 60_000;
		long limit = MemoryKind.HEAP.footprint(capacity) - 1;
		assertThat(limit).isGreaterThan(capacity);
		try (BufferPool pool = pool(4 * KB, MB).limit(limit).build()) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.tryAcquire(capacity)).isNull();
				pool.acquire(3000).release();
			}
			TierAdvice advice = TierAdvisor.of(pool).advise();
			assertThat(advice.oversized()).isEqualTo(3);
			assertThat(sizes(advice.advised())).containsExactly(3000);
		}
		try (BufferPool pool = pool(4 * KB, MB).limit(limit + 1).build()) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.tryAcquire(capacity)).isNull();
			}
			assertThat(sizes(TierAdvisor.of(pool).advise().advised())).containsExactly(capacity);
		}
	}

	@Test
	void tierOfWhichTheLimitAllowsNoBufferIsReplacedEvenIfItWastesNothing() {
		int size = 60_000;
		try (BufferPool pool = pool(4 * KB, size).limit(MemoryKind.HEAP.footprint(size) - 1).build()) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.tryAcquire(size - 1000)).isNull();
			}
			assertThat(sizes(TierAdvisor.of(pool).advise().advised())).containsExactly(size - 1000);
		}
	}

	@Test
	void noTierIsSmallerThanWhatIsDocumentedToPay() {
		try (BufferPool pool = request(pool(4 * KB, 64 * KB), 100, 300, 500, 20_000, 20_000)) {
			assertThat(sizes(advisor(pool, null).advise().advised())).containsExactly(KB, 20_000);
			assertThat(sizes(advisor(pool, costs(true, false)).advise().advised())).containsExactly(KB, 20_000);
		}
		try (BufferPool pool = request(pool(4 * KB).memory(MemoryKind.OFF_HEAP), 100, 100)) {
			assertThat(sizes(advisor(pool, null).advise().advised())).containsExactly(100);
		}
	}

	@Test
	void noTierIsSmallerThanWhatPaysOnThisMachine() {
		try (BufferPool pool = request(pool(4 * KB, 64 * KB), 100, 300, 500, 20_000, 20_000)) {
			// Where half of the way from 256 to 3328 bytes is
			assertThat(sizes(advisor(pool, costs(false, true)).advise().advised())).containsExactly(1792, 20_000);
		}
	}

	@Test
	void smallTiersThatAreThereStay() {
		try (BufferPool pool = request(pool(128, 512), 100, 300, 500)) {
			TierAdvice advice = advisor(pool, null).advise();
			assertThat(advice.advised()).isEqualTo(advice.now());
		}
	}

	@Test
	void changeThatSavesNextToNothingIsNone() {
		int[] requested = new int[100];
		Arrays.fill(requested, 4 * KB);
		requested[0] = 4 * KB - 100;
		TierAdvice advice = advise(pool(4 * KB, 64 * KB).caps(new Caps(50, 60, 2)), requested);
		assertThat(advice.now().wastedBytes()).isEqualTo(100);
		assertThat(advice.advised()).isEqualTo(advice.now());
	}

	@Test
	void adviceThatWasNotAskedForTakesAThousandRequests() {
		assertThat(unasked(pool(256 * KB), 8, 992, 70_000)).isNotNull();
		assertThat(unasked(pool(256 * KB), 8, 991, 70_000)).isNull();
	}

	@Test
	void adviceThatWasNotAskedForSavesAMebibyteOfWhatIsLeasedAtOnce() {
		int size = 256 * KB - 128 * KB;
		assertThat(unasked(pool(256 * KB), 8, 1000, size)).isNotNull();
		assertThat(unasked(pool(256 * KB), 7, 1000, size)).isNull();
	}

	@Test
	void adviceThatWasNotAskedForSavesATwentiethOfWhatIsLent() {
		assertThat(unasked(pool(MB), 100, 1000, MB * 90 / 100)).isNotNull();
		assertThat(unasked(pool(MB), 100, 1000, MB * 96 / 100)).isNull();
	}

	/**
	 * Return the advice for a pool of which some buffers were leased at once, and then
	 * one at a time.
	 */
	private static @Nullable TierAdvice unasked(BufferPoolBuilder builder, int atOnce, int then, int size) {
		try (BufferPool pool = builder.clearing(Clearing.NEVER).build()) {
			List<PooledBuffer> leased = Stream.generate(() -> pool.acquire(size)).limit(atOnce).toList();
			leased.forEach(PooledBuffer::release);
			for (int i = 0; i < then; i++) {
				pool.acquire(size).release();
			}
			return TierAdvisor.of(pool).adviseIfWorthwhile();
		}
	}

	@Test
	void maxTotalStaysUnlessFewerTiersAreAskedFor() {
		BufferPoolBuilder builder = pool(4 * KB, 8 * KB, 64 * KB).caps(new Caps(4, 5, 1));
		// Two tiers would do, of which one takes from two
		TierAdvice advice = advise(builder, 3900, 4900, 4900, 4900, 60_000);
		assertThat(advice.advised()).isNotEqualTo(advice.now());
		assertThat(advice.advised().tiers()).extracting((tier) -> tier.caps().maxTotal()).containsOnly(5);
		TierAdvice shared = advise(pool(4 * KB, 8 * KB).caps(new Caps(4, 5, 4)), 3000, 3001, 3002, 3003, 4097, 4098);
		assertThat(shared.advised().tiers()).extracting((tier) -> tier.caps().maxTotal()).containsOnly(5);
	}

	@Test
	void sizesAreRoundedUpWhereThatCostsAlmostNothing() {
		int[] requested = new int[1000];
		Arrays.setAll(requested, (i) -> 5000 + i);
		TierAdvice advice = advise(pool(64 * KB), requested);
		// 5999 is the largest, 6144 would cost 2.4 %
		assertThat(sizes(advice.advised())).containsExactly(6016);
		assertThat(advice.advised().lentBytes()).isEqualTo(1000 * 6016);
		assertThat(advice.advised().wastedBytes()).isEqualTo(1000 * 6016 - Arrays.stream(requested).sum());
	}

	@Test
	void roundingStopsAtTheLargestTier() {
		TierAdvice advice = advise(pool(6000), 3000, 5995);
		assertThat(sizes(advice.advised())).containsExactly(6000);
	}

	@Test
	void peaksAreSharedOutLikeTheRequests() {
		List<PooledBuffer> leased = new ArrayList<>();
		try (BufferPool pool = pool(KB, 64 * KB).caps(Caps.ofIdle(100)).build()) {
			for (int i = 0; i < 75; i++) {
				leased.add(pool.acquire(10_000));
			}
			for (int i = 0; i < 25; i++) {
				leased.add(pool.acquire(40_000));
			}
			TierAdvice advice = TierAdvisor.of(pool).advise();
			// 75 + 2 * sqrt(75), 25 + 2 * sqrt(25)
			assertThat(advice.advised().tiers()).containsExactly(new BufferTier(10_000, Caps.ofIdle(93)),
					new BufferTier(40_000, Caps.ofIdle(35)));
			leased.forEach(PooledBuffer::release);
		}
	}

	@Test
	void noMoreIsKeptThanWasEverLeased() {
		TierAdvice advice = advise(pool(64 * KB).caps(Caps.ofIdle(100)), 10_000, 10_000, 10_000);
		assertThat(advice.advised().tiers()).containsExactly(new BufferTier(10_000, Caps.ofIdle(1)));
	}

	@Test
	void whatIsKeptFitsTheLimit() {
		List<PooledBuffer> leased = new ArrayList<>();
		try (BufferPool pool = pool(KB, 64 * KB).memory(MemoryKind.OFF_HEAP)
			.caps(Caps.ofIdle(1000))
			.limit(MB)
			.build()) {
			for (int i = 0; i < 15; i++) {
				leased.add(pool.acquire(40_000));
				leased.add(pool.acquire(1000));
			}
			leased.forEach(PooledBuffer::release);
			for (int i = 0; i < 1000; i++) {
				leased.add(pool.acquire(1000));
			}
			List<BufferTier> advised = TierAdvisor.of(pool).advise().advised().tiers();
			assertThat(advised).extracting(BufferTier::size).containsExactly(1000, 40_000);
			assertThat(advised.stream().mapToLong((tier) -> (long) tier.size() * tier.caps().maxIdle()).sum())
				.isBetween(MB * 9L / 10, (long) MB);
			leased.subList(30, leased.size()).forEach(PooledBuffer::release);
		}
	}

	@Test
	void capsOfTheTiersThatAreReplacedAreKept() {
		BufferPoolBuilder builder = BufferPool.builder("blocks").blocks(4 * KB, 10, 2);
		TierAdvice advice = advise(builder, 3000, 3000);
		assertThat(advice.advised().tiers()).containsExactly(new BufferTier(3000, new Caps(2, 10, 2)));
		TierAdvice merged = advise(pool(4 * KB, 8 * KB).caps(new Caps(4, 5, 1)), 3000, 3000, 5000);
		assertThat(merged.advised().tiers()).extracting((tier) -> tier.caps().maxTotal()).containsExactly(5, 5);
		try (BufferPool pool = request(pool(4 * KB, 8 * KB).caps(new Caps(4, 5, 1)), 3000, 5000)) {
			assertThat(TierAdvisor.of(pool).tiers(1).advise().advised().tiers())
				.containsExactly(new BufferTier(5024, new Caps(2, 10, 2)));
		}
	}

	@Test
	void poolCanBeBuiltFromTheAdvice() {
		TierAdvice advice = advise(pool(4 * KB, 64 * KB), 3000, 20_000, 70_000);
		try (BufferPool pool = BufferPool.builder("advised").tiers(advice.advised().tiers()).build()) {
			assertThat(pool.tiers()).isEqualTo(advice.advised().tiers());
		}
	}

	@Test
	void tiersAreEnoughToBeAdvised() {
		SizeHistogram requested = SizeHistogram.builder().add(3000, 7).add(20_000, 2).build();
		TierAdvice advice = TierAdvisor.of("a", List.of(BufferTier.of(64 * KB), BufferTier.of(4 * KB)), requested)
			.advise();
		assertThat(advice.advised().tiers()).containsExactly(BufferTier.of(3000), BufferTier.of(20_000));
		assertThat(advice.requests()).isEqualTo(9);
	}

	@Test
	void impossibleWishesAreRefused() {
		TierAdvisor advisor = TierAdvisor.of(pool(4 * KB).build());
		assertThatIllegalArgumentException().isThrownBy(() -> advisor.tiers(0))
			.withMessage("'tiers' must be positive but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> advisor.maximumSize(Integer.MAX_VALUE))
			.withMessage("'maximumSize' must be from 1 to 2147483639 but is 2147483647");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TierAdvisor.of("a", List.of(), SizeHistogram.builder().build()))
			.withMessage("'tiers' must not be empty");
	}

	private static TierAdvisor advisor(BufferPool pool, @Nullable MeasuredCosts costs) {
		return TierAdvisor.of(pool.statistics(), pool.requestedSizes(), costs);
	}

	/**
	 * A lease costs 20 ns, an allocation 10 at 256 bytes and 30 at 3328.
	 */
	private static MeasuredCosts costs(boolean quick, boolean steady) {
		return new MeasuredCosts(
				List.of(new Sample(256, 20, 20, quick ? 100 : 10, steady), new Sample(3328, 20, 20, 30, steady)));
	}

	private static BufferPoolBuilder pool(int... tiers) {
		return BufferPool.builder("uploads").tiers(tiers).policy(ExhaustionPolicy.FAIL);
	}

	private static TierAdvice advise(BufferPoolBuilder builder, int... sizes) {
		try (BufferPool pool = request(builder, sizes)) {
			return TierAdvisor.of(pool).advise();
		}
	}

	private static BufferPool request(BufferPoolBuilder builder, int... sizes) {
		BufferPool pool = builder.build();
		for (int size : sizes) {
			pool.acquire(size).release();
		}
		return pool;
	}

	private static List<Integer> sizes(TierPlan plan) {
		return plan.tiers().stream().map(BufferTier::size).toList();
	}

}
