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

/**
 * A pool is changed, or idle blocks expire, while blocks are acquired and return.
 */
public final class RetuneStress {

	private RetuneStress() {
	}

	private static String idle(StressTier tier) {
		return tier.idle() + " idle";
	}

	private static String kept(StressTier tier) {
		return tier.existing() + " kept";
	}

	private static String destroyed(StressLease lease) {
		return lease.block().destroyed() + " destroyed";
	}

	@Outcome(id = "0 idle, 0 kept, 1 destroyed", expect = Expect.ACCEPTABLE, desc = "discarded by one or the other")
	@Outcome(id = "1 idle, .*", expect = Expect.FORBIDDEN, desc = "idle although none may be")
	@Outcome(id = "0 idle, 1 kept, .*", expect = Expect.FORBIDDEN, desc = "lost: neither idle nor discarded")
	@Outcome(expect = Expect.FORBIDDEN, desc = "discarded twice, or miscounted")
	public static class NoneKept {

	}

	/**
	 * No block may be idle any more, and the only one returns.
	 */
	@JCStressTest
	@JCStressMeta(NoneKept.class)
	@State
	public static class LowerMaxIdleAndRelease {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquireAgain();

		@Actor
		public void lower() {
			this.tier.retune(0, 1);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = idle(this.tier);
			result.r2 = kept(this.tier);
			result.r3 = destroyed(this.lease);
		}

	}

	/**
	 * The same for a block that is cleared on its way home.
	 */
	@JCStressTest
	@JCStressMeta(NoneKept.class)
	@State
	public static class LowerMaxIdleAndReleaseClearing {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquireAgain();

		@Actor
		public void lower() {
			this.tier.retune(0, 1);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = idle(this.tier);
			result.r2 = kept(this.tier);
			result.r3 = destroyed(this.lease);
		}

	}

	@Outcome(id = "taken, 0 idle, 1 kept", expect = Expect.ACCEPTABLE, desc = "acquired, the same one or a new one")
	@Outcome(id = "taken, 0 idle, 0 kept", expect = Expect.FORBIDDEN, desc = "lent and discarded at once")
	@Outcome(id = "refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: there may be one at any time")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or miscounted")
	public static class AlwaysOne {

	}

	/**
	 * No block may be idle any more, and the only one is acquired.
	 */
	@JCStressTest
	@JCStressMeta(AlwaysOne.class)
	@State
	public static class LowerMaxIdleAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		public LowerMaxIdleAndAcquire() {
			this.tier.idleBlock();
		}

		@Actor
		public void lower() {
			this.tier.retune(0, 1);
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = idle(this.tier);
			result.r3 = kept(this.tier);
		}

	}

	/**
	 * Room for one more block is made, and used, while the only one returns.
	 */
	@JCStressTest
	@Outcome(id = "taken, 1 idle, 2 kept", expect = Expect.ACCEPTABLE, desc = "created before the other came home")
	@Outcome(id = "taken, 0 idle, 1 kept", expect = Expect.ACCEPTABLE, desc = "the one that came home")
	@Outcome(expect = Expect.FORBIDDEN, desc = "refused, lost or miscounted")
	@State
	public static class RaiseAndRelease {

		private final StressTier tier = new StressTier(0, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void raiseAndAcquire(LLL_Result result) {
			this.tier.retune(2, 2);
			result.r1 = this.tier.take();
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = idle(this.tier);
			result.r3 = kept(this.tier);
		}

	}

	@Outcome(id = "0 idle, 1 kept, 1 destroyed", expect = Expect.ACCEPTABLE, desc = "what came home was one too many")
	@Outcome(id = "1 idle, .*", expect = Expect.FORBIDDEN, desc = "kept although more exist than may")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, discarded twice, or miscounted")
	public static class OneTooMany {

	}

	/**
	 * One of two leased blocks returns, and only one may exist any more.
	 */
	@JCStressTest
	@JCStressMeta(OneTooMany.class)
	@State
	public static class LowerMaxTotalAndRelease {

		private final StressTier tier = new StressTier(2, 2);

		private final StressLease lease = this.tier.acquire();

		public LowerMaxTotalAndRelease() {
			this.tier.acquire();
		}

		@Actor
		public void lower() {
			this.tier.retune(2, 1);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = idle(this.tier);
			result.r2 = kept(this.tier);
			result.r3 = destroyed(this.lease);
		}

	}

	/**
	 * One of two leased blocks returns, and the limit is now the size of one.
	 */
	@JCStressTest
	@JCStressMeta(OneTooMany.class)
	@State
	public static class LowerLimitAndRelease {

		private final StressTier tier = new StressTier(2, 2);

		private final StressLease lease = this.tier.acquire();

		public LowerLimitAndRelease() {
			this.tier.acquire();
		}

		@Actor
		public void lower() {
			this.tier.account.changeLimit(1);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = idle(this.tier);
			result.r2 = kept(this.tier);
			result.r3 = destroyed(this.lease);
		}

	}

	/**
	 * A tier is replaced while its only block returns.
	 */
	@JCStressTest
	@JCStressMeta(NoneKept.class)
	@State
	public static class RetireAndRelease {

		private final StressTier tier = new StressTier(1, 1);

		private final StressTier successor = new StressTier(this.tier.account);

		private final StressLease lease = this.tier.acquireAgain();

		@Actor
		public void retire() {
			this.tier.retire(this.successor);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = (this.tier.idle() + this.successor.idle()) + " idle";
			result.r2 = kept(this.successor);
			result.r3 = destroyed(this.lease);
		}

	}

	/**
	 * A tier is replaced while its only block is acquired.
	 */
	@JCStressTest
	@JCStressMeta(AlwaysOne.class)
	@State
	public static class RetireAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressTier successor = new StressTier(this.tier.account);

		public RetireAndAcquire() {
			this.tier.idleBlock();
		}

		@Actor
		public void retire() {
			this.tier.retire(this.successor);
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = (this.tier.idle() + this.successor.idle()) + " idle";
			result.r3 = kept(this.successor);
		}

	}

	/**
	 * A block that was idle all the time expires, and is acquired.
	 */
	@JCStressTest
	@JCStressMeta(AlwaysOne.class)
	@State
	public static class ExpireAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		public ExpireAndAcquire() {
			this.tier.idleBlock();
			this.tier.tier.expire();
		}

		@Actor
		public void expire() {
			this.tier.tier.expire();
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = idle(this.tier);
			result.r3 = kept(this.tier);
		}

	}

	/**
	 * Blocks are looked at whether they expire, and the only one was used since the last
	 * look.
	 */
	@JCStressTest
	@Outcome(id = "taken, 0 idle, 1 created", expect = Expect.ACCEPTABLE, desc = "it stayed")
	@Outcome(id = ".*, 2 created", expect = Expect.FORBIDDEN, desc = "it expired although it had been used")
	@Outcome(expect = Expect.FORBIDDEN, desc = "refused, lost or miscounted")
	@State
	public static class ExpireUsedAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		public ExpireUsedAndAcquire() {
			this.tier.idleBlock();
			this.tier.tier.expire();
			this.tier.acquire().end();
		}

		@Actor
		public void expire() {
			this.tier.tier.expire();
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = idle(this.tier);
			result.r3 = this.tier.created.get() + " created";
		}

	}

}
