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

package io.mempool.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.mempool.autoconfigure.MempoolProperties.Pool;
import io.mempool.autoconfigure.MempoolProperties.TierPreset;
import io.mempool.buffer.BufferPool;
import io.mempool.buffer.BufferPoolBuilder;
import io.mempool.buffer.BufferTier;
import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.buffer.OffHeapMemory;
import io.mempool.buffer.TierPresets;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.Protection;
import io.mempool.sizes.RecentSizes;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The settings of one pool over the defaults, checked: every mistake names the property
 * it was made in.
 */
final class PoolDefinition {

	private static final String POOLS = MempoolProperties.PREFIX + "." + PropertyNames.POOLS + ".";

	private static final String DEFAULTS = MempoolProperties.PREFIX + ".defaults.";

	private static final MempoolProperties.Tier NO_TIER = new MempoolProperties.Tier();

	private static final DataSize SMALLEST_OF_PRESET = DataSize.ofBytes(128);

	private static final DataSize LARGEST_OF_PRESET = DataSize.ofMegabytes(2);

	private static final DataSize BASE_OF_PRESET = DataSize.ofKilobytes(4);

	private static final DataSize LARGEST_MULTIPLE_OF_PRESET = DataSize.ofKilobytes(64);

	private static final DataSize BLOCK_OF_PRESET = DataSize.ofKilobytes(4);

	private final String name;

	private final String prefix;

	private final Pool pool;

	private final Pool defaults;

	private final Protection protection;

	private final List<BufferTier> tiers;

	/**
	 * Combine and check the settings.
	 * @param name the name of the pool
	 * @param pool its settings
	 * @param defaults the settings of all pools
	 * @param protection the protection of pools that set none
	 */
	PoolDefinition(String name, Pool pool, Pool defaults, Protection protection) {
		this.name = name;
		this.prefix = POOLS + name + ".";
		this.pool = pool;
		this.defaults = defaults;
		this.protection = protection(protection);
		this.tiers = tiers();
		checkLimit();
		PropertyDefinition.checkMaxWait(maxWait().property(), maxWait().value());
		PropertyDefinition.checkTime(idleTimeout().property(), idleTimeout().value(),
				"Set a time such as 30s, or remove the property to keep idle memory.");
		checkRecentSizes();
	}

	String name() {
		return this.name;
	}

	/**
	 * Check that a pool can become a bean.
	 * @param name the name of the pool
	 * @param isPool whether the bean that has the name is a pool and takes its place
	 * @param type the type of the bean that has the name, {@code null} if it is unknown
	 */
	static void checkBean(String name, boolean isPool, @Nullable Class<?> type) {
		if (!isPool) {
			throw invalid(POOLS + name,
					"the application has a bean '" + name + "' that is no BufferPool but "
							+ ((type != null) ? "a " + type.getName() : "something else"),
					"Rename the pool or the bean: a pool becomes a bean of its name.");
		}
	}

	/**
	 * Check that properties still name a pool.
	 * @param name the name that there was when the application was processed
	 * @param definition what properties say of it
	 */
	static PoolDefinition checkNamed(String name, @Nullable PoolDefinition definition) {
		if (definition == null) {
			throw invalid(POOLS + name,
					"the application was processed ahead of time with a pool '" + name
							+ "', and no property names that pool any more",
					"Set the properties of the pool, or process the application again without them.");
		}
		return definition;
	}

	/**
	 * Return where the pool's memory lies.
	 */
	MemoryKind memory() {
		return isPooling() ? setting("memory", this.pool.getMemory(), this.defaults.getMemory()).or(MemoryKind.HEAP)
				: MemoryKind.HEAP;
	}

	/**
	 * Return how many bytes the pool holds from the start.
	 */
	long preallocatedBytes() {
		long bytes = 0;
		for (BufferTier tier : this.tiers) {
			bytes += MemoryRoom.taken(memory(), tier.size(), tier.caps().preallocate());
		}
		return bytes;
	}

	/**
	 * Return what a limit must have left for a buffer.
	 * @param size the requested size in bytes
	 * @return bytes
	 */
	long needed(int size) {
		int capacity = this.tiers.stream().mapToInt(BufferTier::size).filter((tier) -> tier >= size).min().orElse(size);
		return MemoryRoom.taken(memory(), capacity);
	}

	/**
	 * Return the size of the largest tier in bytes.
	 */
	int maximumSize() {
		return this.tiers.stream().mapToInt(BufferTier::size).max().orElseThrow();
	}

	/**
	 * Return how many bytes the pool may keep and lend.
	 */
	long limit() {
		DataSize limit = limitSetting().value();
		return (limit != null) ? limit.toBytes() : Long.MAX_VALUE;
	}

	/**
	 * Return the property that limits the pool.
	 */
	String limitProperty() {
		return limitSetting().property();
	}

