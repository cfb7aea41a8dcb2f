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

package io.mempool.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Caps;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.sizes.RecentSizes;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Several threads of one unit of work, and its end.
 */
public final class ScopeStress {

	private static final int SIZE = 16;

	// As many as a scope has room for at first
	private static final int FULL = 4;

	private ScopeStress() {
	}

	private static BufferPool pool() {
		return BufferPool.builder("stress")
			.tiers(List.of(new BufferTier(SIZE, new Caps(FULL + 2, FULL + 2, 0))))
			.recentSizes(RecentSizes.lockFree(1))
			.build();
	}

	private static BufferScope withRoom(BufferPool pool) {
		BufferScope scope = new BufferScope(pool);
		scope.detach(scope.acquire(SIZE)).release();
		return scope;
	}

	private static BufferScope full(BufferPool pool) {
		BufferScope scope = new BufferScope(pool);
		fill(scope, FULL);
		return scope;
	}

	private static void fill(BufferScope scope, int count) {
		for (int i = 0; i < count; i++) {
			scope.acquire(SIZE);
		}
	}

	private static String leased(BufferPool pool) {
		return pool.statistics().leased() + " leased";
	}

	/**
	 * Both acquire through the scope, which releases both.
	 */
	@JCStressTest
	@Outcome(id = "2 held, 0 leased", expect = Expect.ACCEPTABLE, desc = "both known, both released")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost: the scope does not know of one of them")
	@State
	public static class AcquireAndAcquire {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		@Actor
		public void first() {
			this.scope.acquire(SIZE);
		}

