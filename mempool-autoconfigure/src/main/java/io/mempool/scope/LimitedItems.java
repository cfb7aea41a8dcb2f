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

import java.util.function.Supplier;

import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;
import org.jspecify.annotations.Nullable;

/**
 * What a scope owns, up to a limit in bytes, and within a quota that it shares with other
 * scopes. Each lease counts with its size, and a stream with what it holds. Without limit
 * and quota nothing is counted. Safe for use by several threads.
 */
class LimitedItems extends ScopeItems {

	// A limit that no sum reaches, to count for a quota only
	private static final long COUNTED = Long.MAX_VALUE - 1;

	private final long limit;

	private final @Nullable QuotaShare quota;

	// Includes what was released or detached, until all is added up again. Guarded by
	// this
	private long bytes;

	LimitedItems(long limit) {
		this.limit = checked(limit);
		this.quota = null;
	}

	/**
	 * Create items within a quota.
	 * @param limit how many bytes they may be
	 * @param quota what they share with others, {@code null} for nothing
	 * @param pool the name of the pool that errors name
	 * @param key supplies the key of the quota, when something is first acquired
	 */
	// Nothing calls it before the first item
	@SuppressWarnings("ThisEscapedInObjectConstruction")
	LimitedItems(long limit, @Nullable ScopeQuota quota, String pool, Supplier<? extends @Nullable Object> key) {
		this.limit = (quota != null) ? Math.min(checked(limit), COUNTED) : checked(limit);
		this.quota = (quota != null) ? new QuotaShare(quota, this, pool, key) : null;
	}

	private static long checked(long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		return limit;
	}

	/**
	 * Return whether leases count, towards a limit or a quota.
	 */
	final boolean isLimited() {
		return this.limit != Long.MAX_VALUE;
	}

	/**
	 * Reserve room for a lease that is still to be acquired.
	 * @param size bytes
	 * @return how much is reserved of a quota
	 * @throws SizeLimitExceededException if there is no room
	 */
	final int reserve(int size) {
		checkLimit(size);
		QuotaShare quota = this.quota;
		return (quota != null && size > 0) ? quota.reserve(size, size) : 0;
	}

	/**
	 * Give back what was reserved and is not acquired.
	 */
	final void cancel(int reserved) {
		if (this.quota != null) {
			this.quota.cancel(reserved);
		}
	}

	/**
	 * Return how a reader counts what it holds.
	 */
	final @Nullable QuotaShare quota() {
		return this.quota;
	}

	/**
	 * Return the lock that comes before the monitor.
	 * @return the lock, {@code null} without a quota
	 */
	final @Nullable Object quotaLock() {
		QuotaShare quota = this.quota;
		return (quota != null) ? quota.holder() : null;
	}

	/**
	 * Stop counting for a quota: all items were let go.
	 */
	final void endQuota() {
		if (this.quota != null) {
			this.quota.end();
		}
	}

	/**
	 * Add a lease within the limit.
	 * @param item the lease
	 * @param size how many bytes it counts
	 * @return whether it is owned now; {@code false} after the end
	 * @throws SizeLimitExceededException if it does not fit
	 */
	final boolean add(Lease item, int size) {
		return isLimited() ? add(item, size, 0) : add(item);
	}

	/**
	 * Add a lease within limit and quota.
	 * @param reserved what {@link #reserve} has reserved for it
	 */
	final boolean add(Lease item, int size, int reserved) {
		QuotaShare quota = this.quota;
		return (quota != null && size > 0) ? quota.own(size, reserved, () -> addWithinLimit(item, size))
				: addWithinLimit(item, size);
	}

	private synchronized boolean addWithinLimit(Lease item, int size) {
		if (isEnded()) {
			return false;
		}
		checkLimit(size);
		boolean added = add(item);
		if (added) {
			this.bytes += size;
		}
		return added;
	}

	/**
	 * Own the buffer of a stream instead of what the stream holds, which is as much.
	 * @return whether it is owned now; {@code false} after the end
	 */
	final boolean addResult(GrowingItem stream, PooledBuffer buffer) {
		QuotaShare quota = this.quota;
		return (quota != null)
				? quota.replace(buffer.size() - stream.size(), () -> addResultWithinLimit(stream, buffer))
				: addResultWithinLimit(stream, buffer);
	}

	private synchronized boolean addResultWithinLimit(GrowingItem stream, PooledBuffer buffer) {
		boolean added = add(buffer);
		if (added) {
			this.bytes += buffer.size() - stream.size();
			stream.count(-stream.size());
		}
		return added;
	}

	/**
	 * Count what a stream is about to hold.
	 * @param needed how many bytes it cannot do without
	 * @param wanted how many it would use
	 * @return how many it may hold
	 * @throws SizeLimitExceededException if there is no room for what is needed
	 */
	final int reserve(GrowingItem stream, int needed, int wanted) {
		if (!isLimited()) {
			return wanted;
		}
		QuotaShare quota = this.quota;
		return (quota != null) ? quota.grow(needed, wanted, (granted) -> reserveWithinLimit(stream, needed, granted))
				: reserveWithinLimit(stream, needed, wanted);
	}

	private synchronized int reserveWithinLimit(GrowingItem stream, int needed, int wanted) {
		checkLimit(needed);
		if (wanted > this.limit - this.bytes) {
			addUp();
		}
		int granted = (int) Math.min(wanted, Math.max(0, this.limit - this.bytes));
		this.bytes += granted;
		stream.count(granted);
		return granted;
	}

	/**
	 * Stop counting what a stream does not hold after all.
	 */
	final void giveBack(GrowingItem stream, int bytes) {
		if (!isLimited() || bytes == 0) {
			return;
		}
		QuotaShare quota = this.quota;
		if (quota != null) {
			quota.shrink(() -> giveBackWithinLimit(stream, bytes));
		}
		else {
			giveBackWithinLimit(stream, bytes);
		}
	}

	private synchronized void giveBackWithinLimit(GrowingItem stream, int bytes) {
		stream.count(-bytes);
		if (stream.isAlive()) {
			this.bytes -= bytes;
		}
		else {
			// They may have been added up without it
			addUp();
		}
	}

	/**
	 * Return how many bytes the items may be: the limit, or a quota that is less.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	final long bound() {
		long limit = (this.limit != COUNTED) ? this.limit : Long.MAX_VALUE;
		QuotaShare quota = this.quota;
		return (quota != null) ? Math.min(limit, quota.limit()) : limit;
	}

	/**
	 * Return how many more bytes there is room for.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	final long room() {
		if (!isLimited()) {
			return Long.MAX_VALUE;
		}
		QuotaShare quota = this.quota;
		return (quota != null) ? Math.min(roomWithinLimit(), quota.room()) : roomWithinLimit();
	}

	private synchronized long roomWithinLimit() {
		if (this.limit == COUNTED) {
			return Long.MAX_VALUE;
		}
		addUp();
		return Math.max(0, this.limit - this.bytes);
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

	// The caller holds the lock of this
	private void addUp() {
		this.bytes = sum(Lease::size);
	}

	@Override
	public String toString() {
		return "BufferScope[leases=" + sum((item) -> 1) + ((this.limit < COUNTED) ? ", limit=" + this.limit : "")
				+ ", closed=" + isEnded() + "]";
	}

}
