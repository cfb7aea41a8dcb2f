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

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.core.Leak;
import io.mempool.core.LeakKind;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The leaks of one pool by their sites.
 */
final class LeakSites {

	private final int maximum;

	// The site that was seen last comes last. Nothing blocks under the monitor
	@GuardedBy("this")
	private final Map<Site, LeakReport> reports = new LinkedHashMap<>();

	@GuardedBy("this")
	private final Map<LeakKind, Long> counts = new EnumMap<>(LeakKind.class);

	@GuardedBy("this")
	private long forgotten;

	LeakSites(int maximum) {
		this.maximum = maximum;
	}

	/**
	 * Add a leak to its site.
	 * @return whether the site is new
	 */
	boolean add(Leak leak) {
		UnitOfWork work = leak.work();
		String name = (work != null) ? work.name() : null;
		String id = (work != null) ? work.id() : null;
		return merge(Site.of(leak, name), leak, name, id);
	}

	private synchronized boolean merge(Site site, Leak leak, @Nullable String work, @Nullable String workId) {
		this.counts.merge(leak.kind(), (long) leak.leases(), Long::sum);
		Instant now = Instant.now();
		LeakReport before = this.reports.remove(site);
		long count = leak.leases() + ((before != null) ? before.count() : 0);
		Instant firstSeen = (before != null) ? before.firstSeen() : now;
		this.reports.put(site, new LeakReport(leak.kind(), leak.pool(), leak.size(), leak.age(), work, workId,
				leak.thread(), leak.stack(), count, firstSeen, now));
		if (this.reports.size() > this.maximum) {
			Iterator<Site> oldest = this.reports.keySet().iterator();
			oldest.next();
			oldest.remove();
			this.forgotten++;
		}
		return before == null;
	}

	synchronized List<LeakReport> reports() {
		List<LeakReport> reports = new ArrayList<>(this.reports.values());
		Collections.reverse(reports);
		return reports;
	}

	synchronized Map<LeakKind, Long> counts() {
		return Map.copyOf(this.counts);
	}

	synchronized long forgotten() {
		return this.forgotten;
	}

	/**
	 * What leaks have in common that count as one: the kind, and the code or else the
	 * work, or else the kind of thread.
	 */
	private record Site(LeakKind kind, @Nullable String work, @Nullable Object origin) {

		static Site of(Leak leak, @Nullable String work) {
			if (!leak.stack().isEmpty()) {
				return new Site(leak.kind(), work, leak.stack().get(0));
			}
			String thread = leak.thread();
			// The threads of an executor differ in a number
			return new Site(leak.kind(), work,
					(work != null || thread == null) ? null : thread.replaceAll("\\d+", "#"));
		}

	}

}
