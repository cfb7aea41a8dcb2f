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

package io.mempool.pressure;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.engine.Housekeeping;
import io.mempool.engine.QuietLog;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the log and to listeners what pools gave back: the first time at once, then
 * at most once a second. The thread that gives memory back calls none of them.
 */
final class ReliefReports {

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private final int heapAbove;

	private final List<HeapReliefListener> listeners = new CopyOnWriteArrayList<>();

	@GuardedBy("this")
	private final Map<String, HeapRelief> unreported = new LinkedHashMap<>();

	// While it is there, it reports what is added
	@GuardedBy("this")
	private Housekeeping.@Nullable Task task;

	/**
	 * Create reports.
	 * @param heapAbove the threshold in percent
	 */
	ReliefReports(int heapAbove) {
		this.heapAbove = heapAbove;
	}

	void add(HeapReliefListener listener) {
		this.listeners.add(listener);
	}

	void add(HeapRelief relief) {
		synchronized (this) {
			this.unreported.merge(relief.pool(), relief, (before, now) -> now.plus(before));
			if (this.task != null) {
				return;
			}
			this.task = Housekeeping.every(PERIOD, this, ReliefReports::reportMore);
		}
		Housekeeping.once(this, ReliefReports::report);
	}

	/**
	 * Report nothing, so that no report is the first use of all this.
	 */
	void rehearse() {
		Housekeeping.once(this, ReliefReports::report);
	}

	private void reportMore() {
		synchronized (this) {
			if (this.unreported.isEmpty()) {
				if (this.task != null) {
					this.task.cancel();
				}
				this.task = null;
				return;
			}
		}
		report();
	}

	private void report() {
		List<HeapRelief> reliefs;
		synchronized (this) {
			reliefs = List.copyOf(this.unreported.values());
			this.unreported.clear();
		}
		for (HeapRelief relief : reliefs) {
			QuietLog.log(HeapPressure.class, Level.INFO, message(relief), null);
			this.listeners.forEach((listener) -> call(listener, relief));
		}
	}

	private String message(HeapRelief relief) {
		String given = (relief.objects() > 0) ? relief.objects() + " idle objects" : relief.bytes() + " idle bytes";
		return "Pool '" + relief.pool() + "' gave " + given + " back: " + relief.heapAfterCollection()
				+ " bytes of the heap were used after a collection, over the threshold of " + this.heapAbove + " %, "
				+ relief.threshold() + " bytes. Raise the maximum heap if this goes on";
	}

	private static void call(HeapReliefListener listener, HeapRelief relief) {
		try {
			listener.relieved(relief);
		}
		catch (Throwable ex) {
			QuietLog.log(HeapPressure.class, Level.WARNING,
					"A listener of what pool '" + relief.pool() + "' gave back failed", ex);
		}
	}

	/**
	 * Forget the listeners, which may hold what has ended.
	 */
	void close() {
		this.listeners.clear();
	}

}
