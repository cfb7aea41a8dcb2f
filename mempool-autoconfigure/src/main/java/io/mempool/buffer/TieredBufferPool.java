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
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.OpenLease;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolListener;
import io.mempool.core.TierStatistics;
import io.mempool.engine.Account;
import io.mempool.engine.AccountedPool;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.BlockSource;
import io.mempool.engine.CloseListeners;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.LiveSettings;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.Tier;
import io.mempool.sizes.RecentSizes;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * A pool, or its unpooled twin: a pool whose tiers keep nothing.
 */
final class TieredBufferPool implements BufferPool, AccountedPool {

	/*
	 * Layout. A change at run time replaces each of these parts at once: the table, which
	 * is all that the hit path reads; the admission policy, which a miss reads; the caps
	 * of tiers and the limit, which are read with the lock of the budget held.
	 *
	 * Why it is correct. A change holds that lock from its validation to its end. So it
	 * is one step for all but hits. A hit yields nothing that a change forbids: each
	 * forbidden block leaves its place before the change ends. A thread that read the
	 * former table finds a former tier. That tier either serves as before, since it is in
	 * the new table too, or is retired. A retired tier has nothing to claim, and passes a
	 * request on to its successor.
	 */

	// The capacity of the tier beyond the largest
	private static final int BEYOND_TIERS = Integer.MAX_VALUE;

	// Less than this part of what is likely to be needed is not worth another attempt
	private static final int LEAST_PART = 100;

	private final SharedBudget budget;

	private final Account account;

	private final boolean oversized;

	private final LiveSettings<BufferPoolSettings> settings;

	private volatile AdmissionPolicy admission;

	// All that the hit path reads of the settings, behind one reference
	private volatile TierTable table;

	private final RecentSizes recentSizes;

	private final CloseListeners closeListeners = new CloseListeners();

	// Guarded by the lock of the budget
	private Housekeeping.@Nullable Task expiry;

	TieredBufferPool(BufferPoolSettings settings) {
		this.oversized = settings.oversized();
		this.admission = settings.admission();
		this.budget = settings.budgetToDrawFrom();
		this.account = new Account(settings.name(), this.budget, settings.limit(), settings.kind(),
				settings.slabs(this.budget));
		this.account.leaks().change(settings.leaks());
		this.settings = new LiveSettings<>(this.account, settings, BufferPoolSettings::changesTo, this::apply);
		this.recentSizes = settings.recentSizes();
		BlockSource<MemoryBlock> source = settings.source();
		Tier<MemoryBlock> oversized = new Tier<>(this.account, BEYOND_TIERS, Caps.ofIdle(0), source,
				DiscardReason.TRANSIENT);
		this.table = new TierTable(settings.tiers(), (tier) -> newTier(settings, tier, source), oversized);
		if (settings.pooling()) {
			preallocate();
			this.expiry = expireEvery(settings.idleTimeout());
		}
	}

	private Tier<MemoryBlock> newTier(BufferPoolSettings settings, BufferTier tier, BlockSource<MemoryBlock> source) {
		DiscardReason reasonNotKept = settings.pooling() ? null : DiscardReason.UNPOOLED;
		return new Tier<>(this.account, tier.size(), tier.caps(), settings.protect(source), reasonNotKept);
	}

	private void preallocate() {
		boolean complete = false;
		try {
			for (Tier<MemoryBlock> tier : this.table.tiers()) {
				tier.reserve();
			}
			for (Tier<MemoryBlock> tier : this.table.tiers()) {
				tier.preallocate();
			}
			complete = true;
		}
		finally {
			if (!complete) {
				close();
			}
		}
	}

	@Override
	public Account account() {
		return this.account;
	}

	@Override
	public String name() {
		return this.account.pool();
	}

	@Override
	public MemoryKind memory() {
		return settings().memory();
	}

	@Override
	public PooledBuffer acquire(int size) {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		return new BufferLease((block != null) ? block : admission(tier, size).acquire(tier, size), size);
	}

	/**
	 * Acquire memory for content of a size that is not known yet. Records no size.
	 */
	PooledBuffer acquireUnrecorded(int size) {
		Tier<MemoryBlock> tier = this.table.forSize(size);
		MemoryBlock block = tier.claim();
		return new BufferLease((block != null) ? block : admission(tier, size).acquire(tier, size), size);
	}

	/**
	 * Acquire memory as {@link #acquireUnrecorded} does, without waiting, for a caller
	 * that asks for a smaller piece, or waits, if there is none.
	 */
	@Nullable PooledBuffer attempt(int size) {
		Tier<MemoryBlock> tier = this.table.forSize(size);
		MemoryBlock block = tier.claim();
		if (block == null && lends(tier, size)) {
			block = this.admission.attempt(tier, size);
		}
		return (block != null) ? new BufferLease(block, size) : null;
	}

