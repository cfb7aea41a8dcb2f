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

package io.mempool.engine;

import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.testing.Started;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Account}: what is refused while others acquire and release.
 */
class AccountTests {

	private static final int ROUNDS = 1_000;

	// Where threads take turns on one processor a round takes as long as a turn
	private static final long ENOUGH = 1_000_000_000;

	private final SharedBudget budget = new SharedBudget("mempool.budget.heap", 20);

	private final Tier<TestBlock> other = tier("uploads", 2);

	private final Tier<TestBlock> own = tier("downloads", 0);

	private Tier<TestBlock> tier(String pool, int maxIdle) {
		return new Tier<>(new Account(pool, this.budget, Long.MAX_VALUE), 10, Caps.ofIdle(maxIdle),
				new TestBlock.Source(false), null);
	}

	private static TestBlock.Handle acquire(Tier<TestBlock> tier) throws InterruptedException {
		Request<TestBlock> request = new Request<>(10, false, 0);
		TestBlock block = tier.acquire(request);
		assertThat(block).as("refused for %s", request.shortage).isNotNull();
		return new TestBlock.Handle(block);
	}

	@Test
	void nothingIsRefusedWhileOneOfTwoBlocksOfAnotherPoolIsAlwaysIdle() throws Exception {
		AtomicInteger ready = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		Started<Boolean> alternating = Started.of(() -> {
			for (int round = 1; done.get() < ROUNDS; round++) {
				TestBlock.Handle handle = acquire(this.other);
				TestBlock.Handle second = acquire(this.other);
				TestBlock idle = second.use();
				second.end();
				ready.set(round);
				alternate(handle, idle);
				while (done.get() < round) {
					Thread.onSpinWait();
				}
			}
			return true;
		});
		long start = System.nanoTime();
		try {
			for (int round = 1; round <= ROUNDS && System.nanoTime() - start < ENOUGH; round++) {
				while (ready.get() < round) {
					assertThat(alternating.isDone()).isFalse();
					Thread.onSpinWait();
				}
				acquire(this.own).end();
				this.other.discardIdle(DiscardReason.TRIMMED);
				done.set(round);
			}
		}
		finally {
			done.set(ROUNDS);
			this.other.close();
		}
	}

	@Test
	void refusalTakesFewCountsAlsoWhileOthersClaimDuringEach() throws Exception {
		HotSlabs source = new HotSlabs();
		Tier<TestBlock> hot = new Tier<>(new Account("hot", this.budget, Long.MAX_VALUE, Memory.HEAP, source), 10,
				Caps.ofIdle(2), new TestBlock.Source(false), null);
		TestBlock.Handle held = acquire(hot);
		acquire(hot).end();
		source.tier = hot;
		Tier<TestBlock> large = new Tier<>(new Account("large", this.budget, Long.MAX_VALUE), 20, Caps.ofIdle(1),
				new TestBlock.Source(false), null);
		assertThat(large.acquire(new Request<>(20, false, 0))).isNull();
		assertThat(source.claims).isBetween(1, 10);
		source.tier = null;
		// Others claim again afterwards
		assertThat(hot.claim()).isNotNull();
		held.end();
	}

	/**
	 * Lease now this block, now that, until one of them was given up.
	 */
	@SuppressWarnings("unchecked")
	private static void alternate(TestBlock.Handle leased, TestBlock idle) {
		TestBlock.Handle handle = leased;
		TestBlock next = idle;
		while (handle != null) {
			TestBlock last = handle.use();
			handle.end();
			TestBlock claimed = ((Slot<TestBlock>) next.slot).tryClaim();
			handle = (claimed != null) ? new TestBlock.Handle(claimed) : null;
			next = last;
		}
	}

	/**
	 * Claims and releases an idle block whenever idle blocks are counted, as another
	 * thread might. Carves nothing.
	 */
	private static final class HotSlabs implements SlabAllocator {

		private static final int UNBOUNDED = 1_000;

		private @Nullable Tier<TestBlock> tier;

		private int claims;

		@Override
		public boolean carves(int size) {
			return false;
		}

		@Override
		public @Nullable Space claim(int size) {
			return null;
		}

		@Override
		public long least(int size) {
			return size;
		}

		@Override
		public int plan(int size, long available) {
			return size;
		}

		@Override
		public long footprint(int plan) {
			return plan;
		}

		@Override
		public Object create(int plan) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Space add(Object slab, int size) {
			throw new UnsupportedOperationException();
		}

		@Override
		public long release(Space space, boolean inDoubt) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void changeLimit(long limit) {
		}

		@Override
		public void beginTally() {
			TestBlock block = (this.tier != null) ? this.tier.claim() : null;
			if (block != null) {
				this.claims++;
				assertThat(this.claims).isLessThan(UNBOUNDED);
				new TestBlock.Handle(block).end();
			}
		}

	}

}