	/**
	 * Return a property that says which tiers the pool has.
	 */
	String tiersProperty() {
		Pool source = setsTiers(this.pool) ? this.pool : this.defaults;
		String prefix = setsTiers(this.pool) ? this.prefix : DEFAULTS;
		if (source.getTiers() != null) {
			return prefix + "tiers";
		}
		if (source.getMinSize() != null) {
			return prefix + "min-size";
		}
		return prefix + ((source.getMaxSize() != null) ? "max-size" : "preset");
	}

	/**
	 * Return a property that makes the pool preallocate.
	 */
	String preallocateProperty() {
		Setting<Integer> preallocate = setting("preallocate", this.pool.getPreallocate(),
				this.defaults.getPreallocate());
		return (preallocate.value() != null) ? preallocate.property() : tiersProperty();
	}

	BufferPoolBuilder builder() {
		BufferPoolBuilder builder = BufferPool.builder(this.name).tiers(this.tiers).memory(memory());
		builder
			.pageAligned(setting("page-aligned", this.pool.getPageAligned(), this.defaults.getPageAligned()).or(false));
		Boolean exact = recentSizesExact().value();
		if (recentSizes().value() != null || exact != null) {
			int recentSizes = recentSizes().or(RecentSizes.DEFAULT_CAPACITY);
			builder.recentSizes(
					Boolean.TRUE.equals(exact) ? RecentSizes.exact(recentSizes) : RecentSizes.lockFree(recentSizes));
		}
		if (limitSetting().value() != null) {
			builder.limit(limit());
		}
		builder.policy(setting("policy", this.pool.getPolicy(), this.defaults.getPolicy())
			.or((preset() == TierPreset.BLOCKS) ? ExhaustionPolicy.FAIL : ExhaustionPolicy.ALLOCATE));
		builder.oversized(preset() != TierPreset.BLOCKS);
		Duration maxWait = maxWait().value();
		if (maxWait != null) {
			builder.maxWait(maxWait);
		}
		Clearing clearing = setting("clear", this.pool.getClear(), this.defaults.getClear()).value();
		if (clearing != null) {
			builder.clearing(clearing);
		}
		builder.protection(this.protection);
		Duration idleTimeout = idleTimeout().value();
		if (idleTimeout != null) {
			builder.idleTimeout(idleTimeout);
		}
		return builder.pooling(isPooling());
	}

	private Protection protection(Protection ofApplication) {
		Setting<Protection> own = setting("protection", this.pool.getProtection(), this.defaults.getProtection());
		Protection protection = own.or(ofApplication);
		if (protection != Protection.REVOKE) {
			return protection;
		}
		String obstacle = OffHeapMemory.obstacleToRevocation();
		if (obstacle != null) {
			throw invalid((own.value() != null) ? own.property() : MempoolProperties.PREFIX + ".protection",
					"views of memory cannot be revoked: " + obstacle,
					"Set 'quarantine' to find writes after release, or remove the property.");
		}
		if (memory() == MemoryKind.OFF_HEAP) {
			return protection;
		}
		if (this.pool.getProtection() != null) {
			throw invalid(own.property(),
					"the pool '" + this.name + "' has heap memory, whose arrays cannot be revoked",
					"Set 'quarantine', or 'memory' to 'off-heap'.");
		}
		return Protection.STANDARD;
	}

	private boolean isPooling() {
		return setting("pooling", this.pool.getPooling(), this.defaults.getPooling()).or(true);
	}

	private Setting<DataSize> limitSetting() {
		return setting("limit", this.pool.getLimit(), this.defaults.getLimit());
	}

	private Setting<Duration> maxWait() {
		return setting("max-wait", this.pool.getMaxWait(), this.defaults.getMaxWait());
	}

	private Setting<Duration> idleTimeout() {
		return setting("idle-timeout", this.pool.getIdleTimeout(), this.defaults.getIdleTimeout());
	}

	private Setting<Integer> recentSizes() {
		return setting("recent-sizes", this.pool.getRecentSizes(), this.defaults.getRecentSizes());
	}

	private Setting<Boolean> recentSizesExact() {
		return setting("recent-sizes-exact", this.pool.getRecentSizesExact(), this.defaults.getRecentSizesExact());
	}

	private List<BufferTier> tiers() {
		boolean ownTiers = setsTiers(this.pool);
		Pool source = ownTiers ? this.pool : this.defaults;
		String prefix = ownTiers ? this.prefix : DEFAULTS;
		if (source.getTiers() != null) {
			return listedTiers(source, source.getTiers(), prefix);
		}
		List<BufferTier> tiers = new ArrayList<>();
		for (int size : sizes(source, prefix)) {
			tiers.add(new BufferTier(size, caps(NO_TIER, prefix, size)));
		}
		return tiers;
	}

