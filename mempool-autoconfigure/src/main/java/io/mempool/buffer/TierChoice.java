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

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.mempool.core.Caps;
import io.mempool.engine.Setting;
import io.mempool.engine.SettingChanges;
import io.mempool.engine.SettingValues;
import org.jspecify.annotations.Nullable;

/**
 * The tiers that were chosen, before all caps are known. The caps are found when they are
 * needed, from all that is set by then. So the order in which it was set does not matter.
 *
 * @param tiers the sizes and what is known of their caps, ascending
 * @param blocks whether the pool is one of blocks
 */
record TierChoice(List<Tier> tiers, boolean blocks) {

	/**
	 * The tiers that a pool has, or that it had before the choice.
	 */
	static final Setting<List<BufferTier>> TIERS = Setting.of("tiers", null);

	/**
	 * The choice that was made, none for the tiers that there are.
	 */
	static final Setting<TierChoice> CHOICE = Setting.of("tiers", null);

	/**
	 * The caps of all tiers.
	 */
	static final Setting<Caps> CAPS = Setting.of("caps", null);

	/**
	 * The caps of some tiers by their sizes.
	 */
	static final Setting<Map<Integer, SettingValues>> CAPS_OF_TIERS = Setting.of("caps", null);

	TierChoice {
		if (tiers.isEmpty()) {
			throw new IllegalArgumentException("'tiers' must not be empty");
		}
		Set<Integer> sizes = new HashSet<>();
		for (Tier tier : tiers) {
			if (!sizes.add(tier.size())) {
				throw new IllegalArgumentException("'tiers' must not have the size " + tier.size() + " twice");
			}
		}
		tiers = tiers.stream().sorted(Comparator.comparingInt(Tier::size)).toList();
	}

	static TierChoice of(List<BufferTier> tiers) {
		return new TierChoice(tiers.stream().map((tier) -> new Tier(tier.size(), tier.caps())).toList(), false);
	}

	static TierChoice ofSizes(List<Integer> sizes) {
		return new TierChoice(sizes.stream().map((size) -> new Tier(size, null)).toList(), false);
	}

	static TierChoice blocks(BufferTier tier) {
		return new TierChoice(List.of(new Tier(tier.size(), tier.caps())), true);
	}

	SettingValues on(SettingValues values) {
		return values.with(CHOICE, this);
	}

	/**
	 * Return whether the pool is one of blocks, and has their defaults.
	 */
	static boolean isBlocks(SettingValues values) {
		TierChoice choice = values.set(CHOICE);
		return choice != null && choice.blocks();
	}

	/**
	 * Return values with a cap of one tier.
	 */
	static SettingValues with(SettingValues values, int size, Setting<Integer> cap, int value) {
		Map<Integer, SettingValues> caps = new TreeMap<>(capsOfTiers(values));
		caps.put(size, caps.getOrDefault(size, SettingValues.NONE).with(cap, value));
		return values.with(CAPS_OF_TIERS, Map.copyOf(caps));
	}

	private static Map<Integer, SettingValues> capsOfTiers(SettingValues values) {
		Map<Integer, SettingValues> caps = values.set(CAPS_OF_TIERS);
		return (caps != null) ? caps : Map.of();
	}

	/**
	 * Return the tiers with all of their caps.
	 * @throws IllegalArgumentException if values do not go together
	 */
	static List<BufferTier> resolve(String pool, SettingValues values) {
		List<BufferTier> former = values.set(TIERS);
		TierChoice choice = values.set(CHOICE);
		if (choice == null) {
			choice = (former != null) ? of(former) : ofSizes(TierPresets.fromHeap());
		}
		Map<Integer, SettingValues> capsOfTiers = capsOfTiers(values);
		checkSizes(pool, (former != null) ? "update" : "build", choice, capsOfTiers.keySet());
		return choice.tiers().stream().map((tier) -> {
			SettingValues caps = capsOfTiers.getOrDefault(tier.size(), SettingValues.NONE).over(values);
			Caps ofAll = values.set(CAPS);
			Caps given = (ofAll != null) ? ofAll : tier.capsAfter(former);
			return new BufferTier(tier.size(), caps.caps(given, TierPresets.defaultMaxIdle(tier.size())));
		}).toList();
	}

	private static void checkSizes(String pool, String action, TierChoice choice, Set<Integer> mentioned) {
		List<Integer> sizes = choice.tiers().stream().map(Tier::size).toList();
		for (int size : mentioned) {
			if (!sizes.contains(size)) {
				throw new IllegalArgumentException("Cannot " + action + " pool '" + pool + "': it has no tier of "
						+ size + " bytes. Its tiers are " + sizes);
			}
		}
	}

	/**
	 * Return values with tiers in place of what led to them.
	 */
	static SettingValues resolved(SettingValues values, List<BufferTier> tiers) {
		return values.without(CHOICE, CAPS, CAPS_OF_TIERS, Setting.MAX_IDLE, Setting.MAX_TOTAL, Setting.PREALLOCATE)
			.with(TIERS, tiers);
	}

	/**
	 * Check that no tier is to preallocate more or less than before. A lower cap may have
	 * lowered it.
	 */
	static void checkPreallocated(String pool, List<BufferTier> former, List<BufferTier> next) {
		for (BufferTier tier : next) {
			int before = former.stream()
				.filter((candidate) -> candidate.size() == tier.size())
				.mapToInt((same) -> same.caps().with(tier.caps().maxIdle(), tier.caps().maxTotal()).preallocate())
				.findFirst()
				.orElse(0);
			SettingChanges.checkFixed(pool, "preallocate", before, tier.caps().preallocate());
		}
	}

	/**
	 * A tier that was chosen.
	 *
	 * @param size its capacity in bytes
	 * @param caps its caps, {@code null} if it was chosen by its size
	 */
	record Tier(int size, @Nullable Caps caps) {

		Tier {
			BufferTier.checkSize(size);
		}

		/**
		 * Return the caps unless others are set, {@code null} for the default ones.
		 * @param former the tiers that the pool had before, if any
		 */
		@Nullable Caps capsAfter(@Nullable List<BufferTier> former) {
			if (this.caps != null || former == null) {
				return this.caps;
			}
			BufferTier served = former.stream()
				.filter((tier) -> tier.size() >= this.size)
				.findFirst()
				.orElseGet(() -> former.get(former.size() - 1));
			if (served.size() == this.size) {
				return served.caps();
			}
			int maxIdle = Math.min(served.caps().maxIdle(), TierPresets.defaultMaxIdle(this.size));
			return new Caps(maxIdle, served.caps().maxTotal(), 0);
		}

	}

}
