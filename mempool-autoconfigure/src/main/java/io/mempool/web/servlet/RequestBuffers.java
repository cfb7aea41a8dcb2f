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

package io.mempool.web.servlet;

import java.io.IOException;
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

import org.springframework.web.multipart.MultipartFile;

/**
 * The buffers and pooled objects of the current request. What is acquired here is given
 * back when the request ends, however it ends. Nothing has to be released by hand.
 * <p>
 * <strong>The bean</strong>, injected for example into a singleton, finds the request of
 * the calling thread. Spring must have bound that thread to the request.
 * <p>
 * <strong>The argument</strong> of a controller method is the request's own. Any thread
 * may use it until the request ends.
 * <p>
 * <strong>Where it works.</strong> Both work within {@link RequestScopeFilter} only, and
 * in asynchronous work that was begun there. Elsewhere the memory would not be given
 * back, and an {@code IllegalStateException} says so. A buffer that must outlive the
 * request is {@linkplain #detach detached} or {@linkplain PooledBuffer#retain retained}.
 *
 * @since 0.1.0
 */
public interface RequestBuffers {

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
	 * Read the request's body into one buffer of the pool that requests use, through the
	 * request object of the caller: an argument's is the one that the controller has, the
	 * bean's the one that the thread is bound to. While the body arrives, the request
	 * holds at most four times what has arrived and 64 KiB.
	 * @return a buffer of exactly the body, which the request owns
	 * @throws IOException if reading fails, for example because the client hung up
	 * @throws RequestBodyTooLargeException if the body exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if some or all of the body was read before, here or
	 * elsewhere, or if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer readBody() throws IOException;

	/**
	 * Read the request's body into one buffer of any pool, as {@link #readBody()} does.
	 * @param pool the pool
	 * @return a buffer of exactly the body, which the request owns
	 * @throws IOException if reading fails, for example because the client hung up
	 * @throws RequestBodyTooLargeException if the body exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if some or all of the body was read before, here or
	 * elsewhere, or if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer readBody(BufferPool pool) throws IOException;

	/**
	 * Read a part of a multipart request into one buffer of the pool that requests use.
	 * The size of the part is known, so that its bytes are copied once.
	 * @param file the part
	 * @return a buffer of exactly the part, which the request owns
	 * @throws IOException if reading fails
	 * @throws RequestBodyTooLargeException if the part exceeds
	 * {@code mempool.request.max-body-size}, what the request may hold, or what the pool
	 * can ever lend
	 * @throws IllegalStateException if the request has ended
	 */
	@CheckReturnValue
	PooledBuffer read(MultipartFile file) throws IOException;

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
