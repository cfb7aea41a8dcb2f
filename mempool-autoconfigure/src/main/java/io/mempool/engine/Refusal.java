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

package io.mempool.engine;

import io.mempool.core.Caps;
import io.mempool.core.Obstacle;
import io.mempool.core.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a request was refused, and what to do. The figures are those at the moment
 * of the refusal.
 *
 * @param account the account of the pool
 * @param limit the limit of the pool
 * @param pending how many bytes were discarded and not yet freed
 * @param capacity the capacity of the tier
 * @param caps the caps of the tier
 * @param leased how many leases of the tier were open
 * @param idle how many blocks of the tier were idle
 * @param oversized whether the tier is the one beyond the largest
 * @param impossible which limit is below the requested size, {@code null} if none is
 * @param kept whether earlier requests wait for the same resource, which is kept for them
 */
record Refusal(Account account, long limit, long pending, int capacity, Caps caps, int leased, int idle,
		boolean oversized, @Nullable Shortage impossible, boolean kept) {

	private static final String KEPT = " is kept for requests that came before";

	PoolExhaustedException of(Request<?> request) {
		Unit unit = this.account.unit();
		Integer tier = (this.oversized || unit != Unit.BYTES) ? null : this.capacity;
		Shortage shortage = (request.shortage != null) ? request.shortage : Shortage.CAP;
		Obstacle obstacle = obstacle((this.impossible != null) ? this.impossible : shortage);
		String message = (obstacle != null && obstacle.permanent()) ? impossible(request, obstacle)
				: temporary(request, shortage) + (request.barred ? WaitingThreads.advice() : "");
		PoolExhaustedException exception = new PoolExhaustedException(message, this.account.pool(), tier, this.leased,
				obstacle);
		if (request.error != null) {
			exception.initCause(request.error);
		}
		return exception;
	}

	private @Nullable Obstacle obstacle(Shortage shortage) {
		if (shortage == Shortage.MEMORY) {
			return null;
		}
		if (shortage == Shortage.CAP) {
			return new Obstacle(property("max-total"), this.caps.maxTotal(), false);
		}
		boolean permanent = this.impossible != null;
		return (shortage == Shortage.LIMIT) ? new Obstacle(property("limit"), this.limit, permanent)
				: new Obstacle(this.account.budget().name(), this.account.budget().limit(), permanent);
	}

	private String property(String key) {
		String kind = (this.account.unit() == Unit.BYTES) ? "pools" : "objects";
		return "mempool." + kind + "." + this.account.pool() + "." + key;
	}

	private String impossible(Request<?> request, Obstacle obstacle) {
		return cannotAcquire(request) + "that is more than '" + obstacle.property() + "' of " + obstacle.limit()
				+ " bytes ever allows. Ask for less, or raise '" + obstacle.property() + "'.";
	}

	private String temporary(Request<?> request, Shortage shortage) {
		Unit unit = this.account.unit();
		return cannotAcquire(request) + reached(shortage, request.error) + waited(request) + " (leased" + where() + ": "
				+ this.leased + ", idle: " + this.idle + ", max-idle: " + this.caps.maxIdle() + pendingBytes()
				+ "). Release " + unit.things() + " sooner, or raise " + remedy(shortage) + ".";
	}

	private String cannotAcquire(Request<?> request) {
		return "Cannot acquire " + this.account.unit().amount(request.size) + " from pool '" + this.account.pool()
				+ "': ";
	}

	private String reached(Shortage shortage, @Nullable OutOfMemoryError error) {
		if (shortage == Shortage.CAP) {
			return cap(this.account.unit());
		}
		if (shortage == Shortage.MEMORY) {
			return "the JVM has no memory for it, also after idle memory of all pools was given up"
					+ ((error != null) ? " (" + error.getMessage() + ")" : "");
		}
		return this.kept ? "what is free of " + bound(this.account, this.limit, shortage) + KEPT
				: limits(this.account, this.limit, shortage) + ", and idle memory is not enough to make room";
	}

	private String cap(Unit unit) {
		String tier = unit.tier(this.capacity);
		if (this.caps.maxTotal() == Caps.UNLIMITED) {
			return "what is free" + tier + KEPT;
		}
		String all = this.caps.maxTotal() + " " + unit.things() + " (max-total)" + tier;
		if (this.leased >= this.caps.maxTotal()) {
			return "all " + all + " are leased";
		}
		return this.kept ? "what is free of the " + all + KEPT : "all " + all + " are leased or not yet destroyed";
	}

	private String waited(Request<?> request) {
		return (request.waitNanos() > 0) ? ", also after waiting " + request.waitNanos() / 1_000_000 + " ms" : "";
	}

	private String pendingBytes() {
		return (this.pending > 0 && this.account.unit() == Unit.BYTES) ? ", not yet freed: " + this.pending + " bytes"
				: "";
	}

	private String where() {
		if (this.account.unit() != Unit.BYTES) {
			return "";
		}
		return this.oversized ? " beyond the largest tier" : " in the tier";
	}

	private String remedy(Shortage shortage) {
		if (shortage == Shortage.CAP) {
			return "max-total, or choose the policy 'allocate' or 'wait'";
		}
		if (shortage == Shortage.MEMORY) {
			return "the memory of the JVM, or lower limits and budgets so that they fit it";
		}
		return (shortage == Shortage.LIMIT) ? "the pool's limit" : "'" + this.account.budget().name() + "'";
	}

	/**
	 * Describe the limit that was reached.
	 */
	static String limits(Account account, long limit, Shortage shortage) {
		return bound(account, limit, shortage) + ((shortage == Shortage.LIMIT) ? " is reached" : " is used up");
	}

	private static String bound(Account account, long limit, Shortage shortage) {
		SharedBudget budget = account.budget();
		return (shortage == Shortage.LIMIT) ? "the pool's limit of " + limit + " bytes"
				: "the budget '" + budget.name() + "' of " + budget.limit() + " bytes";
	}

}
