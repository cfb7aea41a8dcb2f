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

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.core.Unreleased;
import io.mempool.object.ObjectPool;
import io.mempool.object.PooledObject;
import org.jspecify.annotations.Nullable;

/**
 * Owns the buffers and pooled objects of one unit of work: what is acquired through it
 * and not released before is released when it is closed, newest first.
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
 * Safe for use by several threads. It drops its own references only: a buffer that
 * somebody has retained lives on, and one that was detached belongs to whoever detached
 * it. What was released early is forgotten.
 *
 * @since 0.1.0
 */
public final class BufferScope extends ScopeItems implements AutoCloseable {

	private final BufferPool pool;

	private final long limit;

	private final @Nullable Supplier<@Nullable UnitOfWork> work;

	private final boolean reportsUnreleased;

	// Sizes of the buffers if there is a limit, guarded by this object's monitor.
	// Includes what was released or detached, until they are added up again
	private long bytes;

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
	 * @param reportsUnreleased whether the listeners of the pools are told what is left
	 * when the scope ends. That is legal, as it is released then, but may have been held
	 * for too long
	 */
	public BufferScope(BufferPool pool, long limit, @Nullable Supplier<@Nullable UnitOfWork> work,
			boolean reportsUnreleased) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.pool = Objects.requireNonNull(pool, "'pool' must not be null");
		this.limit = limit;
		this.work = work;
		this.reportsUnreleased = reportsUnreleased;
	}

	/**
	 * Acquire a buffer of the scope's pool.
	 * @param size bytes, {@code 0} or more
	 * @return a buffer that the scope owns
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see BufferPool#acquire(int)
	 */
	public PooledBuffer acquire(int size) {
		return acquire(this.pool, size);
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
	public PooledBuffer acquire(BufferPool pool, int size) {
		// Before the pool is asked, which may wait
		if (isClosed()) {
			throw closed(size + " bytes");
		}
		if (this.limit != Long.MAX_VALUE) {
			checkLimit(size);
		}
		return adopt(pool.acquire(size));
	}

	/**
	 * Acquire an object. What a scope may hold is limited in bytes, which objects do not
	 * count towards.
	 * @param <T> the type of the object
	 * @param pool the pool
	 * @return an object that the scope owns: it goes back when the scope is closed, and
	 * must not be used after that
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see ObjectPool#acquire()
	 */
	public <T> T acquire(ObjectPool<T> pool) {
		if (isClosed()) {
			throw closed("an object");
		}
		PooledObject<T> lease = pool.acquire();
		T object = lease.get();
		adopt(lease);
		return object;
	}

	/**
	 * Take ownership of a buffer.
	 * @param buffer a buffer that the caller owned until now; released at once if the
	 * scope cannot take it
	 * @return the same buffer
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope is closed
	 */
	public PooledBuffer adopt(PooledBuffer buffer) {
		boolean adopted = false;
		try {
			assign(buffer);
			add(buffer, buffer.size());
			adopted = true;
			return buffer;
		}
		finally {
			if (!adopted) {
				buffer.close();
			}
		}
	}

	/**
	 * Take ownership of a leased object.
	 * @param <T> the type of the object
	 * @param lease a lease that the caller owned until now; released at once if the scope
	 * cannot take it
	 * @return the same lease
	 * @throws PoolClosedException if the scope is closed
	 */
	public <T> PooledObject<T> adopt(PooledObject<T> lease) {
		boolean adopted = false;
		try {
			assign(lease);
			add(lease, 0);
			adopted = true;
			return lease;
		}
		finally {
			if (!adopted) {
				lease.close();
			}
		}
	}

	// Whatever thread acquired it
	private void assign(AutoCloseable item) {
		if (this.work != null && item instanceof Lease<?> lease) {
			lease.assign(this.work);
		}
	}

	/**
	 * Give ownership of a buffer away: the scope will not release it.
	 * @param buffer a buffer that the scope owns
	 * @return the same buffer, which the caller owns now
	 * @throws LeaseException if the scope does not own it, or is closed
	 */
	@SuppressWarnings("ReferenceEquality")
	public PooledBuffer detach(PooledBuffer buffer) {
		if (detach((item) -> item == buffer) == null) {
			throw notOwned(buffer);
		}
		return buffer;
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
	public <T> PooledObject<T> detach(ObjectPool<T> pool, T object) {
		AutoCloseable lease = detach(
				(item) -> item instanceof PooledObject<?> candidate && isLeaseOf(candidate, object));
		if (lease == null) {
			throw notOwned("an object of pool '" + pool.name() + "'");
		}
		return (PooledObject<T>) lease;
	}

	@SuppressWarnings("ReferenceEquality")
	private static boolean isLeaseOf(PooledObject<?> lease, Object object) {
		try {
			return lease.isAlive() && lease.get() == object;
		}
		catch (LeaseException ex) {
			// Released by its user a moment ago
			return false;
		}
	}

	private LeaseException notOwned(Object what) {
		return new LeaseException("Cannot detach " + what + " from this scope: "
				+ (isClosed() ? "the scope is closed" : "it was released, detached before, or acquired elsewhere"));
	}

	/**
	 * Return a stream of the scope's pool that grows as it is written. The scope owns its
	 * memory, and the buffer that comes of it.
	 * @return a stream for a body of unknown length
	 */
	public PooledOutputStream outputStream() {
		return outputStream(this.pool, 0, Integer.MAX_VALUE);
	}

	/**
	 * Return a stream of any pool that grows as it is written. The scope owns its memory,
	 * and the buffer that comes of it.
	 * @param pool the pool
	 * @param expected how many bytes are expected, {@code 0} if unknown
	 * @param maximum how many bytes may be written
	 * @return a stream
	 */
	public PooledOutputStream outputStream(BufferPool pool, int expected, int maximum) {
		int within = (int) Math.min(maximum, remaining());
		PooledOutputStream stream = new PooledOutputStream(pool, this::adopt, expected, within);
		add(stream, 0);
		return stream;
	}

	/**
	 * Return how many buffers, objects and open streams the scope owns.
	 * @return how many are neither released nor detached
	 */
	public int size() {
		return (int) sum((item) -> 1);
	}

	/**
	 * Return how much more the scope may hold.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	public synchronized long remaining() {
		if (this.limit == Long.MAX_VALUE) {
			return Long.MAX_VALUE;
		}
		this.bytes = sum(BufferScope::sizeOf);
		return Math.max(0, this.limit - this.bytes);
	}

	/**
	 * Return whether the scope is closed.
	 * @return whether it was closed or abandoned
	 */
	public boolean isClosed() {
		return isEnded();
	}

	/**
	 * Release what the scope owns, newest first. Closing again has no effect.
	 * @throws RuntimeException the first failure of a release, for example of an object's
	 * reset hook, after all were tried; an {@code Error} is thrown likewise
	 */
	@Override
	public void close() {
		endAll(BufferScope::release);
	}

	/**
	 * End the scope when what it owns may still be in use: nobody gets that memory or
	 * those objects again. Has no effect on a scope that is closed.
	 */
	public void abandon() {
		endAll(BufferScope::discard);
	}

	@SuppressWarnings("ReferenceEquality")
	private void endAll(Consumer<AutoCloseable> end) {
		Throwable failure = null;
		@Nullable Object[] items = end();
		if (this.reportsUnreleased) {
			report(items);
		}
		for (int i = items.length - 1; i >= 0; i--) {
			AutoCloseable item = at(items, i);
			try {
				if (item != null) {
					end.accept(item);
				}
			}
			catch (RuntimeException | Error ex) {
				if (failure == null) {
					failure = ex;
				}
				else if (failure != ex) {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		if (failure instanceof Error ex) {
			throw ex;
		}
	}

	private void report(@Nullable Object[] items) {
		Unreleased unreleased = new Unreleased();
		for (int i = 0; i < items.length; i++) {
			AutoCloseable item = at(items, i);
			if (item instanceof PooledOutputStream stream) {
				stream.addTo(unreleased);
			}
			else if (item instanceof Lease<?> lease && lease.isAlive()) {
				unreleased.add(lease, sizeOf(item));
			}
		}
		unreleased.report(this.work);
	}

	private void add(AutoCloseable item, int size) {
		boolean added = (this.limit != Long.MAX_VALUE) ? addWithinLimit(item, size) : add(item);
		if (!added) {
			throw closed((item instanceof PooledObject<?>) ? "an object" : size + " bytes");
		}
	}

	private synchronized boolean addWithinLimit(AutoCloseable item, int size) {
		if (isClosed()) {
			return false;
		}
		checkLimit(size);
		this.bytes += size;
		return add(item);
	}

	private static PoolClosedException closed(String what) {
		return new PoolClosedException(
				"Cannot acquire " + what + " through this scope: it is closed, its unit of work has ended");
	}

	private synchronized void checkLimit(int size) {
		if (size > this.limit - this.bytes) {
			this.bytes = sum(BufferScope::sizeOf);
		}
		if (size > this.limit - this.bytes) {
			throw new SizeLimitExceededException("Cannot acquire " + size + " bytes through this scope: it holds "
					+ this.bytes + " bytes already and is limited to " + this.limit
					+ ". Release buffers sooner, or raise the limit of the scope", this.limit);
		}
	}

	private static int sizeOf(AutoCloseable item) {
		if (item instanceof PooledBuffer buffer) {
			return buffer.size();
		}
		return (item instanceof PooledOutputStream stream) ? stream.size() : 0;
	}

	private static void release(AutoCloseable item) {
		if (item instanceof PooledBuffer buffer) {
			buffer.close();
		}
		else if (item instanceof PooledObject<?> object) {
			object.close();
		}
		else {
			((PooledOutputStream) item).close();
		}
	}

	private static void discard(AutoCloseable item) {
		if (item instanceof PooledBuffer buffer) {
			try {
				// Through a handle of its own: the user may release this one at any
				// moment
				buffer.retain().discard();
			}
			catch (LeaseException ex) {
				// Released a moment ago
			}
			buffer.close();
		}
		else if (item instanceof PooledObject<?> object) {
			discard(object);
		}
		else {
			((PooledOutputStream) item).abandon();
		}
	}

	private static void discard(PooledObject<?> object) {
		if (!object.isAlive()) {
			return;
		}
		try {
			object.discard();
		}
		catch (LeaseException ex) {
			// Released a moment ago
		}
	}

}
