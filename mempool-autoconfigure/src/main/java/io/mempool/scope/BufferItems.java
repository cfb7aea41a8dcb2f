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

import java.time.Duration;
import java.util.function.Supplier;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import io.mempool.core.LeaseException;
import io.mempool.core.PoolClosedException;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * How a scope comes by buffers, within its limit and its quota. Safe for use by several
 * threads.
 */
abstract class BufferItems extends HeldItems {

	BufferItems(long limit, @Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased) {
		super(limit, work, reportsUnreleased);
	}

	BufferItems(long limit, @Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased,
			@Nullable ScopeQuota quota, String pool, Supplier<? extends @Nullable Object> key) {
		super(limit, work, reportsUnreleased, quota, pool, key);
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
		// Before the pool is asked, which may wait
		if (isEnded()) {
			throw closed(size + " bytes");
		}
		if (isLimited()) {
			return acquireWithinLimit(pool, size);
		}
		PooledBuffer buffer = pool.acquire(size);
		addOrClose(buffer, size);
		return buffer;
	}

	private PooledBuffer acquireWithinLimit(BufferPool pool, int size) {
		int reserved = reserve(size);
		boolean acquired = false;
		try {
			PooledBuffer buffer = pool.acquire(size);
			addReserved(buffer, size, reserved);
			acquired = true;
			return buffer;
		}
		finally {
			if (!acquired) {
				cancel(reserved);
			}
		}
	}

	private void addReserved(PooledBuffer buffer, int size, int reserved) {
		boolean added = false;
		try {
			own(buffer, size, reserved);
			added = true;
		}
		finally {
			if (!added) {
				buffer.close();
			}
		}
		name(buffer);
	}

	/**
	 * Acquire a buffer of any pool, and wait for it as long as said, whatever the policy
	 * of the pool says.
	 * @param pool the pool
	 * @param size bytes, {@code 0} or more
	 * @param maxWait how long to wait at most
	 * @return a buffer that the scope owns
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws SizeLimitExceededException if the scope would hold more than its limit
	 * @throws PoolClosedException if the scope or the pool is closed
	 * @see BufferPool#acquire(int, Duration)
	 */
	@CheckReturnValue
	public PooledBuffer acquire(BufferPool pool, int size, Duration maxWait) throws InterruptedException {
		if (isEnded()) {
			throw closed(size + " bytes");
		}
		int reserved = isLimited() ? reserve(size) : 0;
		boolean acquired = false;
		try {
			PooledBuffer buffer = pool.acquire(size, maxWait);
			if (isLimited()) {
				addReserved(buffer, size, reserved);
			}
			else {
				addOrClose(buffer, size);
			}
			acquired = true;
			return buffer;
		}
		finally {
			if (!acquired) {
				cancel(reserved);
			}
		}
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
		Object quota = quotaLock();
		if (quota == null) {
			ownAdopted(lease);
		}
		else {
			synchronized (quota) {
				ownAdopted(lease);
			}
		}
		name(lease);
		return lease;
	}

	private synchronized void ownAdopted(Lease lease) {
		checkAdoptable(lease);
		own(lease, lease.size());
	}

	/**
	 * Take ownership of content that a reader has read, with what the reader reserved.
	 */
	private PooledBuffer adoptRead(PooledBuffer content, int reserved) {
		own(content, content.size(), reserved);
		name(content);
		return content;
	}

	/**
	 * Return a reader of content, for example of a body. The scope owns the buffer that
	 * comes of it. What the reader holds until then counts towards a quota, and not
	 * towards the limit of the scope. The caller ends the reader.
	 * @param pool the source of memory
	 * @param expected how many bytes were announced, negative if unknown
	 * @param maximum how many bytes may be read
	 * @return a reader
	 */
	public ContentReader contentReader(BufferPool pool, long expected, int maximum) {
		return new ContentReader(pool, new ScopeReading(quota(), this::adoptRead), expected, maximum);
	}

	/**
	 * Return how much the scope may hold at once: its limit, or a quota that it has a
	 * part in, if that is less.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	public long limit() {
		return bound();
	}

	/**
	 * Return how much more the scope may hold. What other scopes hold of a quota is not
	 * counted, since they may end at any time.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	public long remaining() {
		return room();
	}

}
