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

import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;

import io.mempool.engine.BlockSource;
import io.mempool.engine.QuietLog;
import io.mempool.object.ObjectPoolBuilder.Check;
import io.mempool.object.ObjectPoolBuilder.Hook;
import org.jspecify.annotations.Nullable;

/**
 * Calls the factory and the hooks of a pool, and keeps their failures from the pool: one
 * that concerns the caller is thrown once the object is dealt with, any other is logged.
 */
final class ObjectSource<T> implements BlockSource<ObjectBlock<T>> {

	private final String pool;

	private final Callable<? extends T> factory;

	private final @Nullable Hook<? super T> reset;

	private final @Nullable Check<? super T> validation;

	private final @Nullable Hook<? super T> destruction;

	private final CreationCost cost = new CreationCost(this);

	ObjectSource(String pool, Callable<? extends T> factory, @Nullable Hook<? super T> reset,
			@Nullable Check<? super T> validation, @Nullable Hook<? super T> destruction) {
		this.pool = pool;
		this.factory = factory;
		this.reset = reset;
		this.validation = validation;
		this.destruction = destruction;
	}

	String pool() {
		return this.pool;
	}

	CreationCost cost() {
		return this.cost;
	}

	@Override
	public ObjectBlock<T> create(int size) {
		long begin = System.nanoTime();
		T object = call();
		this.cost.add(System.nanoTime() - begin);
		return new ObjectBlock<>(this.pool, object);
	}

	/**
	 * Call the factory.
	 */
	T call() {
		try {
			T object = this.factory.call();
			if (object == null) {
				throw new NullPointerException("The factory returned null");
			}
			return object;
		}
		catch (Exception ex) {
			throw failure("create an object for pool '" + this.pool + "'", ex);
		}
	}

	@Override
	public boolean resets() {
		return this.reset != null;
	}

	@Override
	public boolean reset(ObjectBlock<T> block, int extent) {
		Hook<? super T> reset = this.reset;
		if (reset != null) {
			try {
				reset.apply(block.object());
			}
			catch (Exception ex) {
				throw failure("reset an object of pool '" + this.pool + "', so that it was destroyed", ex);
			}
		}
		return true;
	}

	/**
	 * Return whether the pool has to ask before it hands out an idle object.
	 */
	boolean validates() {
		return this.validation != null;
	}

	@Override
	public boolean isFit(ObjectBlock<T> block) {
		Check<? super T> validation = this.validation;
		try {
			return validation == null || validation.test(block.object());
		}
		catch (Exception ex) {
			restoreInterrupt(ex);
			log(Level.DEBUG, "Took an object of pool '" + this.pool + "' for invalid, as its validation failed", ex);
			return false;
		}
	}

	@Override
	public boolean destroys() {
		return this.destruction != null;
	}

	@Override
	public void destroy(ObjectBlock<T> block, boolean inDoubt, Runnable gone) {
		try {
			destroy(block);
		}
		finally {
			gone.run();
		}
	}

	private void destroy(ObjectBlock<T> block) {
		Hook<? super T> destruction = this.destruction;
		if (destruction != null) {
			try {
				destruction.apply(block.object());
			}
			catch (Throwable ex) {
				// The thread that releases, acquires or closes has no part in this
				restoreInterrupt(ex);
				log(Level.WARNING, "Failed to destroy an object of pool '" + this.pool + "', which is not used again",
						ex);
			}
		}
	}

	private static PooledObjectException failure(String action, Exception cause) {
		restoreInterrupt(cause);
		return new PooledObjectException("Cannot " + action + ": " + cause, cause);
	}

	private static void restoreInterrupt(Throwable ex) {
		if (ex instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
	}

	private static void log(Level level, String message, Throwable ex) {
		QuietLog.log(ObjectPool.class, level, message, ex);
	}

}
