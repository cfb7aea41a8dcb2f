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

package io.mempool.advice;

import java.util.Arrays;
import java.util.List;

import io.mempool.advice.Demand.Group;

/**
 * Chooses the tiers that lend least for a demand.
 */
final class TierChooser {

	/*
	 * Dynamic programming. The last tier must fit the largest request, so the best t
	 * tiers for the smallest n groups are one of the size of group n, and the best t - 1
	 * tiers for the groups that it does not serve: of all places to cut, the one that
	 * lends least. The larger n, the larger the best place to cut (the quadrangle
	 * inequality holds, as sizes and counts ascend), so the middle n is solved first, and
	 * those on either side of it look on their side of its cut only: t * n log n steps.
	 *
	 * In double, since the worst choices may lend more than a long counts; exact up to 9
	 * petabytes.
	 */

	private final int[] sizes;

	// How many requests the smallest n groups have
	private final double[] requests;

	private TierChooser(List<Group> groups) {
		this.sizes = new int[groups.size()];
		this.requests = new double[groups.size() + 1];
		for (int i = 0; i < this.sizes.length; i++) {
			// A request of nothing gets a buffer too
			this.sizes[i] = Math.max(1, groups.get(i).largest());
			this.requests[i + 1] = this.requests[i] + groups.get(i).count();
		}
	}

	/**
	 * Return the sizes of the tiers that lend least.
	 * @param demand what they must serve, not nothing
	 * @param tiers how many there may be, at least one
	 * @return ascending sizes, the largest of which serves the largest request
	 */
	static List<Integer> choose(Demand demand, int tiers) {
		return new TierChooser(demand.groups()).choose(Math.min(tiers, demand.groups().size()));
	}

	private List<Integer> choose(int tiers) {
		int groups = this.sizes.length;
		int[][] cuts = new int[tiers][groups + 1];
		double[] lent = new double[groups + 1];
		for (int n = 1; n <= groups; n++) {
			lent[n] = lent(0, n);
		}
		for (int tier = 1; tier < tiers; tier++) {
			double[] more = new double[groups + 1];
			Arrays.fill(more, Double.POSITIVE_INFINITY);
			cut(lent, more, cuts[tier], tier + 1, groups, tier, groups - 1);
			lent = more;
		}
		Integer[] chosen = new Integer[tiers];
		int n = groups;
		for (int tier = tiers - 1; tier >= 0; tier--) {
			chosen[tier] = this.sizes[n - 1];
			n = cuts[tier][n];
		}
		return List.of(chosen);
	}

	private void cut(double[] fewer, double[] more, int[] cuts, int first, int last, int firstCut, int lastCut) {
		if (first > last) {
			return;
		}
		int n = (first + last) >>> 1;
		for (int cut = firstCut; cut <= Math.min(lastCut, n - 1); cut++) {
			double lent = fewer[cut] + lent(cut, n);
			if (lent < more[n]) {
				more[n] = lent;
				cuts[n] = cut;
			}
		}
		cut(fewer, more, cuts, first, n - 1, firstCut, cuts[n]);
		cut(fewer, more, cuts, n + 1, last, cuts[n], lastCut);
	}

	private double lent(int from, int to) {
		return this.sizes[to - 1] * (this.requests[to] - this.requests[from]);
	}

}