		@Actor
		public void second() {
			this.scope.acquire(SIZE);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.scope.size() + " held";
			this.scope.close();
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * Both acquire through a scope that has no room left, and must make some.
	 */
	@JCStressTest
	@Outcome(id = "6 held, 0 leased", expect = Expect.ACCEPTABLE, desc = "all known, all released")
	@Outcome(expect = Expect.FORBIDDEN, desc = "lost: the scope does not know of one of them")
	@State
	public static class AcquireAndAcquireOfFull {

		private final BufferPool pool = pool();

		private final BufferScope scope = full(this.pool);

		@Actor
		public void first() {
			this.scope.acquire(SIZE);
		}

		@Actor
		public void second() {
			this.scope.acquire(SIZE);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.scope.size() + " held";
			this.scope.close();
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * A buffer is taken out of the scope while another thread makes room in it.
	 */
	@JCStressTest
	@Outcome(id = "4 held, alive", expect = Expect.ACCEPTABLE, desc = "no longer the scope's, the others are")
	@Outcome(expect = Expect.FORBIDDEN, desc = "still the scope's, or one is lost")
	@State
	public static class DetachAndAcquireOfFull {

		private final BufferPool pool = pool();

		private final BufferScope scope = new BufferScope(this.pool);

		private final PooledBuffer detached = this.scope.acquire(SIZE);

		public DetachAndAcquireOfFull() {
			fill(this.scope, FULL - 1);
		}

		@Actor
		public void detach() {
			this.scope.detach(this.detached);
		}

		@Actor
		public void acquire() {
			this.scope.acquire(SIZE);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.scope.size() + " held";
			this.scope.close();
			result.r2 = this.detached.isAlive() ? "alive" : "dead";
		}

	}

	/**
	 * A buffer is taken out of the scope while the unit of work ends.
	 */
	@JCStressTest
	@Outcome(id = "detached, alive", expect = Expect.ACCEPTABLE, desc = "taken out before")
	@Outcome(id = "refused, dead", expect = Expect.ACCEPTABLE, desc = "ended before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "two owners, or none")
	@State
	public static class DetachAndClose {

		private final BufferScope scope = new BufferScope(pool());

		private final PooledBuffer buffer = this.scope.acquire(SIZE);

		@Actor
		public void detach(LL_Result result) {
			try {
				this.scope.detach(this.buffer);
				result.r1 = "detached";
			}
			catch (LeaseException ex) {
				result.r1 = "refused";
			}
		}

		@Actor
		public void close() {
			this.scope.close();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = this.buffer.isAlive() ? "alive" : "dead";
		}

	}

	/**
	 * The unit of work ends while another thread acquires for it.
	 */
	@JCStressTest
	@Outcome(id = "acquired, 0 leased", expect = Expect.ACCEPTABLE, desc = "acquired before, and released at the end")
	@Outcome(id = "refused, 0 leased", expect = Expect.ACCEPTABLE, desc = "ended before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "left behind: it is never released")
	@State
	public static class AcquireAndClose {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		@Actor
		public void acquire(LL_Result result) {
			try {
				this.scope.acquire(SIZE);
				result.r1 = "acquired";
			}
			catch (PoolClosedException ex) {
				result.r1 = "refused";
			}
		}

		@Actor
		public void close() {
			this.scope.close();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * The unit of work ends while its task ends.
	 */
	@JCStressTest
	@Outcome(id = "alive, 0 leased", expect = Expect.ACCEPTABLE, desc = "the last of the two gives back")
	@Outcome(expect = Expect.FORBIDDEN, desc = "given back before the task ended, or never")
	@State
	public static class EndTaskAndClose {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		private final PooledBuffer buffer = this.scope.acquire(SIZE);

		private boolean alive;

		private final Runnable task = this.scope.wrap((Runnable) () -> this.alive = this.buffer.isAlive());

		@Actor
		public void end() {
			this.task.run();
		}

		@Actor
		public void close() {
			this.scope.close();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.alive ? "alive" : "dead";
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * Two tasks of an ended unit of work end.
	 */
	@JCStressTest
	@Outcome(id = "both alive, 0 leased", expect = Expect.ACCEPTABLE, desc = "the last of the two gives back")
	@Outcome(expect = Expect.FORBIDDEN, desc = "given back before both ended, or never")
	@State
	public static class EndTaskAndEndTask {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		private final PooledBuffer buffer = this.scope.acquire(SIZE);

		private boolean firstAlive;

		private boolean secondAlive;

		private final Runnable first = this.scope.wrap((Runnable) () -> this.firstAlive = this.buffer.isAlive());

		private final Runnable second = this.scope.wrap((Runnable) () -> this.secondAlive = this.buffer.isAlive());

		public EndTaskAndEndTask() {
			this.scope.close();
		}

		@Actor
		public void first() {
			this.first.run();
		}

		@Actor
		public void second() {
			this.second.run();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = (this.firstAlive && this.secondAlive) ? "both alive" : "dead";
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * The unit of work ends while another thread hands a task over, and runs it.
	 */
	@JCStressTest
	@Outcome(id = "alive, 0 leased", expect = Expect.ACCEPTABLE, desc = "handed over before: the scope waits")
	@Outcome(id = "refused, 0 leased", expect = Expect.ACCEPTABLE, desc = "ended before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "accepted, and given back before the task ended")
	@State
	public static class WrapAndClose {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		private final PooledBuffer buffer = this.scope.acquire(SIZE);

		@Actor
		public void wrap(LL_Result result) {
			try {
				this.scope.wrap((Runnable) () -> result.r1 = this.buffer.isAlive() ? "alive" : "dead").run();
			}
			catch (PoolClosedException ex) {
				result.r1 = "refused";
			}
		}

		@Actor
		public void close() {
			this.scope.close();
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r2 = leased(this.pool);
		}

	}

	/**
	 * Both acquire through a scope that may hold one buffer.
	 */
	@JCStressTest
	@Outcome(id = { "acquired, refused, 1 leased", "refused, acquired, 1 leased" }, expect = Expect.ACCEPTABLE,
			desc = "one of them has it")
	@Outcome(id = "acquired, acquired, .*", expect = Expect.FORBIDDEN, desc = "above the limit")
	@Outcome(expect = Expect.FORBIDDEN, desc = "false refusal, or left behind")
	@State
	public static class AcquireAndAcquireAtLimit {

		private final BufferPool pool = pool();

		private final BufferScope scope = new BufferScope(this.pool, SIZE);

		@Actor
		public void first(LLL_Result result) {
			result.r1 = acquire();
		}

		@Actor
		public void second(LLL_Result result) {
			result.r2 = acquire();
		}

		private String acquire() {
			try {
				this.scope.acquire(SIZE);
				return "acquired";
			}
			catch (SizeLimitExceededException ex) {
				return "refused";
			}
		}

		@Arbiter
		public void judge(LLL_Result result) {
			result.r3 = leased(this.pool);
		}

	}

	/**
	 * The unit of work ends while a listener for its end is added.
	 */
	@JCStressTest
	@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "called by one or the other")
	@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "forgotten")
	@Outcome(expect = Expect.FORBIDDEN, desc = "called twice")
	@State
	public static class ListenAndClose {

		private final BufferScope scope = new BufferScope();

		private final AtomicInteger calls = new AtomicInteger();

		@Actor
		public void listen() {
			this.scope.onClose(this.calls::incrementAndGet);
		}

		@Actor
		public void close() {
			this.scope.close();
		}

		@Arbiter
		public void judge(L_Result result) {
			result.r1 = this.calls.get();
		}

	}

	/**
	 * A task is handed over while the look for lost tasks ends, since there was none.
	 */
	@JCStressTest
	@Outcome(id = "looked for", expect = Expect.ACCEPTABLE, desc = "found, should it be lost")
	@Outcome(expect = Expect.FORBIDDEN, desc = "a lost task would hold its scope for ever")
	@State
	public static class WatchAndLook {

		private final LostTasks tasks = new LostTasks();

		private final TaskHold hold = hold();

		public WatchAndLook() {
			TaskHold former = hold();
			this.tasks.watch(former);
			this.tasks.forget(former);
		}

		private TaskHold hold() {
			return this.tasks.hold(this, WatchAndLook.class, () -> {
			});
		}

		@Actor
		public void watch() {
			this.tasks.watch(this.hold);
		}

		@Actor
		public void look() {
			this.tasks.look();
		}

		@Arbiter
		public void judge(L_Result result) {
			result.r1 = this.tasks.isLooking() ? "looked for" : "forgotten";
			this.tasks.forget(this.hold);
			this.tasks.look();
		}

	}

	/**
	 * A task is cancelled while it begins.
	 */
	@JCStressTest
	@Outcome(id = "alive, 0 leased", expect = Expect.ACCEPTABLE, desc = "began before")
	@Outcome(id = "not run, 0 leased", expect = Expect.ACCEPTABLE, desc = "cancelled before")
	@Outcome(expect = Expect.FORBIDDEN, desc = "runs with memory that was given back, or holds it for ever")
	@State
	public static class RunAndCancel {

		private final BufferPool pool = pool();

		private final BufferScope scope = withRoom(this.pool);

		private final PooledBuffer buffer = this.scope.acquire(SIZE);

		private final List<Runnable> queue = new ArrayList<>();

		private String seen = "not run";

		private final Future<?> task = this.scope.submit(this.queue::add,
				() -> this.seen = this.buffer.isAlive() ? "alive" : "dead");

		public RunAndCancel() {
			this.scope.close();
		}

		@Actor
		public void run() {
			this.queue.get(0).run();
		}

		@Actor
		public void cancel() {
			this.task.cancel(false);
		}

		@Arbiter
		public void judge(LL_Result result) {
			result.r1 = this.seen;
			result.r2 = leased(this.pool);
		}

	}

}
