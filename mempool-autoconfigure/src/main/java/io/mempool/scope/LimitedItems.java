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

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.buffer.PooledBuffer;
import io.mempool.buffer.SizeLimitExceededException;
import io.mempool.core.Lease;

/**
 * What a scope owns, up to a limit in bytes. Each lease counts with its size, and a
 * stream with what it holds. Without a limit nothing is counted. Safe for use by several
 * threads.
 */
class LimitedItems extends ScopeItems {

	private final long limit;

	// Includes what was released or detached, until all is added up again
	@GuardedBy("this")
	private long bytes;

	LimitedItems(long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.limit = limit;
	}

	private boolean isLimited() {
		return this.limit != Long.MAX_VALUE;
	}

	/**
	 * Check that there is room for a lease that is still to be acquired.
	 * @param size bytes
	 * @throws SizeLimitExceededException if there is not
	 */
	final void checkRoom(int size) {
		if (isLimited()) {
			checkLimit(size);
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
		return isLimited() ? addWithinLimit(item, size) : add(item);
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
	final synchronized boolean addResult(ScopeStream stream, PooledBuffer buffer) {
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
	final int reserve(ScopeStream stream, int needed, int wanted) {
		if (!isLimited()) {
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

	/**
	 * Stop counting what a stream does not hold after all.
	 */
	final void giveBack(ScopeStream stream, int bytes) {
		if (!isLimited() || bytes == 0) {
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
	 * Return how many more bytes there is room for.
	 * @return bytes, {@link Long#MAX_VALUE} without a limit
	 */
	final synchronized long room() {
		if (!isLimited()) {
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

	@GuardedBy("this")
	private void addUp() {
		this.bytes = sum(Lease::size);
	}

	@Override
	public String toString() {
		return "BufferScope[leases=" + sum((item) -> 1) + (isLimited() ? ", limit=" + this.limit : "") + ", closed="
				+ isEnded() + "]";
	}

}
