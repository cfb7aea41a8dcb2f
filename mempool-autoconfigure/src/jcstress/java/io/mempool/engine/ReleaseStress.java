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
 * A handle that is released while it is released again, by each way home, or retained,
 * discarded or guarded.
 */
public final class ReleaseStress {

	private ReleaseStress() {
	}

	private static String released(StressLease lease) {
		return lease.end() ? "released" : "refused";
	}

	private static String discarded(StressLease lease) {
		return lease.endInDoubt() ? "discarded" : "refused";
	}

	private static String home(StressTier tier, StressBlock block) {
		if (tier.existing() == 0) {
			return (block.destroyed() == 1) ? "destroyed" : "destroyed " + block.destroyed();
		}
		return (tier.idle() == 1) ? "idle" : "leased";
	}

	@Outcome(id = { "released, refused, idle", "refused, released, idle" }, expect = Expect.ACCEPTABLE,
			desc = "one release won, and the block came home")
	@Outcome(id = "released, released, .*", expect = Expect.FORBIDDEN, desc = "released twice: two may have the block")
	@Outcome(id = "refused, refused, .*", expect = Expect.FORBIDDEN, desc = "both were told that the other did it")
	@Outcome(id = ".*, leased", expect = Expect.FORBIDDEN, desc = "lost: the block never came home")
	public static class OneWins {

	}

	/**
	 * Leased to idle in one step.
	 */
	@JCStressTest
	@JCStressMeta(OneWins.class)
	@State
	public static class ReleaseAndRelease {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

	/**
	 * Leased, cleared by the thread that won, and then idle.
	 */
	@JCStressTest
	@JCStressMeta(OneWins.class)
	@State
	public static class ReleaseAndReleaseClearing {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

	/**
	 * The slot has let go of its block, and gets it back under the lock.
	 */
	@JCStressTest
	@JCStressMeta(OneWins.class)
	@State
	public static class ReleaseAndReleaseGuarded {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ReleaseAndReleaseGuarded() {
			this.tier.guardLeases();
		}

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

	/**
	 * The lease becomes guarded while it ends.
	 */
	@JCStressTest
	@Outcome(id = "released, found, 1", expect = Expect.ACCEPTABLE, desc = "guarded or not, the block came home")
	@Outcome(id = "released, lost, .*", expect = Expect.FORBIDDEN, desc = "idle, but the slot has no block")
	@State
	public static class ReleaseAndGuard {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void release(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void guard() {
			this.tier.guardLeases();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			StressLease next = this.tier.tryAcquire();
			result.r2 = (next != null && next.block() == this.lease.block()) ? "found" : "lost";
			result.r3 = this.tier.created.get();
		}

	}

	@Outcome(id = { "released, refused, kept", "refused, released, kept" }, expect = Expect.ACCEPTABLE,
			desc = "one release won, and the other owner of the block keeps it")
	@Outcome(id = ".*, taken away", expect = Expect.FORBIDDEN, desc = "a double release took another's reference")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two releases of one handle won, or none")
	public static class OthersKeep {

	}

	/**
	 * A retained handle is left.
	 */
	@JCStressTest
	@JCStressMeta(OthersKeep.class)
	@State
	public static class ReleaseAndReleaseRetained {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final StressLease retained = this.lease.retain();

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			boolean kept = this.retained.end() && this.tier.idle() == 1;
			result.r3 = kept ? "kept" : "taken away";
		}

	}

	/**
	 * A copy is under way.
	 */
	@JCStressTest
	@JCStressMeta(OthersKeep.class)
	@State
	public static class ReleaseAndReleasePinned {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ReleaseAndReleasePinned() {
			this.lease.pinned();
		}

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			boolean kept = this.tier.idle() == 0;
			if (kept) {
				this.lease.unpinned();
			}
			result.r3 = (kept && this.tier.idle() == 1) ? "kept" : "taken away";
		}

	}

	/**
	 * Two handles of one lease, each released once.
	 */
	@JCStressTest
	@Outcome(id = "released, released, idle", expect = Expect.ACCEPTABLE, desc = "the last one brought the block home")
	@Outcome(expect = Expect.FORBIDDEN, desc = "left behind")
	@State
	public static class ReleaseBoth {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final StressLease retained = this.lease.retain();

		@Actor
		public void first(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = released(this.retained);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

	/**
	 * One handle is released and retained.
	 */
	@JCStressTest
	@Outcome(id = "released, retained, kept", expect = Expect.ACCEPTABLE, desc = "retained in time")
	@Outcome(id = "released, refused, idle", expect = Expect.ACCEPTABLE, desc = "released before")
	@Outcome(id = ".*, taken away", expect = Expect.FORBIDDEN, desc = "the release took the new reference")
	@Outcome(expect = Expect.FORBIDDEN, desc = "a reference too many or too few")
	@State
	public static class ReleaseAndRetain {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private StressLease retained;

		@Actor
		public void release(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void retain(LLL_Result result) {
			this.retained = this.lease.retain();
			result.r2 = (this.retained != null) ? "retained" : "refused";
		}

		@Arbiter
		public void judge(LLL_Result result) {
			if (this.retained == null) {
				result.r3 = home(this.tier, this.lease.block());
				return;
			}
			boolean kept = this.retained.referenceCount() == 1 && this.retained.end() && this.tier.idle() == 1;
			result.r3 = kept ? "kept" : "taken away";
		}

	}

	/**
	 * One handle is released and discarded.
	 */
	@JCStressTest
	@Outcome(id = "released, refused, idle", expect = Expect.ACCEPTABLE, desc = "released")
	@Outcome(id = "refused, discarded, destroyed", expect = Expect.ACCEPTABLE, desc = "discarded")
	@Outcome(id = "released, discarded, .*", expect = Expect.FORBIDDEN, desc = "ended twice")
	@Outcome(id = "refused, discarded, idle", expect = Expect.FORBIDDEN, desc = "a block in doubt can be acquired")
	@Outcome(expect = Expect.FORBIDDEN, desc = "not ended at all, or lost")
	@State
	public static class ReleaseAndDiscard {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void release(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void discard(LLL_Result result) {
			result.r2 = discarded(this.lease);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

	/**
	 * Two handles of one lease, of which one is in doubt.
	 */
	@JCStressTest
	@Outcome(id = "released, discarded, destroyed", expect = Expect.ACCEPTABLE, desc = "destroyed, once")
	@Outcome(id = ".*, idle", expect = Expect.FORBIDDEN, desc = "a block in doubt can be acquired")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or destroyed twice")
	@State
	public static class ReleaseOneDiscardOther {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final StressLease retained = this.lease.retain();

		@Actor
		public void release(LLL_Result result) {
			result.r1 = released(this.lease);
		}

		@Actor
		public void discard(LLL_Result result) {
			result.r2 = discarded(this.retained);
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = home(this.tier, this.lease.block());
		}

	}

}
