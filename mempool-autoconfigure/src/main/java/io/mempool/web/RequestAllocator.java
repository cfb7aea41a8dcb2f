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

package io.mempool.web;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import io.mempool.scope.BufferScope;
import io.mempool.slice.SlicingAllocator;

/**
 * Acquires buffers and pooled objects that a request owns. What is acquired here is given
 * back when the request ends, however it ends. Nothing has to be released by hand. A
 * buffer that must outlive the request is {@linkplain #detach detached} or
 * {@linkplain PooledBuffer#retain retained}.
 * <p>
 * The web stacks add how a body is read, each in its own way.
 *
 * @since 0.1.0
 */
public interface RequestAllocator {

	/**
	 * Acquire a buffer of the pool that requests use.
	 * @param size bytes, {@code 0} or more
	 * @return a buffer that the request owns
	 * @throws SizeLimitExceededException if the request would hold more than its limit
	 * @throws PoolExhaustedException if the pool has none to give
	 * @throws PoolClosedException if the request has ended, or the pool is closed
	 */
	@CheckReturnValue
	default PooledBuffer acquire(int size) {
		return scope().acquire(size);
	}

	/**
	 * Acquire a buffer of any pool.
	 * @param pool the pool
	 * @param size bytes, {@code 0} or more
	 * @return a buffer that the request owns
	 * @throws SizeLimitExceededException if the request would hold more than its limit
	 * @throws PoolExhaustedException if the pool has none to give
	 * @throws PoolClosedException if the request has ended, or the pool is closed
	 */
	@CheckReturnValue
	default PooledBuffer acquire(BufferPool pool, int size) {
		return scope().acquire(pool, size);
	}

	/**
	 * Acquire an object of any pool.
	 * @param <T> the type of the object
	 * @param pool the pool
	 * @return an object that the request owns, not to be used once it has ended
	 * @throws PoolExhaustedException if the pool has none to give
	 * @throws PoolClosedException if the request has ended, or the pool is closed
	 */
	@CheckReturnValue
	default <T> T acquire(ObjectPool<T> pool) {
		return scope().acquire(pool);
	}

	/**
	 * Acquire several objects of any pool, all or none.
	 * @param <T> the type of the objects
	 * @param pool the pool
	 * @param count how many objects, {@code 0} or more
	 * @return the objects, which the request owns, not to be used once it has ended
	 * @throws PoolExhaustedException if the pool cannot give as many
	 * @throws PoolClosedException if the request has ended, or the pool is closed
	 */
	@CheckReturnValue
	default <T> List<T> acquire(ObjectPool<T> pool, int count) {
		return scope().acquire(pool, count);
	}

	/**
	 * Return a stream into memory of the pool that requests use, which grows as it is
	 * written. What is written counts towards the limit of the request.
	 * @return a stream whose memory, and the buffer that comes of it, the request owns
	 */
	default PooledOutputStream outputStream() {
		return scope().outputStream();
	}

	/**
	 * Return an allocator of slices in areas of the pool that requests use. The keys
	 * {@code mempool.request.slices.*} say how many free bytes precede each slice, and
	 * how large areas are.
	 * @return an allocator whose areas and slices the request owns
	 */
	default SlicingAllocator slicingAllocator() {
		return scope().slicingAllocator();
	}

	/**
	 * Take ownership of a lease: of a buffer, an object, a slice or anything else. If
	 * this fails, nothing has changed: the owner of before still owns the lease and
	 * releases it.
	 * @param <L> the type of the lease
	 * @param lease a lease that the caller owned until now
	 * @return the same lease
	 * @throws SizeLimitExceededException if the request would hold more than its limit
	 * @throws PoolClosedException if the request has ended
	 */
	default <L extends Lease> L adopt(L lease) {
		return scope().adopt(lease);
	}

	/**
	 * Give ownership of a lease away: the end of the request will not release it.
	 * @param <L> the type of the lease
	 * @param lease a lease that the request owns
	 * @return the same lease, which the caller owns now
	 */
	default <L extends Lease> L detach(L lease) {
		return scope().detach(lease);
	}

	/**
	 * Give ownership of an object away: the end of the request will not release it. Also
	 * the way to release it before, {@code buffers.detach(pool, object).release()}.
	 * @param <T> the type of the object
	 * @param pool the pool it was acquired from
	 * @param object an object that the request owns
	 * @return its lease, which the caller owns now
	 */
	@CheckReturnValue
	default <T> PooledObject<T> detach(ObjectPool<T> pool, T object) {
		return scope().detach(pool, object);
	}

	/**
	 * Keep what the request owns for a task, until the task has run: also after the end
	 * of the request. The task may acquire through buffers that are a controller's
	 * argument, and finds the scope with {@code BufferScopes.current()}.
	 * @param task what to run
	 * @return what to run instead, once
	 * @throws PoolClosedException if the request has ended
	 * @see BufferScope#wrap(Runnable)
	 */
	default Runnable wrap(Runnable task) {
		return scope().wrap(task);
	}

	/**
	 * Keep what the request owns for a task, as {@link #wrap(Runnable)} does.
	 * @param <T> the type of its result
	 * @param task what to call
	 * @return what to call instead, once
	 * @throws PoolClosedException if the request has ended
	 * @see BufferScope#wrap(Callable)
	 */
	default <T> Callable<T> wrap(Callable<T> task) {
		return scope().wrap(task);
	}

	/**
	 * Let an executor run a task, and keep what the request owns until the task has run,
	 * is refused, or is cancelled before it runs.
	 * @param executor runs the task
	 * @param task what to run
	 * @return the task
	 * @throws PoolClosedException if the request has ended
	 * @throws RejectedExecutionException if the executor refuses the task
	 * @see BufferScope#submit(Executor, Runnable)
	 */
	default Future<?> submit(Executor executor, Runnable task) {
		return scope().submit(executor, task);
	}

	/**
	 * Let an executor call a task, as {@link #submit(Executor, Runnable)} does.
	 * @param <T> the type of its result
	 * @param executor calls the task
	 * @param task what to call
	 * @return the task
	 * @throws PoolClosedException if the request has ended
	 * @throws RejectedExecutionException if the executor refuses the task
	 * @see BufferScope#submit(Executor, Callable)
	 */
	default <T> Future<T> submit(Executor executor, Callable<T> task) {
		return scope().submit(executor, task);
	}

	/**
	 * Return the scope that owns the request's leases.
	 * @return the scope; closed when the request and its tasks have ended
	 * @throws IllegalStateException if there is none and nothing would end it
	 */
	BufferScope scope();

}
