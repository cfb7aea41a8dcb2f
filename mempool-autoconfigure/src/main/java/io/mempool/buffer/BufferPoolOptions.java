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
import java.util.Arrays;
import java.util.List;

import io.mempool.core.Budget;
import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.LeakListener;
import io.mempool.core.Protection;
import io.mempool.engine.Setting;
import io.mempool.engine.SettingValues;
import io.mempool.engine.SharedBudget;
import io.mempool.sizes.RecentSizes;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool of buffers, each written down once: as a method that sets it and
 * a method that returns it. A {@link BufferPoolBuilder} is changed by the first, of
 * {@link BufferPoolSettings} they return a changed copy.
 * <p>
 * <strong>Order.</strong> The order of calls that set different things never matters.
 * Where several say how many blocks a tier may hold, the one for fewer tiers wins:
 * {@link #maxIdle(int, int)} over {@link #maxIdle(int)}, that over {@link #caps}, and
 * {@code caps} over the caps of a {@link BufferTier}. Of two calls that set the same
 * thing, the later wins. The tiers are one such thing, however they are set.
 * <p>
 * <strong>At run time.</strong> {@link BufferPool#update} changes tiers, {@code maxIdle},
 * {@code maxTotal}, {@code limit}, {@code policy}, {@code maxWait}, {@code clearing},
 * {@code protection}, {@code idleTimeout} and {@code leakDetection}. All other settings
 * are fixed when the pool is built.
 *
 * @param <S> the builder or the settings
 * @since 0.1.0
 */
public abstract class BufferPoolOptions<S extends BufferPoolOptions<S>> {

	static final Setting<MemoryKind> MEMORY = Setting.of("memory", MemoryKind.HEAP);

	static final Setting<MemorySource> MEMORY_SOURCE = Setting.of("memorySource", null);

	// Asked once, as the pool must not change its kind
	private static final Setting<MemoryKind> SOURCE_MEMORY = new Setting<>("memory() of the memory source",
			"memory-of-source", null, (any) -> {
			});

	static final Setting<Boolean> PAGE_ALIGNED = Setting.of("pageAligned", false);

	static final Setting<Boolean> OVERSIZED = Setting.of("oversized", true);

	static final Setting<RecentSizes> RECENT_SIZES = Setting.of("recentSizes", null);

	static final Setting<Long> LIMIT = new Setting<>("limit", "limit", Long.MAX_VALUE, (limit) -> {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
	});

	static final Setting<SharedBudget> BUDGET = Setting.of("budget", null);

	static final Setting<Clearing> CLEARING = new Setting<>("clearing", "clear", Clearing.ON_RELEASE, (any) -> {
	});

	static final Setting<Protection> PROTECTION = Setting.of("protection", Protection.STANDARD);

	/**
	 * What can change while the pool runs, beside the tiers and their caps.
	 */
	static final List<Setting<?>> CHANGEABLE = List.of(LIMIT, Setting.POLICY, Setting.MAX_WAIT, CLEARING, PROTECTION,
			Setting.IDLE_TIMEOUT, Setting.LEAK_DETECTION);

	private final String name;

	BufferPoolOptions(String name) {
		this.name = name;
	}

	/**
	 * Return what is set so far.
	 */
	abstract SettingValues values();

	/**
	 * Return these options with other values.
	 */
	abstract S with(SettingValues values);

	private <T> S with(Setting<T> setting, @Nullable T value) {
		return with(values().with(setting, value));
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public final String name() {
		return this.name;
	}

	/**
	 * Set the kind of memory. Fixed when the pool is built.
	 * @param memory the kind of memory
	 * @return this builder, or changed settings
	 */
	public final S memory(MemoryKind memory) {
		return with(MEMORY, memory);
	}

	/**
	 * Return the kind of memory: that of the {@linkplain #memorySource memory source} if
	 * there is one. The unpooled twin has heap memory, whatever was set.
	 * @return the kind of memory
	 */
	public final MemoryKind memory() {
		if (!pooling()) {
			return MemoryKind.HEAP;
		}
		MemoryKind ofSource = values().set(SOURCE_MEMORY);
		return (ofSource != null) ? ofSource : values().get(MEMORY);
	}

	/**
	 * Set where the memory of blocks is from. The pool then has the source's kind of
	 * memory, and its blocks begin where the source says. The unpooled twin has no
	 * source. Fixed when the pool is built.
	 * @param source the source, which pools may share; the JVM allocates blocks if not
	 * set
	 * @return this builder, or changed settings
	 */
	public final S memorySource(MemorySource source) {
		MemorySource present = MEMORY_SOURCE.present(source);
		return with(values().with(SOURCE_MEMORY, present.memory()).with(MEMORY_SOURCE, present));
	}

	/**
	 * Return where the memory of blocks is from.
	 * @return the source, {@code null} if the JVM allocates blocks
	 */
	public final @Nullable MemorySource memorySource() {
		return pooling() ? values().find(MEMORY_SOURCE) : null;
	}

	/**
	 * Set whether blocks begin at pages of the operating system. Has no effect on heap
	 * memory or that of a {@linkplain #memorySource memory source}. Fixed when the pool
	 * is built.
	 * @param pageAligned whether to align
	 * @return this builder, or changed settings
	 */
	public final S pageAligned(boolean pageAligned) {
		return with(PAGE_ALIGNED, pageAligned);
	}

	/**
	 * Return whether blocks begin at pages of the operating system.
	 * @return whether they are aligned
	 */
	public final boolean pageAligned() {
		return values().get(PAGE_ALIGNED);
	}

	/**
	 * Set the tiers to blocks of one size: one tier with a fixed maximum number of
	 * blocks. Unless set otherwise, an acquire fails when all are leased, and a request
	 * that is larger than a block is {@linkplain #oversized refused}.
	 * @param size the size of a block in bytes
	 * @param count how many blocks may exist
	 * @param preallocate how many of them to create with the pool
	 * @return this builder, or changed settings
	 */
	public final S blocks(int size, int count, int preallocate) {
		int maxIdle = Math.min(count, Caps.MAXIMUM_IDLE);
		return with(TierChoice.blocks(new BufferTier(size, new Caps(maxIdle, count, preallocate))).on(values()));
	}

	/**
	 * Set the tiers, in any order.
	 * @param tiers sizes and caps
	 * @return this builder, or changed settings
	 * @throws IllegalArgumentException if there is none, or two have the same size
	 */
	public final S tiers(List<BufferTier> tiers) {
		return with(TierChoice.of(tiers).on(values()));
	}

	/**
	 * Set the tiers by their sizes. A builder gives each the default number of idle
	 * blocks.
	 * <p>
	 * In an update, tiers whose size stays keep their blocks and caps. The others are
	 * retired. Their idle memory is discarded now, and their leased memory when it
	 * returns. Requests that wait for them move to the tier that fits now. Unless the
	 * update sets them, a new tier inherits {@code max-total} and {@code max-idle} from
	 * the tier that served its size before. The inherited {@code max-idle} is at most the
	 * {@linkplain TierPresets#defaultMaxIdle default for its size}.
	 * @param sizes capacities in bytes, in any order
	 * @return this builder, or changed settings
	 * @throws IllegalArgumentException if there is none, one is not positive, or two are
	 * the same
	 */
	public final S tiers(int... sizes) {
		return with(TierChoice.ofSizes(Arrays.stream(sizes).boxed().toList()).on(values()));
	}

	/**
	 * Set the tiers to powers of two, by their sizes.
	 * @param minimum the smallest size that must fit the first tier, in bytes
	 * @param maximum the size of the last tier in bytes
	 * @return this builder, or changed settings
	 * @see TierPresets#powersOfTwo(int, int)
	 */
	public final S powersOfTwo(int minimum, int maximum) {
		return with(TierChoice.ofSizes(TierPresets.powersOfTwo(minimum, maximum)).on(values()));
	}

	/**
	 * Set the tiers to multiples of a base, by their sizes.
	 * @param base the size of the first tier in bytes, and of each step
	 * @param maximum the size of the last tier in bytes
	 * @return this builder, or changed settings
	 * @see TierPresets#multiplesOf(int, int)
	 */
	public final S multiplesOf(int base, int maximum) {
		return with(TierChoice.ofSizes(TierPresets.multiplesOf(base, maximum)).on(values()));
	}

	/**
	 * Return the tiers with the caps that they have by all that is set.
	 * @return the tiers, ascending
	 * @throws IllegalArgumentException if a cap is set for a size that no tier has, or
	 * more would be preallocated than a tier may hold
	 */
	public final List<BufferTier> tiers() {
		return TierChoice.resolve(this.name, values());
	}

	/**
	 * Set the caps of all tiers, in place of those that a {@link BufferTier} has.
	 * @param caps the caps
	 * @return this builder, or changed settings
	 */
	public final S caps(Caps caps) {
		return with(TierChoice.CAPS, caps);
	}

	/**
	 * Set how many idle blocks each tier keeps. In an update, idle blocks beyond that are
	 * discarded.
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this builder, or changed settings
	 */
	public final S maxIdle(int maxIdle) {
		return with(Setting.MAX_IDLE, maxIdle);
	}

	/**
	 * Set how many idle blocks one tier keeps, independent of all others.
	 * @param tierSize the capacity of the tier in bytes
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this builder, or changed settings
	 */
	public final S maxIdle(int tierSize, int maxIdle) {
		return with(TierChoice.with(values(), tierSize, Setting.MAX_IDLE, maxIdle));
	}

	/**
	 * Set how many pooled blocks each tier may have. If more exist at an update, idle
	 * ones are discarded. Leased ones may exceed the cap. While they do, none is created
	 * and each returning one is discarded.
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit
	 * @return this builder, or changed settings
	 */
	public final S maxTotal(int maxTotal) {
		return with(Setting.MAX_TOTAL, maxTotal);
	}

	/**
	 * Set how many pooled blocks one tier may have, independent of all others.
	 * @param tierSize the capacity of the tier in bytes
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit
	 * @return this builder, or changed settings
	 */
	public final S maxTotal(int tierSize, int maxTotal) {
		return with(TierChoice.with(values(), tierSize, Setting.MAX_TOTAL, maxTotal));
	}

	/**
	 * Set how many idle blocks each tier creates with the pool. Fixed when the pool is
	 * built, but a lower cap of an update lowers it too.
	 * @param preallocate a number; none if not set
	 * @return this builder, or changed settings
	 */
	public final S preallocate(int preallocate) {
		return with(Setting.PREALLOCATE, preallocate);
	}

	/**
	 * Set whether the pool serves requests beyond its largest tier, with transient memory
	 * of their exact size. If not, they fail with a {@link SizeLimitExceededException}.
	 * Fixed when the pool is built.
	 * @param oversized whether to serve them; {@code true} if not set, but not by a pool
	 * of {@link #blocks}
	 * @return this builder, or changed settings
	 */
	public final S oversized(boolean oversized) {
		return with(OVERSIZED, oversized);
	}

	/**
	 * Return whether the pool serves requests beyond its largest tier.
	 * @return whether it serves them
	 */
	public final boolean oversized() {
		Boolean oversized = values().set(OVERSIZED);
		return (oversized != null) ? oversized : !TierChoice.isBlocks(values());
	}

	/**
	 * Set how the pool remembers the sizes requested last. Fixed when the pool is built.
	 * @param recentSizes a ring of this pool's own
	 * @return this builder, or changed settings
	 */
	public final S recentSizes(RecentSizes recentSizes) {
		return with(RECENT_SIZES, recentSizes);
	}

	/**
	 * Limit the memory that the pool takes from the runtime: idle, leased, and discarded
	 * but not yet freed. Headers, alignment and whole regions of the collector count. If
	 * it is more at an update, idle memory is discarded. Leased memory may exceed the
	 * limit. While it does, nothing is created and nothing that returns is kept.
	 * @param limit bytes, {@link Long#MAX_VALUE} for no limit
	 * @return this builder, or changed settings
	 */
	public final S limit(long limit) {
		return with(LIMIT, limit);
	}

	/**
	 * Return the limit of the memory that the pool takes from the runtime.
	 * @return bytes, {@link Long#MAX_VALUE} for no limit
	 */
	public final long limit() {
		return values().get(LIMIT);
	}

	/**
	 * Share a budget with other pools. Fixed when the pool is built.
	 * @param budget the budget, from {@link BufferPool#budget}
	 * @return this builder, or changed settings
	 */
	public final S budget(Budget budget) {
		return with(BUDGET, SharedBudget.of(BUDGET.present(budget)));
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached. In an update, threads
	 * that already wait keep the former setting.
	 * @param policy the policy; {@link ExhaustionPolicy#ALLOCATE} if not set, but
	 * {@link ExhaustionPolicy#FAIL} of a pool of {@link #blocks}
	 * @return this builder, or changed settings
	 */
	public final S policy(ExhaustionPolicy policy) {
		return with(Setting.POLICY, policy);
	}

	/**
	 * Return what an acquire does when {@code max-total} is reached.
	 * @return the policy
	 */
	public final ExhaustionPolicy policy() {
		ExhaustionPolicy policy = values().set(Setting.POLICY);
		if (policy != null) {
			return policy;
		}
		return TierChoice.isBlocks(values()) ? ExhaustionPolicy.FAIL : ExhaustionPolicy.ALLOCATE;
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}. In an
	 * update, threads that already wait keep the former setting.
	 * @param maxWait a positive time; one second if not set
	 * @return this builder, or changed settings
	 */
	public final S maxWait(Duration maxWait) {
		return with(Setting.MAX_WAIT, maxWait);
	}

	/**
	 * Return how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}.
	 * @return a positive time
	 */
	public final Duration maxWait() {
		return values().get(Setting.MAX_WAIT);
	}

	/**
	 * Set when memory is cleared. At an update, all idle memory is discarded, and leased
	 * memory when it returns. So no owner gets memory that was not cleared.
	 * @param clearing when
	 * @return this builder, or changed settings
	 */
	public final S clearing(Clearing clearing) {
		return with(CLEARING, clearing);
	}

	/**
	 * Return when memory is cleared.
	 * @return when
	 */
	public final Clearing clearing() {
		return values().get(CLEARING);
	}

	/**
	 * Set how memory is protected from code that uses it after its release. At an update,
	 * all idle memory is discarded, and leased memory when it returns.
	 * @param protection how; {@link Protection#STANDARD} if not set
	 * @return this builder, or changed settings
	 */
	public final S protection(Protection protection) {
		return with(PROTECTION, protection);
	}

	/**
	 * Return how memory is protected from code that uses it after its release. The
	 * unpooled twin lends no memory twice and needs no protection.
	 * @return how
	 */
	public final Protection protection() {
		return pooling() ? values().get(PROTECTION) : Protection.STANDARD;
	}

	/**
	 * Set the time after which unused idle memory is discarded, down to the number of
	 * preallocated blocks. This happens whether or not the pool is in use, after twice
	 * that time at the latest.
	 * @param idleTimeout a positive time, {@code null} to keep idle memory; it is kept if
	 * not set
	 * @return this builder, or changed settings
	 */
	public final S idleTimeout(@Nullable Duration idleTimeout) {
		return (idleTimeout != null) ? with(Setting.IDLE_TIMEOUT, idleTimeout)
				: with(values().without(Setting.IDLE_TIMEOUT));
	}

	/**
	 * Return the time after which unused idle memory is discarded.
	 * @return a positive time, {@code null} if it is kept
	 */
	public final @Nullable Duration idleTimeout() {
		return values().find(Setting.IDLE_TIMEOUT);
	}

	/**
	 * Set whether memory is pooled. The unpooled twin has the same caps, limits, policy
	 * and errors. But every buffer is fresh heap memory of exactly the requested
	 * capacity, and is discarded on release. Use it to test whether pooling hides or
	 * causes an error. Fixed when the pool is built.
	 * @param pooling {@code false} for the unpooled twin
	 * @return this builder, or changed settings
	 */
	public final S pooling(boolean pooling) {
		return with(Setting.POOLING, pooling);
	}

	/**
	 * Return whether memory is pooled.
	 * @return {@code false} for the unpooled twin
	 */
	public final boolean pooling() {
		return values().get(Setting.POOLING);
	}

	/**
	 * Set how much is noted about leases, so that reports can name lost ones.
	 * @param detection the level; {@link LeakDetection#DISABLED} if not set
	 * @return this builder, or changed settings
	 */
	public final S leakDetection(LeakDetection detection) {
		return with(Setting.LEAK_DETECTION, detection);
	}

	/**
	 * Return how much is noted about leases.
	 * @return the level
	 */
	public final LeakDetection leakDetection() {
		return values().get(Setting.LEAK_DETECTION);
	}

	/**
	 * Set the listener for leaks. Fixed when the pool is built.
	 * @param listener the listener, which pools may share; leaks are only logged if not
	 * set
	 * @return this builder, or changed settings
	 */
	public final S leakListener(LeakListener listener) {
		return with(Setting.LEAK_LISTENER, listener);
	}

	/**
	 * Set the time after which an open lease is reported as a leak, once. Only noted
	 * leases are seen, see {@link #leakDetection}. Fixed when the pool is built.
	 * @param maxAge a positive time; leases may be open for any time if not set
	 * @return this builder, or changed settings
	 */
	public final S leakMaxAge(Duration maxAge) {
		return with(Setting.LEAK_MAX_AGE, maxAge);
	}

	/**
	 * Return the time after which an open lease is reported as a leak.
	 * @return a positive time, {@code null} for any time
	 */
	public final @Nullable Duration leakMaxAge() {
		return values().find(Setting.LEAK_MAX_AGE);
	}

}
