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

package io.mempool.buffer;

import java.util.Arrays;
import java.util.List;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeaseException;
import io.mempool.sizes.RecentSizes;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * What two owners of one buffer see of each other, all through the public API.
 */
public final class BufferStress {

	private static final int SIZE = 48;

	private static final byte OWN = 1;

	private static final byte NEXT = 2;

	private BufferStress() {
	}

	private static BufferPool pool(Clearing clearing) {
		return BufferPool.builder("stress")
			.tiers(List.of(new BufferTier(SIZE, new Caps(1, 1, 0))))
			.policy(ExhaustionPolicy.FAIL)
			.clearing(clearing)
			.recentSizes(RecentSizes.lockFree(1))
			.build();
	}

	private static PooledBuffer acquireAndFill(BufferPool pool, byte value) {
		PooledBuffer buffer = pool.acquire(SIZE);
		byte[] bytes = new byte[SIZE];
		Arrays.fill(bytes, value);
		buffer.copyIn(0, bytes, 0, SIZE);
		return buffer;
	}

	private static String content(PooledBuffer buffer) {
		byte[] bytes = new byte[SIZE];
		try {
			buffer.copyOut(0, bytes, 0, SIZE);
		}
		catch (LeaseException ex) {
			return "dead";
		}
		for (byte one : bytes) {
			if (one != bytes[0]) {
				return "mixed";
			}
		}
		return switch (bytes[0]) {
			case 0 -> "cleared";
			case OWN -> "own";
			case NEXT -> "next";
			default -> "else";
		};
	}

	private static String contentOfNext(BufferPool pool) {
		PooledBuffer buffer = pool.tryAcquire(SIZE);
		return (buffer != null) ? content(buffer) : "none";
	}

	private static String passOn(PooledBuffer buffer, BufferPool pool) {
		buffer.release();
		PooledBuffer next = pool.tryAcquire(SIZE);
		if (next == null) {
			return "busy";
		}
		fill(next, NEXT);
		return "passed on";
	}

	private static void fill(PooledBuffer buffer, byte value) {
		Arrays.fill(buffer.array(), buffer.arrayOffset(), buffer.arrayOffset() + SIZE, value);
	}

	@Outcome(id = { "own, passed on", "own, busy" }, expect = Expect.ACCEPTABLE,
			desc = "read before the release, or the release waited for the reader")
	@Outcome(id = "dead, passed on", expect = Expect.ACCEPTABLE, desc = "released before")
	@Outcome(id = { "next, .*", "mixed, .*" }, expect = Expect.FORBIDDEN,
			desc = "a stale handle read what belongs to the next owner")
	@Outcome(id = "cleared, .*", expect = Expect.FORBIDDEN, desc = "cleared while it was read")
	@Outcome(expect = Expect.FORBIDDEN, desc = "the buffer has no owner, and can have none")
	public static class OwnOrDead {

	}

	/**
	 * A buffer is read while it goes to the next owner as it is.
	 */
	@JCStressTest
	@JCStressMeta(OwnOrDead.class)
	@State
	public static class ReleaseAndCopyOut {

		private final BufferPool pool = pool(Clearing.NEVER);

		private final PooledBuffer buffer = acquireAndFill(this.pool, OWN);

		@Actor
		public void copyOut(LL_Result result) {
			result.r1 = content(this.buffer);
		}

		@Actor
		public void passOn(LL_Result result) {
			result.r2 = BufferStress.passOn(this.buffer, this.pool);
		}

	}

	/**
	 * A buffer is read while it goes to the next owner, and is cleared on the way.
	 */
	@JCStressTest
	@JCStressMeta(OwnOrDead.class)
	@State
	public static class ReleaseClearingAndCopyOut {

		private final BufferPool pool = pool(Clearing.ON_RELEASE);

		private final PooledBuffer buffer = acquireAndFill(this.pool, OWN);

		@Actor
		public void copyOut(LL_Result result) {
			result.r1 = content(this.buffer);
		}

		@Actor
		public void passOn(LL_Result result) {
			result.r2 = BufferStress.passOn(this.buffer, this.pool);
		}

	}

	/**
	 * The next owner reads what the last one has just written.
	 */
	@JCStressTest
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "own", expect = Expect.ACCEPTABLE, desc = "all that the last owner wrote")
	@Outcome(id = { "cleared", "mixed" }, expect = Expect.FORBIDDEN, desc = "overtook a write of the last owner")
	@State
	public static class ReleaseAndAcquire {

		private final BufferPool pool = pool(Clearing.NEVER);

		private final PooledBuffer buffer = this.pool.acquire(SIZE);

		@Actor
		public void fillAndRelease() {
			fill(this.buffer, OWN);
			this.buffer.release();
		}

		@Actor
		public void acquire(L_Result result) {
			result.r1 = contentOfNext(this.pool);
		}

	}

	/**
	 * The next owner reads what was cleared.
	 */
	@JCStressTest
	@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "not released yet")
	@Outcome(id = "cleared", expect = Expect.ACCEPTABLE, desc = "nothing of what the last owner wrote")
	@Outcome(id = { "own", "mixed" }, expect = Expect.FORBIDDEN, desc = "the next owner reads what the last one wrote")
	@State
	public static class ReleaseClearingAndAcquire {

		private final BufferPool pool = pool(Clearing.ON_RELEASE);

		private final PooledBuffer buffer = this.pool.acquire(SIZE);

		@Actor
		public void fillAndRelease() {
			fill(this.buffer, OWN);
			this.buffer.release();
		}

		@Actor
		public void acquire(L_Result result) {
			result.r1 = contentOfNext(this.pool);
		}

	}

}
