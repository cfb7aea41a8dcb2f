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

package io.mempool.buffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.PoolName;
import io.mempool.engine.SharedBudget;
import io.mempool.sizes.RecentSizes;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link BufferPool}. Without further settings the pool has the tiers of
 * {@link TierPresets#fromHeap()}, the idle caps of {@link TierPresets#defaultMaxIdle}, no
 * limit, the policy {@link ExhaustionPolicy#ALLOCATE}, and clears on release.
 * <p>
 * Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class BufferPoolBuilder {

	private final String name;

	private MemoryKind memory = MemoryKind.HEAP;

	private boolean pageAligned;

	private RecentSizes recentSizes = RecentSizes.lockFree(RecentSizes.DEFAULT_CAPACITY);

	private List<BufferTier> tiers = tiersOf(TierPresets.fromHeap());

	private long limit = Long.MAX_VALUE;

	private @Nullable SharedBudget budget;

	private ExhaustionPolicy policy = ExhaustionPolicy.ALLOCATE;

	private Duration maxWait = AdmissionPolicy.DEFAULT_MAX_WAIT;

	private Clearing clearing = Clearing.ON_RELEASE;

	private @Nullable Duration idleTimeout;

	private boolean pooling = true;

	private boolean oversized = true;

	private LeakSettings leaks = LeakSettings.NONE;

	BufferPoolBuilder(String name) {
		this.name = PoolName.check(name);
	}

	private static List<BufferTier> tiersOf(List<Integer> sizes) {
		List<BufferTier> tiers = new ArrayList<>();
		for (int size : sizes) {
			tiers.add(BufferTier.of(size));
		}
		return tiers;
	}

	/**
	 * Return the name of the pool that is built.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Set the kind of memory.
	 * @param memory the kind of memory
	 * @return this builder
	 */
	public BufferPoolBuilder memory(MemoryKind memory) {
		this.memory = Objects.requireNonNull(memory, "'memory' must not be null");
		return this;
	}

	/**
	 * Set whether blocks begin at pages of the operating system. Has no effect on heap
	 * memory.
	 * @param pageAligned whether to align
	 * @return this builder
	 */
	public BufferPoolBuilder pageAligned(boolean pageAligned) {
		this.pageAligned = pageAligned;
		return this;
	}

	/**
	 * Build a pool of blocks of one size: one tier with a fixed maximum number of blocks.
	 * An acquire fails when all are leased. A request that is larger than a block is
	 * {@linkplain #oversized refused}.
	 * @param size the size of a block in bytes
	 * @param count how many blocks may exist
	 * @param preallocate how many of them to create with the pool
	 * @return this builder
	 */
	public BufferPoolBuilder blocks(int size, int count, int preallocate) {
		int maxIdle = Math.min(count, Caps.MAXIMUM_IDLE);
		return tiers(List.of(new BufferTier(size, new Caps(maxIdle, count, preallocate)))).policy(ExhaustionPolicy.FAIL)
			.oversized(false);
	}

	/**
	 * Set whether the pool serves requests beyond its largest tier, with transient memory
	 * of their exact size. If not, they fail with a {@link SizeLimitExceededException}.
	 * @param oversized whether to serve them; {@code true} if not set
	 * @return this builder
	 */
	public BufferPoolBuilder oversized(boolean oversized) {
		this.oversized = oversized;
		return this;
	}

	/**
	 * Set how the pool remembers the sizes requested last.
	 * @param recentSizes a ring of this pool's own
	 * @return this builder
	 */
	public BufferPoolBuilder recentSizes(RecentSizes recentSizes) {
		this.recentSizes = Objects.requireNonNull(recentSizes, "'recentSizes' must not be null");
		return this;
	}

	/**
	 * Set the tiers, in any order.
	 * @param tiers sizes and caps
	 * @return this builder
	 * @throws IllegalArgumentException if there is none, or two have the same size
	 */
	public BufferPoolBuilder tiers(List<BufferTier> tiers) {
		if (tiers.isEmpty()) {
			throw new IllegalArgumentException("'tiers' must not be empty");
		}
		Set<Integer> sizes = new HashSet<>();
		for (BufferTier tier : tiers) {
			if (!sizes.add(tier.size())) {
				throw new IllegalArgumentException("'tiers' must not have the size " + tier.size() + " twice");
			}
		}
		this.tiers = new ArrayList<>(tiers);
		this.tiers.sort(Comparator.comparingInt(BufferTier::size));
		return this;
	}

	/**
	 * Set the tiers by their sizes, with the default number of idle blocks.
	 * @param sizes capacities in bytes, in any order
	 * @return this builder
	 * @throws IllegalArgumentException if there is none, one is not positive, or two are
	 * the same
	 */
	public BufferPoolBuilder tiers(int... sizes) {
		List<BufferTier> tiers = new ArrayList<>();
		for (int size : sizes) {
			tiers.add(BufferTier.of(size));
		}
		return tiers(tiers);
	}

	/**
	 * Set the tiers to powers of two.
	 * @param minimum the smallest size that must fit the first tier, in bytes
	 * @param maximum the size of the last tier in bytes
	 * @return this builder
	 * @see TierPresets#powersOfTwo(int, int)
	 */
	public BufferPoolBuilder powersOfTwo(int minimum, int maximum) {
		return tiers(tiersOf(TierPresets.powersOfTwo(minimum, maximum)));
	}

	/**
	 * Set the caps of all tiers there are so far.
	 * @param caps the caps
	 * @return this builder
	 */
	public BufferPoolBuilder caps(Caps caps) {
		this.tiers = this.tiers.stream().map((tier) -> new BufferTier(tier.size(), caps)).toList();
		return this;
	}

	/**
	 * Limit the memory that the pool takes from the runtime: idle, leased, and discarded
	 * but not yet freed. Headers, alignment and whole regions of the collector count.
	 * @param limit bytes
	 * @return this builder
	 */
	public BufferPoolBuilder limit(long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.limit = limit;
		return this;
	}

	/**
	 * Share a budget with other pools.
	 * @param budget the budget, from {@link BufferPool#budget}
	 * @return this builder
	 */
	public BufferPoolBuilder budget(Budget budget) {
		this.budget = SharedBudget.of(Objects.requireNonNull(budget, "'budget' must not be null"));
		return this;
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached.
	 * @param policy the policy
	 * @return this builder
	 */
	public BufferPoolBuilder policy(ExhaustionPolicy policy) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}.
	 * @param maxWait a positive time; one second if not set
	 * @return this builder
	 */
	public BufferPoolBuilder maxWait(Duration maxWait) {
		if (maxWait.isNegative() || maxWait.isZero()) {
			throw new IllegalArgumentException("'maxWait' must be positive but is " + maxWait);
		}
		this.maxWait = maxWait;
		return this;
	}

	/**
	 * Set when memory is cleared.
	 * @param clearing when
	 * @return this builder
	 */
	public BufferPoolBuilder clearing(Clearing clearing) {
		this.clearing = Objects.requireNonNull(clearing, "'clearing' must not be null");
		return this;
	}

	/**
	 * Set the time after which unused idle memory is discarded, down to the number of
	 * preallocated blocks. This happens whether or not the pool is in use, after twice
	 * that time at the latest.
	 * @param idleTimeout a positive time; memory is kept if not set
	 * @return this builder
	 */
	public BufferPoolBuilder idleTimeout(Duration idleTimeout) {
		if (idleTimeout.isNegative() || idleTimeout.isZero()) {
			throw new IllegalArgumentException("'idleTimeout' must be positive but is " + idleTimeout);
		}
		this.idleTimeout = idleTimeout;
		return this;
	}

	/**
	 * Set whether memory is pooled. The unpooled twin has the same caps, limits, policy
	 * and errors. But every buffer is fresh heap memory of exactly the requested
	 * capacity, and is discarded on release. Use it to test whether pooling hides or
	 * causes an error.
	 * @param pooling {@code false} for the unpooled twin
	 * @return this builder
	 */
	public BufferPoolBuilder pooling(boolean pooling) {
		this.pooling = pooling;
		return this;
	}

	/**
	 * Set how much is noted about leases, so that reports can name lost ones.
	 * @param detection the level; {@link LeakDetection#DISABLED} if not set
	 * @return this builder
	 */
	public BufferPoolBuilder leakDetection(LeakDetection detection) {
		Objects.requireNonNull(detection, "'detection' must not be null");
		this.leaks = this.leaks.withDetection(detection);
		return this;
	}

	/**
	 * Set the listener for leaks.
	 * @param listener the listener, which pools may share; leaks are only logged if not
	 * set
	 * @return this builder
	 */
	public BufferPoolBuilder leakListener(LeakListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.leaks = new LeakSettings(this.leaks.detection(), listener, this.leaks.maxAge());
		return this;
	}

	/**
	 * Set the time after which an open lease is reported as a leak, once. Only noted
	 * leases are seen, see {@link #leakDetection}.
	 * @param maxAge a positive time; leases may be open for any time if not set
	 * @return this builder
	 */
	public BufferPoolBuilder leakMaxAge(Duration maxAge) {
		Objects.requireNonNull(maxAge, "'maxAge' must not be null");
		this.leaks = new LeakSettings(this.leaks.detection(), this.leaks.listener(), maxAge);
		return this;
	}

	/**
	 * Build the pool and preallocate what its caps ask for.
	 * @return a new pool; close it when it is no longer needed
	 * @throws IllegalArgumentException if limit or budget do not allow the preallocated
	 * blocks; nothing stays allocated then
	 */
	public BufferPool build() {
		MemoryKind memory = this.pooling ? this.memory : MemoryKind.HEAP;
		return new TieredBufferPool(new PoolSettings(this.name, memory, this.pageAligned, this.tiers, this.limit,
				budget(memory), this.policy, this.maxWait, this.clearing, this.idleTimeout, this.pooling,
				this.oversized, this.recentSizes, this.leaks));
	}

	private SharedBudget budget(MemoryKind memory) {
		if (this.budget != null) {
			return this.budget;
		}
		return (memory == MemoryKind.OFF_HEAP) ? SharedBudget.of(OffHeapMemory.defaultBudget())
				: SharedBudget.unlimited();
	}

}
