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
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.LeakDetection;
import io.mempool.core.OpenLease;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.PoolListener;
import org.jspecify.annotations.Nullable;

/**
 * A named source of objects that are used again. Safe for use by any number of platform
 * and virtual threads.
 *
 * <pre class="code">
 * ObjectPool&lt;Deflater&gt; deflaters = ObjectPool.builder("deflaters", Deflater::new)
 *     .reset(Deflater::reset)
 *     .destroy(Deflater::end)
 *     .build();
 * try (PooledObject&lt;Deflater&gt; deflater = deflaters.acquire()) {
 *     deflater.get().setInput(bytes);
 *     ...
 * } // reset, and back
 * </pre>
 *
 * Idle objects are kept until they are acquired, {@linkplain #trim trimmed},
 * {@linkplain ObjectPoolBuilder#idleTimeout expired}, or found invalid: no garbage
 * collection takes them away.
 *
 * @param <T> the type of the objects
 * @since 0.1.0
 * @see #builder(String, Callable)
 */
public interface ObjectPool<T> extends AutoCloseable {

	/**
	 * Begin to build a pool.
	 * @param <T> the type of the objects
	 * @param name the name of the pool, {@code [a-z0-9-]+}
	 * @param factory what creates an object; called by several threads at once, and some
	 * thousand times more to measure {@linkplain CreationCost what it costs} if objects
	 * are quick to create and have neither a destroy hook nor a validation
	 * @return a builder with the defaults described there
	 */
	static <T> ObjectPoolBuilder<T> builder(String name, Callable<? extends T> factory) {
		return new ObjectPoolBuilder<>(name, factory);
	}

