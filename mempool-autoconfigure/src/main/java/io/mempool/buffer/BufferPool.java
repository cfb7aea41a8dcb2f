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
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.google.errorprone.annotations.CheckReturnValue;
import io.mempool.core.AcquireInterruptedException;
import io.mempool.core.Budget;
import io.mempool.core.LeakDetection;
import io.mempool.core.OpenLease;
import io.mempool.core.PoolChange;
import io.mempool.core.PoolClosedException;
import io.mempool.core.PoolExhaustedException;
import io.mempool.core.PoolListener;
import io.mempool.engine.SharedBudget;
import io.mempool.sizes.SizeHistogram;
import org.jspecify.annotations.Nullable;

/**
 * A named source of buffers of one memory kind, in tiers of fixed capacity. Safe for use
 * by any number of platform and virtual threads.
 * <p>
 * An acquire is served from the smallest tier that fits. A request beyond the largest
 * tier is served by a transient buffer of the exact size and counted as oversized.
 *
 * @since 0.1.0
 * @see #builder(String)
 */
public interface BufferPool extends AutoCloseable {

	/**
	 * Begin to build a pool.
	 * @param name the name of the pool, {@code [a-z0-9-]+}
	 * @return a builder with the defaults described there
	 */
	static BufferPoolBuilder builder(String name) {
		return new BufferPoolBuilder(name);
	}