	@Override
	public PooledBuffer acquireAtLeast(int minimum, int likely) {
		// Checks and records what is needed
		tier(minimum);
		return acquireAtLeastUnrecorded(minimum, likely);
	}

	/**
	 * Acquire memory as {@link #acquireAtLeast} does, for content of a size that is not
	 * known yet. Records no size.
	 */
	PooledBuffer acquireAtLeastUnrecorded(int minimum, int likely) {
		int least = wholeTier(minimum);
		int ahead = (likely > minimum) ? Math.max(0, Math.min(likely, BufferTier.MAXIMUM_SIZE) - minimum) : 0;
		int last = 0;
		for (int more = ahead; more > ahead / LEAST_PART; more /= 4) {
			int size = wholeTier(minimum + more);
			PooledBuffer buffer = (size > least && size != last && !isBeyondLimits(size)) ? attempt(size) : null;
			if (buffer != null) {
				return buffer;
			}
			last = size;
		}
		PooledBuffer whole = attempt(least);
		return (whole != null) ? whole : acquireUpTo(minimum, least);
	}

	/**
	 * Acquire memory of a size, and have as much more of its block as there is.
	 */
	private PooledBuffer acquireUpTo(int minimum, int most) {
		Tier<MemoryBlock> tier = this.table.forSize(minimum);
		MemoryBlock idle = tier.claim();
		MemoryBlock block = (idle != null) ? idle : admission(tier, minimum).acquire(tier, minimum);
		return new BufferLease(block, Math.max(minimum, Math.min(block.capacity(), most)));
	}

	private int wholeTier(int size) {
		int capacity = this.table.forSize(size).capacity();
		return (capacity != BEYOND_TIERS) ? capacity : size;
	}

	/**
	 * Record the final size.
	 */
	void record(int size) {
		this.recentSizes.record(size);
	}

	/**
	 * Return whether a size exceeds what the pool serves, or what limit or budget ever
	 * allow.
	 */
	boolean isBeyondLimits(int size) {
		BufferPoolSettings settings = this.settings.current();
		Tier<MemoryBlock> tier = this.table.forSize(size);
		boolean pooled = settings.pooling() && tier.capacity() != BEYOND_TIERS;
		long weight = pooled ? settings.weigh(tier.capacity()) : settings.weighTransient(size);
		return !lends(tier, size) || weight > settings.limit() || weight > this.budget.limit();
	}

	@Override
	public PooledBuffer acquire(int size, Duration maxWait) throws InterruptedException {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		return new BufferLease((block != null) ? block : admission(tier, size).acquire(tier, size, maxWait), size);
	}

	@Override
	public @Nullable PooledBuffer tryAcquire(int size) {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		if (block == null) {
			block = admission(tier, size).tryAcquire(tier, size);
		}
		return (block != null) ? new BufferLease(block, size) : null;
	}

	private Tier<MemoryBlock> tier(int size) {
		if (size < 0) {
			throw negative(size);
		}
		this.recentSizes.record(size);
		return this.table.forSize(size);
	}

	// In a method of its own: the text needs much bytecode, and 'tier' is on the hit path
	private IllegalArgumentException negative(int size) {
		return new IllegalArgumentException(
				"Cannot acquire " + size + " bytes from pool '" + name() + "': 'size' must not be negative");
	}

	/**
	 * Return the admission policy of a request that found no idle block.
	 * @throws SizeLimitExceededException if the pool serves no such size
	 */
	private AdmissionPolicy admission(Tier<MemoryBlock> tier, int size) {
		if (!lends(tier, size)) {
			throw tooLarge(size);
		}
		return this.admission;
	}

	// What no array can have is not asked of the JVM, for whose error all pools would
	// give
	// up their idle memory
	private boolean lends(Tier<MemoryBlock> tier, int size) {
		return tier.capacity() != BEYOND_TIERS || (this.oversized && size <= BufferTier.MAXIMUM_SIZE);
	}

	private SizeLimitExceededException tooLarge(int size) {
		String what = "Cannot acquire " + size + " bytes from pool '" + name() + "': ";
		if (this.oversized) {
			return new SizeLimitExceededException(
					what + "a buffer has at most " + BufferTier.MAXIMUM_SIZE + " bytes. Acquire several buffers",
					BufferTier.MAXIMUM_SIZE);
		}
		return new SizeLimitExceededException(what + "it lends no more than its largest block, which has "
				+ maximumSize() + " bytes. Acquire several blocks, or use a pool with larger ones", maximumSize());
	}

