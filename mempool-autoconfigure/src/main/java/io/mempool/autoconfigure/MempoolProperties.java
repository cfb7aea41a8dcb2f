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
import java.util.List;
import java.util.Map;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/**
 * What can be set in {@code application.yml}. Holds what was bound; the rules are
 * {@link PoolDefinition}'s.
 *
 * @param pooling Whether memory and objects are pooled. Without it every pool is its
 * unpooled twin, with the same rules and errors but fresh memory for every buffer and a
 * fresh object for every lease.
 * @param defaults Settings of every pool that does not set its own.
 * @param pools Pools by name. Each becomes a bean of that name.
 * @param objects Settings of object pools by name. They take precedence over what the
 * application sets when it builds the pool of that name.
 * @param budget Upper limits over all pools.
 * @param leakDetection How much is written down about leases, so that lost ones can be
 * named.
 * @param leaks When leases are reported as leaks.
 * @param health When pools are not healthy.
 * @param request Memory that lives as long as a servlet request.
 * @since 0.1.0
 */
@ConfigurationProperties(prefix = MempoolProperties.PREFIX, ignoreUnknownFields = false)
public record MempoolProperties(@DefaultValue("true") boolean pooling, @DefaultValue Pool defaults,
		@DefaultValue Map<String, Pool> pools, @DefaultValue Map<String, ObjectPool> objects,
		@DefaultValue Budget budget, @DefaultValue("simple") LeakDetection leakDetection, @DefaultValue Leaks leaks,
		@DefaultValue Health health, @DefaultValue Request request) {

	static final String PREFIX = "mempool";

	/**
	 * Settings of a pool. What is not set comes from the defaults.
	 *
	 * @param memory Where memory lies, on the heap or outside of it. On the heap if not
	 * set.
	 * @param pageAligned Whether off-heap buffers begin at pages of the operating system.
	 * @param preset Ready-made list of tiers. Powers of two is implied by a minimum or
	 * maximum size.
	 * @param minSize Smallest size that must fit the first tier of powers of two.
	 * @param maxSize Size of the last tier of powers of two, or of all blocks.
	 * @param tiers Comma-separated list of tier sizes, or a list of tiers with caps of
	 * their own.
	 * @param maxIdle Maximum number of idle buffers that each tier keeps. What fits a
	 * 128th of the maximum heap if not set, but from 4 to 1024.
	 * @param maxTotal Maximum number of buffers, idle and leased, that each tier has. Not
	 * limited if not set.
	 * @param preallocate Number of idle buffers that each tier creates at start-up.
	 * @param limit Maximum memory that the pool keeps and has lent. Not limited if not
	 * set.
	 * @param policy What an acquire does when the maximum number of buffers is reached.
	 * Creates a transient buffer if not set.
	 * @param maxWait Maximum time that an acquire waits with the policy 'wait'. One
	 * second if not set.
	 * @param clear When memory is cleared. On release if not set.
	 * @param idleTimeout Time after which idle memory that nobody needed is given back.
	 * Kept if not set.
	 * @param pooling Whether memory is pooled. Only has an effect if pooling is not off
	 * for the whole application.
	 * @param recentSizes Number of requested sizes that are remembered. 256 if not set.
	 */
	public record Pool(@Nullable MemoryKind memory, @Nullable Boolean pageAligned, @Nullable TierPreset preset,
			@Nullable DataSize minSize, @Nullable DataSize maxSize, @Nullable List<Tier> tiers,
			@Nullable Integer maxIdle, @Nullable Integer maxTotal, @Nullable Integer preallocate,
			@Nullable DataSize limit, @Nullable ExhaustionPolicy policy, @Nullable Duration maxWait,
			@Nullable Clearing clear, @Nullable Duration idleTimeout, @Nullable Boolean pooling,
			@Nullable Integer recentSizes) {

		static final Pool EMPTY = new Pool(null, null, null, null, null, null, null, null, null, null, null, null, null,
				null, null, null);

		/**
		 * Bind a pool for which nothing is set, as in {@code uploads:} without a value.
		 * @param text the empty text
		 * @return a pool without settings
		 */
		public static Pool valueOf(String text) {
			if (!text.isBlank()) {
				throw new IllegalArgumentException("a pool has settings such as 'tiers', not a value");
			}
			return EMPTY;
		}

		/**
		 * Refuse a number, which YAML does not bind as a text.
		 * @param number the number
		 * @return nothing
		 */
		public static Pool valueOf(Integer number) {
			return valueOf(number.toString());
		}

	}

	/**
	 * Settings of a tier.
	 *
	 * @param size Capacity of its buffers.
	 * @param maxIdle Maximum number of idle buffers that it keeps. That of the pool if
	 * not set.
	 * @param maxTotal Maximum number of buffers, idle and leased, that it has. That of
	 * the pool if not set.
	 * @param preallocate Number of idle buffers that it creates at start-up. That of the
	 * pool if not set.
	 */
	public record Tier(@Nullable DataSize size, @Nullable Integer maxIdle, @Nullable Integer maxTotal,
			@Nullable Integer preallocate) {

		/**
		 * Bind a tier of which just the size is set.
		 * @param size the size, for example {@code 64KB}
		 * @return a tier with the caps of its pool
		 */
		public static Tier valueOf(String size) {
			return new Tier(DataSize.parse(size), null, null, null);
		}

		/**
		 * Bind a tier of which just the size is set, in bytes: a plain number in YAML is
		 * no text.
		 * @param size the size in bytes
		 * @return a tier with the caps of its pool
		 */
		public static Tier valueOf(Integer size) {
			return new Tier(DataSize.ofBytes(size), null, null, null);
		}

	}

	/**
	 * Settings of an object pool. What is not set is up to the application.
	 *
	 * @param maxIdle Maximum number of idle objects that the pool keeps. At least 64 if
	 * not set.
	 * @param maxTotal Maximum number of objects, idle and leased, that the pool has. Not
	 * limited if not set.
	 * @param prefill Number of idle objects that the pool creates at start-up.
	 * @param policy What an acquire does when the maximum number of objects is reached.
	 * Creates a temporary object if not set.
	 * @param maxWait Maximum time that an acquire waits with the policy 'wait'. One
	 * second if not set.
	 * @param pooling Whether objects are pooled. Only has an effect if pooling is not off
	 * for the whole application.
	 */
	public record ObjectPool(@Nullable Integer maxIdle, @Nullable Integer maxTotal, @Nullable Integer prefill,
			@Nullable ExhaustionPolicy policy, @Nullable Duration maxWait, @Nullable Boolean pooling) {

		static final ObjectPool EMPTY = new ObjectPool(null, null, null, null, null, null);

		/**
		 * Bind a pool for which nothing is set, as in {@code deflaters:} without a value.
		 * @param text the empty text
		 * @return a pool without settings
		 */
		public static ObjectPool valueOf(String text) {
			if (!text.isBlank()) {
				throw new IllegalArgumentException("an object pool has settings such as 'max-idle', not a value");
			}
			return EMPTY;
		}

		/**
		 * Refuse a number, which YAML does not bind as a text.
		 * @param number the number
		 * @return nothing
		 */
		public static ObjectPool valueOf(Integer number) {
			return valueOf(number.toString());
		}

	}

	/**
	 * Upper limits over all pools.
	 *
	 * @param heap Maximum heap memory that all pools together keep and have lent. Not
	 * limited if not set.
	 * @param offHeap Maximum memory outside of the heap that all pools together keep and
	 * have lent. What the JVM allows for direct buffers if not set.
	 */
	public record Budget(@Nullable DataSize heap, @Nullable DataSize offHeap) {

	}

	/**
	 * When leases are reported as leaks.
	 *
	 * @param maxAge Time for which a lease may be open before it is reported, if it was
	 * written down. Any time if not set.
	 */
	public record Leaks(@Nullable Duration maxAge) {

	}

	/**
	 * When pools are not healthy.
	 *
	 * @param exhaustedFor Time for which a pool may be exhausted before the health
	 * indicator is down.
	 */
	public record Health(@DefaultValue("10s") Duration exhaustedFor) {

	}

	/**
	 * Memory that lives as long as a servlet request.
	 *
	 * @param enabled Whether to give back what a request acquired when it ends.
	 * @param pool Name of the pool that requests use.
	 * @param limit Maximum memory that one request may hold. Not limited if not set.
	 * @param maxBodySize Maximum size of a body that is read into one buffer.
	 * @param filterOrder Order of the servlet filter.
	 * @param reportUnreleased Whether to report what requests left to be released at
	 * their end.
	 */
	public record Request(@DefaultValue("true") boolean enabled, @DefaultValue("default") String pool,
			@Nullable DataSize limit, @DefaultValue("10MB") DataSize maxBodySize,
			@DefaultValue("" + (Ordered.HIGHEST_PRECEDENCE + 10)) int filterOrder,
			@DefaultValue("false") boolean reportUnreleased) {

	}

	/**
	 * Ready-made lists of tiers.
	 */
	public enum TierPreset {

		/**
		 * Powers of two, from 128 bytes to 2 MiB unless sizes are set.
		 */
		POWERS_OF_TWO,

		/**
		 * Sizes for streaming: 1, 4, 16, 32, 64 and 128 KiB.
		 */
		STREAM,

		/**
		 * Blocks of one size, 4 KiB unless a maximum size is set, with the policy 'fail'
		 * unless another is set. A maximum number of them is required.
		 */
		BLOCKS

	}

}
