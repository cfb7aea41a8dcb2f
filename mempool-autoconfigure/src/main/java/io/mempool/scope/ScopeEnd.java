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

package io.mempool.scope;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

import io.mempool.core.Lease;
import io.mempool.core.UnitOfWork;
import io.mempool.engine.OwnedLease;
import io.mempool.engine.QuietLog;
import io.mempool.engine.Unreleased;
import org.jspecify.annotations.Nullable;

/**
 * The end of a scope: each lease is given up, whatever fails on the way. It has no state,
 * so that a request creates no object for its end.
 */
final class ScopeEnd {

	private ScopeEnd() {
	}

	/**
	 * Give up all leases, newest first, and remove each that was given up.
	 * @param items what {@link ScopeItems#end} returned
	 * @param inDoubt whether to discard instead of to release
	 * @param work names the unit of work, {@code null} if it has no name
	 * @param reportsUnreleased whether to report what was left to release
	 * @return the first failure, with all others; {@code null} if no lease is left
	 */
	static @Nullable Throwable giveUp(@Nullable Object[] items, boolean inDoubt,
			@Nullable Supplier<@Nullable UnitOfWork> work, boolean reportsUnreleased) {
		boolean reports = reportsUnreleased;
		Unreleased unreleased = null;
		Throwable failure = null;
		for (int i = items.length - 1; i >= 0; i--) {
			try {
				Lease item = ScopeItems.at(items, i);
				if (item == null) {
					continue;
				}
				OwnedLease lease = OwnedLease.of(item);
				if (reports) {
					try {
						unreleased = (unreleased != null) ? unreleased : new Unreleased();
						lease.addTo(unreleased, lease.size());
					}
					catch (Throwable ex) {
						reports = false;
					}
				}
				boolean alive = lease.isAlive();
				giveUp(lease, inDoubt);
				ScopeItems.leave(items, i);
				if (alive) {
					lease.endedWithWork();
				}
			}
			catch (Throwable ex) {
				failure = join(failure, ex);
			}
		}
		if (unreleased != null) {
			report(unreleased, work);
		}
		return failure;
	}

	private static void giveUp(OwnedLease lease, boolean inDoubt) {
		if (inDoubt) {
			lease.abandon();
		}
		else {
			lease.close();
		}
	}

	/**
	 * Add a failure to an earlier one. Throws nothing, also if both are one object.
	 * @param first the earlier failure, {@code null} if there is none
	 * @return the first failure
	 */
	@SuppressWarnings("ReferenceEquality")
	static Throwable join(@Nullable Throwable first, Throwable next) {
		if (first == null) {
			return next;
		}
		if (first != next) {
			try {
				first.addSuppressed(next);
			}
			catch (Throwable ex) {
				// The first failure has to do
			}
		}
		return first;
	}

	private static void report(Unreleased unreleased, @Nullable Supplier<@Nullable UnitOfWork> work) {
		try {
			unreleased.report(work);
		}
		catch (Throwable ex) {
			QuietLog.log(ScopeEnd.class, Level.WARNING, "Failed to report what a scope had left to release", ex);
		}
	}

}
