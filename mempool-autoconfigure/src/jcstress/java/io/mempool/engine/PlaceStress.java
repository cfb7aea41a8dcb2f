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
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * Fewer places than blocks: a returning block takes the place of a leased one.
 */
public final class PlaceStress {

	private PlaceStress() {
	}

	/**
	 * One place, and two blocks that come home.
	 */
	@JCStressTest
	@Outcome(id = "1 idle, 1 kept, 1 destroyed", expect = Expect.ACCEPTABLE, desc = "one is kept, the other is not")
	@Outcome(id = "2 idle, .*", expect = Expect.FORBIDDEN, desc = "above the cap")
	@Outcome(id = "0 idle, .*", expect = Expect.FORBIDDEN, desc = "a block is lost, or was discarded below the cap")
	@Outcome(expect = Expect.FORBIDDEN, desc = "discarded twice, or miscounted")
	@State
	public static class ReleaseAndReleaseAtCap {

		private final StressTier tier = new StressTier(1, 2);

		private final StressLease placed = this.tier.acquire();

		private final StressLease detached = this.tier.acquire();

		@Actor
		public void first() {
			this.placed.end();
		}

		@Actor
		public void second() {
			this.detached.end();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r1 = this.tier.idle() + " idle";
			result.r2 = this.tier.existing() + " kept";
			result.r3 = (this.placed.block().destroyed() + this.detached.block().destroyed()) + " destroyed";
		}

	}

	/**
	 * A block takes the place of another that comes home at the same time, and is
	 * acquired again.
	 */
	@JCStressTest
	@Outcome(id = "taken, 1 idle, 2 kept", expect = Expect.ACCEPTABLE, desc = "the other one took the place again")
	@Outcome(id = "taken, 0 idle, 1 kept", expect = Expect.ACCEPTABLE, desc = "one was discarded, the other acquired")
	@Outcome(id = "refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: one was idle")
	@Outcome(id = "new, .*", expect = Expect.FORBIDDEN, desc = "another one was created although one was idle")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice or miscounted")
	@State
	public static class ReleaseAndTakePlace {

		private final StressTier tier = new StressTier(1, 2);

		private final StressLease placed = this.tier.acquire();

		private final StressLease detached = this.tier.acquire();

		@Actor
		public void release() {
			this.placed.end();
		}

		@Actor
		public void takePlaceAndAcquire(LLL_Result result) {
			this.detached.end();
			String taken = this.tier.take();
			result.r1 = (this.tier.created.get() == 2) ? taken : "new";
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = this.tier.idle() + " idle";
			result.r3 = this.tier.existing() + " kept";
		}

	}

	/**
	 * A block is created in a place that another takes meanwhile.
	 */
	@JCStressTest
	@Outcome(id = { "in place, held", "detached, let go" }, expect = Expect.ACCEPTABLE,
			desc = "a slot outside of the list leaves its block to the lease")
	@Outcome(id = "detached, held", expect = Expect.FORBIDDEN, desc = "the loss of that lease would not be noticed")
	@Outcome(id = "in place, let go", expect = Expect.FORBIDDEN, desc = "the next hit would find no block")
	@State
	public static class CreateAndTakePlace {

		private final StressTier tier = new StressTier(1, 3);

		private final StressLease detached;

		private StressLease created;

		public CreateAndTakePlace() {
			StressLease placed = this.tier.acquire();
			this.detached = this.tier.acquire();
			placed.endInDoubt();
		}

		@Actor
		public void create() {
			this.created = this.tier.acquire();
		}

		@Actor
		public void takePlace() {
			this.detached.end();
		}

		@Arbiter
		public void judge(LL_Result result) {
			Slot<?> slot = this.created.block().slot;
			result.r1 = Slot.isDetached(slot.state) ? "detached" : "in place";
			result.r2 = (slot.block != null) ? "held" : "let go";
		}

	}

}