	@Override
	public int minimumSize() {
		return this.table.minimum();
	}

	@Override
	public int maximumSize() {
		return this.table.maximum();
	}

	@Override
	public List<BufferTier> tiers() {
		return this.table.sizes();
	}

	@Override
	public PoolStatistics statistics() {
		return this.account.exclusively(() -> {
			BufferPoolSettings settings = this.settings.current();
			TierTable table = this.table;
			List<TierStatistics> tiers = table.tiers().stream().map(Tier::statistics).toList();
			return new PoolStatistics(settings, this.budget.limit(), this.budget.used(), this.account.used(),
					this.account.pending(), this.account.capacity(), table.oversized().statistics(), tiers,
					this.account.formerTiers());
		});
	}

	@Override
	public List<OpenLease> openLeases() {
		return this.account.leaks().openLeases();
	}

	@Override
	public List<Integer> recentSizes() {
		return this.recentSizes.snapshot();
	}

	@Override
	public SizeHistogram requestedSizes() {
		return this.recentSizes.histogram();
	}

	@Override
	public long trim() {
		return this.table.tiers().stream().mapToLong((tier) -> tier.discardIdle(DiscardReason.TRIMMED)).sum();
	}

	@Override
	public BufferPoolSettings settings() {
		return this.settings.current();
	}

	@Override
	public List<PoolChange> update(UnaryOperator<BufferPoolSettings> change) {
		return this.settings.update((former) -> former.updatedTo(change.apply(former)));
	}

	private void apply(BufferPoolSettings former, BufferPoolSettings next) {
		changeExpiry(former, next);
		changeTiers(former, next);
		this.account.changeLimit(next.limit());
		this.account.leaks().change(next.leaks());
		this.admission = next.admission();
	}

	private void changeTiers(BufferPoolSettings former, BufferPoolSettings next) {
		// Memory that was never cleared must not be lent as cleared, and a protection
		// covers all memory or none
		boolean same = former.clearing() == next.clearing() && former.protection() == next.protection();
		List<Tier<MemoryBlock>> kept = same ? this.table.tiers() : List.of();
		List<Tier<MemoryBlock>> retired = new ArrayList<>(this.table.tiers());
		BlockSource<MemoryBlock> source = next.source();
		this.table = new TierTable(next.tiers(),
				(tier) -> kept.stream()
					.filter((candidate) -> candidate.capacity() == tier.size())
					.findFirst()
					.orElseGet(() -> newTier(next, tier, source)),
				this.table.oversized());
		retired.removeAll(this.table.tiers());
		retired.forEach((tier) -> tier.retire((size) -> this.table.forSize(size)));
		for (BufferTier tier : next.tiers()) {
			this.table.forSize(tier.size()).retune(tier.caps());
		}
		this.table.oversized().retune(this.table.oversized().caps());
	}

	private void changeExpiry(BufferPoolSettings former, BufferPoolSettings next) {
		if (Objects.equals(former.idleTimeout(), next.idleTimeout()) || !next.pooling()) {
			return;
		}
		Housekeeping.Task expiry = expireEvery(next.idleTimeout());
		stopExpiry();
		this.expiry = expiry;
	}

	private Housekeeping.@Nullable Task expireEvery(@Nullable Duration idleTimeout) {
		return (idleTimeout != null) ? Housekeeping.every(idleTimeout, this, TieredBufferPool::expire) : null;
	}

	private void stopExpiry() {
		if (this.expiry != null) {
			this.expiry.cancel();
			this.table.tiers().forEach(Tier::keep);
		}
	}

	/**
	 * Discard what has been idle since the last call.
	 */
	void expire() {
		this.account.exclusively(() -> {
			this.table.tiers().forEach(Tier::expire);
			return null;
		});
	}

	@Override
	public void onUpdate(Consumer<List<PoolChange>> listener) {
		this.settings.onUpdate(listener);
	}

	@Override
	public void addListener(PoolListener listener) {
		this.account.listeners().add(listener);
	}

	@Override
	public void removeListener(PoolListener listener) {
		this.account.listeners().remove(listener);
	}

	@Override
	public void onClose(Runnable listener) {
		this.closeListeners.add(name(), listener);
	}

	@Override
	public void close() {
		this.account.exclusively(() -> {
			stopExpiry();
			this.table.tiers().forEach(Tier::close);
			this.table.oversized().close();
			this.account.close();
			return null;
		});
		this.account.revoke();
		this.closeListeners.closed(name());
	}

	@Override
	public String toString() {
		return "BufferPool[name=" + name() + ", memory=" + memory() + ", tiers=" + minimumSize() + ".." + maximumSize()
				+ "]";
	}

}
