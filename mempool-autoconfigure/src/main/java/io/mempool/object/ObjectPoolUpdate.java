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

package io.mempool.object;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.LeakSettings;
import org.jspecify.annotations.Nullable;

/**
 * Changes settings of a pool of objects while it runs, all of them at once or none. What
 * is not mentioned stays as it is, and no lease is disturbed.
 * <p>
 * Used once. Not safe for use by several threads; several updates of one pool are applied
 * one after the other.
 *
 * @since 0.1.0
 * @see ObjectPool#update()
 */
public final class ObjectPoolUpdate {

	private final Function<ObjectPoolUpdate, List<PoolChange>> target;

	private @Nullable Integer maxIdle;

	private @Nullable Integer maxTotal;

	private @Nullable ExhaustionPolicy policy;

	private @Nullable Duration maxWait;

	private boolean changesIdleTimeout;

	private @Nullable Duration idleTimeout;

	private @Nullable LeakDetection leakDetection;

	private boolean applied;

	ObjectPoolUpdate(Function<ObjectPoolUpdate, List<PoolChange>> target) {
		this.target = target;
	}

	/**
	 * Set how many idle objects are kept. Idle objects beyond that are destroyed.
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this update
	 */
	public ObjectPoolUpdate maxIdle(int maxIdle) {
		this.maxIdle = Caps.ofIdle(maxIdle).maxIdle();
		return this;
	}

	/**
	 * Set how many pooled objects may exist. If there are more, idle ones are destroyed;
	 * leased ones may exceed the cap, and until there are fewer, none is created and none
	 * that comes back is kept.
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit
	 * @return this update
	 */
	public ObjectPoolUpdate maxTotal(int maxTotal) {
		this.maxTotal = new Caps(0, maxTotal, 0).maxTotal();
		return this;
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached. Those who wait already
	 * go on as they began.
	 * @param policy the policy
	 * @return this update
	 */
	public ObjectPoolUpdate policy(ExhaustionPolicy policy) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}. Those
	 * who wait already go on as they began.
	 * @param maxWait a positive time
	 * @return this update
	 */
	public ObjectPoolUpdate maxWait(Duration maxWait) {
		if (maxWait.isNegative() || maxWait.isZero()) {
			throw new IllegalArgumentException("'maxWait' must be positive but is " + maxWait);
		}
		this.maxWait = maxWait;
		return this;
	}

	/**
	 * Set after which time idle objects that no acquire needed are destroyed.
	 * @param idleTimeout a positive time, {@code null} to keep them
	 * @return this update
	 * @see ObjectPoolBuilder#idleTimeout
	 */
	public ObjectPoolUpdate idleTimeout(@Nullable Duration idleTimeout) {
		if (idleTimeout != null && (idleTimeout.isNegative() || idleTimeout.isZero())) {
			throw new IllegalArgumentException("'idleTimeout' must be positive but is " + idleTimeout);
		}
		this.idleTimeout = idleTimeout;
		this.changesIdleTimeout = true;
		return this;
	}

	/**
	 * Set what is written down about leases from now on.
	 * @param detection the level
	 * @return this update
	 */
	public ObjectPoolUpdate leakDetection(LeakDetection detection) {
		this.leakDetection = Objects.requireNonNull(detection, "'detection' must not be null");
		return this;
	}

	/**
	 * Apply the update.
	 * @return what changed, empty if all of it was so already
	 * @throws PoolClosedException if the pool is closed
	 * @throws IllegalStateException if it was applied before
	 */
	public List<PoolChange> apply() {
		if (this.applied) {
			throw new IllegalStateException("Cannot apply an update twice: call update() for another one");
		}
		this.applied = true;
		return this.target.apply(this);
	}

	/**
	 * Return how many objects the pool may hold from now on.
	 */
	Caps on(Caps now) {
		return now.with(Objects.requireNonNullElse(this.maxIdle, now.maxIdle()),
				Objects.requireNonNullElse(this.maxTotal, now.maxTotal()));
	}

	/**
	 * Return on what terms it lends from now on.
	 */
	AdmissionPolicy on(AdmissionPolicy now) {
		return new AdmissionPolicy(Objects.requireNonNullElse(this.policy, now.policy()),
				Objects.requireNonNullElse(this.maxWait, now.maxWait()));
	}

	/**
	 * Return after which time idle objects are destroyed from now on.
	 */
	@Nullable Duration on(@Nullable Duration now) {
		return this.changesIdleTimeout ? this.idleTimeout : now;
	}

	/**
	 * Return how it looks for leaks from now on.
	 */
	LeakSettings on(LeakSettings now) {
		return now.withDetection(Objects.requireNonNullElse(this.leakDetection, now.detection()));
	}

}
