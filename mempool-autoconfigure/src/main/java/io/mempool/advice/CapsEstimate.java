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

import java.util.ArrayList;
import java.util.List;

import io.mempool.advice.Demand.Group;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.TierPresets;
import io.mempool.core.Caps;

/**
 * Estimates the caps of new tiers from what is known of the present ones.
 */
final class CapsEstimate {

	/*
	 * If a tenth of the requests of a present tier goes to a new one, then when 100 of
	 * its buffers were leased at once about 10 were of the kind that the new one lends;
	 * and at another time more, by chance. If the others are as independent of each other
	 * as callers tend to be, that is a Poisson variable, which stays below its mean plus
	 * twice its root most of the time. More than what was leased of all sizes it never
	 * was.
	 */

	private final Present present;

	// Whether there are to be fewer tiers than now
	private final boolean merging;

	private final List<Integer> sizes;

	// How many requests each new tier takes from each present one; the last are oversized
	private final long[][] requests;

	private final long[] requestsOfPresent;

	private CapsEstimate(List<Integer> sizes, Present present, Demand demand, boolean merging) {
		this.merging = merging;
		this.present = present;
		this.sizes = sizes;
		int tiers = present.tiers().size();
		this.requests = new long[sizes.size()][tiers + 1];
		this.requestsOfPresent = new long[tiers + 1];
		List<Integer> presentSizes = present.sizes();
		for (Group group : demand.groups()) {
			int from = Demand.tierOf(group, presentSizes);
			this.requests[Demand.tierOf(group, sizes)][from] += group.count();
			this.requestsOfPresent[from] += group.count();
		}
	}

	/**
	 * Return tiers of the given sizes, with default caps if nothing is known of the
	 * present ones.
	 * @param merging whether fewer tiers than now were asked for, so that one has to
	 * allow what several do
	 */
	static List<BufferTier> tiers(List<Integer> sizes, Present present, Demand demand, boolean merging) {
		if (present.peaks().isEmpty()) {
			return sizes.stream().map(BufferTier::of).toList();
		}
		return new CapsEstimate(sizes, present, demand, merging).tiers();
	}

	private List<BufferTier> tiers() {
		List<BufferTier> tiers = new ArrayList<>();
		double idleBytes = 0;
		double preallocatedBytes = 0;
		for (int i = 0; i < this.sizes.size(); i++) {
			BufferTier tier = new BufferTier(this.sizes.get(i), caps(i));
			idleBytes += bytes(tier.size(), tier.caps().maxIdle());
			preallocatedBytes += bytes(tier.size(), tier.caps().preallocate());
			tiers.add(tier);
		}
		double idleShare = Math.min(1, this.present.room() / idleBytes);
		double preallocatedShare = Math.min(1, this.present.room() / preallocatedBytes);
		return tiers.stream().map((tier) -> shrink(tier, idleShare, preallocatedShare)).toList();
	}

	private double bytes(int size, int count) {
		return (count > 0) ? this.present.memory().footprint(size, count) : 0;
	}

	private static BufferTier shrink(BufferTier tier, double idleShare, double preallocatedShare) {
		Caps caps = tier.caps();
		int preallocate = (int) (caps.preallocate() * preallocatedShare);
		int least = Math.min(caps.maxIdle(), Math.max(1, preallocate));
		int maxIdle = Math.max((int) (caps.maxIdle() * idleShare), least);
		return new BufferTier(tier.size(), new Caps(maxIdle, caps.maxTotal(), preallocate));
	}

	private Caps caps(int tier) {
		double expected = 0;
		long possible = 0;
		long maxTotal = 0;
		double preallocate = 0;
		int highest = TierPresets.defaultMaxIdle(this.sizes.get(tier));
		for (int from = 0; from < this.requestsOfPresent.length; from++) {
			if (this.requests[tier][from] > 0) {
				double share = (double) this.requests[tier][from] / this.requestsOfPresent[from];
				Caps caps = capsOfPresent(from);
				int peak = peak(from);
				expected += peak * share;
				possible += peak;
				maxTotal = this.merging ? Math.min(Caps.UNLIMITED, maxTotal + caps.maxTotal())
						: Math.max(maxTotal, caps.maxTotal());
				preallocate += caps.preallocate() * share;
				highest = Math.max(highest, caps.maxIdle());
			}
		}
		if (maxTotal == 0) {
			// Not in use: a present tier that stays as it is
			return capsOfPresent(tier);
		}
		double idle = Math.ceil(Math.min((double) possible, expected + 2 * Math.sqrt(expected)));
		int maxIdle = (int) Math.min((long) idle, Math.min(highest, maxTotal));
		int preallocated = (int) Math.min(preallocate, (double) maxTotal);
		return new Caps(Math.max(maxIdle, preallocated), (int) maxTotal, preallocated);
	}

	private int peak(int from) {
		int peak = this.present.peaks().get(from);
		// The tier may be younger than the requests
		return (peak > 0) ? peak : Math.max(1, capsOfPresent(from).maxIdle());
	}

	private Caps capsOfPresent(int index) {
		return (index < this.present.tiers().size()) ? this.present.tiers().get(index).caps() : Caps.ofIdle(0);
	}

}
