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

import java.util.function.Supplier;

import io.mempool.core.Lease;
import io.mempool.core.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A lease as a unit of work sees it that owns the lease and ends.
 */
public interface OwnedLease extends Lease {

	/**
	 * Name the unit of work that the lease belongs to, should a leak have to be named.
	 * @param work supplies the unit of work
	 */
	void assign(Supplier<@Nullable UnitOfWork> work);

	/**
	 * Discard unless the lease was released before. A release that comes first is no
	 * mistake and not counted.
	 */
	void abandon();

	/**
	 * Remember that the lease was given up because the unit of work that owned it ended.
	 * Has no effect on a lease that is alive.
	 */
	void endedWithWork();

	/**
	 * Add the lease to what a unit of work left to release, if it is alive.
	 * @param unreleased the sum to add to
	 * @param size what the lease counts for, in bytes
	 */
	void addTo(Unreleased unreleased, int size);

	/**
	 * Return a lease as its owner sees it.
	 * @param lease any lease, also one that no pool of ours made
	 * @return the same lease, or a view of it
	 */
	static OwnedLease of(Lease lease) {
		return (lease instanceof OwnedLease owned) ? owned : new ForeignLease(lease);
	}

}
