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

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;

import io.mempool.core.PoolClosedException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A thread that is about to wait, and what it waits for.
 */
public final class WakeUpStress {

	private WakeUpStress() {
	}

	@Outcome(id = "served, seen", expect = Expect.ACCEPTABLE, desc = "the waiter saw the block, or was woken")
	@Outcome(id = "served, overlooked", expect = Expect.FORBIDDEN,
			desc = "lost wake-up: the waiter looked before the return, and sleeps after it")
	@Outcome(id = "refused, .*", expect = Expect.FORBIDDEN, desc = "false refusal: it had all the time")
	@Outcome(expect = Expect.FORBIDDEN, desc = "the pool is not closed")
	public static class Served {

	}

	/**
	 * Leased to idle in one step.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class ReleaseAndWait {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final Sleeper waiter = new Sleeper(this.tier);

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void release(LL_Result result) {
			this.waiter.awaitBegin();
			this.lease.end();
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * Leased, cleared, and then idle.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class ReleaseClearingAndWait {

		private final StressTier tier = StressTier.clearing(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final Sleeper waiter = new Sleeper(this.tier);

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void release(LL_Result result) {
			this.waiter.awaitBegin();
			this.lease.end();
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * The block comes home under the lock.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class ReleaseGuardedAndWait {

		private final StressTier tier = new StressTier(1, 1);

		private final StressLease lease = this.tier.acquire();

		private final Sleeper waiter = new Sleeper(this.tier);

		public ReleaseGuardedAndWait() {
			this.tier.guardLeases();
		}

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void release(LL_Result result) {
			this.waiter.awaitBegin();
			this.lease.end();
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * The waiter is at the budget, and the block is another pool's.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class ReleaseOtherAndWait {

		private final SharedBudget budget = new SharedBudget("stress", 1);

		private final StressTier other = new StressTier(this.budget);

		private final StressLease lease = this.other.acquireAgain();

		private final Sleeper waiter = new Sleeper(new StressTier(this.budget));

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void release(LL_Result result) {
			this.waiter.awaitBegin();
			this.lease.end();
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * The waiter is at the budget. The block of the other pool comes home and is gone
	 * again between the looks of the waiter, again and again: nothing is known of the
	 * last lease, and the block comes home in one step when the waiter may sleep.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class PassOnAndWait {

		private final SharedBudget budget = new SharedBudget("stress", 1);

		private final StressTier other = new StressTier(this.budget);

		private final StressLease lease = this.other.acquire();

		private final Sleeper waiter = new Sleeper(new StressTier(this.budget));

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void passOn(LL_Result result) {
			StressLease next = this.lease;
			while (next != null && !this.waiter.isAsleep()) {
				next.end();
				next = this.other.tryAcquire();
			}
			if (next != null) {
				next.end();
			}
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * The pool is closed.
	 */
	@JCStressTest
	@Outcome(id = "closed, seen", expect = Expect.ACCEPTABLE, desc = "the waiter saw it, or was woken")
	@Outcome(id = "closed, overlooked", expect = Expect.FORBIDDEN, desc = "the waiter sleeps at a closed pool")
	@Outcome(expect = Expect.FORBIDDEN, desc = "there was nothing to be had")
	@State
	public static class CloseAndWait {

		private final StressTier tier = new StressTier(1, 1);

		private final Sleeper waiter = new Sleeper(this.tier);

