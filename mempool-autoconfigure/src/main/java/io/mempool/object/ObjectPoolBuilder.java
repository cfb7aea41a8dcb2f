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
import java.util.Objects;
import java.util.concurrent.Callable;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.PoolName;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link ObjectPool}. Without further settings it keeps up to
 * {@value #DEFAULT_MAX_IDLE} idle objects, has no limit, has the policy
 * {@link ExhaustionPolicy#ALLOCATE}, and uses objects again as they come back.
 * <p>
 * Not safe for use by several threads. Factory and hooks are called by whatever threads
 * use the pool, without a lock of the pool held, and never by two of them at once for the
 * same object.
 *
 * @param <T> the type of the objects
 * @since 0.1.0
 */
public class ObjectPoolBuilder<T> {

	/**
	 * How many idle objects a pool keeps if nothing else was said.
	 */
	public static final int DEFAULT_MAX_IDLE = 64;

	private final String name;

	private final Callable<? extends T> factory;

	private @Nullable Hook<? super T> reset;

	private @Nullable Check<? super T> validation;

	private @Nullable Hook<? super T> destruction;

	private @Nullable Integer maxIdle;

	private int maxTotal = Caps.UNLIMITED;

	private int prefill;

	private ExhaustionPolicy policy = ExhaustionPolicy.ALLOCATE;

	private Duration maxWait = AdmissionPolicy.DEFAULT_MAX_WAIT;

	private @Nullable Duration idleTimeout;

	private boolean pooling = true;

	private LeakSettings leaks = LeakSettings.NONE;

	/**
	 * Begin to build a pool. For use by subclasses, which may settle the last details in
	 * {@link #build}; everybody else begins with {@link ObjectPool#builder}.
	 * @param name the name of the pool, {@code [a-z0-9-]+}
	 * @param factory what creates an object; called by several threads at once
	 */
	protected ObjectPoolBuilder(String name, Callable<? extends T> factory) {
		this.name = PoolName.check(name);
		this.factory = Objects.requireNonNull(factory, "'factory' must not be null");
	}

	/**
	 * Return the name of the pool that is built.
	 * @return the name
	 */
	public final String name() {
		return this.name;
	}

	/**
	 * Set what makes an object fit for its next owner: nothing of its last one may be
	 * left. It is called when the object is released. If it fails, the object is
	 * destroyed and whoever released it is told.
	 * @param reset the hook, for example {@code Deflater::reset}
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> reset(Hook<? super T> reset) {
		this.reset = Objects.requireNonNull(reset, "'reset' must not be null");
		return this;
	}

	/**
	 * Set what tells whether an idle object can still be used. It is called when the
	 * object is about to be acquired, not for new ones. If it says no, or fails, the
	 * object is destroyed and another idle one is tried; if there is none, one is created
	 * in its place, without a wait.
	 * @param validation the check, for example
	 * {@code (connection) -> connection.isValid(1)}
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> validation(Check<? super T> validation) {
		this.validation = Objects.requireNonNull(validation, "'validation' must not be null");
		return this;
	}

	/**
	 * Set what destroys an object that is not used again. It is called for everything the
	 * factory made except for objects whose lease was lost, and also when somebody may
	 * still be using the object: after {@link PooledObject#discard} and at the end of a
	 * request that timed out. Expired objects are destroyed by the thread that serves all
	 * pools: a hook should not block. If it fails, that is logged.
	 * @param destruction the hook, for example {@code Deflater::end}
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> destroy(Hook<? super T> destruction) {
		this.destruction = Objects.requireNonNull(destruction, "'destruction' must not be null");
		return this;
	}

	/**
	 * Set how many idle objects are kept.
	 * @param maxIdle a number, {@code 0} to keep none; the number of objects to prefill
	 * with, but at least {@value #DEFAULT_MAX_IDLE}, if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> maxIdle(int maxIdle) {
		this.maxIdle = Caps.ofIdle(maxIdle).maxIdle();
		return this;
	}

	/**
	 * Set how many pooled objects may exist, idle and leased.
	 * @param maxTotal a positive number; no limit if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> maxTotal(int maxTotal) {
		this.maxTotal = new Caps(0, maxTotal, 0).maxTotal();
		return this;
	}

	/**
	 * Set how many objects are created with the pool.
	 * @param prefill a number; none if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> prefill(int prefill) {
		if (prefill < 0) {
			throw new IllegalArgumentException("'prefill' must not be negative but is " + prefill);
		}
		this.prefill = prefill;
		return this;
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached.
	 * @param policy the policy
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> policy(ExhaustionPolicy policy) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}.
	 * @param maxWait a positive time; one second if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> maxWait(Duration maxWait) {
		if (maxWait.isNegative() || maxWait.isZero()) {
			throw new IllegalArgumentException("'maxWait' must be positive but is " + maxWait);
		}
		this.maxWait = maxWait;
		return this;
	}

	/**
	 * Set after which time idle objects that no acquire needed are destroyed, whether or
	 * not the pool is used meanwhile, down to the number of objects to prefill with. They
	 * are gone after twice that time at the latest.
	 * @param idleTimeout a positive time; objects are kept if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> idleTimeout(Duration idleTimeout) {
		if (idleTimeout.isNegative() || idleTimeout.isZero()) {
			throw new IllegalArgumentException("'idleTimeout' must be positive but is " + idleTimeout);
		}
		this.idleTimeout = idleTimeout;
		return this;
	}

	/**
	 * Set whether objects are pooled. The unpooled twin has the same caps, policy and
	 * errors, but every object is fresh, and is destroyed on release: swap it in to tell
	 * whether pooling hides or causes an error.
	 * @param pooling {@code false} for the unpooled twin
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> pooling(boolean pooling) {
		this.pooling = pooling;
		return this;
	}

	/**
	 * Set what is written down about leases, so that lost ones can be named.
	 * @param detection the level; {@link LeakDetection#DISABLED} if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> leakDetection(LeakDetection detection) {
		Objects.requireNonNull(detection, "'detection' must not be null");
		this.leaks = this.leaks.withDetection(detection);
		return this;
	}

	/**
	 * Set who is told of leaks.
	 * @param listener the listener, which pools may share; leaks are only logged if not
	 * set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> leakListener(LeakListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.leaks = new LeakSettings(this.leaks.detection(), listener, this.leaks.maxAge());
		return this;
	}

	/**
	 * Set after which time an open lease is reported as a leak, once. Only leases that
	 * were noted are seen, see {@link #leakDetection}.
	 * @param maxAge a positive time; leases may be open for any time if not set
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> leakMaxAge(Duration maxAge) {
		Objects.requireNonNull(maxAge, "'maxAge' must not be null");
		this.leaks = new LeakSettings(this.leaks.detection(), this.leaks.listener(), maxAge);
		return this;
	}

	/**
	 * Return how many objects the pool may hold, as set so far.
	 * @return the caps
	 * @throws IllegalArgumentException if the pool would be prefilled with more than it
	 * may keep or have
	 */
	public final Caps caps() {
		int maxIdle = (this.maxIdle != null) ? this.maxIdle : Math.max(DEFAULT_MAX_IDLE, this.prefill);
		if (this.prefill > Math.min(maxIdle, this.maxTotal)) {
			throw new IllegalArgumentException("'prefill' must not exceed maxIdle (" + maxIdle + ") or maxTotal ("
					+ ((this.maxTotal != Caps.UNLIMITED) ? this.maxTotal : "unlimited") + ") but is " + this.prefill);
		}
		return new Caps(maxIdle, this.maxTotal, this.prefill);
	}

	/**
	 * Build the pool and prefill it.
	 * @return a new pool; close it when it is no longer needed
	 * @throws IllegalArgumentException if the pool would be prefilled with more than it
	 * may keep or have
	 * @throws PooledObjectException if the factory fails; objects it made before are
	 * destroyed then
	 */
	public ObjectPool<T> build() {
		ObjectSource<T> source = new ObjectSource<>(this.name, this.factory, this.reset, this.validation,
				this.destruction);
		return new SingleTierObjectPool<>(this.name, source, caps(), new AdmissionPolicy(this.policy, this.maxWait),
				this.idleTimeout, this.pooling, this.leaks);
	}

	/**
	 * Something to do with an object.
	 *
	 * @param <T> the type of the object
	 */
	@FunctionalInterface
	public interface Hook<T> {

		/**
		 * Do it.
		 * @param object the object
		 * @throws Exception if it fails
		 */
		void apply(T object) throws Exception;

	}

	/**
	 * Something to ask an object.
	 *
	 * @param <T> the type of the object
	 */
	@FunctionalInterface
	public interface Check<T> {

		/**
		 * Ask it.
		 * @param object the object
		 * @return whether the object can be used
		 * @throws Exception if it fails, which means no
		 */
		boolean test(T object) throws Exception;

	}

}
