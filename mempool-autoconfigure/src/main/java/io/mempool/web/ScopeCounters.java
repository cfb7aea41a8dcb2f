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

package io.mempool.web;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.mempool.scope.ScopeStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Counts scopes as they are opened and as they end. A request without a scope is not
 * counted, and pays nothing.
 * <p>
 * A scope that a filter ends cannot be lost. A scope can be lost if a container has to
 * report its end. Such a scope is guarded, and no longer counts as open once it was
 * collected.
 *
 * @since 0.1.0
 */
public final class ScopeCounters {

	private final LongAdder opened = new LongAdder();

	private final LongAdder released = new LongAdder();

	private final LongAdder inDoubt = new LongAdder();

	private final Set<Guard> guards = ConcurrentHashMap.newKeySet();

	private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

	/**
	 * Count a scope as open.
	 */
	public void open() {
		this.opened.increment();
	}

	/**
	 * Notice if a scope is lost.
	 * @param scope the scope, or its only owner
	 * @return its guard, to be passed to {@link #end}
	 */
	public Guard guard(Object scope) {
		countLost();
		Guard guard = new Guard(scope, this.collected);
		this.guards.add(guard);
		return guard;
	}

	/**
	 * Count the end of a scope.
	 * @param inDoubt whether what it held may still be in use
	 * @param guard its guard, {@code null} if it has none
	 */
	public void end(boolean inDoubt, @Nullable Guard guard) {
		if (guard != null) {
			this.guards.remove(guard);
			guard.clear();
		}
		(inDoubt ? this.inDoubt : this.released).increment();
	}

	// The memory of a lost scope is not lent again, as of one that ended in doubt
	private void countLost() {
		for (;;) {
			Reference<?> lost = this.collected.poll();
			if (lost == null) {
				return;
			}
			if (this.guards.remove(lost)) {
				this.inDoubt.increment();
			}
		}
	}

	/**
	 * Return how many scopes ended, and how many are open.
	 * @return the counts, read at once
	 */
	public ScopeStatistics statistics() {
		countLost();
		// The ended first: each of them was opened before, so that no sum is below theirs
		long released = this.released.sum();
		long inDoubt = this.inDoubt.sum();
		return new ScopeStatistics(released, inDoubt, this.opened.sum() - released - inDoubt);
	}

	/**
	 * Tells that a scope was collected before its end. Its memory counts as leaked then.
	 */
	public static final class Guard extends PhantomReference<Object> {

		private Guard(Object scope, ReferenceQueue<Object> queue) {
			super(scope, queue);
		}

	}

}
