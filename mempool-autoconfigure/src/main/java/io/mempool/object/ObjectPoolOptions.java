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

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.engine.Setting;
import io.mempool.engine.SettingValues;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool of objects, each written down once: as a method that sets it and
 * a method that returns it. An {@link ObjectPoolBuilder} is changed by the first, of
 * {@link ObjectPoolSettings} they return a changed copy. The order of calls that set
 * different things never matters.
 * <p>
 * <strong>At run time.</strong> {@link ObjectPool#update} changes {@code maxIdle},
 * {@code maxTotal}, {@code policy}, {@code maxWait}, {@code idleTimeout} and
 * {@code leakDetection}. All other settings are fixed when the pool is built.
 *
 * @param <S> the builder or the settings
 * @since 0.1.0
 */
public abstract class ObjectPoolOptions<S extends ObjectPoolOptions<S>> {

	/**
	 * How many idle objects a pool keeps at first if that is not set.
	 */
	public static final int DEFAULT_MAX_IDLE = 1024;

	/**
	 * How many idle objects a pool keeps at most if that is not set.
	 */
	public static final int GROWN_MAX_IDLE = 1 << 16;

	/**
	 * The caps that a pool has, or that it had before others were set.
	 */
	static final Setting<Caps> CAPS = Setting.of("caps", null);

	static final Setting<Boolean> MAX_IDLE_GROWS = Setting.of("maxIdleGrows", true);

	/**
	 * What can change while the pool runs, beside the caps.
	 */
	static final List<Setting<?>> CHANGEABLE = List.of(Setting.POLICY, Setting.MAX_WAIT, Setting.IDLE_TIMEOUT,
			Setting.LEAK_DETECTION);

	private final String name;

	ObjectPoolOptions(String name) {
		this.name = name;
	}

	/**
	 * Return what is set so far.
	 */
	abstract SettingValues values();

	/**
	 * Return these options with other values.
	 */
	abstract S with(SettingValues values);

	private <T> S with(Setting<T> setting, @Nullable T value) {
		return with(values().with(setting, value));
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public final String name() {
		return this.name;
	}

	/**
	 * Set how many idle objects are kept, for ever. In an update, idle objects beyond
	 * that are destroyed.
	 * <p>
	 * If it is not set, the pool begins with {@value #DEFAULT_MAX_IDLE}, or the number of
	 * preallocated objects. When it destroys objects because more come back, and creates
	 * them again later, it keeps as many more, up to {@value #GROWN_MAX_IDLE}. Idle
	 * objects never exceed what {@link ObjectPoolStatistics#caps} says at that instant.
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this builder, or changed settings
	 */
	public final S maxIdle(int maxIdle) {
		return with(Setting.MAX_IDLE, maxIdle);
	}

	/**
	 * Return whether {@code max-idle} grows with what is used at once, because it was not
	 * set.
	 * @return {@code false} if it was set, by the builder or an update
	 */
	public final boolean maxIdleGrows() {
		return values().set(Setting.MAX_IDLE) == null && values().get(MAX_IDLE_GROWS);
	}

	/**
	 * Set how many pooled objects may exist, idle and leased. If more exist at an update,
	 * idle ones are destroyed. Leased ones may exceed the cap. While they do, none is
	 * created and each returning one is destroyed.
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit; no limit if
	 * not set
	 * @return this builder, or changed settings
	 */
	public final S maxTotal(int maxTotal) {
		return with(Setting.MAX_TOTAL, maxTotal);
	}

	/**
	 * Set how many objects are created with the pool. Fixed when the pool is built, but a
	 * lower cap of an update lowers it too.
	 * @param preallocate a number; none if not set
	 * @return this builder, or changed settings
	 */
	public final S preallocate(int preallocate) {
		return with(Setting.PREALLOCATE, preallocate);
	}

	/**
	 * Return how many objects the pool may hold by all that is set.
	 * @return the caps; {@code maxIdle} is what the pool begins with if it
	 * {@linkplain #maxIdleGrows grows}
	 * @throws IllegalArgumentException if more objects would be preallocated than the
	 * pool may keep or have
	 */
	public final Caps caps() {
		return values().caps(values().find(CAPS), DEFAULT_MAX_IDLE);
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached. In an update, threads
	 * that already wait keep the former setting.
	 * @param policy the policy; {@link ExhaustionPolicy#ALLOCATE} if not set
	 * @return this builder, or changed settings
	 */
	public final S policy(ExhaustionPolicy policy) {
		return with(Setting.POLICY, policy);
	}

	/**
	 * Return what an acquire does when {@code max-total} is reached.
	 * @return the policy
	 */
	public final ExhaustionPolicy policy() {
		return values().get(Setting.POLICY);
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}. In an
	 * update, threads that already wait keep the former setting.
	 * @param maxWait a positive time; one second if not set
	 * @return this builder, or changed settings
	 */
	public final S maxWait(Duration maxWait) {
		return with(Setting.MAX_WAIT, maxWait);
	}

	/**
	 * Return how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}.
	 * @return a positive time
	 */
	public final Duration maxWait() {
		return values().get(Setting.MAX_WAIT);
	}

	/**
	 * Set the time after which unused idle objects are destroyed, down to the number of
	 * preallocated objects. This happens whether or not the pool is in use, after twice
	 * that time at the latest.
	 * @param idleTimeout a positive time, {@code null} to keep idle objects; they are
	 * kept if not set
	 * @return this builder, or changed settings
	 */
	public final S idleTimeout(@Nullable Duration idleTimeout) {
		return (idleTimeout != null) ? with(Setting.IDLE_TIMEOUT, idleTimeout)
				: with(values().without(Setting.IDLE_TIMEOUT));
	}

	/**
	 * Return the time after which unused idle objects are destroyed.
	 * @return a positive time, {@code null} if they are kept
	 */
	public final @Nullable Duration idleTimeout() {
		return values().find(Setting.IDLE_TIMEOUT);
	}

	/**
	 * Set whether objects are pooled. The unpooled twin has the same caps, policy and
	 * errors. But every object is fresh, and is destroyed on release. Use it to test
	 * whether pooling hides or causes an error. Fixed when the pool is built.
	 * @param pooling {@code false} for the unpooled twin
	 * @return this builder, or changed settings
	 */
	public final S pooling(boolean pooling) {
		return with(Setting.POOLING, pooling);
	}

	/**
	 * Return whether objects are pooled.
	 * @return {@code false} for the unpooled twin
	 */
	public final boolean pooling() {
		return values().get(Setting.POOLING);
	}

	/**
	 * Set how much is noted about leases, so that reports can name lost ones.
	 * @param detection the level; {@link LeakDetection#DISABLED} if not set
	 * @return this builder, or changed settings
	 */
	public final S leakDetection(LeakDetection detection) {
		return with(Setting.LEAK_DETECTION, detection);
	}

	/**
	 * Return how much is noted about leases.
	 * @return the level
	 */
	public final LeakDetection leakDetection() {
		return values().get(Setting.LEAK_DETECTION);
	}

	/**
	 * Set the listener for leaks. Fixed when the pool is built.
	 * @param listener the listener, which pools may share; leaks are only logged if not
	 * set
	 * @return this builder, or changed settings
	 */
	public final S leakListener(LeakListener listener) {
		return with(Setting.LEAK_LISTENER, listener);
	}

	/**
	 * Set the time after which an open lease is reported as a leak, once. Only noted
	 * leases are seen, see {@link #leakDetection}. Fixed when the pool is built.
	 * @param maxAge a positive time; leases may be open for any time if not set
	 * @return this builder, or changed settings
	 */
	public final S leakMaxAge(Duration maxAge) {
		return with(Setting.LEAK_MAX_AGE, maxAge);
	}

	/**
	 * Return the time after which an open lease is reported as a leak.
	 * @return a positive time, {@code null} for any time
	 */
	public final @Nullable Duration leakMaxAge() {
		return values().find(Setting.LEAK_MAX_AGE);
	}

}