		public CloseAndWait() {
			this.tier.acquire();
		}

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void close(LL_Result result) {
			this.waiter.awaitBegin();
			this.tier.tier.close();
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * The tier is replaced by one that has room.
	 */
	@JCStressTest
	@JCStressMeta(Served.class)
	@State
	public static class RetireAndWait {

		private final StressTier tier = new StressTier(1, 1);

		private final StressTier successor = new StressTier(this.tier.account);

		private final Sleeper waiter = new Sleeper(this.tier, this.successor);

		public RetireAndWait() {
			this.tier.acquire();
		}

		@Actor
		public void acquire(LL_Result result) {
			result.r1 = this.waiter.acquire();
		}

		@Actor
		public void retire(LL_Result result) {
			this.waiter.awaitBegin();
			this.tier.retire(this.successor);
			result.r2 = this.waiter.check();
		}

	}

	/**
	 * A waiting thread that can be asked whether a wake-up was lost. A waiter looks by
	 * itself now and then, so that a lost wake-up only costs time: too uncertain a sign
	 * on a busy machine.
	 */
	private static final class Sleeper {

		private static final long LONG = 20_000_000_000L;

		// Spins: a few microseconds
		private static final int LATEST = 100;

		private static final VarHandle WOKEN;

		static {
			try {
				WOKEN = MethodHandles.privateLookupIn(Waiter.class, MethodHandles.lookup())
					.findVarHandle(Request.class, "woken", boolean.class);
			}
			catch (ReflectiveOperationException ex) {
				throw new ExceptionInInitializerError(ex);
			}
		}

		private final StressTier tier;

		private final StressTier last;

		private Thread thread;

		private volatile Request<StressBlock> request;

		Sleeper(StressTier tier) {
			this(tier, tier);
		}

		/**
		 * Create a waiter for a tier that is replaced meanwhile.
		 */
		Sleeper(StressTier tier, StressTier last) {
			this.tier = tier;
			this.last = last;
		}

		String acquire() {
			Request<StressBlock> request = new Request<>(1, false, LONG);
			this.thread = Thread.currentThread();
			this.request = request;
			try {
				return (this.tier.tier.acquire(request) != null) ? "served" : "refused";
			}
			catch (PoolClosedException ex) {
				return "closed";
			}
			catch (InterruptedException ex) {
				return "interrupted";
			}
		}

		/**
		 * Return when the waiter has begun, and at random a little later: what it does
		 * before it sleeps takes about as long.
		 */
		void awaitBegin() {
			awaitRequest();
			for (int i = ThreadLocalRandom.current().nextInt(LATEST); i > 0; i--) {
				Thread.onSpinWait();
			}
		}

		private Request<StressBlock> awaitRequest() {
			Request<StressBlock> request = this.request;
			while (request == null) {
				Thread.onSpinWait();
				request = this.request;
			}
			return request;
		}

		/**
		 * Return whether the waiter sleeps.
		 */
		boolean isAsleep() {
			Request<StressBlock> request = this.request;
			return request != null && !isWoken(request) && this.thread.getState() == Thread.State.TIMED_WAITING;
		}

		/**
		 * Return when the waiter sleeps. It must not be able to get anything.
		 */
		void awaitSleep() {
			Request<StressBlock> request = awaitRequest();
			while (isWoken(request) || this.thread.getState() != Thread.State.TIMED_WAITING) {
				Thread.onSpinWait();
			}
		}

		/**
		 * Look after a return whether the waiter sleeps nevertheless. It holds the lock
		 * except to sleep. So if it stands in line while we hold the lock, its last look
		 * is behind it, and one of these is true: it was woken and does not know yet; it
		 * knows, and comes for the lock, for which it waits without a limit of time; or
		 * it goes to sleep, which has such a limit, and it was not woken.
		 */
		String check() {
			Request<StressBlock> request = awaitRequest();
			return this.tier.account.exclusively(() -> {
				while (this.last.isAwaited() && !isWoken(request)) {
					Thread.State state = this.thread.getState();
					if (state == Thread.State.TIMED_WAITING) {
						// Do not let it sleep any longer: that takes a tenth of a second
						request.wake();
						return "overlooked";
					}
					if (state == Thread.State.WAITING) {
						return "seen";
					}
					Thread.onSpinWait();
				}
				return "seen";
			});
		}

		private static boolean isWoken(Request<StressBlock> request) {
			return (boolean) WOKEN.getVolatile(request);
		}

	}

}
