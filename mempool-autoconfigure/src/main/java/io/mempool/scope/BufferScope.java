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

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.function.Supplier;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.PooledOutputStream;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.BlockLease;
import io.mempool.engine.EndedWork;
import io.mempool.engine.QuietLog;
import io.mempool.engine.Unreleased;
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
 * Safe for use by several threads. It drops its own references only: a buffer that was
 * retained lives on, and one that was detached belongs to the caller that detached it.
 * What was released early is forgotten.
 * <p>
 * A limit counts the sizes of the buffers that the scope owns and what was written to its
 * streams. What would exceed it is refused, and nothing that was held before is lost.
 *
 * @since 0.1.0
 */
public final class BufferScope extends ScopeItems implements AutoCloseable {

	private final BufferPool pool;

	private final long limit;

	private final @Nullable Supplier<@Nullable UnitOfWork> work;

	private final boolean reportsUnreleased;

	// Sizes of the buffers and of what streams hold, if there is a limit. Guarded by this
	// object's monitor. Includes what was released or detached, until they are added up
	// again
	private long bytes;

	// Whether what is left is discarded instead of released
	private volatile boolean inDoubt;

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
		PooledBuffer buffer = pool.acquire(size);
		addOrClose(buffer, size);
		return buffer;
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
		addOrClose(lease, 0);
		return object;
	}

	private void addOrClose(AutoCloseable item, int size) {
		boolean added = false;
		try {
			add(item, size);
			added = true;
		}
		finally {
			if (!added) {
				release(item);
			}
		}
		name(item);
	}

	/**
	 * Take ownership of a buffer. If this fails, nothing has changed: the owner of before
	 * still owns the buffer and releases it.
	 * @param buffer a buffer that the caller owned until now
	 * @return the same buffer
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope is closed
	 * @throws LeaseException if the scope owns the buffer already, or it was released
	 */
	public PooledBuffer adopt(PooledBuffer buffer) {
		adopt(buffer, buffer.size(), buffer.isAlive());
		return buffer;
	}

	/**
	 * Take ownership of a leased object. If this fails, nothing has changed: the owner of
	 * before still owns the lease and releases it.
	 * @param <T> the type of the object
	 * @param lease a lease that the caller owned until now
	 * @return the same lease
	 * @throws PoolClosedException if the scope is closed
	 * @throws LeaseException if the scope owns the lease already, or it was released
	 */
	public <T> PooledObject<T> adopt(PooledObject<T> lease) {
		adopt(lease, 0, lease.isAlive());
		return lease;
	}

	private void adopt(AutoCloseable item, int size, boolean alive) {
		synchronized (this) {
			// Threads that add without the monitor have just acquired what they add
			if (!isClosed() && (!alive || owns(item))) {
				throw new LeaseException("Cannot let this scope adopt " + item + ": "
						+ (alive ? "the scope owns it already. Adopt each lease once, and what retain() returned as "
								+ "a lease of its own" : "it was released before. Acquire another one"));
			}
			add(item, size);
		}
		name(item);
	}

	// Whichever thread acquired it. Not having a name is no reason to fail
	private void name(AutoCloseable item) {
		if (this.work != null && item instanceof BlockLease<?> lease) {
			try {
				lease.assign(this.work);
			}
			catch (Throwable ex) {
				QuietLog.log(BufferScope.class, Level.WARNING, "Failed to name a lease of a scope", ex);
			}
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
	 * memory, and the buffer that comes of it. What is written counts towards the limit
	 * of the scope: a write that would exceed it throws a
	 * {@link SizeLimitExceededException} and writes nothing.
	 * @return a stream for a body of unknown length
	 * @throws PoolClosedException if the scope is closed
	 */
	public PooledOutputStream outputStream() {
		return outputStream(this.pool, 0, Integer.MAX_VALUE);
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
		add(owned, 0);
		return owned.stream();
	}

	int reserve(ScopeStream stream, int needed, int wanted) {
		if (this.limit == Long.MAX_VALUE) {
			return wanted;
		}
		synchronized (this) {
			checkLimit(needed);
			if (wanted > this.limit - this.bytes) {
				addUp();
			}
			int granted = (int) Math.min(wanted, Math.max(0, this.limit - this.bytes));
			this.bytes += granted;
			stream.count(granted);
			return granted;
		}
	}

	void giveBack(ScopeStream stream, int bytes) {
		if (this.limit == Long.MAX_VALUE || bytes == 0) {
			return;
		}
		synchronized (this) {
			stream.count(-bytes);
			if (stream.isAlive()) {
				this.bytes -= bytes;
			}
			else {
				// They may have been added up without it
				addUp();
			}
		}
	}

	/**
	 * Own the buffer of a stream instead of what the stream holds, which is as much.
	 */
	PooledBuffer adoptResult(ScopeStream stream, PooledBuffer buffer) {
		synchronized (this) {
			if (!add(buffer)) {
				throw closed(buffer.size() + " bytes");
			}
			this.bytes += buffer.size() - stream.counted();
			stream.count(-stream.counted());
		}
		name(buffer);
		return buffer;
	}

	/**
	 * Return how many buffers, objects and streams the scope owns.
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
		addUp();
		return Math.max(0, this.limit - this.bytes);
	}

	private void addUp() {
		this.bytes = sum(BufferScope::sizeOf);
	}

	/**
	 * Return whether the scope is closed.
	 * @return whether it was closed or abandoned
	 */
	public boolean isClosed() {
		return isEnded();
	}

	/**
	 * Release what the scope owns, newest first. Closing again tries again what failed,
	 * and has no effect otherwise.
	 * @throws RuntimeException the first failure of a release, for example of an object's
	 * reset hook, after all were tried; an {@code Error} is thrown likewise. Failures of
	 * listeners and loggers are not thrown
	 */
	@Override
	public void close() {
		endAll();
	}

	/**
	 * End the scope when what it owns may still be in use: that memory and those objects
	 * are not used again. Has no effect on a scope that is closed.
	 */
	public void abandon() {
		if (!isClosed()) {
			this.inDoubt = true;
		}
		endAll();
	}

	@SuppressWarnings("ReferenceEquality")
	private void endAll() {
		@Nullable Object[] items = end();
		// From here on nothing may keep the rest from being released: no call outside of
		// a
		// try statement
		boolean reports = this.reportsUnreleased;
		Unreleased unreleased = null;
		EndedWork ended = null;
		Throwable failure = null;
		for (int i = items.length - 1; i >= 0; i--) {
			try {
				AutoCloseable item = at(items, i);
				if (item == null) {
					continue;
				}
				if (reports) {
					try {
						unreleased = (unreleased != null) ? unreleased : new Unreleased();
						addTo(unreleased, item);
					}
					catch (Throwable ex) {
						reports = false;
					}
				}
				boolean alive = item instanceof BlockLease<?> lease && lease.isAlive();
				end(item);
				items[i] = null;
				if (alive) {
					ended = mark((BlockLease<?>) item, ended);
				}
			}
			catch (Throwable ex) {
				if (failure == null) {
					failure = ex;
				}
				else if (failure != ex) {
					try {
						failure.addSuppressed(ex);
					}
					catch (Throwable another) {
						// The first failure has to do
					}
				}
			}
		}
		if (unreleased != null) {
			report(unreleased);
		}
		endWith(failure);
	}

	private void endWith(@Nullable Throwable failure) {
		if (failure == null) {
			endedAll();
		}
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		if (failure instanceof Error ex) {
			throw ex;
		}
	}

	// It is released: no failure to say why may matter
	private @Nullable EndedWork mark(BlockLease<?> lease, @Nullable EndedWork known) {
		try {
			EndedWork ended = (known != null) ? known : EndedWork.of(this.work);
			lease.endedWith(ended);
			return ended;
		}
		catch (Throwable ex) {
			return known;
		}
	}

	private void end(AutoCloseable item) {
		if (this.inDoubt) {
			discard(item);
		}
		else {
			release(item);
		}
	}

	private static void addTo(Unreleased unreleased, AutoCloseable item) {
		if (item instanceof ScopeStream stream) {
			stream.stream().ifHeld((buffer) -> addTo(unreleased, buffer));
		}
		else if (item instanceof BlockLease<?> lease && lease.isAlive()) {
			unreleased.add(lease, sizeOf(item));
		}
	}

	private void report(Unreleased unreleased) {
		try {
			unreleased.report(this.work);
		}
		catch (Throwable ex) {
			QuietLog.log(BufferScope.class, Level.WARNING, "Failed to report what a scope had left to release", ex);
		}
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
		boolean added = add(item);
		if (added) {
			this.bytes += size;
		}
		return added;
	}

	private static PoolClosedException closed(String what) {
		return new PoolClosedException(
				"Cannot acquire " + what + " through this scope: it is closed, its unit of work has ended");
	}

	private synchronized void checkLimit(int size) {
		if (size > this.limit - this.bytes) {
			addUp();
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
		return (item instanceof ScopeStream stream) ? stream.counted() : 0;
	}

	private static void release(AutoCloseable item) {
		if (item instanceof PooledBuffer buffer) {
			buffer.close();
		}
		else if (item instanceof PooledObject<?> object) {
			object.close();
		}
		else {
			((ScopeStream) item).close();
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
			((ScopeStream) item).stream().abandon();
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
