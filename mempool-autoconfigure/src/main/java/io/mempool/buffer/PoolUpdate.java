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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import io.mempool.core.Caps;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import org.jspecify.annotations.Nullable;

/**
 * Changes settings of a pool while it runs, all of them at once or none. All other
 * settings stay. Leases are not disturbed. Acquiring and waiting threads see only the new
 * settings. <pre class="code">
 * List&lt;PoolChange&gt; changes = pool.update().maxIdle(16).limit(64 &lt;&lt; 20).apply();
 * </pre> Used once. Not safe for use by several threads; several updates of one pool are
 * applied one after the other.
 *
 * @since 0.1.0
 * @see BufferPool#update()
 */
public final class PoolUpdate {

	private final Function<PoolUpdate, List<PoolChange>> target;

	private @Nullable Integer maxIdle;

	private final Map<Integer, Integer> maxIdleOfTiers = new TreeMap<>();

	private @Nullable Integer maxTotal;

	private final Map<Integer, Integer> maxTotalOfTiers = new TreeMap<>();

	private @Nullable Long limit;

	private @Nullable ExhaustionPolicy policy;

	private @Nullable Duration maxWait;

	private @Nullable Clearing clearing;

	private boolean changesIdleTimeout;

	private @Nullable Duration idleTimeout;

	private @Nullable LeakDetection leakDetection;

	private @Nullable List<Integer> tiers;

	private boolean applied;

	PoolUpdate(Function<PoolUpdate, List<PoolChange>> target) {
		this.target = target;
	}

	/**
	 * Set how many idle blocks each tier keeps. Idle blocks beyond that are discarded.
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this update
	 */
	public PoolUpdate maxIdle(int maxIdle) {
		this.maxIdle = Caps.ofIdle(maxIdle).maxIdle();
		return this;
	}

	/**
	 * Set how many idle blocks one tier keeps, independent of all others.
	 * @param tierSize the capacity of the tier in bytes
	 * @param maxIdle a number, {@code 0} to keep none
	 * @return this update
	 */
	public PoolUpdate maxIdle(int tierSize, int maxIdle) {
		this.maxIdleOfTiers.put(tierSize, Caps.ofIdle(maxIdle).maxIdle());
		return this;
	}

	/**
	 * Set how many pooled blocks each tier may have. If more exist, idle ones are
	 * discarded. Leased ones may exceed the cap. While they do, none is created and each
	 * returning one is discarded.
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit
	 * @return this update
	 */
	public PoolUpdate maxTotal(int maxTotal) {
		this.maxTotal = new Caps(0, maxTotal, 0).maxTotal();
		return this;
	}

	/**
	 * Set how many pooled blocks one tier may have, independent of all others.
	 * @param tierSize the capacity of the tier in bytes
	 * @param maxTotal a positive number, {@link Caps#UNLIMITED} for no limit
	 * @return this update
	 */
	public PoolUpdate maxTotal(int tierSize, int maxTotal) {
		this.maxTotalOfTiers.put(tierSize, new Caps(0, maxTotal, 0).maxTotal());
		return this;
	}

	/**
	 * Limit what the pool takes of the runtime's memory, see
	 * {@link BufferPoolBuilder#limit}. If it is more, idle memory is discarded; what is
	 * leased may exceed the limit, and until it is less, nothing is created and nothing
	 * that comes back is kept.
	 * @param limit bytes, {@link Long#MAX_VALUE} for no limit
	 * @return this update
	 */
	public PoolUpdate limit(long limit) {
		if (limit <= 0) {
			throw new IllegalArgumentException("'limit' must be positive but is " + limit);
		}
		this.limit = limit;
		return this;
	}

	/**
	 * Set what an acquire does when {@code max-total} is reached. Threads that already
	 * wait keep the former setting.
	 * @param policy the policy
	 * @return this update
	 */
	public PoolUpdate policy(ExhaustionPolicy policy) {
		this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
		return this;
	}

	/**
	 * Set how long an acquire waits with the policy {@link ExhaustionPolicy#WAIT}.
	 * Threads that already wait keep the former setting.
	 * @param maxWait a positive time
	 * @return this update
	 */
	public PoolUpdate maxWait(Duration maxWait) {
		if (maxWait.isNegative() || maxWait.isZero()) {
			throw new IllegalArgumentException("'maxWait' must be positive but is " + maxWait);
		}
		this.maxWait = maxWait;
		return this;
	}

	/**
	 * Set when memory is cleared. All idle memory is discarded now, and leased memory
	 * when it returns. So no owner gets memory that was not cleared.
	 * @param clearing when
	 * @return this update
	 */
	public PoolUpdate clearing(Clearing clearing) {
		this.clearing = Objects.requireNonNull(clearing, "'clearing' must not be null");
		return this;
	}

	/**
	 * Set the time after which unused idle memory is discarded.
	 * @param idleTimeout a positive time, {@code null} to keep it
	 * @return this update
	 * @see BufferPoolBuilder#idleTimeout
	 */
	public PoolUpdate idleTimeout(@Nullable Duration idleTimeout) {
		if (idleTimeout != null && (idleTimeout.isNegative() || idleTimeout.isZero())) {
			throw new IllegalArgumentException("'idleTimeout' must be positive but is " + idleTimeout);
		}
		this.idleTimeout = idleTimeout;
		this.changesIdleTimeout = true;
		return this;
	}

