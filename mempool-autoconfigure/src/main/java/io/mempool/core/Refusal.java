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

import org.jspecify.annotations.Nullable;

/**
 * Explains why a request was refused, and what to do.
 *
 * @param account the account of the pool
 * @param now the figures of the tier
 * @param oversized whether the tier is the one beyond the largest
 * @param impossible which limit is below what was asked for, {@code null} if none is
 */
record Refusal(Account account, TierStatistics now, boolean oversized, @Nullable Shortage impossible) {

	PoolExhaustedException of(Request<?> request) {
		Unit unit = this.account.unit();
		Integer tier = (this.oversized || unit != Unit.BYTES) ? null : this.now.size();
		Obstacle obstacle = obstacle((this.impossible != null) ? this.impossible : shortage(request));
		String message = obstacle.permanent() ? impossible(request, obstacle) : temporary(request, shortage(request));
		return new PoolExhaustedException(message, this.account.pool(), tier, this.now.leased(), obstacle);
	}

	private static Shortage shortage(Request<?> request) {
		return (request.shortage != null) ? request.shortage : Shortage.CAP;
	}

	private Obstacle obstacle(Shortage shortage) {
		return switch (shortage) {
			case CAP -> new Obstacle(property("max-total"), this.now.caps().maxTotal(), false);
			case LIMIT -> new Obstacle(property("limit"), this.account.limit(), this.impossible != null);
			case BUDGET -> new Obstacle(this.account.budget().getName(), this.account.budget().getLimit(),
					this.impossible != null);
		};
	}

	private String property(String key) {
		String kind = (this.account.unit() == Unit.BYTES) ? "pools" : "objects";
		return "mempool." + kind + "." + this.account.pool() + "." + key;
	}

	private String impossible(Request<?> request, Obstacle obstacle) {
		return "Cannot acquire %s from pool '%s': that is more than '%s' of %d bytes ever allows. Ask for less, or raise '%s'."
			.formatted(this.account.unit().amount(request.size), this.account.pool(), obstacle.property(),
					obstacle.limit(), obstacle.property());
	}

	private String temporary(Request<?> request, Shortage shortage) {
		Unit unit = this.account.unit();
		return "Cannot acquire %s from pool '%s': %s%s (leased%s: %d, idle: %d, max-idle: %d). Release %s sooner, or raise %s."
			.formatted(unit.amount(request.size), this.account.pool(), reached(shortage), waited(request), where(),
					this.now.leased(), this.now.idle(), this.now.caps().maxIdle(), unit.things(), remedy(shortage));
	}

	private String reached(Shortage shortage) {
		if (shortage == Shortage.CAP) {
			Unit unit = this.account.unit();
			return "all %d %s (max-total)%s are leased".formatted(this.now.caps().maxTotal(), unit.things(),
					unit.tier(this.now.size()));
		}
		return limits(this.account, shortage) + ", and idle memory is not enough to make room";
	}

	private String waited(Request<?> request) {
		return (request.waitNanos() > 0) ? ", also after waiting " + request.waitNanos() / 1_000_000 + " ms" : "";
	}

	private String where() {
		if (this.account.unit() != Unit.BYTES) {
			return "";
		}
		return this.oversized ? " beyond the largest tier" : " in the tier";
	}

	private String remedy(Shortage shortage) {
		return switch (shortage) {
			case CAP -> "max-total, or choose the policy 'allocate' or 'wait'";
			case LIMIT -> "the pool's limit";
			case BUDGET -> "'" + this.account.budget().getName() + "'";
		};
	}

	/**
	 * Describe the limit that was reached.
	 */
	static String limits(Account account, Shortage shortage) {
		Budget budget = account.budget();
		return (shortage == Shortage.BUDGET)
				? "the budget '" + budget.getName() + "' of " + budget.getLimit() + " bytes is used up"
				: "the pool's limit of " + account.limit() + " bytes is reached";
	}

}
