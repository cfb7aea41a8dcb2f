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

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Two pools that share a budget, or two tiers that share a limit, and race for its last
 * bytes.
 */
public final class BudgetStress {

	private BudgetStress() {
	}

	@Outcome(id = { "taken, refused, 1 used", "refused, taken, 1 used" }, expect = Expect.ACCEPTABLE,
			desc = "one of them has it")
	@Outcome(id = "taken, taken, .*", expect = Expect.FORBIDDEN, desc = "above the limit")
	@Outcome(id = "refused, refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: it was enough for one")
	@Outcome(expect = Expect.FORBIDDEN, desc = "miscounted")
	public static class EnoughForOne {

	}

	/**
	 * Nothing is used yet.
	 */
	@JCStressTest
	@JCStressMeta(EnoughForOne.class)
	@State
	public static class ReserveAndReserve {

		private final SharedBudget budget = new SharedBudget("stress", 1);

		private final StressTier first = new StressTier(this.budget);

		private final StressTier second = new StressTier(this.budget);

		@Actor
		public void first(LLL_Result result) {
			result.r1 = this.first.take();
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = this.second.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = this.budget.used() + " used";
		}

	}

	/**
	 * An idle block of one pool is acquired, and given up for the other.
	 */
	@JCStressTest
	@JCStressMeta(EnoughForOne.class)
	@State
	public static class ReclaimAndAcquire {

		private final SharedBudget budget = new SharedBudget("stress", 1);

		private final StressTier first = new StressTier(this.budget);

		private final StressTier second = new StressTier(this.budget);

		public ReclaimAndAcquire() {
			this.first.idleBlock();
		}

		@Actor
		public void first(LLL_Result result) {
			result.r1 = this.first.take();
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = this.second.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = this.budget.used() + " used";
		}

	}

	/**
	 * One pool gives back, without keeping the block, what the other asks for.
	 */
	@JCStressTest
	@Outcome(id = "taken, 1 used", expect = Expect.ACCEPTABLE, desc = "given back before")
	@Outcome(id = "refused, 0 used", expect = Expect.ACCEPTABLE, desc = "not given back yet")
	@Outcome(id = "taken, 2 used", expect = Expect.FORBIDDEN, desc = "above the limit")
	@Outcome(id = "refused, 1 used", expect = Expect.FORBIDDEN, desc = "never given back")
	@Outcome(expect = Expect.FORBIDDEN, desc = "miscounted")
	@State
	public static class GiveBackAndReserve {

		private final SharedBudget budget = new SharedBudget("stress", 1);

		private final StressTier other = StressTier.keepingNone(this.budget);

		private final StressLease lease = this.other.acquire();

		private final StressTier own = new StressTier(this.budget);

		@Actor
		public void giveBack() {
			this.lease.end();
		}

		@Actor
		public void reserve(LL_Result result) {
			result.r1 = this.own.take();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = this.budget.used() + " used";
		}

	}

	@Outcome(id = "taken, 2 used", expect = Expect.ACCEPTABLE, desc = "idle memory made room")
	@Outcome(id = "refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: one block was idle all the time")
	@Outcome(id = "taken, 3 used", expect = Expect.FORBIDDEN, desc = "above the limit")
	@Outcome(expect = Expect.FORBIDDEN, desc = "miscounted")
	public static class EnoughIdle {

	}

	/**
	 * One of two blocks of another pool is idle at any time, now this one, now that.
	 */
	@JCStressTest
	@JCStressMeta(EnoughIdle.class)
	@State
	public static class ReclaimWhileOneIsAlwaysIdle {

		private final SharedBudget budget = new SharedBudget("stress", 2);

		private final StressTier other = new StressTier(this.budget);

		private final StressTier own = new StressTier(this.budget);

		private final Alternation alternation = new Alternation(this.other.acquire(), this.other.idleBlock());

		@Actor
		public void alternate() {
			this.alternation.run();
		}

		@Actor
		public void acquire(LL_Result result) {
			this.alternation.awaitBegin();
			result.r1 = this.own.take();
			this.alternation.end();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = this.budget.used() + " used";
		}

	}

	/**
	 * One of two blocks of another tier of the pool is idle at any time.
	 */
	@JCStressTest
	@JCStressMeta(EnoughIdle.class)
	@State
	public static class ReclaimOwnWhileOneIsAlwaysIdle {

		private final Account account = new Account("stress", SharedBudget.unlimited(), 2);

		private final StressTier other = new StressTier(this.account);

		private final StressTier own = new StressTier(this.account);

		private final Alternation alternation = new Alternation(this.other.acquire(), this.other.idleBlock());

		@Actor
		public void alternate() {
			this.alternation.run();
		}

		@Actor
		public void acquire(LL_Result result) {
			this.alternation.awaitBegin();
			result.r1 = this.own.take();
			this.alternation.end();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = this.account.used() + " used";
		}

	}

}
