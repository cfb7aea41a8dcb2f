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

import java.time.Duration;
import java.util.List;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.core.Protection;
import io.mempool.sizes.RecentSizes;
import io.mempool.testing.BuilderCalls;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The settings of a pool of buffers, and the builder that collects them in any order.
 */
class BufferPoolSettingsTests {

	private static final int SIZE = 64;

	private static final Budget BUDGET = BufferPool.budget("mempool.budget.heap", 1 << 30);

	private static final RecentSizes RECENT_SIZES = RecentSizes.exact(4);

	private static final LeakListener LISTENER = (leak) -> {
	};

	private static final MemorySource SOURCE = new AwkwardMemory(MemoryKind.OFF_HEAP);

	// Each tier has the size that caps of one tier are for
	private final BuilderCalls<BufferPoolBuilder> calls = new BuilderCalls<>(
			() -> BufferPool.builder("uploads").tiers(SIZE), BufferPoolBuilder::settings)
		.add("memory(MemoryKind)", (builder) -> builder.memory(MemoryKind.OFF_HEAP))
		.add("memorySource(MemorySource)", (builder) -> builder.memorySource(SOURCE))
		.add("pageAligned(boolean)", (builder) -> builder.pageAligned(true))
		.add("tiers", "blocks(int, int, int)", (builder) -> builder.blocks(SIZE, 40, 1))
		.add("tiers", "tiers(List)", (builder) -> builder.tiers(List.of(new BufferTier(SIZE, new Caps(5, 50, 1)))))
		.add("tiers", "tiers(int[])", (builder) -> builder.tiers(SIZE, 4 * SIZE))
		.add("tiers", "powersOfTwo(int, int)", (builder) -> builder.powersOfTwo(SIZE, 8 * SIZE))
		.add("tiers", "multiplesOf(int, int)", (builder) -> builder.multiplesOf(SIZE, 3 * SIZE))
		.add("caps(Caps)", (builder) -> builder.caps(new Caps(6, 60, 1)))
		.add("maxIdle(int)", (builder) -> builder.maxIdle(7))
		.add("maxIdle(int, int)", (builder) -> builder.maxIdle(SIZE, 8))
		.add("maxTotal(int)", (builder) -> builder.maxTotal(70))
		.add("maxTotal(int, int)", (builder) -> builder.maxTotal(SIZE, 80))
		.add("preallocate(int)", (builder) -> builder.preallocate(2))
		.add("oversized(boolean)", (builder) -> builder.oversized(false))
		.add("recentSizes(RecentSizes)", (builder) -> builder.recentSizes(RECENT_SIZES))
		.add("limit(long)", (builder) -> builder.limit(1 << 20))
		.add("budget(Budget)", (builder) -> builder.budget(BUDGET))
		.add("policy(ExhaustionPolicy)", (builder) -> builder.policy(ExhaustionPolicy.WAIT))
		.add("maxWait(Duration)", (builder) -> builder.maxWait(Duration.ofMillis(3)))
		.add("clearing(Clearing)", (builder) -> builder.clearing(Clearing.NEVER))
		.add("protection(Protection)", (builder) -> builder.protection(Protection.QUARANTINE))
		.add("idleTimeout(Duration)", (builder) -> builder.idleTimeout(Duration.ofSeconds(3)))
		.add("pooling(boolean)", (builder) -> builder.pooling(false))
		.add("leakDetection(LeakDetection)", (builder) -> builder.leakDetection(LeakDetection.PARANOID))
		.add("leakListener(LeakListener)", (builder) -> builder.leakListener(LISTENER))
		.add("leakMaxAge(Duration)", (builder) -> builder.leakMaxAge(Duration.ofSeconds(4)));

	@Test
	void everySetterIsOneOfTheCalls() {
		this.calls.assertAreAllSettersOf(BufferPoolOptions.class);
	}

	@Test
	void everyCallCounts() {
		this.calls.assertEachCounts();
	}

	@Test
	void orderOfTwoCallsDoesNotMatter() {
		this.calls.assertEachTwoCommute();
	}

	@Test
	void orderOfAllCallsDoesNotMatter() {
		this.calls.assertAllCommute();
	}

	@Test
	void capsBeforeTiersAreNotLost() {
		Caps caps = new Caps(1, 2, 1);
		assertThat(BufferPool.builder("uploads").caps(caps).tiers(16, 32).settings().tiers())
			.containsExactly(new BufferTier(16, caps), new BufferTier(32, caps));
	}

