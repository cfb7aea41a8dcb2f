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

package io.mempool.engine;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.mempool.core.DiscardReason;
import io.mempool.core.Leak;
import io.mempool.core.PoolListener;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a pool. Threads that refuse a request, find a leak or trim only add to
 * a sum here, and that only if there is a listener. Housekeeping reports the sum: the
 * first at once, and then at most one a second. A failure here is logged, and is none of
 * the calling thread, which has other work to finish.
 */
public final class PoolListeners {

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final Consumer<PoolListeners> REPORT = PoolListeners::report;

	private static final Consumer<PoolListeners> REPORT_MORE = PoolListeners::reportMore;

	// A listener that blocks must not make leaks fill the heap
	private static final int MAXIMUM_LEAKS = 100;

	private final String pool;

	private final Unit unit;

	// Made in advance: a thread that is out of memory logs it
	private final String failure;

	private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();

	// Nothing blocks under the monitor
	@GuardedBy("this")
	private long refusals;

	@GuardedBy("this")
	private long refusedSize;

	@GuardedBy("this")
	private final Map<DiscardReason, Long> trimmed = new EnumMap<>(DiscardReason.class);

	@GuardedBy("this")
	private final Deque<Leak> leaks = new ArrayDeque<>();

	// While it is there, it reports what is added
	@GuardedBy("this")
	private Housekeeping.@Nullable Task reports;

	PoolListeners(String pool, Unit unit) {
		this.pool = pool;
		this.unit = unit;
		this.failure = "Failed to call the listeners of pool '" + pool + "'";
	}

	/**
	 * Add a listener.
	 * @param listener what to call, held until it is removed
	 */
	public void add(PoolListener listener) {
		// Not when the first refusal is reported: it may be for want of memory
		Housekeeping.prepare();
		this.listeners.add(listener);
	}

	/**
	 * Remove a listener. A call may still be running.
	 * @param listener the listener
	 */
	public void remove(PoolListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return whether there is no listener.
	 */
	boolean isEmpty() {
		return this.listeners.isEmpty();
	}

	/**
	 * A request was refused. No lock of a pool or budget held.
	 * @param size the requested size
	 */
	void refused(int size) {
		if (isEmpty()) {
			return;
		}
		try {
			synchronized (this) {
				this.refusals++;
				this.refusedSize = Math.max(this.refusedSize, (this.unit == Unit.BYTES) ? size : 0);
			}
			reportSoon();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * A leak was found. No lock held.
	 */
	void leaked(Leak leak) {
		if (isEmpty()) {
			return;
		}
		try {
			synchronized (this) {
				if (this.leaks.size() < MAXIMUM_LEAKS) {
					this.leaks.add(leak);
				}
			}
			reportSoon();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * Idle blocks were discarded. No lock held.
	 */
	void trimmed(DiscardReason reason, long bytes) {
		if (isEmpty()) {
			return;
		}
		try {
			synchronized (this) {
				this.trimmed.merge(reason, bytes, Long::sum);
			}
			reportSoon();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void reportSoon() {
		synchronized (this) {
			if (this.reports != null) {
				return;
			}
			this.reports = Housekeeping.every(PERIOD, this, REPORT_MORE);
		}
		Housekeeping.once(this, REPORT);
	}

	private void reportMore() {
		synchronized (this) {
			if (this.refusals == 0 && this.trimmed.isEmpty() && this.leaks.isEmpty()) {
				if (this.reports != null) {
					this.reports.cancel();
				}
				this.reports = null;
				return;
			}
		}
		report();
	}

	private void report() {
		long refusals;
		long size;
		Map<DiscardReason, Long> trimmed;
		List<Leak> leaks;
		synchronized (this) {
			refusals = this.refusals;
			size = this.refusedSize;
			trimmed = this.trimmed.isEmpty() ? Map.of() : new EnumMap<>(this.trimmed);
			leaks = List.copyOf(this.leaks);
			this.refusals = 0;
			this.refusedSize = 0;
			this.trimmed.clear();
			this.leaks.clear();
		}
		if (refusals > 0) {
			call((listener) -> listener.exhausted(this.pool, refusals, size));
		}
		leaks.forEach((leak) -> call((listener) -> listener.leaked(leak)));
		trimmed.forEach((reason, bytes) -> call((listener) -> listener.trimmed(this.pool, reason, bytes)));
	}

	private void failed(Throwable ex) {
		QuietLog.log(PoolListeners.class, Level.WARNING, this.failure, ex);
	}

	private void call(Consumer<PoolListener> call) {
		for (PoolListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				QuietLog.log(PoolListeners.class, Level.WARNING, "A listener of pool '" + this.pool + "' failed", ex);
			}
		}
	}

}
