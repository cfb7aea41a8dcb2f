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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the leases that a unit of work left to its scope, and reports them to the
 * pools' listeners. For use by one thread.
 */
public final class Unreleased {

	private final Map<Listener, Sum> sums = new LinkedHashMap<>();

	/**
	 * Add a lease that is open.
	 * @param listener hears of all that is added for it, in one call
	 * @param size the requested size in bytes, {@code 0} for an object
	 */
	void add(Listener listener, int size) {
		this.sums.merge(listener, new Sum(1, size), Sum::plus);
	}

	/**
	 * Report the added leases.
	 * @param work names the unit of work, {@code null} if it has no name
	 */
	public void report(@Nullable Supplier<@Nullable UnitOfWork> work) {
		if (!this.sums.isEmpty()) {
			UnitOfWork name = (work != null) ? WorkNames.nameOf(work) : null;
			this.sums.forEach((listener, sum) -> listener.unreleased(sum.leases, sum.size, name));
		}
	}

	/**
	 * Learns what a unit of work left to release of one pool.
	 */
	interface Listener {

		void unreleased(int leases, long size, @Nullable UnitOfWork work);

	}

	private record Sum(int leases, long size) {

		Sum plus(Sum other) {
			return new Sum(this.leases + other.leases, this.size + other.size);
		}

	}

}
