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

package io.mempool.actuate.endpoint;

import java.util.List;

import io.mempool.advice.TierAdvice;
import io.mempool.advice.TierPlan;

/**
 * Description of the tiers that would suit what was requested of a pool, if that saves
 * enough.
 *
 * @param requests how many requests the tiers are chosen for
 * @param now the tiers as they are
 * @param advised the tiers that waste least
 * @param savedPercent how much less than the present tiers the advised ones would have
 * lent for these requests
 * @param yaml the advised tiers as a part of {@code application.yml}
 * @since 0.1.0
 */
public record AdviceDescriptor(long requests, Plan now, Plan advised, double savedPercent, String yaml) {

	static AdviceDescriptor of(TierAdvice advice) {
		double saved = 100.0 * (advice.now().lentBytes() - advice.advised().lentBytes()) / advice.now().lentBytes();
		return new AdviceDescriptor(advice.requests(), Plan.of(advice.now()), Plan.of(advice.advised()), rounded(saved),
				advice.yaml());
	}

	private static double rounded(double percent) {
		return Math.round(percent * 10) / 10.0;
	}

	/**
	 * Description of tiers that a pool has, or could have.
	 *
	 * @param tiers the tiers, ascending
	 * @param wastedBytes how many bytes they lend beyond what is asked for
	 * @param wastedPercent which part of what they lend that is
	 */
	public record Plan(List<Tier> tiers, long wastedBytes, double wastedPercent) {

		private static Plan of(TierPlan plan) {
			List<Tier> tiers = plan.tiers()
				.stream()
				.map((tier) -> new Tier(tier.size(), tier.caps().maxIdle()))
				.toList();
			return new Plan(tiers, plan.wastedBytes(), rounded(plan.wastedPercent()));
		}

	}

	/**
	 * Description of a tier.
	 *
	 * @param size capacity of its blocks in bytes
	 * @param maxIdle how many idle blocks are kept
	 */
	public record Tier(int size, int maxIdle) {

	}

}
