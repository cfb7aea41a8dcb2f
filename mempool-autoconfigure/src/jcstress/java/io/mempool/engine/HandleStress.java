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
 * A handle that is used while it is released, and while the block has a new owner.
 */
public final class HandleStress {

	private static final int OWN = 1;

	private static final int NEXT = 2;

	private HandleStress() {
	}

	private static String name(int content) {
		return switch (content) {
			case OWN -> "own";
			case NEXT -> "next";
			case StressBlock.CLEARED -> "cleared";
			case StressLease.DEAD -> "dead";
			default -> Integer.toString(content);
		};
	}

	private static String passOn(StressLease lease, StressTier tier) {
		lease.end();
		StressLease next = tier.tryAcquire();
		if (next == null) {
			return "busy";
		}
		next.write(NEXT);
		next.end();
		return "passed on";
	}

	/**
	 * A handle is watched while its block goes on to the next owner.
	 */
	@JCStressTest
	@Outcome(id = { "alive, alive", "alive, dead", "dead, dead" }, expect = Expect.ACCEPTABLE, desc = "dead for ever")
	@Outcome(id = "dead, alive", expect = Expect.FORBIDDEN, desc = "alive again after its release was seen")
	@State
	public static class DeadForEver {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void releaseAndAcquire() {
			this.lease.end();
			this.tier.acquire();
		}

		@Actor
		public void watch(LL_Result result) {
			result.r1 = this.lease.isAlive() ? "alive" : "dead";
			result.r2 = this.lease.isAlive() ? "alive" : "dead";
		}

	}

	@Outcome(id = { "own, passed on", "own, busy" }, expect = Expect.ACCEPTABLE,
			desc = "read before the release, or the release waited for the reader")
	@Outcome(id = "dead, passed on", expect = Expect.ACCEPTABLE, desc = "released before")
	@Outcome(id = "next, .*", expect = Expect.FORBIDDEN, desc = "a stale handle read what belongs to the next owner")
	@Outcome(id = "cleared, .*", expect = Expect.FORBIDDEN, desc = "cleared while it was read")
	@Outcome(id = "dead, busy", expect = Expect.FORBIDDEN, desc = "the block has no owner, and can have none")
	@Outcome(id = ".*, lost", expect = Expect.FORBIDDEN, desc = "the block never returned")
	public static class OwnOrDead {

	}

	/**
	 * A copy out of a block that is passed on as it is.
	 */
	@JCStressTest
	@JCStressMeta(OwnOrDead.class)
	@State
	public static class ReleaseAndRead {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ReleaseAndRead() {
			this.lease.write(OWN);
		}

		@Actor
		public void read(LL_Result result) {
			result.r1 = name(this.lease.read());
		}

		@Actor
		public void passOn(LL_Result result) {
			result.r2 = HandleStress.passOn(this.lease, this.tier);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = (this.tier.idle() == 1) ? result.r2 : "lost";
		}

	}

	/**
	 * A copy out of a block that is cleared before it is passed on.
	 */
	@JCStressTest
	@JCStressMeta(OwnOrDead.class)
	@State
	public static class ReleaseAndReadClearing {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ReleaseAndReadClearing() {
			this.lease.write(OWN);
		}

		@Actor
		public void read(LL_Result result) {
			result.r1 = name(this.lease.read());
		}

		@Actor
		public void passOn(LL_Result result) {
			result.r2 = HandleStress.passOn(this.lease, this.tier);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = (this.tier.idle() == 1) ? result.r2 : "lost";
		}

	}

	/**
	 * A handle is released a second time while its block goes on to the next owner.
	 */
	@JCStressTest
	@Outcome(id = { "refused, released, kept", "released, refused, kept" }, expect = Expect.ACCEPTABLE,
			desc = "the next owner keeps the block")
	@Outcome(id = ".*, taken away", expect = Expect.FORBIDDEN, desc = "a stale release ended the next owner's lease")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two releases of one handle won, or none")
	@State
	public static class StaleRelease {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private StressLease next;

		@Actor
		public void releaseAndAcquire(LLL_Result result) {
			result.r1 = this.lease.end() ? "released" : "refused";
			this.next = this.tier.acquire();
		}

		@Actor
		public void releaseAgain(LLL_Result result) {
			result.r2 = this.lease.end() ? "released" : "refused";
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = (this.next.isAlive() && this.tier.idle() == 0) ? "kept" : "taken away";
		}

	}

}