	/**
	 * Set how much is noted about leases from now on.
	 * @param detection the level
	 * @return this update
	 */
	public PoolUpdate leakDetection(LeakDetection detection) {
		this.leakDetection = Objects.requireNonNull(detection, "'detection' must not be null");
		return this;
	}

	/**
	 * Set the tiers. Those whose size stays keep their blocks and caps. The others are
	 * retired. Their idle memory is discarded now, and their leased memory when it
	 * returns. Requests that wait for them move to the tier that fits now.
	 * <p>
	 * Unless the update sets them, a new tier inherits {@code max-total} and
	 * {@code max-idle} from the tier that served its size before. The inherited
	 * {@code max-idle} is at most the {@linkplain TierPresets#defaultMaxIdle default for
	 * its size}.
	 * @param sizes capacities in bytes, in any order
	 * @return this update
	 */
	public PoolUpdate tiers(List<Integer> sizes) {
		if (sizes.isEmpty()) {
			throw new IllegalArgumentException("'tiers' must not be empty");
		}
		Set<Integer> distinct = new HashSet<>();
		for (int size : sizes) {
			BufferTier.of(size);
			if (!distinct.add(size)) {
				throw new IllegalArgumentException("'tiers' must not have the size " + size + " twice");
			}
		}
		this.tiers = sizes.stream().sorted().toList();
		return this;
	}

	/**
	 * Apply the update.
	 * @return what changed, empty if all of it was so already
	 * @throws IllegalArgumentException if the settings do not go together, or there is no
	 * tier of a size that was mentioned; nothing has changed then
	 * @throws PoolClosedException if the pool is closed
	 * @throws IllegalStateException if it was applied before
	 */
	public List<PoolChange> apply() {
		if (this.applied) {
			throw new IllegalStateException("Cannot apply an update twice: call update() for another one");
		}
		this.applied = true;
		return this.target.apply(this);
	}

	/**
	 * Return the settings as they are to be.
	 * @throws IllegalArgumentException if the pool has no tier of a given size, or the
	 * limit is less than the footprint of the smallest block
	 */
	PoolSettings on(PoolSettings now) {
		PoolSettings next = apply(now);
		int size = next.tiers().get(0).size();
		long smallest = next.pooling() ? next.weigh(size) : next.weighTransient(size);
		if (next.limit() < smallest && (this.limit != null || this.tiers != null)) {
			throw new IllegalArgumentException("Cannot update pool '" + now.name() + "': with a limit of "
					+ next.limit() + " bytes it could not lend a single buffer of its smallest tier, which has " + size
					+ " bytes and takes " + smallest + ". Raise the limit, or have a smaller tier");
		}
		return next;
	}

	private PoolSettings apply(PoolSettings now) {
		return new PoolSettings(now.name(), now.memory(), now.pageAligned(), tiersOn(now),
				Objects.requireNonNullElse(this.limit, now.limit()), now.budget(),
				Objects.requireNonNullElse(this.policy, now.policy()),
				Objects.requireNonNullElse(this.maxWait, now.maxWait()),
				Objects.requireNonNullElse(this.clearing, now.clearing()),
				this.changesIdleTimeout ? this.idleTimeout : now.idleTimeout(), now.pooling(), now.oversized(),
				now.recentSizes(),
				now.leaks().withDetection(Objects.requireNonNullElse(this.leakDetection, now.leaks().detection())));
	}

	private List<BufferTier> tiersOn(PoolSettings now) {
		List<BufferTier> tiers = (this.tiers != null)
				? this.tiers.stream().map((size) -> successor(now.tiers(), size)).toList() : now.tiers();
		List<Integer> sizes = tiers.stream().map(BufferTier::size).toList();
		checkSizes(now.name(), sizes, this.maxIdleOfTiers.keySet());
		checkSizes(now.name(), sizes, this.maxTotalOfTiers.keySet());
		return tiers.stream().map(this::withCaps).toList();
	}

	private static BufferTier successor(List<BufferTier> former, int size) {
		BufferTier served = former.stream()
			.filter((tier) -> tier.size() >= size)
			.findFirst()
			.orElseGet(() -> former.get(former.size() - 1));
		if (served.size() == size) {
			return served;
		}
		int maxIdle = Math.min(served.caps().maxIdle(), TierPresets.defaultMaxIdle(size));
		return new BufferTier(size, new Caps(maxIdle, served.caps().maxTotal(), 0));
	}

	private static void checkSizes(String pool, List<Integer> sizes, Set<Integer> mentioned) {
		for (int size : mentioned) {
			if (!sizes.contains(size)) {
				throw new IllegalArgumentException("Cannot update pool '" + pool + "': it has no tier of " + size
						+ " bytes. Its tiers are " + sizes);
			}
		}
	}

	private BufferTier withCaps(BufferTier tier) {
		Caps caps = tier.caps();
		int maxIdle = Objects.requireNonNullElse(this.maxIdle, caps.maxIdle());
		int maxTotal = Objects.requireNonNullElse(this.maxTotal, caps.maxTotal());
		return new BufferTier(tier.size(), caps.with(this.maxIdleOfTiers.getOrDefault(tier.size(), maxIdle),
				this.maxTotalOfTiers.getOrDefault(tier.size(), maxTotal)));
	}

}
