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

import java.util.Objects;
import java.util.concurrent.Callable;

import io.mempool.core.ExhaustionPolicy;
import io.mempool.engine.PoolName;
import io.mempool.engine.SettingValues;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link ObjectPool}. Without further settings it keeps up to
 * {@value #DEFAULT_MAX_IDLE} idle objects, and {@linkplain #maxIdle more} if as many are
 * used at once. It has no limit, has the policy {@link ExhaustionPolicy#ALLOCATE}, and
 * uses objects again as they come back.
 * <p>
 * Not safe for use by several threads. Factory and hooks are called by whatever threads
 * use the pool, without a lock of the pool held, and never by two of them at once for the
 * same object.
 *
 * @param <T> the type of the objects
 * @since 0.1.0
 */
public class ObjectPoolBuilder<T> extends ObjectPoolOptions<ObjectPoolBuilder<T>> {

	private final Callable<? extends T> factory;

	private @Nullable Hook<? super T> reset;

	private @Nullable Check<? super T> validation;

	private @Nullable Hook<? super T> destruction;

	private SettingValues values = SettingValues.NONE;

	/**
	 * Begin to build a pool. For use by subclasses, which may settle the last details in
	 * {@link #build}; other code begins with {@link ObjectPool#builder}.
	 * @param name the name of the pool, {@code [a-z0-9-]+}
	 * @param factory what creates an object; called by several threads at once
	 */
	protected ObjectPoolBuilder(String name, Callable<? extends T> factory) {
		super(PoolName.check(name));
		this.factory = Objects.requireNonNull(factory, "'factory' must not be null");
	}

	@Override
	final SettingValues values() {
		return this.values;
	}

	@Override
	final ObjectPoolBuilder<T> with(SettingValues values) {
		this.values = values;
		return this;
	}

	/**
	 * Set what makes an object fit for its next owner: nothing of its last one may be
	 * left. It is called when the object is released. If it fails, the object is
	 * destroyed and the release throws.
	 * @param reset the hook, for example {@code Deflater::reset}
	 * @return this builder
	 */
	public final ObjectPoolBuilder<T> reset(Hook<? super T> reset) {
		this.reset = Objects.requireNonNull(reset, "'reset' must not be null");
		return this;
	}

	/**
	 * Set the check that says whether an idle object can still be used. It is called when
	 * the object is about to be acquired, not for new ones. If it says no, or fails, the
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
	 * factory made except for objects whose lease was lost, and also when a thread may
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
	 * Return the settings of the pool that is built.
	 * @return the settings as set so far
	 * @throws IllegalArgumentException if more objects would be preallocated than the
	 * pool may keep or have
	 */
	public final ObjectPoolSettings settings() {
		return new ObjectPoolSettings(name(), this.values).resolved();
	}

	/**
	 * Build the pool and preallocate its objects.
	 * @return a new pool; close it when it is no longer needed
	 * @throws IllegalArgumentException if more objects would be preallocated than the
	 * pool may keep or have
	 * @throws PooledObjectException if the factory fails; objects it made before are
	 * destroyed then
	 */
	public ObjectPool<T> build() {
		ObjectSource<T> source = new ObjectSource<>(name(), this.factory, this.reset, this.validation,
				this.destruction);
		return new SingleTierObjectPool<>(settings(), source);
	}

	@Override
	public String toString() {
		return "ObjectPoolBuilder[name=" + name() + ", " + this.values + "]";
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