	@Test
	void policyBeforeBlocksIsNotLost() {
		BufferPoolSettings settings = BufferPool.builder("uploads")
			.policy(ExhaustionPolicy.ALLOCATE)
			.oversized(true)
			.blocks(64, 4, 0)
			.settings();
		assertThat(settings.policy()).isEqualTo(ExhaustionPolicy.ALLOCATE);
		assertThat(settings.oversized()).isTrue();
	}

	@Test
	void capForFewerTiersWins() {
		assertThat(BufferPool.builder("uploads")
			.maxIdle(32, 9)
			.maxIdle(8)
			.caps(new Caps(7, 70, 0))
			.tiers(List.of(new BufferTier(16, new Caps(6, 60, 0)), new BufferTier(32, new Caps(6, 60, 0))))
			.settings()
			.tiers()).containsExactly(new BufferTier(16, new Caps(8, 70, 0)), new BufferTier(32, new Caps(9, 70, 0)));
	}

	@Test
	void preallocateRaisesAMaximumOfIdleBlocksThatIsNotSet() {
		assertThat(BufferPool.builder("uploads").tiers(1 << 20).preallocate(5000).settings().tiers())
			.containsExactly(new BufferTier(1 << 20, new Caps(5000, Caps.UNLIMITED, 5000)));
	}

	@Test
	void preallocateMustFitTheCapsInWhateverOrderTheyAreSet() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BufferPool.builder("uploads").tiers(64).preallocate(3).maxIdle(2).build())
			.withMessage("'preallocate' must not exceed maxIdle (2) or maxTotal (unlimited) but is 3");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BufferPool.builder("uploads").tiers(64).maxTotal(2).preallocate(3).build())
			.withMessageContaining("maxTotal (2) but is 3");
	}

	@Test
	void capOfATierThatIsNotThereIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> BufferPool.builder("uploads").maxIdle(100, 1).tiers(64).build())
			.withMessage("Cannot build pool 'uploads': it has no tier of 100 bytes. Its tiers are [64]");
	}

	@Test
	void poolHasTheSettingsOfItsBuilder() {
		BufferPoolBuilder builder = BufferPool.builder("uploads")
			.tiers(64, 128)
			.maxTotal(9)
			.limit(1 << 20)
			.clearing(Clearing.NEVER);
		try (BufferPool pool = builder.build()) {
			assertThat(pool.settings()).isEqualTo(builder.settings()).hasSameHashCodeAs(builder.settings());
			assertThat(pool.tiers()).isEqualTo(pool.settings().tiers());
			assertThat(pool.statistics().settings()).isEqualTo(pool.settings());
		}
	}

	@Test
	void settingsThatAreTheDefaultsEqualThoseThatAreNotSet() {
		assertThat(BufferPool.builder("uploads")
			.limit(Long.MAX_VALUE)
			.policy(ExhaustionPolicy.ALLOCATE)
			.maxWait(Duration.ofSeconds(1))
			.idleTimeout(Duration.ofSeconds(1))
			.idleTimeout(null)
			.settings()).isEqualTo(BufferPool.builder("uploads").settings());
		assertThat(BufferPool.builder("uploads").settings()).isNotEqualTo(BufferPool.builder("others").settings());
	}

	@Test
	void builderReturnsWhatIsSetSoFar() {
		BufferPoolBuilder builder = BufferPool.builder("uploads").memory(MemoryKind.OFF_HEAP).limit(1000);
		assertThat(builder.memory()).isEqualTo(MemoryKind.OFF_HEAP);
		assertThat(builder.limit()).isEqualTo(1000);
		assertThat(builder.maxWait()).isEqualTo(Duration.ofSeconds(1));
		assertThat(builder.pooling(false).memory()).as("of the unpooled twin").isEqualTo(MemoryKind.HEAP);
	}

	@Test
	void settingsNameTheirValues() {
		assertThat(
				BufferPool.builder("uploads").tiers(List.of(new BufferTier(64, Caps.ofIdle(2)))).limit(1000).settings())
			.asString()
			.startsWith("BufferPoolSettings[name=uploads, ")
			.contains("limit=1000", "policy=allocate", "size=64");
	}

	@Test
	void poolsOfOneBuilderRememberTheirOwnSizes() {
		BufferPoolBuilder builder = BufferPool.builder("uploads").tiers(64);
		try (BufferPool first = builder.build(); BufferPool second = builder.build()) {
			first.acquire(10).release();
			assertThat(first.recentSizes()).containsExactly(10);
			assertThat(second.recentSizes()).isEmpty();
		}
	}

}
