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

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * How many bytes the scopes of one key may hold together, for example all requests of one
 * client. What counts is what counts towards the limit of a scope, and content that is
 * being read. What a scope has released early, given away or left to another owner no
 * longer counts.
 * <p>
 * A key exists as long as a scope does that has acquired something with it. Keys need
 * {@code equals} and {@code hashCode}, and must not change.
 * <p>
 * Safe for use by several threads. Scopes of different keys share no lock.
 *
 * @since 0.1.0
 */
public final class ScopeQuota {

	/*
	 * Locks. In this order: the share of a scope, a bin of the map, a holder, a scope. No
	 * code of the application is called with one of them held, apart from 'equals' and
	 * 'hashCode' of keys.
	 *
	 * Lost scopes. A holder does not keep a scope from being collected, as its memory
	 * would not be found to be leaked. The share of a scope that was collected leaves its
	 * holder.
	 */

	private final String property;

	private final long limit;

	private final Map<Object, QuotaHolder> holders = new ConcurrentHashMap<>();

	private final LongAdder refusals = new LongAdder();

	private final ReferenceQueue<CountedItems> lost = new ReferenceQueue<>();

	/**
	 * Create a quota.
	 * @param property the property that sets it, which errors name
	 * @param limit how many bytes the scopes of one key may hold together
	 */
	public ScopeQuota(String property, long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.property = property;
		this.limit = limit;
	}

	/**
	 * Return the property that sets the quota.
	 * @return its name
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Return how much the scopes of one key may hold together.
	 * @return bytes
	 */
	public long limit() {
		return this.limit;
	}

	/**
	 * Return how many acquires were refused so far.
	 * @return the number of refusals
	 */
	public long refusals() {
		return this.refusals.sum();
	}

	/**
	 * Add up what the scopes of each key hold now.
	 * @param most how many of the largest keys to list
	 * @return the sums, exact if no scope is in use meanwhile
	 */
	public QuotaStatistics statistics(int most) {
		removeLost();
		int keys = 0;
		long sum = 0;
		Comparator<QuotaStatistics.Holding> bySize = Comparator.comparingLong(QuotaStatistics.Holding::held);
		PriorityQueue<QuotaStatistics.Holding> largest = new PriorityQueue<>(bySize);
		for (QuotaHolder holder : this.holders.values()) {
			QuotaStatistics.Holding holding = holder.addUp();
			if (holding.held() > 0) {
				keys++;
				sum += holding.held();
				largest.add(holding);
				if (largest.size() > most) {
					largest.remove();
				}
			}
		}
		List<QuotaStatistics.Holding> sorted = new ArrayList<>(largest);
		sorted.sort(bySize.reversed());
		return new QuotaStatistics(this.limit, keys, sum, refusals(), List.copyOf(sorted));
	}

	/**
	 * Return how many keys there are.
	 */
	int size() {
		removeLost();
		return this.holders.size();
	}

	void countRefusal() {
		this.refusals.increment();
	}

	ReferenceQueue<CountedItems> lost() {
		return this.lost;
	}

	/**
	 * Let a share have a part of what its key may hold.
	 * @return what knows all shares of the key
	 */
	QuotaHolder join(Object key, QuotaShare share) {
		removeLost();
		QuotaHolder[] joined = new QuotaHolder[1];
		this.holders.compute(key, (same, present) -> {
			QuotaHolder holder = (present != null) ? present : new QuotaHolder(this, same);
			holder.add(share);
			joined[0] = holder;
			return holder;
		});
		return joined[0];
	}

	/**
	 * End the part of a share. Has no effect if that was done before.
	 */
	void leave(QuotaHolder holder, QuotaShare share) {
		this.holders.computeIfPresent(holder.key(), (key, present) -> remove(present, holder, share));
	}

	@SuppressWarnings("ReferenceEquality")
	private static @Nullable QuotaHolder remove(QuotaHolder present, QuotaHolder holder, QuotaShare share) {
		return (present == holder && holder.remove(share)) ? null : present;
	}

	private void removeLost() {
		for (Reference<?> share = this.lost.poll(); share != null; share = this.lost.poll()) {
			((QuotaShare) share).end();
		}
	}

	@Override
	public String toString() {
		return "ScopeQuota[property=" + this.property + ", limit=" + this.limit + "]";
	}

}
