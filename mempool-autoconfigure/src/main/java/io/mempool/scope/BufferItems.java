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

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.ContentReader;
import io.mempool.buffer.PooledBuffer;
import io.mempool.core.Lease;
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
	 * Acquire a buffer and own it.
	 */
	final PooledBuffer acquireBuffer(BufferPool pool, int size) {
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
	 * Acquire a buffer and own it. Wait for it as long as said.
	 */
	final PooledBuffer acquireBuffer(BufferPool pool, int size, Duration maxWait) throws InterruptedException {
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
	 * Own a lease of the caller.
	 */
	final void ownUnlessOwned(Lease lease) {
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
	 * Create a reader whose buffer is owned, and what it holds until then counts.
	 */
	final ContentReader reader(BufferPool pool, long expected, int maximum) {
		return new ContentReader(pool, new ScopeReading(quota(), this::adoptRead), expected, maximum);
	}

}