	private static boolean setsTiers(Pool pool) {
		return pool.getTiers() != null || pool.getPreset() != null || pool.getMinSize() != null
				|| pool.getMaxSize() != null;
	}

	private List<BufferTier> listedTiers(Pool source, List<MempoolProperties.Tier> listed, String prefix) {
		String property = prefix + "tiers";
		if (source.getPreset() != null || source.getMinSize() != null || source.getMaxSize() != null) {
			throw invalid(property, "tiers are listed, and a preset or a minimum or maximum size is set as well",
					"Set either 'tiers', or 'preset' with 'min-size' and 'max-size'. An empty 'tiers' takes back a list "
							+ "of another source.");
		}
		List<BufferTier> tiers = new ArrayList<>();
		Set<Integer> sizes = new HashSet<>();
		for (int i = 0; i < listed.size(); i++) {
			MempoolProperties.Tier tier = listed.get(i);
			String element = property + "[" + i + "].";
			if (tier.getSize() == null) {
				throw invalid(element + "size", "the tier has no size", "Set 'size', for example to 64KB.");
			}
			int size = tierSize(tier.getSize(), element + "size");
			if (!sizes.add(size)) {
				throw invalid(element + "size", "another tier has " + size + " bytes as well",
						"Remove one of the two tiers.");
			}
			tiers.add(new BufferTier(size, caps(tier, element, size)));
		}
		return tiers;
	}

	private List<Integer> sizes(Pool source, String prefix) {
		if (source.getPreset() == TierPreset.STREAM) {
			if (source.getMinSize() != null || source.getMaxSize() != null) {
				throw invalid(prefix + ((source.getMinSize() != null) ? "min-size" : "max-size"),
						"the preset 'stream' has fixed sizes",
						"Remove the property, or choose the preset 'powers-of-two'.");
			}
			return TierPresets.stream();
		}
		if (source.getPreset() == TierPreset.BLOCKS) {
			return List.of(blockSize(source, prefix));
		}
		if (!setsTiers(source)) {
			return TierPresets.fromHeap();
		}
		boolean multiples = source.getPreset() == TierPreset.MULTIPLES;
		DataSize smallest = (source.getMinSize() != null) ? source.getMinSize()
				: multiples ? BASE_OF_PRESET : SMALLEST_OF_PRESET;
		DataSize largest = (source.getMaxSize() != null) ? source.getMaxSize()
				: multiples ? LARGEST_MULTIPLE_OF_PRESET : LARGEST_OF_PRESET;
		int minimum = tierSize(smallest, prefix + "min-size");
		int maximum = tierSize(largest, prefix + "max-size");
		if (minimum > maximum) {
			throw invalid(prefix + ((source.getMinSize() != null) ? "min-size" : "max-size"),
					"the minimum size of " + minimum + " bytes exceeds the maximum size of " + maximum + " bytes",
					"Set 'min-size' and 'max-size' so that the first is not larger.");
		}
		return multiples ? multiples(source, prefix, minimum, maximum) : TierPresets.powersOfTwo(minimum, maximum);
	}

	private static List<Integer> multiples(Pool source, String prefix, int base, int maximum) {
		int count = (maximum - 1) / base + 1;
		if (count > TierPresets.MAXIMUM_MULTIPLES) {
			throw invalid(prefix + ((source.getMinSize() != null) ? "min-size" : "max-size"),
					"the multiples of " + base + " bytes up to " + maximum + " bytes are " + count
							+ " tiers, but a pool has at most " + TierPresets.MAXIMUM_MULTIPLES,
					"Raise 'min-size', lower 'max-size', or choose the preset 'powers-of-two'.");
		}
		return TierPresets.multiplesOf(base, maximum);
	}

	private int blockSize(Pool source, String prefix) {
		if (source.getMinSize() != null) {
			throw invalid(prefix + "min-size", "the preset 'blocks' has one size",
					"Remove the property; 'max-size' is the size of a block.");
		}
		if (setting("max-total", this.pool.getMaxTotal(), this.defaults.getMaxTotal()).value() == null) {
			throw invalid(prefix + "preset", "the preset 'blocks' needs to know how many blocks may exist",
					"Set 'max-total'.");
		}
		return tierSize((source.getMaxSize() != null) ? source.getMaxSize() : BLOCK_OF_PRESET, prefix + "max-size");
	}

	private @Nullable TierPreset preset() {
		return (setsTiers(this.pool) ? this.pool : this.defaults).getPreset();
	}

	private int tierSize(DataSize size, String property) {
		if (size.toBytes() <= 0) {
			throw invalid(property, "a size must be positive", "Set a size of at least 1B.");
		}
		if (size.toBytes() > Integer.MAX_VALUE - 8) {
			throw invalid(property, "a buffer cannot exceed 2 GiB", "Set a size below 2GB.");
		}
		return (int) size.toBytes();
	}

