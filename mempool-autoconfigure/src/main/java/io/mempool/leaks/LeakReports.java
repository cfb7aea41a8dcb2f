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

package io.mempool.leaks;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.LeakListener;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.QuietLog;
import org.jspecify.annotations.Nullable;

/**
 * Collects the leaks of any number of pools, whose builders are given it as their
 * listener. Each site is listed once, with a count, and logged once: as a warning, or
 * where a scope released what its unit of work had left, for information. Reporters may
 * take the place of the log.
 * <p>
 * Safe for use by several threads. Bounded: it keeps {@value #MAXIMUM_SITES} sites per
 * pool, and forgets the one that was seen least recently for another.
 *
 * @since 0.1.0
 */
public final class LeakReports implements LeakListener {

	/**
	 * How many sites of a pool are kept.
	 */
	public static final int MAXIMUM_SITES = 100;

	private final Supplier<@Nullable UnitOfWork> currentWork;

	private final Supplier<? extends Collection<? extends LeakListener>> reporters;

	private final Map<String, LeakSites> pools = new ConcurrentHashMap<>();

	/**
	 * Create a collector that does not know what threads are working on.
	 */
	public LeakReports() {
		this(() -> null);
	}

	/**
	 * Create a collector.
	 * @param currentWork names what the calling thread is working on, {@code null} if
	 * unknown
	 */
	public LeakReports(Supplier<@Nullable UnitOfWork> currentWork) {
		this(currentWork, List::of);
	}

	/**
	 * Create a collector that others report for.
	 * @param currentWork names what the calling thread is working on, {@code null} if
	 * unknown
	 * @param reporters supplies what reports each leak in place of the log, which reports
	 * the first of each site; called at each leak. The log reports if there is none
	 */
	public LeakReports(Supplier<@Nullable UnitOfWork> currentWork,
			Supplier<? extends Collection<? extends LeakListener>> reporters) {
		this.currentWork = currentWork;
		this.reporters = reporters;
	}

	@Override
	public @Nullable UnitOfWork currentWork() {
		return this.currentWork.get();
	}

	@Override
	public void leaked(Leak leak) {
		boolean first = this.pools.computeIfAbsent(leak.pool(), (pool) -> new LeakSites(MAXIMUM_SITES)).add(leak);
		Collection<? extends LeakListener> reporters = this.reporters.get();
		if (reporters.isEmpty() && first) {
			QuietLog.log(LeakReports.class, (leak.kind() == LeakKind.SCOPE) ? Level.INFO : Level.WARNING,
					leak.describe(), null);
		}
		reporters.forEach((reporter) -> report(reporter, leak));
	}

	private static void report(LeakListener reporter, Leak leak) {
		try {
			reporter.leaked(leak);
		}
		catch (Throwable ex) {
			QuietLog.log(LeakReports.class, Level.WARNING, "Failed to report a leak: " + leak.describe(), ex);
		}
	}

	/**
	 * Return the leaks of a pool.
	 * @param pool the name of the pool
	 * @return its sites, the one seen last first; empty if there was no leak
	 */
	public List<LeakReport> of(String pool) {
		LeakSites sites = this.pools.get(pool);
		return (sites != null) ? sites.reports() : List.of();
	}

	/**
	 * Count the leaks of a pool that were reported, those of forgotten sites included.
	 * @param pool the name of the pool
	 * @return the number of leases by kind; kinds that never occurred are absent
	 */
	public Map<LeakKind, Long> counts(String pool) {
		LeakSites sites = this.pools.get(pool);
		return (sites != null) ? sites.counts() : Map.of();
	}

	/**
	 * Count the sites of a pool that were forgotten for others.
	 * @param pool the name of the pool
	 * @return the number of sites
	 */
	public long forgotten(String pool) {
		LeakSites sites = this.pools.get(pool);
		return (sites != null) ? sites.forgotten() : 0;
	}

}
