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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.mempool.buffer.Clearing;
import io.mempool.buffer.MemoryKind;
import io.mempool.core.ExhaustionPolicy;
import io.mempool.core.LeakDetection;
import io.mempool.core.Protection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.DeprecatedConfigurationProperty;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/**
 * What can be set in {@code application.yml}. Holds what was read; the rules are those of
 * {@link PoolDefinition} and its neighbours.
 * <p>
 * {@link MempoolBinding} reads it without reflection, so that only what is set costs time
 * at the start, and a native image needs no hints.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(MempoolProperties.PREFIX)
public class MempoolProperties {

	static final String PREFIX = "mempool";

	static final Keys<MempoolProperties> KEYS = new Keys<MempoolProperties>()
		.add("enabled", Values::flag, MempoolProperties::setEnabled)
		.add("pooling", Values::flag, MempoolProperties::setPooling)
		.add("protection", Values.choice(Protection.class), MempoolProperties::setProtection)
		.add("leak-detection", Values.choice(LeakDetection.class), MempoolProperties::setLeakDetection);

	/**
	 * The keys of the groups that have a fixed name.
	 */
	static final Map<String, Keys<?>> GROUPS = groups();

	/**
	 * Whether there is anything of mempool: pools, memory of requests and clients, the
	 * endpoint, meters.
	 */
	private boolean enabled = true;

	/**
	 * Whether memory and objects are pooled. Without it every pool is its unpooled twin,
	 * with the same rules and errors but fresh memory for every buffer and a fresh object
	 * for every lease.
	 */
	private boolean pooling = true;

	/**
	 * Settings of every pool that does not set its own.
	 */
	private Pool defaults = new Pool();

	/**
	 * Pools by name. Each becomes a bean of that name.
	 */
	private final Map<String, Pool> pools = new LinkedHashMap<>();

	/**
	 * Settings of object pools by name. They take precedence over what the application
	 * sets when it builds the pool of that name.
	 */
	private final Map<String, ObjectPool> objects = new LinkedHashMap<>();

	/**
	 * Upper limits over all pools.
	 */
	private final Budget budget = new Budget();

	/**
	 * How pools protect memory from code that uses it after its release. 'revoke' only
	 * has an effect on off-heap pools.
	 */
	private Protection protection = Protection.STANDARD;

	/**
	 * How much is written down about leases, so that lost ones can be named.
	 */
	private LeakDetection leakDetection = LeakDetection.SIMPLE;

	/**
	 * When pools give idle memory back because the heap is nearly full.
	 */
	private final Pressure pressure = new Pressure();

	/**
	 * When leases are reported as leaks.
	 */
	private final Leaks leaks = new Leaks();

	/**
	 * When pools are not healthy.
	 */
	private final Health health = new Health();

	/**
	 * Memory that lives as long as a servlet request.
	 */
	private final Request request = new Request();

	/**
	 * Answers that HTTP clients read into pooled memory.
	 */
	private final Clients clients = new Clients();

	/**
	 * Memory for the input and output of Jetty.
	 */
	private final Jetty jetty = new Jetty();

	/**
	 * How scopes reach other threads.
	 */
	private final Propagation propagation = new Propagation();

	private static Map<String, Keys<?>> groups() {
		Map<String, Keys<?>> groups = new LinkedHashMap<>();
		groups.put("defaults", Pool.KEYS);
		groups.put("budget", Budget.KEYS);
		groups.put("pressure", Pressure.KEYS);
		groups.put("leaks", Leaks.KEYS);
		groups.put("health", Health.KEYS);
		groups.put("request", Request.KEYS);
		groups.put("clients", Clients.KEYS);
		groups.put("jetty", Jetty.KEYS);
		groups.put("propagation", Propagation.KEYS);
		return groups;
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isPooling() {
		return this.pooling;
	}

	public void setPooling(boolean pooling) {
		this.pooling = pooling;
	}

	public Pool getDefaults() {
		return this.defaults;
	}

	public void setDefaults(Pool defaults) {
		this.defaults = defaults;
	}

	public Map<String, Pool> getPools() {
		return this.pools;
	}

	public Map<String, ObjectPool> getObjects() {
		return this.objects;
	}

	public Budget getBudget() {
		return this.budget;
	}

	public Protection getProtection() {
		return this.protection;
	}

	public void setProtection(Protection protection) {
		this.protection = protection;
	}

	public LeakDetection getLeakDetection() {
		return this.leakDetection;
	}

	public void setLeakDetection(LeakDetection leakDetection) {
		this.leakDetection = leakDetection;
	}

	public Pressure getPressure() {
		return this.pressure;
	}

	public Leaks getLeaks() {
		return this.leaks;
	}

	public Health getHealth() {
		return this.health;
	}

	public Request getRequest() {
		return this.request;
	}

	public Clients getClients() {
		return this.clients;
	}

	public Jetty getJetty() {
		return this.jetty;
	}

	public Propagation getPropagation() {
		return this.propagation;
	}

	/**
	 * Settings of a pool. What is not set comes from the defaults.
	 */
	public static class Pool {

		static final Keys<Pool> KEYS = new Keys<Pool>().add("memory", Values.choice(MemoryKind.class), Pool::setMemory)
			.add("page-aligned", Values::flag, Pool::setPageAligned)
			.add("preset", Values.choice(TierPreset.class), Pool::setPreset)
			.add("min-size", Values::size, Pool::setMinSize)
			.add("max-size", Values::size, Pool::setMaxSize)
			.add(Keys.TIERS, Values::tiers, Pool::setTiers)
			.add("max-idle", Values::count, Pool::setMaxIdle)
			.add("max-total", Values::count, Pool::setMaxTotal)
			.add("preallocate", Values::count, Pool::setPreallocate)
			.add("limit", Values::size, Pool::setLimit)
			.add("policy", Values.choice(ExhaustionPolicy.class), Pool::setPolicy)
			.add("max-wait", Values::shortTime, Pool::setMaxWait)
			.add("clear", Values.choice(Clearing.class), Pool::setClear)
			.add("protection", Values.choice(Protection.class), Pool::setProtection)
			.add("idle-timeout", Values::longTime, Pool::setIdleTimeout)
			.add("pooling", Values::flag, Pool::setPooling)
			.add("recent-sizes", Values::count, Pool::setRecentSizes)
			.add("recent-sizes-exact", Values::flag, Pool::setRecentSizesExact);

		/**
		 * Where memory lies, on the heap or outside of it. On the heap if not set.
		 */
		private @Nullable MemoryKind memory;

		/**
		 * Whether off-heap buffers begin at pages of the operating system.
		 */
		private @Nullable Boolean pageAligned;

		/**
		 * Ready-made list of tiers. Powers of two is implied by a minimum or maximum
		 * size.
		 */
		private @Nullable TierPreset preset;

		/**
		 * Smallest size that must fit the first tier of powers of two, or the base of
		 * multiples.
		 */
		private @Nullable DataSize minSize;

		/**
		 * Size of the last tier of powers of two or of multiples, or of all blocks.
		 */
		private @Nullable DataSize maxSize;

		/**
		 * Comma-separated list of tier sizes, or a list of tiers with caps of their own.
		 */
		private @Nullable List<Tier> tiers;

		/**
		 * Maximum number of idle buffers that each tier keeps. What fits a 128th of the
		 * maximum heap if not set, but from 4 to 1024.
		 */
		private @Nullable Integer maxIdle;

		/**
		 * Maximum number of buffers, idle and leased, that each tier has. Not limited if
		 * not set.
		 */
		private @Nullable Integer maxTotal;

		/**
		 * Number of idle buffers that each tier creates at start-up.
		 */
		private @Nullable Integer preallocate;

		/**
		 * Maximum memory that the pool keeps and has lent. Not limited if not set.
		 */
		private @Nullable DataSize limit;

		/**
		 * What an acquire does when the maximum number of buffers is reached. Creates a
		 * transient buffer if not set.
		 */
		private @Nullable ExhaustionPolicy policy;

		/**
		 * Maximum time that an acquire waits with the policy 'wait'. One second if not
		 * set.
		 */
		private @Nullable Duration maxWait;

		/**
		 * When memory is cleared. On release if not set.
		 */
		private @Nullable Clearing clear;

		/**
		 * How memory is protected from code that uses it after its release. As the
		 * application says if not set.
		 */
		private @Nullable Protection protection;

		/**
		 * Time after which idle memory that was not needed is given back. Kept if not
		 * set.
		 */
		private @Nullable Duration idleTimeout;

		/**
		 * Whether memory is pooled. Only has an effect if pooling is not off for the
		 * whole application.
		 */
		private @Nullable Boolean pooling;

		/**
		 * Number of requested sizes that are remembered. 256 if not set.
		 */
		private @Nullable Integer recentSizes;

		/**
		 * Whether requested sizes are remembered exactly and in order also when several
		 * threads acquire. They wait for each other then. Off if not set.
		 */
		private @Nullable Boolean recentSizesExact;

		public @Nullable MemoryKind getMemory() {
			return this.memory;
		}

		public void setMemory(@Nullable MemoryKind memory) {
			this.memory = memory;
		}

		public @Nullable Boolean getPageAligned() {
			return this.pageAligned;
		}

		public void setPageAligned(@Nullable Boolean pageAligned) {
			this.pageAligned = pageAligned;
		}

		public @Nullable TierPreset getPreset() {
			return this.preset;
		}

		public void setPreset(@Nullable TierPreset preset) {
			this.preset = preset;
		}

		public @Nullable DataSize getMinSize() {
			return this.minSize;
		}

		public void setMinSize(@Nullable DataSize minSize) {
			this.minSize = minSize;
		}

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public @Nullable List<Tier> getTiers() {
			return this.tiers;
		}

		public void setTiers(@Nullable List<Tier> tiers) {
			this.tiers = tiers;
		}

		public @Nullable Integer getMaxIdle() {
			return this.maxIdle;
		}

		public void setMaxIdle(@Nullable Integer maxIdle) {
			this.maxIdle = maxIdle;
		}

		public @Nullable Integer getMaxTotal() {
			return this.maxTotal;
		}

		public void setMaxTotal(@Nullable Integer maxTotal) {
			this.maxTotal = maxTotal;
		}

		public @Nullable Integer getPreallocate() {
			return this.preallocate;
		}

		public void setPreallocate(@Nullable Integer preallocate) {
			this.preallocate = preallocate;
		}

		public @Nullable DataSize getLimit() {
			return this.limit;
		}

		public void setLimit(@Nullable DataSize limit) {
			this.limit = limit;
		}

		public @Nullable ExhaustionPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(@Nullable ExhaustionPolicy policy) {
			this.policy = policy;
		}

		public @Nullable Duration getMaxWait() {
			return this.maxWait;
		}

		public void setMaxWait(@Nullable Duration maxWait) {
			this.maxWait = maxWait;
		}

		public @Nullable Clearing getClear() {
			return this.clear;
		}

		public void setClear(@Nullable Clearing clear) {
			this.clear = clear;
		}

		public @Nullable Protection getProtection() {
			return this.protection;
		}

		public void setProtection(@Nullable Protection protection) {
			this.protection = protection;
		}

		public @Nullable Duration getIdleTimeout() {
			return this.idleTimeout;
		}

		public void setIdleTimeout(@Nullable Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
		}

		public @Nullable Boolean getPooling() {
			return this.pooling;
		}

		public void setPooling(@Nullable Boolean pooling) {
			this.pooling = pooling;
		}

		public @Nullable Integer getRecentSizes() {
			return this.recentSizes;
		}

		public void setRecentSizes(@Nullable Integer recentSizes) {
			this.recentSizes = recentSizes;
		}

		public @Nullable Boolean getRecentSizesExact() {
			return this.recentSizesExact;
		}

		public void setRecentSizesExact(@Nullable Boolean recentSizesExact) {
			this.recentSizesExact = recentSizesExact;
		}

	}

	/**
	 * Settings of a tier.
	 */
	public static class Tier {

		static final Keys<Tier> KEYS = new Keys<Tier>().add("size", Values::size, Tier::setSize)
			.add("max-idle", Values::count, Tier::setMaxIdle)
			.add("max-total", Values::count, Tier::setMaxTotal)
			.add("preallocate", Values::count, Tier::setPreallocate);

		/**
		 * Capacity of its buffers.
		 */
		private @Nullable DataSize size;

		/**
		 * Maximum number of idle buffers that it keeps. That of the pool if not set.
		 */
		private @Nullable Integer maxIdle;

		/**
		 * Maximum number of buffers, idle and leased, that it has. That of the pool if
		 * not set.
		 */
		private @Nullable Integer maxTotal;

		/**
		 * Number of idle buffers that it creates at start-up. That of the pool if not
		 * set.
		 */
		private @Nullable Integer preallocate;

		public @Nullable DataSize getSize() {
			return this.size;
		}

		public void setSize(@Nullable DataSize size) {
			this.size = size;
		}

		public @Nullable Integer getMaxIdle() {
			return this.maxIdle;
		}

		public void setMaxIdle(@Nullable Integer maxIdle) {
			this.maxIdle = maxIdle;
		}

		public @Nullable Integer getMaxTotal() {
			return this.maxTotal;
		}

		public void setMaxTotal(@Nullable Integer maxTotal) {
			this.maxTotal = maxTotal;
		}

		public @Nullable Integer getPreallocate() {
			return this.preallocate;
		}

		public void setPreallocate(@Nullable Integer preallocate) {
			this.preallocate = preallocate;
		}

	}

	/**
	 * Settings of an object pool. What is not set is up to the application.
	 */
	public static class ObjectPool {

		static final Keys<ObjectPool> KEYS = new Keys<ObjectPool>()
			.add("max-idle", Values::count, ObjectPool::setMaxIdle)
			.add("max-total", Values::count, ObjectPool::setMaxTotal)
			.add("preallocate", Values::count, ObjectPool::setPreallocate)
			.addFormer("prefill", Values::count, ObjectPool::setPrefill)
			.add("policy", Values.choice(ExhaustionPolicy.class), ObjectPool::setPolicy)
			.add("max-wait", Values::shortTime, ObjectPool::setMaxWait)
			.add("idle-timeout", Values::longTime, ObjectPool::setIdleTimeout)
			.add("pooling", Values::flag, ObjectPool::setPooling);

		/**
		 * Maximum number of idle objects that the pool keeps. 1024 if not set, and up to
		 * 65536 if more are used at once time and again.
		 */
		private @Nullable Integer maxIdle;

		/**
		 * Maximum number of objects, idle and leased, that the pool has. Not limited if
		 * not set.
		 */
		private @Nullable Integer maxTotal;

		/**
		 * Number of idle objects that the pool creates at start-up.
		 */
		private @Nullable Integer preallocate;

		/**
		 * Former name of 'preallocate', which takes precedence. Ends with version 0.2.
		 */
		private @Nullable Integer prefill;

		/**
		 * What an acquire does when the maximum number of objects is reached. Creates a
		 * temporary object if not set.
		 */
		private @Nullable ExhaustionPolicy policy;

		/**
		 * Maximum time that an acquire waits with the policy 'wait'. One second if not
		 * set.
		 */
		private @Nullable Duration maxWait;

		/**
		 * Time after which idle objects that no acquire needed are destroyed. Kept if not
		 * set.
		 */
		private @Nullable Duration idleTimeout;

		/**
		 * Whether objects are pooled. Only has an effect if pooling is not off for the
		 * whole application.
		 */
		private @Nullable Boolean pooling;

		public @Nullable Integer getMaxIdle() {
			return this.maxIdle;
		}

		public void setMaxIdle(@Nullable Integer maxIdle) {
			this.maxIdle = maxIdle;
		}

		public @Nullable Integer getMaxTotal() {
			return this.maxTotal;
		}

		public void setMaxTotal(@Nullable Integer maxTotal) {
			this.maxTotal = maxTotal;
		}

		public @Nullable Integer getPreallocate() {
			return this.preallocate;
		}

		public void setPreallocate(@Nullable Integer preallocate) {
			this.preallocate = preallocate;
		}

		/**
		 * Return the value of the former name of {@code preallocate}.
		 * @return the number, {@code null} if not set
		 * @deprecated since 0.1.0 in favor of {@link #getPreallocate()}
		 */
		@Deprecated(since = "0.1.0")
		@DeprecatedConfigurationProperty(replacement = "mempool.objects.<name>.preallocate", since = "0.1.0")
		public @Nullable Integer getPrefill() {
			return this.prefill;
		}

		public void setPrefill(@Nullable Integer prefill) {
			this.prefill = prefill;
		}

		public @Nullable ExhaustionPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(@Nullable ExhaustionPolicy policy) {
			this.policy = policy;
		}

		public @Nullable Duration getMaxWait() {
			return this.maxWait;
		}

		public void setMaxWait(@Nullable Duration maxWait) {
			this.maxWait = maxWait;
		}

		public @Nullable Duration getIdleTimeout() {
			return this.idleTimeout;
		}

		public void setIdleTimeout(@Nullable Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
		}

		public @Nullable Boolean getPooling() {
			return this.pooling;
		}

		public void setPooling(@Nullable Boolean pooling) {
			this.pooling = pooling;
		}

	}

	/**
	 * Upper limits over all pools.
	 */
	public static class Budget {

		static final Keys<Budget> KEYS = new Keys<Budget>().add("heap", Values::size, Budget::setHeap)
			.add("off-heap", Values::size, Budget::setOffHeap);

		/**
		 * Maximum heap memory that all pools together keep and have lent. Half of the
		 * maximum heap if not set.
		 */
		private @Nullable DataSize heap;

		/**
		 * Maximum memory outside of the heap that all pools together keep and have lent.
		 * What the JVM allows for direct buffers if not set.
		 */
		private @Nullable DataSize offHeap;

		public @Nullable DataSize getHeap() {
			return this.heap;
		}

		public void setHeap(@Nullable DataSize heap) {
			this.heap = heap;
		}

		public @Nullable DataSize getOffHeap() {
			return this.offHeap;
		}

		public void setOffHeap(@Nullable DataSize offHeap) {
			this.offHeap = offHeap;
		}

	}

	/**
	 * When pools give idle memory back because the heap is nearly full.
	 */
	public static class Pressure {

		static final Keys<Pressure> KEYS = new Keys<Pressure>().add("enabled", Values::flag, Pressure::setEnabled)
			.add("heap-above", Values::percent, Pressure::setHeapAbove);

		/**
		 * Whether pools give idle memory back when the heap is nearly full.
		 */
		private boolean enabled = true;

		/**
		 * Share of the maximum heap in percent. Pools give idle memory back when more of
		 * it is used after a collection of the whole heap.
		 */
		private int heapAbove = 90;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public int getHeapAbove() {
			return this.heapAbove;
		}

		public void setHeapAbove(int heapAbove) {
			this.heapAbove = heapAbove;
		}

	}

	/**
	 * When leases are reported as leaks.
	 */
	public static class Leaks {

		static final Keys<Leaks> KEYS = new Keys<Leaks>().add("max-age", Values::longTime, Leaks::setMaxAge);

		/**
		 * Time for which a lease may be open before it is reported, if it was written
		 * down. Any time if not set.
		 */
		private @Nullable Duration maxAge;

		public @Nullable Duration getMaxAge() {
			return this.maxAge;
		}

		public void setMaxAge(@Nullable Duration maxAge) {
			this.maxAge = maxAge;
		}

	}

	/**
	 * When pools are not healthy.
	 */
	public static class Health {

		static final Keys<Health> KEYS = new Keys<Health>().add("exhausted-for", Values::longTime,
				Health::setExhaustedFor);

		/**
		 * Time for which a pool may be exhausted before the health indicator is down.
		 */
		private Duration exhaustedFor = Duration.ofSeconds(10);

		public Duration getExhaustedFor() {
			return this.exhaustedFor;
		}

		public void setExhaustedFor(Duration exhaustedFor) {
			this.exhaustedFor = exhaustedFor;
		}

	}

	/**
	 * Memory that lives as long as a servlet request.
	 */
	public static class Request {

		static final Keys<Request> KEYS = new Keys<Request>().add("enabled", Values::flag, Request::setEnabled)
			.add("pool", Values::name, Request::setPool)
			.add("limit", Values::size, Request::setLimit)
			.add("quota", Values::size, Request::setQuota)
			.add("max-body-size", Values::size, Request::setMaxBodySize)
			.add("filter-order", Values::count, Request::setFilterOrder)
			.add("report-unreleased", Values::flag, Request::setReportUnreleased)
			.add("etag", Values::flag, Request::setEtag)
			.addGroup("slices", Slices.KEYS, Request::getSlices);

		/**
		 * Whether to give back what a request acquired when it ends.
		 */
		private boolean enabled = true;

		/**
		 * Name of the pool that requests use.
		 */
		private String pool = "default";

		/**
		 * Maximum memory that one request may hold. Not limited if not set.
		 */
		private @Nullable DataSize limit;

		/**
		 * Maximum memory that all requests of one client may hold together, or all with
		 * the same key. Not limited if not set.
		 */
		private @Nullable DataSize quota;

		/**
		 * Maximum size of a body that is read into one buffer. 10 MiB if not set.
		 */
		private @Nullable DataSize maxBodySize;

		/**
		 * Order of the filter, within which requests may acquire buffers, on either web
		 * stack.
		 */
		private int filterOrder = Ordered.HIGHEST_PRECEDENCE + 10;

		/**
		 * Whether to report what requests left to be released at their end.
		 */
		private boolean reportUnreleased;

		/**
		 * Whether answers of Spring MVC that are pooled buffers get an ETag of their
		 * content.
		 */
		private boolean etag;

		/**
		 * Slices that a request carves.
		 */
		private final Slices slices = new Slices();

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public String getPool() {
			return this.pool;
		}

		public void setPool(String pool) {
			this.pool = pool;
		}

		public @Nullable DataSize getLimit() {
			return this.limit;
		}

		public void setLimit(@Nullable DataSize limit) {
			this.limit = limit;
		}

		public @Nullable DataSize getQuota() {
			return this.quota;
		}

		public void setQuota(@Nullable DataSize quota) {
			this.quota = quota;
		}

		public @Nullable DataSize getMaxBodySize() {
			return this.maxBodySize;
		}

		public void setMaxBodySize(@Nullable DataSize maxBodySize) {
			this.maxBodySize = maxBodySize;
		}

		public int getFilterOrder() {
			return this.filterOrder;
		}

		public void setFilterOrder(int filterOrder) {
			this.filterOrder = filterOrder;
		}

		public boolean isReportUnreleased() {
			return this.reportUnreleased;
		}

		public void setReportUnreleased(boolean reportUnreleased) {
			this.reportUnreleased = reportUnreleased;
		}

		public boolean isEtag() {
			return this.etag;
		}

		public void setEtag(boolean etag) {
			this.etag = etag;
		}

		public Slices getSlices() {
			return this.slices;
		}

	}

	/**
	 * Slices that a request carves.
	 */
	public static class Slices {

		static final Keys<Slices> KEYS = new Keys<Slices>().add("reserve", Values::size, Slices::setReserve)
			.add("area-size", Values::size, Slices::setAreaSize);

		/**
		 * Number of free bytes in front of each slice, for a header. None if not set.
		 */
		private @Nullable DataSize reserve;

		/**
		 * Size of the areas that slices are carved from. 64 KiB if not set, or the tier
		 * that is next to that.
		 */
		private @Nullable DataSize areaSize;

		public @Nullable DataSize getReserve() {
			return this.reserve;
		}

		public void setReserve(@Nullable DataSize reserve) {
			this.reserve = reserve;
		}

		public @Nullable DataSize getAreaSize() {
			return this.areaSize;
		}

		public void setAreaSize(@Nullable DataSize areaSize) {
			this.areaSize = areaSize;
		}

	}

	/**
	 * Answers that HTTP clients read into pooled memory.
	 */
	public static class Clients {

		static final Keys<Clients> KEYS = new Keys<Clients>().add("enabled", Values::flag, Clients::setEnabled)
			.add("pool", Values::name, Clients::setPool)
			.add("max-body-size", Values::size, Clients::setMaxBodySize);

		/**
		 * Whether HTTP clients read and write pooled buffers.
		 */
		private boolean enabled = true;

		/**
		 * Name of the pool that answers are read into.
		 */
		private String pool = "default";

		/**
		 * Maximum size of an answer that is read into one buffer. 10 MiB if not set.
		 */
		private @Nullable DataSize maxBodySize;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public String getPool() {
			return this.pool;
		}

		public void setPool(String pool) {
			this.pool = pool;
		}

		public @Nullable DataSize getMaxBodySize() {
			return this.maxBodySize;
		}

		public void setMaxBodySize(@Nullable DataSize maxBodySize) {
			this.maxBodySize = maxBodySize;
		}

	}

	/**
	 * Memory for the input and output of Jetty.
	 */
	public static class Jetty {

		static final Keys<Jetty> KEYS = new Keys<Jetty>().add("enabled", Values::flag, Jetty::setEnabled);

		/**
		 * Whether the connectors of Jetty take their memory from the pools 'jetty-heap'
		 * and 'jetty-direct'.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * How scopes reach other threads.
	 */
	public static class Propagation {

		static final Keys<Propagation> KEYS = new Keys<Propagation>().add("enabled", Values::flag,
				Propagation::setEnabled);

		/**
		 * Whether Micrometer's context propagation carries the scope of a thread to
		 * others.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

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
		 * unless another is set, and no larger buffers. A maximum number of them is
		 * required.
		 */
		BLOCKS,

		/**
		 * Multiples of the minimum size up to the maximum size, from 4 KiB to 64 KiB
		 * unless they are set. At most 256 tiers.
		 */
		MULTIPLES

	}

}
