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

import java.time.Duration;

import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * How a pool admits an acquire that finds no idle block. Call its methods after
 * {@link Tier#claim} returned {@code null}.
 *
 * @param policy what an acquire does when {@code max-total} is reached
 * @param maxWait how long it waits with the policy {@link ExhaustionPolicy#WAIT}
 */
public record AdmissionPolicy(ExhaustionPolicy policy, Duration maxWait) {

	/**
	 * How long an acquire waits by default.
	 */
	public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

	/**
	 * Acquire a block under the policy.
	 * @param <B> the kind of block
	 * @param tier the tier
	 * @param size the requested size
	 * @return a block
	 * @throws PoolExhaustedException if none is available
	 * @throws AcquireInterruptedException if interrupted while waiting
	 */
	public <B extends Block> B acquire(Tier<B> tier, int size) {
		try {
			return acquire(tier, size, (this.policy == ExhaustionPolicy.WAIT) ? this.maxWait : Duration.ZERO);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AcquireInterruptedException("Interrupted while waiting for " + tier.describe(size), ex);
		}
	}

	/**
	 * Acquire a block, and wait under any policy.
	 * @param <B> the kind of block
	 * @param tier the tier
	 * @param size the requested size
	 * @param maxWait how long to wait at most
	 * @return a block
	 * @throws PoolExhaustedException if none is available
	 * @throws InterruptedException if interrupted while waiting
	 */
	public <B extends Block> B acquire(Tier<B> tier, int size, Duration maxWait) throws InterruptedException {
		Request<B> request = request(size, nanos(maxWait));
		B block = tier.acquire(request);
		if (block == null) {
			throw tier.refusal(request);
		}
		return block;
	}

	/**
	 * Acquire a block without waiting.
	 * @param <B> the kind of block
	 * @param tier the tier
	 * @param size the requested size
	 * @return a block, or {@code null} if none is available
	 */
	public <B extends Block> @Nullable B tryAcquire(Tier<B> tier, int size) {
		return acquireAtOnce(tier, request(size, 0));
	}

	/**
	 * Acquire a block without waiting, for a caller that asks for less, or waits, if none
	 * is available: a refusal is not counted, and no listener hears of it.
	 * @param <B> the kind of block
	 * @param tier the tier
	 * @param size the requested size
	 * @return a block, or {@code null} if none is available
	 */
	public <B extends Block> @Nullable B attempt(Tier<B> tier, int size) {
		Request<B> request = request(size, 0);
		request.tentative = true;
		return acquireAtOnce(tier, request);
	}

	private static <B extends Block> @Nullable B acquireAtOnce(Tier<B> tier, Request<B> request) {
		try {
			return tier.acquire(request);
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Interrupted without waiting", ex);
		}
	}

	private <B extends Block> Request<B> request(int size, long waitNanos) {
		boolean barred = waitNanos > 0 && !WaitingThreads.mayWait();
		Request<B> request = new Request<>(size, this.policy == ExhaustionPolicy.ALLOCATE, barred ? 0 : waitNanos);
		request.barred = barred;
		return request;
	}

	// Cut to the range of a long
	private static long nanos(Duration duration) {
		try {
			return duration.toNanos();
		}
		catch (ArithmeticException ex) {
			return duration.isNegative() ? 0 : Long.MAX_VALUE;
		}
	}

}