	/**
	 * Create a budget for pools to share.
	 * @param name its name in messages, for example {@code mempool.budget.heap}
	 * @param limit the limit in bytes, {@link Long#MAX_VALUE} for none
	 * @return a new budget
	 * @see BufferPoolBuilder#budget
	 */
	static Budget budget(String name, long limit) {
		return new SharedBudget(name, limit);
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String name();

	/**
	 * Return the kind of memory.
	 * @return the kind of memory
	 */
	MemoryKind memory();

	/**
	 * Acquire a buffer under the pool's policy. The caller owns it and releases it.
	 * @param size bytes, {@code 0} or more
	 * @return a buffer of exactly that size
	 * @throws IllegalArgumentException if the size is negative
	 * @throws SizeLimitExceededException if the size exceeds the largest tier of a pool
	 * that {@linkplain BufferPoolBuilder#oversized lends nothing larger}, or
	 * {@link BufferTier#MAXIMUM_SIZE}
	 * @throws PoolExhaustedException if a cap, the limit or the budget is reached and the
	 * policy does not help
	 * @throws AcquireInterruptedException if interrupted while waiting; the interrupt
	 * flag is set again
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	PooledBuffer acquire(int size);

	/**
	 * Acquire a whole buffer of a pool that has one tier, under the pool's policy, as
	 * {@link #acquire(int)} does. The caller owns it and releases it. The default pool of
	 * an application has several tiers unless its properties say otherwise.
	 * @return a buffer of the tier's capacity
	 * @throws IllegalStateException if the pool has several tiers
	 * @throws PoolExhaustedException if a cap, the limit or the budget is reached and the
	 * policy does not help
	 * @throws AcquireInterruptedException if interrupted while waiting; the interrupt
	 * flag is set again
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	default PooledBuffer acquire() {
		List<BufferTier> tiers = tiers();
		if (tiers.size() != 1) {
			throw new IllegalStateException("Cannot acquire a buffer of pool '" + name()
					+ "' without a size: it has tiers of " + tiers.stream().map(BufferTier::size).toList()
					+ " bytes. Call acquire(int) with the size that is needed");
		}
		return acquire(tiers.get(0).size());
	}

	/**
	 * Acquire a buffer without waiting.
	 * @param size bytes, {@code 0} or more
	 * @return a buffer of exactly that size, or {@code null} if a cap, the limit or the
	 * budget is reached (the policy {@code allocate} helps against caps here too)
	 * @throws IllegalArgumentException if the size is negative
	 * @throws SizeLimitExceededException if the size exceeds the largest tier of a pool
	 * that {@linkplain BufferPoolBuilder#oversized lends nothing larger}, or
	 * {@link BufferTier#MAXIMUM_SIZE}
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	@Nullable PooledBuffer tryAcquire(int size);

	/**
	 * Acquire a buffer for content that grows, under the pool's policy. The buffer is of
	 * a whole tier, and has room for the likely size, or some of it, if the pool has that
	 * at once. The call waits, fails and counts as exhausted for the minimum only. An
	 * implementation that wraps a pool passes the call on: by default what is likely is
	 * tried by {@link #tryAcquire}, which counts.
	 * @param minimum bytes, {@code 0} or more
	 * @param likely bytes that are likely to be needed in the end; ignored if that is not
	 * more than the minimum
	 * @return a buffer of at least the minimum, whose size is that of its tier unless it
	 * is beyond the largest, or memory is too short for a whole one
	 * @throws IllegalArgumentException if the minimum is negative
	 * @throws SizeLimitExceededException if the minimum exceeds the largest tier of a
	 * pool that {@linkplain BufferPoolBuilder#oversized lends nothing larger}, or
	 * {@link BufferTier#MAXIMUM_SIZE}
	 * @throws PoolExhaustedException if a cap, the limit or the budget is reached and the
	 * policy does not help
	 * @throws AcquireInterruptedException if interrupted while waiting; the interrupt
	 * flag is set again
	 * @throws PoolClosedException if the pool is closed
	 */
	@CheckReturnValue
	default PooledBuffer acquireAtLeast(int minimum, int likely) {
		int least = wholeTier(minimum);
		int most = wholeTier(Math.max(minimum, likely));
		// Beyond the tiers only if that is needed: not each pool lends it
		boolean tries = minimum >= 0 && most > least && (most <= maximumSize() || minimum > maximumSize());
		PooledBuffer larger = tries ? tryAcquire(most) : null;
		return (larger != null) ? larger : acquire(least);
	}

	private int wholeTier(int size) {
		for (BufferTier tier : tiers()) {
			if (tier.size() >= size && size >= 0) {
				return tier.size();
			}
		}
		return size;
	}

	/**
	 * Acquire a buffer, waiting at most for a given time whatever the policy. Waiting is
	 * first come, first served within a tier.
	 * @param size bytes, {@code 0} or more
	 * @param maxWait how long to wait at most; not at all if not positive
	 * @return a buffer of exactly that size
	 * @throws IllegalArgumentException if the size is negative
	 * @throws SizeLimitExceededException if the size exceeds the largest tier of a pool
	 * that {@linkplain BufferPoolBuilder#oversized lends nothing larger}, or
	 * {@link BufferTier#MAXIMUM_SIZE}
	 * @throws PoolExhaustedException if none was available in time, or none ever can be
	 * @throws InterruptedException if interrupted while waiting
	 * @throws PoolClosedException if the pool is closed, or is closed meanwhile
	 */
	@CheckReturnValue
	PooledBuffer acquire(int size, Duration maxWait) throws InterruptedException;

	/**
	 * Return a stream that writes into pooled memory and grows through the tiers.
	 * @return a stream for bodies of unknown length, whose buffer the caller takes, or
	 * which the caller releases
	 */
	default PooledOutputStream outputStream() {
		return new PooledOutputStream(this, 0, Integer.MAX_VALUE);
	}

	/**
	 * Return a holder of one buffer of this pool.
	 * @return a new holder, for use by one thread at a time
	 */
	default BufferAllocator allocator() {
		return new BufferAllocator(this);
	}

	/**
	 * Return the capacity of the smallest tier.
	 * @return bytes
	 */
	int minimumSize();

	/**
	 * Return the capacity of the largest tier. A larger request is transient, or refused.
	 * @return bytes
	 */
	int maximumSize();

	/**
	 * Return the tiers.
	 * @return the tiers, ascending
	 */
	List<BufferTier> tiers();

	/**
	 * Return the statistics of the pool. They are exact at rest; totals never decrease.
	 * @return the statistics, read at one instant
	 */
	PoolStatistics statistics();

	/**
	 * List the open leases of a pool whose leak detection is
	 * {@link LeakDetection#PARANOID}, one for each block that is leased. A lease that
	 * begins or ends meanwhile may be listed or not. So may one that began before the
	 * level was raised.
	 * @return the leases, oldest first; a copy that holds neither leases nor memory
	 * @throws IllegalStateException at any other level, which does not note all leases
	 * @throws UnsupportedOperationException by default: an implementation that wraps a
	 * pool passes the call on
	 */
	default List<OpenLease> openLeases() {
		throw new UnsupportedOperationException("Pool '" + name() + "' is a " + getClass().getName()
				+ ", which does not list open leases. Pass openLeases() on to the pool that it wraps");
	}

	/**
	 * Return the sizes that were requested last: exact and in order with one thread, best
	 * effort with several.
	 * @return sizes in bytes, oldest first; 256 of them unless the builder set another
	 * number
	 */
	List<Integer> recentSizes();

	/**
	 * Return how often each size was requested since the pool was built: exact with one
	 * thread, best effort with several.
	 * @return a snapshot
	 */
	SizeHistogram requestedSizes();

	/**
	 * Discard all idle memory now.
	 * @return how much memory the runtime gets back, in bytes, with headers and
	 * alignment. A block that shares an array with leased blocks frees nothing yet
	 */
	long trim();

	/**
	 * Return the settings of the pool.
	 * @return the present settings, which no later update changes
	 */
	BufferPoolSettings settings();

	/**
	 * Change settings while the pool runs, all of them at once or none. All other
	 * settings stay. Leases are not disturbed. Acquiring and waiting threads see only the
	 * new settings. <pre class="code">
	 * List&lt;PoolChange&gt; changes = pool.update((settings) -&gt; settings.maxIdle(16).limit(64 &lt;&lt; 20));
	 * </pre> Concurrent updates are applied one after the other: each begins with what
	 * the one before left. {@link BufferPoolOptions} says which settings cannot change.
	 * @param change returns the settings to have, for the present ones. It is called
	 * again if another update came first, and without a lock
	 * @return what changed, empty if all of it was so already
	 * @throws IllegalArgumentException if the settings do not go together, there is no
	 * tier of a size that was mentioned, or a setting cannot change; nothing has changed
	 * then
	 * @throws PoolClosedException if the pool is closed
	 */
	List<PoolChange> update(UnaryOperator<BufferPoolSettings> change);

	/**
	 * Add a listener for updates. The updating thread calls it after each update that
	 * changed a setting. A failure is logged. Two concurrent updates may be reported in
	 * either order, so ask the pool for its present settings.
	 * @param listener receives the changes; the pool keeps it until it is closed
	 */
	void onUpdate(Consumer<List<PoolChange>> listener);

	/**
	 * Add a listener for the close of the pool. The closing thread calls it once, after
	 * the close. If the pool is closed already, the calling thread calls it at once. A
	 * listener that fails is logged. The default does nothing: an implementation that
	 * wraps a pool passes the listener on.
	 * @param listener the listener, held until the pool is closed
	 */
	default void onClose(Runnable listener) {
	}

	/**
	 * Add a listener for refused acquires, leaks and trims. The default does nothing: an
	 * implementation that wraps a pool passes the listener on.
	 * @param listener the listener, held until it is removed
	 */
	default void addListener(PoolListener listener) {
	}

	/**
	 * Remove a listener. The default does nothing: an implementation that wraps a pool
	 * passes the listener on.
	 * @param listener a listener that was added
	 */
	default void removeListener(PoolListener listener) {
	}

	/**
	 * Close the pool. Further acquires fail, and idle memory is discarded. Leased buffers
	 * stay usable until their release, and are then discarded. A second close has no
	 * effect.
	 */
	@Override
	void close();

}
