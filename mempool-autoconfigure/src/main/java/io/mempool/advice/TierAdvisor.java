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

import java.util.Comparator;
import java.util.List;

import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.PoolStatistics;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Advises which tiers a pool should have: those that lend least, and so waste least, for
 * the sizes that were requested of it.
 * <ul>
 * <li>The advised tiers serve what the present ones serve. Requests beyond the largest
 * tier have no part in it unless {@link #maximumSize(int)} asks for more, and those of
 * which the limit or the budget of the pool allows no buffer never.</li>
 * <li>No tier is smaller than what pays: by what was measured of this machine, if that is
 * steady, and otherwise 1 KiB on the heap.</li>
 * <li>Tiers that would save less than 1 % of what the present ones lend are not worth the
 * change: then the present ones are advised, just as they are.</li>
 * <li>Sizes are rounded up where that costs at most 1 % of what the tier lends. The
 * figures include it.</li>
 * <li>{@code max-idle} is an estimate: the peaks of the present tiers, shared out like
 * their requests, with room for chance of twice the square root. It is not above the
 * default or the present {@code max-idle}, whichever is higher. All tiers together fit
 * the limit of the pool, and what other pools leave of its budget now; so do preallocated
 * buffers. {@code max-total} is that of the present tier whose requests a tier takes
 * over, the highest of these if there are several, and their sum if fewer tiers were
 * asked for.</li>
 * </ul>
 * The advice is as good as what was recorded: ask when the pool has seen what it usually
 * sees. Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class TierAdvisor {

	// Which part of what is lent a change has to save
	private static final double WORTHWHILE = 0.01;

	// The same for advice that was not asked for, and how many requests it takes
	private static final double WORTH_SAYING = 0.05;

	private static final long WORTH_SAYING_BYTES = 1024 * 1024;

	private static final long ENOUGH_REQUESTS = 1000;

	private final Present present;

	private final SizeHistogram requested;

	private int tiers;

	private int maximumSize;

	private TierAdvisor(Present present, SizeHistogram requested) {
		this.present = present;
		this.requested = requested;
		this.tiers = present.tiers().size();
		this.maximumSize = present.maximumSize();
	}

	/**
	 * Advise a pool. Reads its figures once, now.
	 * @param pool the pool
	 * @return an advisor
	 */
	public static TierAdvisor of(BufferPool pool) {
		return of(pool.statistics(), pool.requestedSizes());
	}

	/**
	 * Advise a pool by what was read from it before.
	 * @param statistics what the pool has done
	 * @param requested what was requested of it
	 * @return an advisor
	 */
	public static TierAdvisor of(PoolStatistics statistics, SizeHistogram requested) {
		return of(statistics, requested, Calibrations.OF_JVM.known(statistics.memory()));
	}

	static TierAdvisor of(PoolStatistics statistics, SizeHistogram requested, @Nullable MeasuredCosts costs) {
		return new TierAdvisor(Present.of(statistics, costs), requested);
	}

	/**
	 * Advise a pool of which just the tiers are known. The advised tiers have default
	 * caps, and the YAML none.
	 * @param name the name of the pool
	 * @param tiers the tiers as they are, at least one, in any order
	 * @param requested what was requested
	 * @return an advisor
	 */
	public static TierAdvisor of(String name, List<BufferTier> tiers, SizeHistogram requested) {
		if (tiers.isEmpty()) {
			throw new IllegalArgumentException("'tiers' must not be empty");
		}
		List<BufferTier> ascending = tiers.stream().sorted(Comparator.comparingInt(BufferTier::size)).toList();
		return new TierAdvisor(Present.of(name, ascending), requested);
	}

	/**
	 * Set how many tiers there may be.
	 * @param tiers a positive number; as many as the pool has if not set
	 * @return this advisor
	 */
	public TierAdvisor tiers(int tiers) {
		if (tiers <= 0) {
			throw new IllegalArgumentException("'tiers' must be positive but is " + tiers);
		}
		this.tiers = tiers;
		return this;
	}

	/**
	 * Set up to which size requests should have a tier.
	 * @param maximumSize bytes, up to {@link BufferTier#MAXIMUM_SIZE}; the size of the
	 * largest present tier if not set
	 * @return this advisor
	 */
	public TierAdvisor maximumSize(int maximumSize) {
		if (maximumSize <= 0 || maximumSize > BufferTier.MAXIMUM_SIZE) {
			throw new IllegalArgumentException(
					"'maximumSize' must be from 1 to " + BufferTier.MAXIMUM_SIZE + " but is " + maximumSize);
		}
		this.maximumSize = maximumSize;
		return this;
	}

	/**
	 * Choose the tiers. Takes a millisecond or two.
	 * @return the advice, or {@code null} if there is none: nothing was requested that a
	 * tier could serve, or the pool does not pool
	 */
	public @Nullable TierAdvice advise() {
		int ceiling = this.present.largestWithinLimit(this.maximumSize);
		Demand all = Demand.of(this.requested).splitAt(ceiling);
		for (int size : this.present.sizes()) {
			all = all.splitAt(size);
		}
		Demand demand = all.upTo(ceiling);
		if (demand.groups().isEmpty() || !this.present.pooling()) {
			return null;
		}
		TierPlan now = plan(this.present.tiers(), demand);
		Demand paying = demand.raisedTo(Math.min(this.present.payingFrom(), ceiling));
		List<Integer> sizes = Rounding.roundUp(TierChooser.choose(paying, this.tiers), paying, ceiling);
		boolean stays = presentIsAllowed(demand)
				&& now.lentBytes() - demand.lentBytes(sizes) <= WORTHWHILE * now.lentBytes();
		boolean merging = this.tiers < this.present.tiers().size();
		TierPlan advised = stays ? now : plan(CapsEstimate.tiers(sizes, this.present, demand, merging), demand);
		return new TierAdvice(demand.count(), all.count() - demand.count(), now, advised,
				TierYaml.write(this.present, advised.tiers()));
	}

	/**
	 * Choose the tiers for advice that was not asked for, such as on a page. It has to be
	 * worth the work of a reader: at least 1,000 requests say which tiers fit, and the
	 * advised ones save at least 5 % of what is lent, and 1 MiB of what was leased at
	 * once.
	 * @return the advice, or {@code null} if there is none that is worth it
	 */
	public @Nullable TierAdvice adviseIfWorthwhile() {
		TierAdvice advice = advise();
		return (advice != null && advice.requests() >= ENOUGH_REQUESTS && isWorthSaying(advice)) ? advice : null;
	}

	private boolean isWorthSaying(TierAdvice advice) {
		double share = 1 - (double) advice.advised().lentBytes() / advice.now().lentBytes();
		return share >= WORTH_SAYING && share * this.present.peakBytes() >= WORTH_SAYING_BYTES;
	}

	private boolean presentIsAllowed(Demand demand) {
		int largest = demand.largest();
		return this.present.tiers().size() <= this.tiers && this.present.sizes()
			.stream()
			.filter((size) -> size >= largest)
			.limit(1)
			.anyMatch((size) -> this.present.memory().footprint(size) <= this.present.limit());
	}

	private static TierPlan plan(List<BufferTier> tiers, Demand demand) {
		long lent = demand.lentBytes(tiers.stream().map(BufferTier::size).toList());
		return new TierPlan(tiers, lent, lent - demand.bytes());
	}

}