	private Caps caps(MempoolProperties.Tier tier, String element, int size) {
		Setting<Integer> maxIdle = cap("max-idle", tier.getMaxIdle(), element, this.pool.getMaxIdle(),
				this.defaults.getMaxIdle());
		Setting<Integer> maxTotal = cap("max-total", tier.getMaxTotal(), element, this.pool.getMaxTotal(),
				this.defaults.getMaxTotal());
		Setting<Integer> preallocate = cap("preallocate", tier.getPreallocate(), element, this.pool.getPreallocate(),
				this.defaults.getPreallocate());
		if (preallocate.or(0) > Caps.MAXIMUM_IDLE) {
			throw invalid(preallocate.property(), "the number must be from 0 to " + Caps.MAXIMUM_IDLE,
					"Set a smaller number.");
		}
		int total = maxTotal.or(Caps.UNLIMITED);
		// Before what is derived from it
		PropertyDefinition.checkMaxTotal(maxTotal.property(), total);
		int idle = maxIdle.or(defaultMaxIdle(size, total, preallocate.or(0)));
		PropertyDefinition.checkMaxIdle(maxIdle.property(), idle);
		if (preallocate.or(0) < 0) {
			throw invalid(preallocate.property(), "the number must not be negative", "Set 0 or more.");
		}
		if (preallocate.or(0) > Math.min(idle, total)) {
			throw invalid(preallocate.property(),
					"more buffers would be preallocated than the tier of " + size + " bytes may keep (max-idle " + idle
							+ ((total != Caps.UNLIMITED) ? ", max-total " + total : "") + ")",
					"Lower 'preallocate', or raise 'max-idle' and 'max-total'.");
		}
		return new Caps(idle, total, preallocate.or(0));
	}

	private int defaultMaxIdle(int size, int total, int preallocate) {
		if (preset() == TierPreset.BLOCKS) {
			return Math.min(total, Caps.MAXIMUM_IDLE);
		}
		return Math.max(TierPresets.defaultMaxIdle(size), preallocate);
	}

	private Setting<Integer> cap(String key, @Nullable Integer ofTier, String element, @Nullable Integer ofPool,
			@Nullable Integer ofDefaults) {
		return (ofTier != null) ? new Setting<>(element, key, ofTier) : setting(key, ofPool, ofDefaults);
	}

	private void checkLimit() {
		Setting<DataSize> limit = limitSetting();
		if (limit.value() == null) {
			return;
		}
		PropertyDefinition.checkLimit(limit.property(), limit.value());
		if (limit() < needed(1)) {
			int smallest = this.tiers.stream().mapToInt(BufferTier::size).min().orElseThrow();
			throw invalid(limit.property(),
					"the pool '" + this.name + "' could not lend a single buffer of its smallest tier, which has "
							+ smallest + " bytes" + ((needed(1) > smallest) ? " and takes " + needed(1) : ""),
					"Raise the limit, or remove it.");
		}
		if (limit() < preallocatedBytes()) {
			throw invalid(limit.property(),
					"the pool '" + this.name + "' preallocates " + preallocatedBytes() + " bytes, which is more",
					"Raise the limit, or lower 'preallocate'.");
		}
		if (limit() > MemoryRoom.of(memory())) {
			throw invalid(limit.property(),
					"the limit exceeds " + MemoryRoom.name(memory()) + ", " + MemoryRoom.of(memory()) + " bytes",
					"Set a smaller limit, remove it, or start the JVM with a larger " + MemoryRoom.option(memory())
							+ ".");
		}
	}

	private void checkRecentSizes() {
		Setting<Integer> recentSizes = recentSizes();
		Integer value = recentSizes.value();
		if (value != null && (value < 1 || value > RecentSizes.MAXIMUM_CAPACITY)) {
			throw invalid(recentSizes.property(), "the number must be from 1 to " + RecentSizes.MAXIMUM_CAPACITY,
					"Set a number in that range, or remove the property.");
		}
	}

	private <T> Setting<T> setting(String key, @Nullable T ofPool, @Nullable T ofDefaults) {
		return (ofPool != null) ? new Setting<>(this.prefix, key, ofPool) : new Setting<>(DEFAULTS, key, ofDefaults);
	}

	private static InvalidMempoolPropertyException invalid(String property, String reason, String action) {
		return new InvalidMempoolPropertyException(property, reason, action);
	}

	/**
	 * A value and the property it comes from.
	 */
	private record Setting<T>(String prefix, String key, @Nullable T value) {

		String property() {
			return this.prefix + this.key;
		}

		T or(T other) {
			return (this.value != null) ? this.value : other;
		}

	}

}
