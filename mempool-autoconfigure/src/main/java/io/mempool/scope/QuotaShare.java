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

import java.lang.ref.WeakReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

import io.mempool.buffer.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;

/**
 * The part of one scope in a quota. Its key is determined when the scope first acquires
 * something. Without a key, nothing is counted. Safe for use by several threads.
 */
final class QuotaShare extends WeakReference<CountedItems> {

	private final ScopeQuota quota;

	private final String pool;

	private volatile @Nullable Supplier<? extends @Nullable Object> key;

	private volatile @Nullable QuotaHolder holder;

	private volatile boolean determined;

	// Guarded by the monitor of the holder

	// What is reserved for items to come
	long pending;

	// With what is reserved, and what was released early and not added up since
	long held;

	boolean ended;

	QuotaShare(ScopeQuota quota, CountedItems items, String pool, Supplier<? extends @Nullable Object> key) {
		super(items, quota.lost());
		this.quota = quota;
		this.pool = pool;
		this.key = key;
	}

	/**
	 * Determine the key now, unless that was done before. Called without a lock, as code
	 * of the application may determine it.
	 * @return what knows all shares of the key, {@code null} if there is no key
	 */
	@Nullable QuotaHolder holder() {
		if (!this.determined) {
			Supplier<? extends @Nullable Object> supplier = this.key;
			determine((supplier != null) ? supplier.get() : null);
		}
		return this.holder;
	}

	private synchronized void determine(@Nullable Object key) {
		if (!this.determined) {
			this.holder = (key != null) ? this.quota.join(key, this) : null;
			this.key = null;
			this.determined = true;
		}
	}

	/**
	 * Stop counting, when the scope has let all items go.
	 */
	void end() {
		determine(null);
		QuotaHolder holder = this.holder;
		if (holder != null) {
			this.quota.leave(holder, this);
		}
	}

	/**
	 * Return how much the scope could hold if no other scope had its key.
	 * @return bytes, {@link Long#MAX_VALUE} without a key
	 */
	long limit() {
		return (holder() != null) ? this.quota.limit() : Long.MAX_VALUE;
	}

	/**
	 * Return how much more the scope could hold if no other scope had its key.
	 * @return bytes, {@link Long#MAX_VALUE} without a key
	 */
	long room() {
		QuotaHolder holder = holder();
		if (holder == null) {
			return Long.MAX_VALUE;
		}
		synchronized (holder) {
			holder.addUp(this);
			return Math.max(0, this.quota.limit() - this.held);
		}
	}

	/**
	 * Count bytes for an item to come.
	 * @param needed the minimum
	 * @param wanted how many are useful
	 * @return how many are reserved, for {@link #cancel} or {@link #own}
	 * @throws QuotaExceededException if there is no room because of other scopes
	 * @throws SizeLimitExceededException if there never is
	 */
	int reserve(int needed, int wanted) {
		QuotaHolder holder = holder();
		if (holder == null) {
			return wanted;
		}
		synchronized (holder) {
			int granted = (int) holder.roomFor(this, needed, wanted, this.pool);
			this.pending += granted;
			holder.count(this, granted);
			return granted;
		}
	}

	/**
	 * Stop counting what was reserved.
	 */
	void cancel(int reserved) {
		QuotaHolder holder = this.holder;
		if (holder != null) {
			synchronized (holder) {
				this.pending -= reserved;
				holder.count(this, -reserved);
			}
		}
	}

	/**
	 * Count an item that the scope owns from now on.
	 * @param size what it counts for
	 * @param reserved how much of that was reserved, or more
	 * @param adding adds the item to those of the scope
	 * @return what {@code adding} returned
	 */
	boolean own(int size, int reserved, BooleanSupplier adding) {
		QuotaHolder holder = holder();
		if (holder == null) {
			return adding.getAsBoolean();
		}
		synchronized (holder) {
			if (size > reserved) {
				holder.roomFor(this, (long) size - reserved, (long) size - reserved, this.pool);
			}
			boolean added = adding.getAsBoolean();
			this.pending -= reserved;
			holder.count(this, (added ? size : 0) - reserved);
			return added;
		}
	}

	/**
	 * Count what an item takes over of another.
	 * @param more how much more it has
	 * @param adding adds the item to those of the scope
	 */
	boolean replace(int more, BooleanSupplier adding) {
		QuotaHolder holder = holder();
		if (holder == null) {
			return adding.getAsBoolean();
		}
		synchronized (holder) {
			boolean added = adding.getAsBoolean();
			if (added) {
				holder.count(this, more);
			}
			return added;
		}
	}

	/**
	 * Count what an item of the scope takes in addition.
	 * @param needed the minimum
	 * @param wanted how many bytes are useful
	 * @param growing lets the item grow, by at most as much as it is passed
	 * @return what {@code growing} returned
	 */
	int grow(int needed, int wanted, IntUnaryOperator growing) {
		QuotaHolder holder = holder();
		if (holder == null) {
			return growing.applyAsInt(wanted);
		}
		synchronized (holder) {
			int granted = growing.applyAsInt((int) holder.roomFor(this, needed, wanted, this.pool));
			holder.count(this, granted);
			return granted;
		}
	}

	/**
	 * Stop counting what an item of the scope gives back.
	 * @param shrinking lets the item shrink
	 */
	void shrink(Runnable shrinking) {
		QuotaHolder holder = this.holder;
		if (holder == null) {
			shrinking.run();
			return;
		}
		synchronized (holder) {
			shrinking.run();
			holder.addUp(this);
		}
	}

}
