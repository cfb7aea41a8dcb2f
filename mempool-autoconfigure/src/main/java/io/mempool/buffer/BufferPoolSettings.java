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

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.mempool.core.Caps;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolChange;
import io.mempool.core.Protection;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.BlockSource;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.Memory;
import io.mempool.engine.Setting;
import io.mempool.engine.SettingChanges;
import io.mempool.engine.SettingValues;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.SlabAllocator;
import io.mempool.sizes.RecentSizes;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool of buffers. Immutable: each method that sets something returns
 * changed settings, and {@link BufferPool#update} gives them to the pool.
 * <pre class="code">
 * pool.update((settings) -&gt; settings.maxIdle(16).limit(64 &lt;&lt; 20));
 * </pre> The settings of a builder or of a pool equal others if all of their values are
 * the same.
 *
 * @since 0.1.0
 * @see BufferPool#settings()
 * @see BufferPoolBuilder#settings()
 */
public final class BufferPoolSettings extends BufferPoolOptions<BufferPoolSettings> {

	private final SettingValues values;

	BufferPoolSettings(String name, SettingValues values) {
		super(name);
		this.values = values;
	}

	@Override
	SettingValues values() {
		return this.values;
	}

	@Override
	BufferPoolSettings with(SettingValues values) {
		return new BufferPoolSettings(name(), values);
	}

	/**
	 * Return the same settings in the one form that a pool has.
	 * @throws IllegalArgumentException if they do not go together
	 */
	BufferPoolSettings resolved() {
		checkProtection();
		return with(TierChoice.resolved(this.values, tiers())
			.with(MEMORY, memory())
			.withoutDefaults()
			.with(OVERSIZED, oversized())
			.with(Setting.POLICY, policy()));
	}

	private void checkProtection() {
		if (protection() != Protection.REVOKE) {
			return;
		}
		String obstacle = NativeAllocator.obstacleToRevocation();
		if (obstacle == null && memory() == MemoryKind.HEAP) {
			obstacle = "it has heap memory, whose arrays cannot be revoked";
		}
		if (obstacle == null && memorySource() != null) {
			obstacle = "the application supplies its memory";
		}
		if (obstacle != null) {
			throw new IllegalArgumentException("Cannot have the protection 'revoke' in pool '" + name() + "': "
					+ obstacle + ". Use 'quarantine' to find writes after release");
		}
	}

	/**
	 * Check and return what an update makes of these settings.
	 * @param change the result of the update
	 * @return the same in the form that a pool has
	 * @throws IllegalArgumentException if the pool cannot have these settings while it
	 * runs
	 */
	BufferPoolSettings updatedTo(BufferPoolSettings change) {
		Objects.requireNonNull(change, () -> "The update of pool '" + name() + "' must not return null");
		SettingChanges.checkFixed(name(), "name", name(), change.name());
		BufferPoolSettings next = change.resolved();
		changesTo(next);
		TierChoice.checkPreallocated(name(), tiers(), next.tiers());
		if (next.limit() != limit() || !next.sizes().equals(sizes())) {
			next.checkLimit();
		}
		return next;
	}

	private void checkLimit() {
		int size = sizes().get(0);
		long smallest = pooling() ? weigh(size) : weighTransient(size);
		if (limit() < smallest) {
			throw new IllegalArgumentException("Cannot update pool '" + name() + "': with a limit of " + limit()
					+ " bytes it could not lend a single buffer of its smallest tier, which has " + size
					+ " bytes and takes " + smallest + ". Raise the limit, or have a smaller tier");
		}
	}

	/**
	 * Return the differences from other settings of the same pool.
	 * @throws IllegalArgumentException if a setting differs that cannot change
	 */
	List<PoolChange> changesTo(BufferPoolSettings next) {
		SettingChanges changes = new SettingChanges();
		changes.add("tiers", sizes(), next.sizes());
		addCaps(changes, "max-idle", next, Caps::maxIdle, null);
		addCaps(changes, "max-total", next, Caps::maxTotal, Caps.UNLIMITED);
		return changes
			.addAll(name(), CHANGEABLE, this.values.without(TierChoice.TIERS), next.values.without(TierChoice.TIERS))
			.toList();
	}

	// Once for all tiers if it is the same in all of them
	private void addCaps(SettingChanges changes, String setting, BufferPoolSettings next, Function<Caps, Integer> cap,
			@Nullable Integer ofNewTier) {
		List<Integer> from = tiers().stream().map(BufferTier::caps).map(cap).distinct().toList();
		List<Integer> to = next.tiers().stream().map(BufferTier::caps).map(cap).distinct().toList();
		if (sizes().equals(next.sizes()) && from.size() == 1 && to.size() == 1) {
			changes.add(setting, from.get(0), to.get(0));
			return;
		}
		for (BufferTier tier : next.tiers()) {
			Integer former = tiers().stream()
				.filter((candidate) -> candidate.size() == tier.size())
				.map((same) -> cap.apply(same.caps()))
				.findFirst()
				.orElse(ofNewTier);
			changes.add("tiers[" + tier.size() + "]." + setting, former, cap.apply(tier.caps()));
		}
	}

	private List<Integer> sizes() {
		return tiers().stream().map(BufferTier::size).toList();
	}

	BlockSource<MemoryBlock> source() {
		MemorySource source = memorySource();
		if (source != null) {
			return new SuppliedSource(name(), source, memory(), clearing());
		}
		if (memory() == MemoryKind.HEAP) {
			return new HeapSource(name(), clearing());
		}
		return new NativeSource(name(), clearing(), pageAligned(), protection() == Protection.REVOKE);
	}

	/**
	 * Return what makes the blocks of one tier.
	 * @param source what makes the blocks of the pool
	 */
	BlockSource<MemoryBlock> protect(BlockSource<MemoryBlock> source) {
		return (protection() == Protection.QUARANTINE) ? new QuarantineSource(source) : source;
	}

	/**
	 * Return how much a block counts against limit and budget.
	 */
	long weigh(int capacity) {
		if (memorySource() != null) {
			return SuppliedSource.weigh(memory(), capacity);
		}
		boolean aligned = memory() == MemoryKind.OFF_HEAP && pageAligned();
		return aligned ? NativeMemory.footprint(capacity, NativeSource.PAGE) : memory().footprint(capacity);
	}

	/**
	 * Return how much a transient block counts against limit and budget.
	 */
	long weighTransient(int size) {
		return (memory() == MemoryKind.HEAP && memorySource() == null) ? HeapLayout.current().footprint(size)
				: weigh(size);
	}

	Memory kind() {
		return (memory() == MemoryKind.HEAP) ? Memory.HEAP : Memory.OFF_HEAP;
	}

	/**
	 * Return the budget for a pool with these settings: a new one unless one was set.
	 */
	SharedBudget budgetToDrawFrom() {
		SharedBudget budget = this.values.find(BUDGET);
		if (budget != null) {
			return budget;
		}
		return (memory() == MemoryKind.OFF_HEAP) ? SharedBudget.of(OffHeapMemory.defaultBudget())
				: SharedBudget.unlimited();
	}

	@Nullable SlabAllocator slabs(SharedBudget budget) {
		if (memory() != MemoryKind.HEAP || !pooling() || memorySource() != null) {
			return null;
		}
		return new Slabs(HeapLayout.current(), Runtime.getRuntime().maxMemory(), Math.min(limit(), budget.limit()));
	}

	RecentSizes recentSizes() {
		RecentSizes recentSizes = this.values.find(RECENT_SIZES);
		return (recentSizes != null) ? recentSizes : RecentSizes.lockFree(RecentSizes.DEFAULT_CAPACITY);
	}

	AdmissionPolicy admission() {
		return this.values.admission();
	}

	LeakSettings leaks() {
		LeakSettings leaks = this.values.leaks();
		// A report names the last owner, so every owner is noted
		return (protection() == Protection.QUARANTINE)
				? new LeakSettings(LeakDetection.PARANOID, leaks.listener(), leaks.maxAge()) : leaks;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof BufferPoolSettings settings && name().equals(settings.name())
				&& this.values.equals(settings.values);
	}

	@Override
	public int hashCode() {
		return 31 * name().hashCode() + this.values.hashCode();
	}

	@Override
	public String toString() {
		return "BufferPoolSettings[name=" + name() + ", " + this.values + "]";
	}

}
