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
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * What one owner did with a block happened before what the next owner does with it.
 */
public final class HandOverStress {

	private static final int WRITTEN = 1;

	private HandOverStress() {
	}

	private static String content(StressTier tier) {
		StressLease lease = tier.tryAcquire();
		if (lease == null) {
			return "none";
		}
		return (lease.block().content == WRITTEN) ? "written" : "cleared";
	}

	/**
	 * The block is passed on as it is.
	 */
	@JCStressTest
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "written", expect = Expect.ACCEPTABLE, desc = "the next owner sees what the last one wrote")
	@Outcome(id = "cleared", expect = Expect.FORBIDDEN, desc = "the next owner overtook a write of the last one")
	@State
	public static class AsItIs {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void release() {
			this.lease.block().content = WRITTEN;
			this.lease.end();
		}

		@Actor
		public void acquire(L_Result result) {
			result.r1 = content(this.tier);
		}

	}

	/**
	 * The block is cleared.
	 */
	@JCStressTest
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "cleared", expect = Expect.ACCEPTABLE, desc = "the next owner sees nothing of the last one")
	@Outcome(id = "written", expect = Expect.FORBIDDEN, desc = "the next owner sees what the last one wrote")
	@State
	public static class Cleared {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void release() {
			this.lease.block().content = WRITTEN;
			this.lease.end();
		}

		@Actor
		public void acquire(L_Result result) {
			result.r1 = content(this.tier);
		}

	}

	/**
	 * The block comes home under the lock.
	 */
	@JCStressTest
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "cleared", expect = Expect.ACCEPTABLE, desc = "the next owner sees nothing of the last one")
	@Outcome(id = "written", expect = Expect.FORBIDDEN, desc = "the next owner sees what the last one wrote")
	@State
	public static class ClearedGuarded {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ClearedGuarded() {
			this.tier.guardLeases();
		}

		@Actor
		public void release() {
			this.lease.block().content = WRITTEN;
			this.lease.end();
		}

		@Actor
		public void acquire(L_Result result) {
			result.r1 = content(this.tier);
		}

	}

}
