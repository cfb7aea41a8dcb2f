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

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolClosedException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * An acquire, and what may happen to the block it is about to find.
 */
public final class AcquireStress {

	private AcquireStress() {
	}

	private static String state(StressTier tier) {
		return (tier.idle() == 1) ? "idle" : "leased";
	}

	@Outcome(id = { "taken, refused", "refused, taken" }, expect = Expect.ACCEPTABLE, desc = "one of them has it")
	@Outcome(id = "taken, taken", expect = Expect.FORBIDDEN, desc = "more than there may be, or one for two owners")
	@Outcome(id = "refused, refused", expect = Expect.FORBIDDEN, desc = "false refusal: there was one for one of them")
	public static class OneForTwo {

	}

	/**
	 * One idle block, found without the lock.
	 */
	@JCStressTest
	@JCStressMeta(OneForTwo.class)
	@State
	public static class AcquireAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		public AcquireAndAcquire() {
			this.tier.idleBlock();
		}

		@Actor
		public void first(LL_Result result) {
			result.r1 = this.tier.take();
		}

		@Actor
		public void second(LL_Result result) {
			result.r2 = this.tier.take();
		}

	}

	/**
	 * One block may be created.
	 */
	@JCStressTest
	@JCStressMeta(OneForTwo.class)
	@State
	public static class CreateAndCreate {

		private final StressTier tier = new StressTier(1, 1);

		@Actor
		public void first(LL_Result result) {
			result.r1 = this.tier.take();
		}

		@Actor
		public void second(LL_Result result) {
			result.r2 = this.tier.take();
		}

	}

	/**
	 * One idle block whose version is used up: it gets a new slot before it is lent.
	 */
	@JCStressTest
	@JCStressMeta(OneForTwo.class)
	@State
	public static class AcquireAndAcquireWornOut {

		private final StressTier tier = new StressTier(1, 1);

		public AcquireAndAcquireWornOut() {
			this.tier.idleBlock().slot.state = Slot.LAST_VERSION | Slot.IDLE;
		}

		@Actor
		public void first(LL_Result result) {
			result.r1 = this.tier.take();
		}

		@Actor
		public void second(LL_Result result) {
			result.r2 = this.tier.take();
		}

	}

	@Outcome(id = "taken, leased, 1", expect = Expect.ACCEPTABLE, desc = "released before")
	@Outcome(id = "refused, idle, 1", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "refused, leased, .*", expect = Expect.FORBIDDEN, desc = "lost: claimed, and without an owner")
	@Outcome(id = "taken, idle, .*", expect = Expect.FORBIDDEN, desc = "lent and idle at once")
	@Outcome(id = ".*, 2", expect = Expect.FORBIDDEN, desc = "one block more than may exist")
	public static class SameOrNone {

	}

	/**
	 * The only block comes home.
	 */
	@JCStressTest
	@JCStressMeta(SameOrNone.class)
	@State
	public static class ReleaseAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void release() {
			this.lease.end();
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = state(this.tier);
			result.r3 = this.tier.created.get();
		}

	}

	/**
	 * The only block comes home to a slot that has let go of it.
	 */
	@JCStressTest
	@JCStressMeta(SameOrNone.class)
	@State
	public static class ReleaseGuardedAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		public ReleaseGuardedAndAcquire() {
			this.tier.guardLeases();
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = state(this.tier);
			result.r3 = this.tier.created.get();
		}

	}

	/**
	 * A block returns while others are created for want of it. The next acquire must find
	 * it, although earlier ones have said that there is none.
	 */
	@JCStressTest
	@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "used, sooner or later")
	@Outcome(id = { "4", "5" }, expect = Expect.FORBIDDEN, desc = "hidden: one was idle, and yet another was created")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lent to two")
	@State
	public static class ReleaseAndCreate {

		private final StressTier tier = new StressTier(3, Caps.UNLIMITED);

		private final StressLease lease = this.tier.acquireAgain();

		@Actor
		public void release() {
			this.lease.end();
		}

		@Actor
		public void acquireTwo() {
			this.tier.acquire();
			this.tier.acquire();
		}

		@Arbiter
		public void judge(L_Result result) {
			this.tier.acquire();
			result.r1 = this.tier.created.get();
		}

	}

	/**
	 * The lease of the last version ends: its slot is renewed, and its handle is dead.
	 */
	@JCStressTest
	@Outcome(id = "taken, leased, 1", expect = Expect.ACCEPTABLE, desc = "released and renewed before")
	@Outcome(id = "refused, idle, 1", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = ".*, alive, .*", expect = Expect.FORBIDDEN, desc = "a handle outlived the versions of its slot")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or twice")
	@State
	public static class ReleaseWornOutAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease;

		public ReleaseWornOutAndAcquire() {
			StressBlock block = this.tier.acquire().block();
			block.slot.state = Slot.LAST_VERSION | 1;
			this.lease = new StressLease(block);
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Actor
		public void acquire(LLL_Result result) {
			result.r1 = this.tier.take();
		}

		@Arbiter
		public void judge(LLL_Result result) {
			boolean dead = !this.lease.isAlive() && !this.lease.end();
			result.r2 = dead ? state(this.tier) : "alive";
			result.r3 = this.tier.created.get();
		}

	}

	/**
	 * Idle blocks are given up.
	 */
	@JCStressTest
	@Outcome(id = "0 given, old, 0 destroyed", expect = Expect.ACCEPTABLE, desc = "lent, and spared")
	@Outcome(id = "1 given, new, 1 destroyed", expect = Expect.ACCEPTABLE, desc = "given up, and replaced")
	@Outcome(id = ".*, old, 1 destroyed", expect = Expect.FORBIDDEN, desc = "destroyed while it was lent")
	@Outcome(id = ".*, refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: idle, or room for another")
	@Outcome(expect = Expect.FORBIDDEN, desc = "miscounted")
	@State
	public static class TrimAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressBlock block = this.tier.idleBlock();

		@Actor
		public void trim(LLL_Result result) {
			result.r1 = this.tier.tier.discardIdle(DiscardReason.TRIMMED) + " given";
		}

		@Actor
		public void acquire(LLL_Result result) {
			StressLease lease = this.tier.tryAcquire();
			result.r2 = (lease != null) ? ((lease.block() != this.block) ? "new" : "old") : "refused";
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = this.block.destroyed() + " destroyed";
		}

	}

	/**
	 * A block leaves the list, and the last one moves to its place.
	 */
	@JCStressTest
	@Outcome(id = "found, 2 created", expect = Expect.ACCEPTABLE, desc = "found, wherever it was")
	@Outcome(id = "refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: overlooked while it moved")
	@Outcome(id = ".*, 3 created", expect = Expect.FORBIDDEN, desc = "another one was created although one was idle")
	@Outcome(expect = Expect.FORBIDDEN, desc = "found something else")
	@State
	public static class DiscardAndAcquire {

		private final StressTier tier = new StressTier(2, 2);

		private final StressLease first = this.tier.acquire();

		private final StressBlock last = this.tier.idleBlock();

		@Actor
		public void discard() {
			this.first.endInDoubt();
		}

		@Actor
		public void acquire(LL_Result result) {
			StressLease lease = this.tier.tryAcquire();
			result.r1 = (lease != null) ? ((lease.block() != this.last) ? "new" : "found") : "refused";
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = this.tier.created + " created";
		}

	}

	/**
	 * One of two blocks is idle at any time, now this one, now that: the list must not
	 * take for proven that none is.
	 */
	@JCStressTest
	@Outcome(id = "taken", expect = Expect.ACCEPTABLE, desc = "found")
	@Outcome(id = "refused", expect = Expect.FORBIDDEN, desc = "false refusal: one was idle all the time")
	@State
	public static class ProveWhileOneIsAlwaysIdle {

		private final StressTier tier = new StressTier(0, 1);

		private final FreeList<StressBlock> list = new LoneFreeList<>(2);

		private final Alternation alternation = new Alternation(StressTier.claim(this.tier.addIdle(this.list)),
				this.tier.addIdle(this.list));

		@Actor
		public void alternate() {
			this.alternation.run();
		}

		@Actor
		public void acquire(L_Result result) {
			this.alternation.awaitBegin();
			result.r1 = (this.list.claimAgain(true) != null) ? "taken" : "refused";
			this.alternation.end();
		}

	}

	/**
	 * The pool is closed.
	 */
	@JCStressTest
	@Outcome(id = "taken, 0 destroyed, 1 kept", expect = Expect.ACCEPTABLE, desc = "lent before, and spared")
	@Outcome(id = "closed, 1 destroyed, 0 kept", expect = Expect.ACCEPTABLE, desc = "refused")
	@Outcome(id = "taken, 1 destroyed, .*", expect = Expect.FORBIDDEN, desc = "destroyed while it was lent")
	@Outcome(id = "closed, .*, 1 kept", expect = Expect.FORBIDDEN, desc = "a closed pool keeps memory")
	@Outcome(expect = Expect.FORBIDDEN, desc = "refused for want of a block, or miscounted")
	@State
	public static class CloseAndAcquire {

		private final StressTier tier = new StressTier(1, 1);

		private final StressBlock block = this.tier.idleBlock();

		@Actor
		public void close() {
			this.tier.tier.close();
		}

		@Actor
		public void acquire(LLL_Result result) {
			try {
				result.r1 = this.tier.take();
			}
			catch (PoolClosedException ex) {
				result.r1 = "closed";
			}
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = this.block.destroyed() + " destroyed";
			result.r3 = this.tier.existing() + " kept";
		}

	}

	/**
	 * The pool is closed while a block is created.
	 */
	@JCStressTest
	@Outcome(id = "taken, 1 lent, 0 kept", expect = Expect.ACCEPTABLE,
			desc = "created before, discarded at its release")
	@Outcome(id = "closed, 0 lent, 0 kept", expect = Expect.ACCEPTABLE, desc = "refused")
	@Outcome(id = ".*, 1 kept", expect = Expect.FORBIDDEN, desc = "a closed pool keeps memory")
	@Outcome(expect = Expect.FORBIDDEN, desc = "miscounted")
	@State
	public static class CloseAndCreate {

		private final StressTier tier = new StressTier(1, 1);

		private StressLease lease;

		@Actor
		public void close() {
			this.tier.tier.close();
		}

		@Actor
		public void acquire(LLL_Result result) {
			try {
				this.lease = this.tier.tryAcquire();
				result.r1 = (this.lease != null) ? "taken" : "refused";
			}
			catch (PoolClosedException ex) {
				result.r1 = "closed";
			}
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r2 = this.tier.existing() + " lent";
			if (this.lease != null) {
				this.lease.end();
			}
			result.r3 = this.tier.existing() + " kept";
		}

	}

	@Outcome(id = "1 destroyed, 0 kept", expect = Expect.ACCEPTABLE, desc = "destroyed, once")
	@Outcome(id = ".*, 1 kept", expect = Expect.FORBIDDEN, desc = "a closed pool keeps memory")
	@Outcome(expect = Expect.FORBIDDEN, desc = "not destroyed, or twice")
	public static class NothingKept {

	}

	/**
	 * The pool is closed while a block comes home.
	 */
	@JCStressTest
	@JCStressMeta(NothingKept.class)
	@State
	public static class CloseAndRelease {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void close() {
			this.tier.tier.close();
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.lease.block().destroyed() + " destroyed";
			result.r2 = this.tier.existing() + " kept";
		}

	}

	/**
	 * The pool is closed while a block comes home and is cleared.
	 */
	@JCStressTest
	@JCStressMeta(NothingKept.class)
	@State
	public static class CloseAndReleaseClearing {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		@Actor
		public void close() {
			this.tier.tier.close();
		}

		@Actor
		public void release() {
			this.lease.end();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.lease.block().destroyed() + " destroyed";
			result.r2 = this.tier.existing() + " kept";
		}

	}

}
