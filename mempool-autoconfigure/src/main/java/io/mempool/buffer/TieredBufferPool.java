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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.mempool.core.Account;
import io.mempool.core.BlockSource;
import io.mempool.core.Caps;
import io.mempool.core.DiscardReason;
import io.mempool.core.PoolChange;
import io.mempool.core.Terms;
import io.mempool.core.Tier;
import io.mempool.core.TierStatistics;
import org.jspecify.annotations.Nullable;

/**
 * The pool, and its unpooled twin: a pool whose tiers keep nothing.
 */
final class TieredBufferPool implements BufferPool {

	private final PoolSettings settings;

	private final Terms terms;

	private final Account account;

	// All that the hit path reads of the settings, behind one reference
	private volatile TierTable table;

	private final RecentSizes recentSizes;

	private final List<Consumer<List<PoolChange>>> listeners = new CopyOnWriteArrayList<>();

	TieredBufferPool(PoolSettings settings) {
		this.settings = settings;
		this.terms = settings.terms();
		this.account = new Account(settings.name(), settings.budget(), settings.limit());
		this.recentSizes = settings.recentSizes();
		BlockSource<MemoryBlock> source = settings.source();
		DiscardReason fate = settings.pooling() ? null : DiscardReason.UNPOOLED;
		Tier<MemoryBlock> oversized = new Tier<>(this.account, Integer.MAX_VALUE, Caps.ofIdle(0), source,
				DiscardReason.TRANSIENT);
		this.table = new TierTable(settings.tiers(),
				(tier) -> new Tier<>(this.account, tier.size(), tier.caps(), source, fate), oversized);
		if (settings.pooling()) {
			preallocate();
		}
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
	public String name() {
		return this.settings.name();
	}

	@Override
	public MemoryKind memory() {
		return this.settings.memory();
	}

	@Override
	public PooledBuffer acquire(int size) {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		return new BufferLease((block != null) ? block : this.terms.acquire(tier, size), size);
	}

	@Override
	public PooledBuffer acquire(int size, Duration maxWait) throws InterruptedException {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		return new BufferLease((block != null) ? block : this.terms.acquire(tier, size, maxWait), size);
	}

	@Override
	public @Nullable PooledBuffer tryAcquire(int size) {
		Tier<MemoryBlock> tier = tier(size);
		MemoryBlock block = tier.claim();
		if (block == null) {
			block = this.terms.tryAcquire(tier, size);
		}
		return (block != null) ? new BufferLease(block, size) : null;
	}

	private Tier<MemoryBlock> tier(int size) {
		if (size < 0) {
			throw new IllegalArgumentException(
					"Cannot acquire " + size + " bytes from pool '" + name() + "': 'size' must not be negative");
		}
		this.recentSizes.record(size);
		return this.table.forSize(size);
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
			TierTable table = this.table;
			List<TierStatistics> tiers = table.tiers().stream().map(Tier::statistics).toList();
			return new PoolStatistics(name(), memory(), this.settings.pooling(), this.settings.policy(),
					this.settings.maxWait(), this.settings.clearing(), this.settings.idleTimeout(),
					this.settings.limit(), this.account.used(), table.oversized().statistics(), tiers, List.of());
		});
	}

	@Override
	public List<Integer> recentSizes() {
		return this.recentSizes.snapshot();
	}

	@Override
	public long trim() {
		return this.table.tiers().stream().mapToLong((tier) -> tier.discardIdle(DiscardReason.TRIMMED)).sum();
	}

	@Override
	public PoolUpdate update() {
		return new PoolUpdate(this::apply);
	}

	private List<PoolChange> apply(PoolUpdate update) {
		throw new UnsupportedOperationException("Cannot apply yet: " + this.settings.changesTo(update.on(this.settings)));
	}

	@Override
	public void onUpdate(Consumer<List<PoolChange>> listener) {
		this.listeners.add(listener);
	}

	@Override
	public void close() {
		this.account.exclusively(() -> {
			this.table.tiers().forEach(Tier::close);
			this.table.oversized().close();
			return null;
		});
		this.account.close();
	}

	@Override
	public String toString() {
		return "BufferPool[name=" + name() + ", memory=" + memory() + ", tiers=" + minimumSize() + ".." + maximumSize()
				+ "]";
	}

}
