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
import java.util.function.Function;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.PoolChange;
import io.mempool.engine.AdmissionPolicy;
import io.mempool.engine.BlockSource;
import io.mempool.engine.LeakSettings;
import io.mempool.engine.Memory;
import io.mempool.engine.SettingChanges;
import io.mempool.engine.SharedBudget;
import io.mempool.engine.SlabAllocator;
import io.mempool.sizes.RecentSizes;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a builder.
 */
record PoolSettings(String name, MemoryKind memory, boolean pageAligned, List<BufferTier> tiers, long limit,
		SharedBudget budget, ExhaustionPolicy policy, Duration maxWait, Clearing clearing,
		@Nullable Duration idleTimeout, boolean pooling, boolean oversized, RecentSizes recentSizes,
		LeakSettings leaks) {

	BlockSource<MemoryBlock> source() {
		return switch (this.memory) {
			case HEAP -> new HeapSource(this.name, this.clearing);
			case OFF_HEAP -> new NativeSource(this.name, this.clearing, this.pageAligned);
		};
	}

	/**
	 * Return how much a block counts against limit and budget.
	 */
	long weigh(int capacity) {
		boolean aligned = this.memory == MemoryKind.OFF_HEAP && this.pageAligned;
		return aligned ? NativeMemory.footprint(capacity, NativeSource.PAGE) : this.memory.footprint(capacity);
	}

	/**
	 * Return how much a transient block counts against limit and budget.
	 */
	long weighTransient(int size) {
		return (this.memory == MemoryKind.HEAP) ? HeapLayout.current().footprint(size) : weigh(size);
	}

	Memory kind() {
		return (this.memory == MemoryKind.HEAP) ? Memory.HEAP : Memory.OFF_HEAP;
	}

	@Nullable SlabAllocator slabs() {
		if (this.memory != MemoryKind.HEAP || !this.pooling) {
			return null;
		}
		return new Slabs(HeapLayout.current(), Runtime.getRuntime().maxMemory(),
				Math.min(this.limit, this.budget.limit()));
	}

	AdmissionPolicy admission() {
		return new AdmissionPolicy(this.policy, this.maxWait);
	}

	/**
	 * Return the differences from other settings of the same pool.
	 */
	List<PoolChange> changesTo(PoolSettings next) {
		SettingChanges changes = new SettingChanges();
		changes.add("tiers", sizes(), next.sizes());
		addCaps(changes, "max-idle", next, Caps::maxIdle, null);
		addCaps(changes, "max-total", next, Caps::maxTotal, Caps.UNLIMITED);
		return changes.add("limit", this.limit, next.limit)
			.add("policy", this.policy, next.policy)
			.add("max-wait", this.maxWait, next.maxWait)
			.add("clear", this.clearing, next.clearing)
			.add("idle-timeout", this.idleTimeout, next.idleTimeout)
			.add("leak-detection", this.leaks.detection(), next.leaks.detection())
			.toList();
	}

	private List<Integer> sizes() {
		return this.tiers.stream().map(BufferTier::size).toList();
	}

	// Once for all tiers if it is the same in all of them
	private void addCaps(SettingChanges changes, String setting, PoolSettings next, Function<Caps, Integer> cap,
			@Nullable Integer ofNewTier) {
		List<Integer> from = this.tiers.stream().map(BufferTier::caps).map(cap).distinct().toList();
		List<Integer> to = next.tiers.stream().map(BufferTier::caps).map(cap).distinct().toList();
		if (sizes().equals(next.sizes()) && from.size() == 1 && to.size() == 1) {
			changes.add(setting, from.get(0), to.get(0));
			return;
		}
		for (BufferTier tier : next.tiers) {
			Integer former = this.tiers.stream()
				.filter((candidate) -> candidate.size() == tier.size())
				.map((same) -> cap.apply(same.caps()))
				.findFirst()
				.orElse(ofNewTier);
			changes.add("tiers[" + tier.size() + "]." + setting, former, cap.apply(tier.caps()));
		}
	}

}