	/**
	 * Begin to build a pool of batches: for small objects of which a unit of work needs
	 * hundreds. It acquires one batch, and takes as many objects from it as it needs.
	 * <pre class="code">
	 * ObjectPool&lt;ObjectBatch&lt;Row&gt;&gt; rows = ObjectPool.batches("rows", Row::new, Row::clear).build();
	 * ObjectBatch&lt;Row&gt; batch = scope.acquire(rows);
	 * Row row = batch.next();
	 * </pre>
	 * @param <T> the type of the objects
	 * @param name the name of the pool, {@code [a-z0-9-]+}
	 * @param factory what creates an object; called by several threads at once
	 * @param reset what makes an object fit for its next owner
	 * @return a builder whose reset hook is set
	 * @see ObjectBatch
	 */
	static <T> ObjectPoolBuilder<ObjectBatch<T>> batches(String name, Callable<? extends T> factory,
			ObjectPoolBuilder.Hook<? super T> reset) {
		return builder(name, () -> new ObjectBatch<T>(factory, reset)).reset(ObjectBatch::reset);
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String name();

	/**
	 * Acquire an object under the pool's policy. The caller owns it and releases it.
	 * @return a lease of an object
	 * @throws PoolExhaustedException if {@code max-total} is reached and the policy does
	 * not help
	 * @throws AcquireInterruptedException if interrupted while waiting; the interrupt
	 * flag is set again
	 * @throws PooledObjectException if a new object is needed and the factory fails
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	PooledObject<T> acquire();

	/**
	 * Acquire an object, use it, and give it back, also if using it fails.
	 * <pre class="code">
	 * byte[] hash = digests.use((digest) -&gt; digest.digest(bytes));
	 * </pre> What the function throws is thrown, checked or not. If the reset fails too,
	 * that is a suppressed exception.
	 * @param <R> the type of the result
	 * @param <X> the type of what the function throws; {@link RuntimeException} if it
	 * throws no checked exception
	 * @param function uses the object, which it must not return or keep
	 * @return the result of the function
	 * @throws X if the function fails
	 * @see #acquire() for what else may be thrown
	 */
	default <R extends @Nullable Object, X extends Exception> R use(Use<? super T, ? extends R, ? extends X> function)
			throws X {
		try (PooledObject<T> lease = acquire()) {
			return function.apply(lease.get());
		}
	}

	/**
	 * Acquire an object, use it, and give it back, also if using it fails. As
	 * {@link #use}, without a result.
	 * @param <X> the type of what the action throws
	 * @param action uses the object, which it must not keep
	 * @throws X if the action fails
	 */
	default <X extends Exception> void useWithoutResult(Action<? super T, ? extends X> action) throws X {
		try (PooledObject<T> lease = acquire()) {
			action.apply(lease.get());
		}
	}

	/**
	 * Acquire an object without waiting.
	 * @return a lease of an object, or {@code null} if {@code max-total} is reached (the
	 * policy {@code allocate} helps here too)
	 * @throws PooledObjectException if a new object is needed and the factory fails
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	@Nullable PooledObject<T> tryAcquire();

	/**
	 * Acquire an object, waiting at most for a given time whatever the policy. Waiting is
	 * first come, first served.
	 * @param maxWait how long to wait at most; not at all if not positive
	 * @return a lease of an object
	 * @throws PoolExhaustedException if there was none in time
	 * @throws InterruptedException if interrupted while waiting
	 * @throws PooledObjectException if a new object is needed and the factory fails
	 * @throws PoolClosedException if the pool is closed, or is closed meanwhile
	 */
	@CheckReturnValue
	PooledObject<T> acquire(Duration maxWait) throws InterruptedException;

	/**
	 * Count what the pool has done and holds. Exact at rest; totals never decrease.
	 * @return the figures, read at once
	 */
	ObjectPoolStatistics statistics();

	/**
	 * Return what it costs to create an object.
	 * @return the cost, {@code null} if the pool does not know it, as an implementation
	 * that wraps no other pool
	 */
	default @Nullable CreationCost creationCost() {
		return null;
	}

	/**
	 * List the open leases of a pool whose leak detection is
	 * {@link LeakDetection#PARANOID}, one for each object that is leased. A lease that
	 * begins or ends meanwhile may be listed or not. So may one that began before the
	 * level was raised.
	 * @return the leases, oldest first; a copy that holds neither leases nor memory
	 * @throws IllegalStateException at any other level, which does not note all leases
	 * @throws UnsupportedOperationException by default: an implementation that wraps a
	 * pool passes the call on
	 */
	default List<OpenLease> openLeases() {
		throw new UnsupportedOperationException("Pool '" + name() + "' is a " + getClass().getName()
				+ ", which does not list open leases. Pass openLeases() on to the pool that it wraps");
	}

	/**
	 * Destroy all idle objects now.
	 * @return how many there were
	 */
	long trim();

	/**
	 * Return the settings of the pool.
	 * @return the present settings, which no later update changes
	 */
	ObjectPoolSettings settings();

	/**
	 * Change settings while the pool runs, all of them at once or none. All other
	 * settings stay. Leases are not disturbed. Acquiring and waiting threads see only the
	 * new settings. <pre class="code">
	 * List&lt;PoolChange&gt; changes = pool.update((settings) -&gt; settings.maxIdle(16));
	 * </pre> Concurrent updates are applied one after the other: each begins with what
	 * the one before left. {@link ObjectPoolOptions} says which settings cannot change.
	 * @param change returns the settings to have, for the present ones. It is called
	 * again if another update came first, and without a lock
	 * @return what changed, empty if all of it was so already
	 * @throws IllegalArgumentException if a setting cannot change; nothing has changed
	 * then
	 * @throws PoolClosedException if the pool is closed
	 */
	List<PoolChange> update(UnaryOperator<ObjectPoolSettings> change);

	/**
	 * Add a listener for updates. The updating thread calls it after each update that
	 * changed a setting. A failure is logged. Two concurrent updates may be reported in
	 * either order, so ask the pool for its present settings.
	 * @param listener receives the changes; the pool keeps it until it is closed
	 */
	void onUpdate(Consumer<List<PoolChange>> listener);

	/**
	 * Add a listener for the close of the pool. The closing thread calls it once, after
	 * the close. If the pool is closed already, the calling thread calls it at once. A
	 * listener that fails is logged. The default does nothing: an implementation that
	 * wraps a pool passes the listener on.
	 * @param listener the listener, held until the pool is closed
	 */
	default void onClose(Runnable listener) {
	}

	/**
	 * Add a listener for refused acquires, leaks and trims. The default does nothing: an
	 * implementation that wraps a pool passes the listener on.
	 * @param listener the listener, held until it is removed
	 */
	default void addListener(PoolListener listener) {
	}

	/**
	 * Remove a listener. The default does nothing: an implementation that wraps a pool
	 * passes the listener on.
	 * @param listener a listener that was added
	 */
	default void removeListener(PoolListener listener) {
	}

	/**
	 * Close the pool: further acquires fail, idle objects are destroyed, and leased ones
	 * stay usable until they are released and then are destroyed too. Closing again has
	 * no effect.
	 */
	@Override
	void close();

	/**
	 * Something to do with an object that has a result.
	 *
	 * @param <T> the type of the object
	 * @param <R> the type of the result
	 * @param <X> the type of what it throws
	 */
	@FunctionalInterface
	interface Use<T, R extends @Nullable Object, X extends Exception> {

		/**
		 * Do it.
		 * @param object the object
		 * @return the result
		 * @throws X if it fails
		 */
		R apply(T object) throws X;

	}

	/**
	 * Something to do with an object.
	 *
	 * @param <T> the type of the object
	 * @param <X> the type of what it throws
	 */
	@FunctionalInterface
	interface Action<T, X extends Exception> {

		/**
		 * Do it.
		 * @param object the object
		 * @throws X if it fails
		 */
		void apply(T object) throws X;

	}

}
