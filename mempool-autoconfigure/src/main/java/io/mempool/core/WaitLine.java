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

package io.mempool.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for one tier: first come, first served. Guarded by the lock of
 * the budget.
 *
 * @param <B> the kind of block
 */
final class WaitLine<B extends Block> {

	private final Tier<B> tier;

	private final Budget budget;

	private final TierBooks books;

	private final ArrayDeque<Request<B>> requests = new ArrayDeque<>();

	WaitLine(Tier<B> tier, Budget budget, TierBooks books) {
		this.tier = tier;
		this.budget = budget;
		this.books = books;
	}

	int length() {
		return this.requests.size();
	}

	@Nullable Request<B> first() {
		return this.requests.peekFirst();
	}

	/**
	 * Enrol a request: from now on nobody claims past it, and a return wakes whoever is
	 * first.
	 */
	void join(Request<B> request) {
		this.requests.addLast(request);
		begin();
	}

	/**
	 * Strike out a request, whatever came of it.
	 */
	void leave(Request<B> request) {
		this.requests.remove(request);
		this.books.waits++;
		this.books.waitedNanos += request.age();
		end();
		// The wake-up that this one may have consumed, or what it did not need
		this.budget.wake();
	}

	private void begin() {
		this.tier.signal(TierSignals.QUEUED, true);
		this.budget.enrol(this.tier);
	}

	private void end() {
		if (this.requests.isEmpty()) {
			this.tier.signal(TierSignals.QUEUED, false);
			this.budget.leave(this.tier);
		}
	}

	void wakeFirst() {
		Request<B> first = first();
		if (first != null) {
			first.wake();
		}
	}

	/**
	 * Let everybody go on waiting for other tiers, in the order in which they came.
	 * @param heirs which tier serves a size from now on
	 */
	void moveTo(IntFunction<Tier<B>> heirs) {
		for (Request<B> request : this.requests) {
			Tier<B> heir = heirs.apply(request.size);
			request.tier = heir;
			heir.line().admit(request);
		}
		this.requests.clear();
		end();
	}

	private void admit(Request<B> request) {
		List<Request<B>> others = new ArrayList<>(this.requests);
		int place = others.size();
		while (place > 0 && request.isOlderThan(others.get(place - 1))) {
			place--;
		}
		others.add(place, request);
		this.requests.clear();
		this.requests.addAll(others);
		begin();
	}

}
