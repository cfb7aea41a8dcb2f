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

package io.mempool.test;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.mempool.core.OpenLease;
import org.jspecify.annotations.Nullable;

/**
 * Compares the open leases of pools before and after a test. By their numbers, not by
 * their count: a lease that one test left behind is no mistake of the next one, and does
 * not hide another.
 */
final class LeaseCheck {

	/**
	 * How long to wait for leases that end after a test, unless it is set.
	 */
	static final Duration TIMEOUT = Duration.ofSeconds(2);

	// Sooner than a test notices, and with little to do for a context of many pools
	private static final long PAUSE_IN_MILLISECONDS = 5;

	private static final int MAXIMUM_SHOWN = 10;

	private final Map<CheckedPool, Figures> before = new HashMap<>();

	/**
	 * Begin a check.
	 * @param pools the pools that exist before the test
	 */
	LeaseCheck(Collection<CheckedPool> pools) {
		pools.forEach((pool) -> this.before.put(pool, Figures.of(pool)));
	}

	/**
	 * End a check: wait until the leases that began since are closed.
	 * @param pools the pools that exist after the test
	 * @param timeout how long to wait
	 * @param test names the test
	 * @throws AssertionError if a lease is still open then
	 */
	void end(Collection<CheckedPool> pools, Duration timeout, String test) throws InterruptedException {
		Set<CheckedPool> all = new LinkedHashSet<>(this.before.keySet());
		all.addAll(pools);
		long start = System.nanoTime();
		Left left = new Left(all);
		while (!left.isEmpty() && System.nanoTime() - start < timeout.toNanos()) {
			Thread.sleep(PAUSE_IN_MILLISECONDS);
			left = new Left(all);
		}
		if (!left.isEmpty()) {
			throw new AssertionError(left.describe(timeout, test));
		}
	}

	/**
	 * What a test has left behind.
	 */
	private final class Left {

		// By number: what wraps a pool lists the same leases
		private final Map<Long, OpenLease> open = new TreeMap<>();

		// Of leases that cannot be shown, by pool
		private final Map<String, String> hints = new TreeMap<>();

		private long hidden;

		Left(Collection<CheckedPool> pools) {
			pools.forEach(this::add);
		}

		private void add(CheckedPool pool) {
			Figures before = LeaseCheck.this.before.getOrDefault(pool, Figures.NONE);
			Figures after = Figures.of(pool);
			List<OpenLease> listed = after.open();
			if (listed != null) {
				Set<Long> known = before.numbers();
				listed.stream()
					.filter((lease) -> !known.contains(lease.number()))
					.forEach((lease) -> this.open.put(lease.number(), lease));
				known.removeAll(after.numbers());
				// A lease of another test may have been lost in this one
				addHidden(after.leaked() - before.leaked() - known.size(), pool,
						"was lost without a release, and collected: see the leak report in the log");
			}
			else {
				addHidden(after.leased() + after.leaked() - before.leased() - before.leaked(), pool,
						"is not listed by its pool: set leakDetection(LeakDetection.PARANOID) on the builder of the "
								+ "pool to see where it was acquired");
			}
		}

		private void addHidden(long leases, CheckedPool pool, String hint) {
			if (leases > 0) {
				this.hidden += leases;
				this.hints.put(pool.name(), ((leases == 1) ? "A lease" : "Each of " + leases + " leases") + " of pool '"
						+ pool.name() + "' " + hint);
			}
		}

		boolean isEmpty() {
			return this.open.isEmpty() && this.hidden == 0;
		}

		String describe(Duration timeout, String test) {
			long count = this.open.size() + this.hidden;
			String summary = "%s left %s behind, still open %s ms after the test. Release what is acquired, best with "
				.formatted(test, (count == 1) ? "a lease" : count + " leases", timeout.toMillis())
					+ "try-with-resources or through a scope:";
			Stream<String> leases = this.open.values().stream().limit(MAXIMUM_SHOWN).map(OpenLease::describe);
			Stream<String> more = (this.open.size() > MAXIMUM_SHOWN)
					? Stream.of("and " + (this.open.size() - MAXIMUM_SHOWN) + " more") : Stream.empty();
			return Stream.of(Stream.of(summary), leases, more, this.hints.values().stream())
				.flatMap((lines) -> lines)
				.collect(Collectors.joining(System.lineSeparator()));
		}

	}

	/**
	 * The figures of a pool at one moment.
	 */
	private record Figures(@Nullable List<OpenLease> open, long leased, long leaked) {

		static final Figures NONE = new Figures(List.of(), 0, 0);

		static Figures of(CheckedPool pool) {
			return new Figures(pool.openLeases(), pool.leased(), pool.leaked());
		}

		Set<Long> numbers() {
			return (this.open != null)
					? this.open.stream().map(OpenLease::number).collect(Collectors.toCollection(LinkedHashSet::new))
					: new LinkedHashSet<>();
		}

	}

}
