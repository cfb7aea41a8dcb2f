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

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.slice.SlicingAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Owns the leases of one unit of work, of buffers, objects and slices: what is acquired
 * through it, or adopted, and not released before is released when it is closed, newest
 * first.
 *
 * <pre class="code">
 * try (BufferScope scope = new BufferScope(pool)) {
 *     PooledBuffer header = scope.acquire(64);
 *     PooledBuffer body = scope.acquire(100_000);
 *     Deflater deflater = scope.acquire(deflaters);
 *     ...
 * } // all are back
 * </pre>
 *
 * Safe for use by several threads. It drops its own references only: a buffer that was
 * retained lives on, and a lease that was detached belongs to the caller that detached
 * it. What was released early is forgotten.
 * <p>
 * A thread that works for the scope and may outlive its close needs the scope to wait:
 * {@link #wrap} and {@link #submit} hand a task over. The scope ends when it was closed
 * and the last task has ended. Until then its tasks may use it.
 * <p>
 * A limit counts the {@linkplain Lease#size sizes} of the leases that the scope owns and
 * what was written to its streams. What would exceed it is refused, and nothing is lost.
 *
 * @since 0.1.0
 */
public final class BufferScope extends BufferItems implements AutoCloseable {

	private final @Nullable BufferPool pool;

	/**
	 * Open a scope without a pool of its own and without a limit, for objects, and for
	 * buffers of other pools.
	 */
	public BufferScope() {
		super(Long.MAX_VALUE, null, false);
		this.pool = null;
	}

	/**
	 * Open a scope without a limit.
	 * @param pool the pool that {@link #acquire(int)} uses
	 */
	public BufferScope(BufferPool pool) {
		this(pool, Long.MAX_VALUE);
	}

	/**
	 * Open a scope.
	 * @param pool the pool that {@link #acquire(int)} uses
	 * @param limit how many bytes it may hold at once, as requested, of all pools
	 */
	public BufferScope(BufferPool pool, long limit) {
		this(pool, limit, null, false);
	}

	/**
	 * Open a scope for a unit of work that can be named.
	 * @param pool the pool that {@link #acquire(int)} uses
	 * @param limit how many bytes it may hold at once, as requested, of all pools;
	 * {@link Long#MAX_VALUE} for no limit
	 * @param work names the unit of work for reports of leaks, {@code null} if it has no
	 * name; called by any thread, as long as the scope is open or is being closed
	 * @param reportsUnreleased whether to report to the listeners of the pools what is
	 * left when the scope ends. That is no mistake, as the scope releases it, but it may
	 * have been held for too long. The housekeeping thread reports
	 */
	public BufferScope(BufferPool pool, long limit, @Nullable Supplier<@Nullable UnitOfWork> work,
			boolean reportsUnreleased) {
		super(limit, work, reportsUnreleased);
		this.pool = Objects.requireNonNull(pool, "'pool' must not be null");
	}

	/**
	 * Open a scope with a part in a quota.
	 */
	BufferScope(BufferPool pool, long limit, @Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased,
			ScopeQuota quota, Supplier<? extends @Nullable Object> key) {
		super(limit, work, reportsUnreleased, quota, pool.name(), key);
		this.pool = pool;
	}

	/**
	 * Acquire a buffer of the scope's pool.
	 * @param size bytes, {@code 0} or more
	 * @return a buffer that the scope owns
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @throws IllegalStateException if the scope has no pool
	 * @see BufferPool#acquire(int)
	 */
	@CheckReturnValue
	public PooledBuffer acquire(int size) {
		return acquire(ScopeLeases.require(this.pool, "acquire(pool, size)"), size);
	}

	/**
	 * Acquire a buffer of any pool.
	 * @param pool the pool
	 * @param size bytes, {@code 0} or more
	 * @return a buffer that the scope owns
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see BufferPool#acquire(int)
	 */
	@CheckReturnValue
	public PooledBuffer acquire(BufferPool pool, int size) {
		return acquireBuffer(pool, size);
	}

	/**
	 * Acquire an object. What a scope may hold is limited in bytes, which objects do not
	 * count towards.
	 * @param <T> the type of the object
	 * @param pool the pool
	 * @return an object that the scope owns, not to be used after the scope is closed
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see ObjectPool#acquire()
	 */
	@CheckReturnValue
	public <T> T acquire(ObjectPool<T> pool) {
		if (isClosed()) {
			throw closed("an object");
		}
		PooledObject<T> lease = pool.acquire();
		T object = lease.get();
		addOrClose(lease, 0);
		return object;
	}

	/**
	 * Acquire several objects, all or none: if one of them cannot be acquired, those
	 * before it are released. With the policy {@code wait}, that is how two units of work
	 * end that wait for each other's objects.
	 * @param <T> the type of the objects
	 * @param pool the pool
	 * @param count how many objects, {@code 0} or more
	 * @return the objects, which the scope owns
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see ObjectPool#acquire()
	 */
	@CheckReturnValue
	public <T> List<T> acquire(ObjectPool<T> pool, int count) {
		if (isClosed()) {
			throw closed(count + " objects");
		}
		return ScopeLeases.acquire(pool, count, (lease) -> addOrClose(lease, 0));
	}

	/**
	 * Take ownership of a lease: of a buffer, an object, a slice or anything else. If
	 * this fails, nothing has changed: the owner of before still owns the lease and
	 * releases it.
	 * @param <L> the type of the lease
	 * @param lease a lease that the caller owned until now
	 * @return the same lease
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope is closed
	 * @throws LeaseException if the scope owns the lease already, or it was released
	 */
	public <L extends Lease> L adopt(L lease) {
		ownUnlessOwned(lease);
		return lease;
	}

	/**
	 * Give ownership of a lease away: the scope will not release it.
	 * @param <L> the type of the lease
	 * @param lease a lease that the scope owns
	 * @return the same lease, which the caller owns now
	 * @throws LeaseException if the scope does not own it, or is closed
	 */
	@SuppressWarnings("ReferenceEquality")
	public <L extends Lease> L detach(L lease) {
		if (remove((item) -> item == lease) == null) {
			throw notOwned(lease);
		}
		return lease;
	}

	/**
	 * Give ownership of an object away: the scope will not release it. Also the way to
	 * release it before the scope ends, {@code scope.detach(pool, object).release()}.
	 * @param <T> the type of the object
	 * @param pool the pool it was acquired from
	 * @param object an object that the scope owns
	 * @return its lease, which the caller owns now
	 * @throws LeaseException if the scope does not own it, or is closed
	 */
	// A lease whose object is a T is a lease of a T
	@SuppressWarnings("unchecked")
	@CheckReturnValue
	public <T> PooledObject<T> detach(ObjectPool<T> pool, T object) {
		Lease lease = removeLeaseOf(object);
		if (lease == null) {
			throw notOwned("an object of pool '" + pool.name() + "'");
		}
		return (PooledObject<T>) lease;
	}

	/**
	 * Return a stream of the scope's pool, for a body of unknown length, as
	 * {@link #outputStream(BufferPool, int, int)} does.
	 * @return a stream that grows as it is written
	 * @throws PoolClosedException if the scope is closed
	 * @throws IllegalStateException if the scope has no pool
	 */
	public PooledOutputStream outputStream() {
		return outputStream(ScopeLeases.require(this.pool, "outputStream(pool, expected, maximum)"), 0,
				Integer.MAX_VALUE);
	}

	/**
	 * Return a stream of any pool that grows as it is written. The scope owns its memory,
	 * and the buffer that comes of it. What is written counts towards the limit of the
	 * scope: a write that would exceed it throws a {@link SizeLimitExceededException} and
	 * writes nothing.
	 * @param pool the pool
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 * @return a stream
	 * @throws PoolClosedException if the scope is closed
	 */
	public PooledOutputStream outputStream(BufferPool pool, int expected, int maximum) {
		ScopeStream owned = new ScopeStream(this, pool, expected, maximum);
		own(owned, 0);
		return owned.stream();
	}

	/**
	 * Return an allocator of slices in areas of the scope's pool, without a reserve.
	 * @return an allocator whose areas and slices the scope owns
	 * @throws IllegalStateException if the scope has no pool
	 */
	public SlicingAllocator slicingAllocator() {
		BufferPool areas = ScopeLeases.require(this.pool, "slicingAllocator(pool, reserve, areaSize)");
		return slicingAllocator(areas, 0, SlicingAllocator.defaultAreaSize(areas));
	}

	/**
	 * Return an allocator of slices. The scope owns its areas and its slices. A slice
	 * counts towards the limit of the scope with its size, and an area does not count.
	 * @param pool where areas come from
	 * @param reserve how many free bytes precede each slice, {@code 0} or more
	 * @param areaSize how many bytes an area has; best the size of a tier
	 * @return an allocator whose areas and slices the scope owns, until it is closed
	 */
	public SlicingAllocator slicingAllocator(BufferPool pool, int reserve, int areaSize) {
		return new SlicingAllocator(pool, reserve, areaSize, new ScopeSlices(this));
	}

	/**
	 * Return how many leases and streams the scope owns.
	 * @return how many are neither released nor detached
	 */
	public int size() {
		return (int) sum((item) -> 1);
	}

	/**
	 * Return how much more the scope may hold. What other scopes hold of a quota is not
	 * counted, since they may end at any time.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	public long remaining() {
		return room();
	}

	/**
	 * Keep the scope open for a task, until the task has run, once, in any thread. It
	 * finds the scope with {@link BufferScopes#current}. A task that never runs keeps it
	 * open until the garbage collector finds the task; {@link #submit} notices a refusal.
	 * @param task what to run
	 * @return what to run instead
	 * @throws PoolClosedException if the scope is closed
	 */
	public Runnable wrap(Runnable task) {
		return BufferScopes.task(this, Executors.callable(task), task.getClass());
	}

	/**
	 * Keep the scope open for a task, as {@link #wrap(Runnable)} does.
	 * @param <T> the type of its result
	 * @param task what to call
	 * @return what to call instead
	 */
	public <T> Callable<T> wrap(Callable<T> task) {
		return BufferScopes.task(this, task, task.getClass());
	}

	/**
	 * Let an executor run a task, and keep the scope open until the task has run, is
	 * refused, or is cancelled before it runs.
	 * @param executor runs the task
	 * @param task what to run
	 * @return the task, which an executor that is shut down returns as well
	 * @throws PoolClosedException if the scope is closed
	 * @throws RejectedExecutionException if the executor refuses the task
	 */
	public Future<?> submit(Executor executor, Runnable task) {
		return new ScopeFuture<>(BufferScopes.task(this, Executors.callable(task), task.getClass()))
			.executeBy(executor);
	}

	/**
	 * Let an executor call a task, as {@link #submit(Executor, Runnable)} does.
	 * @param <T> the type of its result
	 * @param executor calls the task
	 * @param task what to call
	 * @return the task
	 */
	public <T> Future<T> submit(Executor executor, Callable<T> task) {
		return new ScopeFuture<>(BufferScopes.task(this, task, task.getClass())).executeBy(executor);
	}

	/**
	 * Return whether the scope has ended.
	 * @return whether it was closed or abandoned, and no task holds it
	 */
	public boolean isClosed() {
		return isEnded();
	}

	/**
	 * Call a listener once, when the scope has ended; at once if it has. A failure is
	 * logged.
	 * @param listener what to call
	 */
	public void onClose(Runnable listener) {
		addCloseListener(listener);
	}

	/**
	 * Release what the scope owns, newest first, or leave that to the last task that
	 * holds it. Closing again tries again what failed, and has no effect otherwise.
	 * @throws RuntimeException the first failure of a release, for example of an object's
	 * reset hook, after all were tried; an {@code Error} is thrown likewise. Failures of
	 * listeners and loggers are not thrown
	 */
	@Override
	public void close() {
		endByOwner();
	}

	/**
	 * End the scope when what it owns may still be in use: that memory, with the areas of
	 * slices, and those objects are not lent again. Has no effect on a scope that has
	 * ended. If tasks hold it, they can use it until the last of them ends.
	 */
	public void abandon() {
		doubt();
		endByOwner();
	}

}
